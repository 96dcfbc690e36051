package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestScaffoldingPage runs the commands in docs/scaffolding.md, one behind the
// other, and compares what they print. With -update it writes that into the page.
func TestScaffoldingPage(t *testing.T) {
	page, err := filepath.Abs("../../docs/scaffolding.md")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	snapshot, err := os.ReadFile("../../testdata/machines/toaster.json")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	const block, end = "```console\n", "```\n"
	var out strings.Builder
	rest := string(text)
	commands := 0
	for {
		before, found, ok := strings.Cut(rest, block)
		out.WriteString(before)
		if !ok {
			break
		}
		shown, after, _ := strings.Cut(found, end)
		out.WriteString(block)
		for line := range strings.Lines(shown) {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				out.WriteString(line + printed(t, strings.Fields(command)))
				commands++
			}
		}
		out.WriteString(end)
		rest = after
		if _, err := os.Stat("toaster.json"); err != nil {
			if err := os.WriteFile("toaster.json", snapshot, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if commands < 10 {
		t.Errorf("the page has %d commands", commands)
	}
	if *update {
		if err := os.WriteFile(page, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if out.String() != string(text) {
		t.Errorf("docs/scaffolding.md does not have what the commands print; go test ./cmd/nixlint -update writes it:\n%s", out.String())
	}
}

// printed runs a command of a page and returns what it prints, its standard
// output first.
func printed(t *testing.T, words []string) string {
	t.Helper()
	if words[0] == "cd" {
		t.Chdir(words[1])
		return ""
	}
	var stdout, stderr strings.Builder
	if got := run(words[1:], strings.NewReader(""), &stdout, &stderr); words[0] != "nixlint" || got != exitClean {
		t.Errorf("%v exits with %d\n%s", words, got, &stderr)
	}
	return stdout.String() + stderr.String()
}
