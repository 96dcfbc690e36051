package symbol

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// Place is a range of a file of the repository, by its path relative to the root.
type Place struct {
	File string
	Span parser.Span
}

// View is the evaluated repository, as the module of a file sees it.
type View struct {
	Model *repo.Model
	// Evaluations are those that the file takes part in, with their hosts.
	Evaluations []In
}

// In is an evaluation of a host.
type In struct {
	Host *repo.Host
	*repo.Evaluation
}

// Label names an evaluation for people: its host, and the user of a home.
func (in In) Label() string {
	if in.User != "" && in.User != in.Host.Name {
		return in.Host.Name + " (" + in.User + ")"
	}
	return in.Host.Name
}

// ViewOf returns what the module of a file sees.
func ViewOf(m *repo.Model, file string) View {
	v := View{Model: m}
	for _, h := range slices.Concat(m.Hosts, m.Others) {
		for _, e := range h.Evaluations() {
			if e.Has(file) {
				v.Evaluations = append(v.Evaluations, In{h, e})
			}
		}
	}
	return v
}

// OptionPath returns the path of the option that a symbol names, if it may be one.
func (s Symbol) OptionPath() []string {
	switch {
	case s.Kind == Argument && (s.Root == "config" || s.Root == "options"):
		return s.Path
	case (s.Kind == Attribute || s.Kind == Variable) && len(s.Path) > 0:
		if s.Path[0] == "config" || s.Path[0] == "options" {
			return s.Path[1:]
		}
		return s.Path
	}
	return nil
}

// Option returns the option that a symbol names, in each evaluation that has it.
func (v View) Option(path []string) (out []Found) {
	if len(path) == 0 {
		return nil
	}
	for _, in := range v.Evaluations {
		if o, rest := in.Config.Option(path...); o != nil {
			found := Found{In: in, Option: o, Rest: rest}
			if len(rest) > 0 {
				found.inner = in.Config.OptionInside(path...)
			}
			out = append(out, found)
		}
	}
	return out
}

// Found is an option in an evaluation.
type Found struct {
	In
	Option *module.Option
	// Rest are the names of the path that lead into the option's value.
	Rest []string
	// inner is the option of a submodule that Rest ends at.
	inner *module.Option
}

// Named returns the option that the path as a whole names, which may be one of a submodule;
// nil if it leads into a value.
func (f Found) Named() *module.Option {
	if len(f.Rest) == 0 {
		return f.Option
	}
	return f.inner
}

// Nearest is Named, or else the option whose value the path leads into.
func (f Found) Nearest() *module.Option {
	if o := f.Named(); o != nil {
		return o
	}
	return f.Option
}

// IsOne reports whether the path leads to one value, and not to that of each element of a
// set or list.
func (f Found) IsOne() bool {
	return !slices.Contains(f.Rest, anyName) && (f.inner == nil || !slices.Contains(f.inner.Path, "*"))
}

// Key returns the entry of a registry that a symbol names, or the folder of entries
// that begin with its path.
func (v View) Key(s Symbol) (entry *repo.RegistryEntry, folder []repo.RegistryEntry) {
	if s.Kind != Argument {
		return nil, nil
	}
	return v.Registered(append([]string{s.Root}, s.Path...))
}

// Registered returns the entry of a registry with a key, or those below it.
func (v View) Registered(key []string) (entry *repo.RegistryEntry, folder []repo.RegistryEntry) {
	for _, r := range v.registries() {
		below := r.Below(key...)
		if len(below) > 0 && len(below[0].Key) == len(key) {
			return &below[0], nil
		}
		if len(below) > 0 {
			return nil, below
		}
	}
	return nil, nil
}

// registries returns those that the file's modules get; for files that are no module,
// those of all.
func (v View) registries() []*repo.Registry {
	if len(v.Evaluations) > 0 {
		return v.Model.Registries(v.Evaluations[0].Evaluation)
	}
	for _, e := range v.Model.Evaluations() {
		return v.Model.Registries(e)
	}
	return nil
}

// EntryAt returns the entry of a registry that is defined at a place.
func (v View) EntryAt(p Place) *repo.RegistryEntry {
	for _, r := range v.registries() {
		for i, e := range r.Entries {
			if e.At.IsValid() && v.Place(e.At) == p {
				return &r.Entries[i]
			}
		}
	}
	return nil
}

// Place turns a place of the evaluation into one of the repository; File is empty for
// others.
func (v View) Place(at eval.Place) Place {
	if !at.IsValid() || !v.Model.Own(at.File.Path) {
		return Place{}
	}
	return Place{v.Model.Rel(at.File), at.Span()}
}

// Value returns the value below an argument that an evaluation's modules get, and where
// it is defined. The value is nil if there is none.
func (v View) Value(in In, root string, path []string) (eval.Value, Place) {
	value, at := argument(in, root, path)
	return value, v.Place(at)
}

