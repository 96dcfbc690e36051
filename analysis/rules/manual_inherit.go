package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var manualInherit = &Rule{
	Name:     "manual-inherit",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "an attribute is bound to the variable of its own name",
	Why: "`inherit name;` says the same as `name = name;`" + `, and shows that there is nothing to it. In a ` + "`rec` set or a `let`" + ` the two
differ: there ` + "`name = name;`" + ` means itself and never ends.`,
	Bad:   "{ pkgs, lib, ... }:\n{\n  _module.args = {\n    pkgs = pkgs;\n    lib = lib;\n  };\n}\n",
	Good:  "{ pkgs, lib, ... }:\n{\n  _module.args = {\n    inherit pkgs lib;\n  };\n}\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindAttrSet},
	Node: func(f *File, n parser.Node) {
		inheritRuns(n, func(b parser.Binding) (string, bool) {
			value := b.Value()
			if !value.Is(parser.KindIdent) {
				return "", false
			}
			name, ok := plainName(b)
			return "", ok && value.Text() == name &&
				f.Names().ScopeOf(n) == scope.None && f.Names().UseAt(value) != scope.None
		}, func(run []parser.Binding, _ string) {
			f.Report(diagnostic.Diagnostic{
				Span:    parser.Span{Start: run[0].Span().Start, End: run[len(run)-1].Span().End},
				Message: fmt.Sprintf("%s can be inherited", quotedNames(run)),
				Fix:     inheritInstead(run, ""),
			})
		})
	},
}
