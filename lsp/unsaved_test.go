package lsp

import (
	"reflect"
	"strings"
	"testing"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// openAs opens a text under a URI of any kind.
func (c *client) openAs(u uri.URI, language protocol.LanguageKind, text string) {
	c.t.Helper()
	must(c.t, c.server.DidOpen(c.ctx, &protocol.DidOpenTextDocumentParams{
		TextDocument: protocol.TextDocumentItem{URI: u, LanguageID: language, Version: 1, Text: text},
	}))
}

const unsavedText = `{ lib }:
let
  unused = 1;
  used = 2;
in
{
  a = used + undefinedName;
  b = lib.mapAttrs;
  c = builtins.length [ used ];
  imports = [ ./missing.nix ];
}
`

// TestUnsaved asks about a text that no file holds yet, beside an open repository.
func TestUnsaved(t *testing.T) {
	const u = uri.URI("untitled:Untitled-1")
	c := connect(t, example(t))
	c.openAs(u, "nix", "{ a = ")
	rules := func(of uri.URI) (out []string) {
		for _, d := range c.found[of].Diagnostics {
			out = append(out, string(d.Code.(protocol.String)))
		}
		return out
	}
	c.await("its syntax error is told", func() bool { return c.found[u] != nil && reflect.DeepEqual(rules(u), []string{"syntax"}) })
	must(t, c.server.DidChange(c.ctx, &protocol.DidChangeTextDocumentParams{
		TextDocument:   protocol.VersionedTextDocumentIdentifier{TextDocumentIdentifier: protocol.TextDocumentIdentifier{URI: u}, Version: 2},
		ContentChanges: []protocol.TextDocumentContentChangeEvent{&protocol.TextDocumentContentChangeWholeDocument{Text: unsavedText}},
	}))
	c.await("what its text tells is told, and nothing of a repository", func() bool {
		return reflect.DeepEqual(rules(u), []string{"unused-binding", "undefined-variable"})
	})
	// A second one is by itself.
	const other = uri.URI("untitled:Untitled-2")
	const otherText = "number: [number]"
	c.openAs(other, "nix", otherText)
	c.await("the other is told", func() bool { return c.found[other] != nil && len(c.found[other].Diagnostics) == 0 })

	lines := strings.Split(unsavedText, "\n")
	at := func(word string) protocol.TextDocumentPositionParams {
		for i, line := range lines {
			if j := strings.Index(line, word); j >= 0 {
				return protocol.TextDocumentPositionParams{
					TextDocument: protocol.TextDocumentIdentifier{URI: u},
					Position:     protocol.Position{Line: uint32(i), Character: uint32(j + 1)},
				}
			}
		}
		t.Fatalf("there is no %s", word)
		return protocol.TextDocumentPositionParams{}
	}
	for _, word := range []string{"length", "mapAttrs", "used = 2"} {
		if h, err := c.server.Hover(c.ctx, &protocol.HoverParams{TextDocumentPositionParams: at(word)}); err != nil || h == nil {
			t.Errorf("hover over %s: %v, %v", word, h, err)
		}
	}
	r, err := c.server.Definition(c.ctx, &protocol.DefinitionParams{TextDocumentPositionParams: at("used + ")})
	if list := locationsOf(r); err != nil || len(list) != 1 || list[0].URI != u || list[0].Range.Start.Line != 3 {
		t.Errorf("definition: %v, %v", list, err)
	}
	if list, err := c.server.DocumentLink(c.ctx, &protocol.DocumentLinkParams{TextDocument: protocol.TextDocumentIdentifier{URI: u}}); err != nil || len(list) > 0 {
		t.Errorf("links: %v, %v", list, err)
	}
	edit, err := c.server.Rename(c.ctx, &protocol.RenameParams{TextDocumentPositionParams: at("used = 2"), NewName: "number"})
	if err != nil || len(edit.DocumentChanges) != 1 || edit.DocumentChanges[0].(*protocol.TextDocumentEdit).TextDocument.URI != u {
		t.Errorf("rename: %v, %v", edit, err)
	}
	edits, err := c.server.Formatting(c.ctx, &protocol.DocumentFormattingParams{TextDocument: protocol.TextDocumentIdentifier{URI: other}})
	if after := applyEdits(t, mapper{protocol.PositionEncodingKindUTF16}, otherText, edits); err != nil || after != "number: [ number ]\n" {
		t.Errorf("formatted: %q, %v", after, err)
	}
	done, err := c.server.Completion(c.ctx, &protocol.CompletionParams{TextDocumentPositionParams: at("sed + ")})
	if err != nil {
		t.Fatal(err)
	}
	offered := make(map[string]bool)
	for _, item := range done.(*protocol.CompletionList).Items {
		offered[item.Label] = true
	}
	for _, name := range []string{"used", "builtins", "lib"} {
		if !offered[name] {
			t.Errorf("%s is not offered", name)
		}
	}
	must(t, c.server.DidChangeConfiguration(c.ctx, &protocol.DidChangeConfigurationParams{Settings: protocol.LSPAny(`{"nixlint": {"ignore": ["unused-binding"]}}`)}))
	c.await("the editor's settings hold", func() bool { return reflect.DeepEqual(rules(u), []string{"undefined-variable"}) })
	// Its quick fixes change the text alone, and make no file.
	actions, err := c.server.CodeAction(c.ctx, &protocol.CodeActionParams{
		TextDocument: protocol.TextDocumentIdentifier{URI: u},
		Range:        protocol.Range{End: protocol.Position{Line: uint32(len(lines))}},
	})
	if err != nil || len(actions) == 0 {
		t.Errorf("actions: %v, %v", actions, err)
	}
	for _, a := range actions {
		if a, ok := a.(*protocol.CodeAction); ok && a.Edit != nil {
			for _, change := range a.Edit.DocumentChanges {
				if e, ok := change.(*protocol.TextDocumentEdit); !ok || e.TextDocument.URI != u {
					t.Errorf("%s changes %v", a.Title, change)
				}
			}
		}
	}
	selection := protocol.CodeActionParams{TextDocument: protocol.TextDocumentIdentifier{URI: u}, Range: protocol.Range{
		Start: at("builtins.length").Position, End: at("];").Position,
	}}
	selection.Range.Start.Character--
	selection.Context.Only = []protocol.CodeActionKind{protocol.CodeActionKindRefactorExtract}
	if actions, err = c.server.CodeAction(c.ctx, &selection); err != nil {
		t.Error(err)
	}
	for _, a := range actions {
		if a := a.(*protocol.CodeAction); strings.Contains(a.Title, ".nix") {
			t.Errorf("%s is offered", a.Title)
		}
	}
	must(t, c.server.DidClose(c.ctx, &protocol.DidCloseTextDocumentParams{TextDocument: protocol.TextDocumentIdentifier{URI: u}}))
	c.await("what was found is taken back", func() bool { return len(c.found[u].Diagnostics) == 0 })
}

// TestPullUnsaved is TestUnsaved for an editor that asks for findings.
func TestPullUnsaved(t *testing.T) {
	c := start(t, example(t))
	params := capabilities()
	params.Capabilities.TextDocument.Diagnostic = &protocol.DiagnosticClientCapabilities{}
	params.InitializationOptions = protocol.LSPAny(`{"diagnostics": "pull"}`)
	c.hello(params)
	const u, git = uri.URI("untitled:/home/mira/new.nix"), uri.URI("git:/home/mira/old.nix?HEAD")
	c.openAs(u, "nix", "let unused = 1; in 2")
	c.openAs(git, "nix", "let unused = 1; in 2")
	for of, want := range map[uri.URI]int{u: 1, git: 0} {
		r, err := c.server.Diagnostic(c.ctx, &protocol.DocumentDiagnosticParams{TextDocument: protocol.TextDocumentIdentifier{URI: of}})
		report, ok := r.(*protocol.RelatedFullDocumentDiagnosticReport)
		if err != nil || !ok || len(report.Items) != want {
			t.Errorf("%s: %v, %v", of, r, err)
		}
	}
	if _, err := c.server.DiagnosticWorkspace(c.ctx, &protocol.WorkspaceDiagnosticParams{}); err != nil {
		t.Error(err)
	}
}

// TestNoFile asks about what editors show and no file holds: there is no answer, and no error
// that an editor would show.
func TestNoFile(t *testing.T) {
	c := connect(t, example(t))
	for u, language := range map[uri.URI]protocol.LanguageKind{
		"git:/home/mira/flake.nix?%7B%22ref%22%3A%22HEAD%22%7D": "nix", "vscode-notebook-cell:/home/mira/a.ipynb#W0": "nix",
		"untitled:Untitled-1": "plaintext", "output:nixlint": "log",
	} {
		c.openAs(u, language, "{ a = 1; ")
		must(t, c.server.DidChange(c.ctx, &protocol.DidChangeTextDocumentParams{
			TextDocument:   protocol.VersionedTextDocumentIdentifier{TextDocumentIdentifier: protocol.TextDocumentIdentifier{URI: u}, Version: 2},
			ContentChanges: []protocol.TextDocumentContentChangeEvent{&protocol.TextDocumentContentChangeWholeDocument{Text: "{ }"}},
		}))
		doc := protocol.TextDocumentIdentifier{URI: u}
		at := protocol.TextDocumentPositionParams{TextDocument: doc}
		for what, ask := range map[string]func() (any, error){
			"hover": func() (any, error) {
				return c.server.Hover(c.ctx, &protocol.HoverParams{TextDocumentPositionParams: at})
			},
			"definition": func() (any, error) {
				return c.server.Definition(c.ctx, &protocol.DefinitionParams{TextDocumentPositionParams: at})
			},
			"references": func() (any, error) {
				return c.server.References(c.ctx, &protocol.ReferenceParams{TextDocumentPositionParams: at})
			},
			"highlight": func() (any, error) {
				return c.server.DocumentHighlight(c.ctx, &protocol.DocumentHighlightParams{TextDocumentPositionParams: at})
			},
			"completion": func() (any, error) {
				return c.server.Completion(c.ctx, &protocol.CompletionParams{TextDocumentPositionParams: at})
			},
			"prepare": func() (any, error) {
				return c.server.PrepareRename(c.ctx, &protocol.PrepareRenameParams{TextDocumentPositionParams: at})
			},
			"rename": func() (any, error) {
				return c.server.Rename(c.ctx, &protocol.RenameParams{TextDocumentPositionParams: at, NewName: "b"})
			},
			"format": func() (any, error) {
				return c.server.Formatting(c.ctx, &protocol.DocumentFormattingParams{TextDocument: doc})
			},
			"actions": func() (any, error) { return c.server.CodeAction(c.ctx, &protocol.CodeActionParams{TextDocument: doc}) },
			"lenses":  func() (any, error) { return c.server.CodeLens(c.ctx, &protocol.CodeLensParams{TextDocument: doc}) },
			"hints":   func() (any, error) { return c.server.InlayHint(c.ctx, &protocol.InlayHintParams{TextDocument: doc}) },
			"links": func() (any, error) {
				return c.server.DocumentLink(c.ctx, &protocol.DocumentLinkParams{TextDocument: doc})
			},
			"symbols": func() (any, error) {
				return c.server.DocumentSymbol(c.ctx, &protocol.DocumentSymbolParams{TextDocument: doc})
			},
			"folds": func() (any, error) {
				return c.server.FoldingRanges(c.ctx, &protocol.FoldingRangeParams{TextDocument: doc})
			},
			"colours": func() (any, error) {
				return c.server.SemanticTokensFull(c.ctx, &protocol.SemanticTokensParams{TextDocument: doc})
			},
		} {
			if answer, err := ask(); err != nil || answer != nil && !reflect.ValueOf(answer).IsZero() {
				t.Errorf("%s of %s: %v, %v", what, u, answer, err)
			}
		}
		must(t, c.server.DidClose(c.ctx, &protocol.DidCloseTextDocumentParams{TextDocument: doc}))
		if c.found[u] != nil {
			t.Errorf("told of %s", u)
		}
	}
}
