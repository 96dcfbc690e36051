package rules_test

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/parser"
)

const repos = "../../testdata/repos"

// copyExample makes a copy of the example repository.
func copyExample(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(repos, "example"))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// lay puts the files of an overlay over a repository and returns what the
// overlay wants to be found.
func lay(t testing.TB, dir, overlay string) (want []string) {
	t.Helper()
	ar, err := txtar.ParseFile(overlay)
	if err != nil {
		t.Fatal(err)
	}
	var untracked []string
	worktree := false
	for _, f := range ar.Files {
		switch f.Name {
		case "UNTRACKED":
			untracked, worktree = strings.Fields(string(f.Data)), true
		case "want":
			for line := range strings.Lines(string(f.Data)) {
				if line = strings.TrimSpace(line); line != "" {
					want = append(want, line)
				}
			}
		case "MACHINES":
			for _, host := range strings.Fields(string(f.Data)) {
				data, err := os.ReadFile(filepath.Join("../../testdata/machines", host+".json"))
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, "hosts", host, "hardware.json"), data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		case "DELETE":
			for line := range strings.Lines(string(f.Data)) {
				if line = strings.TrimSpace(line); line != "" {
					if err := os.RemoveAll(filepath.Join(dir, line)); err != nil {
						t.Fatal(err)
					}
				}
			}
		default:
			name := filepath.Join(dir, f.Name)
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, f.Data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if worktree {
		git(t, dir, "init", "-q")
		git(t, dir, "add", "--all")
		for _, name := range untracked {
			git(t, dir, "rm", "-q", "-r", "--cached", "--", name)
		}
	}
	return want
}

// git runs git in a folder, without the settings of the user.
func git(t testing.TB, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// check runs the recommended rules and renders the findings one a line.
func check(t testing.TB, dir string) []string {
	t.Helper()
	r := openAs(t, dir, repo.Options{})
	var out []string
	for _, d := range findings(t, r) {
		out = append(out, show(r, d))
	}
	return out
}

func show(r *repo.Repo, d diagnostic.Diagnostic) string {
	text, err := r.Text(d.File)
	if err != nil {
		return err.Error()
	}
	line := parser.NewLines(text).Line(d.Span.Start)
	// A person sees the source beside the message.
	return fmt.Sprintf("%s:%d: %s: %s; %s; %s", d.File, line+1, d.Rule, d.Message, d.Help, text[d.Span.Start:d.Span.End])
}

func TestExampleIsClean(t *testing.T) {
	for _, f := range check(t, filepath.Join(repos, "example")) {
		t.Error(f)
	}
}

// TestOverlays lays every overlay over the example repository. Each line of
// its want entry reads `path:line: rule: text`, and there must be a finding of
// the rule at the place whose message holds the text, and no other finding.
func TestOverlays(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(repos, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".txtar") {
			return err
		}
		seen++
		name := filepath.Base(filepath.Dir(path)) + "/" + strings.TrimSuffix(filepath.Base(path), ".txtar")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := copyExample(t)
			want := lay(t, dir, path)
			checkNarrowed(t, dir)
			got := check(t, dir)
			for _, w := range want {
				matched := false
				for i, g := range got {
					if matches(g, w) {
						got = append(got[:i], got[i+1:]...)
						matched = true
						break
					}
				}
				if !matched {
					t.Errorf("not found: %s", w)
				}
			}
			for _, g := range got {
				t.Errorf("found and not wanted: %s", g)
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 20 {
		t.Errorf("only %d overlays", seen)
	}
}

// checkNarrowed checks that in a file alone, of a repository that is read lazily,
// the same is found as in the whole: for the first with findings, and for flake.nix.
func checkNarrowed(t *testing.T, dir string) {
	t.Helper()
	byFile := map[string][]string{"flake.nix": nil}
	r := openAs(t, dir, repo.Options{})
	for _, d := range findings(t, r, "all") {
		if _, chosen := byFile[d.File]; chosen || len(byFile) < 2 {
			byFile[d.File] = append(byFile[d.File], show(r, d))
		}
	}
	for file, want := range byFile {
		r := openAs(t, dir, repo.Options{Lazy: true})
		found, err := rules.CheckOnly(r, r.Model, rules.Only("all"), 0, func(p string) bool { return p == file })
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range found {
			got = append(got, show(r, d))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s alone: found is %q, and %q in the whole repository", file, got, want)
		}
	}
}

func openAs(t testing.TB, dir string, o repo.Options) *repo.Repo {
	t.Helper()
	r, err := repo.Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// matches reports whether a finding is the one wanted.
func matches(got, want string) bool {
	gp := strings.SplitN(got, ": ", 3)
	wp := strings.SplitN(want, ": ", 3)
	if len(wp) < 2 || len(gp) < 3 || gp[0] != wp[0] || gp[1] != wp[1] {
		return false
	}
	return len(wp) == 2 || strings.Contains(gp[2], wp[2])
}
