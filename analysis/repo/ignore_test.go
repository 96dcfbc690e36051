package repo

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestIgnores holds what is ignored against what git says, for every pattern
// alone and for some files of them, in the root and in a folder.
func TestIgnores(t *testing.T) {
	paths := []string{
		"a", "b", "ab", "a.nix", "A.nix", "x/a", "x/b", "x/a/b", "x/y/a", "x/y/z/a.nix", "a/b", "a/x", "a/x/y/b", "a/b/x", "result", "result-bin",
		"x/result/y", "x/results", "#a", "!a", "a b", "a ", " a", "[a]", "a*", "a1", "az", "a-b", "a]b", "x/.direnv/p", ".direnv", "foo.local.nix",
		"x/foo.local.nix", "caf\u00e9.nix", "x/caf\u00e9", "a\\b", "sub/a", "sub/b", "sub/x/a", "sub/a.nix", "sub/result", "aXbXc", "x/aa/bb/cc/d",
	}
	patterns := []string{
		"a", "/a", "a/", "/a/", "x/a", "/x/a", "x/*", "x/**", "**/a", "**/x", "a/**/b", "a/**", "/**/b", "**", "*", "*.nix", "*.local.nix", "x/*.nix",
		"**/*.nix", "x/**/a", "x/**/a.nix", "a?", "?", "x/?/a", "a[0-9]", "a[!0-9]", "a[^0-9z]", "[a]", `\[a\]`, "a[]]b", "a[-x]b", "a[[:digit:]]", "a[[:alpha:][:digit:]]",
		"[[:upper:]].nix", `a\*`, "a*", `\#a`, "#a", `\!a`, "!a", "a b", `a\ `, "a ", " a", "result*", "result-*", ".direnv", ".direnv/", "caf?", "caf*",
		`a\\b`, "a**", "a**b", "**a", "x/a**", "a*X*c", "*X*X*", "*a*b*c", "x/*/b*/", "[", "[a", "[!", `[\]a]`, "[z-a]", "/", "//", "", "  ", "a/ ", "x//a", "./a", "sub/*",
	}
	files := make([][2]string, 0, len(patterns)+8)
	for _, p := range patterns {
		files = append(files, [2]string{p + "\n", ""})
	}
	files = append(files,
		[2]string{"*\n!*.nix\n!*/\n", ""},
		[2]string{"x/*\n!x/a\n", ""},
		[2]string{"x\n!x/a\n", ""},
		[2]string{"*.nix\n", "!a.nix\n"},
		[2]string{"", "/a\nx/a\n*.nix"},
		[2]string{"# a\n\na\r\n!/a\r\n", "b\n"},
		[2]string{"\ufeffa\nb", "!b\n"},
		[2]string{"result\n/sub\n", "!a\n"},
	)
	dir := t.TempDir()
	git(t, dir, "init", "-q", ".")
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, texts := range files {
		for i, name := range []string{".gitignore", "sub/.gitignore"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(texts[i]), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		var ours []string
		for _, p := range paths {
			if Ignores(dir, p) {
				ours = append(ours, p)
			}
		}
		if want := gitIgnores(t, dir, paths); !slices.Equal(ours, want) {
			t.Errorf("%q: ignored are\n%q, git says\n%q", texts, ours, want)
		}
	}
}

// gitIgnores returns those of the paths that git ignores.
func gitIgnores(t *testing.T, dir string, paths []string) []string {
	t.Helper()
	cmd := exec.Command("git", "check-ignore", "--no-index", "-z", "--stdin")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	cmd.Stdin = strings.NewReader(strings.Join(paths, "\x00") + "\x00")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && (!ok || exit.ExitCode() != 1) {
		t.Fatalf("git check-ignore: %v\n%s", err, stderr.String())
	}
	found := strings.Split(string(out), "\x00")
	return found[:len(found)-1]
}

func BenchmarkIgnoring(b *testing.B) {
	var ig ignoring
	for _, line := range []string{"result", "result-*", ".direnv/", "*.swp", "*~", "/docs/build", "**/node_modules"} {
		p, _ := parseIgnore(line, "")
		ig = append(ig, p)
	}
	b.ReportAllocs()
	for b.Loop() {
		ig.matches("modules/programs/git.nix", false)
	}
}
