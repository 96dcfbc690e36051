package rules_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/nixlint/nixlint/analysis/repo"
)

// TestPathInLink checks that a relative path is looked at where the file
// lies, and not where a symbolic link to the file lies.
func TestPathInLink(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "x", "y", "default.nix"), []byte("{ imports = [ ../intel ../gone ]; a.source = ../intel/default.nix; b.source = ../lost; }\n"))
	writeFile(t, filepath.Join(dir, "x", "intel", "default.nix"), []byte("{ }\n"))
	if err := os.Mkdir(filepath.Join(dir, "x-y"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../x/y/default.nix", filepath.Join(dir, "x-y", "default.nix")); err != nil {
		t.Fatal(err)
	}
	r, err := repo.Open(dir, repo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for rule, want := range map[string]string{
		"import-path-missing": "`x/gone` is imported and does not exist",
		"path-missing":        "`x/lost` does not exist",
	} {
		got := findings(t, r, rule)
		if len(got) != 1 || got[0].File != "x/y/default.nix" || got[0].Message != want {
			t.Errorf("%s: got %+v, want only what x/y is missing: %s", rule, got, want)
		}
	}
}
