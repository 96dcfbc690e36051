package lsp

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/symbol"
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
	// Comments on lines of their own that follow one another fold as one.
	var start, end uint32
	pending := false
	for c := range tree.Comments() {
		if before := q.text()[lines.Start(lines.Line(c.Span.Start)):c.Span.Start]; strings.TrimSpace(before) != "" {
			continue // behind code, which must stay in sight
		}
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
	// Of what begins and ends on the same lines, that of a kind comes first and is kept.
	slices.SortFunc(out, func(a, b protocol.FoldingRange) int {
		return cmp.Or(cmp.Compare(a.StartLine, b.StartLine), cmp.Compare(a.EndLine, b.EndLine), cmp.Compare(b.Kind, a.Kind))
	})
	return slices.CompactFunc(out, func(a, b protocol.FoldingRange) bool {
		return a.StartLine == b.StartLine && a.EndLine == b.EndLine
	}), nil
}

// DocumentSymbol returns the outline of a file: its bindings, those of sets inside
// those that hold them, options with their types.
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
		kind, inside, detail := symbolKind(b), b.Value(), ""
		if kind == protocol.SymbolKindProperty {
			inside, detail = optionType(b.Value())
		}
		s := protocol.DocumentSymbol{
			Name: b.Path().Text(), Kind: kind, Range: q.toRange(n.Span()), SelectionRange: q.toRange(b.Path().Span()),
			Children: q.outline(inside, depth-1),
		}
		if detail != "" {
			s.Detail = ptr(detail)
		}
		out = append(out, s)
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

// optionType returns the type in a declaration of an option, and how it is written without the
// names of the library. The type is invalid if the function that declares says it.
func optionType(declaration parser.Node) (t parser.Node, short string) {
	a := parser.Apply{Node: parser.Unparen(declaration)}
	switch symbol.LastName(a.Func()) {
	case "mkEnableOption":
		return t, "bool"
	case "mkPackageOption":
		return t, "package"
	}
	set := parser.Unparen(a.Arg(0))
	if !set.Is(parser.KindAttrSet) {
		return t, ""
	}
	for n := range set.Children() {
		if b := (parser.Binding{Node: n}); n.Is(parser.KindBinding) && b.Path().Text() == "type" {
			t = b.Value()
		}
	}
	if !t.IsValid() || strings.ContainsAny(t.Text(), "\n{") {
		return t, ""
	}
	return t, strings.ReplaceAll(strings.ReplaceAll(t.Text(), "lib.", ""), "types.", "")
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
	switch symbol.LastName(a.Func()) {
	case "mkOption", "mkEnableOption", "mkPackageOption":
		return protocol.SymbolKindProperty
	}
	return protocol.SymbolKindVariable
}
