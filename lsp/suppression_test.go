package lsp

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/parser"
)

// TestInText puts a comment before every line of all files of the formatter's and the
// parser's cases, and checks that it is one where inText says so.
func TestInText(t *testing.T) {
	cases, err := filepath.Glob("../parser/testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	count := func(tree *parser.Tree) (n int) {
		for range tree.Comments() {
			n++
		}
		return n
	}
	texts := []string{"''\n  a\n''${b}\n${\n c\n}\n'' + \"\n$\n${x}\n\" /* a\nb */\n"}
	for _, name := range cases {
		ar, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range ar.Files {
			if strings.HasSuffix(f.Name, ".nix") {
				texts = append(texts, string(f.Data))
			}
		}
	}
	inside := 0
	for _, text := range texts {
		tree := parser.Parse(text)
		if len(tree.Errors()) > 0 {
			continue
		}
		for at := 0; at < len(text); at++ {
			if at > 0 && text[at-1] != '\n' {
				continue
			}
			changed := parser.Parse(text[:at] + "# comment\n" + text[at:])
			isComment := len(changed.Errors()) == 0 && count(changed) == count(tree)+1
			if inText(tree, uint32(at)) == isComment {
				t.Errorf("a comment at %d of %q: inText is %t", at, text, !isComment)
			}
			if !isComment {
				inside++
			}
		}
	}
	if inside == 0 {
		t.Error("no line begins in a text")
	}
}
