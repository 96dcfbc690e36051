package machine_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/vfio/machine"
)

// Trees that real kernels showed read as the snapshots that were taken there at
// the same time. In `tree`, D is a folder or a file of no matter, L a link and
// its target, F a file, whose lines follow with a space before them.
func TestReadKernels(t *testing.T) {
	files, err := filepath.Glob("testdata/qemu-*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no trees", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil || len(a.Files) != 2 {
				t.Fatal("not a tree and a snapshot", err)
			}
			dir := t.TempDir()
			plant(t, dir, string(a.Files[0].Data))
			got := read(t, dir)
			for _, n := range got.Notes {
				t.Errorf("note: %s: %s", n.Path, n.Problem)
			}
			want, err := machine.Decode(strings.NewReader(string(a.Files[1].Data)))
			if err != nil {
				t.Fatal(err)
			}
			got.Host, got.Captured.Privileged = want.Host, want.Captured.Privileged
			diff(t, encode(t, got), encode(t, want))
			if text := encode(t, got); strings.Contains(text, "secret") || strings.Contains(text, "console") {
				t.Error("a parameter that says nothing of the machine is in the snapshot")
			}
		})
	}
}

// plant makes a tree in a folder.
func plant(t *testing.T, dir, tree string) {
	t.Helper()
	var file *os.File
	for line := range strings.Lines(tree) {
		if text, ok := strings.CutPrefix(line, " "); ok {
			if _, err := file.WriteString(text); err != nil {
				t.Fatal(err)
			}
			continue
		}
		kind, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		name, target, _ := strings.Cut(name, " ")
		name = filepath.Join(dir, filepath.FromSlash(name))
		err := os.MkdirAll(filepath.Dir(name), 0o755)
		switch {
		case err != nil:
		case kind == "D":
			err = os.MkdirAll(name, 0o755)
		case kind == "L":
			err = os.Symlink(target, name)
		default:
			if file != nil {
				file.Close()
			}
			file, err = os.Create(name)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	file.Close()
}
