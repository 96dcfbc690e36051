package repo

import (
	"path"
	"sync"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/parser"
)

// recorder is the source of an evaluation. It notes what that looks at.
type recorder struct {
	reads *reads // nil if the evaluation follows no state and none follows it
	repo  *Repo  // notes in reads
	// source has the folders of the flake's inputs beside the repository.
	source source

	read   map[string]bool // files read as text, relative to the root
	listed map[string]bool // folders listed, relative to the root

	tracked func() *Tracked // what git tracks, if the repository is a flake in it
}

func newRecorder(r *Repo, n *reads) *recorder {
	rec := &recorder{reads: n, read: make(map[string]bool), listed: make(map[string]bool), source: source{disk: r.source.disk.Copy()}}
	rec.bind(r)
	return rec
}

// bind makes a state of the repository the one that is looked at.
func (r *recorder) bind(to *Repo) {
	r.repo = to.noting(r.reads)
	r.source = r.repo.sourceOn(r.source.disk)
	r.tracked = sync.OnceValue(func() *Tracked {
		if t := to.Tracked(); t != nil && t.Has("flake.nix") {
			return t
		}
		return nil
	})
}

// notes reports whether what is at a path is noted in reads, as it may change.
func (r *recorder) notes(p string) bool {
	if r.reads == nil {
		return false
	}
	_, own := r.repo.rel(p)
	return own || !r.repo.isStore(p)
}

// Allowed reports whether a path may be looked at.
func (r *recorder) Allowed(p string) bool { return r.source.Allowed(p) }

// Parse returns the tree of a file.
func (r *recorder) Parse(p string) (*parser.Tree, error) {
	if rel, ok := r.repo.rel(p); ok {
		if r.repo.File(rel) != nil {
			return r.source.Parse(p)
		}
	}
	text, err := r.text(p)
	if err != nil {
		return nil, err
	}
	return parser.Parse(text), nil
}

// ReadFile returns the text of a file.
func (r *recorder) ReadFile(p string) (string, error) {
	if rel, ok := r.repo.rel(p); ok {
		r.read[rel] = true
	}
	return r.text(p)
}

// text reads a file and notes it.
func (r *recorder) text(p string) (string, error) {
	var text string
	var err error
	rel, own := r.repo.rel(p)
	if own {
		text, own = r.repo.textOf(p, rel)
	}
	if !own {
		text, err = r.source.ReadFile(p)
	}
	switch {
	case !r.notes(p):
	case err != nil:
		r.reads.texts[p] = missing
	default:
		r.reads.texts[p] = text
	}
	return text, err
}

// ReadDir lists a folder.
func (r *recorder) ReadDir(p string) (map[string]string, error) {
	var all map[string]string
	if rel, ok := r.repo.rel(p); ok {
		r.listed[rel] = true
		all = r.repo.folder(p)
	}
	var err error
	if all == nil {
		all, err = r.source.ReadDir(p)
	}
	if r.notes(p) {
		r.reads.folders[p] = all
	}
	entries := make(map[string]string, len(all))
	for name, kind := range all {
		if !r.Hidden(path.Join(p, name)) {
			entries[name] = kind
		}
	}
	return entries, err
}

// Kind tells what stands at a path.
func (r *recorder) Kind(p string) string {
	if _, own := r.repo.rel(p); !own {
		kind := r.source.Kind(p)
		if r.notes(p) {
			r.reads.kinds[p] = kind
		}
		return kind
	}
	kind := r.repo.kind(p)
	if r.reads != nil {
		r.reads.kinds[p] = kind
	}
	if kind == "symlink" {
		return r.source.Kind(p) // it may lead into an input
	}
	return kind
}

// ReadLink tells where a link leads.
func (r *recorder) ReadLink(p string) string {
	if _, own := r.repo.rel(p); !own {
		return r.source.ReadLink(p)
	}
	target := r.repo.link(p)
	if r.reads != nil {
		r.reads.links[p] = target
	}
	return target
}

// Hidden reports whether a file is no part of the flake because git ignores
// it. One that merely has not been added yet is taken to be one: it soon will
// be, and a rule of its own speaks of it.
func (r *recorder) Hidden(p string) bool {
	rel, ok := r.repo.rel(p)
	if !ok || rel == "." || r.repo.Has(rel) {
		return false // files of the repository's list are not ignored
	}
	hidden := r.isHidden(rel)
	if r.reads != nil {
		r.reads.hidden[p] = hidden
	}
	return hidden
}

func (r *recorder) isHidden(rel string) bool {
	t := r.tracked()
	if t == nil || t.Has(rel) {
		return false
	}
	if r.repo.Entry(rel) == DirEntry {
		rel += "/." // as something in it
	}
	return r.repo.Ignored(rel)
}

var (
	_ eval.Source = (*recorder)(nil)
	_ eval.Linker = (*recorder)(nil)
	_ eval.Hider  = (*recorder)(nil)
)

// Mentions reports whether a text stands in some Nix file of the repository.
func (m *Model) Mentions(text string) bool { return m.seen.repo.Mentions(text) }

// Text returns the text of any file of the repository.
func (m *Model) Text(p string) (string, error) { return m.seen.repo.Text(p) }

// Read reports whether evaluation has read a file as text, and not as Nix.
func (m *Model) Read(p string) bool {
	return m.any(func(part *Model) bool { return part.seen.read[p] })
}

// Listed reports whether evaluation has listed a folder.
func (m *Model) Listed(p string) bool {
	return m.any(func(part *Model) bool { return part.seen.listed[p] })
}
