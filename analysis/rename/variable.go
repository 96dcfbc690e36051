package rename

import (
	"errors"
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// ErrChanged is the error for a state of the repository that does not fit its texts.
var ErrChanged = errors.New("the file has changed meanwhile")

// Variable renames a definition of a file and its uses. The error says with what the new name
// would collide.
func Variable(f *repo.File, names *scope.Names, sym symbol.Symbol, name string) ([]diagnostic.Edit, error) {
	def := names.Definitions()[sym.Def]
	if names.Scopes()[def.Scope].Kind == scope.Rec {
		if a, ok := symbol.LocalAttributeAt(f, names, f.Tree.Node(def.Node).Span().Start); ok {
			return Attribute(f, names, a, name)
		}
	}
	if def.Kind == scope.Formal {
		return nil, fmt.Errorf("`%s` is an argument that those who call the function give by its name", sym.Name)
	}
	if other := names.Lookup(def.Scope, name); other != scope.None {
		if names.Definitions()[other].Scope == def.Scope {
			return nil, fmt.Errorf("`%s` is defined here already", name)
		}
	}
	var edits, trial []diagnostic.Edit
	for _, place := range symbol.Variables(f, names, sym.Def, true) {
		n := f.Tree.NodeCovering(place.Span)
		if !n.Parent().Is(parser.KindInherit) {
			e := diagnostic.Edit{File: f.Path, Span: place.Span, Text: name}
			edits, trial = append(edits, e), append(trial, e)
			continue
		}
		in := parser.Inherit{Node: n.Parent()}
		own, there := n.Text(), name
		if names.DefinitionAt(n) == sym.Def {
			own, there = name, n.Text()
			if names.Scopes()[def.Scope].Kind != scope.Let {
				return nil, errOthers(sym.Name)
			}
		}
		// In the trial all names are bound in the order in which they were.
		binding, kept := own+" = "+there+";", diagnostic.Edit{File: f.Path, Span: n.Span(), Text: "; " + own + " = " + there + "; inherit "}
		if in.From().IsValid() {
			binding, kept.Text = inheritedAs(in, own, there), own
		}
		out, ok := takeOut(f.Path, in, n, binding)
		if !ok {
			return nil, fmt.Errorf("`%s` is inherited beside a comment: write a binding in place of that first", sym.Name)
		}
		edits = append(edits, out...)
		trial = append(trial, kept)
	}
	return edits, keepsMeaning(f, names, trial, name)
}

// errOthers is the error for an attribute of a set to which others may come.
func errOthers(name string) error {
	return fmt.Errorf("`%s` is an attribute that others may know by its name", name)
}

// keepsMeaning resolves a file again with a new name: each use must still mean what it meant,
// and none may be caught by something between.
func keepsMeaning(f *repo.File, names *scope.Names, trial []diagnostic.Edit, name string) error {
	after, err := diagnostic.Apply(f.Text, trial)
	if err != nil {
		return err
	}
	again := scope.Resolve(parser.Parse(after))
	if len(again.Uses()) != len(names.Uses()) {
		return ErrChanged
	}
	for i, use := range names.Uses() {
		if now := again.Uses()[i]; now.Def != use.Def || now.Target != use.Target {
			return fmt.Errorf("`%s` would mean something else at `%s`", name, f.Tree.Node(use.Node).Parent().Text())
		}
	}
	return nil
}
