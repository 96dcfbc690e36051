package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write the results into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"nixlint": func() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs the program as people do, one story in each file of
// testdata/script.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
	})
}

// TestExitStatus checks the statuses that scripts rely on; testscript tells
// only success from failure.
func TestExitStatus(t *testing.T) {
	clean := filepath.Join("..", "..", "testdata", "repos", "example")
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "nixlint.toml"), []byte("chekc = 1"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args  []string
		stdin string
		want  int
	}{
		{[]string{"check", clean}, "", exitClean},
		{[]string{"parse", "-"}, "{ a = 1 }", exitFindings},
		{[]string{"parse", "-"}, "{ a = 1; }", exitClean},
		{[]string{"check", "--no-such-flag"}, "", exitFailure},
		{[]string{"check", "nowhere"}, "", exitFailure},
		{[]string{"check", broken}, "", exitFailure},
		{[]string{"check", "--fail-on", "never", broken}, "", exitFailure},
		{[]string{"check", "--no-config", broken}, "", exitClean},
		{[]string{"fmt", "--stdin-filename", filepath.Join(broken, "x.nix"), "-"}, "{ }", exitFailure},
		{[]string{"config", "show", broken}, "", exitFailure},
		{[]string{"parse"}, "", exitFailure},
	} {
		var stdout, stderr strings.Builder
		if got := run(c.args, strings.NewReader(c.stdin), &stdout, &stderr); got != c.want {
			t.Errorf("nixlint %v exits with %d, want %d\n%s%s", c.args, got, c.want, &stdout, &stderr)
		}
	}
}
