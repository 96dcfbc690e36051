package repo

import (
	"path"
	"sync"
)

// recorder is a source that notes what evaluation has looked at.
type recorder struct {
	source
	read   map[string]bool // files read as text, relative to the root
	listed map[string]bool // folders listed, relative to the root

	tracked func() *Tracked // what git tracks, if the repository is a flake in it
}

func newRecorder(r *Repo) recorder {
	tracked := sync.OnceValue(func() *Tracked {
		if t := r.Tracked(); t != nil && t.Has("flake.nix") {
			return t
		}
		return nil
	})
	return recorder{r.source.copy(), make(map[string]bool), make(map[string]bool), tracked}
}

// ReadFile returns the text of a file.
func (r recorder) ReadFile(p string) (string, error) {
	if rel, ok := r.repo.rel(p); ok {
		r.read[rel] = true
	}
	return r.source.ReadFile(p)
}

// ReadDir lists a folder.
func (r recorder) ReadDir(p string) (map[string]string, error) {
	if rel, ok := r.repo.rel(p); ok {
		r.listed[rel] = true
	}
	entries, err := r.source.ReadDir(p)
	for name := range entries {
		if r.Hidden(path.Join(p, name)) {
			delete(entries, name)
		}
	}
	return entries, err
}

// Hidden reports whether a file is no part of the flake because git ignores
// it. One that merely has not been added yet is taken to be one: it soon will
// be, and a rule of its own speaks of it.
func (r recorder) Hidden(p string) bool {
	rel, ok := r.repo.rel(p)
	if !ok || rel == "." || r.repo.Has(rel) {
		return false // files of the repository's list are not ignored
	}
	t := r.tracked()
	if t == nil || t.Has(rel) {
		return false
	}
	if r.repo.Entry(rel) == DirEntry {
		rel += "/." // as something in it
	}
	return r.repo.Ignored(rel)
}

// Read reports whether evaluation has read a file as text, and not as Nix.
func (m *Model) Read(p string) bool { return m.seen.read[p] }

// Listed reports whether evaluation has listed a folder.
func (m *Model) Listed(p string) bool { return m.seen.listed[p] }
