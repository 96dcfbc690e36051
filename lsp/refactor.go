package lsp

import (
	"context"
	"encoding/json"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nixlint/nixlint/analysis/refactor"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// refactorKinds are the kinds of refactorings, as the protocol calls them.
var refactorKinds = map[refactor.Kind]protocol.CodeActionKind{
	refactor.Rewrite: protocol.CodeActionKindRefactorRewrite,
	refactor.Inline:  protocol.CodeActionKindRefactorInline,
	refactor.Extract: protocol.CodeActionKindRefactorExtract,
}

// unresolved is the data of an action whose edit is made when it is chosen: laying out a
// file for each action that is offered would be for nothing.
type unresolved struct {
	URI     uri.URI     `json:"uri"`
	Version *int32      `json:"version"` // of the file; null if it is not open
	Span    parser.Span `json:"span"`    // the selection
	Title   string      `json:"title"`
}

// refactorings offers what package refactor can make of a selection, of the kinds that
// are wanted.
func (q *query) refactorings(span parser.Span, wants func(protocol.CodeActionKind) bool) []protocol.CommandOrCodeAction {
	wanted := false
	for _, kind := range refactorKinds {
		wanted = wanted || wants(kind)
	}
	if !wanted {
		return nil
	}
	u := q.folder.uriOf(q.path)
	var out []protocol.CommandOrCodeAction
	for _, a := range refactor.At(q.place(span)) {
		if !wants(refactorKinds[a.Kind]) {
			continue
		}
		action := &protocol.CodeAction{Title: capital(a.Title), Kind: ptr(refactorKinds[a.Kind])}
		if q.server.editor.resolves && q.server.editor.creates {
			action.Data, _ = json.Marshal(unresolved{URI: u, Version: q.server.workspace.version(u), Span: span, Title: a.Title})
		} else if action.Edit = q.server.workspaceEdit(q.folder, q.Snapshot, a.Edits(q.formatOptions())); action.Edit == nil {
			continue
		}
		out = append(out, action)
	}
	return out
}

// place is a selection of the request's file, as package refactor wants it.
func (q *query) place(span parser.Span) refactor.Place {
	p := refactor.Place{File: q.path, Names: q.Names(q.path), Selection: span}
	if q.folder.unsaved == "" { // else there is nowhere to put files
		p.Exists = func(path string) bool { return q.Repo.Entry(path) != repo.NoEntry }
	}
	return p
}

// CodeActionResolve makes the edit of an action that was offered without.
func (s *server) CodeActionResolve(ctx context.Context, action *protocol.CodeAction) (*protocol.CodeAction, error) {
	if len(action.Data) == 0 {
		return action, nil
	}
	var of unresolved
	if err := json.Unmarshal(action.Data, &of); err != nil {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "the data of the action `%s` is not the server's: %v", action.Title, err)
	}
	q, err := s.queryNix(ctx, of.URI)
	if err != nil {
		return nil, err
	}
	if now := s.workspace.version(of.URI); (now == nil) != (of.Version == nil) || now != nil && *now != *of.Version || of.Span.Start > of.Span.End || int(of.Span.End) > len(q.text()) {
		return nil, errStale(q.path)
	}
	for _, a := range refactor.At(q.place(of.Span)) {
		if a.Title == of.Title {
			out := *action
			out.Edit = s.workspaceEdit(q.folder, q.Snapshot, a.Edits(q.formatOptions()))
			return &out, nil
		}
	}
	return nil, errStale(q.path)
}
