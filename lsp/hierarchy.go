package lsp

import (
	"context"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/session"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// Modules call what they import, and are kinds of it: both hierarchies of the protocol show
// imports. In that of calls a module is asked for who imports it and what it imports, with
// the places; in that of types those who import it are below it.

// PrepareCallHierarchy tells which module a position names: by a key of a registry or by a
// path, else the file itself.
func (s *server) PrepareCallHierarchy(ctx context.Context, p *protocol.CallHierarchyPrepareParams) ([]protocol.CallHierarchyItem, error) {
	item, err := s.moduleAt(ctx, p.TextDocumentPositionParams)
	if err != nil || item == nil {
		return nil, err
	}
	return []protocol.CallHierarchyItem{item.call()}, nil
}

// IncomingCalls tells which files import a module.
func (s *server) IncomingCalls(ctx context.Context, p *protocol.CallHierarchyIncomingCallsParams) ([]protocol.CallHierarchyIncomingCall, error) {
	out := []protocol.CallHierarchyIncomingCall{}
	err := s.edges(ctx, p.Item.URI, symbol.View.Importers, func(q *query, v symbol.View, e symbol.Edge, ranges []protocol.Range) {
		out = append(out, protocol.CallHierarchyIncomingCall{From: q.module(v, e.From).call(), FromRanges: ranges})
	})
	return out, err
}

// OutgoingCalls tells which modules a module imports.
func (s *server) OutgoingCalls(ctx context.Context, p *protocol.CallHierarchyOutgoingCallsParams) ([]protocol.CallHierarchyOutgoingCall, error) {
	out := []protocol.CallHierarchyOutgoingCall{}
	err := s.edges(ctx, p.Item.URI, symbol.View.Imports, func(q *query, v symbol.View, e symbol.Edge, ranges []protocol.Range) {
		out = append(out, protocol.CallHierarchyOutgoingCall{To: q.module(v, e.To).call(), FromRanges: ranges})
	})
	return out, err
}

// PrepareTypeHierarchy is PrepareCallHierarchy for the other hierarchy.
func (s *server) PrepareTypeHierarchy(ctx context.Context, p *protocol.TypeHierarchyPrepareParams) ([]protocol.TypeHierarchyItem, error) {
	item, err := s.moduleAt(ctx, p.TextDocumentPositionParams)
	if err != nil || item == nil {
		return nil, err
	}
	return []protocol.TypeHierarchyItem{item.kind()}, nil
}

// Supertypes tells which modules a module imports.
func (s *server) Supertypes(ctx context.Context, p *protocol.TypeHierarchySupertypesParams) ([]protocol.TypeHierarchyItem, error) {
	out := []protocol.TypeHierarchyItem{}
	err := s.edges(ctx, p.Item.URI, symbol.View.Imports, func(q *query, v symbol.View, e symbol.Edge, _ []protocol.Range) {
		out = append(out, q.module(v, e.To).kind())
	})
	return out, err
}

// Subtypes tells which files import a module.
func (s *server) Subtypes(ctx context.Context, p *protocol.TypeHierarchySubtypesParams) ([]protocol.TypeHierarchyItem, error) {
	out := []protocol.TypeHierarchyItem{}
	err := s.edges(ctx, p.Item.URI, symbol.View.Importers, func(q *query, v symbol.View, e symbol.Edge, _ []protocol.Range) {
		out = append(out, q.module(v, e.From).kind())
	})
	return out, err
}

// moduleItem is a module in a hierarchy.
type moduleItem struct {
	name, detail string
	uri          uri.URI
	whole        protocol.Range
}

func (m moduleItem) call() protocol.CallHierarchyItem {
	return protocol.CallHierarchyItem{Name: m.name, Kind: protocol.SymbolKindModule, Detail: &m.detail, URI: m.uri, Range: m.whole, SelectionRange: protocol.Range{}}
}

func (m moduleItem) kind() protocol.TypeHierarchyItem {
	return protocol.TypeHierarchyItem{Name: m.name, Kind: protocol.SymbolKindModule, Detail: &m.detail, URI: m.uri, Range: m.whole, SelectionRange: protocol.Range{}}
}

// module is the module of a file.
func (q *query) module(v symbol.View, file string) moduleItem {
	text := ""
	if f := q.File(file); f != nil {
		text = f.Text
	}
	lines := q.Lines(file)
	return moduleItem{v.ModuleName(file), file, q.folder.uriOf(file), q.server.mapper.toRange(lines, parser.Span{End: uint32(len(text))})}
}

// moduleAt returns the module that a position names, else that of the file; nil if that is
// none and imports none.
func (s *server) moduleAt(ctx context.Context, p protocol.TextDocumentPositionParams) (item *moduleItem, err error) {
	err = s.look(ctx, p, func(q *query, sym symbol.Symbol, v symbol.View, _ *session.Snapshot) {
		file := v.ModuleAt(q.File(q.path), sym)
		if file == "" && (len(v.Evaluations) > 0 || len(v.Imports(q.path)) > 0) {
			file = q.path
		}
		if file != "" {
			m := q.module(v, file)
			item = &m
		}
	})
	return item, err
}

// edges calls use with the imports of a module, or by it, and their ranges in the file that
// has them.
func (s *server) edges(ctx context.Context, u uri.URI, of func(v symbol.View, file string) []symbol.Edge, use func(q *query, v symbol.View, e symbol.Edge, ranges []protocol.Range)) error {
	q, err := s.queryNix(ctx, u)
	if err != nil {
		return err
	}
	q.evaluated(func(evaluated *session.Snapshot, m *repo.Model) {
		v := symbol.ViewOf(m, q.path)
		for _, e := range of(v, q.path) {
			var ranges []protocol.Range
			for _, span := range e.At {
				ranges = append(ranges, s.mapper.toRange(evaluated.Lines(e.From), span))
			}
			use(q, v, e, ranges)
		}
	})
	return ctx.Err()
}
