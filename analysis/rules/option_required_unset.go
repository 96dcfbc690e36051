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
certainly needs, such as kernel parameters, packages, services and assertions, and reports what cannot be computed on the way.`,
	Bad: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ lib, config, ... }:\n{\n  options.modules.domain = lib.mkOption {\n    type = lib.types.str;\n    description = \"The domain.\";\n  };\n" +
		"  config.networking.hostName = \"host.${config.modules.domain}\";\n}\n",
	Good: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ lib, config, ... }:\n{\n  options.modules.domain = lib.mkOption {\n    type = lib.types.str;\n    description = \"The domain.\";\n  };\n" +
		"  config.modules.domain = \"example.org\";\n  config.networking.hostName = \"host.${config.modules.domain}\";\n}\n",
	Fix: NoFix,
	Repo: func(r *Repo) {
		for _, p := range r.Model.Problems() {
			if p.Kind != module.Unset || !p.Certain {
				continue
			}
			// It is missing where the submodule is set; the place of any other is
			// its declaration.
			at := p.Evaluation.Input.At
			if len(p.Evaluation.Input.Prefix) == 0 || !at.IsValid() {
				at = p.At
			}
			if !at.IsValid() || r.File(r.Model.Rel(at.File)) == nil {
				continue
			}
			r.Report(diagnostic.Diagnostic{
				File: r.Model.Rel(at.File), Span: at.Span(),
				Message: fmt.Sprintf("`%s` has to be set on %s: it is used and has no default", shownOption(p.Path), where(p)),
				Related: r.declaredAt(p.Option),
			})
		}
	},
}
