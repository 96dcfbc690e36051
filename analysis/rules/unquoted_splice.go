package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

var unquotedSplice = &Rule{
	Name:     "unquoted-splice",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Since:    "0.1.0",
	Summary:  "a computed attribute is selected without quotes",
	Why: "`set.\"${name}\"` shows better than `set.${name}`" + ` that the name is a string. The two differ in that the first also takes paths
and derivations, so the fix is made on request. This is a matter of taste, and the rule is off by default.`,
	Bad:   "{ set, name }: set.${name}\n",
	Good:  "{ set, name }: set.\"${name}\"\n",
	Fix:   UnsafeFix,
	Kinds: []parser.Kind{parser.KindAttrPath},
	Node: func(f *File, n parser.Node) {
		for name := range n.Children() {
			if name.Is(parser.KindInterp) && !n.Parent().Is(parser.KindBinding) {
				f.Report(diagnostic.Diagnostic{
					Span: name.Span(), Message: "computed attribute name without quotes",
					Fix: fix("put it in quotes", false, diagnostic.Edit{Span: name.Span(), Text: `"` + name.Text() + `"`}),
				})
			}
		}
	},
}
