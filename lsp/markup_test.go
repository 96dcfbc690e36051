package lsp

import (
	"strings"
	"testing"

	"go.lsp.dev/protocol"
)

// TestPlain asks for a hover with an editor that shows no Markdown.
func TestPlain(t *testing.T) {
	c := start(t, example(t))
	p := capabilities()
	p.Capabilities.TextDocument.Hover = &protocol.HoverClientCapabilities{ContentFormat: []protocol.MarkupKind{protocol.MarkupKindPlainText}}
	c.hello(p)
	const file = "modules/nixos/hardware/nvidia.nix"
	c.openFile(file)
	text := c.open[c.uri(file)].Text
	h, err := c.server.Hover(c.ctx, &protocol.HoverParams{TextDocumentPositionParams: protocol.TextDocumentPositionParams{
		TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(file)}, Position: c.position(file, uint32(strings.Index(text, "channel =")+1)),
	}})
	must(t, err)
	told, ok := h.Contents.(*protocol.MarkupContent)
	if !ok || told.Kind != protocol.MarkupKindPlainText || strings.Contains(told.Value, "`") || !strings.Contains(told.Value, "\nType: one of") {
		t.Errorf("told %v", h.Contents)
	}
}
