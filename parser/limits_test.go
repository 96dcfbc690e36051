package parser_test

import (
	"strings"
	"testing"

	"github.com/nixlint/nixlint/parser"
)

// TestDeepNesting parses input that is nested far deeper than any recursion
// could follow. Every one must give a tree that can be walked.
func TestDeepNesting(t *testing.T) {
	const n = 200_000
	for name, src := range map[string]string{
		"open brackets":      strings.Repeat("[", n),
		"closed brackets":    strings.Repeat("[", n) + strings.Repeat("]", n),
		"closing brackets":   strings.Repeat("]", n),
		"parentheses":        strings.Repeat("(", n) + "x" + strings.Repeat(")", n),
		"braces":             strings.Repeat("{a=", n) + "1" + strings.Repeat(";}", n),
		"open braces":        strings.Repeat("{", n),
		"lets":               strings.Repeat("let a=", n) + "1" + strings.Repeat(";in a", n),
		"functions":          strings.Repeat("x: ", n) + "x",
		"pattern defaults":   strings.Repeat("{a?", n) + "1" + strings.Repeat("}:1", n),
		"interpolations":     strings.Repeat(`"${`, n) + "x" + strings.Repeat(`}"`, n),
		"open strings":       strings.Repeat(`"${`, n),
		"path interpolation": strings.Repeat("./${", n) + "x" + strings.Repeat("}", n),
		"negations":          strings.Repeat("!", n) + "x",
		"minuses":            strings.Repeat("- ", n) + "x",
		"sums":               strings.Repeat("x+", n) + "x",
		"updates":            strings.Repeat("x//", n) + "x",
		"pipes":              strings.Repeat("x|>", n) + "x",
		"implications":       strings.Repeat("x->", n) + "x",
		"nested sums":        strings.Repeat("("+strings.Repeat("x+", 40), n/40) + "x" + strings.Repeat(")", n/40),
		"conditions":         strings.Repeat("if x then y else ", n) + "z",
		"withs":              strings.Repeat("with x;", n) + "x",
		"defaults":           strings.Repeat("a.b or ", n) + "c",
		"selections":         "a" + strings.Repeat(".b", n),
		"arguments":          "f" + strings.Repeat(" x", n),
		"dotted bindings":    "{" + strings.Repeat("a.", n) + "b = 1; }",
		"broken bindings":    "{" + strings.Repeat("a b c ", n),
		"broken lists":       strings.Repeat("[ a = ", n),
		"commas":             "{" + strings.Repeat(",", n),
		"unclosed quotes":    strings.Repeat("\"a\n", n),
		"unclosed indented":  strings.Repeat("''\nx\n", n+1),
		"merge conflicts":    strings.Repeat("<<<<<<< a\n=======\n>>>>>>> b\n", 1000),
	} {
		t.Run(name, func(t *testing.T) {
			tree := parser.Parse(src)
			checkTree(t, tree)
			deepest := 0
			for n := range tree.Root().Preorder() {
				if n.ChildCount() == 0 {
					depth := 0
					for range n.Ancestors() {
						depth++
					}
					deepest = max(deepest, depth)
					if deepest > 20_001 {
						t.Fatalf("the tree is %d levels deep", deepest)
					}
					if depth > 1000 {
						return // one deep leaf is enough to look at
					}
				}
			}
		})
	}
}

// TestLargeFile parses 50 MB in a single line.
func TestLargeFile(t *testing.T) {
	element := "{ services.foo.bar = { enable = true; ports = [ 80 443 ]; text = \"a ${b} c\"; }; } "
	src := "[" + strings.Repeat(element, 50<<20/len(element)) + "]"
	tree := parser.Parse(src)
	if len(tree.Errors()) > 0 {
		t.Fatalf("%v", tree.Errors()[0])
	}
	if got := tree.Expr().ChildCount(); got < 500_000 {
		t.Fatalf("only %d elements", got)
	}
	if line, col := tree.Lines().Character(uint32(len(src))); line != 0 || col != len(src) {
		t.Fatalf("the file ends at %d:%d", line, col)
	}
}

