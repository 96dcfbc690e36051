package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPreCommit commits to a configuration whose hooks pre-commit builds from the last
// commit of this repository.
func TestPreCommit(t *testing.T) {
	if _, err := exec.LookPath("pre-commit"); err != nil {
		t.Skip("pre-commit is not on PATH, so the hooks are not tested: install it")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	env := []string{
		"HOME=" + home, "PRE_COMMIT_HOME=" + filepath.Join(home, "pre-commit"),
		"GOCACHE=" + goEnv(t, "GOCACHE"), "GOMODCACHE=" + goEnv(t, "GOMODCACHE"),
		"GIT_AUTHOR_NAME=test", "GIT_AUTHOR_EMAIL=test@example.org",
		"GIT_COMMITTER_NAME=test", "GIT_COMMITTER_EMAIL=test@example.org",
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*",
	}
	dir := exampleClone(t, root)
	shell := func(script string) (string, bool) {
		t.Helper()
		out, err := bash(t, script, dir, env)
		return out, err == nil
	}
	must := func(script string) string {
		t.Helper()
		out, ok := shell(script)
		if !ok {
			t.Fatalf("%s\n%s", script, out)
		}
		return out
	}
	file := func(name string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	rev := strings.TrimSpace(must("git -C " + root + " rev-parse HEAD"))
	write(".pre-commit-config.yaml", fmt.Sprintf(`repos:
  - repo: %s
    rev: %s
    hooks: [{ id: nixlint }, { id: nixlint-fmt }]
`, root, rev))
	must("pre-commit install --install-hooks && git add -A && git commit -qm 'Add hooks'")

	const host = "hosts/toaster/default.nix"
	right := file(host)
	wrong := strings.Replace(right, "modules.nixos.hardware.nvidia", "modules.nixos.hardware.nvidai", 1)
	if wrong == right {
		t.Fatalf("%s imports nothing", host)
	}
	write(host, wrong)
	out, ok := shell("git commit -qam 'Import a module that does not exist'")
	if ok || !strings.Contains(out, "error[module-path-unresolved]") || !strings.Contains(out, "--> "+host) {
		t.Errorf("the wrong path is committed, or not told:\n%s", out)
	}

	write(host, strings.Replace("# laid out by nobody\n"+right, "  imports =", " imports=", 1))
	out, ok = shell("git commit -qam 'Lay a file out badly'")
	if ok || !strings.Contains(out, "files were modified by this hook") {
		t.Errorf("the file is committed as it was:\n%s", out)
	}
	if got, want := file(host), "# laid out by nobody\n"+right; got != want {
		t.Errorf("the file is not formatted:\n%s", got)
	}
	must("git commit -qam 'Say who laid it out'")
	if got := must("git log --format=%s -1"); got != "Say who laid it out\n" {
		t.Errorf("the last commit is %q", got)
	}
}
