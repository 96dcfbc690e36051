// Package watch tells when the files of repositories change.
package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/nixlint/nixlint/analysis/repo"
)

const (
	// quiet is how long nothing may happen before changes are told: editors
	// and git make several at once.
	quiet = 100 * time.Millisecond
	// patience bounds how long one waits for that.
	patience = time.Second
)

// Watcher watches all folders of repositories but those that git ignores.
type Watcher struct {
	notify *fsnotify.Watcher
	roots  []string
}

// New starts to watch the repositories with the given roots, which are full
// paths.
func New(roots []string) (*Watcher, error) {
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching for changes: %w", err)
	}
	w := &Watcher{notify, roots}
	if err := w.addFolders(); err != nil {
		notify.Close()
		return nil, err
	}
	return w, nil
}

// Close stops watching.
func (w *Watcher) Close() error { return w.notify.Close() }

// Wait returns once files have changed since the last call. It returns the
// context's error when that is done.
func (w *Watcher) Wait(ctx context.Context) error {
	var settled, enough <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-settled:
			return w.addFolders()
		case <-enough:
			return w.addFolders()
		case event, ok := <-w.notify.Events:
			if !ok {
				return fsnotify.ErrClosed
			}
			if !w.matters(event) {
				continue
			}
			// What happens in a new folder from now on is to be seen too.
			if event.Has(fsnotify.Create) && isFolder(event.Name) {
				if err := w.addFolders(); err != nil {
					return err
				}
			}
		case err := <-w.notify.Errors:
			// If events were lost, anything may have changed.
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				return fmt.Errorf("watching for changes: %w", err)
			}
		}
		settled = time.After(quiet)
		if enough == nil {
			enough = time.After(patience)
		}
	}
}

// addFolders watches the folders that are not watched yet. The system forgets
// those that are gone.
func (w *Watcher) addFolders() error {
	watched := w.notify.WatchList()
	slices.Sort(watched)
	add := func(dir string) error {
		if _, ok := slices.BinarySearch(watched, dir); ok {
			return nil
		}
		err := w.notify.Add(dir)
		switch {
		case errors.Is(err, os.ErrNotExist), errors.Is(err, os.ErrPermission):
			return nil // it is gone again, or nobody may read it
		case errors.Is(err, syscall.ENOSPC):
			return errors.New("the system watches no more folders: raise fs.inotify.max_user_watches")
		case err != nil:
			return fmt.Errorf("watching %s: %w", dir, err)
		}
		return nil
	}
	for _, root := range w.roots {
		folders, err := repo.Folders(root)
		if err != nil {
			return fmt.Errorf("listing %s: %w", root, err)
		}
		for _, f := range folders {
			if err := add(filepath.Join(root, filepath.FromSlash(f))); err != nil {
				return err
			}
		}
		// Which files git tracks makes a difference to flakes.
		if git := filepath.Join(root, ".git"); isFolder(git) {
			if err := add(git); err != nil {
				return err
			}
		}
	}
	return nil
}

// matters reports whether what happened can change what is found.
func (w *Watcher) matters(event fsnotify.Event) bool {
	if event.Op == fsnotify.Chmod {
		return false
	}
	for _, root := range w.roots {
		rel, err := filepath.Rel(root, event.Name)
		if err != nil {
			continue
		}
		rel = filepath.ToSlash(rel)
		switch {
		case rel == ".." || strings.HasPrefix(rel, "../"):
			continue
		case rel == ".git/index":
			return true
		case rel == ".git" || strings.HasPrefix(rel, ".git/"):
			continue
		case rel == "." || !repo.Ignores(root, rel):
			return true
		}
	}
	return false
}

func isFolder(name string) bool {
	info, err := os.Lstat(name)
	return err == nil && info.IsDir()
}
