package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var unusedWith = &Rule{
	Name:     "unused-with",
	Group:    "names",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a `with` gives no name to the code behind it",
	Why: `A ` + "`with`" + ` is the last place where a name is looked for: definitions around the code and the globals of Nix come first.
If each name has one of those, the ` + "`with`" + ` does nothing, and hides from the reader where names come from.

An empty list or set with a comment in it is left alone: what the comment puts aside needs the ` + "`with`" + `.`,
	Bad:   "{ pkgs, ... }:\n{\n  environment.systemPackages = with pkgs; [ pkgs.git ];\n}\n",
	Good:  "{ pkgs, ... }:\n{\n  environment.systemPackages = [ pkgs.git ];\n}\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindWith},
	Node: func(f *File, n parser.Node) {
		w := parser.With{Node: n}
		id := f.Names().ScopeOf(n)
		if id == scope.None || f.Names().Scopes()[id].Reached {
			return
		}
		if setsCodeAside(w.Body()) {
			return
		}
		head := parser.Span{Start: n.Span().Start, End: w.Body().Span().Start}
		d := diagnostic.Diagnostic{
			Span:    parser.Span{Start: head.Start, End: w.Semicolon().Span().End},
			Message: fmt.Sprintf("no name comes from this `with %s`", shortText(w.Namespace())), Tags: diagnostic.Unnecessary,
		}
		if !edit.CommentIn(f.Tree, head) {
			d.Fix = fix("remove the `with`", true, edit.Cut(f.Text, head))
		}
		f.Report(d)
	},
}

// setsCodeAside reports whether an expression is an empty list or set with a
// comment in it, which may be code that is to come back.
func setsCodeAside(n parser.Node) bool {
	return (n.Is(parser.KindList) || n.Is(parser.KindAttrSet)) && n.ChildCount() == 0 && n.HasComments()
}

// shortText returns the text of a node on one line, cut off where it gets
// long.
func shortText(n parser.Node) string {
	const most = 40
	text := n.Text()
	for i, c := range text {
		if c == '\n' || i >= most {
			return text[:i] + "…"
		}
	}
	return text
}
