package session

import (
	"os"
	"path/filepath"
	"sync"

	"github.com/nixlint/nixlint/analysis/config"
)

// settingsFiles are the files that settings were read from, and those that were looked for.
// While they are the same, so are the settings: whoever keeps what he found by them goes by
// that.
type settingsFiles struct {
	root string
	git  bool // there is a .git in the root, above which no settings are looked for

	mu    sync.Mutex        // guards the rest
	texts map[string]string // what is open in the editor, by relative path
	read  map[string]string // by absolute name; unreadable for those that cannot be read
}

// unreadable stands for the text of a file that cannot be read: none has it.
const unreadable = "\x00unreadable"

// newSettings returns the settings of the files below a root, and what they are read from:
// from none if nothing is saved.
func newSettings(root string, texts map[string]string, unsaved bool, o config.Options) (*config.Config, *settingsFiles) {
	s := &settingsFiles{root: root, git: hasGit(root), texts: texts, read: make(map[string]string)}
	o.ReadFile = s.readFile
	if unsaved {
		o.ReadFile = func(string) ([]byte, error) { return nil, os.ErrNotExist }
	}
	return config.New(o), s
}

func (s *settingsFiles) readFile(name string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, err := s.text(name)
	s.read[name] = text
	return []byte(text), err
}

// text returns the text of a file, and notes nothing.
func (s *settingsFiles) text(name string) (string, error) {
	if rel, err := filepath.Rel(s.root, name); err == nil {
		if text, ok := s.texts[filepath.ToSlash(rel)]; ok {
			return text, nil
		}
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return unreadable, err
	}
	return string(data), nil
}

// follow makes other texts those that are open in the editor, and reports whether all
// that was read is the same.
func (s *settingsFiles) follow(texts map[string]string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.texts = texts
	for name, before := range s.read {
		if now, _ := s.text(name); now != before {
			return false
		}
	}
	return s.git == hasGit(s.root)
}

func hasGit(root string) bool {
	_, err := os.Lstat(filepath.Join(root, ".git"))
	return err == nil
}
