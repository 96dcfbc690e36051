package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
)

var registryKeyUnused = &Rule{
	Name:     "registry-key-unused",
	Group:    "modules",
	Severity: diagnostic.Info,
	Since:    "0.1.0",
	Summary:  "the module registry names a module that no host imports",
	Why: `An entry of the registry whose module is imported by no host and no home may be kept for later, or be left over. The rule is
silent if a host imports modules that cannot be known. Modules that the flake hands out to others (` + "`nixosModules`" + ` and the
like) need no use of their own.`,
	Bad: "-- flake.nix --\n" + exampleFlake + "-- nvidia.nix --\n{ }\n-- host.nix --\n{ modules, ... }:\n{\n  imports = [ ];\n}\n",
	Good: "-- flake.nix --\n" + exampleFlake + "-- nvidia.nix --\n{ }\n-- host.nix --\n{ modules, ... }:\n{\n" +
		"  imports = [ modules.nixos.nvidia ];\n}\n",
	Fix:  NoFix,
	Host: registriesOnHost.look,
	Repo: func(r *Repo) {
		if !r.allHostsKnown() {
			return
		}
		used := make(map[string]bool)
		for _, e := range r.Model.Evaluations() {
			for _, imp := range e.Imports {
				used[imp.Target] = true
			}
			for _, fn := range e.Functions {
				used[r.Model.Rel(fn.Lambda.At().File)] = true
			}
		}
		seen := make(map[eval.Spot]bool)
		for _, reg := range r.registries() {
			if !isHandedOut(reg) {
				for _, entry := range reg.Entries {
					if entry.At.IsValid() && !seen[entry.At.Spot()] {
						seen[entry.At.Spot()] = true
						r.unusedKey(entry, used)
					}
				}
			}
		}
	},
}

func (r *Repo) unusedKey(entry repo.RegistryEntry, used map[string]bool) {
	file := r.ModuleFile(entry.Target)
	if used[file] || !strings.HasSuffix(file, ".nix") || r.File(file) == nil || !looksLikeModule(r.File(file)) {
		return
	}
	r.Report(diagnostic.Diagnostic{
		File: r.Model.Rel(entry.At.File), Span: entry.At.Span(), Tags: diagnostic.Unnecessary,
		Message: fmt.Sprintf("no host imports `%s`", entry.Path()),
	})
}
