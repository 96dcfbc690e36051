//go:build unix

package main

import (
	"os"
	"syscall"
	"testing"
)

// TestWatchIsInterrupted ends with ^C, which is no failure.
func TestWatchIsInterrupted(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		// Nothing but the signal ends it.
		_, stdout, _, wait := runWatch(t, t.Context(), "let x = 1; in 2\n")
		stdout.waitFor(t, 0, "`x` is never used")
		if err := syscall.Kill(os.Getpid(), s); err != nil {
			t.Fatal(err)
		}
		if err := wait(); err != nil {
			t.Errorf("%v: it ends with %v", s, err)
		}
	}
}
