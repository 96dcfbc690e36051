package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/analysis/watch"
)

// clearScreen makes a terminal empty but keeps what was scrolled away.
const clearScreen = "\x1b[H\x1b[2J"

// watchCheck checks, and checks again whenever files of the repositories
// change, until it is interrupted. What a run prints is printed if it differs
// from what the run before printed, so fixes that a run has made, which are
// changes too, show nothing new.
func watchCheck(cmd *cobra.Command, paths []string, f checkFlags) error {
	if slices.Contains(paths, "-") {
		return errors.New("`-` cannot be combined with --watch")
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	roots, _, err := groupByRoot(paths)
	if err != nil {
		return err
	}
	w, err := watch.New(roots)
	if err != nil {
		return err
	}
	defer w.Close()

	stdout, stderr := cmd.OutOrStdout(), cmd.ErrOrStderr()
	defer cmd.SetOut(stdout)
	defer cmd.SetErr(stderr)
	var shown []byte
	for first := true; ; first = false {
		var out, messages bytes.Buffer
		cmd.SetOut(&out)
		cmd.SetErr(&messages)
		switch err := check(cmd, paths, f); {
		case err == nil, errors.Is(err, errFindings):
		case first:
			return err
		default: // a file that is being edited may be wrong for a while
			fmt.Fprintf(&messages, "nixlint: %v\n", err)
		}
		if first || messages.Len() > 0 || !bytes.Equal(out.Bytes(), shown) {
			if err := showRun(stdout, stderr, out.Bytes(), messages.Bytes()); err != nil {
				return err
			}
			shown = out.Bytes()
		}
		if err := w.Wait(ctx); errors.Is(err, context.Canceled) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// showRun prints what a run has printed, on a terminal in the place of what the
// run before has printed.
func showRun(stdout, stderr io.Writer, out, messages []byte) error {
	onTerminal := isTerminal(stdout)
	if onTerminal {
		if _, err := io.WriteString(stdout, clearScreen); err != nil {
			return err
		}
	}
	if _, err := stderr.Write(messages); err != nil {
		return err
	}
	if _, err := stdout.Write(out); err != nil {
		return err
	}
	if onTerminal {
		_, err := io.WriteString(stdout, "\nwatching for changes; end with ^C\n")
		return err
	}
	return nil
}
