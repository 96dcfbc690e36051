package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTreefmt formats a configuration by treefmt, with the entry of
// docs/continuous-integration.md.
func TestTreefmt(t *testing.T) {
	if _, err := exec.LookPath("treefmt"); err != nil {
		t.Skip("treefmt is not on PATH, so the entry for it is not tested: install it")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	env, dir := userEnv(t, root), exampleClone(t, root)
	entry := pageBlock(t, filepath.Join(root, "docs", "continuous-integration.md"), "# treefmt.toml\n")
	if err := os.WriteFile(filepath.Join(dir, "treefmt.toml"), []byte(entry), 0o644); err != nil {
		t.Fatal(err)
	}
	host := filepath.Join(dir, "hosts", "toaster", "default.nix")
	right, err := os.ReadFile(host)
	if err != nil {
		t.Fatal(err)
	}
	wrong := strings.Replace(string(right), "  imports =", " imports=", 1)
	if wrong == string(right) {
		t.Fatalf("%s is not made wrong", host)
	}
	if err := os.WriteFile(host, []byte(wrong), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := bash(t, "treefmt", dir, env); err != nil || !strings.Contains(out, "(1 changed)") {
		t.Errorf("%v\n%s", err, out)
	}
	if got, err := os.ReadFile(host); err != nil || string(got) != string(right) {
		t.Errorf("the file is not formatted: %v\n%s", err, got)
	}
	if out, err := bash(t, "treefmt --ci", dir, env); err != nil || !strings.Contains(out, "(0 changed)") {
		t.Errorf("what is formatted is changed again: %v\n%s", err, out)
	}
}
