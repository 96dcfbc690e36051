package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/parser"
)

var emptyLet = &Rule{
	Name:     "empty-let",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a `let` binds nothing",
	Why: `The body alone means the same. The rule is silent if a comment stands between ` + "`let` and `in`" + `, which may be a binding that
is to come back.`,
	Bad:   "{ pkgs, ... }:\nlet\nin\n{\n  environment.systemPackages = [ pkgs.git ];\n}\n",
	Good:  "{ pkgs, ... }:\n{\n  environment.systemPackages = [ pkgs.git ];\n}\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindLet},
	Node: func(f *File, n parser.Node) {
		l := parser.Let{Node: n}
		if n.ChildCount() > 1 || edit.CommentIn(f.Tree, parser.Span{Start: n.Span().Start, End: l.In().Span().End}) {
			return
		}
		d := diagnostic.Diagnostic{
			Span: parser.Span{Start: n.Span().Start, End: l.In().Span().End}, Message: "this `let` binds nothing", Tags: diagnostic.Unnecessary,
		}
		head := parser.Span{Start: n.Span().Start, End: l.Body().Span().Start}
		if !edit.CommentIn(f.Tree, head) {
			d.Fix = fix("remove the `let`", true, edit.Cut(f.Text, head))
		}
		f.Report(d)
	},
}
