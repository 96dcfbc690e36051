package rules

import (
	"fmt"
	"slices"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
)

var flakeOutputUnknown = &Rule{
	Name:     "flake-output-unknown",
	Group:    "flake",
	Severity: diagnostic.Info,
	Since:    "0.1.0",
	Summary:  "an output of the flake has nearly the name of one that Nix knows",
	Why: `Nix and the tools around it look for outputs by name. One that is misspelt, such as ` + "`nixosConfiguration`" + ` for
` + "`nixosConfigurations`" + `, is simply not found. A flake may have outputs of any name, so only those that are a slip away from a
name in use are reported.`,
	Bad:  "-- flake.nix --\n{\n  outputs = { self }: {\n    nixosModles.base = ./base.nix;\n    nixosConfiguration = { };\n  };\n}\n-- base.nix --\n{ }\n",
	Good: "-- flake.nix --\n{\n  outputs = { self }: {\n    nixosModules.base = ./base.nix;\n    nixosConfigurations = { };\n  };\n}\n-- base.nix --\n{ }\n",
	Repo: func(r *Repo) {
		out, ok := r.Model.Outputs().(*eval.Attrs)
		if !ok {
			return
		}
		for _, a := range out.Entries {
			if slices.Contains(flakeOutputs, a.Name) || slices.Contains(oldFlakeOutputs, a.Name) || !a.At.IsValid() {
				continue
			}
			near := repo.Nearest(a.Name, flakeOutputs)
			if len(near) < 6 || repo.EditDistance(a.Name, near) > len(near)/6 {
				continue // alike by chance
			}
			if file := r.Model.Rel(a.At.File); file != "" && out.Get(near) == nil {
				r.Report(diagnostic.Diagnostic{
					File: file, Span: a.At.Span(),
					Message: fmt.Sprintf("nothing looks for a flake's output `%s`", a.Name),
					Help:    fmt.Sprintf("did you mean `%s`?", near),
				})
			}
		}
	},
}

// FlakeOutputs returns the names of the outputs of flakes that Nix and widespread tools
// look for.
func FlakeOutputs() []string { return slices.Clone(flakeOutputs) }

// flakeOutputs are the outputs that Nix and widespread tools look for. Sources:
// the manual of Nix, `nix flake check`; nix-darwin, home-manager, colmena,
// deploy-rs, nix-on-droid, system-manager, flake-parts, disko, nixos-generators.
var flakeOutputs = []string{
	"apps", "bundlers", "checks", "colmena", "colmenaHive", "darwinConfigurations", "darwinModules", "deploy", "devShells",
	"diskoConfigurations", "flakeModule", "flakeModules", "formatter", "herculesCI", "homeConfigurations", "homeManagerModules",
	"homeModules", "hydraJobs", "legacyPackages", "lib", "modules", "nixOnDroidConfigurations", "nixosConfigurations",
	"nixosModules", "nixosTests", "overlays", "packages", "schemas", "systemConfigs", "templates", "tests",
}

// oldFlakeOutputs are names that some tools still look for, or that look much
// like others and are in use.
var oldFlakeOutputs = []string{
	"app", "bundler", "defaultApp", "defaultBundler", "defaultPackage", "defaultTemplate", "devShell", "homeManagerModule",
	"library", "module", "nixopsConfigurations", "nixosModule", "overlay", "package", "packages'", "template", "test",
}
