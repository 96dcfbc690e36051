package repo

import (
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/gitignore"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/parser"
)

// MissingPath is a path into the repository at which there is nothing, found
// by evaluating what modules define.
type MissingPath struct {
	At   eval.Place
	Path string // relative to the root
}

// Bounds on how deep definitions are looked through, and on how many values.
const (
	maxDefinitionDepth = 30
	maxDefinitions     = 500_000
)

// MissingPaths evaluates all that the modules define, as far as it is known
// without the whole configuration, and returns the paths to nothing in it:
// values that are paths or texts of paths into the repository, and files that
// were to be read. It looks only once; the slice must not be changed.
func (m *Model) MissingPaths() []MissingPath {
	if !m.missingKnown {
		m.missing, m.missingKnown = m.findMissingPaths(), true
	}
	return m.missing
}

func (m *Model) findMissingPaths() []MissingPath {
	w := &pathWalker{model: m, sets: make(map[*eval.Attrs]bool)}
	for _, e := range m.Evaluations() {
		for _, mod := range e.Modules {
			if !mod.Certain {
				continue
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
	sets  map[*eval.Attrs]bool
	count int
	found []MissingPath
}

func (w *pathWalker) thunk(t *eval.Thunk, depth int) {
	if w.count++; depth > maxDefinitionDepth || w.count > maxDefinitions {
		return
	}
	switch v := w.model.ev.Force(t).(type) {
	case *eval.Error:
		if v.Kind == eval.ErrorMissingFile {
			if rel, ok := w.model.Repo.rel(v.Attr); ok {
				w.found = append(w.found, MissingPath{v.At, rel})
			}
		}
	case eval.Path:
		w.path(string(v), t.At())
	case eval.String:
		if strings.HasPrefix(string(v), "/") && !strings.ContainsAny(string(v), " \n:") && inStore(t.At()) {
			w.path(path.Clean(string(v)), t.At())
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
		if w.model.propertyType(v) == "if" && w.model.ev.Select(v, "condition", eval.Place{}) != eval.Value(eval.Bool(true)) {
			return // what stands under a condition may be there for another machine
		}
		for _, a := range v.Entries {
			w.thunk(a.Value, depth+1)
		}
	}
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
	if ok && at.IsValid() && w.model.Repo.Entry(rel) == NoEntry {
		w.found = append(w.found, MissingPath{at, rel})
	}
}

// Ignored reports whether git ignores a path, which need not exist.
func (r *Repo) Ignored(p string) bool {
	patterns := readIgnoreFile(filepath.Join(r.Root, ".git", "info", "exclude"), nil)
	parts := strings.Split(p, "/")
	for i := range parts {
		dir := filepath.Join(r.Root, filepath.Join(parts[:i]...))
		if _, err := os.Lstat(filepath.Join(dir, ".gitignore")); err == nil {
			patterns = readIgnoreFile(filepath.Join(dir, ".gitignore"), parts[:i:i], patterns...)
		}
		if len(patterns) > 0 && gitignore.NewMatcher(patterns).Match(parts[:i+1], i < len(parts)-1) {
			return true
		}
	}
	return false
}
