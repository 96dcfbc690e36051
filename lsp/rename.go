package lsp

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/rename"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/session"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/generator"
	"github.com/nixlint/nixlint/parser"
)

// PrepareRename tells what a rename at a position would rename, by the newest evaluation that
// is ready: the rename itself goes by the newest text. Why a name cannot be renamed is an error,
// which editors show.
func (s *server) PrepareRename(ctx context.Context, p *protocol.PrepareRenameParams) (protocol.PrepareRenameResult, error) {
	q, at, err := s.at(ctx, p.TextDocumentPositionParams)
	if err != nil {
		return nil, err
	}
	var named rename.Named
	var ok bool
	q.evaluated(func(_ *session.Snapshot, m *repo.Model) {
		named, ok = rename.At(m, q.File(q.path), q.Names(q.path), at)
	})
	if ok {
		return &protocol.PrepareRenamePlaceholder{Range: q.toRange(named.Span), Placeholder: named.Name}, nil
	}
	if _, input, _ := q.inputAt(at); input != nil {
		return nil, errInput(input)
	}
	var sym symbol.Symbol
	q.evaluated(func(_ *session.Snapshot, m *repo.Model) { sym, _, ok = q.toRename(m, at) })
	if !ok {
		if _, err := q.renameHere(sym, sym.Name+"'"); errors.Is(err, errNotNamed) && !sym.IsOwn() {
			return nil, nil
		} else if err != nil {
			return nil, q.errRename(err) // no other name would do either
		}
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
		return nil, errInput(input)
	}
	if !eval.IsIdentifier(p.NewName) {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is no name", p.NewName)
	}
	var edits []diagnostic.Edit
	var moves []rename.Move
	q.Model(func(m *repo.Model) {
		sym, target, ok := q.toRename(m, at)
		if !ok {
			edits, err = q.renameHere(sym, p.NewName)
			return
		}
		edits, err = target.Rename(q.File, q.Names, p.NewName)
		if target.Entry != nil && s.workspace.renamesFiles() {
			moves = moveOf(target.Entry, p.NewName)
		}
	})
	if err != nil {
		return nil, q.errRename(err)
	}
	return q.moving(append(edits, rename.Edits(q.Repo, moves)...), moves)
}

// errNotNamed is why a name that is none of the repository's, or that may be named where nobody
// knows of it, cannot be renamed.
var errNotNamed = errors.New("only variables, options of the repository, keys of its registries, and attributes that others cannot know by their names can")

// renameHere renames a variable or an attribute that means something in the request's file
// alone.
func (q *query) renameHere(sym symbol.Symbol, name string) ([]diagnostic.Edit, error) {
	f, names := q.File(q.path), q.Names(q.path)
	if sym.Kind == symbol.Variable && len(sym.Path) == 0 {
		return rename.Variable(f, names, sym, name)
	}
	if a, ok := symbol.LocalAttributeAt(f, names, sym.Span.Start); ok {
		return rename.Attribute(f, names, a, name)
	}
	return nil, fmt.Errorf("`%s` cannot be renamed: %w", sym.Name, errNotNamed)
}

// errRename is the answer if something is in the way of a rename.
func (q *query) errRename(err error) error {
	if errors.Is(err, rename.ErrChanged) {
		return errStale(q.path)
	}
	return jsonrpc2.Errorf(jsonrpc2.InvalidParams, "%v", err)
}

// errInput is the answer to who wants to rename an input of the flake.
func errInput(way []string) error {
	return jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is an input of the flake: flake.lock has its name too, which only `nix flake lock` can change", strings.Join(way, "/"))
}

// toRename finds what a rename at an offset would rename: a target of the repository, or else
// the symbol as the file has it. A name that an inherit takes out of what cannot be renamed is
// the variable that it is in the file.
func (q *query) toRename(m *repo.Model, at uint32) (sym symbol.Symbol, target rename.Target, ok bool) {
	f, names := q.File(q.path), q.Names(q.path)
	sym = symbol.At(f, names, at)
	v, located := symbol.ViewOf(m, q.path).Located(f, names, sym)
	if located.Kind != symbol.Variable || len(located.Path) > 0 {
		if target, ok = rename.TargetOf(v, q.path, located); ok {
			return located, target, true
		}
	}
	n := q.tree().NodeCovering(sym.Span)
	if d := names.DefinitionAt(n); sym.Kind == symbol.Argument && n.Parent().Is(parser.KindInherit) && d != scope.None {
		sym = symbol.Symbol{Kind: symbol.Variable, Span: sym.Span, Name: sym.Name, Def: d}
	}
	return sym, target, false
}
