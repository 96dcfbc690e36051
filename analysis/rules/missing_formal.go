package rules

import (
	"fmt"
	"slices"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var missingFormal = &Rule{
	Name:     "missing-formal",
	Group:    "names",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a module uses an argument that it does not ask for",
	Why: `The module system calls a module with what the module names in its parameters. A name such as ` + "`lib` or `pkgs`" + ` that
is used but not asked for is undefined, and the file is refused. The rule knows the arguments that every module can have,
and those that other modules of the repository ask for.`,
	Bad:  "{ config, ... }:\n{\n  services.nginx.enable = lib.mkDefault config.services.grafana.enable;\n}\n",
	Good: "{ config, lib, ... }:\n{\n  services.nginx.enable = lib.mkDefault config.services.grafana.enable;\n}\n",
	Fix:  UnsafeFix,
	File: func(f *File) {
		for _, u := range f.Names().Uses() {
			if u.Target != scope.Nothing {
				continue
			}
			n := f.Tree.Node(u.Node)
			name := n.Text()
			if !f.lacksFormal(name) {
				continue
			}
			value := parser.Unparen(f.Tree.Expr())
			d := diagnostic.Diagnostic{Span: n.Span(), Message: fmt.Sprintf("`%s` is used, but the module does not ask for it", name)}
			if p, ok := patternOf(value); ok {
				d.Help = fmt.Sprintf("add `%s` to the module's parameters", name)
				d.Related = []diagnostic.Related{{Span: p.Span(), Message: "the parameters"}}
				d.Fix = fix(d.Help, false, edit.AddFormal(p, name))
			} else {
				d.Help = fmt.Sprintf("make the module a function: begin it with `{ %s, ... }:`", name)
				start := f.Tree.Expr().Span().Start
				d.Fix = fix("make the module a function", false, diagnostic.Edit{
					Span: parser.Span{Start: start, End: start}, Text: fmt.Sprintf("{ %s, ... }:\n", name),
				})
			}
			f.Report(d)
		}
	},
}

// moduleArguments are the arguments that the module system gives to every
// module, or that nearly every set-up gives.
var moduleArguments = []string{"config", "lib", "options", "pkgs", "modulesPath", "specialArgs", "utils"}

// lacksFormal reports whether a free name is an argument that the file, a
// module, should ask for.
func (f *File) lacksFormal(name string) bool {
	if !f.Kind().IsModule() {
		return false
	}
	if value := parser.Unparen(f.Tree.Expr()); value.Is(parser.KindLambda) {
		if _, ok := patternOf(value); !ok {
			return false
		}
	} else if !value.Is(parser.KindAttrSet) {
		return false
	}
	if slices.Contains(moduleArguments, name) || name == "osConfig" && f.Kind() == HomeModule {
		return true
	}
	for _, other := range f.Repo.All() {
		if p, ok := patternOf(parser.Unparen(other.Tree.Expr())); ok && p.Ellipsis().IsValid() && KindOf(other.Path, other.Tree).IsModule() {
			for formal := range p.Formals() {
				if !formal.Default().IsValid() && formal.Name().Text() == name {
					return true
				}
			}
		}
	}
	return false
}

// patternOf returns the pattern of a function that has one.
func patternOf(n parser.Node) (parser.Pattern, bool) {
	if !n.Is(parser.KindLambda) {
		return parser.Pattern{}, false
	}
	return parser.Lambda{Node: n}.Pattern()
}
