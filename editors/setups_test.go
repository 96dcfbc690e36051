// Package editors tests the set-ups of README.md: each is put into a real editor, which
// opens a host with a mistake, tells it, and formats.
package editors

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

const host = "hosts/toaster/default.nix"

// setup is the block of README.md in a language.
func setup(t *testing.T, language string) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(text), "```"+language+"\n")
	block, _, ended := strings.Cut(after, "```\n")
	if !found || !ended {
		t.Fatalf("README.md has no block in %s", language)
	}
	return block
}

// program returns where a program is, or skips the test.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not on PATH, so the set-up for it is not tested", name)
	}
	return path
}

// repository returns a copy of the example with a wrong module in a host, and beside it a
// folder `bin` with nixlint.
func repository(t *testing.T) string {
	t.Helper()
	above := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(above, "bin")+"/", "../cmd/nixlint").CombinedOutput(); err != nil {
		t.Fatalf("nixlint is not built: %v\n%s", err, out)
	}
	repo := filepath.Join(above, "machines")
	if err := os.CopyFS(repo, os.DirFS("../testdata/repos/example")); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(repo, host))
	if err != nil {
		t.Fatal(err)
	}
	wrong := strings.Replace(string(text), "modules.nixos.hardware.nvidia\n", "modules.nixos.hardware.nvidai\n", 1)
	wrong = strings.Replace(wrong, "  imports =", "   imports  =", 1)
	write(t, filepath.Join(repo, host), wrong)
	return repo
}

