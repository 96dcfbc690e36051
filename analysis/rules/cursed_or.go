package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/parser"
)

var cursedOr = &Rule{
	Name:     "cursed-or",
	Group:    "simplify",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "`or` is taken for an argument where it looks like something else",
	Why: `For the sake of old code Nix reads ` + "`f or`" + ` as a call of ` + "`f`" + ` with a variable ` + "`or`" + `, and binds it so tightly that ` + "`[ f or ]`" + ` has one
element and ` + "`f g or` means `f (g or)`" + `. Nix warns that this will change. Parentheses keep the meaning.`,
	Bad:   "f:\nlet\n  or = 1;\nin\n[ f or ]\n",
	Good:  "f:\nlet\n  or = 1;\nin\n[ (f or) ]\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindApply},
	Node: func(f *File, n parser.Node) {
		a := parser.Apply{Node: n}
		if a.ArgCount() != 1 || !a.Arg(0).Is(parser.KindIdent) || a.Arg(0).Text() != "or" || precedence.Slot(n) != precedence.Select {
			return
		}
		f.Report(diagnostic.Diagnostic{
			Span: n.Span(), Message: fmt.Sprintf("`or` is an argument of `%s` here", shortText(a.Func())),
			Fix: fix("put the call into parentheses", true, diagnostic.Edit{Span: n.Span(), Text: "(" + n.Text() + ")"}),
		})
	},
}
