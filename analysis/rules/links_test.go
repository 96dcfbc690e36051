package rules_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/nixlint/nixlint/analysis/repo"
)

// TestImportInLink checks that a relative import is looked at where the file
// lies, and not where a symbolic link to the file lies.
func TestImportInLink(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "x", "y", "default.nix"), []byte("{ imports = [ ../intel ../gone ]; }\n"))
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
	got := findings(t, r, "import-path-missing")
	if len(got) != 1 || got[0].File != "x/y/default.nix" || got[0].Message != "`x/gone` is imported and does not exist" {
		t.Errorf("got %+v, want only the missing x/gone of x/y", got)
	}
}
