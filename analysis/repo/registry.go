package repo

import (
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/parser"
)

// Registry is an argument of modules that names files of the repository: a set
// whose leaves, at any depth, are paths into it.
type Registry struct {
	Name    string // of the argument, `modules` in the documented pattern
	Set     *eval.Attrs
	Entries []RegistryEntry // in the order of their names
	ev      *eval.Evaluator
	// sets holds every set in the registry that leads to an entry, with its
	// path from the argument on.
	sets map[*eval.Attrs]setPlace
}

// Evaluator returns the evaluator of the registry's values.
func (r *Registry) Evaluator() *eval.Evaluator { return r.ev }

// setPlace says where in a registry a set is.
type setPlace struct {
	path []string
	at   eval.Place // the attribute that holds it
}

// RegistryEntry is one leaf of a registry.
type RegistryEntry struct {
	Key    []string   // attribute names, the argument's first
	At     eval.Place // the attribute's name where it is defined
	Value  eval.Place // its value; may be invalid
	Target string     // relative to the root
}

// Path returns the key as it is written in a module.
func (e RegistryEntry) Path() string { return strings.Join(e.Key, ".") }

// Registries returns the registries among the arguments of an evaluation, and
// the flake's own modules, which are reached through self. The flake's inputs
// and lib are none.
func (m *Model) Registries(e *Evaluation) []*Registry {
	m = e.model
	var out []*Registry
	for _, a := range e.Args.Entries {
		if IsCommonArgument(a.Name) {
			continue
		}
		if r := m.registry(a.Name, a); r != nil {
			out = append(out, r)
		}
	}
	if m.self != nil {
		for _, name := range flakeRegistries {
			if a := m.self.Get(name); a != nil {
				if r := m.registry("self."+name, *a); r != nil {
					out = append(out, r)
				}
			}
		}
	}
	return out
}

// flakeRegistries are the outputs by which flakes hand out modules.
var flakeRegistries = []string{"nixosModules", "homeModules", "homeManagerModules"}

// registry reads the registry that an attribute holds, once. It returns nil if
// the attribute holds none.
func (m *Model) registry(name string, a eval.Attr) *Registry {
	set, ok := m.ev.Force(a.Value).(*eval.Attrs)
	if !ok || isWhole(set) {
		return nil
	}
	r := m.registries[set]
	if r == nil {
		r = &Registry{Name: name, Set: set, ev: m.ev, sets: make(map[*eval.Attrs]setPlace)}
		m.readRegistry(r, set, setPlace{[]string{name}, a.At}, make(map[*eval.Attrs]bool))
		if m.registries == nil {
			m.registries = make(map[*eval.Attrs]*Registry)
		}
		m.registries[set] = r
	}
	if len(r.Entries) == 0 {
		return nil
	}
	return r
}

// isWhole reports whether a set is a flake, what one outputs, or a system that
// it builds. Paths in it are of all kinds.
func isWhole(set *eval.Attrs) bool {
	return slices.ContainsFunc([]string{"outPath", "nixosConfigurations", "homeConfigurations", "extendModules"},
		func(name string) bool { return set.Get(name) != nil })
}

// readRegistry collects the entries below a set and reports whether there are
// any.
func (m *Model) readRegistry(r *Registry, set *eval.Attrs, place setPlace, above map[*eval.Attrs]bool) bool {
	if above[set] || len(place.path) > maxRegistryDepth || isWhole(set) {
		return false
	}
	above[set] = true
	defer delete(above, set)
	found := false
	for _, a := range set.Entries {
		if len(place.path) == 1 && slices.Contains(builtOutputs, a.Name) {
			continue
		}
		key := append(slices.Clone(place.path), a.Name)
		value := m.unwrap(a.Value)
		switch v := m.ev.Force(value).(type) {
		case *eval.Attrs:
			if v.Get("outPath") != nil || v.Get("_type") != nil {
				continue // an input, a package, an option, a system
			}
			found = m.readRegistry(r, v, setPlace{key, a.At}, above) || found
		case eval.Path, eval.String:
			p, _ := m.ev.Coerce(v, a.At).(eval.String)
			target, ok := m.Repo.rel(path.Clean(string(p)))
			if !ok || target == "." {
				continue
			}
			r.Entries = append(r.Entries, RegistryEntry{Key: key, At: a.At, Value: value.At(), Target: target})
			found = true
		case *eval.Lambda:
			// `import ./x.nix`: the function is the whole of a file.
			if at := v.At(); at.Syntax() == parser.Unparen(at.File.Tree.Expr()) {
				if target, ok := m.Repo.rel(at.File.Path); ok {
					r.Entries = append(r.Entries, RegistryEntry{Key: key, At: a.At, Value: value.At(), Target: target})
					found = true
				}
			}
		}
	}
	if found {
		r.sets[set] = place
	}
	return found
}

// unwrap returns the module that a module, and perhaps another one in it, does nothing
// but import, as the one that flake-parts puts around each entry of flake.nixosModules;
// else the value itself.
func (m *Model) unwrap(value *eval.Thunk) *eval.Thunk {
	for range maxRegistryDepth {
		inner := m.onlyImport(value)
		if inner == value {
			break
		}
		value = inner
	}
	return value
}

// onlyImport takes one such module off a value.
func (m *Model) onlyImport(value *eval.Thunk) *eval.Thunk {
	set, ok := m.ev.Force(value).(*eval.Attrs)
	if !ok || set.Get("imports") == nil {
		return value
	}
	for _, a := range set.Entries {
		switch a.Name {
		case "imports", "_file", "_class", "key":
		default:
			return value
		}
	}
	imports, ok := m.ev.Force(set.Get("imports").Value).(*eval.List)
	if !ok || len(imports.Elems) != 1 {
		return value
	}
	return imports.Elems[0]
}

// builtOutputs are outputs of flakes that hold what is built of modules, and
// never name them. Looking through them would evaluate every host.
var builtOutputs = []string{
	"nixosConfigurations", "homeConfigurations", "darwinConfigurations", "packages", "legacyPackages", "checks", "devShells",
}

// maxRegistryDepth bounds the nesting of registries: sets may be endless.
const maxRegistryDepth = 12

// Lookup tells where in a registry a set is: its path from the argument on,
// and the attribute that holds it. ok is false for other sets.
func (r *Registry) Lookup(set *eval.Attrs) (key []string, at eval.Place, ok bool) {
	p, ok := r.sets[set]
	return p.path, p.at, ok
}

// Below returns the entries with a key that begins with the given one.
func (r *Registry) Below(key ...string) []RegistryEntry {
	start, _ := slices.BinarySearchFunc(r.Entries, key, func(e RegistryEntry, key []string) int { return slices.Compare(e.Key, key) })
	end := start
	for end < len(r.Entries) && len(r.Entries[end].Key) >= len(key) && slices.Equal(r.Entries[end].Key[:len(key)], key) {
		end++
	}
	return r.Entries[start:end]
}

// Folder returns the folder that all entries of the set with the given key lie
// in, or "" if they have none but the root in common.
func (r *Registry) Folder(key ...string) string {
	folder := ""
	for _, e := range r.Below(key...) {
		dir := path.Dir(e.Target)
		if folder == "" {
			folder = dir
		}
		for folder != dir && !strings.HasPrefix(dir, folder+"/") {
			if folder = path.Dir(folder); folder == "." {
				return ""
			}
		}
	}
	if folder == "." {
		return ""
	}
	return folder
}
