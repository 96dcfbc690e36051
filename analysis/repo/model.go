package repo

import (
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

// Model is what the evaluation of a repository's flake tells about it. It is
// used by one goroutine at a time.
type Model struct {
	Repo  *Repo
	Hosts []*Host // sorted by name

	ev         *eval.Evaluator
	seen       recorder                  // the source, and what evaluation has looked at
	result     eval.Value                // what calling the flake's outputs gives, or why it cannot be called
	self       *eval.Attrs               // the flake's outputs; nil if there are none
	inputs     *inputs                   // of the flake
	registries map[*eval.Attrs]*Registry // by their set; nil until asked for
	paths      []DefinedPath             // paths in definitions
	pathsKnown bool                      // paths have been looked for
}

// Host is one machine that the flake builds.
type Host struct {
	Name string     // its attribute in nixosConfigurations
	At   eval.Place // that attribute
	// System is the evaluation of its NixOS modules, with the arguments they
	// get.
	System *Evaluation
	// Homes are the home-manager evaluations inside it, sorted by user.
	Homes []*Evaluation
}

// Evaluation is one evaluation of modules.
type Evaluation struct {
	User string      // the home-manager user; empty for NixOS
	At   eval.Place  // where its modules are listed
	Args *eval.Attrs // what specialArgs or extraSpecialArgs hold
	*Closure
}

// Model evaluates the repository's flake. A repository without flake.nix, or
// one whose hosts cannot be found, has a model without hosts.
func (r *Repo) Model() *Model {
	seen := newRecorder(r)
	m := &Model{Repo: r, ev: eval.New(seen, eval.DefaultLimits), seen: seen}
	m.inputs = m.newInputs()
	outputs := m.outputs()
	if outputs == nil {
		return m
	}
	hosts, ok := m.ev.Select(outputs, "nixosConfigurations", eval.Place{}).(*eval.Attrs)
	if !ok {
		return m
	}
	for _, a := range hosts.Entries {
		if h := m.host(a.Name, a.At, m.ev.Force(a.Value)); h != nil {
			m.Hosts = append(m.Hosts, h)
		}
	}
	return m
}

// Outputs returns what the flake's outputs are: a set, or an unknown or error
// that says why there is none. It is to be evaluated further by Evaluator.
func (m *Model) Outputs() eval.Value { return m.result }

// Evaluator returns the evaluator of the model's values.
func (m *Model) Evaluator() *eval.Evaluator { return m.ev }

// Evaluations returns all evaluations of modules, host by host.
func (m *Model) Evaluations() []*Evaluation {
	var out []*Evaluation
	for _, h := range m.Hosts {
		out = append(out, h.System)
		out = append(out, h.Homes...)
	}
	return out
}

// Rel returns the path of an evaluated file relative to the root.
func (m *Model) Rel(f *eval.File) string {
	rel, _ := m.Repo.rel(f.Path)
	return rel
}

// Imported returns the files that evaluation has imported, relative to the
// root.
func (m *Model) Imported() map[string]bool {
	out := make(map[string]bool)
	for p := range m.ev.Files() {
		if rel, ok := m.Repo.rel(p); ok {
			out[rel] = true
		}
	}
	return out
}

// outputs evaluates the flake's outputs, or returns nil.
func (m *Model) outputs() *eval.Attrs {
	if m.Repo.File("flake.nix") == nil {
		m.result = eval.NewUnknown("the repository has no flake.nix")
		return nil
	}
	root := cleanSlash(m.Repo.Root)
	m.result = m.ev.Import(path.Join(root, "flake.nix"), eval.Place{})
	flake, ok := m.result.(*eval.Attrs)
	if !ok {
		return nil
	}
	fn := flake.Get("outputs")
	if fn == nil {
		m.result = m.ev.Select(flake, "outputs", eval.Place{})
		return nil
	}
	m.result = m.inputs.callRoot(flake)
	m.self, _ = m.result.(*eval.Attrs)
	return m.self
}

// mkFlake models flake-parts.lib.mkFlake: the attributes that modules define
// under `flake` are outputs; what perSystem makes is unknown.
func (m *Model) mkFlake(ev *eval.Evaluator, args []*eval.Thunk, at eval.Place) eval.Value {
	call, ok := ev.Force(args[0]).(*eval.Attrs)
	if !ok {
		return eval.NewUnknown("mkFlake is called without a set")
	}
	inputs := ev.Select(call, "inputs", at)
	given := map[string]eval.Value{
		"inputs": inputs, "self": ev.Select(inputs, "self", at), "lib": m.lib(),
		"config": eval.NewUnknown("the flake's own configuration is not evaluated", "config"),
	}
	if special := call.Get("specialArgs"); special != nil {
		if set, ok := ev.Force(special.Value).(*eval.Attrs); ok {
			for _, a := range set.Entries {
				given[a.Name] = ev.Force(a.Value)
			}
		}
	}
	moduleArgs := eval.NewAttrs(given)
	moduleArgs.Rest = eval.NewUnknown("it is an argument that flake-parts makes", "args")
	c := m.collect(&eval.List{Elems: args[1:2]}, at, moduleArgs)
	out := &eval.Attrs{}
	defs, sure := m.Definitions(c, "flake")
	for _, d := range defs {
		if a, ok := d.Value.(*eval.Attrs); ok {
			out = m.mergeSets(out, a)
		} else {
			sure = false
		}
	}
	out = eval.Update(&eval.Attrs{}, out)
	rest := eval.NewUnknown("outputs for each system are not evaluated", "self")
	if sure {
		// perSystem makes packages, checks, devShells and the like, never hosts.
		if out.Get("nixosConfigurations") == nil {
			out = eval.Update(out, eval.NewAttrs(map[string]eval.Value{"nixosConfigurations": &eval.Attrs{}}))
		}
	}
	out.Rest = rest
	return out
}

// mergeSets merges definitions of one option that are sets, as deep as they are
// looked at: the flake's inputs are often among them, and hold themselves.
func (m *Model) mergeSets(a, b *eval.Attrs) *eval.Attrs {
	out := eval.Update(a, b)
	out.Entries = slices.Clone(out.Entries)
	for i, e := range out.Entries {
		x, y := a.Get(e.Name), b.Get(e.Name)
		if x == nil || y == nil {
			continue
		}
		out.Entries[i].Value = eval.Later(func(ev *eval.Evaluator) eval.Value {
			r := ev.Force(y.Value)
			if right, ok := r.(*eval.Attrs); ok {
				if left, ok := ev.Force(x.Value).(*eval.Attrs); ok && left != right {
					return m.mergeSets(left, right)
				}
			}
			return r
		})
	}
	return out
}

// host makes a host of what stands in nixosConfigurations, if it is the result
// of a nixosSystem.
func (m *Model) host(name string, at eval.Place, v eval.Value) *Host {
	u, ok := v.(*eval.Unknown)
	if !ok || u.Func == nil || len(u.Func.Path) == 0 || len(u.Args) == 0 {
		return nil
	}
	if last := u.Func.Path[len(u.Func.Path)-1]; last != "nixosSystem" {
		return nil
	}
	call, ok := m.ev.Force(u.Args[0]).(*eval.Attrs)
	if !ok {
		return nil
	}
	modules := call.Get("modules")
	if modules == nil {
		return nil
	}
	special := m.setOf(call, "specialArgs")
	if call.Get("extraArgs") != nil || call.Rest != nil {
		special = &eval.Attrs{Entries: special.Entries, Rest: eval.NewUnknown("it may be given in another way", "args")}
	}
	lib := m.lib()
	modulesPath := eval.Value(eval.NewUnknown("nixpkgs is not at hand", "modulesPath"))
	if dir := m.inputs.nixpkgsOf(u.Func); dir != "" {
		modulesPath = eval.String(dir + "/nixos/modules")
	}
	if l := call.Get("lib"); l != nil {
		lib = m.ev.Force(l.Value)
	}
	args := m.moduleArgs(special, map[string]eval.Value{
		"lib": lib, "pkgs": eval.NewUnknown("packages are not evaluated", "pkgs"),
		"modulesPath": modulesPath,
	})
	h := &Host{Name: name, At: at}
	h.System = &Evaluation{
		At: modules.At, Args: special,
		Closure: m.collect(m.ev.Force(modules.Value), modules.At, args),
	}
	m.homes(h, lib)
	return h
}

// setOf returns an attribute that is a set; what is not known of it is unknown.
func (m *Model) setOf(a *eval.Attrs, name string) *eval.Attrs {
	if x := a.Get(name); x != nil {
		switch v := m.ev.Force(x.Value).(type) {
		case *eval.Attrs:
			return v
		case *eval.Unknown:
			return &eval.Attrs{Rest: v}
		}
	}
	return &eval.Attrs{}
}

// moduleArgs makes the argument of modules: what the module system gives
// itself, then the special arguments. `_module.args` may add others.
func (m *Model) moduleArgs(special *eval.Attrs, own map[string]eval.Value) *eval.Attrs {
	own["config"] = eval.NewUnknown("the configuration as a whole is not evaluated", "config")
	own["options"] = eval.NewUnknown("the options as a whole are not evaluated", "options")
	args := eval.Update(eval.NewAttrs(own), special)
	args.Rest = eval.NewUnknown("it may be given by `_module.args`", "args")
	return args
}

// homes finds the home-manager evaluations inside a host.
func (m *Model) homes(h *Host, lib eval.Value) {
	special := &eval.Attrs{}
	defs, _ := m.Definitions(h.System.Closure, "home-manager", "extraSpecialArgs")
	for _, d := range defs {
		switch v := d.Value.(type) {
		case *eval.Attrs:
			special = m.mergeSets(special, v)
		case *eval.Unknown:
			special = &eval.Attrs{Entries: special.Entries, Rest: v}
		}
	}
	modulesPath := eval.Value(eval.NewUnknown("home-manager is not at hand", "modulesPath"))
	if dir := m.inputs.homeManager(); dir != "" {
		modulesPath = eval.String(dir + "/modules")
	}
	args := m.moduleArgs(special, map[string]eval.Value{
		"lib": lib, "pkgs": eval.NewUnknown("packages are not evaluated", "pkgs"),
		"osConfig":    eval.NewUnknown("the configuration as a whole is not evaluated", "config"),
		"modulesPath": modulesPath,
	})
	shared := &eval.List{}
	defs, _ = m.Definitions(h.System.Closure, "home-manager", "sharedModules")
	for _, d := range defs {
		if l, ok := d.Value.(*eval.List); ok {
			shared.Elems = append(shared.Elems, l.Elems...)
		}
	}
	byUser := make(map[string]*Evaluation)
	defs, _ = m.Definitions(h.System.Closure, "home-manager", "users")
	for _, d := range defs {
		users, ok := d.Value.(*eval.Attrs)
		if !ok {
			continue
		}
		for _, u := range users.Entries {
			e := byUser[u.Name]
			if e == nil {
				e = &Evaluation{User: u.Name, At: u.At, Args: special, Closure: m.collect(shared, u.At, args)}
				byUser[u.Name] = e
				h.Homes = append(h.Homes, e)
			}
			m.addHome(e, u, args, d.Certain)
		}
	}
	slices.SortFunc(h.Homes, func(a, b *Evaluation) int { return strings.Compare(a.User, b.User) })
}

// addHome adds the modules that define one user's home.
func (m *Model) addHome(e *Evaluation, u eval.Attr, args *eval.Attrs, certain bool) {
	var defs []Definition
	m.definitions(m.ev.Force(u.Value), Definition{At: u.At, Certain: certain}, nil, &defs)
	c := &collector{model: m, args: args, out: e.Closure, seen: make(map[string]bool)}
	for _, mod := range e.Modules {
		c.seen[mod.File] = true
	}
	at := u.Value.At()
	if !at.IsValid() {
		at = u.At
	}
	for _, d := range defs {
		switch v := d.Value.(type) {
		case *eval.Lambda:
			// `import ./home`: the module is the file's, wherever it is used.
			c.moduleOf(v, m.fileOf(v.At()), at, d.Certain)
		case *eval.Attrs, *eval.Native, *eval.Error:
			c.module(v, at, d.Certain)
		case eval.Path, eval.String:
			c.element(u.Value, at, d.Certain)
		case *eval.Unknown:
			if !external(v) {
				c.doubt(v)
			}
		}
	}
}

func (m *Model) fileOf(at eval.Place) string {
	if !at.IsValid() {
		return ""
	}
	return m.Rel(at.File)
}

func cleanSlash(p string) string { return path.Clean(strings.ReplaceAll(p, "\\", "/")) }
