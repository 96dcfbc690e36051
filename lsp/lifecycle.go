package lsp

import (
	"context"
	"slices"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// editor is what the editor can do.
type editor struct {
	pulls     bool // it asks for findings, and is not told
	refreshes bool // it can be told to ask again
	related   bool // it shows the places that explain a finding
	creates   bool // it can create files as part of an edit
	versions  bool // its edits can name the version they are for
	snippets  bool
	// shortItems is set if the place of proposals need not be told with each.
	shortItems bool
	plain      bool // it shows text without Markdown
	watches    bool // it can be asked to tell changes of files
	progress   bool // it shows work that takes a while
	// configures is set if it can be asked for its settings.
	configures      bool
	refreshesHints  bool // it can be told to ask for inlay hints again
	refreshesTokens bool // and for semantic tokens
	renames         bool // it can rename files as part of an edit
	resolves        bool // it asks for the edit of a code action when it is chosen
	folders         []uri.URI
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
		if h := t.Hover; h != nil && len(h.ContentFormat) > 0 {
			e.plain = !slices.Contains(h.ContentFormat, protocol.MarkupKindMarkdown)
		}
		if t.Completion != nil && t.Completion.CompletionList != nil {
			e.shortItems = slices.Contains(t.Completion.CompletionList.ItemDefaults, "editRange")
		}
		e.resolves = t.CodeAction != nil && isSet(t.CodeAction.DataSupport) && slices.Contains(t.CodeAction.ResolveSupport.Properties, "edit")
	}
	if w := c.Workspace; w != nil {
		if w.WorkspaceEdit != nil {
			e.versions = isSet(w.WorkspaceEdit.DocumentChanges)
			for _, op := range w.WorkspaceEdit.ResourceOperations {
				e.creates = e.creates || op == protocol.ResourceOperationKindCreate
				e.renames = e.renames || op == protocol.ResourceOperationKindRename
			}
			// Creations stand nowhere else than in edits of that kind: Neovim does not say both.
			e.versions = e.versions || e.creates
		}
		e.watches = w.DidChangeWatchedFiles != nil && isSet(w.DidChangeWatchedFiles.DynamicRegistration)
		e.configures = isSet(w.Configuration)
		e.refreshesHints = w.InlayHint != nil && isSet(w.InlayHint.RefreshSupport)
		e.refreshesTokens = w.SemanticTokens != nil && isSet(w.SemanticTokens.RefreshSupport)
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
	set, err := decodeSettings(p.InitializationOptions, settings{InlayHints: allHints})
	if err != nil {
		s.options.Log.Warn("initialization options are not understood", "error", err)
	}
	s.editor = editorOf(p, set)
	s.workspace.initial, s.workspace.settings, s.workspace.open = set, set, slices.Clone(s.editor.folders)
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
	s.pullSettings()
	s.openFolders(s.editor.folders)
	return nil
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
