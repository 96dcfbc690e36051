package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// output is what a program that runs at the same time prints.
type output struct {
	mu  sync.Mutex // guards the buffer
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// waitFor waits until a text has been printed after an offset, and returns the
// offset behind all that has been printed then.
func (o *output) waitFor(t *testing.T, after int, text string) int {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if s := o.String(); strings.Contains(s[after:], text) {
			return len(s)
		}
	}
	t.Fatalf("%q is not printed; there is\n%s", text, o.String()[after:])
	return 0
}

// startWatch runs `nixlint check --watch` in a folder with one file until the
// end function is called, which returns its error.
func startWatch(t *testing.T, text string, args ...string) (file string, stdout, stderr *output, end func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	file, stdout, stderr, wait := runWatch(t, ctx, text, args...)
	return file, stdout, stderr, func() error {
		cancel()
		return wait()
	}
}

// runWatch is startWatch for a watch that ends with the context, or by itself;
// wait waits until it has.
func runWatch(t *testing.T, ctx context.Context, text string, args ...string) (file string, stdout, stderr *output, wait func() error) {
	t.Helper()
	dir := t.TempDir()
	file = filepath.Join(dir, "a.nix")
	writeText(t, file, text)
	writeText(t, filepath.Join(dir, "nixlint.toml"), "")
	stdout, stderr = new(output), new(output)
	root := newRoot()
	root.SetArgs(append([]string{"check", "--watch", "--format", "short", dir}, args...))
	root.SetOut(stdout)
	root.SetErr(stderr)
	done := make(chan error, 1)
	go func() { done <- root.ExecuteContext(ctx) }()
	return file, stdout, stderr, func() error {
		select {
		case err := <-done:
			return err
		case <-time.After(20 * time.Second):
			t.Fatal("it does not end")
			return nil
		}
	}
}

func writeText(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestWatch(t *testing.T) {
	file, stdout, stderr, end := startWatch(t, "let x = 1; in 2\n")
	at := stdout.waitFor(t, 0, "`x` is never used")
	writeText(t, file, "let y = 1; in 2\n")
	at = stdout.waitFor(t, at, "`y` is never used")
	// In a new folder, of which nothing was known.
	deep := filepath.Join(filepath.Dir(file), "deep", "er")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	writeText(t, filepath.Join(deep, "b.nix"), "let z = 1; in 2\n")
	at = stdout.waitFor(t, at, "`z` is never used")
	// Settings count, and a mistake in them ends nothing.
	settings := filepath.Join(filepath.Dir(file), "nixlint.toml")
	writeText(t, settings, "[chekc]\n")
	stderr.waitFor(t, 0, "chekc")
	writeText(t, settings, "")
	at = stdout.waitFor(t, at, "`z` is never used")
	writeText(t, file, "{\n")
	stdout.waitFor(t, at, "[syntax]")
	if err := end(); err != nil {
		t.Errorf("it ends with %v", err)
	}
}

// TestWatchFixes looks that fixes are made, and that what they have changed is
// not taken for news for ever.
func TestWatchFixes(t *testing.T) {
	file, stdout, stderr, end := startWatch(t, "let x = 1; in 2\n", "--unsafe-fixes")
	at := stderr.waitFor(t, 0, "fixed 1 finding")
	for _, name := range []string{"y", "z"} {
		writeText(t, file, "let "+name+" = 1; in 3\n")
		at = stderr.waitFor(t, at, "fixed 1 finding")
		if got, err := os.ReadFile(file); err != nil || string(got) != "3\n" {
			t.Errorf("the file is %q, %v", got, err)
		}
	}
	writeText(t, file, "{ a = c; }\n")
	stdout.waitFor(t, 0, "`c`")
	if err := end(); err != nil {
		t.Errorf("it ends with %v", err)
	}
	if got := strings.Count(stderr.String(), "fixed"); got != 3 {
		t.Errorf("there were %d fixes, want 3:\n%s", got, stderr)
	}
	if got := strings.Count(stdout.String(), "`c`"); got != 1 {
		t.Errorf("one finding is printed %d times:\n%s", got, stdout)
	}
}

func TestWatchNeedsFiles(t *testing.T) {
	for _, args := range [][]string{{"check", "--watch", "-"}, {"check", "--watch", "nowhere"}, {"check", "--watch", "--format", "none"}} {
		var stdout, stderr strings.Builder
		if got := run(args, strings.NewReader(""), &stdout, &stderr); got != exitFailure {
			t.Errorf("nixlint %v exits with %d, want %d", args, got, exitFailure)
		}
	}
}
