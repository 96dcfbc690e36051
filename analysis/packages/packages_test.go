package packages_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/nixlint/nixlint/analysis/packages"
)

func TestIn(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"pkgs/by-name/he/hello/package.nix": `{ }: { version = "2.12"; nested = { version = "1"; }; meta = { description = "greets"; }; }`,
		"pkgs/by-name/x/x/package.nix":      `{ version = toString 1;`,
		"pkgs/top-level/all-packages.nix":   `self: super: with self; { tree = f { inner = 1; }; "odd name" = 1; a.b = 1; inherit (x) y; }`,
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := packages.In(dir)
	if got, want := s.Names(), []string{"hello", "odd name", "tree", "x"}; !slices.Equal(got, want) {
		t.Errorf("names are %q, want %q", got, want)
	}
	if p := s.Package("hello"); p == nil || p.Version != "2.12" || p.Description != "greets" {
		t.Errorf("hello is %+v", p)
	}
	if p := s.Package("x"); p == nil || p.Version != "" {
		t.Errorf("x is %+v", p)
	}
	for _, name := range []string{"none", "", "..", "../../x", "tree"} {
		if p := s.Package(name); p != nil {
			t.Errorf("%q is %+v", name, p)
		}
	}
}
