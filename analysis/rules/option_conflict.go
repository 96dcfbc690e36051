package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
)

var optionConflict = &Rule{
	Name:     "option-conflict",
	Group:    "options",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "two modules set an option to values that do not go together",
	Why: `Definitions of equal priority have to merge. Lists and sets do; of most other types all definitions have to be equal. Say which
one is to win: ` + "`" + `lib.mkForce` + "`" + ` for a value that must stand, ` + "`" + `lib.mkDefault` + "`" + ` for one that others may replace.`,
	Bad:  "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{\n  imports = [ { modules.backup.keep = 3; } ];\n  modules.backup.keep = 5;\n}\n",
	Good: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ lib, ... }:\n{\n  imports = [ { modules.backup.keep = lib.mkDefault 3; } ];\n  modules.backup.keep = 5;\n}\n",
	Fix:  NoFix,
	Repo: func(r *Repo) {
		r.problems(module.Conflict, func(p repo.Problem) {
			d := r.problem(p)
			d.Message += " on " + where(p)
			d.Related = append(r.relatedPlaces(p.Related, "it is also set here"), r.declaredAt(p.Option)...)
			if p.Option != nil && len(r.declaredAt(p.Option)) == 0 {
				d.Severity = diagnostic.Warning // what others declare may never be looked at
			}
			d.Help = "mark the one that is to win with `lib.mkForce`, or the others with `lib.mkDefault`"
			r.Report(d)
		})
	},
}
