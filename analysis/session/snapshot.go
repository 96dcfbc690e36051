package session

import (
	"path/filepath"
	"sync"
	"sync/atomic"

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

	checkOnce sync.Once // guards found and checkErr
	found     []diagnostic.Diagnostic
	checkErr  error
	checked   atomic.Bool

	modelMu sync.Mutex // guards model, which one goroutine at a time may use
	model   *repo.Model
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

// Model calls use with the evaluation of the repository. Other users of the
// snapshot's model wait meanwhile.
func (s *Snapshot) Model(use func(*repo.Model)) {
	s.modelMu.Lock()
	defer s.modelMu.Unlock()
	m := s.evaluated()
	m.Evaluator().Reset() // each question has a budget of its own
	use(m)
}

// evaluated returns the model. The caller holds modelMu.
func (s *Snapshot) evaluated() *repo.Model {
	if s.model == nil {
		s.model = s.Repo.Model()
	}
	return s.model
}

// Check returns all findings in the repository, in canonical order. The error is
// that of a file of settings.
func (s *Snapshot) Check() ([]diagnostic.Diagnostic, error) {
	s.checkOnce.Do(func() {
		s.modelMu.Lock()
		defer s.modelMu.Unlock()
		s.found, s.checkErr = rules.CheckWith(s.Repo, s.evaluated, s.Settings, 0)
		s.checked.Store(true)
	})
	return s.found, s.checkErr
}

// Checked reports whether Check has its result already.
func (s *Snapshot) Checked() bool { return s.checked.Load() }

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
