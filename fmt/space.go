package nixfmt

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// countBlanks returns the number of blanks at the start of a text.
func countBlanks(s string) int {
	n := 0
	for n < len(s) && s[n] == ' ' {
		n++
	}
	return n
}

// isSpace reports whether nixfmt takes a character for white space.
func isSpace(r rune) bool {
	return r >= '\t' && r <= '\r' || r == ' ' || r > 0x7F && unicode.Is(unicode.Zs, r)
}

func trimRightSpace(s string) string { return strings.TrimRightFunc(s, isSpace) }

// leadingBlanks returns the number of bytes of white space at the start of a text.
func leadingBlanks(s string) int { return len(s) - len(strings.TrimLeftFunc(s, isSpace)) }

// onlyBlanks reports whether a text is blanks only.
func onlyBlanks(s string) bool { return countBlanks(s) == len(s) }

// isBlank reports whether a line is white space only.
func isBlank(line string) bool { return leadingBlanks(line) == len(line) }

// isASCII reports whether a text has no characters beyond ASCII.
func isASCII(s string) bool {
	for len(s) >= 8 {
		// The compiler makes one load of this.
		word := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		if word&0x8080808080808080 != 0 {
			return false
		}
		s = s[8:]
	}
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
