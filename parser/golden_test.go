package parser_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/parser"
)

var update = flag.Bool("update", false, "write the results into the golden files")

// goldenCases runs every NAME.nix of the archive through render and compares
// the result with NAME.want, which follows it. With -update it writes the
// results instead.
func goldenCases(t *testing.T, archive string, render func(src string) string) {
	t.Helper()
	path := filepath.Join("testdata", archive)
	ar, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := false
	cases := 0
	for i, f := range ar.Files {
		name, ok := strings.CutSuffix(f.Name, ".nix")
		if !ok {
			continue
		}
		if i+1 >= len(ar.Files) || ar.Files[i+1].Name != name+".want" {
			t.Fatalf("%s: %s.nix is not followed by %s.want", path, name, name)
		}
		cases++
		want := &ar.Files[i+1]
		t.Run(name, func(t *testing.T) {
			got := render(string(f.Data))
			if got == string(want.Data) {
				return
			}
			if *update {
				want.Data = []byte(got)
				changed = true
				return
			}
			t.Errorf("source:\n%s\ngot:\n%s\nwant:\n%s", f.Data, got, want.Data)
		})
	}
	if cases == 0 {
		t.Fatalf("%s holds no cases", path)
	}
	if changed {
		if err := os.WriteFile(path, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// showErrors renders the errors of a tree, one a line, with their places as
// people count them.
func showErrors(t *parser.Tree) string {
	var b strings.Builder
	place := func(s parser.Span) string {
		l1, c1 := t.Lines().Character(s.Start)
		l2, c2 := t.Lines().Character(s.End)
		return fmt.Sprintf("%d:%d-%d:%d", l1+1, c1+1, l2+1, c2+1)
	}
	for _, e := range t.Errors() {
		fmt.Fprintf(&b, "%s: %s\n", place(e.Span), e.Message)
		if e.Help != "" {
			fmt.Fprintf(&b, "  help: %s\n", e.Help)
		}
		if e.Related != nil {
			fmt.Fprintf(&b, "  %s: %s\n", place(e.Related.Span), e.Related.Message)
		}
		if e.Fix != nil {
			fmt.Fprintf(&b, "  fix: %s\n", e.Fix.Title)
		}
	}
	return b.String()
}

// outline shows what was understood of a file.
func outline(t *parser.Tree) string {
	var b strings.Builder
	var walk func(n parser.Node, depth int)
	walk = func(n parser.Node, depth int) {
		switch n.Kind() {
		case parser.KindBinding:
			fmt.Fprintf(&b, "%*s%s =\n", 2*depth, "", parser.Binding{Node: n}.Path().Text())
			depth++
		case parser.KindInherit:
			fmt.Fprintf(&b, "%*sinherit", 2*depth, "")
			for name := range (parser.Inherit{Node: n}).Names() {
				fmt.Fprintf(&b, " %s", name.Text())
			}
			b.WriteString("\n")
		case parser.KindLambda:
			fmt.Fprintf(&b, "%*s%s:\n", 2*depth, "", strings.Join(strings.Fields(n.Child(0).Text()), " "))
		}
		for c := range n.Children() {
			walk(c, depth)
		}
	}
	walk(t.Root(), 0)
	return b.String()
}

func TestRecovery(t *testing.T) {
	goldenCases(t, "recovery.txtar", func(src string) string {
		tree := parser.Parse(src)
		return showErrors(tree) + "---\n" + outline(tree)
	})
}

func TestTrees(t *testing.T) {
	goldenCases(t, "trees.txtar", func(src string) string {
		tree := parser.Parse(src)
		return tree.Dump() + showErrors(tree)
	})
}

func TestSemanticErrors(t *testing.T) {
	goldenCases(t, "semantic.txtar", func(src string) string { return showErrors(parser.Parse(src)) })
}

// TestStrings compares the values of string literals with those that Nix
// computes. The .want files hold what nix-instantiate --eval --json printed.
func TestStrings(t *testing.T) {
	goldenCases(t, "strings.txtar", func(src string) string {
		tree := parser.Parse(src)
		if len(tree.Errors()) > 0 {
			return showErrors(tree)
		}
		var value strings.Builder
		for _, p := range (parser.String{Node: tree.Expr()}).Parts() {
			value.WriteString(p.Text)
			if p.Interp.IsValid() {
				inner, _ := parser.String{Node: parser.Interp{Node: p.Interp}.Expr()}.Static()
				value.WriteString(inner)
			}
		}
		return jsonString(value.String()) + "\n"
	})
}

// jsonString quotes as Nix's JSON printer does.
func jsonString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch r {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