func argument(in In, root string, path []string) (value eval.Value, at eval.Place) {
	ev := in.Evaluator()
	value = in.Config.Arg(root)
	for _, name := range path {
		set, ok := value.(*eval.Attrs)
		if !ok {
			return nil, eval.Place{}
		}
		a := set.Get(name)
		if a == nil {
			return nil, eval.Place{}
		}
		at = a.At
		value = ev.Force(a.Value)
	}
	if _, wrong := value.(*eval.Error); wrong {
		return nil, at
	}
	return value, at
}

// Written returns the attribute of the repository that a symbol below an argument is; it is
// invalid if there is none.
func (v View) Written(s Symbol) eval.Place {
	for _, in := range v.Evaluations {
		if _, at := argument(in, s.Root, s.Path); at.IsValid() && v.Model.Own(at.File.Path) {
			return at
		}
	}
	return eval.Place{}
}

// Definitions returns where a symbol of a file is defined: the definition of a
// variable, the declaration of an option, the file of a registry's key, the target of
// a path.
func (v View) Definitions(f *repo.File, names *scope.Names, s Symbol) []Place {
	var out []Place
	add := func(p Place) {
		if p.File != "" && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	if path := s.OptionPath(); path != nil && s.Kind != Variable {
		for _, found := range v.Option(path) {
			for _, d := range found.Nearest().Declarations {
				add(v.Place(d.At))
			}
		}
		if out == nil {
			out = v.GroupPlaces(path)
		}
		if out != nil {
			return out
		}
	}
	switch s.Kind {
	case Variable:
		for node := range names.Places(s.Def) {
			add(Place{f.Path, node.Span()})
		}
	case File:
		if target := v.Model.Repo.ModuleFile(s.Target); target != "" {
			add(Place{File: target})
		} else if v.Model.Repo.Entry(s.Target) == repo.FileEntry {
			add(Place{File: s.Target})
		}
	case Argument:
		if entry, folder := v.Key(s); entry != nil {
			if target := v.Model.Repo.ModuleFile(entry.Target); target != "" {
				add(Place{File: target})
			}
		} else if len(folder) > 0 {
			add(v.Place(folder[0].At))
		}
		if s.Root != "config" && v.isPlain(s) {
			for _, in := range v.Evaluations {
				_, at := v.Value(in, s.Root, s.Path)
				add(at)
			}
			if sig := v.SignatureOf(s); len(out) == 0 && sig != nil {
				add(sig.At)
			}
		}
	case Attribute:
		if entry := v.EntryAt(Place{f.Path, s.Span}); entry != nil {
			if target := v.Model.Repo.ModuleFile(entry.Target); target != "" {
				add(Place{File: target})
			}
		}
	}
	return out
}

// isPlain reports whether a symbol is an argument's attribute and no registry's key.
func (v View) isPlain(s Symbol) bool {
	entry, folder := v.Key(s)
	return entry == nil && folder == nil
}

// Settings returns where the option that a symbol names gets its values, host by host.
func (v View) Settings(s Symbol) []Place {
	var out []Place
	for _, found := range v.Option(s.OptionPath()) {
		defs := found.Option.AllDefinitions()
		if len(found.Rest) > 0 {
			defs = found.Config.Definitions(s.OptionPath()...)
		}
		for _, d := range defs {
			if p := v.Place(d.At); p.File != "" && !d.Default && !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	for _, in := range v.Set(s.OptionPath()) {
		for _, p := range v.WrittenAt(in.Evaluation, s.OptionPath()) {
			if !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// EntryOf returns the entry of a registry that leads to a file, or nil.
func (v View) EntryOf(file string) *repo.RegistryEntry {
	for _, r := range v.registries() {
		for i, e := range r.Entries {
			if v.Model.Repo.ModuleFile(e.Target) == file {
				return &r.Entries[i]
			}
		}
	}
	return nil
}

// TypeOf returns where the type of what a symbol names is: the options of an option's
// submodules, the function that it is, the file of a module.
func (v View) TypeOf(f *repo.File, names *scope.Names, s Symbol) (out []Place) {
	add := func(p Place) {
		if p.File != "" && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	for _, found := range v.Option(s.OptionPath()) {
		o := found.Nearest()
		if o.Type() == nil {
			continue
		}
		in := o.Type().Inside(found.In.Evaluator(), o.Path)
		if in == nil {
			continue
		}
		for _, m := range in.Modules {
			if a := m.Attrs.Get("options"); a != nil {
				add(v.Place(a.At))
			}
		}
	}
	if len(out) > 0 {
		return out
	}
	if file := v.ModuleAt(f, s); file != "" {
		return []Place{{File: file}}
	}
	if s.Kind == Variable {
		if sig := SignatureOfDefinition(f, names, s.Def); sig != nil {
			add(sig.At)
		}
	} else if sig := v.SignatureOf(s); sig != nil {
		add(sig.At)
	}
	return out
}
