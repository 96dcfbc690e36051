package repo

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/flake"
	"github.com/nixlint/nixlint/analysis/module"
)

// modelled puts what nixlint has a model of into what is known of an input.
func (in *inputs) modelled(n *node, known *eval.Attrs) *eval.Attrs {
	lib := make(map[string]eval.Value)
	unknown := func(reason string, names ...string) eval.Value {
		return eval.NewUnknown(reason, append(n.path(), names...)...)
	}
	switch {
	case n.isNixpkgs():
		values := map[string]eval.Value{"legacyPackages": in.legacyPackages(n)}
		if real := known.Get("lib"); in.useRealLib(n) && real != nil {
			lib := eval.LaterAt(real.Value, func(ev *eval.Evaluator) eval.Value { return in.model.realLib(ev.Force(real.Value)) })
			known = eval.Update(known, &eval.Attrs{Entries: []eval.Attr{{Name: "lib", Value: lib, At: real.At}}})
		} else {
			values["lib"] = module.Lib(in.model.ev, map[string]eval.Value{"nixosSystem": in.model.builder("nixosSystem", n.dir)})
		}
		return put(known, values)
	case n.is("home-manager", "nix-community/home-manager") && known.Get("lib") == nil:
		// It has no more than these, which counts where it is put over nixpkgs'.
		return put(known, map[string]eval.Value{"lib": eval.NewAttrs(map[string]eval.Value{
			"hm":                       unknown("the input is not at hand", "lib", "hm"),
			"homeManagerConfiguration": in.model.builder("homeManagerConfiguration", ""),
		})})
	case n.dir != "" && known.Get("lib") != nil:
		for _, name := range []string{"darwinSystem", "homeManagerConfiguration"} {
			lib[name] = in.model.builder(name, n.dir)
		}
	}
	if f := in.framework(n); f != nil {
		return in.withFramework(n, known, f)
	}
	if len(lib) == 0 {
		return known
	}
	old := known.Get("lib")
	if old == nil {
		a := eval.NewAttrs(lib)
		a.Rest = eval.NewUnknown("the input is not at hand", append(n.path(), "lib")...)
		return put(known, map[string]eval.Value{"lib": a})
	}
	later := eval.LaterAt(old.Value, func(ev *eval.Evaluator) eval.Value {
		set, ok := ev.Force(old.Value).(*eval.Attrs)
		if !ok {
			return ev.Force(old.Value)
		}
		has := make(map[string]eval.Value)
		for name, v := range lib {
			if set.Get(name) != nil {
				has[name] = v
			}
		}
		return eval.Update(set, eval.NewAttrs(has))
	})
	return eval.Update(known, &eval.Attrs{Entries: []eval.Attr{{Name: "lib", Value: later, At: old.At}}})
}

// systems are those that nixpkgs' flake has packages for.
var systems = []string{
	"aarch64-darwin", "aarch64-linux", "armv6l-linux", "armv7l-linux", "i686-linux", "powerpc64le-linux", "riscv64-linux",
	"x86_64-darwin", "x86_64-freebsd", "x86_64-linux",
}

// legacyPackages are the packages of nixpkgs' flake, by system.
func (in *inputs) legacyPackages(n *node) eval.Value {
	rest := eval.NewUnknown("packages are not evaluated", append(n.path(), "legacyPackages")...)
	if n.dir == "" {
		return rest
	}
	var entries []eval.Attr
	for _, s := range systems {
		entries = append(entries, eval.Attr{Name: s, Value: eval.Later(func(*eval.Evaluator) eval.Value {
			return in.model.packages(n.dir, append(n.path(), "legacyPackages", s)...)
		})})
	}
	out := eval.SetOf(entries...)
	out.Rest = rest
	return out
}

// put is `known // values`; the rest stays as it is.
func put(known *eval.Attrs, values map[string]eval.Value) *eval.Attrs {
	return eval.Update(known, eval.NewAttrs(values))
}

func (in *inputs) useRealLib(n *node) bool { return in.model.Repo.options.RealLib && n.dir != "" }

// assumeNixpkgs says what the files of nixpkgs give that are not to be
// evaluated: packages, systems, and the library unless it is asked for.
func (in *inputs) assumeNixpkgs(n *node, dir string) {
	ev := in.model.ev
	ev.Assume(path.Join(dir, "default.nix"), &eval.Native{Name: "nixpkgs", Arity: 1,
		Call: func(*eval.Evaluator, []*eval.Thunk, eval.Place) eval.Value {
			return in.model.packages(dir, "pkgs")
		}})
	ev.Assume(path.Join(dir, "nixos/lib/eval-config.nix"), in.model.builder("nixosSystem", dir))
	if !in.useRealLib(n) {
		ev.Assume(path.Join(dir, "lib/default.nix"), in.model.lib())
	}
}

// realLib is nixpkgs' own library with the module system and the types of
// options replaced by nixlint's, which work with values that are partly known.
func (m *Model) realLib(real eval.Value) eval.Value {
	set, ok := real.(*eval.Attrs)
	if !ok || set.Get("extend") == nil {
		return real
	}
	own := module.Lib(m.ev, nil)
	var ours []eval.Attr
	if types := own.Get("types"); types != nil {
		ours = append(ours, *types)
	}
	for _, area := range []string{"modules", "options"} {
		set, _ := m.ev.Select(own, area, eval.Place{}).(*eval.Attrs)
		if set == nil {
			continue
		}
		for _, a := range set.Entries {
			if own.Get(a.Name) != nil {
				ours = append(ours, a)
			}
		}
	}
	ours = eval.SetOf(ours...).Entries
	overlay := &eval.Native{Name: "nixlint's overlay", Arity: 2, Call: func(*eval.Evaluator, []*eval.Thunk, eval.Place) eval.Value {
		return &eval.Attrs{Entries: ours}
	}}
	return m.ev.Call(m.ev.Force(set.Get("extend").Value), eval.Done(overlay), eval.Place{})
}

