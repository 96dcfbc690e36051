package session

import (
	"maps"
	"os"
	"path/filepath"
	"sync"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
)

// Folder is a repository that is being edited. It is safe for concurrent use.
type Folder struct {
	Root    string // absolute
	jobs    int
	alone   bool
	unsaved bool

	mu      sync.Mutex // guards the rest
	options config.Options
	inputs  map[string]string
	texts   map[string]string // what is open in the editor, by relative path
	files   *settingsFiles    // of the current state; nil if they are to be read anew
	current *Snapshot
	settled *Snapshot // the newest that has been checked

	evaluation *evaluation
}

// Options say how a folder is looked at.
type Options struct {
	// Select, ExtendSelect and Ignore choose rules as the flags of that name do.
	Select, ExtendSelect, Ignore []string
	// Inputs are sources of the flake's inputs, as in repo.Options.
	Inputs map[string]string
	// Jobs is the number of files, or of hosts, looked at at once; 0 means one for each
	// processor. It counts when the folder is opened.
	Jobs int
	// Alone leaves out files that are not open in the editor, as in repo.Options. It counts
	// when the folder is opened.
	Alone bool
	// Unsaved is for what no file holds yet: the texts are all there is, no settings hold, and
	// the root is but a name. It counts when the folder is opened.
	Unsaved bool
}

// Open opens the repository with the given root, in which files with the given
// texts are open in the editor.
func Open(root string, texts map[string]string, o Options) (*Folder, error) {
	f := &Folder{Root: root, texts: maps.Clone(texts), jobs: o.Jobs, alone: o.Alone, unsaved: o.Unsaved, evaluation: newEvaluation(o.Jobs)}
	if f.texts == nil {
		f.texts = make(map[string]string)
	}
	f.set(o)
	return f, f.Reload()
}

// Configure makes a folder be looked at in another way from now on.
func (f *Folder) Configure(o Options) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.set(o)
	return f.reload()
}

func (f *Folder) set(o Options) {
	f.inputs = maps.Clone(o.Inputs)
	if f.inputs == nil {
		f.inputs = make(map[string]string)
	}
	f.files = nil
	f.options = config.Options{Rules: rules.Catalogue(), Select: o.Select, ExtendSelect: o.ExtendSelect, Ignore: o.Ignore}
}

// Current returns the newest state.
func (f *Folder) Current() *Snapshot {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.current
}

// Evaluated calls use with the evaluation as it is, of which hosts may not have been
// evaluated again yet, and the state that it is brought to. Only before the first is
// done it takes as long as that.
func (f *Folder) Evaluated(use func(s *Snapshot, m *repo.Model)) {
	e := f.evaluation
	e.mu.Lock()
	if !e.whole {
		e.mu.Unlock()
		s := f.Current()
		s.Model(func(m *repo.Model) { use(s, m) })
		return
	}
	defer e.mu.Unlock()
	e.model.Reset() // each question has a budget of its own
	use(e.at, e.model)
}

// Settled returns the newest state that has been checked, or the newest if there is
// none yet.
func (f *Folder) Settled() *Snapshot {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.settled != nil {
		return f.settled
	}
	return f.current
}

// Settle notes that a state has been checked.
func (f *Folder) Settle(s *Snapshot) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.settled == nil || f.settled.Number < s.Number {
		f.settled = s
	}
}

// Edit gives a file, which is open in the editor, a new text. The path is relative
// to the root.
func (f *Folder) Edit(path, text string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.texts[path] = text
	if filepath.Base(path) == config.FileName {
		return f.reload()
	}
	f.next(f.current.Repo.With(map[string]string{path: text}), f.current.Settings)
	return nil
}

// Close ends that a file is open in the editor: what is on the disk holds again.
func (f *Folder) Close(path string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	text, open := f.texts[path]
	if !open {
		return nil
	}
	delete(f.texts, path)
	if data, err := os.ReadFile(filepath.Join(f.Root, filepath.FromSlash(path))); err == nil && string(data) == text {
		return nil // nothing changes, but for who says so
	}
	return f.reload()
}

// Reload reads from the disk what has changed there.
func (f *Folder) Reload() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.reload()
}

// reload is Reload for a caller that holds mu.
func (f *Folder) reload() error {
	texts := maps.Clone(f.texts)
	var settings *config.Config
	if f.files != nil && f.files.follow(texts) {
		settings = f.current.Settings
	} else {
		settings, f.files = newSettings(f.Root, texts, f.unsaved, f.options)
	}
	options := repo.Options{Overlay: texts, Inputs: maps.Clone(f.inputs), Jobs: f.jobs, Alone: f.alone, Unsaved: f.unsaved}
	// Settings that cannot be read are told by the check.
	if s, err := settings.Repository(f.Root); err == nil {
		for name, dir := range s.Inputs {
			if options.Inputs[name] == "" {
				options.Inputs[name] = dir.Value
			}
		}
	}
	var r *repo.Repo
	var err error
	if f.current != nil {
		r, err = f.current.Repo.Reopen(options)
	} else {
		r, err = repo.Open(f.Root, options)
	}
	if err != nil {
		return err
	}
	f.next(r, settings)
	return nil
}

// next makes a repository the current state. The caller holds mu.
func (f *Folder) next(r *repo.Repo, settings *config.Config) {
	s := &Snapshot{Repo: r, Settings: settings, evaluation: f.evaluation}
	if f.current != nil {
		s.Number = f.current.Number + 1
	}
	f.current = s
}
