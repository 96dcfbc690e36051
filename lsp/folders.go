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
	for _, r := range p.Event.Removed {
		if f := w.unused(r.URI); f != nil {
			delete(w.folders, f.Root)
			gone = append(gone, f)
		}
	}
	w.mu.Unlock()
	for _, f := range gone {
		f.cancel()
		s.untell(ctx, f)
	}
	s.openFolders(added)
	return nil
}

// unused returns the repository of a folder that went if nothing is open in it any more.
// The caller holds mu.
func (w *workspace) unused(u uri.URI) *folder {
	name, err := fileName(u)
	if err != nil {
		return nil
	}
	root, err := repo.FindRoot(existing(name))
	if err != nil {
		return nil
	}
	f := w.folders[root]
	if f == nil || len(w.openIn(f)) > 0 {
		return nil
	}
	for _, other := range w.open {
		if name, err := fileName(other); err == nil {
			if root, err := repo.FindRoot(existing(name)); err == nil && root == f.Root {
				return nil
			}
		}
	}
	return f
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