// userEnv is the environment of somebody whose home is a folder, who has nixlint.
func userEnv(home string) []string {
	return append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+filepath.Join(home, "config"), "XDG_RUNTIME_DIR="+home,
		"PATH="+filepath.Join(home, "bin")+string(filepath.ListSeparator)+os.Getenv("PATH"))
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// edit runs an editor in a repository. It has to leave what it was told in the file
// `told` beside the repository, and the host formatted.
func edit(t *testing.T, repo, editor string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	above := filepath.Dir(repo)
	cmd := exec.CommandContext(ctx, editor, args...)
	cmd.Dir = repo
	cmd.Env = append(userEnv(above), "TOLD="+filepath.Join(above, "told"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	told, err := os.ReadFile(filepath.Join(above, "told"))
	if err != nil || !strings.Contains(string(told), "`modules.nixos.hardware.nvidai` is not in the module registry") {
		t.Errorf("the mistake is not told: %q, %v\n%s", told, err, out)
	}
	if text, err := os.ReadFile(filepath.Join(repo, host)); err != nil || !strings.Contains(string(text), "\n  imports = [\n") {
		t.Errorf("the host is not formatted: %v\n%.800s\n%s", err, text, out)
	}
}

func TestEmacs(t *testing.T) {
	emacs := program(t, "emacs")
	if out, err := exec.CommandContext(t.Context(), emacs, "--batch", "--eval", "(require 'eglot)").CombinedOutput(); err != nil {
		t.Skipf("this Emacs has no Eglot: %s", out)
	}
	repo := repository(t)
	init := filepath.Join(filepath.Dir(repo), "init.el")
	// The modes are packages of their own; all that matters here is that the file has one.
	write(t, init, `(define-derived-mode nix-mode prog-mode "Nix")
(add-to-list 'auto-mode-alist '("\\.nix\\'" . nix-mode))
`+setup(t, "elisp")+`
(require 'eglot)
(setq eglot-sync-connect 30)
(find-file "`+host+`")
(run-hooks 'post-command-hook) ; which eglot-ensure waits for
(let ((n 0))
  (while (and (< n 300) (null (flymake-diagnostics)))
    (flymake-start)
    (accept-process-output nil 0.1)
    (setq n (1+ n))))
(let ((texts (mapconcat #'flymake-diagnostic-text (flymake-diagnostics) "\n")))
  (write-region texts nil (getenv "TOLD")))
(eglot-format-buffer)
(save-buffer)
(eglot-shutdown-all)
`)
	edit(t, repo, emacs, "--batch", "-l", init)
}

// TestVim needs a clone of vim-lsp, where NIXLINT_VIM_LSP says.
func TestVim(t *testing.T) {
	plugin := os.Getenv("NIXLINT_VIM_LSP")
	if plugin == "" {
		t.Skip("NIXLINT_VIM_LSP names no clone of vim-lsp, so the set-up for it is not tested")
	}
	vim := program(t, "vim")
	repo := repository(t)
	rc := filepath.Join(filepath.Dir(repo), "vimrc")
	write(t, rc, "set nocompatible runtimepath^="+plugin+"\n"+setup(t, "vim"))
	script := filepath.Join(filepath.Dir(repo), "script.vim")
	write(t, script, `edit `+host+`
let n = 0
while n < 300 && lsp#get_buffer_diagnostics_counts().error == 0
  sleep 100m
  let n += 1
endwhile
let told = map(lsp#internal#diagnostics#state#_get_all_diagnostics_grouped_by_server_for_uri(lsp#utils#get_buffer_uri()), {_, v -> v.params.diagnostics})
call writefile([string(told)], $TOLD)
write
qall!
`)
	edit(t, repo, vim, "-es", "-N", "-u", rc, "-c", "doautocmd VimEnter", "-S", script)
}

// TestVimMake takes no plugin: the quickfix list is filled by nixlint check.
func TestVimMake(t *testing.T) {
	vim := program(t, "vim")
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "`:set makeprg=")
	set, _, found := strings.Cut(after, "`")
	if !found {
		t.Fatal("README.md does not set makeprg")
	}
	repo := repository(t)
	script := filepath.Join(filepath.Dir(repo), "script.vim")
	write(t, script, "set makeprg="+set+`
silent make
let told = map(filter(getqflist(), 'v:val.valid'), 'bufname(v:val.bufnr) . ":" . v:val.lnum . ":" . v:val.text')
call writefile(told, $TOLD)
call system('nixlint fmt `+host+`')
qall!
`)
	edit(t, repo, vim, "-es", "-N", "-u", "NONE", "-S", script)
}

func TestKakoune(t *testing.T) {
	kak := program(t, "kak")
	program(t, "kak-lsp")
	repo := repository(t)
	write(t, filepath.Join(filepath.Dir(repo), "config", "kak", "kakrc"), setup(t, "kak"))
	inTerminal(t, repo, kak, []string{":edit " + host, "Enter", ":lsp-diagnostics", "Enter"}, []string{":edit " + host, "Enter", ":write", "Enter"})
}

func TestHelix(t *testing.T) {
	hx := program(t, "hx")
	repo := repository(t)
	write(t, filepath.Join(filepath.Dir(repo), "config", "helix", "languages.toml"), setup(t, "toml"))
	inTerminal(t, repo, hx, []string{"Escape", "/nvidai", "Enter"}, []string{"Escape", ":write", "Enter"})
}

// inTerminal has an editor open the host in a terminal, presses keys until the mistake is
// on the screen, and then those that write the file.
func inTerminal(t *testing.T, repo, editor string, tell, save []string) {
	t.Helper()
	program(t, "tmux")
	above := filepath.Dir(repo)
	tmux := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), "tmux", append([]string{"-S", filepath.Join(above, "tmux")}, args...)...)
		cmd.Env = userEnv(above)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("tmux %q: %v\n%s", args, err, out)
		}
		return string(out)
	}
	tmux("-f", os.DevNull, "new-session", "-d", "-x", "250", "-y", "50", "-c", repo, editor, host)
	defer func() {
		// An editor that is killed does not end its servers.
		for _, key := range []string{"Escape", ":quit!", "Enter"} {
			tmux("send-keys", key)
			time.Sleep(200 * time.Millisecond)
		}
		cmd := exec.Command("tmux", "-S", filepath.Join(above, "tmux"), "kill-server")
		_ = cmd.Run() // it has ended with the editor
	}()
	until := func(what string, keys []string, is func() bool) {
		t.Helper()
		for range 40 {
			for _, key := range keys {
				tmux("send-keys", key)
				time.Sleep(200 * time.Millisecond) // Escape and what follows would be one key
			}
			for range 10 {
				time.Sleep(100 * time.Millisecond)
				if is() {
					return
				}
			}
		}
		t.Fatalf("waited in vain for %s:\n%s", what, tmux("capture-pane", "-p"))
	}
	until("the mistake", tell, func() bool {
		return strings.Contains(tmux("capture-pane", "-p"), "`modules.nixos.hardware.nvidai` is not in the module registry")
	})
	until("the formatted host", save, func() bool {
		text, err := os.ReadFile(filepath.Join(repo, host))
		return err == nil && strings.Contains(string(text), "\n  imports = [\n")
	})
}
