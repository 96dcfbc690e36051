package diagnostic_test

import (
	"strings"
	"testing"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

// fingerprints makes a finding at every `!` of a text, the mark being no part
// of it.
func fingerprints(rule, file, marked string) []string {
	var ds []diagnostic.Diagnostic
	var text strings.Builder
	for i, part := range strings.Split(marked, "!") {
		if i > 0 {
			at := uint32(text.Len())
			ds = append(ds, diagnostic.Diagnostic{Rule: rule, File: file, Span: parser.Span{Start: at, End: at}, Message: part})
		}
		text.WriteString(part)
	}
	return diagnostic.Fingerprints(ds, func(string) string { return text.String() })
}

func TestFingerprints(t *testing.T) {
	const text = "{\n  a = !x;\n  b = !x !x;\n}\n"
	first := fingerprints("r", "f.nix", text)
	same := func(name string, want, got []string, indices ...int) {
		t.Helper()
		for i, j := range indices {
			if want[i] != got[j] {
				t.Errorf("%s: finding %d has another fingerprint", name, i)
			}
		}
	}
	same("lines before", first, fingerprints("r", "f.nix", "# new\n\n"+text), 0, 1, 2)
	same("other indentation", first, fingerprints("r", "f.nix", "{ a = 1;\n\ta  = !x; \r\nb = !x  !x;}"), 0)
	same("moved lines", first, fingerprints("r", "f.nix", "{\n  b = !x !x;\n  a = !x;\n}\n"), 2, 0, 1)
	same("one more like it", first, fingerprints("r", "f.nix", text+"  b = !x x;\n"), 0, 1, 2)

	seen := make(map[string]string)
	for name, keys := range map[string][]string{
		"first": first, "other rule": fingerprints("q", "f.nix", text), "other file": fingerprints("r", "g.nix", text),
		"repeated": fingerprints("r", "h.nix", "a = !x;\na = !x;\na = !x"), "at the end": fingerprints("r", "i.nix", "a !"),
	} {
		for _, k := range keys {
			if other, ok := seen[k]; ok {
				t.Errorf("findings of %q and %q have the same fingerprint", name, other)
			}
			seen[k] = name
		}
	}
}
