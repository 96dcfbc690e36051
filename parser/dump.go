package parser

import (
	"fmt"
	"strings"
)

// Dump renders the tree as indented text: a node with its kind and byte range
// on each line, tokens beneath their nodes. It is what `nixlint parse --tree`
// prints and what golden tests compare.
func (t *Tree) Dump() string {
	var b strings.Builder
	dump(&b, t.Root(), 0)
	return b.String()
}

func dump(b *strings.Builder, n Node, depth int) {
	s := n.Span()
	fmt.Fprintf(b, "%*s%s %d..%d\n", 2*depth, "", n.Kind(), s.Start, s.End)
	for e := range n.Elements() {
		if e.Node.IsValid() {
			dump(b, e.Node, depth+1)
			continue
		}
		if e.Token.Kind() == TokenEOF {
			continue
		}
		s := e.Token.Span()
		fmt.Fprintf(b, "%*s%q %d..%d\n", 2*depth+2, "", e.Token.Text(), s.Start, s.End)
	}
}
