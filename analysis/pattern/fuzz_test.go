package pattern_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/pattern"
	nixfmt "github.com/nixlint/nixlint/fmt"
	"github.com/nixlint/nixlint/parser"
)

// seeds yields patterns and codes to begin with: those of the cases.
func seeds(f *testing.F) (patterns, codes []string) {
	f.Helper()
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range archives {
		ar, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range ar.Files {
			switch filepath.Ext(file.Name) {
			case ".nix":
				codes = append(codes, string(file.Data))
			case ".toml":
				patterns = append(patterns, specOf(f, file.Data).Pattern)
			}
		}
	}
	return patterns, codes
}

// FuzzMatch looks for patterns in code: whatever the two are, nothing panics,
// what is found lies in the code, and putting the pattern itself in its place
// keeps the code.
func FuzzMatch(f *testing.F) {
	patterns, codes := seeds(f)
	for i, code := range codes {
		f.Add(patterns[i%len(patterns)], code)
	}
	for i, p := range patterns {
		f.Add(p, codes[i%len(codes)])
	}
	f.Fuzz(func(t *testing.T, text, code string) {
		p, err := pattern.Parse(text)
		if err != nil {
			return
		}
		tree := parser.Parse(code)
		if tree.HasSyntaxErrors() {
			return
		}
		itself, err := pattern.ParseTemplate(text, p)
		if err != nil {
			itself = nil // it has metavariables that are not remembered
		}
		for n := range tree.Root().Preorder() {
			if !slices.Contains(p.Kinds(), n.Kind()) {
				continue
			}
			m, ok := p.Match(n)
			if !ok {
				continue
			}
			if !n.Span().Covers(m.Span) {
				t.Fatalf("`%s` finds %v of `%s` at %v", text, m.Span, code, n.Span())
			}
			if itself == nil {
				continue
			}
			made, _, ok := itself.Render(m)
			if !ok {
				continue
			}
			if s, _, ok := itself.Trim(m, made); ok && !m.Span.Covers(s) {
				t.Fatalf("`%s` replaces %v in %v of `%s`", text, s, m.Span, code)
			}
			for _, suffix := range []string{"", ";", ","} {
				if q, err := pattern.Parse(made + suffix); err == nil && len(q.Names()) == 0 {
					if again, ok := q.Match(n); ok && again.Span == m.Span {
						return
					}
				}
			}
			t.Errorf("`%s` makes `%s` of `%s`", text, made, n.Text())
		}
	})
}

// FuzzItself looks for each expression of a code in the code: it must be found
// where it stands.
func FuzzItself(f *testing.F) {
	_, codes := seeds(f)
	for _, code := range codes {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) {
		if len(code) < 2_000 {
			findItself(t, code)
		}
	})
}

func findItself(t *testing.T, code string) {
	t.Helper()
	tree := parser.Parse(code)
	if len(tree.Errors()) > 0 {
		return
	}
	for n := range tree.Expr().Preorder() {
		text := n.Text()
		switch n.Kind() {
		case parser.KindName, parser.KindAttrPath, parser.KindInterp, parser.KindInheritFrom, parser.KindPattern:
			continue
		case parser.KindFormal:
			text += ","
		case parser.KindString:
			if p := n.Parent().Kind(); p == parser.KindAttrPath || p == parser.KindInherit {
				continue
			}
		case parser.KindIdent:
			if n.Text() == "or" {
				continue // which is no expression by itself
			}
		}
		p, err := pattern.Parse(text)
		if err != nil {
			t.Fatalf("`%s` is no pattern: %v", text, err)
		}
		at := parser.Unparen(n)
		if m, ok := p.Match(at); !ok || m.Span != at.Span() {
			t.Fatalf("`%s` is not found where it stands", text)
		}
	}
}

// TestRepositories looks for itself and for parts of itself in real code.
func TestRepositories(t *testing.T) {
	files, err := filepath.Glob("../../testdata/repos/example/*/*/*.nix")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		findItself(t, string(data))
		findParts(t, string(data))
		findFormatted(t, string(data))
	}
}

// findFormatted looks for code in itself, formatted.
func findFormatted(t *testing.T, code string) {
	t.Helper()
	formatted, err := nixfmt.Format(code, nixfmt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := pattern.Parse(code)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := p.Match(parser.Unparen(parser.Parse(formatted).Expr())); !ok {
		t.Fatalf("`%s` is not found once it is formatted:\n%s", code, formatted)
	}
}

// findParts replaces each expression by a metavariable, looks for the outcome
// in the code, and puts the expression back with a template.
func findParts(t *testing.T, code string) {
	t.Helper()
	tree := parser.Parse(code)
	root := parser.Unparen(tree.Expr())
	for n := range root.Preorder() {
		if n == root || !isExpression(n) {
			continue
		}
		s := n.Span()
		text := code[:s.Start] + " $A " + code[s.End:]
		p, err := pattern.Parse(text)
		if err != nil {
			t.Fatalf("`%s` in place of `%s`: %v", "$A", n.Text(), err)
		}
		m, ok := p.Match(root)
		if !ok {
			t.Fatalf("`%s` is not found in place of `%s`", "$A", n.Text())
		}
		whole, err := pattern.ParseTemplate(text, p)
		if err != nil {
			t.Fatal(err)
		}
		made, _, ok := whole.Render(m)
		if !ok {
			t.Fatalf("`%s` is not put back", n.Text())
		}
		same, err := pattern.Parse(made)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := same.Match(root); !ok {
			t.Fatalf("`%s` makes another code:\n%s", n.Text(), made)
		}
	}
}

// isExpression reports whether a node can be replaced by a name.
func isExpression(n parser.Node) bool {
	switch n.Kind() {
	case parser.KindName, parser.KindAttrPath, parser.KindInterp, parser.KindInheritFrom, parser.KindPattern, parser.KindFormal,
		parser.KindBinding, parser.KindInherit:
		return false
	case parser.KindString:
		p := n.Parent().Kind()
		return p != parser.KindAttrPath && p != parser.KindInherit
	}
	return true
}
