package rules_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/analysis/rules/internal/registry"
)

const stale = "is not current: run `go generate ./analysis/rules`"

func TestRegistryIsCurrent(t *testing.T) {
	want, err := registry.Source(".")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("registry.go")
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("registry.go %s", stale)
	}
}

func TestReferencePagesAreCurrent(t *testing.T) {
	for name, want := range rules.ReferencePages() {
		if got, err := os.ReadFile(filepath.Join("..", "..", "docs", name)); err != nil || string(got) != want {
			t.Errorf("docs/%s %s", name, stale)
		}
	}
}

func TestDocumentationIsCurrent(t *testing.T) {
	dir := filepath.Join("..", "..", "docs", "rules")
	pages := rules.Pages()
	for name, want := range pages {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("docs/rules/%s %s", name, stale)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if _, ok := pages[f.Name()]; !ok {
			t.Errorf("docs/rules/%s is of no rule", f.Name())
		}
	}
	if len(pages) != len(rules.All())+1 {
		t.Errorf("%d pages for %d rules: is there a rule of a group that the index does not know?", len(pages), len(rules.All()))
	}
}
