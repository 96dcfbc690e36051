package repo

import (
	"os"
	"path/filepath"
	"sync"
	"time"
)

// onDisk is what has been found out about the disk beside the texts of Nix files:
// what stands where, what evaluation reads as text, and what git ignores. Repositories that differ in nothing but
// texts share it.
type onDisk struct {
	mu        sync.Mutex // guards the rest
	entries   map[string]Entry
	kinds     map[string]string            // by absolute path, as eval.Source has them
	links     map[string]string            // likewise
	folders   map[string]map[string]string // likewise; nil for those that cannot be listed
	texts     map[string]string            // likewise; missing stands for those that cannot be read
	ignored   map[string]bool
	documents fileList  // the Markdown files
	scripts   fileList  // see Scripts
	index     fileState // of git's index
}

// fileList is a list of files, as soon as it is known.
type fileList struct {
	files []string
	known bool
}

// fileState tells whether a file has changed.
type fileState struct {
	size int64
	at   time.Time
}

func newOnDisk(root string) *onDisk {
	return &onDisk{
		entries: make(map[string]Entry), kinds: make(map[string]string), links: make(map[string]string), folders: make(map[string]map[string]string),
		texts: make(map[string]string), ignored: make(map[string]bool),
		index: indexState(root),
	}
}

// indexState returns the state of git's index.
func indexState(root string) fileState {
	_, dir := gitFolder(root)
	if dir == "" {
		return fileState{}
	}
	info, err := os.Stat(filepath.Join(dir, "index"))
	if err != nil {
		return fileState{}
	}
	return fileState{info.Size(), info.ModTime()}
}

// recall returns what is known under a key, and finds it out if need be.
func recall[T any](d *onDisk, known map[string]T, key string, find func() T) T {
	d.mu.Lock()
	v, ok := known[key]
	d.mu.Unlock()
	if ok {
		return v
	}
	v = find()
	d.mu.Lock()
	defer d.mu.Unlock()
	known[key] = v
	return v
}

// holds reports whether a repository finds on the disk what it found before, as far
// as nobody tells: git's index, and files that were missing.
func (d *onDisk) holds(r *Repo) bool {
	if indexState(r.Root) != d.index {
		return false
	}
	var missing []string
	d.mu.Lock()
	for p, e := range d.entries {
		if e == NoEntry {
			missing = append(missing, r.abs(p))
		}
	}
	for p, kind := range d.kinds {
		if kind == "" {
			missing = append(missing, p)
		}
	}
	d.mu.Unlock()
	for _, p := range missing {
		if _, err := os.Lstat(p); err == nil {
			return false
		}
	}
	return true
}
