package rules

import (
	"slices"
	"sync"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/parallel"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// Shared is what checks of one repository in different states have in common. One
// check at a time uses it.
type Shared struct {
	// Model returns the model of the state that is checked, of which hosts may still be
	// to be evaluated. It is asked for only if a rule needs it.
	Model func() *repo.Model
	// Open tells which files are open in an editor: hosts that import one of them are
	// evaluated first. It may be nil.
	Open func(path string) bool
	// Lock guards the model, if others use it meanwhile: it is held while a rule looks
	// at the model, and not between two rules. Rules that look at different parts of the
	// model share it.
	Lock *sync.RWMutex
	// Remember is set if the next check need not do again what an edit does not concern.
	Remember bool
	// Workers look at files, or at hosts.
	Workers parallel.Workers

	mu    sync.Mutex // guards files, hosts and the maps, not what they hold
	files map[string]*fileMemory
	reads *readIndex                // of the files that were checked last
	hosts map[*repo.Model]*hostView // by the part of the model
}

// fileMemory is what is known of one file.
type fileMemory struct {
	file *repo.File

	namesOnce sync.Once
	names     *scope.Names

	knownMu sync.Mutex // guards known
	known   []knownOfFile

	// result is what the rules about single files found under some settings, having
	// looked at what looked says.
	settings *config.Settings
	looked   *repo.Looked
	result   result
}

// lock returns Lock, or one that nobody else has.
func (s *Shared) lock() *sync.RWMutex {
	if s.Lock != nil {
		return s.Lock
	}
	return new(sync.RWMutex)
}

// memory returns what is known of a file.
func (s *Shared) memory(f *repo.File) *fileMemory {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.files[f.Path]
	if m == nil || m.file != f {
		m = &fileMemory{file: f}
		s.files[f.Path] = m
	}
	return m
}

// begin makes room for what will be known of the files of a repository, and drops what is
// known of files that are no more.
func (s *Shared) begin(r *repo.Repo, files int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files == nil {
		s.files = make(map[string]*fileMemory, files)
	}
	for p := range s.files {
		if r.File(p) == nil {
			delete(s.files, p)
		}
	}
}

// checkFile is the plan's. If it is remembered it is done again only if something is
// different.
func (s *Shared) checkFile(p *plan, r *repo.Repo, f *repo.File) result {
	m := s.memory(f)
	if !s.Remember {
		return p.checkFile(r, f, m.namesOf)
	}
	if m.looked == nil || m.settings != p.settings || !m.looked.Hold(r) {
		var view *repo.Repo
		view, m.looked = r.Noting()
		m.settings = p.settings
		m.result = p.checkFile(view, f, m.namesOf)
	}
	out := m.result
	out.found = slices.Clip(out.found)
	if len(out.directives) > 0 {
		out.directives = diagnostic.Directives(f.Tree) // they note what they keep back
	}
	return out
}

// namesOf returns what the names in the file mean.
func (m *fileMemory) namesOf(t *parser.Tree) *scope.Names {
	m.namesOnce.Do(func() { m.names = scope.Resolve(t) })
	return m.names
}
