package nixfmt

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// Verify checks a result of Format: that it can be read, that it is the same
// program as the source with the same words in its comments, and that
// formatting it again changes nothing.
func Verify(src, out string, o Options) error {
	before, after := parser.Parse(src), parser.Parse(out)
	if after.HasSyntaxErrors() {
		return fmt.Errorf("the formatted text has a syntax error: %w", after.Errors()[0])
	}
	if d := difference(before.Expr(), after.Expr()); d != "" {
		return fmt.Errorf("the formatted text is another program: %s", d)
	}
	if !slices.Equal(commentWords(before), commentWords(after)) {
		return fmt.Errorf("the formatted text has other comments")
	}
	again, err := FormatTree(after, o)
	if err != nil {
		return fmt.Errorf("the formatted text cannot be formatted: %w", err)
	}
	if again != out {
		return fmt.Errorf("formatting twice gives another result")
	}
	return nil
}

// difference describes where two expressions differ in more than layout.
func difference(a, b parser.Node) string {
	text := func(n parser.Node) (string, bool) {
		switch n.Kind() {
		case parser.KindURI:
			return n.Text(), true
		case parser.KindString, parser.KindIndString:
			var sb strings.Builder
			for _, part := range (parser.String{Node: n}).Parts() {
				if part.Interp.IsValid() {
					sb.WriteByte(0)
				}
				sb.WriteString(part.Text)
			}
			return sb.String(), true
		}
		return "", false
	}
	if a.Is(parser.KindSelect) && a.Child(0).Is(parser.KindPath) {
		// nixfmt writes `./${x} .y` as `./${x}.y`, which is another path. The
		// attribute of a path does not exist anyway.
		return ""
	}
	at, isText := text(a)
	bt, _ := text(b)
	switch {
	case at != bt:
		return fmt.Sprintf("%q became %q", a.Text(), b.Text())
	case !isText && a.Kind() != b.Kind():
		return fmt.Sprintf("%s %q became %s %q", a.Kind(), a.Text(), b.Kind(), b.Text())
	case a.ChildCount() != b.ChildCount():
		return fmt.Sprintf("%q became %q", a.Text(), b.Text())
	}
	if !isText {
		ax, bx := ownTokens(a), ownTokens(b)
		if !slices.Equal(ax, bx) {
			return fmt.Sprintf("%q became %q", ax, bx)
		}
	}
	for i := range a.ChildCount() {
		if d := difference(a.Child(i), b.Child(i)); d != "" {
			return d
		}
	}
	return ""
}

// ownTokens returns the texts of a node's own tokens, commas left out.
func ownTokens(n parser.Node) []string {
	var out []string
	for e := range n.Elements() {
		if e.Token.IsValid() && e.Token.Kind() != parser.TokenComma {
			out = append(out, e.Token.Text())
		}
	}
	return out
}

// commentWords returns the words of all comments, sorted: comments may be
// joined and given another form, but no word of them may come or go.
func commentWords(t *parser.Tree) []string {
	var words []string
	for v := range t.Comments() {
		plain := strings.Map(func(r rune) rune {
			if strings.ContainsRune("#*/", r) {
				return ' '
			}
			return r
		}, t.TriviaText(v))
		words = append(words, strings.Fields(plain)...)
	}
	slices.Sort(words)
	return words
}
