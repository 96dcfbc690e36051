package rules

import (
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var unusedRec = &Rule{
	Name:     "unused-rec",
	Group:    "names",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a set says `rec`, and none of its members uses another",
	Why: `In a ` + "`rec`" + ` set every name first means a member of the set. If no member is used, the word does nothing but set a trap
for the next change. Sets with members whose names begin with two underscores are left alone, since Nix looks at some of
those itself.`,
	Bad:   "rec {\n  pname = \"hello\";\n  version = \"1.0\";\n}\n",
	Good:  "{\n  pname = \"hello\";\n  version = \"1.0\";\n}\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindAttrSet},
	Node: func(f *File, n parser.Node) {
		set := parser.AttrSet{Node: n}
		if !set.IsRec() || set.IsLegacyLet() {
			return
		}
		names := f.Names()
		id := names.ScopeOf(n)
		if id == scope.None || names.IsMerged(n) {
			return
		}
		s := names.Scopes()[id]
		for d := s.First; d < s.First+scope.DefID(s.Count); d++ {
			if names.Definitions()[d].Uses > 0 || strings.HasPrefix(names.Name(d), "__") {
				return
			}
		}
		word := set.Keyword().Span()
		d := diagnostic.Diagnostic{Span: word, Message: "no member of this `rec` set uses another", Tags: diagnostic.Unnecessary}
		gap := parser.Span{Start: word.Start, End: set.Open().Span().Start}
		if !edit.CommentIn(f.Tree, gap) {
			d.Fix = fix("remove `rec`", true, diagnostic.Edit{Span: gap})
		}
		f.Report(d)
	},
}
