package parser

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// Lines maps byte offsets to lines and columns and back. It is the only place
// where the notations of a position meet:
//
//   - offset: bytes from the start of the text, from 0;
//   - line: from 0, ended by "\n" (a "\r" before it belongs to the line);
//   - byte column: bytes from the start of the line, from 0 (LSP's utf-8);
//   - UTF-16 column: code units from the start of the line, from 0 (LSP's
//     default);
//   - character column: Unicode code points from the start of the line, from 0
//     (LSP's utf-32; people count from 1).
type Lines struct {
	src    string
	starts []uint32 // offset of the first byte of each line
}

// NewLines indexes the line starts of src.
func NewLines(src string) *Lines {
	starts := make([]uint32, 1, strings.Count(src, "\n")+1)
	for i := 0; ; {
		j := strings.IndexByte(src[i:], '\n')
		if j < 0 {
			return &Lines{src, starts}
		}
		i += j + 1
		starts = append(starts, uint32(i))
	}
}

// Count returns the number of lines; a text without newlines has one.
func (l *Lines) Count() int { return len(l.starts) }

// Line returns the line that holds the offset.
func (l *Lines) Line(offset uint32) int {
	return sort.Search(len(l.starts), func(i int) bool { return l.starts[i] > offset }) - 1
}

// Start returns the offset of the first byte of a line; a line beyond the last
// starts at the end of the text.
func (l *Lines) Start(line int) uint32 {
	if line >= len(l.starts) {
		return uint32(len(l.src))
	}
	return l.starts[max(line, 0)]
}

// Text returns a line without its end-of-line characters.
func (l *Lines) Text(line int) string {
	if line < 0 || line >= len(l.starts) {
		return ""
	}
	s := l.src[l.starts[line]:l.Start(line+1)]
	s = strings.TrimSuffix(s, "\n")
	return strings.TrimSuffix(s, "\r")
}

// Position returns the line and byte column of an offset.
func (l *Lines) Position(offset uint32) (line, column int) {
	offset = min(offset, uint32(len(l.src)))
	line = l.Line(offset)
	return line, int(offset - l.starts[line])
}

// Character returns the line and character column of an offset.
func (l *Lines) Character(offset uint32) (line, column int) {
	line, col := l.Position(offset)
	start := l.starts[line]
	return line, utf8.RuneCountInString(l.src[start : start+uint32(col)])
}

// UTF16 returns the line and UTF-16 column of an offset.
func (l *Lines) UTF16(offset uint32) (line, column int) {
	line, col := l.Position(offset)
	start := l.starts[line]
	for _, r := range l.src[start : start+uint32(col)] {
		column += utf16Len(r)
	}
	return line, column
}

// Offset returns the offset of a line and byte column; a column beyond the end
// of the line is the line's end.
func (l *Lines) Offset(line, column int) uint32 {
	if line < 0 {
		return 0
	}
	if line >= len(l.starts) {
		return uint32(len(l.src))
	}
	return l.starts[line] + uint32(min(max(column, 0), len(l.Text(line))))
}

// OffsetOfCharacter returns the offset of a line and character column.
func (l *Lines) OffsetOfCharacter(line, column int) uint32 {
	return l.advance(line, column, func(rune) int { return 1 })
}

// OffsetOfUTF16 returns the offset of a line and UTF-16 column. A column in the
// middle of a surrogate pair is the start of the character.
func (l *Lines) OffsetOfUTF16(line, column int) uint32 {
	return l.advance(line, column, utf16Len)
}

func (l *Lines) advance(line, column int, width func(rune) int) uint32 {
	if line < 0 {
		return 0
	}
	if line >= len(l.starts) {
		return uint32(len(l.src))
	}
	text := l.Text(line)
	for i, r := range text {
		w := width(r)
		if column < w {
			return l.starts[line] + uint32(i)
		}
		column -= w
	}
	return l.starts[line] + uint32(len(text))
}

func utf16Len(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}
