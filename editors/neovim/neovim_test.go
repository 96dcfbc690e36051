// Package neovim tests the plugin in this folder: it runs the scripts in test/ in a
// real Neovim with a real nixlint.
package neovim

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/nixlint/nixlint/lsp" // most of what nixlint is: when it changes, results are no longer taken from a cache
)

// TestPlugin runs each script in a Neovim of its own, on a copy of a repository of its
// own. The programs are those that NIXLINT_NVIM lists as PATH lists folders, by default
// nvim. Plugins of others that README.md has entries for are taken from the folder that
// NIXLINT_NVIM_PLUGINS names.
func TestPlugin(t *testing.T) {
	list := os.Getenv("NIXLINT_NVIM")
	if list == "" {
		found, err := exec.LookPath("nvim")
		if err != nil {
			t.Skip("nvim is not on PATH, so the plugin is not tested: install Neovim or list programs in NIXLINT_NVIM")
		}
		list = found
	}
	scripts, err := filepath.Glob("test/*_test.lua")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("there are no scripts: %v", err)
	}
	readAll(t)
	nixlint := filepath.Join(t.TempDir(), "nixlint")
	if out, err := exec.Command("go", "build", "-o", nixlint, "../../cmd/nixlint").CombinedOutput(); err != nil {
		t.Fatalf("nixlint is not built: %v\n%s", err, out)
	}
	for _, nvim := range filepath.SplitList(list) {
		t.Run(version(t, nvim), func(t *testing.T) {
			for _, script := range scripts {
				name := strings.TrimSuffix(filepath.Base(script), "_test.lua")
				t.Run(name, func(t *testing.T) { runScript(t, nvim, nixlint, script) })
			}
		})
	}
}

// readAll reads the plugin, so that results are not taken from a cache when it has changed.
func readAll(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			_, err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// version returns the first line of what Neovim says of itself.
func version(t *testing.T, nvim string) string {
	out, err := exec.Command(nvim, "--version").Output()
	if err != nil {
		t.Fatalf("%s: %v", nvim, err)
	}
	line, _, _ := strings.Cut(string(out), "\n")
	return line
}

// runScript runs one script; it ends with a status other than 0 if something is wrong.
func runScript(t *testing.T, nvim, nixlint, script string) {
	repo := filepath.Join(t.TempDir(), "machines")
	if err := os.CopyFS(repo, os.DirFS("../../testdata/repos/example")); err != nil {
		t.Fatal(err)
	}
	plugin, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	if script, err = filepath.Abs(script); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, nvim, "--headless", "--clean",
		"--cmd", "luafile "+filepath.Join(plugin, "test", "harness.lua"),
		"-c", "lua harness.run([["+script+"]])")
	cmd.Dir = repo
	home := t.TempDir() // Neovim writes logs and caches there
	cmd.Env = append(os.Environ(), "NIXLINT_PROGRAM="+nixlint, "NIXLINT_PLUGIN="+plugin,
		"NIXLINT_NVIM_PLUGINS="+os.Getenv("NIXLINT_NVIM_PLUGINS"),
		"XDG_CACHE_HOME="+home, "XDG_STATE_HOME="+home, "XDG_DATA_HOME="+home, "XDG_CONFIG_HOME="+home)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
