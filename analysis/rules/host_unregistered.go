package rules

import (
	"fmt"
	"path"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
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
	Good: "-- flake.nix --\n" + strings.Replace(exampleBuilder("desk", "desk"), "mkHost \"desk\";", "mkHost \"desk\";\n      nixosConfigurations.lamp = mkHost \"lamp\";", 1) + "-- hosts/desk/default.nix --\n{ }\n-- hosts/lamp/default.nix --\n{ }\n",
	Fix:  SometimesFix,
	Host: hostFolders.look,
	Repo: func(r *Repo) {
		folders := r.foldersOfHosts()
		for _, f := range r.unregisteredFolders(folders) {
			dir := path.Dir(f.Path)
			r.Report(diagnostic.Diagnostic{
				File: f.Path, Span: headOf(f),
				Message: fmt.Sprintf("`%s` is no host: `nixosConfigurations` has no `%s`", dir, path.Base(dir)),
				Help:    "register it beside the other hosts, or remove the folder",
				Related: r.related(r.Model.Hosts[0].At, "another host is registered here"),
				Fix:     r.registerHost(path.Base(dir)),
			})
		}
	},
}

// foldersOfHosts returns the folders in which hosts have their own. A host may have one of its
// name elsewhere, as for what it serves: in a folder of hosts not much fewer of them have
// one than in any other.
func (r *Repo) foldersOfHosts() map[string]bool {
	var hosts []map[string]bool
	count := make(map[string]int)
	for of := range hostFolders.each(r) {
		hosts = append(hosts, of...)
	}
	for _, own := range hosts {
		for folder := range own {
			count[folder]++
		}
	}
	folders := make(map[string]bool)
	for _, own := range hosts {
		most := 0
		for folder := range own {
			most = max(most, count[folder])
		}
		for folder, isModule := range own {
			if isModule && most <= 2*count[folder] {
				folders[folder] = true
			}
		}
	}
	return folders
}

// hostFolders are, for each host, the folders in which it has one of its name. The value
// tells whether the host imports that as a module; else it imports files in it.
var hostFolders = &perHost[[]map[string]bool]{func(r *Repo) (out []map[string]bool) {
	for _, h := range r.Model.Hosts {
		own := make(map[string]bool)
		for _, imp := range h.System.Imports {
			switch dir := path.Dir(imp.Target); {
			case path.Base(imp.Target) == "default.nix" && imp.Target != imp.Path && r.isHostFolder(h, imp):
				own[path.Dir(imp.Path)] = true
			case imp.Target != "" && path.Base(dir) == h.Name && dir != h.Name:
				own[path.Dir(dir)] = own[path.Dir(dir)] // that it has one
			}
		}
		out = append(out, own)
	}
	return out
}}

// registerHost returns the fix that builds a host as another is built: by a call
// of a function with the name of the host, or with a set that gives it.
func (r *Repo) registerHost(name string) *diagnostic.Fix {
	for _, h := range r.Model.Hosts {
		if !h.At.IsValid() || !plainIdentifier().MatchString(name) {
			continue
		}
		value := valueOf(h.At)
		if !value.IsValid() || !value.Is(parser.KindApply) || !h.At.Syntax().Parent().Parent().Parent().Is(parser.KindAttrSet) {
			continue
		}
		call := parser.Apply{Node: value}
		arg := parser.Unparen(call.Arg(0))
		given := ""
		switch {
		case call.ArgCount() != 1:
		case arg.Text() == `"`+h.Name+`"`:
			given = `"` + name + `"`
		case arg.Is(parser.KindAttrSet):
			for entry := range arg.Children() {
				if b := (parser.Binding{Node: entry}); entry.Is(parser.KindBinding) && b.Value().Text() == `"`+h.Name+`"` {
					given = "{ " + b.Path().Text() + " = \"" + name + "\"; }"
				}
			}
		}
		if given == "" {
			continue
		}
		attr := h.At.Syntax().Parent().Text()
		binding := fmt.Sprintf("%s%s = %s %s;", strings.TrimSuffix(attr, h.Name), name, call.Func().Text(), given)
		return &diagnostic.Fix{
			Title: fmt.Sprintf("build the host as `%s` is built", h.Name),
			Edits: []diagnostic.Edit{addBinding(r.Model.Rel(h.At.File), h.At.Syntax().Parent().Parent().Parent(), binding)},
		}
	}
	return nil
}
