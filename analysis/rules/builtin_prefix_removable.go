package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var builtinPrefixRemovable = &Rule{
	Name:     "builtin-prefix-removable",
	Group:    "names",
	Severity: diagnostic.Info,
	Since:    "0.1.0",
	Summary:  "`builtins.` stands before a name that does not need it",
	Why: `Some builtins, such as ` + "`map`, `import`, `toString` and `throw`" + `, are names of their own. Whether the prefix makes them
clearer is a matter of taste, so the rule is off by default. It is silent where the file gives the bare name another
meaning.`,
	Bad:   "numbers: {\n  names = builtins.map builtins.toString numbers;\n}\n",
	Good:  "numbers: {\n  names = map toString numbers;\n}\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindSelect},
	Node: func(f *File, n parser.Node) {
		s := parser.Select{Node: n}
		name := f.builtinName(n)
		if !scope.IsGlobal(name) || s.Path().ChildCount() != 1 || !s.Path().Child(0).Is(parser.KindName) {
			return
		}
		names := f.Names()
		if names.Lookup(names.At(n.Span().Start), name) != scope.None {
			return
		}
		d := diagnostic.Diagnostic{Span: n.Span(), Message: fmt.Sprintf("`%s` needs no `builtins.`", name)}
		if !n.HasComments() {
			d.Fix = fix("remove `builtins.`", true, replace(n, name, precedence.Simple))
		}
		f.Report(d)
	},
}
