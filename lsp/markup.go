package lsp

import (
	"strings"

	"go.lsp.dev/protocol"
)

// markup is text for people, written in Markdown. Editors that show it as it is get it without
// the marks of code.
func (s *server) markup(text string) *protocol.MarkupContent {
	if !s.editor.plain {
		return &protocol.MarkupContent{Kind: protocol.MarkupKindMarkdown, Value: text}
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "```") {
			b.WriteString(strings.ReplaceAll(line, "`", ""))
		}
	}
	return &protocol.MarkupContent{Kind: protocol.MarkupKindPlainText, Value: strings.TrimSuffix(b.String(), "\n")}
}

// hover is what is told of a range.
func (s *server) hover(text string, r protocol.Range) *protocol.Hover {
	return &protocol.Hover{Contents: s.markup(text), Range: &r}
}
