package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var collapsibleLet = &Rule{
	Name:     "collapsible-let",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a `let` has nothing but another `let` as its body",
	Why: `The bindings of a ` + "`let`" + ` see each other in any order, so that one is enough. The rule is silent if a name is bound by both, or
if the bindings of the outer use a name that the inner binds: then they mean different things; and if a comment in front of the inner
` + "`let`" + ` sets the two apart.`,
	Bad:   "let\n  a = 1;\nin\nlet\n  b = a + 1;\nin\na + b\n",
	Good:  "let\n  a = 1;\n  b = a + 1;\nin\na + b\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindLet},
	Node: func(f *File, n parser.Node) {
		outer := parser.Let{Node: n}
		inner := parser.Let{Node: outer.Body()}
		if !inner.Is(parser.KindLet) || n.ChildCount() == 1 || inner.ChildCount() == 1 || f.collide(outer, inner) {
			return
		}
		if edit.CommentIn(f.Tree, parser.Span{Start: outer.In().Span().End, End: inner.Span().Start}) {
			return // it says what the inner one is there for
		}
		d := diagnostic.Diagnostic{
			Span:    parser.Span{Start: outer.In().Span().Start, End: inner.Span().Start + uint32(len("let"))},
			Message: "two `let` can be one",
		}
		word := inner.FirstToken().Span()
		between := parser.Span{Start: outer.In().Prev().Span().End, End: word.End}
		if edit.CommentIn(f.Tree, between) { // behind the last binding
			d.Fix = fix("make them one", true, edit.Remove(f.Text, outer.In().Span()), edit.Remove(f.Text, word))
		} else {
			d.Fix = fix("make them one", true, diagnostic.Edit{Span: between})
		}
		f.Report(d)
	},
}

// collide reports whether the bindings of two nested lets would mean something
// else if they were in one.
func (f *File) collide(outer, inner parser.Let) bool {
	names := f.Names()
	inScope := func(l parser.Let) map[string]bool {
		s := names.Scopes()[names.ScopeOf(l.Node)]
		out := make(map[string]bool, s.Count)
		for d := s.First; d < s.First+scope.DefID(s.Count); d++ {
			out[names.Name(d)] = true
		}
		return out
	}
	in := inScope(inner)
	for name := range inScope(outer) {
		if in[name] {
			return true
		}
	}
	head := parser.Span{Start: outer.Span().Start, End: inner.Span().Start}
	for _, u := range names.Uses() {
		if n := f.Tree.Node(u.Node); head.Covers(n.Span()) && in[n.Text()] {
			return true
		}
	}
	return false
}
