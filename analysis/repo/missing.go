package repo

import (
	"path"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/parser"
)

// DefinedPath is a path into the repository, found by evaluating what modules
// define.
type DefinedPath struct {
	At   eval.Place
	Path string // relative to the root
}

// Bounds on how deep definitions are looked through, and on how many values.
const (
	maxDefinitionDepth = 30
	maxDefinitions     = 500_000
)

// DefinedPaths evaluates all that the modules define, as far as it is known
// without the whole configuration, and returns the paths into the repository in
// it: values that are paths or texts of paths, and files that were to be read
// and do not exist. It looks only once; the slice must not be changed.
func (m *Model) DefinedPaths() []DefinedPath {
	if !m.pathsKnown {
		m.pathsKnown = true
		for _, p := range m.parts {
			if p.model != nil {
				m.paths = append(m.paths, p.model.DefinedPaths()...)
			}
		}
		if m.parts == nil {
			m.paths = m.findPaths()
		}
	}
	return m.paths
}

// MissingPaths returns those of DefinedPaths at which there is nothing.
func (m *Model) MissingPaths() (missing []DefinedPath) {
	if m.parts != nil {
		for _, part := range m.Parts() {
			missing = append(missing, part.MissingPaths()...)
		}
		return missing
	}
	for _, p := range m.DefinedPaths() {
		if m.seen.repo.Entry(p.Path) == NoEntry {
			missing = append(missing, p)
		}
	}
	return missing
}

// usualSets is about how many sets a module defines.
const usualSets = 4

func (m *Model) findPaths() []DefinedPath {
	modules := 0
	for _, e := range m.Evaluations() {
		modules += len(e.Modules)
	}
	w := &pathWalker{model: m, sets: make(map[*eval.Attrs]bool, usualSets*modules), judged: make(map[*eval.File][]uint8)}
	for _, e := range m.Evaluations() {
		for _, mod := range e.Modules {
			if !mod.Certain || mod.File == "" {
				continue // modules of inputs define no paths of the repository
			}
			for _, a := range mod.Attrs.Entries {
				switch a.Name {
				case "imports", "options", "_file", "key":
				default:
					w.thunk(a.Value, 0)
				}
			}
		}
	}
	return w.found
}

type pathWalker struct {
	model *Model
	// judged says of the nodes of each file what cannotBePath does: 0 if it has not
	// been asked, 1 for no and 2 for yes. All hosts have the same modules.
	judged map[*eval.File][]uint8
	last   *eval.File // the file asked about last
	ofLast []uint8
	sets   map[*eval.Attrs]bool
	count  int
	found  []DefinedPath
}

func (w *pathWalker) thunk(t *eval.Thunk, depth int) {
	if w.count++; depth > maxDefinitionDepth || w.count > maxDefinitions {
		return
	}
	if w.cannotBePath(t.At()) {
		return
	}
	v := w.model.ev.Force(t)
	// What another definition gives, through config, is looked at there.
	at := t.Origin().At()
	if !at.IsValid() {
		return
	}
	switch v := v.(type) {
	case *eval.Error:
		if v.Kind == eval.ErrorMissingFile {
			if rel, ok := w.model.Repo.rel(v.Attr); ok {
				w.found = append(w.found, DefinedPath{v.At, rel})
			}
		}
	case eval.Path:
		w.path(string(v), at)
	case eval.String:
		if strings.HasPrefix(string(v), "/") && !strings.ContainsAny(string(v), " \n:") && inStore(at) {
			w.path(path.Clean(string(v)), at)
		}
	case *eval.List:
		for _, e := range v.Elems {
			w.thunk(e, depth+1)
		}
	case *eval.Attrs:
		if w.sets[v] {
			return
		}
		w.sets[v] = true
		switch w.model.propertyType(v) {
		case "option-type":
			return
		case "if":
			if w.model.ev.Select(v, "condition", eval.Place{}) != eval.Value(eval.Bool(true)) {
				return // what stands under a condition may be there for another machine
			}
		}
		for _, a := range v.Entries {
			w.thunk(a.Value, depth+1)
		}
	}
}

// cannotBePath is the function of that name, asked once for each place.
func (w *pathWalker) cannotBePath(at eval.Place) bool {
	if !at.IsValid() {
		return false
	}
	if w.last != at.File {
		nodes := w.judged[at.File]
		if nodes == nil {
			nodes = make([]uint8, at.File.Tree.NodeCount())
			w.judged[at.File] = nodes
		}
		w.last, w.ofLast = at.File, nodes
	}
	verdict := &w.ofLast[at.Node]
	if *verdict == 0 {
		*verdict = 1
		if cannotBePath(at) {
			*verdict = 2
		}
	}
	return *verdict == 2
}

// cannotBePath reports whether an expression certainly is no path and needs
// none, by how it is written: texts that do not begin with an interpolation, and
// numbers. They need not be evaluated.
func cannotBePath(at eval.Place) bool {
	if !at.IsValid() {
		return false
	}
	n := parser.Unparen(at.Syntax())
	if n.Parent().Is(parser.KindAttrPath) {
		return false // the set that a path of names makes stands at a name
	}
	switch n.Kind() {
	case parser.KindInt, parser.KindFloat, parser.KindURI:
		return true
	case parser.KindString:
		if strings.HasPrefix(n.Text(), "\"${") {
			return false
		}
	case parser.KindIndString:
	default:
		return false
	}
	// It may read a file.
	for inner := range n.Preorder() {
		if inner.Is(parser.KindPath) {
			return false
		}
	}
	return true
}

// inStore reports whether a text is written as a string with the path of a
// source in it, such as "${self}/x". What toString makes of a path is a path
// for the running system, where anything may be.
func inStore(at eval.Place) bool {
	if !at.IsValid() {
		return false
	}
	n := parser.Unparen(at.Syntax())
	return n.Is(parser.KindString) && !strings.Contains(n.Text(), "toString")
}

func (w *pathWalker) path(p string, at eval.Place) {
	rel, ok := w.model.Repo.rel(p)
	if ok && at.IsValid() {
		w.found = append(w.found, DefinedPath{at, rel})
	}
}
