package repo_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/nixlint/nixlint/analysis/repo"
)

// writeFolders writes count folders, each with a module, a page and a file that is
// neither; git ignores the page notes.md of each.
func writeFolders(t testing.TB, dir string, count int) {
	t.Helper()
	write := func(name, text string) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("flake.nix", "{ outputs = _: { }; }\n")
	write(".gitignore", "notes.md\n")
	for i := range count {
		at := fmt.Sprintf("modules/m%03d/", i)
		write(at+"default.nix", "{ }\n")
		write(at+"README.md", "# Module\n")
		write(at+"notes.md", "later\n")
		write(at+"data.json", "{}\n")
	}
}

// TestDocuments compares the documents that are listed with the Nix files with
// those that are looked for on their own.
func TestDocuments(t *testing.T) {
	dir := t.TempDir()
	writeFolders(t, dir, 2)
	opened, err := repo.Open(dir, repo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	changed := opened.With(map[string]string{"flake.nix": "{ }\n"})
	want := []string{"modules/m000/README.md", "modules/m001/README.md"}
	for name, r := range map[string]*repo.Repo{"opened": opened, "changed": changed} {
		got, err := r.Documents()
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, want)
		}
		if len(r.Files) != 3 {
			t.Errorf("%s: got %d Nix files, want 3", name, len(r.Files))
		}
	}
}

// BenchmarkOpen reads a repository of small files and lists its documents.
func BenchmarkDocuments(b *testing.B) {
	dir := b.TempDir()
	writeFolders(b, dir, 200)
	b.ReportAllocs()
	for b.Loop() {
		r, err := repo.Open(dir, repo.Options{Jobs: 1})
		if err != nil {
			b.Fatal(err)
		}
		if all, err := r.Documents(); err != nil || len(all) != 200 {
			b.Fatalf("got %d documents, %v", len(all), err)
		}
	}
}
