package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/parser"
)

var mkIfInImports = &Rule{
	Name:     "mk-if-in-imports",
	Group:    "options",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a list of imports depends on the configuration",
	Why: `Which modules there are has to be known before the configuration can be: ` + "`imports` that need `config`" + ` end in an infinite
recursion, and ` + "`lib.mkIf`" + ` makes no list. Import the module always and let an option of it decide, or decide by a special
argument.`,
	Bad: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ config, lib, ... }:\n{\n" +
		"  imports = lib.optional config.modules.backup.enable ./options.nix;\n}\n",
	Good: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{\n" +
		"  imports = [ ./options.nix ];\n}\n",
	Fix: NoFix,
	Host: func(r *Repo) {
		for _, e := range r.Model.Evaluations() {
			for _, m := range e.Config.Modules {
				imports := m.Attrs.Get("imports")
				if imports == nil || !m.Certain || !imports.At.IsValid() || r.File(r.Model.Rel(imports.At.File)) == nil {
					continue
				}
				message := ""
				if a, ok := e.Evaluator().Force(imports.Value).(*eval.Attrs); ok && a.Get("_type") != nil {
					message = "`imports` is no list: `mkIf` and its like make definitions"
				} else if m.DependsOnConfig {
					message = "`imports` depends on `config`, which depends on what is imported"
				}
				if message != "" {
					d := diagnostic.Diagnostic{
						File: r.Model.Rel(imports.At.File), Span: imports.At.Span(), Message: message,
						Help: "import the module always, and let an option of it decide",
					}
					if at, name := r.importsNeed(imports.At); m.DependsOnConfig && at.IsValid() {
						d.Span = at.Span()
						if name == "pkgs" {
							d.Message = "`imports` depends on `pkgs`, which depends on `config`, which depends on what is imported"
						}
					}
					r.Report(d)
				}
			}
		}
	},
}

// importsNeed returns where a list of imports needs the configuration, or the packages
// that come out of it.
func (r *Repo) importsNeed(imports eval.Place) (at parser.Node, argument string) {
	name := nameOf(imports)
	if !name.Parent().Is(parser.KindAttrPath) || !name.Parent().Parent().Is(parser.KindBinding) {
		return parser.Node{}, ""
	}
	binding := name.Parent().Parent()
	fn := binding
	for fn.IsValid() && !fn.Is(parser.KindLambda) {
		fn = fn.Parent()
	}
	if !fn.IsValid() {
		return parser.Node{}, ""
	}
	p, ok := (parser.Lambda{Node: fn}).Pattern()
	if !ok {
		return parser.Node{}, ""
	}
	names := r.Names(r.File(r.Model.Rel(imports.File)))
	for f := range p.Formals() {
		if argument = f.Name().Text(); argument != "config" && argument != "pkgs" {
			continue
		}
		s := strictness{names, names.DefinitionAt(f.Name())}
		if at = s.structure(parser.Binding{Node: binding}.Value()); at.IsValid() {
			return at, argument
		}
	}
	return parser.Node{}, ""
}
