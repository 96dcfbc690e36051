package lsp

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// The kinds of semantic tokens, as indexes of tokenTypes.
const (
	tokenParameter = iota
	tokenVariable
	tokenProperty
	tokenFunction
	tokenNamespace
)

var tokenTypes = []string{
	string(protocol.SemanticTokenTypesParameter), string(protocol.SemanticTokenTypesVariable), string(protocol.SemanticTokenTypesProperty),
	string(protocol.SemanticTokenTypesFunction), string(protocol.SemanticTokenTypesNamespace),
}

// The modifiers, as bits, in the order of tokenModifiers.
const (
	modifierDefinition = 1 << iota
	modifierLibrary
	modifierUnresolved
	modifierOption
	modifierModule
)

// tokenModifiers are the standard's, and of our own: for what means nothing, for names of
// options and for keys of registries. An editor that does not know them shows the type alone,
// which is the standard's.
var tokenModifiers = []string{
	string(protocol.SemanticTokenModifiersDefinition), string(protocol.SemanticTokenModifiersDefaultLibrary), "unresolved", "option", "module",
}

// semanticToken is one coloured name.
type semanticToken struct {
	span     parser.Span
	kind     uint32
	modifier uint32
}

// SemanticTokensFull tells what the names of a file are. Keywords, texts and numbers are
// left to the editor's grammar.
func (s *server) SemanticTokensFull(ctx context.Context, p *protocol.SemanticTokensParams) (*protocol.SemanticTokens, error) {
	q, err := s.queryNix(ctx, p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	out := q.encode(q.semanticTokens())
	id, _ := s.tokens.keep(p.TextDocument.URI, out.Data)
	out.ResultID = &id
	return out, nil
}

// SemanticTokensRange tells it of a part of a file.
func (s *server) SemanticTokensRange(ctx context.Context, p *protocol.SemanticTokensRangeParams) (*protocol.SemanticTokens, error) {
	q, err := s.queryNix(ctx, p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	span := s.mapper.toSpan(q.Lines(q.path), p.Range)
	inside := slices.DeleteFunc(q.semanticTokens(), func(t semanticToken) bool { return t.span.End <= span.Start || span.End <= t.span.Start })
	return q.encode(inside), nil
}

// semanticTokens lists the names of the file in order.
func (q *query) semanticTokens() []semanticToken {
	var out []semanticToken
	names, tree := q.Names(q.path), q.tree()
	kinds := make(map[scope.DefID]uint32)
	kindOf := func(d scope.DefID) uint32 {
		kind, known := kinds[d]
		if !known {
			kind = q.kindOfDefinition(d)
			kinds[d] = kind
		}
		return kind
	}
	for d := range names.Definitions() {
		for n := range names.Places(scope.DefID(d)) {
			out = append(out, semanticToken{n.Span(), kindOf(scope.DefID(d)), modifierDefinition})
		}
	}
	for _, use := range names.Uses() {
		n := tree.Node(use.Node)
		switch use.Target {
		case scope.Local:
			out = append(out, semanticToken{n.Span(), kindOf(use.Def), 0})
		case scope.GlobalOf:
			kind := uint32(tokenFunction)
			if n.Text() == "builtins" {
				kind = tokenNamespace
			} else if scope.BuiltinOf(n.Text()) == scope.Constant {
				continue // true, false and null are the grammar's
			}
			out = append(out, semanticToken{n.Span(), kind, modifierLibrary})
		case scope.Nothing:
			out = append(out, semanticToken{n.Span(), tokenVariable, modifierUnresolved})
		}
	}
	q.withMeanings(func(m *meanings) {
		out = append(out, m.ofPaths(tree, names)...)
		for _, use := range names.Uses() {
			if use.Target != scope.FromWith {
				continue
			}
			n := tree.Node(use.Node)
			sym := symbol.At(q.File(q.path), names, n.Span().Start)
			if sym.Kind == symbol.Argument && len(sym.Path) > 0 {
				out = append(out, m.coloured(n.Span(), sym.Root, sym.Path))
			} else {
				out = append(out, semanticToken{n.Span(), tokenProperty, 0})
			}
		}
	})
	slices.SortFunc(out, func(a, b semanticToken) int {
		return cmp.Or(cmp.Compare(a.span.Start, b.span.Start), cmp.Compare(b.modifier, a.modifier))
	})
	// `inherit x;` defines and uses one name.
	out = slices.CompactFunc(out, func(a, b semanticToken) bool { return a.span.Start == b.span.Start })
	markUnresolved(out, q.folder.findings(q.Snapshot, q.path))
	return out
}

// kindOfDefinition tells what a definition is coloured as.
func (q *query) kindOfDefinition(d scope.DefID) uint32 {
	names := q.Names(q.path)
	def := names.Definitions()[d]
	switch def.Kind {
	case scope.Argument, scope.Formal, scope.Whole:
		if name := names.Name(d); name == "lib" || name == "pkgs" {
			return tokenNamespace
		}
		return tokenParameter
	case scope.Binding:
		path := names.Tree().Node(def.Node).Parent()
		if b := path.Parent(); b.Is(parser.KindBinding) && path.ChildCount() == 1 {
			if parser.Unparen(parser.Binding{Node: b}.Value()).Is(parser.KindLambda) {
				return tokenFunction
			}
		}
	}
	return tokenVariable
}

// encode writes tokens as the protocol has it: five numbers each, relative to the one
// before. Names do not span lines, but quoted ones may; those are left out.
func (q *query) encode(tokens []semanticToken) *protocol.SemanticTokens {
	out := &protocol.SemanticTokens{Data: []uint32{}}
	lines, text := q.Lines(q.path), q.text()
	var before protocol.Position
	for _, t := range tokens {
		name := text[t.span.Start:t.span.End]
		if name == "" || strings.Contains(name, "\n") {
			continue
		}
		at := q.server.mapper.position(lines, t.span.Start)
		column := at.Character
		if at.Line == before.Line {
			column -= before.Character
		}
		out.Data = append(out.Data, at.Line-before.Line, column, q.server.mapper.length(name), t.kind, t.modifier)
		before = at
	}
	return out
}

// length returns how long a piece of a line is.
func (m mapper) length(text string) uint32 {
	switch m.encoding {
	case protocol.PositionEncodingKindUTF8:
		return uint32(len(text))
	case protocol.PositionEncodingKindUTF32:
		return uint32(utf8.RuneCountInString(text))
	default:
		return uint32(len(utf16.Encode([]rune(text))))
	}
}
