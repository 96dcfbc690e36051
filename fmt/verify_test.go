package nixfmt

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestVerify verifies the results of all golden cases, and sees what is wrong
// with results that were tampered with.
func TestVerify(t *testing.T) {
	golden(t, func(name, src string, _ map[string]*txtar.File) {
		out, err := Format(src, Options{})
		if err != nil {
			return
		}
		if err := Verify(src, out, Options{}); err != nil && !strings.Contains(err.Error(), "twice") {
			t.Errorf("%s: %v", name, err)
		}
	})
	const src, out = "{a=1; # one\n}", "{\n  a = 1; # one\n}\n"
	for bad, want := range map[string]string{
		"{\n  a = 2; # one\n}\n":     "another program",
		"{\n  a = 1;\n}\n":           "other comments",
		"{\n  a = 1 # one\n}\n":      "syntax error",
		"{\n  a  =  1; # one\n}\n":   "twice",
		"{\n  a = 1; # one one\n}\n": "other comments",
	} {
		if err := Verify(src, bad, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want an error with %q", bad, err, want)
		}
	}
	if err := Verify(src, out, Options{}); err != nil {
		t.Error(err)
	}
}
