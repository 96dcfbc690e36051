package repo

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
)

// What stands for the modules of home-manager itself, and for its library.
var (
	homeManager = eval.NewUnknown("home-manager is not at hand", "inputs", "home-manager")
	homeLibrary = eval.NewUnknown("home-manager is not at hand", "inputs", "home-manager", "lib", "hm")
)

//go:embed stubs.nix
var stubsText string

// evaluateSystem evaluates the modules that nixosSystem is called with, or
// returns nil if it is called with none.
func (m *Model) evaluateSystem(nixpkgs string, call *eval.Attrs, at eval.Place) *module.Evaluation {
	modules := call.Get("modules")
	if modules == nil {
		return nil
	}
	special := m.setOf(call, "specialArgs")
	if call.Get("extraArgs") != nil || call.Rest != nil {
		special = &eval.Attrs{Entries: special.Entries, Rest: eval.NewUnknown("it may be given in another way", "args")}
	}
	modulesPath := eval.Value(eval.NewUnknown("nixpkgs is not at hand", "modulesPath"))
	if nixpkgs != "" {
		modulesPath = eval.String(nixpkgs + "/nixos/modules")
	}
	special = eval.Update(eval.NewAttrs(map[string]eval.Value{"modulesPath": modulesPath}), special)
	lib := eval.Done(m.lib())
	if l := call.Get("lib"); l != nil {
		lib = l.Value
	}
	list := m.moduleList(modules)
	own := m.ownModules(nixpkgs)
	if own != nil {
		list, _ = eval.Concat(own, list, at).(*eval.List)
	}
	given := m.given(nixpkgs)
	for _, name := range []string{"baseModules", "extraModules", "modules", "noUserModules"} {
		given = put(given, map[string]eval.Value{name: eval.NewUnknown("NixOS gives it to its own modules", "args", name)})
	}
	return module.Evaluate(m.ev, module.Input{
		Modules: list, At: placeOf(modules, at), Special: special, Given: given, Class: ClassNixOS, Lib: lib, Open: own == nil, Stubs: m.stubs(),
		MayDeclare: m.inputs.mayDeclare,
	})
}

// moduleList returns a list of modules; what is not known of it is unknown.
func (m *Model) moduleList(modules *eval.Attr) *eval.List {
	v := m.ev.Force(modules.Value)
	if list, ok := v.(*eval.List); ok {
		return list
	}
	return &eval.List{More: unknownOf(v)}
}

// ownModules returns the modules that every NixOS has, or nil if nixpkgs is not
// at hand.
func (m *Model) ownModules(nixpkgs string) *eval.List {
	file := nixpkgs + "/nixos/modules/module-list.nix"
	if nixpkgs == "" || m.ev.Resolve(file) == "" {
		return nil
	}
	list, ok := m.ev.Import(file, eval.Place{}).(*eval.List)
	if !ok || list.More != nil {
		return nil
	}
	return list
}

func unknownOf(v eval.Value) *eval.Unknown {
	switch v := v.(type) {
	case *eval.Unknown:
		return v
	case *eval.Error:
		return eval.NewUnknown(v.Message)
	}
	return eval.NewUnknown("it is no list of modules")
}

// given are the arguments that NixOS gives to modules, and what stubs ask for.
func (m *Model) given(nixpkgs string) *eval.Attrs {
	pkgs := m.packages(nixpkgs, "pkgs")
	homeModules := eval.Value(eval.NewUnknown("home-manager is not at hand", "modulesPath"))
	if dir := m.inputs.homeManager(); dir != "" {
		homeModules = eval.String(dir + "/modules")
	}
	return eval.NewAttrs(map[string]eval.Value{
		"pkgs":  pkgs,
		"utils": eval.NewUnknown("nixpkgs is not at hand", "utils"),
		"unknown": eval.NewAttrs(map[string]eval.Value{
			"pkgs":        pkgs,
			"modulesPath": homeModules,
			"homeManager": homeManager,
			"withHome":    &eval.Native{Name: "withHome", Arity: 1, Call: m.withHome},
		}),
	})
}

// withHome is the lib that home-manager gives to its modules: `lib // { hm = …; }`.
// It is the same value for all hosts with the same lib, so that what their users
// declare can be told to be the same.
func (m *Model) withHome(ev *eval.Evaluator, args []*eval.Thunk, at eval.Place) eval.Value {
	hm := eval.SetOf(eval.Attr{Name: "hm", Value: eval.Done(homeLibrary)})
	lib, ok := ev.Force(args[0]).(*eval.Attrs)
	if !ok {
		return ev.Update(ev.Force(args[0]), hm, at, at)
	}
	if m.homeLibs[lib] == nil {
		if m.homeLibs == nil {
			m.homeLibs = make(map[*eval.Attrs]*eval.Attrs)
		}
		m.homeLibs[lib] = eval.Update(lib, hm)
	}
	return m.homeLibs[lib]
}

