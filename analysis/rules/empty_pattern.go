package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

var emptyPattern = &Rule{
	Name:     "empty-pattern",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a function takes any set and uses nothing of it",
	Why: "`_: …` says that the argument does not matter. It differs from `{ ... }: …`" + ` in that it takes anything, not only sets,
and does not evaluate it; so the fix is made on request. Modules are left alone, where ` + "`{ ... }:`" + ` is the custom, and so is
` + "`{ }:`" + `, which refuses all other sets.`,
	Bad:   "{\n  overrides = map ({ ... }: 1) [ ];\n}\n",
	Good:  "{\n  overrides = map (_: 1) [ ];\n}\n",
	Fix:   UnsafeFix,
	Kinds: []parser.Kind{parser.KindPattern},
	Node: func(f *File, n parser.Node) {
		p := parser.Pattern{Node: n}
		if n.ChildCount() > 0 || !p.Ellipsis().IsValid() || isModuleResult(resultOf(parser.Lambda{Node: n.Parent()}.Body())) {
			return
		}
		d := diagnostic.Diagnostic{Span: n.Span(), Message: "the pattern takes nothing from its argument"}
		if !n.HasComments() {
			d.Fix = fix("replace by `_`", false, diagnostic.Edit{Span: n.Span(), Text: "_"})
		}
		f.Report(d)
	},
}
