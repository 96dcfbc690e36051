package session

import (
	"context"
	"path/filepath"
	"sync"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// Snapshot is one state of a repository. It is safe for concurrent use.
type Snapshot struct {
	Repo     *repo.Repo
	Settings *config.Config
	// Number grows with each state of the repository.
	Number int

	files sync.Map // path to *fileFacts

	evaluation *evaluation // of all states of the repository

	checkMu  sync.Mutex // guards the rest
	found    []diagnostic.Diagnostic
	checkErr error
	checked  bool
}

// fileFacts is what has been found out about one file.
type fileFacts struct {
	linesOnce sync.Once
	lines     *parser.Lines
	namesOnce sync.Once
	names     *scope.Names
}

func (s *Snapshot) facts(path string) *fileFacts {
	if f, ok := s.files.Load(path); ok {
		return f.(*fileFacts)
	}
	f, _ := s.files.LoadOrStore(path, new(fileFacts))
	return f.(*fileFacts)
}

// File returns a Nix file by its path relative to the root, or nil.
func (s *Snapshot) File(path string) *repo.File { return s.Repo.File(path) }

// Lines returns the lines of any file of the repository. One that cannot be read
// is empty.
func (s *Snapshot) Lines(path string) *parser.Lines {
	f := s.facts(path)
	f.linesOnce.Do(func() {
		text, _ := s.Repo.Text(path)
		f.lines = parser.NewLines(text)
	})
	return f.lines
}

// Names returns what the names in a Nix file mean. The file must exist.
func (s *Snapshot) Names(path string) *scope.Names {
	f := s.facts(path)
	f.namesOnce.Do(func() { f.names = scope.Resolve(s.File(path).Tree) })
	return f.names
}

// Model calls use with the evaluation of the repository in this state. Other users of
// the repository's evaluation wait meanwhile.
func (s *Snapshot) Model(use func(*repo.Model)) {
	e := s.evaluation
	e.turn.Lock()
	defer e.turn.Unlock()
	e.bring(s)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.model.Reset() // each question has a budget of its own
	use(e.model)
}

// Check returns all findings in the repository, in canonical order. The error is
// that of a file of settings, or of the context if it ends before all is found.
// Evaluation begins with the hosts that import a file of which open is true.
func (s *Snapshot) Check(ctx context.Context, open func(path string) bool) ([]diagnostic.Diagnostic, error) {
	if s.Checked() {
		return s.found, s.checkErr
	}
	e := s.evaluation
	e.turn.Lock()
	defer e.turn.Unlock()
	if s.Checked() {
		return s.found, s.checkErr
	}
	found, err := e.check(ctx, s, open)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	s.checkMu.Lock()
	defer s.checkMu.Unlock()
	s.found, s.checkErr, s.checked = found, err, true
	return found, err
}

// Checked reports whether Check has its result already.
func (s *Snapshot) Checked() bool {
	s.checkMu.Lock()
	defer s.checkMu.Unlock()
	return s.checked
}

// CheckFile returns the findings that one file alone gives rise to.
func (s *Snapshot) CheckFile(path string) ([]diagnostic.Diagnostic, error) {
	f := s.File(path)
	if f == nil {
		return nil, nil
	}
	return rules.CheckFile(s.Repo, f, s.Settings)
}

// SettingsOf returns the settings for a file.
func (s *Snapshot) SettingsOf(path string) (*config.Settings, error) {
	return s.Settings.For(filepath.Join(s.Repo.Root, filepath.FromSlash(path)))
}
