package lsp

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/parser"
)

// example returns a copy of the example repository.
func example(t testing.TB) string {
	t.Helper()
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS(filepath.Join("..", "testdata", "repos", "example"))); err != nil {
		t.Fatal(err)
	}
	return root
}

// TestTyping follows a person who breaks a module path and mends it again.
func TestTyping(t *testing.T) {
	c := connect(t, example(t))
	const host = "hosts/toaster/default.nix"
	c.openFile(host)
	c.waitFor(host, "told", func(p *protocol.PublishDiagnosticsParams) bool { return len(p.Diagnostics) == 0 })
	text := c.open[c.uri(host)].Text
	const good = "modules.nixos.hardware.nvidia"
	at := uint32(strings.Index(text, good) + len(good))
	if !strings.Contains(text, good) {
		t.Fatal("the example does not import nvidia")
	}
	c.edit(host, parser.Span{Start: at, End: at}, "x")
	p := c.waitFor(host, "module-path-unresolved", has("module-path-unresolved"))
	if v, ok := p.Version.Get(); !ok || v != 2 {
		t.Errorf("findings of version %v, want 2", p.Version)
	}
	// A line above moves the finding before the repository is looked at again.
	c.edit(host, parser.Span{}, "# a comment\n")
	c.waitFor(host, "the finding a line below", func(q *protocol.PublishDiagnosticsParams) bool {
		return has("module-path-unresolved")(q) && q.Diagnostics[0].Range.Start.Line == p.Diagnostics[0].Range.Start.Line+1
	})
	at += uint32(len("# a comment\n"))
	c.edit(host, parser.Span{Start: at, End: at + 1}, "")
	c.waitFor(host, "clean", hasNot("module-path-unresolved"))
	c.edit(host, parser.Span{Start: at, End: at}, " {")
	c.waitFor(host, "syntax", has("syntax"))
}

// TestMended checks that a syntax error is gone with the very key that mends it, and that one
// that stays is told once, although the repository has not been looked at since.
func TestMended(t *testing.T) {
	c := connect(t, example(t))
	const host = "hosts/toaster/default.nix"
	c.openFile(host)
	at := uint32(strings.Index(c.open[c.uri(host)].Text, ";"))
	told := func(edit func()) (errors int) {
		t.Helper()
		c.idle()
		edit()
		p := c.waitFor(host, "told", func(p *protocol.PublishDiagnosticsParams) bool {
			v, ok := p.Version.Get()
			return ok && v == c.open[c.uri(host)].Version
		})
		for _, d := range p.Diagnostics {
			if d.Code == protocol.String("syntax") {
				errors++
			}
		}
		return errors
	}
	if n := told(func() { c.edit(host, parser.Span{Start: at, End: at + 1}, "") }); n != 1 {
		t.Errorf("%d errors without the semicolon, want 1", n)
	}
	if n := told(func() { c.edit(host, parser.Span{}, "# a comment\n") }); n != 1 {
		t.Errorf("%d errors after a comment, want 1", n)
	}
	at += uint32(len("# a comment\n"))
	if n := told(func() { c.edit(host, parser.Span{Start: at, End: at}, ";") }); n != 0 {
		t.Errorf("%d errors with the semicolon, want none", n)
	}
}

// TestOtherFiles checks that an edit is seen in files that were not touched, open or
// not, and on the disk too.
func TestOtherFiles(t *testing.T) {
	root := example(t)
	c := connect(t, root)
	const registry = "lib/default.nix"
	c.openFile(registry)
	c.waitFor(registry, "told", func(*protocol.PublishDiagnosticsParams) bool { return true })
	text := c.open[c.uri(registry)].Text
	at := uint32(strings.Index(text, "nvidia = "))
	c.edit(registry, parser.Span{Start: at, End: at + uint32(len("nvidia"))}, "nvidiaOld")
	c.waitFor("hosts/toaster/default.nix", "unresolved", has("module-path-unresolved"))
	if err := c.server.DidClose(c.ctx, &protocol.DidCloseTextDocumentParams{TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(registry)}}); err != nil {
		t.Fatal(err)
	}
	c.waitFor("hosts/toaster/default.nix", "resolved", hasNot("module-path-unresolved"))
	if err := os.WriteFile(filepath.Join(root, "hosts/toaster/extra.nix"), []byte("{ a = ; }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.server.DidChangeWatchedFiles(c.ctx, &protocol.DidChangeWatchedFilesParams{Changes: []protocol.FileEvent{
		{URI: c.uri("hosts/toaster/extra.nix"), Type: protocol.FileChangeTypeCreated},
	}}); err != nil {
		t.Fatal(err)
	}
	c.waitFor("hosts/toaster/extra.nix", "syntax", has("syntax"))
}
