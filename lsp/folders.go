package lsp

import (
	"context"
	"slices"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nixlint/nixlint/analysis/repo"
)

// openFolders opens repositories without keeping messages waiting.
func (s *server) openFolders(folders []uri.URI) {
	if len(folders) == 0 {
		return
	}
	s.background("opening folders", func(context.Context) {
		for _, u := range folders {
			name, err := fileName(u)
			if err != nil {
				continue
			}
			s.workspace.mu.Lock()
			_, err = s.workspace.folderOf(name)
			s.workspace.mu.Unlock()
			if err != nil {
				s.options.Log.Warn("folder cannot be opened", "folder", name, "error", err)
			}
		}
	})
}

// DidChangeWorkspaceFolders opens the repositories of folders that come, and gives up those
// of folders that go, unless another folder or an open document belongs to them.
func (s *server) DidChangeWorkspaceFolders(ctx context.Context, p *protocol.DidChangeWorkspaceFoldersParams) error {
	w := &s.workspace
	w.mu.Lock()
	var gone []*folder
	for _, r := range p.Event.Removed {
		w.open = slices.DeleteFunc(w.open, func(u uri.URI) bool { return u == r.URI })
	}
	var added []uri.URI
	for _, a := range p.Event.Added {
		if !slices.Contains(w.open, a.URI) {
			w.open = append(w.open, a.URI)
			added = append(added, a.URI)
		}
	}
	for _, f := range w.folders {
		if !w.isUsed(f) {
			delete(w.folders, f.Root)
			gone = append(gone, f)
		}
	}
	w.mu.Unlock()
	for _, f := range gone {
		s.giveUp(ctx, f)
	}
	s.openFolders(added)
	return nil
}

// isUsed reports whether one of the editor's folders or a document that is open belongs to a
// repository. The caller holds mu.
func (w *workspace) isUsed(f *folder) bool {
	if len(w.openIn(f)) > 0 {
		return true
	}
	for _, u := range w.open {
		if name, err := fileName(u); err == nil {
			if root, err := repo.FindRoot(existing(name)); err == nil && root == f.Root {
				return true
			}
		}
	}
	return false
}

// giveUp ends all work for a repository that is no longer among the folders.
func (s *server) giveUp(ctx context.Context, f *folder) {
	f.cancel()
	s.untell(ctx, f)
}

// untell takes back what was found in a repository.
func (s *server) untell(ctx context.Context, f *folder) {
	f.tellMu.Lock()
	defer f.tellMu.Unlock()
	for path := range f.told {
		_ = s.client.PublishDiagnostics(ctx, &protocol.PublishDiagnosticsParams{URI: f.uriOf(path), Diagnostics: []protocol.Diagnostic{}})
	}
	clear(f.told)
}

// first returns the first of the editor's folders; empty if none is open.
func (w *workspace) first() uri.URI {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.open) == 0 {
		return ""
	}
	return w.open[0]
}
