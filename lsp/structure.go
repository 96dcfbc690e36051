package lsp

import (
	"context"
	"slices"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/parser"
)

// FoldingRanges returns what can be folded: everything in brackets, texts, comments of
// several lines, and the lists of imports as such.
func (s *server) FoldingRanges(ctx context.Context, p *protocol.FoldingRangeParams) ([]protocol.FoldingRange, error) {
	q, err := s.queryNix(ctx, p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	lines := q.Lines(q.path)
	out := []protocol.FoldingRange{}
	add := func(from, to uint32, kind protocol.FoldingRangeKind, keepLast bool) {
		first, last := lines.Line(from), lines.Line(to)
		if keepLast {
			last-- // the line of the closing bracket stays in sight
		}
		if last > first {
			out = append(out, protocol.FoldingRange{StartLine: uint32(first), EndLine: uint32(last), Kind: kind})
		}
	}
	tree := q.tree()
	for n := range tree.Root().Preorder() {
		span := n.Span()
		if span.Len() == 0 {
			continue
		}
		switch n.Kind() {
		case parser.KindAttrSet, parser.KindList, parser.KindParen, parser.KindPattern, parser.KindString, parser.KindIndString:
			kind := protocol.FoldingRangeKind("")
			if b := n.Parent(); n.Is(parser.KindList) && b.Is(parser.KindBinding) && (parser.Binding{Node: b}).Path().Text() == "imports" {
				kind = protocol.FoldingRangeKindImports
			}
			add(span.Start, span.End-1, kind, true)
		case parser.KindLet:
			if in := (parser.Let{Node: n}).In(); in.IsValid() {
				add(span.Start, in.Span().Start, "", true)
			}
		}
	}
	// Comments on lines that follow one another fold as one.
	var start, end uint32
	pending := false
	for c := range tree.Comments() {
		if pending && lines.Line(c.Span.Start) == lines.Line(end)+1 {
			end = c.Span.End
			continue
		}
		if pending {
			add(start, end, protocol.FoldingRangeKindComment, false)
		}
		start, end, pending = c.Span.Start, c.Span.End, true
	}
	if pending {
		add(start, end, protocol.FoldingRangeKindComment, false)
	}
	slices.SortFunc(out, func(a, b protocol.FoldingRange) int { return int(a.StartLine) - int(b.StartLine) })
	return out, nil
}

// SelectionRange returns the constructs around positions, from inside out.
func (s *server) SelectionRange(ctx context.Context, p *protocol.SelectionRangeParams) ([]protocol.SelectionRange, error) {
	q, err := s.queryNix(ctx, p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	out := []protocol.SelectionRange{}
	for _, position := range p.Positions {
		n := q.tree().NodeAt(s.mapper.offset(q.Lines(q.path), position))
		spans := []parser.Span{n.Span()}
		for a := range n.Ancestors() {
			if span := a.Span(); span != spans[len(spans)-1] {
				spans = append(spans, span)
			}
		}
		var r *protocol.SelectionRange
		for _, span := range slices.Backward(spans) {
			r = &protocol.SelectionRange{Range: q.toRange(span), Parent: r}
		}
		out = append(out, *r)
	}
	return out, nil
}

// DocumentSymbol returns the outline of a file: its bindings, those of sets inside
// those that hold them.
func (s *server) DocumentSymbol(ctx context.Context, p *protocol.DocumentSymbolParams) (protocol.DocumentSymbolResult, error) {
	q, err := s.queryNix(ctx, p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	return protocol.DocumentSymbolSlice(q.outline(q.tree().Expr(), maxOutlineDepth)), nil
}

// maxOutlineDepth is how deep sets may be nested in each other and still be shown.
const maxOutlineDepth = 100

// outline returns the bindings inside of an expression, as people see them: what is
// around a set, such as a function or a `let`, is looked through.
func (q *query) outline(n parser.Node, depth int) []protocol.DocumentSymbol {
	out := []protocol.DocumentSymbol{}
	if depth == 0 || !n.IsValid() {
		return out
	}
	switch n.Kind() {
	case parser.KindBinding:
		b := parser.Binding{Node: n}
		out = append(out, protocol.DocumentSymbol{
			Name: b.Path().Text(), Kind: symbolKind(b), Range: q.toRange(n.Span()), SelectionRange: q.toRange(b.Path().Span()),
			Children: q.outline(b.Value(), depth-1),
		})
	case parser.KindInherit:
		for name := range (parser.Inherit{Node: n}).Names() {
			out = append(out, protocol.DocumentSymbol{
				Name: name.Text(), Kind: protocol.SymbolKindVariable, Range: q.toRange(name.Span()), SelectionRange: q.toRange(name.Span()),
			})
		}
	default:
		for c := range n.Children() {
			if !c.Is(parser.KindString) && !c.Is(parser.KindIndString) && !c.Is(parser.KindAttrPath) {
				out = append(out, q.outline(c, depth-1)...)
			}
		}
	}
	for i := range out {
		if out[i].Name == "" {
			out[i].Name = "?" // a name that is not written yet; editors refuse empty ones
		}
	}
	return out
}

// symbolKind tells what a binding is: an option, imports, a set, or a value.
func symbolKind(b parser.Binding) protocol.SymbolKind {
	names, ok := b.Path().Static()
	if ok && len(names) == 1 {
		switch names[0] {
		case "imports":
			return protocol.SymbolKindModule
		case "options", "config":
			return protocol.SymbolKindNamespace
		}
	}
	switch v := parser.Unparen(b.Value()); v.Kind() {
	case parser.KindLambda:
		return protocol.SymbolKindFunction
	case parser.KindAttrSet:
		return protocol.SymbolKindStruct
	case parser.KindList:
		return protocol.SymbolKindArray
	case parser.KindString, parser.KindURI:
		return protocol.SymbolKindString
	case parser.KindInt, parser.KindFloat:
		return protocol.SymbolKindNumber
	case parser.KindPath, parser.KindSearchPath:
		return protocol.SymbolKindFile
	case parser.KindApply:
		return applyKind(parser.Apply{Node: v})
	case parser.KindIdent:
		if v.Text() == "true" || v.Text() == "false" {
			return protocol.SymbolKindBoolean
		}
	}
	return protocol.SymbolKindVariable
}

// applyKind recognizes what declares an option.
func applyKind(a parser.Apply) protocol.SymbolKind {
	f := a.Func()
	name := f.Text()
	if f.Is(parser.KindSelect) {
		name = (parser.Select{Node: f}).Path().Text()
	}
	switch name {
	case "mkOption", "mkEnableOption", "mkPackageOption":
		return protocol.SymbolKindProperty
	}
	return protocol.SymbolKindVariable
}
