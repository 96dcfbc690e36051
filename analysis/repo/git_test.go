package repo

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// git runs git in a folder, without the settings of the user.
func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=x", "-c", "user.email=x", "-c", "protocol.file.allow=always"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func write(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, n := range names {
		name := filepath.Join(dir, n)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("{ }\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// has lists the paths that git tracks.
func has(t *testing.T, root string, paths ...string) string {
	t.Helper()
	tracked := (&Repo{Root: root}).Tracked()
	if tracked == nil {
		return "none"
	}
	var out []string
	for _, p := range paths {
		if tracked.Has(p) {
			out = append(out, p)
		}
	}
	return strings.Join(out, " ")
}

// TestTracked reads what git itself has written, in all the forms that it
// writes.
func TestTracked(t *testing.T) {
	files := []string{"flake.nix", "a/b.nix", "a/b/c.nix", "a/" + strings.Repeat("long", 60) + "/x.nix", "a/b-c/d.nix", "new.nix", "soon.nix"}
	ask := append([]string{".", "a", "a/b", "none", "a/b/none", "a/b-c"}, files...)
	want := strings.Join(slices.DeleteFunc(slices.Clone(ask), func(p string) bool { return strings.Contains(p, "none") || p == "new.nix" }), " ")
	for name, setUp := range map[string]func(dir string) string{
		"plain":     func(dir string) string { return dir },
		"version 4": func(dir string) string { git(t, dir, "update-index", "--index-version", "4"); return dir },
		"version 3": func(dir string) string {
			git(t, dir, "update-index", "--skip-worktree", "flake.nix")
			return dir
		},
		"linked work tree": func(dir string) string {
			git(t, dir, "commit", "-qm", "x")
			linked := filepath.Join(t.TempDir(), "linked")
			git(t, dir, "worktree", "add", "-q", linked)
			write(t, linked, "new.nix", "soon.nix")
			git(t, linked, "add", "-N", "soon.nix")
			return linked
		},
		"submodule": func(dir string) string {
			git(t, dir, "commit", "-qm", "x")
			outer := t.TempDir()
			git(t, outer, "init", "-q")
			git(t, outer, "submodule", "--quiet", "add", dir, "sub")
			if got := has(t, outer, "sub", "sub/flake.nix", "other"); got != "sub sub/flake.nix" {
				t.Errorf("around the submodule: %s", got)
			}
			sub := filepath.Join(outer, "sub")
			write(t, sub, "new.nix", "soon.nix")
			git(t, sub, "add", "-N", "soon.nix")
			return sub
		},
		"folder": func(dir string) string {
			outer := t.TempDir()
			git(t, outer, "init", "-q")
			inner := filepath.Join(outer, "x", "flake")
			write(t, inner, files...)
			git(t, outer, "add", "--all")
			git(t, outer, "rm", "-q", "--cached", "x/flake/new.nix")
			return inner
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			git(t, dir, "init", "-q")
			write(t, dir, files...)
			git(t, dir, "add", "--all")
			git(t, dir, "rm", "-q", "--cached", "new.nix", "soon.nix")
			git(t, dir, "add", "-N", "soon.nix")
			if got := has(t, setUp(dir), ask...); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
	t.Run("SHA-256", func(t *testing.T) {
		dir := t.TempDir()
		git(t, dir, "init", "-q", "--object-format=sha256")
		write(t, dir, "a.nix", "b.nix")
		git(t, dir, "add", "a.nix")
		if got := has(t, dir, "a.nix", "b.nix"); got != "a.nix" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("link", func(t *testing.T) {
		dir := t.TempDir()
		git(t, dir, "init", "-q")
		if err := os.Symlink("..", filepath.Join(dir, "up")); err != nil {
			t.Fatal(err)
		}
		git(t, dir, "add", "up")
		if got := has(t, dir, "up", "up/x.nix", "x.nix"); got != "up up/x.nix" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("split index", func(t *testing.T) {
		dir := t.TempDir()
		git(t, dir, "init", "-q")
		write(t, dir, "a.nix", "b.nix")
		git(t, dir, "add", "a.nix")
		git(t, dir, "update-index", "--split-index")
		if got := has(t, dir, "a.nix"); got != "none" {
			t.Errorf("a part of the index is taken for the whole: %s", got)
		}
	})
	t.Run("nothing added", func(t *testing.T) {
		dir := t.TempDir()
		git(t, dir, "init", "-q")
		if got := has(t, dir, "a.nix"); got != "" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("no git", func(t *testing.T) {
		dir := t.TempDir()
		write(t, dir, "sub/.git")
		if got := has(t, filepath.Join(dir, "sub"), "a.nix"); got != "none" {
			t.Errorf("got %s", got)
		}
	})
}

// FuzzIndexNames feeds the reader of the index with anything.
func FuzzIndexNames(f *testing.F) {
	entry := make([]byte, 62)
	f.Add(append(append([]byte("DIRC\x00\x00\x00\x02\x00\x00\x00\x01"), entry...), make([]byte, 40)...), false)
	f.Add(append(append([]byte("DIRC\x00\x00\x00\x04\x00\x00\x00\x02"), entry...), make([]byte, 120)...), false)
	f.Fuzz(func(t *testing.T, data []byte, sha256 bool) {
		size := 20
		if sha256 {
			size = 32
		}
		names, err := indexNames(data, size)
		if err == nil && len(names) > len(data) {
			t.Errorf("%d names in %d bytes", len(names), len(data))
		}
	})
}
