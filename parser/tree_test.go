package parser_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/parser"
)

// checkTree checks what holds for every tree: tokens and trivia give back the
// source, nodes nest, and their links agree.
func checkTree(t testing.TB, tree *parser.Tree) {
	t.Helper()
	src := tree.Source()
	var b strings.Builder
	for tok := range tree.Tokens() {
		for v := range tree.TriviaBefore(tok) {
			b.WriteString(tree.TriviaText(v))
		}
		b.WriteString(tok.Text())
	}
	if b.String() != src {
		t.Fatalf("tokens and trivia do not give back the source\nsource: %q\n   got: %q", src, b.String())
	}

	seen := 0
	tokens := 0
	var walk func(n parser.Node)
	walk = func(n parser.Node) {
		seen++
		at := n.Span().Start
		for e := range n.Elements() {
			if e.Token.IsValid() {
				if e.Token.Index() != tokens {
					t.Fatalf("token %d comes where token %d should\n%s", e.Token.Index(), tokens, tree.Dump())
				}
				tokens++
				continue
			}
			c := e.Node
			if c.Parent() != n {
				t.Fatalf("%v at %v has parent %v, is child of %v", c.Kind(), c.Span(), c.Parent().Kind(), n.Kind())
			}
			if c.ID() >= n.ID() {
				t.Fatalf("child %d is not smaller than its parent %d", c.ID(), n.ID())
			}
			if s := c.Span(); s.Start < at && c.Kind() != parser.KindMissing || s.End > n.Span().End {
				t.Fatalf("%v at %v lies outside of %v at %v", c.Kind(), s, n.Kind(), n.Span())
			}
			walk(c)
			at = c.Span().End
		}
	}
	walk(tree.Root())
	if seen != tree.NodeCount() {
		t.Fatalf("%d of %d nodes can be reached", seen, tree.NodeCount())
	}
	if tokens != tree.TokenCount() {
		t.Fatalf("%d of %d tokens belong to nodes", tokens, tree.TokenCount())
	}
	for _, e := range tree.Errors() {
		if e.Message == "" || e.Span.Start > e.Span.End || int(e.Span.End) > len(src) {
			t.Fatalf("malformed error %+v", e)
		}
	}
	checkArity(t, tree)
}

// checkArity checks that every node has the children its kind promises.
func checkArity(t testing.TB, tree *parser.Tree) {
	t.Helper()
	fixed := map[parser.Kind]int{
		parser.KindParen: 1, parser.KindInterp: 1, parser.KindBinding: 2, parser.KindHasAttr: 2, parser.KindUnary: 1,
		parser.KindBinary: 2, parser.KindIf: 3, parser.KindWith: 2, parser.KindAssert: 2, parser.KindLambda: 2,
		parser.KindInheritFrom: 1,
	}
	least := map[parser.Kind]int{
		parser.KindFile: 1, parser.KindLet: 1, parser.KindAttrPath: 1, parser.KindSelect: 2, parser.KindApply: 2,
		parser.KindFormal: 1,
	}
	for n := range tree.Root().Preorder() {
		count := 0
		for c := range n.Children() {
			if c.Kind() != parser.KindError || n.Kind() == parser.KindFile {
				count++
			}
		}
		if want, ok := fixed[n.Kind()]; ok && count < want && n.ChildCount() < want {
			t.Fatalf("%v at %v has %d children, want %d\n%s", n.Kind(), n.Span(), n.ChildCount(), want, tree.Dump())
		}
		if want, ok := least[n.Kind()]; ok && n.ChildCount() < want {
			t.Fatalf("%v at %v has %d children, want at least %d", n.Kind(), n.Span(), n.ChildCount(), want)
		}
	}
}

// sources returns all sources of the golden cases.
func sources(t testing.TB) map[string]string {
	t.Helper()
	out := make(map[string]string)
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives under testdata: %v", err)
	}
	for _, path := range archives {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range txtar.Parse(data).Files {
			if strings.HasSuffix(f.Name, ".nix") {
				out[filepath.Base(path)+"/"+f.Name] = string(f.Data)
			}
		}
	}
	return out
}

// TestCutAnywhere cuts every case at every byte offset, and takes every byte
// out of it in turn.
func TestCutAnywhere(t *testing.T) {
	for name, src := range sources(t) {
		t.Run(name, func(t *testing.T) {
			for i := range len(src) + 1 {
				checkTree(t, parser.Parse(src[:i]))
				checkTree(t, parser.Parse(src[i:]))
				if i < len(src) {
					checkTree(t, parser.Parse(src[:i]+src[i+1:]))
				}
			}
		})
	}
}

// TestRandomTokens joins pieces of syntax at random: most of it nonsense, all
// of it must give a sound tree.
func TestRandomTokens(t *testing.T) {
	pieces := strings.Split(`a|b.c|=|;|{|}|[|]|(|)|let|in|rec|inherit|with|assert|if|then|else|or|"|''|${|x:|{ a, ... }:|@|?|,|...|:|.|!|-|+|++|//|/|*|->|&&|||==|<|<=|./p|./p/|~/h|<n>|http://x|1|1.5|#c|/* c */|/*|\|$|'|é`+"|\n|\n<<<<<<< a\n|\n=======\n|\n>>>>>>> b\n", "|")
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		var b strings.Builder
		for range rnd.IntN(30) {
			b.WriteString(pieces[rnd.IntN(len(pieces))])
			if rnd.IntN(3) > 0 {
				b.WriteByte(' ')
			}
		}
		checkTree(t, parser.Parse(b.String()))
	}
}

func FuzzParse(f *testing.F) {
	for _, src := range sources(f) {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		tree := parser.Parse(src)
		checkTree(t, tree)
		for n := range tree.Root().Preorder() {
			switch n.Kind() {
			case parser.KindString, parser.KindIndString:
				parser.String{Node: n}.Parts()
			case parser.KindPath:
				parser.Path{Node: n}.Parts()
			}
			n.LeadingComments()
			n.TrailingComment()
		}
	})
}
