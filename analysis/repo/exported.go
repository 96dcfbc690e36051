package repo

import (
	"github.com/nixlint/nixlint/analysis/eval"
)

// exported are the outputs that hold modules for the flakes of others, each with
// the builder that such modules are for.
var exported = []struct{ output, builder string }{
	{"nixosModules", "nixosSystem"},
	{"darwinModules", "darwinSystem"},
	{"homeModules", "homeManagerConfiguration"},
	{"homeManagerModules", "homeManagerConfiguration"}, // the older name
}

// Exported evaluates the modules that the flake has for others, those of each
// output together, as if a system without a name imported them all. For
// home-manager itself these are its own modules too.
func (m *Model) Exported() []*Host {
	if m.self == nil {
		return nil
	}
	var out []*Host
	add := func(builder, dir string, modules *eval.List, at eval.Place) {
		call := eval.SetOf(eval.Attr{Name: "modules", Value: eval.Done(modules), At: at})
		if e := builders[builder](m, dir, call, at); e != nil {
			out = append(out, &Host{At: at, model: m, System: &Evaluation{At: at, Args: e.Input.Special, Closure: m.closureOf(e), Config: e, model: m}})
		}
	}
	for _, x := range exported {
		a := m.self.Get(x.output)
		if a == nil {
			continue
		}
		if set, ok := m.ev.Force(a.Value).(*eval.Attrs); ok && len(set.Entries) > 0 {
			modules := &eval.List{}
			for _, e := range set.Entries {
				modules.Elems = append(modules.Elems, e.Value)
			}
			add(x.builder, "", modules, a.At)
		}
	}
	if root := cleanSlash(m.Repo.Root); m.isHomeManager(root) {
		add("homeManagerConfiguration", root, eval.NewList(someHome()), eval.Place{})
	}
	return out
}

// someHome is a module with what every home has to define.
func someHome() eval.Value {
	home := make(map[string]eval.Value)
	for _, name := range []string{"username", "homeDirectory", "stateVersion"} {
		home[name] = eval.NewUnknown("every home has its own", "config", "home", name)
	}
	return eval.NewAttrs(map[string]eval.Value{"home": eval.NewAttrs(home)})
}
