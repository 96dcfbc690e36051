package symbol

import (
	"cmp"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// Edge is an import of one module's file by another file.
type Edge struct {
	From string        // the file that has the element of the list
	To   string        // the module's file
	At   []parser.Span // the elements, in From
}

// edges collects imports, by the two files.
type edges map[[2]string]*Edge

func (e edges) add(from, to string, at parser.Span) {
	one := e[[2]string{from, to}]
	if one == nil {
		one = &Edge{From: from, To: to}
		e[[2]string{from, to}] = one
	}
	if !slices.Contains(one.At, at) {
		one.At = append(one.At, at)
	}
}

func (e edges) sorted() (out []Edge) {
	for _, one := range e {
		slices.SortFunc(one.At, func(a, b parser.Span) int { return cmp.Compare(a.Start, b.Start) })
		out = append(out, *one)
	}
	slices.SortFunc(out, func(a, b Edge) int {
		return cmp.Or(strings.Compare(a.From, b.From), strings.Compare(a.To, b.To))
	})
	return out
}

// Importers returns the imports of a module's file, by all hosts and homes, in the order of
// the files that they stand in.
func (v View) Importers(file string) []Edge {
	found := make(edges)
	v.imports(func(i *repo.Import, from string) {
		if i.Target == file {
			found.add(from, file, i.At.Span())
		}
	})
	return found.sorted()
}

// Imports returns what a file imports, by all hosts and homes, in the order of the files
// that it leads to.
func (v View) Imports(file string) []Edge {
	found := make(edges)
	v.imports(func(i *repo.Import, from string) {
		if from == file && i.Target != "" && !i.Outside {
			found.add(file, i.Target, i.At.Span())
		}
	})
	return found.sorted()
}

// imports calls use with all imports that stand in a file of the repository.
func (v View) imports(use func(i *repo.Import, from string)) {
	for _, e := range v.Model.Evaluations() {
		for _, i := range e.Imports {
			if p := v.Place(i.At); p.File != "" {
				use(i, p.File)
			}
		}
	}
}

// Importing counts the hosts and the homes that a module's file is part of.
func (v View) Importing(file string) (hosts, homes int) {
	for _, h := range slices.Concat(v.Model.Hosts, v.Model.Others) {
		if h.System.Has(file) {
			hosts++
		}
		for _, e := range h.Homes {
			if e.Has(file) {
				homes++
			}
		}
	}
	return hosts, homes
}

// ModuleName names a module's file for people: its key in a registry, else its path.
func (v View) ModuleName(file string) string {
	if e := v.EntryOf(file); e != nil {
		return e.Path()
	}
	return strings.TrimSuffix(filepath.ToSlash(file), "/default.nix")
}

// ModuleAt returns the file of the module that a symbol names: by its key in a registry, by
// its path, or as a host or user; empty if it names none.
func (v View) ModuleAt(f *repo.File, s Symbol) string {
	r := v.Model.Repo
	switch s.Kind {
	case File:
		return r.ModuleFile(s.Target)
	case Argument:
		if entry, _ := v.Key(s); entry != nil {
			return r.ModuleFile(entry.Target)
		}
	case Attribute:
		if entry := v.EntryAt(Place{f.Path, s.Span}); entry != nil {
			return r.ModuleFile(entry.Target)
		}
		for _, h := range v.Model.Hosts {
			if v.Place(h.At) == (Place{f.Path, s.Span}) {
				return ownFile(h)
			}
		}
		// A user is a name for a folder, as in `mira = ./mira;`.
		name := f.Tree.NodeAt(s.Span.Start)
		if b := name.Parent().Parent(); b.Is(parser.KindBinding) && name == name.Parent().LastChild() {
			if value := parser.Unparen(parser.Binding{Node: b}.Value()); value.Is(parser.KindPath) {
				if target, ok := repo.Target(f.Path, parser.Path{Node: value}); ok {
					return r.ModuleFile(target)
				}
			}
		}
	}
	return ""
}

// ownFile returns the file of a host that is called like it, or that is in a folder of its
// name; empty if there is none.
func ownFile(h *repo.Host) string {
	for _, file := range h.System.Files() {
		if strings.TrimSuffix(path.Base(file), ".nix") == h.Name || path.Base(file) == "default.nix" && path.Base(path.Dir(file)) == h.Name {
			return file
		}
	}
	return ""
}
