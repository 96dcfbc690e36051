package pattern_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/pattern"
	"github.com/nixlint/nixlint/parser"
)

var update = flag.Bool("update", false, "write the results into the cases")

// TestCases looks for patterns. In testdata/*.txtar a case NAME is a file
// NAME.toml with what a rule of the user's may say about its pattern, and
// NAME.nix with code. NAME.want has the places found, each with what its
// metavariables stand for, and NAME.fixed what the fix makes of the code.
// Without NAME.nix the pattern has a mistake, and NAME.want tells which.
func TestCases(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range archives {
		ar, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files := make(map[string]string)
		for _, f := range ar.Files {
			files[f.Name] = string(f.Data)
		}
		out := &txtar.Archive{Comment: ar.Comment}
		for _, f := range ar.Files {
			base, ok := strings.CutSuffix(f.Name, ".toml")
			if !ok {
				continue
			}
			t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar")+"/"+base, func(t *testing.T) {
				src, hasCode := files[base+".nix"]
				want, fixed := runCase(t, f.Data, src, hasCode)
				out.Files = append(out.Files, f)
				if hasCode {
					out.Files = append(out.Files, txtar.File{Name: base + ".nix", Data: []byte(src)})
				}
				for ext, got := range map[string]string{".want": want, ".fixed": fixed} {
					if got != files[base+ext] && !*update {
						t.Errorf("%s: got:\n%s\nwant:\n%s", ext, got, files[base+ext])
					}
				}
				if want != "" {
					out.Files = append(out.Files, txtar.File{Name: base + ".want", Data: []byte(want)})
				}
				if fixed != "" {
					out.Files = append(out.Files, txtar.File{Name: base + ".fixed", Data: []byte(fixed)})
				}
			})
		}
		if data := txtar.Format(out); *update && !t.Failed() && !bytes.Equal(data, txtar.Format(ar)) {
			if err := os.WriteFile(name, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func runCase(t *testing.T, spec []byte, src string, hasCode bool) (want, fixed string) {
	t.Helper()
	q, err := pattern.Compile(specOf(t, spec))
	if !hasCode {
		if err == nil {
			t.Fatal("there is no mistake in it")
		}
		return err.Error() + "\n", ""
	}
	if err != nil {
		t.Fatal(err)
	}
	tree := parser.Parse(src)
	if tree.HasSyntaxErrors() {
		t.Fatal(tree.Errors())
	}
	var b strings.Builder
	var edits []diagnostic.Edit
	for _, m := range findAll(q, tree) {
		l1, c1 := tree.Lines().Position(m.Span.Start)
		l2, c2 := tree.Lines().Position(m.Span.End)
		fmt.Fprintf(&b, "%d:%d-%d:%d", l1+1, c1+1, l2+1, c2+1)
		for _, name := range q.Names() {
			text, _ := m.Text(name)
			fmt.Fprintf(&b, " %s=`%s`", name, text)
		}
		if q.Fix() != nil {
			text, level, ok := q.Fix().Render(m)
			if !ok {
				b.WriteString(" no fix")
			} else if level < m.Slot() {
				text = "(" + text + ")"
			}
			if inside := len(edits) > 0 && edits[len(edits)-1].Span.End > m.Span.Start; ok && !inside {
				edits = append(edits, diagnostic.Edit{Span: m.Span, Text: text})
			}
		}
		b.WriteByte('\n')
	}
	if len(edits) > 0 {
		if fixed, err = diagnostic.Apply(src, edits); err != nil {
			t.Fatal(err)
		}
		if errs := parser.Parse(fixed).Errors(); len(errs) > 0 {
			t.Errorf("the fix makes no Nix: %v\n%s", errs, fixed)
		}
	}
	return b.String(), fixed
}

// specOf reads a rule of the user's.
func specOf(t testing.TB, data []byte) pattern.Spec {
	t.Helper()
	var s struct {
		Pattern, Fix, Inside string
		NotInside            string `toml:"not-inside"`
		Where, Kind          map[string]string
	}
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&s); err != nil {
		t.Fatal(err)
	}
	return pattern.Spec{Pattern: s.Pattern, Fix: s.Fix, Where: s.Where, Kind: s.Kind, Inside: s.Inside, NotInside: s.NotInside}
}

// findAll returns all matches in a tree, those that begin first first.
func findAll(q *pattern.Query, tree *parser.Tree) []pattern.Match {
	var out []pattern.Match
	for n := range tree.Root().Preorder() {
		if slices.Contains(q.Kinds(), n.Kind()) {
			if m, ok := q.Find(n); ok {
				out = append(out, m)
			}
		}
	}
	return out
}
