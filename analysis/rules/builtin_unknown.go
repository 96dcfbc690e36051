package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var builtinUnknown = &Rule{
	Name:     "builtin-unknown",
	Group:    "names",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "`builtins` has no attribute of that name",
	Why: `The builtins of Nix are fixed, up to version 2.36, with those that need an experimental feature. An attribute that none of
them has is a slip of the pen, or a function of ` + "`lib`" + `. A default behind ` + "`or`" + `, and a test of the kind ` + "`builtins ? name`" + ` in the
same file, say that the name may be missing; then the rule is silent.`,
	Bad:   "{\n  names = builtins.attrName { a = 1; };\n}\n",
	Good:  "{\n  names = builtins.attrNames { a = 1; };\n}\n",
	Fix:   SometimesFix,
	Kinds: []parser.Kind{parser.KindSelect, parser.KindInherit},
	Node: func(f *File, n parser.Node) {
		if n.Is(parser.KindInherit) {
			in := parser.Inherit{Node: n}
			if from := in.From(); from.IsValid() && f.isGlobal(from, "builtins") {
				names := f.Names()
				for name := range in.Names() {
					if d := names.DefinitionAt(name); d == scope.None || names.Definitions()[d].Uses > 0 {
						f.unknownBuiltin(name)
					}
				}
			}
			return
		}
		s := parser.Select{Node: n}
		if f.isGlobal(s.Expr(), "builtins") && !s.Default().IsValid() {
			f.unknownBuiltin(s.Path().Child(0))
		}
	},
}

// unknownBuiltin reports a name that is no builtin.
func (f *File) unknownBuiltin(node parser.Node) {
	name, ok := parser.StaticName(node)
	if !ok || scope.BuiltinOf(name) != scope.NoBuiltin || f.asksForBuiltin(name) {
		return
	}
	d := diagnostic.Diagnostic{Span: node.Span(), Message: fmt.Sprintf("there is no `builtins.%s`", name)}
	if near := repo.Nearest(name, scope.BuiltinNames()); near != "" {
		d.Help = fmt.Sprintf("did you mean `builtins.%s`?", near)
		if node.Is(parser.KindName) && !node.Parent().Is(parser.KindInherit) {
			d.Fix = fix(fmt.Sprintf("replace by `%s`", near), false, diagnostic.Edit{Span: node.Span(), Text: near})
		}
	}
	f.Report(d)
}

// asksForBuiltin reports whether the file asks anywhere if a builtin exists.
func (f *File) asksForBuiltin(name string) bool {
	return strings.Contains(f.Text, "builtins ? "+name) || strings.Contains(f.Text, `builtins ? "`+name) ||
		strings.Contains(f.Text, `"`+name+`" builtins`) || strings.Contains(f.Text, `"`+name+`"] builtins`) ||
		strings.Contains(f.Text, "builtins?"+name)
}
