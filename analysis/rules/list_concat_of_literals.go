package rules

import (
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/parser"
)

var listConcatOfLiterals = &Rule{
	Name:     "list-concat-of-literals",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "two lists that are written out are joined",
	Why:      "`[ a ] ++ [ b ]` is `[ a b ]`" + `. Lists over several lines are left alone: there the parts may well have a meaning.`,
	Bad:      "{ pkgs, ... }:\n{\n  environment.systemPackages = [ pkgs.git ] ++ [ pkgs.vim ];\n}\n",
	Good:     "{ pkgs, ... }:\n{\n  environment.systemPackages = [\n    pkgs.git\n    pkgs.vim\n  ];\n}\n",
	Fix:      SafeFix,
	Kinds:    []parser.Kind{parser.KindBinary},
	Node: func(f *File, n parser.Node) {
		b := parser.Binary{Node: n}
		if b.Op() != parser.TokenConcat {
			return
		}
		left, right := b.Left(), b.Right()
		// `[ a ] ++ [ b ] ++ c` groups to the right.
		if right.Is(parser.KindBinary) && (parser.Binary{Node: right}).Op() == parser.TokenConcat {
			right = parser.Binary{Node: right}.Left()
		}
		if !left.Is(parser.KindList) || !right.Is(parser.KindList) || isEmptyList(left) || isEmptyList(right) {
			return
		}
		between := parser.Span{Start: left.LastChild().Span().End, End: right.Child(0).Span().Start}
		both := parser.Span{Start: left.Span().Start, End: right.Span().End}
		if strings.Contains(f.Text[both.Start:both.End], "\n") || edit.CommentIn(f.Tree, between) {
			return
		}
		f.Report(diagnostic.Diagnostic{
			Span: both, Message: "the two lists can be one",
			Fix: fix("make them one", true, diagnostic.Edit{Span: between, Text: " "}),
		})
	},
}
