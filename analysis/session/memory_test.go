package session_test

import (
	"context"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/analysis/session"
)

// TestMemory edits a module that all hosts import, again and again, and looks whether what
// is kept grows with the number of edits.
func TestMemory(t *testing.T) {
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS("../../testdata/repos/example")); err != nil {
		t.Fatal(err)
	}
	f, err := session.Open(root, nil, session.Options{Select: []string{"all"}})
	if err != nil {
		t.Fatal(err)
	}
	const file, old = "modules/nixos/system/nix.nix", "default = 30;"
	text := f.Current().File(file).Text
	if !strings.Contains(text, old) {
		t.Fatalf("%s is not as it should be", file)
	}
	after := func(edits int) uint64 {
		for i := range edits {
			next := text
			if i%2 == 0 {
				next = strings.Replace(text, old, "default = 31;", 1)
			}
			if err := f.Edit(file, next); err != nil {
				t.Fatal(err)
			}
			if _, err := f.Current().Check(context.Background(), nil); err != nil {
				t.Fatal(err)
			}
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	few := after(4)
	if many := after(20); many > few+few/2 {
		t.Errorf("%d KiB are in use after a few edits, %d KiB after many", few>>10, many>>10)
	}
	runtime.KeepAlive(f)
}