// packages is what is known of a set of packages: where it comes from, if
// nixpkgs is at hand.
func (m *Model) packages(nixpkgs string, name ...string) *eval.Attrs {
	pkgs := eval.NewAttrs(map[string]eval.Value{"lib": m.lib()})
	if nixpkgs != "" {
		pkgs = put(pkgs, map[string]eval.Value{"path": eval.Path(nixpkgs)})
	}
	pkgs.Rest = eval.NewUnknown("packages are not evaluated", name...)
	return pkgs
}

// stubs are modules that stand for those of NixOS, the same for all hosts.
func (m *Model) stubs() *eval.List {
	if m.stubModules == nil {
		m.stubModules = eval.NewList(m.ev.Eval("/stubs.nix", stubsText))
	}
	return m.stubModules
}

// host makes a host of what stands in nixosConfigurations and its like, if it is
// the result of a nixosSystem and its like.
func (m *Model) host(name string, at eval.Place, v eval.Value) *Host {
	e := m.systemOf(v, at, 0)
	if e == nil {
		return nil
	}
	h := &Host{Name: name, At: at, model: m}
	h.System = &Evaluation{model: m, At: e.Input.At, Args: e.Input.Special.Without("modulesPath"), Closure: m.closureOf(e), Config: e}
	if e.Input.Class == ClassHome {
		h.System.User = h.user()
	} else {
		m.homes(h)
	}
	return h
}

// systemOf finds the evaluation that a value is the result of, or may be.
func (m *Model) systemOf(v eval.Value, at eval.Place, depth int) *module.Evaluation {
	switch v := v.(type) {
	case *eval.Attrs:
		if e := m.systems[v]; e != nil {
			return e
		}
		// Some put more beside it.
		if c := v.Get("config"); c != nil && v.Get("options") != nil {
			for _, e := range m.systems {
				if e.Is(m.ev.Force(c.Value)) {
					return e
				}
			}
		}
	case *eval.Unknown:
		// The nixosSystem of something that is not at hand.
		if v.Func != nil && len(v.Func.Path) > 0 && len(v.Args) > 0 {
			build := builders[v.Func.Path[len(v.Func.Path)-1]]
			if call, ok := m.ev.Force(v.Args[0]).(*eval.Attrs); ok && build != nil {
				return build(m, "", call, at)
			}
		}
		if depth > 5 {
			return nil
		}
		for _, t := range v.Maybe {
			if e := m.systemOf(m.ev.Force(t), at, depth+1); e != nil {
				return e
			}
		}
	}
	return nil
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

// homes finds the home-manager evaluations inside a host.
func (m *Model) homes(h *Host) {
	users := []string{"home-manager", "users"}
	e := h.System.Config
	at := make(map[string]eval.Place)
	for _, u := range m.possible(e.Value(users...)) {
		at[u.Name] = u.At
		m.possible(m.ev.Force(u.Value)) // which evaluates the user's modules
	}
	special := &eval.Attrs{}
	switch v := e.Value("home-manager", "extraSpecialArgs").(type) {
	case *eval.Attrs:
		special = v
	case *eval.Unknown:
		// Modules that are not at hand may give others.
		special = eval.SetOf(m.possible(v)...)
		special.Rest = v
	default:
		special.Rest = eval.NewUnknown("what home-manager hands to its modules cannot be evaluated", "args")
	}
	for _, inner := range e.Nested() {
		if p := inner.Input.Prefix; len(p) == 3 && slices.Equal(p[:2], users) {
			h.Homes = append(h.Homes, &Evaluation{model: m, User: p[2], At: at[p[2]], Args: special, Closure: m.closureOf(inner), Config: inner})
		}
	}
	slices.SortFunc(h.Homes, func(a, b *Evaluation) int { return strings.Compare(a.User, b.User) })
}

// possible lists the attributes that a set has, certainly or under conditions
// that are not known.
func (m *Model) possible(v eval.Value) []eval.Attr {
	var out []eval.Attr
	var u *eval.Unknown
	switch v := v.(type) {
	case *eval.Attrs:
		out, u = slices.Clone(v.Entries), v.Rest
	case *eval.Unknown:
		u = v
	}
	if u != nil {
		for _, t := range u.Maybe {
			out = append(out, m.possible(m.ev.Force(t))...)
		}
	}
	return out
}
