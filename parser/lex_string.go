package parser

import "strings"

// stringPart lexes text of a `"` string up to an interpolation or its end.
func (l *lexer) stringPart(pos, start uint32) uint32 {
	src := l.src
	n, forced := l.stringLimit(pos, start)
	end := pos
scan:
	for end < n {
		switch src[end] {
		case '"':
			break scan
		case '\\':
			end += 2
		case '$':
			switch l.at(end + 1) {
			case '{':
				break scan
			case '"', '\\':
				end++
			default:
				end += 2
			}
		default:
			end++
		}
	}
	end = min(end, n)
	l.stringText(pos, end)
	switch {
	case end == n:
		return l.cutString(end, forced)
	case src[end] == '"':
		return l.closeString(TokenStringEnd, end, end+1)
	}
	return l.openInterp(end)
}

// indStringPart lexes text of an indented string up to an interpolation or its end.
func (l *lexer) indStringPart(pos, start uint32) uint32 {
	src := l.src
	n, forced := l.stringLimit(pos, start)
	end := pos
	closed := false
scan:
	for end < n {
		switch src[end] {
		case '\'':
			if l.at(end+1) != '\'' {
				// A quote takes the next character with it, unless that may
				// begin something.
				if l.at(end+1) == '$' {
					end++
				} else {
					end += 2
				}
				continue
			}
			switch l.at(end + 2) {
			case '$', '\'':
				end += 3
			case '\\':
				end += 4
			default:
				closed = true
				break scan
			}
		case '$':
			switch l.at(end + 1) {
			case '{':
				break scan
			case '\'':
				end++
			default:
				end += 2
			}
		default:
			end++
		}
	}
	end = min(end, n)
	l.stringText(pos, end)
	switch {
	case end == n:
		return l.cutString(end, forced)
	case closed:
		return l.closeString(TokenIndStringEnd, end, end+2)
	}
	return l.openInterp(end)
}

// stringLimit returns where the string that began at start must end: at the end
// of the text, or where recovery takes its closing quotes to be missing, which
// forced tells.
func (l *lexer) stringLimit(pos, start uint32) (limit uint32, forced bool) {
	if l.recovery.end > 0 && l.recovery.start == start {
		return max(l.recovery.end, pos), true
	}
	return uint32(len(l.src)), false
}

// cutString ends a string without its quotes. At the end of the text it stays
// open, which run sees.
func (l *lexer) cutString(end uint32, forced bool) uint32 {
	if forced {
		l.modes = l.modes[:len(l.modes)-1]
	}
	return end
}

// closeString emits the closing quotes.
func (l *lexer) closeString(kind TokenKind, start, end uint32) uint32 {
	l.emit(kind, start, end)
	l.modes = l.modes[:len(l.modes)-1]
	return end
}

// openInterp emits `${`.
func (l *lexer) openInterp(at uint32) uint32 {
	l.emit(TokenInterpStart, at, at+2)
	l.modes = append(l.modes, mode{modeInterp, at})
	return at + 2
}

func (l *lexer) stringText(start, end uint32) {
	if start == end {
		return
	}
	l.emit(TokenStringText, start, end)
	if i := strings.IndexByte(l.src[start:end], 0); i >= 0 {
		at := start + uint32(i)
		l.valueError(Span{at, at + 1}, "null byte in a string", "Nix strings cannot hold it")
	}
}
