package repo

import (
	"maps"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/flake"
	"github.com/nixlint/nixlint/parser"
)

// reads are what a computation has looked at in a repository. While all of it is the
// same, the computation would come to the same end.
type reads struct {
	nix     map[string]*File             // Nix files of the repository's list; nil if it is none
	texts   map[string]string            // files read as text, by absolute path; missing is one that could not be read
	folders map[string]map[string]string // folders listed, by absolute path
	kinds   map[string]string            // what stands at an absolute path
	links   map[string]string            // where the link at an absolute path leads
	hidden  map[string]bool              // what git keeps from the flake, by absolute path
	entries map[string]Entry
	ignored map[string]bool
	all     []*File         // all files, if they were asked for
	listed  []*File         // likewise, if only their paths were
	words   map[string]bool // whether a Nix file has a text
}

// missing stands for the text of a file that cannot be read: no file has it.
const missing = "\x00missing"

func newReads() *reads {
	return &reads{
		nix: make(map[string]*File), texts: make(map[string]string), folders: make(map[string]map[string]string),
		kinds: make(map[string]string), links: make(map[string]string), hidden: make(map[string]bool),
		entries: make(map[string]Entry), ignored: make(map[string]bool), words: make(map[string]bool),
	}
}

// Looked is what a computation has looked at in a repository.
type Looked struct {
	reads *reads
	at    *Repo
}

// Noting returns the repository for a computation that is not done again while what
// it looks at is the same. The list of files of that repository is empty: a
// computation that needs all files asks for them by All.
func (r *Repo) Noting() (*Repo, *Looked) {
	n := newReads()
	return r.noting(n), &Looked{n, r}
}

// Repo returns the repository as it was when Hold was last true, or at first, for more of
// the same computation.
func (l *Looked) Repo() *Repo { return l.at.noting(l.reads) }

// Hold reports whether another state of the repository is the same in all that was
// looked at.
func (l *Looked) Hold(r *Repo) bool {
	if l.at == r {
		return true
	}
	same, moved := l.reads.hold(l.at, r)
	if !same || len(moved) > 0 {
		return false
	}
	l.at = r
	return true
}

// noting returns the repository for a computation that notes in n what it looks at,
// unless that is nil. Its list of files is empty: what depends on all of them is no
// single computation.
func (r *Repo) noting(n *reads) *Repo {
	if n == nil {
		return r
	}
	return &Repo{Root: r.Root, prefix: r.prefix, all: r.all, byPath: r.byPath, overlay: r.overlay, options: r.options, source: r.source, code: r.code, disk: r.disk, words: r.words, reads: n}
}

// hold reports whether what was looked at in before is the same in now. moved are the
// files that say the same in another way: with other comments and blanks.
func (n *reads) hold(before, now *Repo) (same bool, moved []*File) {
	if !maps.Equal(before.options.Inputs, now.options.Inputs) {
		return false, nil
	}
	for p, f := range n.nix {
		other := now.byPath[p]
		if other == f {
			continue
		}
		if f == nil || other == nil || f.Err != nil || other.Err != nil || !sameMeaning(f.Tree, other.Tree) {
			return false, nil
		}
		moved = append(moved, other)
	}
	if n.all != nil && !slices.Equal(n.all, now.all) {
		return false, nil
	}
	if n.listed != nil && !slices.EqualFunc(n.listed, now.all, func(a, b *File) bool { return a.Path == b.Path }) {
		return false, nil
	}
	for text, has := range n.words {
		if now.Mentions(text) != has {
			return false, nil
		}
	}
	for p, text := range n.texts {
		rel, own := now.rel(p)
		if _, open := now.overlay[rel]; before.disk == now.disk && !(own && open) {
			if _, open := before.overlay[rel]; !(own && open) {
				continue
			}
		}
		if now.textAt(p) != text {
			return false, nil
		}
	}
	if before.disk == now.disk {
		return true, moved
	}
	for p, kind := range n.kinds {
		if now.kind(p) != kind {
			return false, nil
		}
	}
	for p, target := range n.links {
		if now.link(p) != target {
			return false, nil
		}
	}
	for p, e := range n.entries {
		if now.Entry(p) != e {
			return false, nil
		}
	}
	for p, ignored := range n.ignored {
		if now.Ignored(p) != ignored {
			return false, nil
		}
	}
	rec := newRecorder(now, newReads())
	for p, hidden := range n.hidden {
		if rec.Hidden(p) != hidden {
			return false, nil
		}
	}
	for p, entries := range n.folders {
		if list, err := now.source.ReadDir(p); err != nil && entries != nil || !maps.Equal(list, entries) {
			return false, nil
		}
	}
	return true, moved
}

// textAt returns the text of a file by its absolute path.
func (r *Repo) textAt(p string) string {
	if rel, ok := r.rel(p); ok {
		if f := r.byPath[rel]; f != nil && f.Err == nil {
			return f.Text
		}
	}
	text, err := r.source.ReadFile(p)
	if err != nil {
		return missing
	}
	return text
}

// sameMeaning reports whether two trees differ in comments and blanks alone, so that
// their nodes are the same, and do not ask where they stand.
func sameMeaning(a, b *parser.Tree) bool {
	if a.TokenCount() != b.TokenCount() || a.NodeCount() != b.NodeCount() || len(a.Errors()) > 0 || len(b.Errors()) > 0 {
		return false
	}
	for i := range a.TokenCount() {
		if x, y := a.Token(i), b.Token(i); x.Kind() != y.Kind() || x.Text() != y.Text() || x.Text() == "__curPos" {
			return false
		}
	}
	return true
}

// isStore reports whether an absolute path is in the store, where nothing changes.
func (r *Repo) isStore(p string) bool {
	store := r.options.Store
	if store == "" {
		store = flake.StoreDir
	}
	return strings.HasPrefix(p, store+"/")
}
