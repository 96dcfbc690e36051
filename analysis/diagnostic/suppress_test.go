package diagnostic_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

// TestSuppress makes a finding of the rules `a` and `b-c` for every such word
// in the Nix code of a case, comments left out, and compares those that are
// left, and the directives, with what the case wants.
func TestSuppress(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/suppress.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(ar.Files); i += 2 {
		src, want := ar.Files[i], &ar.Files[i+1]
		t.Run(src.Name, func(t *testing.T) {
			got := suppressed(string(src.Data))
			if os.Getenv("NIXLINT_UPDATE") != "" {
				want.Data = []byte(got)
			} else if got != string(want.Data) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want.Data)
			}
		})
	}
	if os.Getenv("NIXLINT_UPDATE") != "" {
		if err := os.WriteFile(filepath.Join("testdata", "suppress.txtar"), txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func suppressed(src string) string {
	tree := parser.Parse(src)
	var ds []diagnostic.Diagnostic
	for tok := range tree.Tokens() {
		switch text := tok.Text(); text {
		case "a", "b-c", "syntax", "unused-binding":
			ds = append(ds, diagnostic.Diagnostic{Rule: text, Span: tok.Span()})
		}
	}
	var b strings.Builder
	directives := diagnostic.Directives(tree)
	for _, d := range diagnostic.Suppress(tree, directives, ds) {
		fmt.Fprintf(&b, "left: line %d %s\n", tree.Lines().Line(d.Span.Start)+1, d.Rule)
	}
	for _, d := range directives {
		fmt.Fprintf(&b, "directive: line %d", tree.Lines().Line(d.Comment.Start)+1)
		if d.Unknown != "" {
			fmt.Fprintf(&b, " unknown %s", d.Unknown)
		}
		if d.WholeFile {
			b.WriteString(" file")
		}
		for _, r := range d.Rules {
			text := src[r.Span.Start:r.Span.End]
			fmt.Fprintf(&b, " %s", r.Name)
			if text != r.Name {
				fmt.Fprintf(&b, "(%s)", text)
			}
			if !r.Used {
				b.WriteString("(unused)")
			}
		}
		if d.Reason != "" {
			fmt.Fprintf(&b, ": %s", d.Reason)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
