package lsp

import (
	"maps"
	"slices"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/session"
)

// workspaceEdit turns edits of a state of a repository into the editor's. Those of
// open files carry the version they are for, so that an editor in which the file has
// changed meanwhile refuses them. It returns nil if the editor cannot do what is
// wanted.
func (s *server) workspaceEdit(f *folder, now *session.Snapshot, edits []diagnostic.Edit) *protocol.WorkspaceEdit {
	byFile := make(map[string][]diagnostic.Edit)
	for _, e := range edits {
		byFile[e.File] = append(byFile[e.File], e)
	}
	out := &protocol.WorkspaceEdit{}
	for _, path := range slices.Sorted(maps.Keys(byFile)) {
		u := f.uriOf(path)
		var list []protocol.TextEdit
		for _, e := range byFile[path] {
			if e.Create {
				if f.unsaved != "" || !s.editor.creates || !s.editor.versions {
					return nil
				}
				out.DocumentChanges = append(out.DocumentChanges, &protocol.CreateFile{
					Kind: "create", URI: u, Options: &protocol.CreateFileOptions{IgnoreIfExists: ptr(false), Overwrite: ptr(false)},
				})
				list = append(list, protocol.TextEdit{NewText: e.Text})
				continue
			}
			list = append(list, protocol.TextEdit{Range: s.mapper.toRange(now.Lines(path), e.Span), NewText: e.Text})
		}
		if !s.editor.versions {
			if out.Changes == nil {
				out.Changes = make(map[uri.URI][]protocol.TextEdit)
			}
			out.Changes[u] = list
			continue
		}
		change := &protocol.TextDocumentEdit{}
		change.TextDocument.URI = u
		change.TextDocument.Version = s.workspace.version(u)
		for i := range list {
			change.Edits = append(change.Edits, &list[i])
		}
		out.DocumentChanges = append(out.DocumentChanges, change)
	}
	return out
}
