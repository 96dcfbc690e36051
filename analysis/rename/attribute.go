package rename

import (
	"fmt"
	"slices"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// Attribute renames an attribute of a set that a `let` binds, if each use of the set selects
// something that is written out: then nobody else can know the attribute by its name. The
// error says who may, or with what the new name would collide.
func Attribute(f *repo.File, names *scope.Names, a symbol.LocalAttribute, name string) ([]diagnostic.Edit, error) {
	old := a.Path[len(a.Path)-1]
	if !a.IsPrivate {
		return nil, errOthers(old)
	}
	if len(a.Unsure) > 0 {
		at := a.Unsure[0].Span
		line := parser.NewLines(f.Text).Line(at.Start) + 1
		return nil, fmt.Errorf("`%s` may be known by its name to who gets `%s` in line %d", old, f.Text[at.Start:at.End], line)
	}
	if len(a.Beside(name).Places) > 0 {
		return nil, fmt.Errorf("there is a `%s` beside `%s` already", name, old)
	}
	var edits, trial []diagnostic.Edit
	for _, place := range a.Places {
		n := f.Tree.NodeCovering(place.Span)
		e := diagnostic.Edit{File: f.Path, Span: place.Span, Text: name}
		if !n.Parent().Is(parser.KindInherit) {
			edits, trial = append(edits, e), append(trial, e)
			continue
		}
		in, own, there := parser.Inherit{Node: n.Parent()}, n.Text(), name
		if slices.Contains(a.Defined, place) {
			if names.DefinitionAt(n) != scope.None {
				return nil, fmt.Errorf("`%s` is inherited by its name in a recursive set: write a binding in place of that first", old)
			}
			own, there = name, n.Text()
		}
		binding := own + " = " + there + ";"
		if in.From().IsValid() {
			binding = inheritedAs(in, own, there)
		} else if own == n.Text() { // a use of a variable, which the trial has to rename too
			trial = append(trial, diagnostic.Edit{File: f.Path, Span: n.Span(), Text: "; " + binding + " inherit "})
		}
		out, ok := takeOut(f.Path, in, n, binding)
		if !ok {
			return nil, fmt.Errorf("`%s` is inherited beside a comment: write a binding in place of that first", old)
		}
		edits = append(edits, out...)
	}
	return edits, keepsMeaning(f, names, trial, name)
}
