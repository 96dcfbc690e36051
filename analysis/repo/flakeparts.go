package repo

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
)

// mkFlake models flake-parts.lib.mkFlake: what modules define under `flake` are
// outputs; what perSystem makes is unknown.
func (m *Model) mkFlake(ev *eval.Evaluator, args []*eval.Thunk, at eval.Place) eval.Value {
	call, ok := ev.Force(args[0]).(*eval.Attrs)
	if !ok {
		return eval.NewUnknown("mkFlake is called without a set")
	}
	known, ok := m.frameworkFile(&node{name: []string{"flake-parts"}}, "flake-parts").(*eval.Attrs)
	if !ok {
		return eval.NewUnknown("flake-parts is not modelled")
	}
	inputs := ev.Select(call, "inputs", at)
	self := ev.Select(inputs, "self", at)
	if s := call.Get("self"); s != nil {
		self = ev.Force(s.Value)
	}
	special := eval.NewAttrs(map[string]eval.Value{
		"inputs": inputs, "self": self, "moduleLocation": eval.NewUnknown("it names a place", "moduleLocation"),
		"flake-parts-lib": ev.Select(m.setOf(known, "args"), "flake-parts-lib", at),
	})
	e := module.Evaluate(ev, module.Input{
		Modules: &eval.List{Elems: []*eval.Thunk{known.Get("module").Value, args[1]}}, At: at,
		Special: eval.Update(special, m.setOf(call, "specialArgs")), Given: m.setOf(known, "args"),
		Class: "flake", Lib: eval.Done(m.lib()), Open: true,
	})
	m.flakeModules = e
	out, ok := e.Value("flake").(*eval.Attrs)
	if !ok {
		out = &eval.Attrs{}
	}
	rest := eval.NewUnknown("outputs for each system are not evaluated", "self")
	out = &eval.Attrs{Entries: slices.Clone(out.Entries), Rest: rest}
	for i, a := range out.Entries {
		// perSystem makes packages, checks, devShells and the like, never hosts;
		// modules that are not at hand may.
		if m.addsOutputs(e) && systemOutputs[a.Name] {
			out.Entries[i].Value = eval.LaterAt(a.Value, func(ev *eval.Evaluator) eval.Value {
				set, ok := ev.Force(a.Value).(*eval.Attrs)
				if !ok {
					return ev.Force(a.Value)
				}
				return &eval.Attrs{Entries: set.Entries, Rest: eval.Either(set.Rest, eval.NewUnknown(rest.Reason, "self", a.Name))}
			})
		}
	}
	return out
}

// systemOutputs are the outputs that are declared for all of flake-parts' users.
var systemOutputs = map[string]bool{
	"nixosConfigurations": true, "darwinConfigurations": true, "homeConfigurations": true, "nixosModules": true,
	"darwinModules": true, "homeModules": true, "homeManagerModules": true, "flakeModules": true, "modules": true,
}

// addsOutputs reports whether modules for flake-parts that are not at hand may
// define outputs.
func (m *Model) addsOutputs(e *module.Evaluation) bool {
	return e.Unsure || slices.ContainsFunc(e.Unknown, func(u *eval.Unknown) bool { return !m.isPlainModule(u) })
}