func TestLines(t *testing.T) {
	src := "ab\r\né𝄞x\n\nend"
	l := parser.NewLines(src)
	if l.Count() != 4 {
		t.Fatalf("%d lines", l.Count())
	}
	for _, c := range []struct {
		offset                     uint32
		line, byteCol, u16Col, chr int
	}{
		{0, 0, 0, 0, 0}, {2, 0, 2, 2, 2}, {4, 1, 0, 0, 0}, {6, 1, 2, 1, 1},
		{10, 1, 6, 3, 2}, {11, 1, 7, 4, 3}, {12, 2, 0, 0, 0}, {13, 3, 0, 0, 0}, {16, 3, 3, 3, 3},
	} {
		line, col := l.Position(c.offset)
		if line != c.line || col != c.byteCol {
			t.Errorf("Position(%d) = %d:%d, want %d:%d", c.offset, line, col, c.line, c.byteCol)
		}
		if line, col := l.UTF16(c.offset); line != c.line || col != c.u16Col {
			t.Errorf("UTF16(%d) = %d:%d, want %d:%d", c.offset, line, col, c.line, c.u16Col)
		}
		if line, col := l.Character(c.offset); line != c.line || col != c.chr {
			t.Errorf("Character(%d) = %d:%d, want %d:%d", c.offset, line, col, c.line, c.chr)
		}
		if got := l.Offset(c.line, c.byteCol); got != c.offset {
			t.Errorf("Offset(%d, %d) = %d, want %d", c.line, c.byteCol, got, c.offset)
		}
		if got := l.OffsetOfUTF16(c.line, c.u16Col); got != c.offset {
			t.Errorf("OffsetOfUTF16(%d, %d) = %d, want %d", c.line, c.u16Col, got, c.offset)
		}
		if got := l.OffsetOfCharacter(c.line, c.chr); got != c.offset {
			t.Errorf("OffsetOfCharacter(%d, %d) = %d, want %d", c.line, c.chr, got, c.offset)
		}
	}
	if got := l.OffsetOfUTF16(1, 2); got != 6 {
		t.Errorf("the middle of a surrogate pair is offset %d, want 6", got)
	}
	if got := l.Offset(0, 99); got != 2 {
		t.Errorf("a column beyond the line is offset %d, want 2", got)
	}
	if got := l.Offset(99, 0); int(got) != len(src) {
		t.Errorf("a line beyond the text is offset %d, want %d", got, len(src))
	}
}

func TestNodeAt(t *testing.T) {
	src := "{ a.b = foo.bar or [ x ]; }"
	tree := parser.Parse(src)
	for _, c := range []struct {
		at   string
		want parser.Kind
	}{
		{"a.b", parser.KindName}, {"foo", parser.KindIdent}, {"bar", parser.KindName}, {"x ]", parser.KindIdent},
		{"[ x", parser.KindList}, {"= foo", parser.KindBinding}, {"or", parser.KindSelect},
	} {
		offset := uint32(strings.Index(src, c.at))
		if got := tree.NodeAt(offset); got.Kind() != c.want {
			t.Errorf("at %q: %v, want %v", c.at, got.Kind(), c.want)
		}
	}
	if got := tree.NodeAt(uint32(strings.Index(src, "foo") + 3)); got.Text() != "foo" {
		t.Errorf("behind foo: %q", got.Text())
	}
	if got := tree.TokenAt(uint32(strings.Index(src, ".bar"))); got.Kind() != parser.TokenDot {
		t.Errorf("at the dot: %v", got.Kind())
	}
}

func TestCommentsOfNodes(t *testing.T) {
	src := `{
  # far

  # one
  # two
  a = 1; # behind a
  b = 2; /* behind b */ c = 3;
}
`
	tree := parser.Parse(src)
	texts := func(vs []parser.Trivia) (out []string) {
		for _, v := range vs {
			out = append(out, tree.TriviaText(v))
		}
		return out
	}
	set := tree.Expr()
	if got := texts(set.Child(0).LeadingComments()); strings.Join(got, "|") != "# one|# two" {
		t.Errorf("leading comments of a: %q", got)
	}
	if got := texts(set.Child(1).LeadingComments()); len(got) != 0 {
		t.Errorf("leading comments of b: %q", got)
	}
	value := parser.Binding{Node: set.Child(0)}.Value()
	if v, ok := value.TrailingComment(); !ok || tree.TriviaText(v) != "# behind a" {
		t.Errorf("trailing comment of a's value: %v %v", v, ok)
	}
	if v, ok := set.Child(1).TrailingComment(); !ok || tree.TriviaText(v) != "/* behind b */" {
		t.Errorf("trailing comment of b: %v %v", v, ok)
	}
	if _, ok := set.Child(2).TrailingComment(); ok {
		t.Error("c has a trailing comment")
	}
	if !set.HasComments() || value.HasComments() {
		t.Error("HasComments is wrong")
	}
}
