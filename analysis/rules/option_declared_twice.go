package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
)

var optionDeclaredTwice = &Rule{
	Name:     "option-declared-twice",
	Group:    "options",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "an option is declared by two modules",
	Why: `Two imported modules that both declare an option stop the evaluation, unless one of them only adds to the type: options of a
submodule, choices of an enumeration. A module that is imported by two names, as ` + "`" + `./gpu` + "`" + ` and as ` + "`" + `./gpu/default.nix` + "`" + `, declares its options twice.`,
	Bad:  "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ lib, ... }:\n{\n  options.modules.backup.keep = lib.mkOption {\n    type = lib.types.int;\n    description = \"How many.\";\n  };\n}\n",
	Good: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{\n  modules.backup.keep = 3;\n}\n",
	Fix:  NoFix,
	Repo: func(r *Repo) {
		report := func(p repo.Problem) {
			d := r.problem(p)
			d.Related = r.relatedPlaces(p.Related, "it is declared here")
			r.Report(d)
		}
		r.problems(module.DeclaredTwice, report)
		r.problems(module.BadOption, func(p repo.Problem) {
			if p.Option != nil { // one is declared inside of another
				report(p)
			}
		})
	},
}
