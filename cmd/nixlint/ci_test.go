package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// step is a step of a GitHub action.
type step struct {
	Name, If, Run string
	Env           map[string]string
}

// TestAction runs what action.yml runs, on a repository with mistakes.
func TestAction(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Inputs map[string]struct{ Default string }
		Runs   struct{ Steps []step }
	}
	readYAML(t, filepath.Join(root, "action.yml"), &action)
	temp := t.TempDir()
	runStep := func(name string, inputs map[string]string) (string, error) {
		i := slices.IndexFunc(action.Runs.Steps, func(s step) bool { return s.Name == name })
		if i < 0 {
			t.Fatalf("action.yml has no step %q", name)
		}
		env := []string{"GITHUB_ACTION_PATH=" + root, "RUNNER_TEMP=" + temp, "GITHUB_PATH=" + filepath.Join(temp, "path"),
			"PATH=" + filepath.Join(temp, "nixlint") + string(filepath.ListSeparator) + os.Getenv("PATH")}
		for key, value := range action.Runs.Steps[i].Env {
			input := strings.TrimSuffix(strings.TrimPrefix(value, "${{ inputs."), " }}")
			declared, ok := action.Inputs[input]
			if !ok {
				t.Errorf("%s is set to %s, which is no input", key, value)
			}
			given, ok := inputs[input]
			if !ok {
				given = declared.Default
			}
			env = append(env, key+"="+given)
		}
		return bash(t, action.Runs.Steps[i].Run, filepath.Join(root, "testdata", "repos", "mistakes"), env)
	}

	if out, err := runStep("Build nixlint", nil); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if path, _ := os.ReadFile(filepath.Join(temp, "path")); strings.TrimSpace(string(path)) != filepath.Join(temp, "nixlint") {
		t.Errorf("GITHUB_PATH has %q", path)
	}
	const annotation = "::error file=hosts/desk/default.nix,line=6,"
	for _, c := range []struct {
		step   string
		inputs map[string]string
		fails  bool
		prints string
	}{
		{"Describe the findings", nil, false, ""},
		{"Check", nil, true, annotation},
		{"Check", map[string]string{"fail-on": "never"}, false, annotation},
		{"Check", map[string]string{"paths": "modules/nixos flake.nix", "fail-on": "error"}, false, "::warning file=modules/nixos/hardware/audio.nix"},
		{"Check", map[string]string{"args": "--select unused-binding --fail-on error"}, false, ""},
		{"Check", map[string]string{"changed-since": "no/such/revision"}, true, "no/such/revision"},
		{"Format", nil, false, ""},
	} {
		out, err := runStep(c.step, c.inputs)
		if (err != nil) != c.fails || !strings.Contains(out, c.prints) {
			t.Errorf("%s %v: %v\n%s", c.step, c.inputs, err, out)
		}
	}
	if sarif, err := os.ReadFile(filepath.Join(temp, "nixlint.sarif")); err != nil || !strings.Contains(string(sarif), "module-path-unresolved") {
		t.Errorf("the findings are not described: %v", err)
	}
}

// TestGitLab runs the script of the job in docs/ci/gitlab.yml.
func TestGitLab(t *testing.T) {
	var pipeline struct {
		Nixlint struct {
			Script    []string
			Artifacts struct{ Reports struct{ Codequality string } }
		}
	}
	readYAML(t, "../../docs/ci/gitlab.yml", &pipeline)
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../testdata/repos/example")); err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if err := os.Symlink(program, filepath.Join(bin, "nixlint")); err != nil {
		t.Fatal(err)
	}
	env := []string{"CI_PROJECT_DIR=" + dir, "PATH=" + bin + string(filepath.ListSeparator) + os.Getenv("PATH")}
	for _, line := range pipeline.Nixlint.Script {
		if out, err := bash(t, line, dir, env); err != nil {
			t.Errorf("%s: %v\n%s", line, err, out)
		}
	}
	report, err := os.ReadFile(filepath.Join(dir, pipeline.Nixlint.Artifacts.Reports.Codequality))
	if err != nil || strings.TrimSpace(string(report)) != "[]" {
		t.Errorf("the report has %q, %v", report, err)
	}
}

// readYAML reads a YAML file into a value.
func readYAML(t *testing.T, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// bash runs a script as continuous integration does, and returns all that it prints.
func bash(t *testing.T, script, dir string, env []string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "-eo", "pipefail", "-c", script)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}
