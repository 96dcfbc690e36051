package lsp

import (
	"context"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// namePattern is what a name may look like while it is edited along with its uses.
const namePattern = `[a-zA-Z_][a-zA-Z0-9_'-]*`

// LinkedEditingRange tells which places are to be edited at once: the name of a variable
// that a let or a function's parameter defines, and its uses. Names that mean something to
// others, such as attributes and formals, are left to Rename, which looks at them.
func (s *server) LinkedEditingRange(ctx context.Context, p *protocol.LinkedEditingRangeParams) (*protocol.LinkedEditingRanges, error) {
	q, at, err := s.at(ctx, p.TextDocumentPositionParams)
	if err != nil {
		return nil, err
	}
	f, names := q.File(q.path), q.Names(q.path)
	sym := symbol.At(f, names, at)
	if sym.Kind != symbol.Variable || len(sym.Path) > 0 || !isPrivate(names, sym.Def) {
		return nil, nil
	}
	out := &protocol.LinkedEditingRanges{WordPattern: ptr(namePattern)}
	for _, place := range symbol.Variables(f, names, sym.Def, true) {
		if f.Tree.NodeCovering(place.Span).Parent().Is(parser.KindInherit) {
			return nil, nil // the name of an attribute too
		}
		if f.Text[place.Span.Start:place.Span.End] != names.Name(sym.Def) {
			return nil, nil // quoted in one place
		}
		out.Ranges = append(out.Ranges, q.toRange(place.Span))
	}
	return out, nil
}

// isPrivate reports whether a name means nothing outside of its expression.
func isPrivate(names *scope.Names, d scope.DefID) bool {
	def := names.Definitions()[d]
	switch def.Kind {
	case scope.Argument, scope.Whole:
		return true
	case scope.Binding:
		return names.Scopes()[def.Scope].Kind == scope.Let && !def.More
	}
	return false
}
