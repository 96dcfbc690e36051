package lsp

import (
	"context"
	"slices"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/parser"
)

// SelectionRange returns the constructs around positions, from inside out.
func (s *server) SelectionRange(ctx context.Context, p *protocol.SelectionRangeParams) ([]protocol.SelectionRange, error) {
	q, err := s.queryNix(ctx, p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	out := []protocol.SelectionRange{}
	for _, position := range p.Positions {
		var r *protocol.SelectionRange
		for _, span := range slices.Backward(spansAround(q.tree(), s.mapper.offset(q.Lines(q.path), position))) {
			r = &protocol.SelectionRange{Range: q.toRange(span), Parent: r}
		}
		out = append(out, *r)
	}
	return out, nil
}

// spansAround returns the spans of what is around an offset, each in the next: a keyword,
// operator or comment there, and the nodes.
func spansAround(tree *parser.Tree, offset uint32) []parser.Span {
	n := tree.NodeAt(offset)
	var spans []parser.Span
	add := func(s parser.Span) {
		if len(spans) == 0 || s != spans[len(spans)-1] && s.Covers(spans[len(spans)-1]) {
			spans = append(spans, s)
		}
	}
	if tok := tree.TokenAt(offset); tok.IsValid() && isWord(tok.Kind()) && n.Span().Covers(tok.Span()) {
		add(tok.Span())
	}
	for c := range tree.Comments() {
		if c.Span.Start < offset && offset < c.Span.End {
			n = tree.NodeCovering(c.Span)
			add(c.Span)
		}
	}
	child := parser.Node{}
	for ; n.IsValid(); child, n = n, n.Parent() {
		switch n.Kind() {
		case parser.KindApply:
			// The call with the arguments up to the one at the offset, and with more of them.
			for i := range (parser.Apply{Node: n}).ArgCount() {
				if arg := (parser.Apply{Node: n}).Arg(i); child.IsValid() && arg.Span().End >= child.Span().End {
					add(parser.Span{Start: n.Span().Start, End: arg.Span().End})
				}
			}
		case parser.KindPattern:
			// Without the name for the whole.
			if p := (parser.Pattern{Node: n}); p.Open().IsValid() && p.Close().IsValid() {
				if braces := (parser.Span{Start: p.Open().Span().Start, End: p.Close().Span().End}); braces.Contains(offset) {
					add(braces)
				}
			}
		}
		if n.Is(parser.KindFile) {
			break // with the comments that it begins with
		}
		add(n.Span())
	}
	add(parser.Span{End: uint32(len(tree.Source()))})
	return spans
}

// isWord reports whether a token means something by itself: keywords and operators, but not
// brackets and what separates.
func isWord(k parser.TokenKind) bool {
	return k.IsKeyword() || k == parser.TokenOr || k >= parser.TokenEllipsis
}
