package lsp

import (
	"context"
	"errors"

	udiff "github.com/aymanbagabas/go-udiff"
	"go.lsp.dev/protocol"

	nixfmt "github.com/nixlint/nixlint/fmt"
	"github.com/nixlint/nixlint/parser"
)

// formatOptions returns how a file is to be laid out: the repository decides, not
// the editor.
func (q *query) formatOptions() nixfmt.Options {
	s, err := q.SettingsOf(q.path)
	if err != nil {
		return nixfmt.Options{} // told as a finding of the settings
	}
	return nixfmt.Options{Width: s.Width.Value, Indent: s.Indent.Value, Strict: s.Strict.Value}
}

// Formatting lays a file out. A file with syntax errors stays as it is: the errors are
// told as findings, and an editor that formats on each save would tell them twice.
func (s *server) Formatting(ctx context.Context, p *protocol.DocumentFormattingParams) ([]protocol.TextEdit, error) {
	q, err := s.queryNix(ctx, p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	out, err := nixfmt.FormatTree(q.tree(), q.formatOptions())
	if err != nil {
		return nil, unlessSyntax(err)
	}
	return q.minimalEdits(q.text(), out, 0), nil
}

// RangeFormatting lays the smallest constructs around a range out.
func (s *server) RangeFormatting(ctx context.Context, p *protocol.DocumentRangeFormattingParams) ([]protocol.TextEdit, error) {
	q, err := s.queryNix(ctx, p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	return q.formatSpan(s.mapper.toSpan(q.Lines(q.path), p.Range))
}

// OnTypeFormatting lays out what has just been completed: the binding that a `;` ends,
// the set that a `}` ends, what stands before a new line.
func (s *server) OnTypeFormatting(ctx context.Context, p *protocol.DocumentOnTypeFormattingParams) ([]protocol.TextEdit, error) {
	q, err := s.queryNix(ctx, p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	at := s.mapper.offset(q.Lines(q.path), p.Position)
	text := q.text()
	end := at
	for end > 0 && (text[end-1] == ' ' || text[end-1] == '\n' || text[end-1] == '\r' || text[end-1] == '\t') {
		end--
	}
	if end == 0 || p.Ch == "\n" && text[end-1] != ';' && text[end-1] != '}' {
		return nil, nil // nothing is complete yet
	}
	edits, err := q.formatSpan(parser.Span{Start: end - 1, End: end})
	// What the cursor is on must stay under it.
	for _, e := range edits {
		if lines := q.Lines(q.path); s.mapper.toSpan(lines, e.Range).End > end {
			return nil, err
		}
	}
	return edits, err
}

// formatSpan lays the smallest constructs around a span out.
func (q *query) formatSpan(span parser.Span) ([]protocol.TextEdit, error) {
	edit, ok, err := nixfmt.FormatRange(q.text(), span, q.formatOptions())
	if err != nil || !ok {
		return nil, unlessSyntax(err)
	}
	return q.minimalEdits(q.text()[edit.Span.Start:edit.Span.End], edit.Text, edit.Span.Start), nil
}

func unlessSyntax(err error) error {
	if _, ok := errors.AsType[*nixfmt.SyntaxError](err); ok {
		return nil
	}
	return err
}

// minimalEdits returns edits of whole lines that make one text of another, which
// starts at an offset of the file, so that editors keep cursors and marks.
func (q *query) minimalEdits(before, after string, at uint32) []protocol.TextEdit {
	out := []protocol.TextEdit{}
	for _, e := range udiff.Strings(before, after) {
		out = append(out, protocol.TextEdit{
			Range:   q.toRange(parser.Span{Start: at + uint32(e.Start), End: at + uint32(e.End)}),
			NewText: e.New,
		})
	}
	return out
}
