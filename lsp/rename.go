package lsp

import (
	"context"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// PrepareRename tells what a rename at a position would rename.
func (s *server) PrepareRename(ctx context.Context, p *protocol.PrepareRenameParams) (protocol.PrepareRenameResult, error) {
	q, at, err := s.at(ctx, p.TextDocumentPositionParams)
	if err != nil {
		return nil, err
	}
	sym := symbol.At(q.File(q.path), q.Names(q.path), at)
	if sym.Kind == symbol.Nothing || sym.Kind == symbol.Builtin || sym.Kind == symbol.File {
		return nil, nil
	}
	return &protocol.PrepareRenamePlaceholder{Range: q.toRange(sym.Span), Placeholder: sym.Name}, nil
}

// Rename gives a variable, an option of the repository or a key of a registry another
// name, wherever it is named.
func (s *server) Rename(ctx context.Context, p *protocol.RenameParams) (*protocol.WorkspaceEdit, error) {
	q, at, err := s.at(ctx, p.TextDocumentPositionParams)
	if err != nil {
		return nil, err
	}
	if !eval.IsIdentifier(p.NewName) {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is no name", p.NewName)
	}
	f, names := q.File(q.path), q.Names(q.path)
	sym := symbol.At(f, names, at)
	if sym.Kind == symbol.Variable && len(sym.Path) == 0 {
		edits, err := q.renameVariable(sym, p.NewName)
		if err != nil {
			return nil, err
		}
		return s.workspaceEdit(q.folder, q.Snapshot, edits), nil
	}
	// What is named in other files must be known as it is now.
	var places []symbol.Place
	q.Model(func(m *repo.Model) {
		v := symbol.ViewOf(m, q.path)
		entry, folder := v.Key(sym)
		known := entry != nil || len(folder) > 0 || v.EntryAt(symbol.Place{File: q.path, Span: sym.Span}) != nil
		for _, found := range v.Option(sym.OptionPath()) {
			known = known || len(found.Rest) == 0
		}
		if known {
			places = v.References(f, q.Names, sym, true)
		}
	})
	if len(places) == 0 {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` cannot be renamed: only variables, options of the repository and keys of its registries can", sym.Name)
	}
	var edits []diagnostic.Edit
	for _, place := range places {
		if file := q.File(place.File); file == nil || file.Text[place.Span.Start:place.Span.End] != sym.Name {
			continue // quoted, or named otherwise
		}
		edits = append(edits, diagnostic.Edit{File: place.File, Span: place.Span, Text: p.NewName})
	}
	return s.workspaceEdit(q.folder, q.Snapshot, edits), nil
}

// renameVariable renames a definition of the file and its uses. The error says with what
// the new name would collide.
func (q *query) renameVariable(sym symbol.Symbol, name string) ([]diagnostic.Edit, error) {
	f, names := q.File(q.path), q.Names(q.path)
	def := names.Definitions()[sym.Def]
	if def.Kind == scope.Formal && isModule(f.Tree) {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is an argument of a module: its name says which one is wanted", sym.Name)
	}
	if other := names.Lookup(def.Scope, name); other != scope.None {
		if names.Definitions()[other].Scope == def.Scope {
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is defined here already", name)
		}
	}
	var edits []diagnostic.Edit
	for _, place := range symbol.Variables(f, names, sym.Def, true) {
		n := f.Tree.NodeCovering(place.Span)
		text := name
		if n.Parent().Is(parser.KindInherit) {
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is inherited by its name: write `%s = …` in place of that first", sym.Name, sym.Name)
		}
		edits = append(edits, diagnostic.Edit{File: q.path, Span: place.Span, Text: text})
	}
	// The file is resolved again with the new name: each use must still mean what it
	// meant, and none may be caught by something between.
	after, err := diagnostic.Apply(f.Text, edits)
	if err != nil {
		return nil, err
	}
	again := scope.Resolve(parser.Parse(after))
	if len(again.Uses()) != len(names.Uses()) {
		return nil, errStale(q.path)
	}
	for i, use := range names.Uses() {
		if now := again.Uses()[i]; now.Def != use.Def || now.Target != use.Target {
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` would mean something else at `%s`", name, f.Tree.Node(use.Node).Parent().Text())
		}
	}
	return edits, nil
}

// isModule reports whether a file is a function of a set: its formals are given by name.
func isModule(t *parser.Tree) bool {
	return parser.Unparen(t.Expr()).Is(parser.KindLambda)
}
