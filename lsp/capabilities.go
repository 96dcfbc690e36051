package lsp

import "go.lsp.dev/protocol"

func ptr[T any](v T) *T { return &v }

// capabilities is what the server offers to the editor.
func (s *server) capabilities() protocol.ServerCapabilities {
	c := protocol.ServerCapabilities{
		PositionEncoding: s.mapper.encoding,
		TextDocumentSync: &protocol.TextDocumentSyncOptions{
			OpenClose: ptr(true), Change: ptr(protocol.TextDocumentSyncKindIncremental),
		},
		Workspace: &protocol.WorkspaceOptions{
			WorkspaceFolders: &protocol.WorkspaceFoldersServerCapabilities{Supported: ptr(true), ChangeNotifications: protocol.Boolean(true)},
			FileOperations:   &protocol.FileOperationOptions{WillRename: protocol.FileOperationRegistrationOptions{Filters: movedFiles}},
		},
		CompletionProvider:        &protocol.CompletionOptions{TriggerCharacters: []string{".", "/", "\"", "?"}, ResolveProvider: ptr(true)},
		SignatureHelpProvider:     &protocol.SignatureHelpOptions{TriggerCharacters: []string{" ", "{", ";"}},
		RenameProvider:            &protocol.RenameOptions{PrepareProvider: ptr(true)},
		HoverProvider:             protocol.Boolean(true),
		DefinitionProvider:        protocol.Boolean(true),
		DeclarationProvider:       protocol.Boolean(true),
		ImplementationProvider:    protocol.Boolean(true),
		ReferencesProvider:        protocol.Boolean(true),
		DocumentHighlightProvider: protocol.Boolean(true),
		DocumentSymbolProvider:    protocol.Boolean(true),
		FoldingRangeProvider:      protocol.Boolean(true),
		SelectionRangeProvider:    protocol.Boolean(true),
		DocumentLinkProvider:      &protocol.DocumentLinkOptions{},
		CodeActionProvider: &protocol.CodeActionOptions{
			CodeActionKinds: []protocol.CodeActionKind{
				protocol.CodeActionKindQuickFix, protocol.CodeActionKindRefactorRewrite, protocol.CodeActionKindRefactorInline,
				protocol.CodeActionKindRefactorExtract, kindFixAll,
			},
			ResolveProvider: ptr(true),
		},
		CodeLensProvider:           &protocol.CodeLensOptions{},
		CallHierarchyProvider:      protocol.Boolean(true),
		TypeHierarchyProvider:      protocol.Boolean(true),
		LinkedEditingRangeProvider: protocol.Boolean(true),
		TypeDefinitionProvider:     protocol.Boolean(true),
		InlayHintProvider:          protocol.Boolean(true),
		WorkspaceSymbolProvider:    protocol.Boolean(true),
		SemanticTokensProvider: &protocol.SemanticTokensOptions{
			Legend: protocol.SemanticTokensLegend{TokenTypes: tokenTypes, TokenModifiers: tokenModifiers},
			Full:   &protocol.SemanticTokensFullDelta{Delta: ptr(true)}, Range: protocol.Boolean(true),
		},
		ExecuteCommandProvider:          protocol.ExecuteCommandOptions{Commands: commands},
		DocumentFormattingProvider:      protocol.Boolean(true),
		DocumentRangeFormattingProvider: protocol.Boolean(true),
		DocumentOnTypeFormattingProvider: protocol.DocumentOnTypeFormattingOptions{
			FirstTriggerCharacter: ";", MoreTriggerCharacter: []string{"}", "\n"},
		},
	}
	if s.editor.pulls {
		c.DiagnosticProvider = &protocol.DiagnosticOptions{InterFileDependencies: true, WorkspaceDiagnostics: true}
	}
	return c
}
