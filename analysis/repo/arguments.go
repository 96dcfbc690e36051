package repo

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/eval"
)

// Arguments are what the modules of an evaluation can ask for by name.
type Arguments struct {
	Names []string // sorted
	// Sure is set if there certainly are no others.
	Sure bool
}

// Has reports whether there is an argument of a name.
func (a *Arguments) Has(name string) bool {
	_, ok := slices.BinarySearch(a.Names, name)
	return ok
}

// The arguments that the module system, NixOS and home-manager give to their
// modules. Sources: lib/modules.nix, nixos/lib/eval-config.nix and
// nixos/modules/misc/extra-arguments.nix in nixpkgs; nixos/common.nix,
// modules/modules.nix, modules/misc/nixpkgs.nix and
// modules/misc/submodule-support.nix in home-manager.
var (
	systemArguments = []string{
		"_class", "_prefix", "baseModules", "config", "extendModules", "extraModules", "lib", "moduleType", "modules",
		"modulesPath", "noUserModules", "options", "pkgs", "specialArgs", "utils",
	}
	homeArguments = []string{
		"_class", "_prefix", "baseModules", "config", "darwinConfig", "extendModules", "lib", "moduleType", "modulesPath",
		"name", "nixosConfig", "options", "osClass", "osConfig", "pkgs", "pkgsPath", "pkgs_i686", "specialArgs",
	}
)

// internalArguments are those that the module system gives for its own sake.
var internalArguments = []string{
	"_class", "_prefix", "baseModules", "darwinConfig", "extendModules", "extraModules", "moduleType", "noUserModules",
	"osClass", "pkgsPath", "pkgs_i686", "specialArgs",
}

// IsInternalArgument reports whether few modules have a use for an argument that all get.
func IsInternalArgument(name string) bool { return slices.Contains(internalArguments, name) }

// IsCommonArgument reports whether an argument of modules is, by its name, one
// that every flake has or that the module system gives: the inputs, libraries
// and packages, or a configuration as a whole. They are no facts about a host.
func IsCommonArgument(name string) bool {
	switch name {
	case "inputs", "self", "lib", "pkgs", "config", "options", "osConfig", "nixosConfig", "darwinConfig":
		return true
	}
	return false
}

// plainInputs are flakes whose modules give no arguments to others but the
// ones listed, by the owner and name of their repository in lower case.
var plainInputs = map[string][]string{
	"0xc000022070/zen-browser-flake":   nil,
	"ashleyyakeley/nixvirt":            nil,
	"catppuccin/nix":                   nil,
	"gerg-l/spicetify-nix":             nil,
	"gmodena/nix-flatpak":              nil,
	"hyprwm/hyprland":                  nil,
	"mic92/sops-nix":                   nil,
	"nix-community/disko":              {"diskoLib", "imagePkgs"},
	"nix-community/home-manager":       nil,
	"nix-community/impermanence":       nil,
	"nix-community/lanzaboote":         nil,
	"nix-community/nix-index-database": nil,
	"nix-community/nixos-wsl":          nil,
	"nix-community/nixvim":             {"nixvimLib"},
	"nix-community/plasma-manager":     nil,
	"nixos/nixos-hardware":             nil,
	"ryantm/agenix":                    nil,
}

// Arguments returns what the modules of an evaluation can ask for: of a host's
// system, or of one of its homes.
func (m *Model) Arguments(h *Host, e *Evaluation) *Arguments {
	m = h.model
	own := systemArguments
	if e != h.System {
		own = homeArguments
	}
	out := &Arguments{Names: slices.Concat(own, e.Args.Names()), Sure: e.Args.Rest == nil}
	m.moduleArguments(e, out)
	if e != h.System {
		// What the system's modules come from may add modules to homes.
		m.outsideArguments(h.System, out)
	}
	slices.Sort(out.Names)
	out.Names = slices.Compact(out.Names)
	return out
}

// moduleArguments adds what modules define as `_module.args`.
func (m *Model) moduleArguments(e *Evaluation, out *Arguments) {
	for _, mod := range e.Modules {
		v := eval.Value(mod.Attrs)
		if config := mod.Attrs.Get("config"); config != nil {
			v = m.ev.Force(config.Value)
		} else if m.mayHave(mod.Attrs, "config") {
			out.Sure = false
		}
		if m.isOpen(v) {
			out.Sure = false
		}
	}
	defs, _ := m.Definitions(e, "_module", "args")
	for _, d := range defs {
		set, ok := d.Value.(*eval.Attrs)
		if !ok || set.Rest != nil {
			out.Sure = false
			continue
		}
		out.Names = append(out.Names, set.Names()...)
	}
	m.outsideArguments(e, out)
}

// isOpen reports whether definitions may hold arguments that are not known.
func (m *Model) isOpen(v eval.Value) bool {
	set, ok := v.(*eval.Attrs)
	if !ok {
		return true
	}
	switch m.propertyType(set) {
	case "if", "override", "order":
		return m.isOpen(m.ev.Select(set, "content", eval.Place{}))
	case "merge":
		list, ok := m.ev.Select(set, "contents", eval.Place{}).(*eval.List)
		return !ok || list.More != nil || slices.ContainsFunc(list.Elems, func(t *eval.Thunk) bool { return m.isOpen(m.ev.Force(t)) })
	}
	return m.mayHave(set, "_module")
}

// mayHave reports whether a set may have an attribute that it is not known to
// have.
func (m *Model) mayHave(set *eval.Attrs, name string) bool {
	if set.Rest == nil || set.Get(name) != nil {
		return false
	}
	_, missing := m.ev.Select(set, name, eval.Place{}).(*eval.Error)
	return !missing
}

// outsideArguments adds what modules from outside of the repository give to
// others.
func (m *Model) outsideArguments(e *Evaluation, out *Arguments) {
	if e.unsureArguments {
		out.Sure = false
	}
	for _, imp := range e.Imports {
		var u *eval.Unknown
		switch v := imp.Value.(type) {
		case *eval.Unknown:
			u = v
		case *eval.Text:
			u = v.Segments[0].Unknown
		case *eval.Error:
			out.Sure = false
		}
		if imp.Outside && !imp.Followed {
			out.Sure = false
		}
		if u == nil {
			continue
		}
		for u.Func != nil {
			u = u.Func
		}
		u = u.Cause()
		switch {
		case len(u.Path) > 0 && (u.Path[0] == "modulesPath" || u.Path[0] == "pkgs" || u.Path[0] == "lib"):
			// Profiles of NixOS, mkRenamedOptionModule and what else is in
			// nixpkgs give none.
		case len(u.Path) > 1 && u.Path[0] == "inputs":
			names, ok := m.plainInput(u.Path[1])
			out.Names = append(out.Names, names...)
			out.Sure = out.Sure && ok
		case len(u.Path) > 0 && u.Path[0] == "args":
			// See Closure.unsureArguments.
		default:
			out.Sure = false
		}
	}
}

func (m *Model) plainInput(name string) (arguments []string, ok bool) {
	n := m.inputs.declared[name]
	if n == nil {
		return nil, false
	}
	for part, names := range plainInputs {
		if n.is("", part) {
			return names, true
		}
	}
	return nil, false
}
