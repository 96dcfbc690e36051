package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

var redundantPatternBind = &Rule{
	Name:     "redundant-pattern-bind",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a pattern takes nothing but a name for the whole argument",
	Why: "`args: …` says what `args@{ ... }: …`" + ` says, but for taking things that are no sets, and for not evaluating its argument
before the body does; so the fix is made on request. The function that a file is is left alone, since ` + "`nix-build`" + ` calls it only
if it takes a set.`,
	Bad:   "map (args@{ ... }: builtins.attrNames args)\n",
	Good:  "map (args: builtins.attrNames args)\n",
	Fix:   UnsafeFix,
	Kinds: []parser.Kind{parser.KindPattern},
	Node: func(f *File, n parser.Node) {
		p := parser.Pattern{Node: n}
		at := p.At()
		if n.ChildCount() != 1 || !at.IsValid() || !p.Ellipsis().IsValid() || f.isWholeFile(n.Parent()) {
			return
		}
		d := diagnostic.Diagnostic{Span: n.Span(), Message: fmt.Sprintf("the pattern does nothing but name its argument `%s`", at.Text())}
		if !n.HasComments() {
			d.Fix = fix("remove the pattern", false, diagnostic.Edit{Span: n.Span(), Text: at.Text()})
		}
		f.Report(d)
	},
}
