package repo

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/eval"
)

// TestHidden asks for files that git ignores, has not got yet, and tracks.
func TestHidden(t *testing.T) {
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(`
-- flake.nix --
{
  outputs = _: {
    ignored = builtins.pathExists ./local.nix;
    inFolder = builtins.pathExists ./private/x.nix;
    folder = builtins.pathExists ./private;
    added = builtins.pathExists ./forced.local.nix;
    fresh = builtins.pathExists ./fresh.nix;
    none = builtins.pathExists ./none.nix;
    listed = builtins.attrNames (builtins.readDir ./.);
    named = import ./local.nix;
  };
}
-- .gitignore --
local.nix
*.local.nix
private/
-- local.nix --
"read"
-- forced.local.nix --
-- fresh.nix --
-- private/x.nix --
`)).Files {
		name := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]string{
		"ignored": "false", "inFolder": "false", "folder": "false", "added": "true", "fresh": "true", "none": "false",
		"listed": `[ ".gitignore" "flake.nix" "forced.local.nix" "fresh.nix" ]`, "named": `"read"`,
	}
	check := func() {
		t.Helper()
		r, err := Open(dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		m := r.Model()
		for name, want := range want {
			v := m.Evaluator().Select(m.Outputs(), name, eval.Place{})
			m.Evaluator().Deep(eval.Done(v))
			if got := m.Evaluator().Print(v); got != want {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
		}
	}
	git(t, dir, "init", "-q")
	git(t, dir, "add", "-f", "flake.nix", ".gitignore", "forced.local.nix")
	check()
	// Without git a flake consists of all files.
	if err := os.RemoveAll(filepath.Join(dir, ".git")); err != nil {
		t.Fatal(err)
	}
	want["ignored"], want["inFolder"], want["folder"] = "true", "true", "true"
	want["listed"] = `[ ".gitignore" "flake.nix" "forced.local.nix" "fresh.nix" "local.nix" "private" ]`
	check()
}
