package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var builtinNeedsPrefix = &Rule{
	Name:     "builtin-needs-prefix",
	Group:    "names",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a builtin is used without `builtins.` in front",
	Why: `Only a few builtins, such as ` + "`map`, `import` and `toString`" + `, are names of their own. The others are attributes of
` + "`builtins`" + `; alone, the name is undefined and Nix refuses the file.`,
	Bad:  "names: {\n  count = length names;\n}\n",
	Good: "names: {\n  count = builtins.length names;\n}\n",
	Fix:  UnsafeFix,
	File: func(f *File) {
		for _, u := range f.Names().Uses() {
			n := f.Tree.Node(u.Node)
			if u.Target != scope.Nothing || scope.BuiltinOf(n.Text()) != scope.Prefixed || f.lacksFormal(n.Text()) {
				continue
			}
			d := diagnostic.Diagnostic{Span: n.Span(), Message: fmt.Sprintf("undefined variable `%s`", n.Text()),
				Help: fmt.Sprintf("write `builtins.%s`", n.Text())}
			if n.Is(parser.KindIdent) {
				d.Fix = fix("put `builtins.` in front", false, edit.Replace(n, "builtins."+n.Text(), precedence.Select))
			}
			f.Report(d)
		}
	},
}
