package parser_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	gonix "github.com/orivej/go-nix/nix/parser"

	"github.com/nixlint/nixlint/parser"
)

// corpus returns the files of the example repository. NIXLINT_CORPUS names
// another folder to measure on.
func corpus(tb testing.TB) (files []string, size int64) {
	tb.Helper()
	dir := os.Getenv("NIXLINT_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "testdata", "repos", "example")
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".nix") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		// go-nix knows neither pipe operators nor some newer forms; both
		// parsers are measured on what both can read.
		if _, err := gonix.ParseString(string(data)); err != nil {
			return nil
		}
		files = append(files, string(data))
		size += int64(len(data))
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	if len(files) == 0 {
		tb.Fatalf("no files that both parsers can read in %s", dir)
	}
	return files, size
}

// BenchmarkParse parses the whole corpus in each round.
func BenchmarkParse(b *testing.B) {
	files, size := corpus(b)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, src := range files {
			parser.Parse(src)
		}
	}
}

// BenchmarkGoNix is the same with the parser of github.com/orivej/go-nix, which
// keeps comments and positions, but no other trivia, and stops at the first
// error.
func BenchmarkGoNix(b *testing.B) {
	files, size := corpus(b)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, src := range files {
			if _, err := gonix.ParseString(src); err != nil {
				b.Fatal(err)
			}
		}
	}
}
