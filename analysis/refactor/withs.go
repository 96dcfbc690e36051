package refactor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// with returns the `with` that the selection is in the head of, and the uses that get
// their values from it. ok is false if they may come from elsewhere.
func (p *Place) with() (w parser.With, uses []parser.Node, ok bool) {
	n := p.around(parser.KindWith)
	if !n.IsValid() {
		return w, nil, false
	}
	w = parser.With{Node: n}
	if p.at != n && !w.Namespace().Span().Covers(p.at.Span()) || !w.Semicolon().IsValid() {
		return w, nil, false
	}
	id := p.Names.ScopeOf(n)
	if p.innermostWith(p.Names.Scopes()[id].Parent) != scope.None {
		return w, nil, false
	}
	for _, u := range p.Names.Uses() {
		if u.Target != scope.FromWith || !w.Body().Span().Covers(p.tree.Node(u.Node).Span()) {
			continue
		}
		if u.With != id {
			return w, nil, false // or from one further in
		}
		uses = append(uses, p.tree.Node(u.Node))
	}
	return w, uses, len(uses) > 0
}

// withDots turns `with a; b` into `a.b`.
func withDots(p *Place) []Action {
	w, uses, ok := p.with()
	if !ok {
		return nil
	}
	namespace := parser.Unparen(w.Namespace())
	prefix := namespace.Text()
	if precedence.Of(namespace) < precedence.Simple && !namespace.Is(parser.KindSelect) || namespace.Is(parser.KindSelect) && (parser.Select{Node: namespace}).Default().IsValid() {
		return nil
	}
	var edits []diagnostic.Edit
	for _, u := range uses {
		if !u.Is(parser.KindIdent) || !p.meansTheSame(namespace, u) {
			return nil
		}
		edits = append(edits, edit.Replace(u, prefix+"."+u.Text(), precedence.Select))
	}
	edits = append(edits, edit.Remove(p.tree.Source(), parser.Span{Start: w.Span().Start, End: w.Semicolon().Span().End}))
	return []Action{{Title: fmt.Sprintf("write `%s.` before each name instead of `with`", prefix), edits: edits}}
}

// withLet turns `with a; b` into `let inherit (a) b; in b`.
func withLet(p *Place) []Action {
	w, uses, ok := p.with()
	if !ok {
		return nil
	}
	var names []string
	for _, u := range uses {
		if name := u.Text(); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	// In the let the namespace would see the names.
	for n := range w.Namespace().Preorder() {
		if p.useAt(n) != scope.None && slices.Contains(names, n.Text()) {
			return nil
		}
	}
	span := parser.Span{Start: w.Span().Start, End: w.Semicolon().Span().End}
	text := fmt.Sprintf("let inherit (%s) %s; in", parser.Unparen(w.Namespace()).Text(), strings.Join(names, " "))
	return []Action{{Title: "name what is used in a `let` instead of `with`", edits: []diagnostic.Edit{edit.ReplaceSpan(p.tree.Source(), span, text)}}}
}

// recToLet turns `rec { a = 1; b = a; }` into a set that inherits from a `let`.
func recToLet(p *Place) []Action {
	n := p.around(parser.KindAttrSet)
	if !n.IsValid() || p.at != n && !p.at.Parent().Is(parser.KindAttrPath) {
		return nil
	}
	set := parser.AttrSet{Node: n}
	if !set.IsRec() || set.IsLegacyLet() || set.ChildCount() == 0 || !set.Open().IsValid() || !set.Close().IsValid() || p.Names.IsMerged(n) ||
		edit.CommentIn(p.tree, parser.Span{Start: n.Span().Start, End: set.Open().Span().End}) {
		return nil
	}
	var names []string
	add := func(name parser.Node) bool {
		if !name.Is(parser.KindName) || name.Text() == "__overrides" { // which has a meaning in rec
			return false
		}
		if text := name.Text(); !slices.Contains(names, text) {
			names = append(names, text)
		}
		return true
	}
	for entry := range set.Children() {
		switch entry.Kind() {
		case parser.KindBinding:
			if !add(parser.Binding{Node: entry}.Path().Child(0)) {
				return nil
			}
		case parser.KindInherit:
			for name := range (parser.Inherit{Node: entry}).Names() {
				if !add(name) {
					return nil
				}
			}
		default:
			return nil
		}
	}
	open, closing := "let", "in { inherit "+strings.Join(names, " ")+"; }"
	if precedence.Slot(n) > precedence.Any {
		open, closing = "("+open, closing+")"
	}
	src := p.tree.Source()
	return []Action{{
		Title: "turn `rec` into a `let`",
		edits: []diagnostic.Edit{
			edit.ReplaceSpan(src, parser.Span{Start: n.Span().Start, End: set.Open().Span().End}, open+" "),
			edit.ReplaceSpan(src, set.Close().Span(), closing),
		},
	}}
}
