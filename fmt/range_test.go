package nixfmt

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/parser"
)

// TestFormatRange formats the part between « and » of each case.
func TestFormatRange(t *testing.T) {
	path := filepath.Join("testdata", "range.txtar")
	ar, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := false
	for i := 0; i+1 < len(ar.Files); i += 2 {
		in, want := string(ar.Files[i].Data), &ar.Files[i+1]
		start := strings.Index(in, "«")
		in = strings.Replace(in, "«", "", 1)
		end := strings.Index(in, "»")
		in = strings.Replace(in, "»", "", 1)
		edit, ok, err := FormatRange(in, parser.Span{Start: uint32(start), End: uint32(end)}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := in
		if ok {
			got = in[:edit.Span.Start] + edit.Text + in[edit.Span.End:]
		}
		switch {
		case got == string(want.Data):
		case *update:
			want.Data, changed = []byte(got), true
		default:
			t.Errorf("%s: got\n%s\nwant\n%s", ar.Files[i].Name, got, want.Data)
		}
	}
	if changed {
		if err := os.WriteFile(path, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestFormatRangeAnywhere formats around every byte of the golden cases: the
// program stays the same, and only the edit's span changes.
func TestFormatRangeAnywhere(t *testing.T) {
	golden(t, func(name, src string, _ map[string]*txtar.File) {
		before := parser.Parse(src)
		if before.HasSyntaxErrors() || len(src) > 2000 {
			return
		}
		for at := 0; at < len(src); at += 1 + len(src)/40 {
			span := parser.Span{Start: uint32(at), End: uint32(min(at+20, len(src)))}
			edit, ok, err := FormatRange(src, span, Options{})
			if err != nil || !ok {
				continue
			}
			out := src[:edit.Span.Start] + edit.Text + src[edit.Span.End:]
			if d := difference(before.Expr(), parser.Parse(out).Expr()); d != "" {
				t.Errorf("%s at %d: %s", name, at, d)
			}
		}
	})
}
