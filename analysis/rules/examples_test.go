package rules_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
)

// exampleFiles returns the files of an example, which is one file or an
// archive of several.
func exampleFiles(example string) []txtar.File {
	if ar := txtar.Parse([]byte(example)); len(ar.Files) > 0 {
		return ar.Files
	}
	return []txtar.File{{Name: "module.nix", Data: []byte(example)}}
}

// lookAt runs all rules over an example and returns the names of the rules
// that find something, and what the fixes of one rule make of the example.
func lookAt(t *testing.T, example, rule string) (found []string, fixed string) {
	t.Helper()
	dir := t.TempDir()
	files := exampleFiles(example)
	for _, f := range files {
		writeFile(t, filepath.Join(dir, f.Name), f.Data)
	}
	r, err := repo.Open(dir, repo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range findings(t, r, "all") {
		found = append(found, d.Rule)
	}
	selected := rule
	if rule == "unused-suppression" {
		selected = "all"
	}
	after, err := rules.Fix(dir, repo.Options{}, rules.Only(selected), true, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range files {
		if text, ok := after.Texts[f.Name]; ok {
			files[i].Data = []byte(text)
		}
	}
	if len(files) == 1 && !strings.HasPrefix(example, "-- ") {
		return found, string(files[0].Data)
	}
	return found, string(txtar.Format(&txtar.Archive{Files: files}))
}

// TestExamples checks that every rule finds its bad example and not its good
// one, that its fix makes the one of the other, and that its documentation is
// complete.
func TestExamples(t *testing.T) {
	for _, r := range rules.All() {
		t.Run(r.Name, func(t *testing.T) {
			found, fixed := lookAt(t, r.Bad, r.Name)
			if !slices.Contains(found, r.Name) {
				t.Errorf("the bad example is not found:\n%s", r.Bad)
			}
			if r.Fix != rules.NoFix && fixed != r.Good && (r.Fix != rules.SometimesFix || fixed != r.Bad) {
				t.Errorf("the fix makes of the bad example:\n%s\nwanted is the good one:\n%s", fixed, r.Good)
			}
			if r.Fix == rules.NoFix && fixed != r.Bad {
				t.Errorf("the rule says that it has no fix, and has one:\n%s", fixed)
			}
			if found, _ := lookAt(t, r.Good, r.Name); slices.Contains(found, r.Name) {
				t.Errorf("the good example is found:\n%s", r.Good)
			}
			if r.Summary == "" || strings.HasSuffix(r.Summary, ".") || len(r.Why) < 80 || r.Since == "" || r.Group == "" || r.Severity == 0 {
				t.Errorf("the documentation is not complete: %+v", r)
			}
		})
	}
}
