package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPreCommit commits to a configuration that has the hooks of docs/adopting.md, which
// pre-commit builds from the last commit of this repository.
func TestPreCommit(t *testing.T) {
	if _, err := exec.LookPath("pre-commit"); err != nil {
		t.Skip("pre-commit is not on PATH, so the hooks are not tested: install it")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	env, dir := userEnv(t, root), exampleClone(t, root)
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
	write(".pre-commit-config.yaml", strings.Replace(pageBlock(t, filepath.Join(root, "docs", "adopting.md"), "# .pre-commit-config.yaml\n"), "rev: main", "rev: "+rev, 1))
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
	if out := must("git commit -am 'Say who laid it out' 2>&1"); strings.Count(out, "Passed") != 2 {
		t.Errorf("both hooks should pass:\n%s", out)
	}
	if out := must("pre-commit run --all-files --verbose"); strings.Count(out, "Passed") != 2 || strings.Count(out, "duration:") != 2 {
		t.Errorf("both hooks should run from the cache and pass:\n%s", out)
	}
	write(".pre-commit-config.yaml", strings.Replace(file(".pre-commit-config.yaml"), "id: nixlint-fmt", "id: nixlint-fix", 1))
	write(host, strings.Replace(file(host), "  imports =", "  inherit;\n\n  imports =", 1))
	out, ok = shell("git commit -qam 'Inherit nothing'")
	if ok || !strings.Contains(out, "files were modified by this hook") {
		t.Errorf("the file is committed as it was:\n%s", out)
	}
	if got := file(host); strings.Contains(got, "inherit;") {
		t.Errorf("the file is not repaired:\n%s", got)
	}
	must("git commit -qam 'Repair by itself'")

	if got := must("git log --format=%s -1"); got != "Repair by itself\n" {
		t.Errorf("the last commit is %q", got)
	}
}

// TestInitHooks commits with the hooks that nixlint init writes: a change in one file that
// makes another one wrong is refused.
func TestInitHooks(t *testing.T) {
	if _, err := exec.LookPath("pre-commit"); err != nil {
		t.Skip("pre-commit is not on PATH, so the hooks are not tested: install it")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	env, dir := userEnv(t, root), exampleClone(t, root)
	if out, err := bash(t, "nixlint init && pre-commit install && git add -A && git commit -qm 'Add hooks'", dir, env); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := bash(t, `sed -i 's/^\( *\)nvidia = /\1geforce = /' lib/default.nix && git commit -qam 'Rename a module'`, dir, env)
	if err == nil || !strings.Contains(out, "error[module-path-unresolved]") || !strings.Contains(out, "--> hosts/toaster/default.nix") {
		t.Errorf("what is wrong in another file is committed, or not told:\n%s", out)
	}
}
