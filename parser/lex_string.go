package parser

import "strings"

// stringPart lexes text of a `"` string up to an interpolation or its end.
func (l *lexer) stringPart(pos, start uint32) uint32 {
	src, n := l.src, uint32(len(l.src))
	forced := l.recovery.end > 0 && l.recovery.start == start
	if forced {
		n = max(l.recovery.end, pos)
	}
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
	if end == n {
		if forced {
			l.modes = l.modes[:len(l.modes)-1]
		}
		return end
	}
	if src[end] == '"' {
		l.emit(TokenStringEnd, end, end+1)
		l.modes = l.modes[:len(l.modes)-1]
		return end + 1
	}
	l.emit(TokenInterpStart, end, end+2)
	l.modes = append(l.modes, mode{modeInterp, end})
	return end + 2
}

// indStringPart lexes text of an indented string up to an interpolation or its end.
func (l *lexer) indStringPart(pos, start uint32) uint32 {
	src, n := l.src, uint32(len(l.src))
	forced := l.recovery.end > 0 && l.recovery.start == start
	if forced {
		n = max(l.recovery.end, pos)
	}
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
		if forced {
			l.modes = l.modes[:len(l.modes)-1]
		}
		return end
	case closed:
		l.emit(TokenIndStringEnd, end, end+2)
		l.modes = l.modes[:len(l.modes)-1]
		return end + 2
	}
	l.emit(TokenInterpStart, end, end+2)
	l.modes = append(l.modes, mode{modeInterp, end})
	return end + 2
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
