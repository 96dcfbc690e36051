package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
)

var optionReadOnlySet = &Rule{
	Name:     "option-read-only-set",
	Group:    "options",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a read-only option is set although it has a value",
	Why: `An option that is declared with ` + "`" + `readOnly = true` + "`" + ` has one definition. If it also has a default, that is the one: modules can
read the option and never set it, whatever the priority.`,
	Bad: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ lib, ... }:\n{\n  options.modules.ids = lib.mkOption {\n    readOnly = true;\n    default = { };\n    description = \"Numbers.\";\n  };\n" +
		"  config.modules.ids = { a = 1; };\n}\n",
	Good: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ lib, ... }:\n{\n  options.modules.ids = lib.mkOption {\n    readOnly = true;\n    description = \"Numbers.\";\n  };\n" +
		"  config.modules.ids = { a = 1; };\n}\n",
	Fix: NoFix,
	Repo: func(r *Repo) {
		r.problems(module.ReadOnlySet, func(p repo.Problem) {
			d := r.problem(p)
			d.Related = append(r.relatedPlaces(p.Related, "it has this value"), r.declaredAt(p.Option)...)
			r.Report(d)
		})
	},
}
