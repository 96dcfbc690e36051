package lsp

import (
	"context"
	"path"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/rename"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/generator"
	"github.com/nixlint/nixlint/parser"
)

// PrepareRename tells what a rename at a position would rename.
func (s *server) PrepareRename(ctx context.Context, p *protocol.PrepareRenameParams) (protocol.PrepareRenameResult, error) {
	q, at, err := s.at(ctx, p.TextDocumentPositionParams)
	if err != nil {
		return nil, err
	}
	if named, ok := q.namedAt(at); ok {
		return &protocol.PrepareRenamePlaceholder{Range: q.toRange(named.Span), Placeholder: named.Name}, nil
	}
	sym := symbol.At(q.File(q.path), q.Names(q.path), at)
	if sym.Kind == symbol.Nothing || sym.Kind == symbol.Builtin || sym.Kind == symbol.File {
		return nil, nil
	}
	if _, input, _ := q.inputAt(at); input != nil {
		return nil, nil // flake.lock has its name too
	}
	if sym.Kind == symbol.Variable && len(sym.Path) == 0 {
		if _, err := q.renameVariable(sym, sym.Name+"'"); err != nil {
			return nil, nil // no other name would do either
		}
	} else if places, _ := q.renamePlaces(sym); len(places) == 0 {
		return nil, nil
	}
	return &protocol.PrepareRenamePlaceholder{Range: q.toRange(sym.Span), Placeholder: sym.Name}, nil
}

// namedAt returns the host or user that is named at an offset.
func (q *query) namedAt(at uint32) (named rename.Named, ok bool) {
	q.Model(func(m *repo.Model) { named, ok = rename.At(m, q.File(q.path), q.Names(q.path), at) })
	return named, ok
}

// renamePlan gives a host or user another name.
func (q *query) renamePlan(named rename.Named, to string) (*protocol.WorkspaceEdit, error) {
	var plan *rename.Plan
	var err error
	q.Model(func(m *repo.Model) { plan, err = rename.Names(m, q.Names, named, to) })
	if err != nil {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "%v", err)
	}
	return q.moving(plan.Edits, plan.Moves)
}

// moving returns moves of files, and edits after them: those of files that move are for their
// new places. So editors that do not take what they have open along find all on the disk.
func (q *query) moving(edits []diagnostic.Edit, moves []rename.Move) (*protocol.WorkspaceEdit, error) {
	if len(moves) > 0 && !q.server.editor.renames {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidRequest, "the editor cannot rename files: `%s` would have to be `%s`", moves[0].From, moves[0].To)
	}
	out := q.server.workspaceEdit(q.folder, q.Snapshot, edits)
	var first []protocol.DocumentChange
	for _, m := range moves {
		first = append(first, &protocol.RenameFile{
			Kind: "rename", OldURI: q.folder.uriOf(m.From), NewURI: q.folder.uriOf(m.To), Options: &protocol.RenameFileOptions{Overwrite: ptr(false)},
		})
	}
	for _, change := range out.DocumentChanges {
		edit, ok := change.(*protocol.TextDocumentEdit)
		if !ok || len(moves) == 0 {
			continue
		}
		path, err := repo.Relative(q.folder.Root, edit.TextDocument.URI.FsPath())
		if err != nil {
			return nil, err
		}
		if to := rename.Moved(moves, path); to != path {
			edit.TextDocument.URI, edit.TextDocument.Version = q.folder.uriOf(to), nil
		}
	}
	out.DocumentChanges = append(first, out.DocumentChanges...)
	return out, nil
}

// moveOf returns how the file of a registry's key is to be called if the key gets another
// name; nil if it is not called as the key.
func moveOf(entry *repo.RegistryEntry, to string) []rename.Move {
	folder, base := path.Split(entry.Target)
	ext := path.Ext(base)
	if generator.Camel(strings.TrimSuffix(base, ext)) != entry.Key[len(entry.Key)-1] {
		return nil
	}
	return []rename.Move{{From: entry.Target, To: folder + generator.Kebab(to) + ext}}
}

// Rename gives a variable, an option of the repository, a key of a registry, a host or a user
// another name, wherever it is named. The file of a registry's key follows if the settings
// say so.
func (s *server) Rename(ctx context.Context, p *protocol.RenameParams) (*protocol.WorkspaceEdit, error) {
	q, at, err := s.at(ctx, p.TextDocumentPositionParams)
	if err != nil {
		return nil, err
	}
	if named, ok := q.namedAt(at); ok {
		return q.renamePlan(named, p.NewName)
	}
	if _, input, _ := q.inputAt(at); input != nil {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is an input of the flake: flake.lock has its name too, which only `nix flake lock` can change", strings.Join(input, "/"))
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
	places, entry := q.renamePlaces(sym)
	var moves []rename.Move
	if entry != nil && s.workspace.renamesFiles() {
		moves = moveOf(entry, p.NewName)
	}
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
	return q.moving(append(edits, rename.Edits(q.Repo, moves)...), moves)
}

// renamePlaces returns where an option of the repository or a key of a registry is named, as
// the newest text has it; nothing for symbols of other kinds. entry is that of the key, if it
// is one of a module.
func (q *query) renamePlaces(sym symbol.Symbol) (places []symbol.Place, entry *repo.RegistryEntry) {
	q.Model(func(m *repo.Model) {
		v := symbol.ViewOf(m, q.path)
		var folder []repo.RegistryEntry
		entry, folder = v.Key(sym)
		if e := v.EntryAt(symbol.Place{File: q.path, Span: sym.Span}); e != nil {
			entry = e
		}
		known := entry != nil || len(folder) > 0
		for _, found := range v.Option(sym.OptionPath()) {
			known = known || len(found.Rest) == 0
		}
		if known {
			places = v.References(q.File(q.path), q.Names, sym, true)
		}
	})
	return places, entry
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
