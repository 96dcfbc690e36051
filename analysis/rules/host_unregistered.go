package rules

import (
	"fmt"
	"path"

	"github.com/nixlint/nixlint/analysis/diagnostic"
)

var hostUnregistered = &Rule{
	Name:     "host-unregistered",
	Group:    "meta",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a host has a folder beside the others, but the flake does not build it",
	Why: `A folder with ` + "`default.nix`" + ` beside those of the hosts that ` + "`nixosConfigurations`" + ` has, of which no host imports
anything, is a host that was never registered, or one that was given up.

The rule knows the folder of the hosts from the hosts themselves: it is where each imports the folder of its own name. It is
silent if some host is built in a way that is not understood, about names that the flake mentions anywhere, and about
folders such as ` + "`common`" + ` and those that begin with an underscore.`,
	Bad:  "-- flake.nix --\n" + exampleBuilder("desk", "desk") + "-- hosts/desk/default.nix --\n{ }\n-- hosts/lamp/default.nix --\n{ }\n",
	Good: "-- flake.nix --\n" + exampleBuilder("desk", "desk") + "-- hosts/desk/default.nix --\n{ }\n-- hosts/_lamp/default.nix --\n{ }\n",
	Fix:  NoFix,
	Repo: func(r *Repo) {
		folders := make(map[string]bool)
		for _, h := range r.Model.Hosts {
			for _, imp := range h.System.Imports {
				if r.isHostFolder(h, imp) && path.Base(imp.Target) == "default.nix" && imp.Target != imp.Path {
					folders[path.Dir(imp.Path)] = true
				}
			}
		}
		for _, f := range r.unregisteredFolders(folders) {
			dir := path.Dir(f.Path)
			r.Report(diagnostic.Diagnostic{
				File: f.Path, Span: headOf(f),
				Message: fmt.Sprintf("`%s` is no host: `nixosConfigurations` has no `%s`", dir, path.Base(dir)),
				Help:    "register it beside the other hosts, or remove the folder",
				Related: r.related(r.Model.Hosts[0].At, "another host is registered here"),
			})
		}
	},
}