// lib is nixpkgs' library as modules get it.
func (m *Model) lib() eval.Value {
	if n := m.inputs.declared["nixpkgs"]; n != nil && m.inputs.useRealLib(n) {
		nixpkgs := m.ev.Force(m.inputs.root.Get("nixpkgs").Value)
		if lib, ok := m.ev.Select(nixpkgs, "lib", eval.Place{}).(*eval.Attrs); ok {
			return lib
		}
	}
	if m.library == nil {
		m.library = module.Lib(m.ev, nil)
	}
	return m.library
}

// homeManager returns the folder of home-manager, or "" if it is not at hand.
func (in *inputs) homeManager() string {
	for _, n := range in.declared {
		if n.is("home-manager", "nix-community/home-manager") && n.dir != "" {
			return n.dir
		}
	}
	return ""
}

// isNixpkgs reports whether an input is a version of nixpkgs.
func (n *node) isNixpkgs() bool {
	if n.locked != nil && len(n.locked.Original) > 0 && n.locked.Original["type"] != "path" {
		return n.locked.Original.IsNixpkgs()
	}
	if ref, ok := flake.ParseRef(n.url); ok {
		return ref.IsNixpkgs()
	}
	return strings.HasPrefix(n.name[len(n.name)-1], "nixpkgs")
}

// is reports whether an input has a name, or an address with a part like it.
func (n *node) is(name, part string) bool {
	if n.name[len(n.name)-1] == name || strings.Contains(strings.ToLower(n.url), part) {
		return true
	}
	return n.locked != nil && strings.Contains(strings.ToLower(n.locked.Original.String()), part)
}

// plainFlakeModules are flakes whose modules for flake-parts do not look for
// the inputs of the flake that uses them, by a part of their address.
var plainFlakeModules = []string{
	"hercules-ci/flake-parts", "numtide/treefmt-nix", "numtide/devshell", "cachix/git-hooks.nix", "cachix/pre-commit-hooks.nix",
	"nix-community/home-manager", "nix-community/disko", "nix-community/nixvim", "vic/import-tree", "srid/flake-root", "srid/haskell-flake",
	"platonic-systems/mission-control", "platonic-systems/process-compose-flake", "juspay/just-flake", "nicknovitski/make-shell",
	"oddlama/agenix-rekey", "hercules-ci/hercules-ci-effects", "mightyiam/files", "nix-community/flake-compat",
}

// PlainFlakeModules reports whether the modules that flake-parts gets, if it is
// used, certainly do not look for inputs by names that the repository does not
// mention.
func (m *Model) PlainFlakeModules() bool {
	if m.flakeModules == nil {
		return true
	}
	e := m.flakeModules
	if e.Unsure {
		return false
	}
	if slices.ContainsFunc(e.Unknown, func(u *eval.Unknown) bool { return !m.isPlainModule(u) }) {
		return false
	}
	for _, mod := range e.Modules {
		if _, own := m.Repo.rel(mod.File); mod.File != "" && !own && !strings.HasPrefix(mod.File, frameworkFolder) && !m.inputs.isPlain(m.inputs.around(mod.File)) {
			return false
		}
	}
	return true
}

// isPlainModule reports whether a module that is not at hand is one of
// plainFlakeModules.
func (m *Model) isPlainModule(u *eval.Unknown) bool {
	for u.Func != nil {
		u = u.Func
	}
	u = u.Cause()
	return len(u.Path) > 1 && u.Path[0] == "inputs" && m.inputs.isPlain(m.inputs.declared[u.Path[1]])
}

// isPlain reports whether an input is among plainFlakeModules.
func (in *inputs) isPlain(n *node) bool {
	return n != nil && slices.ContainsFunc(plainFlakeModules, func(part string) bool { return n.is("", part) })
}

// around returns the input that a file is of, or nil.
func (in *inputs) around(file string) *node {
	name, _ := in.holding(file)
	return in.declared[name]
}

// holding returns the name of the input that a file is of, and its folder.
func (in *inputs) holding(file string) (name, dir string) {
	for n, d := range in.declared {
		if d.dir == "" || !strings.HasPrefix(file, d.dir+"/") {
			continue
		}
		if len(d.dir) > len(dir) || len(d.dir) == len(dir) && n < name {
			name, dir = n, d.dir
		}
	}
	return name, dir
}

// mayDeclare reports whether a module of an input that is not at hand may declare
// options below a name: if the name is a word of the module's name or of the
// input's address.
func (in *inputs) mayDeclare(u *eval.Unknown, root string) bool {
	for u.Func != nil {
		u = u.Func
	}
	u = u.Cause()
	if len(u.Path) < 2 || u.Path[0] != "inputs" {
		return false
	}
	words := slices.Clone(u.Path[1:])
	if n := in.declared[u.Path[1]]; n != nil {
		words = append(words, n.address())
	}
	separator := func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	return slices.ContainsFunc(words, func(w string) bool {
		return slices.ContainsFunc(strings.FieldsFunc(w, separator), func(word string) bool { return strings.EqualFold(word, root) })
	})
}

// address is where an input comes from, as far as it is written.
func (n *node) address() string {
	if n.url == "" && n.locked != nil {
		return n.locked.Original.String()
	}
	return n.url
}
