// Command nixlint checks, formats and scaffolds NixOS configuration
// repositories without running Nix.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// Exit statuses, the same for all commands.
const (
	exitClean    = 0 // nothing to report
	exitFindings = 1 // findings, or files that are not formatted
	exitFailure  = 2 // wrong use, unreadable input, internal error
)

// errFindings makes the program exit with exitFindings; what was found has
// been printed.
var errFindings = errors.New("findings")

// errFailure makes the program exit with exitFailure; why has been printed.
var errFailure = errors.New("failure")

func main() {
	collectLate()
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program: it returns the exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot()
	if len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd) {
		addCompletions(root) // only a shell that asks needs them
	}
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	switch err := root.Execute(); {
	case err == nil:
		return exitClean
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, errFailure):
		return exitFailure
	default:
		for _, line := range describeError(err) {
			fmt.Fprintf(stderr, "nixlint: %s\n", line)
		}
		return exitFailure
	}
}

func newRoot() *cobra.Command {
	var when string
	root := &cobra.Command{
		Use:   "nixlint",
		Short: "Linter, formatter and language server for NixOS configuration repositories",
		Long: `nixlint understands a whole NixOS configuration repository without running Nix.

Exit status: 0 nothing found, 1 findings, 2 wrong use or unreadable input.`,
		Example: `  nixlint check              check the repository you are in
  nixlint check hosts/toaster
  nixlint explain import-path-missing`,
		SilenceUsage: true, SilenceErrors: true,
		Version:           version(),
		PersistentPreRunE: func(*cobra.Command, []string) error { return setColor(when) },
	}
	root.PersistentFlags().StringVar(&when, "color", "auto", "colour output: auto, always or never")
	root.AddCommand(newCheck(), newFmt(), newParse(), newSearch(), newEval(), newGraph(), newOptions(), newVFIO(), newRules(), newExplain(), newConfig(), newInit(), newLSP(), newNew(), newMigrate(), newMan())
	return root
}
