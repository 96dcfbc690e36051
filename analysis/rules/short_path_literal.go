package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var shortPathLiteral = &Rule{
	Name:     "short-path-literal",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a relative path does not begin with `./`",
	Why: "`a/b` is the path `./a/b`, and `a / b`" + ` a division. With ` + "`./`" + ` in front nobody takes the one for the other. Nix has a lint of the
same meaning, ` + "`lint-short-path-literals`" + `. Where the first part is a variable, the fix is made on request.`,
	Bad:   "{\n  imports = [ hosts/laptop ];\n}\n",
	Good:  "{\n  imports = [ ./hosts/laptop ];\n}\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindPath},
	Node: func(f *File, n parser.Node) {
		text := n.Text()
		if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "/") || strings.HasPrefix(text, "~") {
			return
		}
		d := diagnostic.Diagnostic{Span: n.Span(), Message: fmt.Sprintf("relative path `%s` without `./`", text)}
		first, _, _ := strings.Cut(text, "/")
		isVariable := f.Names().Lookup(f.Names().At(n.Span().Start), first) != scope.None
		if isVariable {
			d.Help = "a division has blanks around its sign"
		}
		d.Fix = fix("put `./` in front", !isVariable, edit.ReplaceSpan(f.Text, n.Span(), "./"+text))
		f.Report(d)
	},
}
