package lsp

import (
	"context"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/watch"
)

// watchFiles asks the editor to tell changes of files that matter.
func (s *server) watchFiles(ctx context.Context) {
	var watchers []protocol.FileSystemWatcher
	for _, glob := range []string{"**/*.nix", "**/flake.lock", "**/nixlint.toml", "**/*.{json,toml,yaml,xml,md}", "**/.gitignore"} {
		watchers = append(watchers, protocol.FileSystemWatcher{GlobPattern: protocol.Pattern(glob)})
	}
	options, err := protocol.Marshal(&protocol.DidChangeWatchedFilesRegistrationOptions{Watchers: watchers})
	if err != nil {
		s.options.Log.Error("watchers cannot be encoded", "error", err)
		return
	}
	err = s.client.RegisterCapability(ctx, &protocol.RegistrationParams{Registrations: []protocol.Registration{{
		ID: "nixlint-files", Method: protocol.MethodWorkspaceDidChangeWatchedFiles, RegisterOptions: options,
	}}})
	if err != nil && ctx.Err() == nil {
		s.options.Log.Warn("the editor does not tell changes of files", "error", err)
	}
}

// watchFolder watches the files of a repository itself, for editors that do not tell of
// changes.
func (s *server) watchFolder(ctx context.Context, f *folder) {
	w, err := watch.New([]string{f.Root})
	if err != nil {
		s.options.Log.Warn("changes of files are not seen", "root", f.Root, "error", err)
		return
	}
	defer w.Close()
	// What has changed before the watcher was there is seen by reading once more.
	if err := s.workspace.reload(f); err != nil {
		s.options.Log.Warn("changed files cannot be read", "root", f.Root, "error", err)
	}
	for {
		if err := w.Wait(ctx); err != nil {
			if ctx.Err() == nil {
				s.options.Log.Warn("changes of files are no longer seen", "root", f.Root, "error", err)
			}
			return
		}
		if err := s.workspace.reload(f); err != nil {
			s.options.Log.Warn("changed files cannot be read", "root", f.Root, "error", err)
		}
	}
}

// reload reads a repository again whose files have changed on the disk.
func (w *workspace) reload(f *folder) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := f.Reload(); err != nil {
		return err
	}
	f.touch()
	return nil
}
