package lsp

import (
	"context"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/session"
	"github.com/nixlint/nixlint/analysis/symbol"
)

// look finds the symbol at a position and calls use with the repository as the file
// sees it. The evaluation is the newest that is ready: its places are those of its own
// state, which use gets too.
func (s *server) look(ctx context.Context, p protocol.TextDocumentPositionParams, use func(q *query, sym symbol.Symbol, v symbol.View, evaluated *session.Snapshot)) error {
	q, at, err := s.at(ctx, p)
	if err != nil {
		return err
	}
	sym := symbol.At(q.File(q.path), q.Names(q.path), at)
	q.evaluated(func(evaluated *session.Snapshot, m *repo.Model) {
		use(q, sym, symbol.ViewOf(m, q.path), evaluated)
	})
	return ctx.Err()
}

// evaluated calls use with the newest evaluation that is ready.
func (q *query) evaluated(use func(s *session.Snapshot, m *repo.Model)) {
	s := q.folder.Settled()
	s.Model(func(m *repo.Model) { use(s, m) })
}

// locations turns places into the editor's. Those in the request's own file are of its
// newest text, all others of the state that was evaluated.
func (q *query) locations(places []symbol.Place, evaluated *session.Snapshot) protocol.LocationSlice {
	out := protocol.LocationSlice{}
	for _, p := range places {
		of := evaluated
		if p.File == q.path {
			of = q.Snapshot
		}
		out = append(out, q.location(of, p.File, p.Span))
	}
	return out
}

// Definition tells where what is named at a position is defined.
func (s *server) Definition(ctx context.Context, p *protocol.DefinitionParams) (protocol.DefinitionResult, error) {
	return s.definitions(ctx, p.TextDocumentPositionParams)
}

// Declaration is Definition: Nix declares nothing that it does not define.
func (s *server) Declaration(ctx context.Context, p *protocol.DeclarationParams) (protocol.DeclarationResult, error) {
	out, err := s.definitions(ctx, p.TextDocumentPositionParams)
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *server) definitions(ctx context.Context, p protocol.TextDocumentPositionParams) (protocol.LocationSlice, error) {
	q, at, err := s.at(ctx, p)
	if err != nil {
		return nil, err
	}
	if out, ok := q.defineInput(at); ok {
		return out, nil
	}
	var out protocol.LocationSlice
	err = s.look(ctx, p, func(q *query, sym symbol.Symbol, v symbol.View, evaluated *session.Snapshot) {
		out = q.locations(v.Definitions(q.File(q.path), q.Names(q.path), sym), evaluated)
	})
	return out, err
}

// Implementation tells where an option is defined: what gives it a value.
func (s *server) Implementation(ctx context.Context, p *protocol.ImplementationParams) (protocol.DefinitionResult, error) {
	var out protocol.LocationSlice
	err := s.look(ctx, p.TextDocumentPositionParams, func(q *query, sym symbol.Symbol, v symbol.View, evaluated *session.Snapshot) {
		out = q.locations(v.Settings(sym), evaluated)
	})
	return out, err
}

// References tells where in the repository something is named.
func (s *server) References(ctx context.Context, p *protocol.ReferenceParams) ([]protocol.Location, error) {
	q, at, err := s.at(ctx, p.TextDocumentPositionParams)
	if err != nil {
		return nil, err
	}
	if out, ok := q.inputReferences(at, p.Context.IncludeDeclaration); ok {
		return out, nil
	}
	var out protocol.LocationSlice
	err = s.look(ctx, p.TextDocumentPositionParams, func(q *query, sym symbol.Symbol, v symbol.View, evaluated *session.Snapshot) {
		out = q.locations(v.References(q.File(q.path), evaluated.Names, sym, p.Context.IncludeDeclaration), evaluated)
	})
	return out, err
}

// DocumentHighlight tells where else in the file a variable is named.
func (s *server) DocumentHighlight(ctx context.Context, p *protocol.DocumentHighlightParams) ([]protocol.DocumentHighlight, error) {
	q, at, err := s.at(ctx, p.TextDocumentPositionParams)
	if err != nil {
		return nil, err
	}
	out := []protocol.DocumentHighlight{}
	f, names := q.File(q.path), q.Names(q.path)
	sym := symbol.At(f, names, at)
	if sym.Kind != symbol.Variable {
		return out, nil
	}
	defines := make(map[symbol.Place]bool)
	for n := range names.Places(sym.Def) {
		defines[symbol.Place{File: q.path, Span: n.Span()}] = true
	}
	for _, place := range symbol.Variables(f, names, sym.Def, true) {
		kind := protocol.DocumentHighlightKindRead
		if defines[place] {
			kind = protocol.DocumentHighlightKindWrite
		}
		out = append(out, protocol.DocumentHighlight{Range: q.toRange(place.Span), Kind: kind})
	}
	return out, nil
}
