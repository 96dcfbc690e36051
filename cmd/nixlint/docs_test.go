package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// standIns are the commands of pages that a test runs in another form.
var standIns = map[string]string{
	"go test ./...": "true", // it is what runs this
	// These are run by editors/vscode/test/story.sh.
	"npm ci --ignore-scripts": "true", "npm run check": "true", "npm run package": "true", "npm test": "true", "npm run test:story": "true",
	"go install github.com/nixlint/nixlint/cmd/nixlint@latest": "go install ./cmd/nixlint",
	"nixlint check --watch":    "timeout --signal INT 2 nixlint check --watch || [ $? = 124 ]",
	"nixlint explain RULE":     "nixlint explain unused-with",
	"nixlint config show FILE": "nixlint config show flake.nix",
	// Its sources are not here: see exampleClone.
	"nixlint options --user mira --all --override-input home-manager=../home-manager programs.git": "nixlint options --user mira --all --override-input home-manager=../home-manager modules.apps",
	"nixlint lsp": `say() { printf 'Content-Length: %d\r\n\r\n%s' "${#1}" "$1"; }
		{ say '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}'
		  say '{"jsonrpc":"2.0","method":"initialized","params":{}}'
		  say '{"jsonrpc":"2.0","id":2,"method":"shutdown"}'
		  say '{"jsonrpc":"2.0","method":"exit"}'; } | nixlint lsp`,
}

// TestCommands runs each command in the README and on the pages, in a copy of a
// repository. They have to do their work: findings are no failure. The blocks of
// docs/scaffolding.md are run by TestScaffoldingPage.
func TestCommands(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var pages []string
	for _, glob := range []string{"README.md", "docs/*.md", "editors/*.md", "editors/*/README.md"} {
		found, err := filepath.Glob(filepath.Join(root, glob))
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, found...)
	}
	run := 0
	for _, page := range pages {
		commands := shellCommands(t, page)
		if len(commands) == 0 {
			continue
		}
		run += len(commands)
		name, err := filepath.Rel(root, page)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := exampleClone(t, root)
			env := userEnv(t, root)
			for _, command := range commands {
				shell := command
				if other, ok := standIns[command]; ok {
					shell = other
				}
				at := dir
				switch word, _, _ := strings.Cut(command, " "); word {
				case "go":
					at = root
				case "nvim":
					if _, err := exec.LookPath("nvim"); err != nil {
						t.Logf("%s: there is no Neovim here", command)
						continue
					}
				}
				out, err := bash(t, shell, at, env)
				var exit *exec.ExitError
				if errors.As(err, &exit) && exit.ExitCode() == exitFindings && !strings.Contains(out, "nixlint: ") {
					err = nil
				}
				if err != nil {
					t.Errorf("%s: %v\n%s", command, err, out)
				}
			}
		})
	}
	if run < 40 {
		t.Errorf("only %d commands were found", run)
	}
}

// shellCommands returns the lines of a page's blocks of shell, without comments.
func shellCommands(t *testing.T, page string) []string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	in := false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "```"):
			in = line == "```sh"
		case in:
			command, _, _ := strings.Cut(line, " #")
			if command = strings.TrimSpace(command); command != "" && !strings.HasPrefix(command, "#") {
				out = append(out, command)
			}
		}
	}
	return out
}

// pageBlock returns the block of a page that begins with a line.
func pageBlock(t *testing.T, page, first string) string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(text), "\n"+first)
	block, _, ended := strings.Cut(after, "```\n")
	if !found || !ended {
		t.Fatalf("%s has no block that begins with %q", page, first)
	}
	return block
}

// exampleClone returns a clone of the example, with what pages take for granted: a
// branch origin/main and folders beside it.
func exampleClone(t *testing.T, root string) string {
	t.Helper()
	above := t.TempDir()
	dir := filepath.Join(above, "machines")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(root, "testdata", "repos", "example"))); err != nil {
		t.Fatal(err)
	}
	for _, beside := range []string{"disko", "home-manager", "nixpkgs"} {
		if err := os.Mkdir(filepath.Join(above, beside), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	const script = `git init -q . && git add -A &&
		git -c user.name=test -c user.email=test@example.org -c commit.gpgsign=false commit -qm start &&
		git update-ref refs/remotes/origin/main HEAD`
	if out, err := bash(t, script, dir, nil); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

// userEnv returns the environment of somebody with an empty home, who has Go, Git, and
// the nixlint of this test, and for whom the repository at root is what is published.
func userEnv(t *testing.T, root string) []string {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	home, bin := t.TempDir(), t.TempDir()
	if err := os.Symlink(program, filepath.Join(bin, "nixlint")); err != nil {
		t.Fatal(err)
	}
	return []string{
		"HOME=" + home, "PRE_COMMIT_HOME=" + filepath.Join(home, "pre-commit"), "XDG_CACHE_HOME=" + filepath.Join(home, ".cache"),
		"GOBIN=" + filepath.Join(home, "go"), "GOCACHE=" + goEnv(t, "GOCACHE"), "GOMODCACHE=" + goEnv(t, "GOMODCACHE"),
		"GIT_AUTHOR_NAME=test", "GIT_AUTHOR_EMAIL=test@example.org",
		"GIT_COMMITTER_NAME=test", "GIT_COMMITTER_EMAIL=test@example.org",
		"GIT_CONFIG_COUNT=2",
		"GIT_CONFIG_KEY_0=url." + root + ".insteadOf", "GIT_CONFIG_VALUE_0=https://github.com/nixlint/nixlint",
		"GIT_CONFIG_KEY_1=safe.directory", "GIT_CONFIG_VALUE_1=*",
		"PATH=" + bin + string(filepath.ListSeparator) + os.Getenv("PATH"),
	}
}

// goEnv returns a setting of the Go command, which it cannot find without a home.
func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// TestScaffoldingPage runs the commands in docs/scaffolding.md, one behind the
// other, and compares what they print. With -update it writes that into the page.
func TestScaffoldingPage(t *testing.T) {
	page, err := filepath.Abs("../../docs/scaffolding.md")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	snapshot, err := os.ReadFile("../../testdata/machines/toaster.json")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	const block, end = "```console\n", "```\n"
	var out strings.Builder
	rest := string(text)
	commands := 0
	for {
		before, found, ok := strings.Cut(rest, block)
		out.WriteString(before)
		if !ok {
			break
		}
		shown, after, _ := strings.Cut(found, end)
		out.WriteString(block)
		for line := range strings.Lines(shown) {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				out.WriteString(line + printed(t, strings.Fields(command)))
				commands++
			}
		}
		out.WriteString(end)
		rest = after
		if _, err := os.Stat("toaster.json"); err != nil {
			if err := os.WriteFile("toaster.json", snapshot, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if commands < 10 {
		t.Errorf("the page has %d commands", commands)
	}
	if *update {
		if err := os.WriteFile(page, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if out.String() != string(text) {
		t.Errorf("docs/scaffolding.md does not have what the commands print; go test ./cmd/nixlint -update writes it:\n%s", out.String())
	}
}

// printed runs a command of a page and returns what it prints, its standard
// output first.
func printed(t *testing.T, words []string) string {
	t.Helper()
	if words[0] == "cd" {
		t.Chdir(words[1])
		return ""
	}
	var stdout, stderr strings.Builder
	if got := run(words[1:], strings.NewReader(""), &stdout, &stderr); words[0] != "nixlint" || got != exitClean {
		t.Errorf("%v exits with %d\n%s", words, got, &stderr)
	}
	return stdout.String() + stderr.String()
}
