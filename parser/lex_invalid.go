package parser

import (
	"fmt"
	"unicode/utf8"
)

// invalid covers characters that begin no token. Neighbouring characters
// beyond ASCII make one token and one error.
func (l *lexer) invalid(pos uint32) uint32 {
	r, size := utf8.DecodeRuneInString(l.src[pos:])
	end := pos + uint32(size)
	if r >= utf8.RuneSelf {
		for int(end) < len(l.src) && l.src[end] >= utf8.RuneSelf {
			_, size := utf8.DecodeRuneInString(l.src[end:])
			end += uint32(size)
		}
	}
	text := l.src[pos:end]
	message := fmt.Sprintf("unexpected character `%s`", text)
	help := ""
	switch r {
	case utf8.RuneError:
		message, help = "invalid UTF-8", "save the file as UTF-8"
	case '“', '”', '„', '«', '»':
		help = "strings are written with straight quotes: `\"`"
	case '‘', '’':
		help = "indented strings are written with two straight quotes: `''`"
	case '\u00A0', '\u2003', '\u2009', '\u200B', '\u202F':
		message, help = fmt.Sprintf("unexpected invisible character U+%04X", r), "replace it by a plain space"
	case '$':
		help = "interpolation is written `${…}`; elsewhere a variable is named without `$`"
	case '%':
		help = "Nix has no remainder operator; use `lib.mod`"
	case '^':
		help = "Nix has no power operator"
	default:
		switch {
		case r > utf8.RuneSelf:
			help = "outside strings and comments only ASCII is allowed"
		case r < ' ' || r == 0x7F:
			message = fmt.Sprintf("unexpected control character U+%04X", r)
		}
	}
	l.errorAt(Span{pos, end}, message, help)
	l.emit(TokenInvalid, pos, end)
	return end
}
