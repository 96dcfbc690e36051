package watch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestWait makes changes and looks whether they are told. Those that matter are
// told at once; the others are waited for as long as it takes to tell one.
func TestWait(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(".gitignore", "result\n*.log\n")
	write("a/b/c.nix", "{ }")
	write("result/x.nix", "{ }")
	write(".git/HEAD", "")
	w, err := New([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()

	told := func(within time.Duration) bool {
		ctx, cancel := context.WithTimeout(t.Context(), within)
		defer cancel()
		err := w.Wait(ctx)
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		return err == nil
	}
	for _, c := range []struct {
		name   string
		change func()
		want   bool
	}{
		{"a file that is edited", func() { write("a/b/c.nix", "{ a = 1; }") }, true},
		{"a file that is ignored", func() { write("a/b/build.log", "x") }, false},
		{"a folder that is ignored", func() { write("result/x.nix", "{ a = 1; }") }, false},
		{"what git does for itself", func() { write(".git/HEAD", "x") }, false},
		{"what git tracks", func() { write(".git/index", "x") }, true},
		{"a mode", func() { os.Chmod(filepath.Join(dir, "a/b/c.nix"), 0o600) }, false},
		{"new folders with a file", func() { write("new/deep/d.nix", "{ }") }, true},
		{"a file in a new folder", func() { write("new/deep/d.nix", "{ a = 1; }") }, true},
		{"a file that is no Nix", func() { write("a/motd", "hello") }, true},
		{"a file that is moved", func() { os.Rename(filepath.Join(dir, "new/deep/d.nix"), filepath.Join(dir, "a/d.nix")) }, true},
		{"a folder that is moved", func() { os.Rename(filepath.Join(dir, "a/b"), filepath.Join(dir, "b")) }, true},
		{"a file in a moved folder", func() { write("b/c.nix", "{ }") }, true},
		{"a folder that is removed", func() { os.RemoveAll(filepath.Join(dir, "b")) }, true},
		{"a folder that comes back", func() { write("b/c.nix", "{ }") }, true},
		{"a file in a folder that came back", func() { write("b/c.nix", "{ a = 1; }") }, true},
		{"patterns that are edited", func() { write(".gitignore", "result\n") }, true},
		{"a file that is not ignored any more", func() { write("a/build.log", "y") }, true},
	} {
		within := 20 * time.Second
		if !c.want {
			within = 3 * quiet
			for told(within) { // what the change before has left, on a busy machine
			}
		}
		c.change()
		if told(within) != c.want {
			t.Errorf("%s: told is %v", c.name, !c.want)
		}
	}
}

func TestNothingToWatch(t *testing.T) {
	if w, err := New([]string{filepath.Join(t.TempDir(), "none")}); err == nil {
		w.Close()
		t.Error("a folder that does not exist is watched")
	}
}
