package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var shadowedBuiltin = &Rule{
	Name:     "shadowed-builtin",
	Group:    "names",
	Severity: diagnostic.Info,
	Since:    "0.1.0",
	Summary:  "a definition hides a global function of Nix",
	Why: `Names such as ` + "`map`, `import`, `toString` or `fetchTarball`" + ` mean a builtin everywhere. A definition of the same name
is allowed, and surprises whoever reads the code below it. Names inherited from ` + "`builtins` or `lib`" + ` are left alone: they
are the same functions, as is ` + "`fetchTree = builtins.fetchTree or …`" + `. So are the names in patterns, which callers choose.`,
	Bad:  "let\n  map = f: xs: builtins.map f (xs ++ [ null ]);\nin\nmap (x: x) [ ]\n",
	Good: "let\n  mapWithNull = f: xs: builtins.map f (xs ++ [ null ]);\nin\nmapWithNull (x: x) [ ]\n",
	File: func(f *File) {
		names := f.Names()
		for i, def := range names.Definitions() {
			name := names.Name(scope.DefID(i))
			if scope.BuiltinOf(name) != scope.Global && name != "derivation" {
				continue
			}
			node := f.Tree.Node(def.Node)
			if def.Kind == scope.InheritFrom {
				from := (parser.Inherit{Node: node.Parent()}).From().Text()
				if from == "builtins" || from == "lib" || strings.HasPrefix(from, "lib.") {
					continue
				}
			}
			if def.Kind == scope.Inherit || def.Kind == scope.Formal {
				continue // means what it means outside, or is what callers pass
			}
			if def.Kind == scope.Binding && isBuiltinWithDefault(parser.Binding{Node: node.Parent().Parent()}, name) {
				continue
			}
			f.Report(diagnostic.Diagnostic{Span: node.Span(), Message: fmt.Sprintf("`%s` hides the builtin of that name", name)})
		}
	},
}

// isBuiltinWithDefault reports whether a binding is the builtin of a name, or
// something else where Nix does not have it: `builtins.x or y`.
func isBuiltinWithDefault(b parser.Binding, name string) bool {
	value := parser.Unparen(b.Value())
	if !value.Is(parser.KindSelect) {
		return false
	}
	s := parser.Select{Node: value}
	return s.Expr().Text() == "builtins" && s.Path().Text() == name
}
