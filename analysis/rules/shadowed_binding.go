package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/scope"
)

var shadowedBinding = &Rule{
	Name:     "shadowed-binding",
	Group:    "names",
	Severity: diagnostic.Info,
	Since:    "0.1.0",
	Summary:  "a definition hides another of the same name",
	Why: `Below the inner definition the outer one cannot be reached, and a reader, or a change made later, easily takes the one
for the other. Names that begin with an underscore, and names that are inherited from outside, are left alone.`,
	Bad:  "let\n  name = \"a\";\nin\nmap (name: { inherit name; }) [ name ]\n",
	Good: "let\n  name = \"a\";\nin\nmap (n: { name = n; }) [ name ]\n",
	File: func(f *File) {
		names := f.Names()
		for i, def := range names.Definitions() {
			name := names.Name(scope.DefID(i))
			if def.Shadows == scope.None || def.Kind == scope.Inherit || strings.HasPrefix(name, "_") {
				continue
			}
			f.Report(diagnostic.Diagnostic{
				Span: f.Tree.Node(def.Node).Span(), Message: fmt.Sprintf("`%s` hides another definition of the same name", name),
				Related: []diagnostic.Related{{
					Span: f.Tree.Node(names.Definitions()[def.Shadows].Node).Span(), Message: "the one that is hidden",
				}},
			})
		}
	},
}
