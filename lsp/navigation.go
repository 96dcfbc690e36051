package lsp

import (
	"context"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/rename"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/session"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
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
		v, sym := symbol.ViewOf(m, q.path).Located(q.File(q.path), q.Names(q.path), sym)
		use(q, sym, v, evaluated)
	})
	return ctx.Err()
}

// code tells what the code of the newest files says of sets.
func (q *query) code() symbol.Code {
	return symbol.Code{File: q.File(q.path), Names: q.Names(q.path), Other: func(path string) (*repo.File, *scope.Names) {
		if path = q.Repo.ModuleFile(path); path == "" {
			return nil, nil
		}
		return q.File(path), q.Names(path)
	}}
}

// evaluated calls use with the newest evaluation that is ready.
func (q *query) evaluated(use func(s *session.Snapshot, m *repo.Model)) {
	q.folder.Evaluated(use)
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
		if p := q.packageOf(sym); p != nil {
			out = protocol.LocationSlice{{URI: uriOfFile(p.File)}}
			return
		}
		places := v.Definitions(q.File(q.path), q.Names(q.path), sym)
		if len(places) == 0 {
			if named, ok := rename.At(v.Model, q.File(q.path), q.Names(q.path), at); ok {
				places = rename.Defined(v.Model, named)
			}
		}
		if formal, _, ok := v.FormalAt(q.File(q.path), q.Names(q.path), at); ok && len(places) == 0 && formal.At.File != "" {
			places = append(places, formal.At)
		}
		if len(places) == 0 && sym.Kind == symbol.Argument && sym.Root == "config" {
			places = symbol.OwnOption(q.File(q.path), q.Names(q.path), sym.Path).Places
		}
		out = q.locations(places, evaluated)
		// A name that an inherit takes over leads on to where it is taken from.
		itself := len(places) == 1 && places[0].File == q.path && places[0].Span.Contains(at)
		if fields, _ := q.code().At(at); len(fields) > 0 && (len(out) == 0 || itself) {
			out = nil
			for _, f := range fields {
				out = append(out, q.location(q.Snapshot, f.At.File, f.At.Span))
			}
		}
		if len(out) == 0 {
			for _, with := range symbol.WithsOf(q.File(q.path), q.Names(q.path), at) {
				out = append(out, q.location(q.Snapshot, q.path, with.Namespace().Span()))
			}
		}
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

// References tells where in the repository something is named. Places of hosts and users are
// those of the state that was evaluated.
func (s *server) References(ctx context.Context, p *protocol.ReferenceParams) ([]protocol.Location, error) {
	q, at, err := s.at(ctx, p.TextDocumentPositionParams)
	if err != nil {
		return nil, err
	}
	if out, ok := q.inputReferences(at, p.Context.IncludeDeclaration); ok {
		return out, nil
	}
	if tok := q.tree().TokenAt(at); tok.IsValid() && tok.Kind() == parser.TokenWith {
		return q.locations(symbol.WithNames(q.File(q.path), q.Names(q.path), at), q.Snapshot), nil
	}
	var out protocol.LocationSlice
	err = s.look(ctx, p.TextDocumentPositionParams, func(q *query, sym symbol.Symbol, v symbol.View, evaluated *session.Snapshot) {
		if named, ok := rename.At(v.Model, q.File(q.path), q.Names(q.path), at); ok {
			for _, place := range rename.Places(v.Model, evaluated.Names, named) {
				out = append(out, q.location(evaluated, place.File, place.Span))
			}
			return
		}
		places := v.References(q.File(q.path), q.namesIn(evaluated), sym, p.Context.IncludeDeclaration)
		out = q.locations(symbol.WithInherited(places, q.File(q.path), q.Names(q.path), sym), evaluated)
		if len(out) > 0 {
			return
		}
		a, _ := symbol.LocalAttributeAt(q.File(q.path), q.Names(q.path), at)
		for _, place := range a.Places {
			if p.Context.IncludeDeclaration || !symbol.IsDefined(q.tree().NodeCovering(place.Span)) {
				out = append(out, q.location(q.Snapshot, place.File, place.Span))
			}
		}
	})
	return out, err
}

// namesIn returns the names of files as a state has them, but for the request's own file,
// whose newest text counts.
func (q *query) namesIn(evaluated *session.Snapshot) func(string) *scope.Names {
	return func(file string) *scope.Names {
		if file == q.path {
			return q.Names(file)
		}
		return evaluated.Names(file)
	}
}

// DocumentHighlight tells where else in the file a variable, an option, a key of a registry,
// an argument or an attribute is named, and what belongs to a `with`.
func (s *server) DocumentHighlight(ctx context.Context, p *protocol.DocumentHighlightParams) ([]protocol.DocumentHighlight, error) {
	q, at, err := s.at(ctx, p.TextDocumentPositionParams)
	if err != nil {
		return nil, err
	}
	out := []protocol.DocumentHighlight{}
	if places := symbol.WithNames(q.File(q.path), q.Names(q.path), at); places != nil {
		for _, place := range places {
			out = append(out, protocol.DocumentHighlight{Range: q.toRange(place.Span), Kind: protocol.DocumentHighlightKindText})
		}
		return out, nil
	}
	err = s.look(ctx, p.TextDocumentPositionParams, func(q *query, sym symbol.Symbol, v symbol.View, _ *session.Snapshot) {
		f, names := q.File(q.path), q.Names(q.path)
		places := v.ReferencesIn(f, names, sym)
		if len(places) == 0 {
			a, _ := symbol.LocalAttributeAt(f, names, at)
			places = a.Places
		}
		for _, place := range places {
			kind := protocol.DocumentHighlightKindRead
			if n := f.Tree.NodeCovering(place.Span); names.DefinitionAt(n) != scope.None || symbol.IsDefined(n) {
				kind = protocol.DocumentHighlightKindWrite
			}
			out = append(out, protocol.DocumentHighlight{Range: q.toRange(place.Span), Kind: kind})
		}
	})
	return out, err
}

// TypeDefinition tells where the type of an option's values is: the options of a
// submodule. For functions it is where they are written, for modules their file.
func (s *server) TypeDefinition(ctx context.Context, p *protocol.TypeDefinitionParams) (protocol.DefinitionResult, error) {
	var out protocol.LocationSlice
	err := s.look(ctx, p.TextDocumentPositionParams, func(q *query, sym symbol.Symbol, v symbol.View, evaluated *session.Snapshot) {
		out = q.locations(v.TypeOf(q.File(q.path), q.Names(q.path), sym), evaluated)
	})
	return out, err
}
