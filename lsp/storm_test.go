package lsp

import (
	"context"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/parser"
)

// TestStorm edits three files at once at random, with requests and cancellations between,
// and checks that the server ends with what a fresh one finds in the same texts.
func TestStorm(t *testing.T) {
	edits := 20_000
	if testing.Short() {
		edits = 500
	}
	root := example(t)
	c := connect(t, root)
	files := []string{"hosts/toaster/default.nix", "lib/default.nix", "modules/nixos/hardware/nvidia.nix"}
	for _, f := range files {
		c.openFile(f)
	}
	pieces := []string{"{", "}", "[", "]", ";", "=", "a.b", "modules.nixos.", "config.", "''", "\"", "${", "let x = 1; in ", "\n", "# é𝄞\n", "inherit (a) b;", "./x", "true"}
	rng := rand.New(rand.NewPCG(1, 2))
	var requests sync.WaitGroup
	waiting := make(chan struct{}, 16) // an editor does not ask without end either
	for i := range edits {
		f := files[rng.IntN(len(files))]
		item := c.open[c.uri(f)]
		n := len(item.Text)
		start := boundary(item.Text, rng.IntN(n+1))
		end := boundary(item.Text, min(n, start+rng.IntN(12)))
		text := ""
		if n < 40_000 && rng.IntN(3) > 0 {
			text = pieces[rng.IntN(len(pieces))]
		}
		c.edit(f, parser.Span{Start: uint32(start), End: uint32(end)}, text)
		if i%8 != 0 {
			continue
		}
		at := protocol.TextDocumentPositionParams{
			TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(f)},
			Position:     protocol.Position{Line: rng.Uint32N(300), Character: rng.Uint32N(100)},
		}
		kind, cancel := rng.IntN(kinds), rng.IntN(4) == 0
		waiting <- struct{}{}
		requests.Go(func() {
			defer func() { <-waiting }()
			ctx, stop := context.WithCancel(c.ctx)
			defer stop()
			if cancel {
				stop()
			}
			if err := c.request(ctx, kind, at); err != nil && !cancel {
				t.Errorf("request %d: %v", kind, err)
			}
		})
	}
	requests.Wait()
	want := make(map[string]string)
	fresh := connect(t, root)
	for _, f := range files {
		fresh.openText(f, c.open[c.uri(f)].Text)
	}
	(&markers{client: fresh}).settle()
	for _, f := range files {
		want[f] = showFound(fresh.waitFor(f, "told", func(*protocol.PublishDiagnosticsParams) bool { return true }))
	}
	for _, f := range files {
		c.waitFor(f, "as a fresh server finds it:\n"+want[f], func(p *protocol.PublishDiagnosticsParams) bool { return showFound(p) == want[f] })
	}
}

// boundary moves an offset back to the start of a character.
func boundary(text string, at int) int {
	for at > 0 && at < len(text) && text[at]&0xC0 == 0x80 {
		at--
	}
	return at
}

func showFound(p *protocol.PublishDiagnosticsParams) string {
	var b strings.Builder
	for _, d := range p.Diagnostics {
		b.WriteString(showRange(d.Range) + " " + string(d.Code.(protocol.String)) + "\n")
	}
	return b.String()
}

// kinds is how many requests there are.
const kinds = 16

// request makes one of several requests.
func (c *client) request(ctx context.Context, kind int, at protocol.TextDocumentPositionParams) error {
	var err error
	switch kind {
	case 0:
		_, err = c.server.Completion(ctx, &protocol.CompletionParams{TextDocumentPositionParams: at})
	case 1:
		_, err = c.server.Hover(ctx, &protocol.HoverParams{TextDocumentPositionParams: at})
	case 2:
		_, err = c.server.Definition(ctx, &protocol.DefinitionParams{TextDocumentPositionParams: at})
	case 3:
		_, err = c.server.References(ctx, &protocol.ReferenceParams{TextDocumentPositionParams: at})
	case 4:
		_, err = c.server.DocumentSymbol(ctx, &protocol.DocumentSymbolParams{TextDocument: at.TextDocument})
	case 5:
		_, err = c.server.CodeAction(ctx, &protocol.CodeActionParams{TextDocument: at.TextDocument, Range: protocol.Range{Start: at.Position, End: at.Position}})
	case 6:
		_, err = c.server.Formatting(ctx, &protocol.DocumentFormattingParams{TextDocument: at.TextDocument})
	case 7:
		_, err = c.server.SignatureHelp(ctx, &protocol.SignatureHelpParams{TextDocumentPositionParams: at})
	case 8:
		_, err = c.server.InlayHint(ctx, &protocol.InlayHintParams{TextDocument: at.TextDocument, Range: protocol.Range{End: at.Position}})
	case 9:
		_, err = c.server.CodeLens(ctx, &protocol.CodeLensParams{TextDocument: at.TextDocument})
	case 10:
		_, err = c.server.LinkedEditingRange(ctx, &protocol.LinkedEditingRangeParams{TextDocumentPositionParams: at})
	case 11:
		_, err = c.server.DocumentHighlight(ctx, &protocol.DocumentHighlightParams{TextDocumentPositionParams: at})
	case 12:
		_, err = c.server.SemanticTokensFullDelta(ctx, &protocol.SemanticTokensDeltaParams{TextDocument: at.TextDocument, PreviousResultID: "1"})
	case 13:
		_, err = c.server.TypeDefinition(ctx, &protocol.TypeDefinitionParams{TextDocumentPositionParams: at})
	case 14:
		_, err = c.server.PrepareCallHierarchy(ctx, &protocol.CallHierarchyPrepareParams{TextDocumentPositionParams: at})
	case 15:
		_, err = c.server.DocumentLink(ctx, &protocol.DocumentLinkParams{TextDocument: at.TextDocument})
	}
	return err
}

// TestMalformed sends what no editor should send and checks that each is answered with an
// error, and that the server goes on.
func TestMalformed(t *testing.T) {
	c := start(t, example(t))
	if _, err := c.server.Hover(c.ctx, &protocol.HoverParams{}); err == nil {
		t.Error("a request before initialize is answered")
	}
	if _, err := c.server.Initialize(c.ctx, &protocol.InitializeParams{}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.server.Initialize(c.ctx, &protocol.InitializeParams{}); err == nil {
		t.Error("a second initialize is answered")
	}
	for _, call := range []struct {
		method string
		params string
	}{
		{"textDocument/hover", `[]`},
		{"textDocument/hover", `{"textDocument":{"uri":5}}`},
		{"textDocument/hover", `{"textDocument":{"uri":"` + string(c.uri("no.nix")) + `"},"position":{"line":0,"character":0}}`},
		{"textDocument/hover", `{"textDocument":{"uri":"` + string(c.uri("README.md")) + `"},"position":{"line":0,"character":0}}`},
		{"workspace/executeCommand", `{"command":"nixlint.newHost","arguments":[[]]}`},
		{"no/such", `{}`},
	} {
		var out jsonrpc2.RawMessage
		if _, err := c.conn.Call(c.ctx, call.method, jsonrpc2.RawMessage(call.params), &out); err == nil {
			t.Errorf("%s %s: %s", call.method, call.params, out)
		}
	}
	at := protocol.TextDocumentPositionParams{TextDocument: protocol.TextDocumentIdentifier{URI: c.uri("flake.nix")}, Position: protocol.Position{Line: 1 << 31, Character: 1 << 31}}
	for kind := range kinds {
		if err := c.request(c.ctx, kind, at); err != nil {
			t.Errorf("request %d far beyond the end: %v", kind, err)
		}
	}
}
