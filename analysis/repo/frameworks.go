package repo

import (
	"embed"
	"path"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

// frameworkFiles are what is known of flakes that others hand their whole
// configuration to. Each file is a function of what frameworkArgs gives, and
// returns attributes of the flake. They do no more than tell which hosts there
// are, of which modules, and with which arguments.
//
//go:embed frameworks/*.nix
var frameworkFiles embed.FS

// frameworks are the flakes that have a file, by a part of their
// address, and by the usual name of an input without one.
var frameworks = []struct{ name, address, file string }{
	{"flake-parts", "hercules-ci/flake-parts", "flake-parts"},
	{"import-tree", "/import-tree", "import-tree"},
	{"haumea", "nix-community/haumea", "haumea"},
	{"easy-hosts", "/easy-hosts", "easy-hosts"},
	{"nixos-unified", "srid/nixos-unified", "nixos-unified"},
	{"nixos-flake", "srid/nixos-flake", "nixos-unified"},
	{"blueprint", "numtide/blueprint", "blueprint"},
	{"snowfall-lib", "snowfallorg/lib", "snowfall"},
	{"clan-core", "/clan-core", "clan"},
	{"flake-utils-plus", "/flake-utils-plus", "flake-utils-plus"},
	{"flake-utils", "numtide/flake-utils", "flake-utils"},
	{"adios-flake", "/adios-flake", "adios-flake"},
	{"lite-config", "/lite-config", "lite-config"},
}

// frameworkFolder is where evaluation takes frameworkFiles to be.
const frameworkFolder = "/frameworks/"

// framework returns what is known of an input that is one of frameworks, or nil.
func (in *inputs) framework(n *node) *eval.Attrs {
	for _, f := range frameworks {
		// A fork may do otherwise.
		address := strings.ToLower(n.address())
		if address == "" && n.name[len(n.name)-1] == f.name || strings.Contains(address, f.address) {
			set, _ := in.model.frameworkFile(n, f.file).(*eval.Attrs)
			return set
		}
	}
	return nil
}

// frameworkFile calls one of frameworkFiles.
func (m *Model) frameworkFile(n *node, name string) eval.Value {
	text, err := frameworkFiles.ReadFile(path.Join("frameworks", name+".nix"))
	if err != nil {
		return eval.NewUnknown(err.Error())
	}
	fn := m.ev.Eval(frameworkFolder+name+".nix", string(text))
	return m.ev.Call(fn, eval.Done(m.frameworkArgs(n)), eval.Place{})
}

// frameworkArgs are the arguments of frameworkFiles: nixpkgs' lib, the builders
// of systems, and what is unknown of the flake itself.
func (m *Model) frameworkArgs(n *node) *eval.Attrs {
	inside := func(names ...string) eval.Value {
		return eval.NewUnknown("the input is not at hand", append(n.path(), names...)...)
	}
	return eval.NewAttrs(map[string]eval.Value{
		"lib":                      m.lib(),
		"nixosSystem":              m.builder("nixosSystem", ""),
		"darwinSystem":             m.builder("darwinSystem", ""),
		"homeManagerConfiguration": m.builder("homeManagerConfiguration", ""),
		"mkFlake":                  &eval.Native{Name: "mkFlake", Arity: 2, Call: m.mkFlake},
		"pkgs":                     m.packages("", "pkgs"),
		// A function: the n-th part of the flake that is not known.
		"unknown": &eval.Native{Name: "unknown", Arity: 1, Call: func(ev *eval.Evaluator, args []*eval.Thunk, _ eval.Place) eval.Value {
			name, _ := ev.Force(args[0]).(eval.String)
			return inside(string(name))
		}},
	})
}

// withFramework puts what is known of a framework into what is known of the
// input. One that is at hand speaks for itself, but for the function that
// evaluates modules for flake-parts.
func (in *inputs) withFramework(n *node, known, f *eval.Attrs) *eval.Attrs {
	lib := f.Get("lib")
	if known.Get("outputs") == nil {
		known = eval.Update(&eval.Attrs{Entries: known.Entries, Rest: known.Rest}, &eval.Attrs{Entries: f.Entries})
		if set, ok := in.model.ev.Select(f, "lib", eval.Place{}).(*eval.Attrs); ok && lib != nil {
			rest := eval.NewUnknown("the input is not at hand", append(n.path(), "lib")...)
			known = put(known, map[string]eval.Value{"lib": &eval.Attrs{Entries: set.Entries, Rest: rest}})
		}
		return known
	}
	if lib == nil || f.Get("module") == nil {
		return known
	}
	old := known.Get("lib")
	if old == nil {
		return known
	}
	later := eval.LaterAt(old.Value, func(ev *eval.Evaluator) eval.Value {
		return ev.Update(ev.Force(old.Value), ev.Force(lib.Value), eval.Place{}, eval.Place{})
	})
	return eval.Update(known, &eval.Attrs{Entries: []eval.Attr{{Name: "lib", Value: later, At: old.At}}})
}

// fileNotAtHand is what is known of a file of an input that is not at hand, or of
// something made of one; nil if that is nothing.
func (in *inputs) fileNotAtHand(u *eval.Unknown) eval.Value {
	name := u.Path
	if len(name) == 0 {
		return nil
	}
	file := ""
	if last := name[len(name)-1]; strings.HasPrefix(last, "/") {
		file, name = strings.TrimSuffix(last, "/default.nix"), name[:len(name)-1]
	}
	if file == "/nixos/lib/eval-config.nix" {
		// Nixpkgs is often patched before.
		return in.model.builder("nixosSystem", "")
	}
	if len(name) > 0 && name[len(name)-1] == "outPath" {
		name = name[:len(name)-1]
	}
	if u.Func != nil || len(name) != 2 || name[0] != "inputs" || in.declared[name[1]] == nil {
		return nil
	}
	n := in.declared[name[1]]
	switch {
	case n.isNixpkgs() && file == "/lib":
		return in.model.lib()
	case n.isNixpkgs() && file == "":
		return &eval.Native{Name: "nixpkgs", Arity: 1, Call: func(*eval.Evaluator, []*eval.Thunk, eval.Place) eval.Value {
			return in.model.packages("", "pkgs")
		}}
	case file == "" && n.plain:
		if f := in.framework(n); f != nil {
			return f
		}
	}
	return nil
}
