package lsp

import (
	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/refactor"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// refactorings offers what package refactor can make of a selection, of the kinds that
// are wanted.
func (q *query) refactorings(span parser.Span, wants func(protocol.CodeActionKind) bool) []protocol.CommandOrCodeAction {
	kinds := map[refactor.Kind]protocol.CodeActionKind{
		refactor.Rewrite: protocol.CodeActionKindRefactorRewrite,
		refactor.Inline:  protocol.CodeActionKindRefactorInline,
		refactor.Extract: protocol.CodeActionKindRefactorExtract,
	}
	wanted := false
	for _, kind := range kinds {
		wanted = wanted || wants(kind)
	}
	if !wanted {
		return nil
	}
	place := refactor.Place{
		File: q.path, Names: q.Names(q.path), Selection: span,
		Exists: func(path string) bool { return q.Repo.Entry(path) != repo.NoEntry },
	}
	var out []protocol.CommandOrCodeAction
	for _, a := range refactor.At(place, q.formatOptions()) {
		if !wants(kinds[a.Kind]) {
			continue
		}
		if edit := q.server.workspaceEdit(q.folder, q.Snapshot, a.Edits); edit != nil {
			out = append(out, &protocol.CodeAction{Title: capital(a.Title), Kind: ptr(kinds[a.Kind]), Edit: edit})
		}
	}
	return out
}
