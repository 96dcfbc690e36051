package rules

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var moduleUnregistered = &Rule{
	Name:     "module-unregistered",
	Group:    "modules",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a module lies among the registered ones, but nothing names it",
	Why: `A file in the folder of the registered modules that is neither in the registry nor imported by anything cannot
be used by any host. Either its entry was forgotten, or it is left over.

The rule is silent if the repository loads modules in a way that cannot be evaluated, for then anything may be
in use. Files that are only read as data, those whose name starts with an underscore, and those that nixlint.toml names
under ` + "`reachable` in `[repo]`" + ` are left out.`,
	Bad: "-- flake.nix --\n" + strings.Replace(exampleFlake, "/nvidia.nix", "/modules/nvidia.nix", 1) + "-- host.nix --\n{ }\n" +
		"-- modules/nvidia.nix --\n{ }\n-- modules/amd.nix --\n{ config, ... }:\n{ }\n",
	Good: "-- flake.nix --\n" + strings.Replace(exampleFlake, "/nvidia.nix", "/modules/nvidia.nix", 1) + "-- host.nix --\n{ }\n" +
		"-- modules/nvidia.nix --\n{ }\n",
	Fix:  NoFix,
	Host: registriesOnHost.look,
	Repo: func(r *Repo) {
		folders := make(map[string]string) // folder to the registry's name for it
		used := maps.Clone(r.Model.Imported())
		for _, e := range r.Model.Evaluations() {
			if e.Unsure {
				return
			}
		}
		for _, reg := range r.registries() {
			for _, a := range reg.Set.Entries {
				if folder := reg.Folder(reg.Name, a.Name); folder != "" {
					folders[folder] = reg.Name + "." + a.Name
				}
			}
			for _, entry := range reg.Entries {
				if f := r.ModuleFile(entry.Target); f != "" {
					used[f] = true
				}
			}
		}
		if len(folders) == 0 {
			return
		}
		for _, f := range r.All() {
			for _, ref := range f.References() {
				if target := r.ModuleFile(ref.Target); target != "" && target != f.Path {
					used[target] = true
				}
			}
		}
		roots := make(map[string]bool)
		for _, e := range r.Model.Evaluations() {
			for _, root := range e.Config.Names() {
				roots[root] = true
			}
		}
		for f := range r.Checked() {
			if used[f.Path] || strings.HasPrefix(path.Base(f.Path), "_") || repo.IsExcused(f.Path) || r.Reachable(f.Path) {
				continue
			}
			if name, ok := registryOf(folders, f.Path); ok && looksLikeModule(f) && mayBeModule(f, roots) {
				r.Report(diagnostic.Diagnostic{
					File: f.Path, Span: headOf(f),
					Message: fmt.Sprintf("module `%s` is neither registered nor imported", f.Path),
					Help:    fmt.Sprintf("name it in `%s`, import it, or remove it", name),
				})
			}
		}
	},
}

// registryOf returns the registry's name for the innermost folder that holds a
// file.
func registryOf(folders map[string]string, file string) (string, bool) {
	for dir := path.Dir(file); dir != "."; dir = path.Dir(dir) {
		if name, ok := folders[dir]; ok {
			return name, true
		}
	}
	return "", false
}

// looksLikeModule reports whether a file's value is a set or a function of a
// set pattern that may be a module: what a builder of packages takes has no
// ellipsis.
func looksLikeModule(f *repo.File) bool {
	n := parser.Unparen(f.Tree.Expr())
	if !n.Is(parser.KindLambda) {
		return n.Is(parser.KindAttrSet)
	}
	p, ok := parser.Lambda{Node: n}.Pattern()
	if !ok || !p.Ellipsis().IsValid() {
		return false
	}
	switch moduleBody(f.Tree).Kind() {
	case parser.KindSelect, parser.KindList, parser.KindString, parser.KindIndString, parser.KindPath, parser.KindLambda:
		return false
	}
	return true
}

// mayBeModule reports whether what looks like a module has an attribute that modules have,
// or none. Roots are the first names of the options that modules declare.
func mayBeModule(f *repo.File, roots map[string]bool) bool {
	set := moduleBody(f.Tree)
	if !set.Is(parser.KindAttrSet) {
		return true
	}
	empty := true
	for entry := range set.Children() {
		if !entry.Is(parser.KindBinding) {
			return true // what is inherited may have come from anywhere
		}
		empty = false
		name, ok := parser.StaticName(parser.Binding{Node: entry}.Path().Child(0))
		if !ok || roots[name] || module.IsUpstream(name) || slices.Contains(moduleKeys, name) || name == "disabledModules" || name == "freeformType" {
			return true
		}
	}
	return empty
}

// headOf returns the first line of a file, for findings about the file as a
// whole.
func headOf(f *repo.File) parser.Span {
	line, _, _ := strings.Cut(f.Text, "\n")
	return parser.Span{End: uint32(len(line))}
}
