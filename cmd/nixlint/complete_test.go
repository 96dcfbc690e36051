package main

import (
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestFlagsHaveCompletions checks that flags that take one of a few words
// complete them, for every command.
func TestFlagsHaveCompletions(t *testing.T) {
	wordy := map[string]bool{"format": true, "select": true, "ignore": true, "extend-select": true, "fail-on": true, "color": true, "host": true, "config": true}
	checked := 0
	var visit func(*cobra.Command)
	visit = func(cmd *cobra.Command) {
		cmd.NonInheritedFlags().VisitAll(func(f *pflag.Flag) {
			if wordy[f.Name] {
				checked++
				if _, ok := cmd.GetFlagCompletionFunc(f.Name); !ok {
					t.Errorf("%s --%s has no completions", cmd.CommandPath(), f.Name)
				}
			}
		})
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
	}
	root := newRoot()
	addCompletions(root)
	visit(root)
	if checked < 10 {
		t.Errorf("only %d flags were looked at", checked)
	}
}
