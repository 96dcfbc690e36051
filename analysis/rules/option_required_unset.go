package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/module"
)

var optionRequiredUnset = &Rule{
	Name:     "option-required-unset",
	Group:    "options",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "an option without a default is used and nothing sets it",
	Why: `An option that has no default has to be set as soon as something on the host uses its value. nixlint follows what the system
certainly needs, such as kernel parameters, packages, services and assertions, and reports what cannot be computed on the way. An
option that is used only in settings of something of which it is not known that it is on is a warning.`,
	Bad: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ lib, config, ... }:\n{\n  options.modules.domain = lib.mkOption {\n    type = lib.types.str;\n    description = \"The domain.\";\n  };\n" +
		"  config.networking.hostName = \"host.${config.modules.domain}\";\n}\n",
	Good: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ lib, config, ... }:\n{\n  options.modules.domain = lib.mkOption {\n    type = lib.types.str;\n    description = \"The domain.\";\n  };\n" +
		"  config.modules.domain = \"example.org\";\n  config.networking.hostName = \"host.${config.modules.domain}\";\n}\n",
	Fix: NoFix,
	Repo: func(r *Repo) {
		for _, p := range r.Model.Problems() {
			if p.Kind != module.Unset {
				continue
			}
			// It is missing where the submodule is set; the place of any other is
			// its declaration.
			at, prefix := p.Evaluation.Input.At, p.Evaluation.Input.Prefix
			if len(prefix) == 0 || prefix[0] == "specialisation" && p.Evaluation.Input.Class != "" || !at.IsValid() {
				at = p.At
			}
			if !at.IsValid() || r.File(r.Model.Rel(at.File)) == nil {
				continue
			}
			d := r.problem(p)
			d.File, d.Span, d.Related = r.Model.Rel(at.File), at.Span(), r.declaredAt(p.Option)
			d.Message = fmt.Sprintf("`%s` has to be set on %s: it is used and has no default", shownOption(p.Path), where(p))
			r.Report(d)
		}
	},
}
