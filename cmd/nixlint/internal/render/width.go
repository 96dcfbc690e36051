package render

import (
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"
)

const tabWidth = 4

// Visible returns a text as it can be shown: tabs as blanks, and characters
// that would command a terminal, or hide or reorder others, as signs.
func Visible(s string) string {
	if !strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c >= 0x7F }) {
		return s
	}
	var b strings.Builder
	for _, c := range s {
		switch {
		case c == '\t':
			b.WriteString(strings.Repeat(" ", tabWidth))
		case c < ' ':
			b.WriteRune('␀' + c)
		case c == 0x7F:
			b.WriteRune('␡')
		case unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c):
			b.WriteRune(unicode.ReplacementChar)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// width is how many columns of a terminal a visible text has.
func width(s string) int {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7F {
			return runewidth.StringWidth(s)
		}
	}
	return len(s)
}

// cut makes a text that is wider than the room fit in it, so that the columns
// between from and to are seen, or as many of them as fit. Columns of the text
// are those of what is returned and shift more.
func cut(s string, from, to, room int) (out string, shift int) {
	total := width(s)
	if total <= room {
		return s, 0
	}
	to = min(to, from+room*2/3)
	left := max(0, min(from-(room-(to-from))/2, total-room))
	if left > 0 {
		out := runewidth.TruncateLeft(s, left+1, "…")
		shift = total - width(out)
		s = out
	}
	return runewidth.Truncate(s, room, "…"), shift
}
