package claims

import (
	"strings"
	"testing"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/parser"
)

// FuzzTextPlaces looks for parts of texts in the strings that give them: the
// part itself is found, or something around it.
func FuzzTextPlaces(f *testing.F) {
	for _, s := range []string{
		"\n  <domain>\n    <vcpu>2</vcpu><a b='2'/>\n  </domain>\n  ", "<domain/>", "  \n\n \n", "\n\t<a>\n  <b/>", "\n  a ''${b} ''' ''\\n\n  c",
	} {
		for at := range uint16(12) {
			f.Add(s, at*3, at%4)
		}
	}
	f.Fuzz(func(t *testing.T, inside string, from, length uint16) {
		code := "''" + inside + "''"
		tree := parser.Parse(code)
		var node parser.Node
		for n := range tree.Root().Preorder() {
			if n.Is(parser.KindIndString) {
				node = n
				break
			}
		}
		if !node.IsValid() || node.Text() != code {
			return
		}
		text, ok := parser.String{Node: node}.Static()
		if !ok || int(from)+int(length) > len(text) {
			return
		}
		at := eval.Place{File: &eval.File{Path: "/a.nix", Tree: tree}, Node: node.ID()}
		part := text[from : from+length]
		got := newTextPlaces(text, &Source{Span: node.Span(), Node: at}).place(parser.Span{Start: uint32(from), End: uint32(from + length)})
		if got.Start > got.End || int(got.End) > len(code) {
			t.Fatalf("%q: %v is outside", code, got)
		}
		if !strings.Contains(code, "''$") && !strings.Contains(code, "'''") && !strings.Contains(code, `''\`) && !strings.ContainsAny(code, "\r$") &&
			!strings.Contains(part, "\n") && !strings.Contains(code[got.Start:got.End], strings.TrimSpace(part)) {
			t.Errorf("%q is not in %q of %q", part, code[got.Start:got.End], code)
		}
	})
}
