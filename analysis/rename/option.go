package rename

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// Target is an option of the repository, a group of such, or a key of a registry, as a symbol
// of a file names it.
type Target struct {
	// Entry is that of the key, if it is one of a module.
	Entry *repo.RegistryEntry

	view  symbol.View
	file  string
	sym   symbol.Symbol
	key   []string // of a registry; nil for options
	group bool
}

// TargetOf returns what a symbol of a file names that a repository can give another name; ok
// is false for other symbols.
func TargetOf(v symbol.View, file string, sym symbol.Symbol) (t Target, ok bool) {
	t = Target{view: v, file: file, sym: sym}
	entry, folder := v.Key(sym)
	key := slices.Concat([]string{sym.Root}, sym.Path)
	if e := v.EntryAt(symbol.Place{File: file, Span: sym.Span}); e != nil {
		entry, key = e, e.Key
	}
	if entry != nil || len(folder) > 0 {
		t.Entry, t.key = entry, key
		return t, true
	}
	for _, found := range v.Option(sym.OptionPath()) {
		if o := found.Named(); o != nil && isOwn(v, o) {
			if sym.Kind == symbol.Variable {
				t.sym.Kind = symbol.Attribute // of a recursive set
			}
			return t, true
		}
	}
	if sym.Kind == symbol.Variable {
		return t, false
	}
	path := sym.OptionPath()
	group := v.Group(path)
	t.group = len(group) > 0 && !slices.ContainsFunc(group, func(o *module.Option) bool { return !isOwn(v, o) }) && len(v.GroupPlaces(path)) > 0 &&
		!slices.ContainsFunc(v.Evaluations, func(in symbol.In) bool { return in.Config.IsMixed(path...) })
	return t, t.group
}

// isOwn reports whether an option is declared in the repository and nowhere else.
func isOwn(v symbol.View, o *module.Option) bool {
	return len(o.Declarations) > 0 && !slices.ContainsFunc(o.Declarations, func(d module.Declaration) bool { return v.Place(d.At).File == "" })
}

// isTaken reports whether there is something of a name beside the target.
func (t Target) isTaken(name string) bool {
	v, path := t.view, t.sym.OptionPath()
	if t.key != nil {
		entry, folder := v.Registered(beside(t.key, name))
		return entry != nil || len(folder) > 0
	}
	if t.group {
		return slices.ContainsFunc(v.Evaluations, func(in symbol.In) bool { return len(in.Config.Declared(beside(path, name)...)) > 0 })
	}
	for _, found := range v.Option(path) {
		o := found.Named()
		if o.HasBeside(name) {
			return true
		}
		for other := range v.Model.Instances(o) {
			if other.HasBeside(name) {
				return true
			}
		}
	}
	return false
}

// beside returns a path with another last name.
func beside(path []string, name string) []string {
	return append(slices.Clone(path[:len(path)-1]), name)
}

// Rename gives the target another name, wherever the repository names it. The error, which is
// for people, says what is in the way: the rename is never half of one.
func (t Target) Rename(fileOf func(string) *repo.File, namesOf func(string) *scope.Names, name string) ([]diagnostic.Edit, error) {
	if t.isTaken(name) {
		return nil, fmt.Errorf("there is a `%s` beside `%s` already", name, t.sym.Name)
	}
	r := renaming{t, fileOf, namesOf, name, t.view.Defined(t.sym.OptionPath())}
	places := t.view.References(fileOf(t.file), namesOf, t.sym, true)
	if t.key == nil && !t.group {
		if err := r.unsure(places); err != nil {
			return nil, err
		}
	}
	var edits []diagnostic.Edit
	for _, place := range places {
		of, err := r.at(place)
		if err != nil {
			return nil, err
		}
		edits = append(edits, of...)
	}
	return edits, nil
}

// renaming is a target that gets another name.
type renaming struct {
	Target
	fileOf  func(string) *repo.File
	namesOf func(string) *scope.Names
	name    string
	defined []symbol.Place // by what evaluation has seen
}

