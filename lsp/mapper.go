package lsp

import (
	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/parser"
)

// mapper translates between byte offsets and the protocol's positions, in the
// encoding that was agreed upon with the editor. It is the only place that does.
type mapper struct {
	encoding protocol.PositionEncodingKind
}

// chooseEncoding takes the encoding that is cheapest to compute of those the editor
// offers. UTF-16 is what every editor knows.
func chooseEncoding(offered []protocol.PositionEncodingKind) protocol.PositionEncodingKind {
	best := protocol.PositionEncodingKindUTF16
	for _, e := range offered {
		if e == protocol.PositionEncodingKindUTF8 {
			return e
		}
		if e == protocol.PositionEncodingKindUTF32 {
			best = e
		}
	}
	return best
}

// position returns the position of an offset.
func (m mapper) position(lines *parser.Lines, offset uint32) protocol.Position {
	var line, column int
	switch m.encoding {
	case protocol.PositionEncodingKindUTF8:
		line, column = lines.Position(offset)
	case protocol.PositionEncodingKindUTF32:
		line, column = lines.Character(offset)
	default:
		line, column = lines.UTF16(offset)
	}
	return protocol.Position{Line: uint32(line), Character: uint32(column)}
}

// offset returns the offset of a position. Beyond the end of a line it is the line's
// end, as the protocol has it, and beyond the last line the end of the text.
func (m mapper) offset(lines *parser.Lines, p protocol.Position) uint32 {
	// Numbers that no text reaches must not become negative.
	line, column := int(min(p.Line, 1<<30)), int(min(p.Character, 1<<30))
	switch m.encoding {
	case protocol.PositionEncodingKindUTF8:
		return lines.Offset(line, column)
	case protocol.PositionEncodingKindUTF32:
		return lines.OffsetOfCharacter(line, column)
	default:
		return lines.OffsetOfUTF16(line, column)
	}
}

func (m mapper) toRange(lines *parser.Lines, s parser.Span) protocol.Range {
	return protocol.Range{Start: m.position(lines, s.Start), End: m.position(lines, s.End)}
}

// toSpan returns the span of a range; one that ends before it starts is empty.
func (m mapper) toSpan(lines *parser.Lines, r protocol.Range) parser.Span {
	start := m.offset(lines, r.Start)
	return parser.Span{Start: start, End: max(start, m.offset(lines, r.End))}
}
