package baseline_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/analysis/baseline"
	"github.com/nixlint/nixlint/analysis/diagnostic"
	nixfmt "github.com/nixlint/nixlint/fmt"
	"github.com/nixlint/nixlint/parser"
)

// findings makes a finding of a rule at every place where a word stands.
func findings(file, text, word string) (out []diagnostic.Diagnostic) {
	for at := 0; ; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return out
		}
		start := uint32(at + i)
		out = append(out, diagnostic.Diagnostic{File: file, Rule: "r", Span: parser.Span{Start: start, End: start + uint32(len(word))}})
		at += i + len(word)
	}
}

const before = `{
  services.web = {
    port = bad 1;
    host = bad 1;
  };
  list = [ (bad 2) (bad 2) ];
}
`

// TestFilter makes a baseline of a text and looks how many findings of another
// are new, and how many known ones are gone.
func TestFilter(t *testing.T) {
	formatted, err := nixfmt.Format(strings.ReplaceAll(strings.ReplaceAll(before, "\n", " "), "  ", " "), nixfmt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, after    string
		left, obsolete int
	}{
		{"the same", before, 0, 0},
		{"lines moved", "# new\n\n" + strings.Replace(before, "{\n", "{\n  other = 1;\n\n", 1), 0, 0},
		{"laid out anew", formatted, 0, 0},
		{"bindings in another order", strings.Replace(strings.Replace(before, "    port = bad 1;\n", "", 1), "    host = bad 1;\n", "    host = bad 1;\n    port = bad 1;\n", 1), 0, 0},
		{"one more like it", strings.Replace(before, "[ (bad 2)", "[ (bad 2) (bad 2)", 1), 1, 0},
		{"in a new binding", strings.Replace(before, "  list", "  more = bad 1;\n  list", 1), 1, 0},
		{"one mended", strings.Replace(before, "(bad 2)", "(good 2)", 1), 0, 1},
		{"mended and new", strings.Replace(before, "host = bad 1", "name = bad 1", 1), 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := baseline.Of(findings("a.nix", before, "bad"), func(string) string { return before })
			name := filepath.Join(t.TempDir(), baseline.Name)
			if err := os.WriteFile(name, []byte(b.JSON()), 0o644); err != nil {
				t.Fatal(err)
			}
			b, err := baseline.Read(name)
			if err != nil {
				t.Fatal(err)
			}
			if b.Len() != 4 {
				t.Errorf("%d findings are known, want 4", b.Len())
			}
			left, obsolete := b.Filter(findings("a.nix", c.after, "bad"), func(string) string { return c.after }, func(string) bool { return true })
			if len(left) != c.left || obsolete != c.obsolete {
				t.Errorf("%d are new and %d gone, want %d and %d", len(left), obsolete, c.left, c.obsolete)
			}
		})
	}
}

func TestOtherFilesAndSyntax(t *testing.T) {
	ds := findings("a.nix", before, "bad")
	syntax := ds[0]
	syntax.Rule = "syntax"
	text := func(string) string { return before }
	b := baseline.Of(append(ds, syntax), text)
	if left, _ := b.Filter([]diagnostic.Diagnostic{syntax}, text, func(string) bool { return false }); len(left) != 1 {
		t.Error("a syntax error is held back")
	}
	other := baseline.Of(findings("b.nix", before, "bad"), text)
	if n := other.With(b, func(file string) bool { return file == "a.nix" }).Len(); n != 8 {
		t.Errorf("both together know %d findings, want 8", n)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, text := range []string{"", "[]", `{"version": 2, "findings": []}`} {
		name := filepath.Join(t.TempDir(), "x.json")
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := baseline.Read(name); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}
