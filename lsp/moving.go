package lsp

import (
	"context"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/rename"
	"github.com/nixlint/nixlint/analysis/repo"
)

// movedFiles are the files and folders of whose moves the editor tells beforehand: all, since
// paths lead to files of every kind.
var movedFiles = []protocol.FileOperationFilter{{Scheme: ptr("file"), Pattern: protocol.FileOperationPattern{Glob: "**/*"}}}

// WillRenameFiles tells what must change when files and folders move: the paths in them, and
// those that lead to them.
func (s *server) WillRenameFiles(ctx context.Context, p *protocol.RenameFilesParams) (*protocol.WorkspaceEdit, error) {
	moves := make(map[*folder][]rename.Move)
	queries := make(map[*folder]*query)
	for _, file := range p.Files {
		from, err := uri.Parse(file.OldURI)
		if err != nil {
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is no URI: %v", file.OldURI, err)
		}
		to, err := uri.Parse(file.NewURI)
		if err != nil {
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is no URI: %v", file.NewURI, err)
		}
		q, err := s.query(ctx, from)
		if err != nil {
			return nil, err
		}
		name, err := fileName(to)
		if err != nil {
			return nil, err
		}
		target, err := repo.Relative(q.folder.Root, name)
		if err != nil {
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "%s leaves the repository: paths to it cannot follow", name)
		}
		queries[q.folder] = q
		moves[q.folder] = append(moves[q.folder], rename.Move{From: q.path, To: target})
	}
	out := &protocol.WorkspaceEdit{}
	for f, list := range moves {
		var edits []diagnostic.Edit
		if edits = rename.Edits(queries[f].Repo, list); len(edits) == 0 {
			continue
		}
		one := s.workspaceEdit(f, queries[f].Snapshot, edits)
		out.DocumentChanges = append(out.DocumentChanges, one.DocumentChanges...)
		for u, edits := range one.Changes {
			if out.Changes == nil {
				out.Changes = one.Changes
			}
			out.Changes[u] = edits
		}
	}
	return out, ctx.Err()
}
