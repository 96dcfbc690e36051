package lsp

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"testing"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// write writes a file with the folders that it needs, and returns its URI.
func write(t *testing.T, name, text string) uri.URI {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return uri.File(name)
}

// TestStored opens a file of Nix's store, to which a definition led: it can be asked about, but
// what lies around it is not looked at, and nothing is found in it.
func TestStored(t *testing.T) {
	store := t.TempDir()
	source := filepath.Join(store, "0123-source")
	write(t, filepath.Join(source, "flake.nix"), "{ }")
	write(t, filepath.Join(source, "pkgs/other.nix"), "{ a = ; }")
	file := write(t, filepath.Join(source, "pkgs/own.nix"), "let unused = 1; in map")
	ours, theirs := net.Pipe()
	c := connected(t, example(t), ours, func() error {
		return Serve(context.Background(), theirs, Options{Version: "test", store: store})
	})
	c.hello(capabilities())
	text := protocol.TextDocumentItem{URI: file, LanguageID: "nix", Version: 1, Text: "let unused = 1; in map"}
	must(t, c.server.DidOpen(c.ctx, &protocol.DidOpenTextDocumentParams{TextDocument: text}))
	c.await("the file is told", func() bool { return c.found[file] != nil })
	if found := c.found[file].Diagnostics; len(found) > 0 {
		t.Errorf("found %v", found)
	}
	at := protocol.TextDocumentPositionParams{TextDocument: protocol.TextDocumentIdentifier{URI: file}, Position: protocol.Position{Character: 20}}
	if h, err := c.server.Hover(c.ctx, &protocol.HoverParams{TextDocumentPositionParams: at}); err != nil || h == nil {
		t.Errorf("hover: %v, %v", h, err)
	}
	at.TextDocument.URI = uri.File(filepath.Join(source, "pkgs/other.nix"))
	if _, err := c.server.Hover(c.ctx, &protocol.HoverParams{TextDocumentPositionParams: at}); err == nil {
		t.Error("a file that is not open was looked at")
	}
}

// TestClosed closes the last file of a repository that is none of the editor's folders: what was
// found there is taken back.
func TestClosed(t *testing.T) {
	other := t.TempDir()
	file := write(t, filepath.Join(other, "flake.nix"), "let unused = 1; in { }")
	c := connect(t, example(t))
	must(t, c.server.DidOpen(c.ctx, &protocol.DidOpenTextDocumentParams{
		TextDocument: protocol.TextDocumentItem{URI: file, LanguageID: "nix", Version: 1, Text: "let unused = 1; in { }"},
	}))
	c.await("the file is told", func() bool { return c.found[file] != nil && len(c.found[file].Diagnostics) > 0 })
	must(t, c.server.DidClose(c.ctx, &protocol.DidCloseTextDocumentParams{TextDocument: protocol.TextDocumentIdentifier{URI: file}}))
	c.await("what was found is taken back", func() bool { return len(c.found[file].Diagnostics) == 0 })
}