// where names a place for people.
func (r *renaming) where(p symbol.Place) string {
	line := parser.NewLines(r.fileOf(p.File).Text).Line(p.Span.Start)
	return p.File + ":" + strconv.Itoa(line+1)
}

// unsure is the error for places of which it is not known whether they name the option, or
// which do not name it alone.
func (r *renaming) unsure(places []symbol.Place) error {
	v, path := r.view, r.sym.OptionPath()
	for _, p := range places {
		if other := v.AlsoRead(p, path); other != nil {
			return fmt.Errorf("`%s` in %s reads `%s` too: it cannot be called otherwise for one of them", r.sym.Name, r.where(p), module.ShowOption(other))
		}
	}
	if maybe := v.MayName(r.namesOf, path, places); len(maybe) > 0 {
		return fmt.Errorf("`%s` in %s may be `%s`, and nothing tells: it would have to be renamed along", r.sym.Name, r.where(maybe[0]), module.ShowOption(path))
	}
	return nil
}

// at renames at a place. A name that an inherit takes over keeps what it is called there.
func (r *renaming) at(place symbol.Place) ([]diagnostic.Edit, error) {
	f, old := r.fileOf(place.File), r.sym.Name
	if f == nil {
		return nil, ErrChanged
	}
	n := f.Tree.NodeCovering(place.Span)
	e := diagnostic.Edit{File: place.File, Span: place.Span, Text: r.name}
	switch text := f.Text[place.Span.Start:place.Span.End]; {
	case n.Parent().Is(parser.KindInherit):
		return r.inherited(place, n)
	case n.Parent().Is(parser.KindFormal):
		return nil, fmt.Errorf("`%s` is taken by the pattern of a function in %s: select it there first", old, r.where(place))
	case text == `"`+old+`"`:
		e.Text = `"` + r.name + `"`
	case text != old:
		return nil, fmt.Errorf("`%s` is written as `%s` in %s", old, text, place.File)
	}
	names := r.namesOf(place.File)
	if d := names.DefinitionAt(n); d != scope.None && names.Definitions()[d].Uses > 0 {
		return nil, fmt.Errorf("`%s` is used by its name in the recursive set around it, in %s", old, r.where(place))
	}
	return []diagnostic.Edit{e}, nil
}

// inherited renames where an inherit names the target: it takes it from a set, defines it, or
// both.
func (r *renaming) inherited(place symbol.Place, n parser.Node) ([]diagnostic.Edit, error) {
	in, own := parser.Inherit{Node: n.Parent()}, n.Text()
	there := r.name
	if slices.Contains(r.defined, place) {
		if r.reads(place) {
			return []diagnostic.Edit{{File: place.File, Span: place.Span, Text: r.name}}, nil
		}
		own, there = r.name, own
	}
	binding := own + " = " + there + ";"
	if in.From().IsValid() {
		binding = inheritedAs(in, own, there)
	} else if own == n.Text() {
		return nil, fmt.Errorf("`%s` is inherited by its name in %s: write a binding in place of that first", r.sym.Name, r.where(place))
	}
	out, ok := takeOut(place.File, in, n, binding)
	if !ok {
		return nil, fmt.Errorf("`%s` is inherited beside a comment in %s: write a binding in place of that first", r.sym.Name, r.where(place))
	}
	return out, nil
}

// reads reports whether the name at a place reads the option.
func (r *renaming) reads(place symbol.Place) bool {
	f, names := r.fileOf(place.File), r.namesOf(place.File)
	v, sym := symbol.ViewOf(r.view.Model, place.File).Located(f, names, symbol.At(f, names, place.Span.Start))
	return sym.Kind == symbol.Argument && slices.ContainsFunc(v.Option(sym.OptionPath()), func(found symbol.Found) bool {
		return slices.ContainsFunc(r.view.Option(r.sym.OptionPath()), func(other symbol.Found) bool {
			a, b := found.Named(), other.Named()
			return a != nil && b != nil && a.Spot() == b.Spot()
		})
	})
}
