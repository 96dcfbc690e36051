package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/scope"
)

var constantOverridden = &Rule{
	Name:     "constant-overridden",
	Group:    "names",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a definition changes what `true`, `null`, `builtins` or an operator means",
	Why: "`true`, `false`, `null` and `builtins`" + ` are names like others, and a definition makes them something else. Operators are
calls in disguise: ` + "`a < b`, `a - b`, `a * b`, `a / b` and `<nixpkgs>`" + ` use what the names ` + "`__lessThan`, `__sub`, `__mul`, `__div`" + `
and ` + "`__findFile`, `__nixPath`" + ` mean there, so that a definition of one of those changes the operator.`,
	Bad:  "let\n  null = \"\";\nin\n{\n  users.users.root.hashedPassword = null;\n}\n",
	Good: "let\n  none = \"\";\nin\n{\n  users.users.root.hashedPassword = none;\n}\n",
	File: func(f *File) {
		names := f.Names()
		for i, def := range names.Definitions() {
			if def.Kind == scope.Inherit {
				continue
			}
			name := names.Name(scope.DefID(i))
			d := diagnostic.Diagnostic{Span: f.Tree.Node(def.Node).Span()}
			switch name {
			case "true", "false", "null", "builtins":
				d.Message = fmt.Sprintf("`%s` no longer means what it means everywhere else", name)
			case "__lessThan", "__sub", "__mul", "__div", "__findFile", "__nixPath":
				d.Message = fmt.Sprintf("`%s` changes what %s means", name, operatorOf[name])
			default:
				continue
			}
			f.Report(d)
		}
	},
}

// operatorOf gives the syntax that uses a name without writing it.
var operatorOf = map[string]string{
	"__lessThan": "`<`", "__sub": "`-`", "__mul": "`*`", "__div": "`/`", "__findFile": "`<nixpkgs>`", "__nixPath": "`<nixpkgs>`",
}
