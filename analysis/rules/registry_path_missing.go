package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var registryPathMissing = &Rule{
	Name:     "registry-path-missing",
	Group:    "modules",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "the module registry names a file that does not exist",
	Why: `An entry of the registry that leads nowhere is harmless until a host imports it; then the host does not
evaluate. It is usually left over from a file that was renamed or removed.`,
	Bad: "-- flake.nix --\n" + exampleFlake + "-- host.nix --\n{ }\n",
	Good: "-- flake.nix --\n" + exampleFlake + "-- host.nix --\n{ }\n" +
		"-- nvidia.nix --\n{ }\n",
	Fix:  NoFix,
	Host: registriesOnHost.look,
	Repo: func(r *Repo) {
		for _, reg := range r.registries() {
			for _, entry := range reg.Entries {
				at := entry.Value
				if !at.IsValid() {
					at = entry.At
				}
				if !at.IsValid() || r.Entry(entry.Target) != repo.NoEntry || r.Ignored(entry.Target) {
					continue
				}
				d := diagnostic.Diagnostic{
					File: r.Model.Rel(at.File), Span: at.Span(),
					Message: fmt.Sprintf("`%s` is registered as `%s`, which does not exist", entry.Path(), entry.Target),
				}
				r.suggestPath(&d, entry.Target, parser.Node{})
				r.Report(d)
			}
		}
	},
}
