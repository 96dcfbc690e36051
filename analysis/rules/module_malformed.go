package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var moduleMalformed = &Rule{
	Name:     "module-malformed",
	Group:    "modules",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a module has a form that the module system does not take",
	Why: `A module with ` + "`options` or `config`" + ` has nothing else beside them but ` + "`imports`" + ` and a few attributes of the module system;
settings belong into ` + "`config`" + `. Nix refuses such a module, and values that are no modules at all.

A module that is a function gets more arguments than it names, so its pattern has to end in ` + "`...`" + `.`,
	Bad: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ lib, ... }:\n{\n  options.modules.x = lib.mkEnableOption \"x\";\n" +
		"  modules.backup.keep = 3;\n}\n",
	Good: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ lib, ... }:\n{\n  options.modules.x = lib.mkEnableOption \"x\";\n" +
		"  config.modules.backup.keep = 3;\n}\n",
	Fix: SometimesFix,
	Host: func(r *Repo) {
		r.problems(module.BadModule, func(p repo.Problem) {
			if p.Error != nil {
				return // other rules say what failed
			}
			d := r.problem(p)
			if n := p.At.Syntax(); n.Is(parser.KindName) && n.Parent().Is(parser.KindAttrPath) {
				d.Fix = &diagnostic.Fix{
					Title: "put it into `config`",
					Edits: []diagnostic.Edit{{File: d.File, Span: parser.Span{Start: d.Span.Start, End: d.Span.Start}, Text: "config."}},
				}
			}
			r.Report(d)
		})
		for _, e := range r.Model.Evaluations() {
			for _, fn := range e.Functions {
				r.closedPattern(e, fn)
			}
		}
	},
}

// closedPattern reports a module whose pattern takes only what it names.
func (r *Repo) closedPattern(e *repo.Evaluation, fn *repo.Function) {
	_, ellipsis, ok := fn.Lambda.Formals()
	at := fn.Lambda.At()
	if !ok || ellipsis || !fn.Certain || !at.IsValid() || r.File(r.Model.Rel(at.File)) == nil {
		return
	}
	pattern, ok := parser.Lambda{Node: at.Syntax()}.Pattern()
	if !ok {
		return
	}
	d := diagnostic.Diagnostic{
		File: r.Model.Rel(at.File), Span: pattern.Span(),
		Message: "a module gets more arguments than it names: its parameters have to end in `...`",
	}
	if last := lastFormal(pattern); last.IsValid() {
		d.Span = last.Span()
		d.Fix = &diagnostic.Fix{
			Title: "add `...`",
			Edits: []diagnostic.Edit{{File: d.File, Span: parser.Span{Start: d.Span.End, End: d.Span.End}, Text: ", ..."}},
		}
	}
	r.Report(d)
}

// lastFormal returns the last parameter of a pattern, invalid if there is none.
func lastFormal(p parser.Pattern) (last parser.Node) {
	for n := range p.Children() {
		if n.Is(parser.KindFormal) {
			last = n
		}
	}
	return last
}
