package repo

import (
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
)

// The classes of modules, as evalModules calls them.
const (
	ClassNixOS  = "nixos"
	ClassHome   = "homeManager"
	ClassDarwin = "darwin"
)

// builders evaluate what the functions of inputs that make whole systems are
// given, by the names of the functions. dir is the folder of the input, or empty if
// it is not at hand.
var builders = map[string]func(m *Model, dir string, call *eval.Attrs, at eval.Place) *module.Evaluation{
	"nixosSystem":              (*Model).evaluateSystem,
	"homeManagerConfiguration": (*Model).evaluateHome,
	"darwinSystem":             (*Model).evaluateDarwin,
}

// builder models one of the builders.
func (m *Model) builder(name, dir string) eval.Value {
	return &eval.Native{Name: name, Arity: 1, Call: func(ev *eval.Evaluator, args []*eval.Thunk, at eval.Place) eval.Value {
		call, fail := ev.WantAttrs(args[0], at)
		if fail != nil {
			return fail
		}
		e := builders[name](m, dir, call, at)
		if e == nil {
			return eval.NewUnknown("the system has no modules that are known")
		}
		result := eval.Update(eval.NewAttrs(map[string]eval.Value{
			"lib": ev.Force(e.Input.Lib), "pkgs": ev.Force(e.Input.Given.Get("pkgs").Value),
		}), e.Result())
		result.Rest = eval.NewUnknown("this part of a system is not modelled", name)
		m.systems[result] = e
		return result
	}}
}

// evaluateHome evaluates the modules that homeManagerConfiguration is called
// with, and home-manager's own if they are at hand.
func (m *Model) evaluateHome(dir string, call *eval.Attrs, at eval.Place) *module.Evaluation {
	modules := call.Get("modules")
	if modules == nil {
		return nil
	}
	special := m.setOf(call, "extraSpecialArgs")
	if call.Rest != nil {
		special = &eval.Attrs{Entries: special.Entries, Rest: eval.NewUnknown("it may be given in another way", "args")}
	}
	pkgs := eval.Value(m.packages("", "pkgs"))
	if p := call.Get("pkgs"); p != nil {
		pkgs = m.ev.Force(p.Value)
	}
	lib := eval.Value(m.lib())
	if l := call.Get("lib"); l != nil {
		lib = m.ev.Force(l.Value)
	}
	in := module.Input{
		Modules: m.moduleList(modules), At: placeOf(modules, at), Class: ClassHome,
		Given: eval.NewAttrs(map[string]eval.Value{"pkgs": pkgs}), MayDeclare: m.inputs.mayDeclare,
	}
	modulesPath := eval.Value(eval.NewUnknown("home-manager is not at hand", "modulesPath"))
	own, extended := m.homeModules(dir, lib, pkgs)
	if own != nil {
		lib, modulesPath = extended, eval.String(dir+"/modules")
	} else {
		own = eval.NewList(homeManager)
		if known, ok := lib.(*eval.Attrs); ok {
			lib = put(known, map[string]eval.Value{"hm": homeLibrary})
		}
	}
	in.Modules, _ = eval.Concat(in.Modules, own, at).(*eval.List)
	in.Special = eval.Update(eval.NewAttrs(map[string]eval.Value{"modulesPath": modulesPath}), special)
	in.Lib = eval.Done(lib)
	return module.Evaluate(m.ev, in)
}

// homeModules returns home-manager's own modules and the library that they use,
// or nothing if home-manager is not at hand.
func (m *Model) homeModules(dir string, lib, pkgs eval.Value) (*eval.List, eval.Value) {
	if !m.isHomeManager(dir) {
		return nil, nil
	}
	extended := m.ev.Call(m.ev.Import(dir+homeLibFile, eval.Place{}), eval.Done(lib), eval.Place{})
	args := eval.NewAttrs(map[string]eval.Value{"lib": extended, "pkgs": pkgs})
	own, _ := m.ev.Call(m.ev.Import(dir+homeModulesFile, eval.Place{}), eval.Done(args), eval.Place{}).(*eval.List)
	return own, extended
}

// The files of home-manager that list its modules, and that make their library.
const (
	homeModulesFile = "/modules/modules.nix"
	homeLibFile     = "/modules/lib/stdlib-extended.nix"
)

// isHomeManager reports whether a folder has the source of home-manager.
func (m *Model) isHomeManager(dir string) bool {
	return dir != "" && m.ev.Resolve(dir+homeModulesFile) != "" && m.ev.Resolve(dir+homeLibFile) != ""
}

// evaluateDarwin evaluates the modules that darwinSystem is called with. Those of
// nix-darwin itself are not evaluated.
func (m *Model) evaluateDarwin(_ string, call *eval.Attrs, at eval.Place) *module.Evaluation {
	modules := call.Get("modules")
	if modules == nil {
		return nil
	}
	special := m.setOf(call, "specialArgs")
	if call.Rest != nil || call.Get("inputs") != nil {
		special = &eval.Attrs{Entries: special.Entries, Rest: eval.NewUnknown("it may be given in another way", "args")}
	}
	special = eval.Update(eval.NewAttrs(map[string]eval.Value{"modulesPath": eval.NewUnknown("nix-darwin is not at hand", "modulesPath")}), special)
	lib := eval.Done(m.lib())
	if l := call.Get("lib"); l != nil {
		lib = l.Value
	}
	return module.Evaluate(m.ev, module.Input{
		Modules: m.moduleList(modules), At: placeOf(modules, at), Special: special, Given: m.given(""), Class: ClassDarwin, Lib: lib,
		Open: true, Stubs: m.stubs(), MayDeclare: m.inputs.mayDeclare,
	})
}

// placeOf returns where an attribute is, or else another place.
func placeOf(a *eval.Attr, otherwise eval.Place) eval.Place {
	if a.At.IsValid() {
		return a.At
	}
	return otherwise
}

// Class is the class of the host's modules.
func (h *Host) Class() string { return h.System.Config.Input.Class }

// user is who a home that is no host's belongs to: what stands before the @ in
// its name.
func (h *Host) user() string {
	user, _, _ := strings.Cut(h.Name, "@")
	return user
}
