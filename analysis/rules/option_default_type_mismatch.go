package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
)

var optionDefaultTypeMismatch = &Rule{
	Name:     "option-default-type-mismatch",
	Group:    "options",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "the default of an option is not of the type of the option",
	Why: `A default is a definition like others: when nothing else sets the option and its value is used, Nix holds the default
against the type and stops if it does not fit. A default of ` + "`" + `null` + "`" + ` wants a type such as ` + "`" + `types.nullOr` + "`" + `. If every host sets the option
or none uses it, the finding is a warning; so it is in files that no host imports, where types and values that are written out are compared.`,
	Bad: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ lib, config, ... }:\n{\n  options.modules.port = lib.mkOption {\n    type = lib.types.port;\n    default = \"80\";\n    description = \"A port.\";\n" +
		"  };\n  config.systemd.services.web.environment.PORT = toString config.modules.port;\n}\n",
	Good: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ lib, config, ... }:\n{\n  options.modules.port = lib.mkOption {\n    type = lib.types.port;\n    default = 80;\n    description = \"A port.\";\n" +
		"  };\n  config.systemd.services.web.environment.PORT = toString config.modules.port;\n}\n",
	Fix:   SometimesFix,
	Ahead: wrongDefaults.look,
	Repo: func(r *Repo) {
		r.problems(module.WrongDefault, func(p repo.Problem) {
			d := r.problem(p)
			d.Related = r.declaredAt(p.Option)
			r.convert(&d, p)
			if d.Fix == nil && p.Host.Evaluator().Force(p.Definition.Value) == eval.Value(eval.Null{}) {
				d.Help = "give it the type `nullOr`, or leave the default out"
			}
			r.Report(d)
		})
		imported := r.Model.Imported()
		for f := range r.Checked() {
			if imported[f.Path] || repo.IsExcused(f.Path) {
				continue
			}
			for _, w := range wrongDefaults.of(r, f) {
				r.Report(diagnostic.Diagnostic{
					File: f.Path, Span: w.value.Span(), Severity: diagnostic.Warning,
					Message: fmt.Sprintf("`%s` is no value of the type `%s`", shortText(w.value), shortText(w.kind)),
					Help:    "no host imports the file; one that did would stop where the option is used",
				})
			}
		}
	},
}
