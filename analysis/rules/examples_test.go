package rules_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
)

// findings runs all rules over an example, which is one file or an archive of
// several, and returns the names of the rules that find something.
func findings(t *testing.T, example string) []string {
	t.Helper()
	ar := txtar.Parse([]byte(example))
	if len(ar.Files) == 0 {
		ar.Files = []txtar.File{{Name: "module.nix", Data: []byte(example)}}
	}
	dir := t.TempDir()
	for _, f := range ar.Files {
		name := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	r, err := repo.Open(dir, repo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, d := range rules.Check(r, rules.Selection{Select: []string{"all"}}, 1) {
		out = append(out, d.Rule)
	}
	return out
}

// TestExamples checks that every rule finds its bad example and not its good
// one, and that its documentation is complete.
func TestExamples(t *testing.T) {
	for _, r := range rules.All() {
		t.Run(r.Name, func(t *testing.T) {
			if !slices.Contains(findings(t, r.Bad), r.Name) {
				t.Errorf("the bad example is not found:\n%s", r.Bad)
			}
			if slices.Contains(findings(t, r.Good), r.Name) {
				t.Errorf("the good example is found:\n%s", r.Good)
			}
			if r.Summary == "" || strings.HasSuffix(r.Summary, ".") || len(r.Why) < 80 || r.Since == "" || r.Group == "" || r.Severity == 0 {
				t.Errorf("the documentation is not complete: %+v", r)
			}
		})
	}
}
