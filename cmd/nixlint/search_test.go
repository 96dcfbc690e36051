package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDocumentedSearches runs the searches in the documentation.
func TestDocumentedSearches(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "user-rules.md"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join("..", "..", "testdata", "repos", "example"))
	count := 0
	for line := range strings.Lines(string(page)) {
		command, ok := strings.CutPrefix(strings.TrimSpace(line), "nixlint search ")
		if !ok {
			continue
		}
		count++
		var args []string
		for i, part := range strings.Split(command, "'") {
			if i%2 == 1 {
				args = append(args, part)
			} else {
				args = append(args, strings.Fields(part)...)
			}
		}
		var stderr bytes.Buffer
		if status := run(append([]string{"search"}, args...), strings.NewReader(""), new(bytes.Buffer), &stderr); status == exitFailure {
			t.Errorf("%s: %s", line, &stderr)
		}
	}
	if count < 4 {
		t.Errorf("there are only %d searches", count)
	}
}
