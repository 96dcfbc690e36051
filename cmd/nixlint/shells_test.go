package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestShells completes in real shells by the scripts for them: `nixlint check --fail-on n`
// can only go on as never.
func TestShells(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ shell, needs, script string }{
		// The script for Bash takes functions of the package bash-completion.
		{"bash", "test -r /usr/share/bash-completion/bash_completion", `
			source /usr/share/bash-completion/bash_completion
			source <(nixlint completion bash)
			COMP_WORDS=(nixlint check --fail-on n) COMP_CWORD=3 COMP_LINE="nixlint check --fail-on n" COMP_POINT=25 COMP_TYPE=9
			__start_nixlint
			echo "${COMPREPLY[@]}"`},
		{"fish", "true", `
			nixlint completion fish | source
			complete --do-complete "nixlint check --fail-on n"`},
		// In Zsh completion needs a terminal, so that one is made for a second Zsh.
		{"zsh", "true", `
			zmodload zsh/zpty
			zpty inner zsh -f -i
			zpty -w inner 'autoload -U compinit; compinit -u -D; source <(nixlint completion zsh); compdef _nixlint nixlint; echo re""ady'
			zpty -r inner line '*ready*'
			zpty -w -n inner $'echo ; nixlint check --fail-on n\t'
			zpty -r inner line '*never*' && print -r -- "$line"
			zpty -d inner`},
	} {
		t.Run(c.shell, func(t *testing.T) {
			shell, err := exec.LookPath(c.shell)
			if err != nil || exec.CommandContext(t.Context(), "sh", "-c", c.needs).Run() != nil {
				t.Skipf("%s, or what its completion needs, is not installed", c.shell)
			}
			env := append(userEnv(t, root), "SCRIPT="+c.script)
			out, err := bash(t, "timeout 30 "+shell+` -c "$SCRIPT"`, t.TempDir(), env)
			if err != nil || !strings.Contains(out, "never") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
