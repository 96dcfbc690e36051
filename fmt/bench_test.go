package nixfmt

import (
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkFormat formats every Nix file below a directory: the one named by
// NIXLINT_BENCH, or testdata of the repository.
func BenchmarkFormat(b *testing.B) {
	dir := os.Getenv("NIXLINT_BENCH")
	if dir == "" {
		dir = filepath.Join("..", "testdata")
	}
	var files []string
	size := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) == ".nix" {
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if _, err := Format(string(content), Options{}); err == nil {
				files = append(files, string(content))
				size += len(content)
			}
		}
		return err
	})
	if err != nil || len(files) == 0 {
		b.Fatalf("no files to format: %v", err)
	}
	b.ReportAllocs()
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, src := range files {
			if _, err := Format(src, Options{}); err != nil {
				b.Fatal(err)
			}
		}
	}
}
