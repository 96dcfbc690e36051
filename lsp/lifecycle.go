package lsp

import (
	"context"
	"encoding/json"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nixlint/nixlint/analysis/session"
)

// editor is what the editor can do.
type editor struct {
	pulls     bool // it asks for findings, and is not told
	refreshes bool // it can be told to ask again
	related   bool // it shows the places that explain a finding
	creates   bool // it can create files as part of an edit
	versions  bool // its edits can name the version they are for
	snippets  bool
	watches   bool // it can be asked to tell changes of files
	progress  bool
	folders   []uri.URI
}

// settings is what the editor's user has set, all of it optional.
type settings struct {
	// Diagnostics is "push" or "pull".
	Diagnostics string `json:"diagnostics"`
	// Select, ExtendSelect and Ignore choose rules as the flags of that name do.
	Select       []string          `json:"select"`
	ExtendSelect []string          `json:"extendSelect"`
	Ignore       []string          `json:"ignore"`
	Inputs       map[string]string `json:"inputs"`
}

func isSet(b *bool) bool { return b != nil && *b }

// editorOf reads what the editor says it can do.
func editorOf(p *protocol.InitializeParams, set settings) editor {
	var e editor
	c := p.Capabilities
	if t := c.TextDocument; t != nil {
		push := t.PublishDiagnostics != nil
		pull := t.Diagnostic != nil
		e.pulls = pull && (set.Diagnostics == "pull" || !push)
		e.related = push && isSet(t.PublishDiagnostics.RelatedInformation)
		if t.Completion != nil && t.Completion.CompletionItem != nil {
			e.snippets = isSet(t.Completion.CompletionItem.SnippetSupport)
		}
	}
	if w := c.Workspace; w != nil {
		if w.WorkspaceEdit != nil {
			e.versions = isSet(w.WorkspaceEdit.DocumentChanges)
			for _, op := range w.WorkspaceEdit.ResourceOperations {
				e.creates = e.creates || op == protocol.ResourceOperationKindCreate
			}
			// Creations stand nowhere else than in edits of that kind: Neovim does not say both.
			e.versions = e.versions || e.creates
		}
		e.watches = w.DidChangeWatchedFiles != nil && isSet(w.DidChangeWatchedFiles.DynamicRegistration)
		e.refreshes = w.Diagnostics != nil && isSet(w.Diagnostics.RefreshSupport)
	}
	e.progress = c.Window != nil && isSet(c.Window.WorkDoneProgress)
	if list, ok := p.WorkspaceFolders.Get(); ok {
		for _, f := range list {
			e.folders = append(e.folders, f.URI)
		}
		//lint:ignore SA1019 editors that know no workspace folders say it so
	} else if root := p.RootURI; root != nil {
		e.folders = []uri.URI{*root}
	}
	return e
}

// Initialize agrees with the editor on what both can do.
func (s *server) Initialize(_ context.Context, p *protocol.InitializeParams) (*protocol.InitializeResult, error) {
	var set settings
	if len(p.InitializationOptions) > 0 {
		if err := json.Unmarshal(p.InitializationOptions, &set); err != nil {
			s.options.Log.Warn("initialization options are not understood", "error", err)
		}
	}
	s.editor = editorOf(p, set)
	s.workspace.settings = session.Options{Select: set.Select, ExtendSelect: set.ExtendSelect, Ignore: set.Ignore, Inputs: set.Inputs}
	var offered []protocol.PositionEncodingKind
	if g := p.Capabilities.General; g != nil {
		offered = g.PositionEncodings
	}
	s.mapper = mapper{chooseEncoding(offered)}
	s.initialized.Store(true)
	return &protocol.InitializeResult{
		Capabilities: s.capabilities(),
		ServerInfo:   protocol.ServerInfo{Name: "nixlint", Version: protocol.NewOptional(s.options.Version)},
	}, nil
}

// Initialized opens the repositories of the editor's folders.
func (s *server) Initialized(context.Context, *protocol.InitializedParams) error {
	if s.editor.watches {
		s.background("asking for changes of files", s.watchFiles)
	}
	s.openFolders(s.editor.folders)
	return nil
}

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

// DidChangeWorkspaceFolders opens the repositories of folders that come. Those of
// folders that go stay as long as the server: documents in them may be open.
func (s *server) DidChangeWorkspaceFolders(_ context.Context, p *protocol.DidChangeWorkspaceFoldersParams) error {
	var added []uri.URI
	for _, f := range p.Event.Added {
		added = append(added, f.URI)
	}
	s.openFolders(added)
	return nil
}

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

// Shutdown ends the work; only exit may follow.
func (s *server) Shutdown(context.Context) error {
	s.shut.Store(true)
	return nil
}

// Exit ends the connection.
func (s *server) Exit(context.Context) error {
	s.exitOnce.Do(func() { close(s.exited) })
	return nil
}
