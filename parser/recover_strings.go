package parser

import "strings"

// maxStringGuesses bounds how many ways to close a string are tried.
const maxStringGuesses = 12

// recovery is an assumption about a closing mark that is missing. The zero
// value assumes nothing.
type recovery struct {
	// The string that starts at start ends at end without its quotes. No
	// string ends at offset 0, so that end tells whether this is set.
	start, end uint32
	// The interpolation that is open at this offset ends there without `}`.
	closeInterp uint32
}

// recoverStrings is called when the text ended inside a string. Somewhere a
// closing quote is missing, and all quotes behind that place have changed
// sides. It looks for the first string that reaches over a line end in a
// suspicious way, ends it there, and lexes again; the first guess after which
// every string is closed wins. If none does, the lexer is left with its first
// result.
func (l *lexer) recoverStrings() {
	var guesses []recovery
	add := func(r recovery) {
		if len(guesses) < maxStringGuesses {
			guesses = append(guesses, r)
		}
	}
	for i, t := range l.tokens {
		switch t.kind {
		case TokenStringStart:
			if i+1 < len(l.tokens) && l.tokens[i+1].kind == TokenStringText {
				text := l.src[l.tokens[i+1].start:l.tokens[i+1].end]
				if nl := strings.IndexByte(text, '\n'); nl >= 0 {
					// `"${foo";`: the quote was meant to close an outer
					// string, whose interpolation is not closed.
					if outer, ok := l.enclosingString(i); ok && !strings.Contains(l.src[outer:t.start], "\n") {
						add(recovery{closeInterp: t.start})
					}
					add(recovery{start: t.start, end: l.lineCodeEnd(l.tokens[i+1].start, uint32(nl))})
				}
			}
		case TokenIndStringStart:
			if end, ok := l.dedent(t); ok {
				add(recovery{start: t.start, end: end})
			}
		}
	}
	first := *l
	for _, g := range guesses {
		again := lexer{src: l.src, conflicts: l.conflicts, recovery: g}
		if again.run() {
			*l = again
			return
		}
	}
	*l = first
}

// enclosingString returns the start of the string whose interpolation was
// opened last before token i and is still open there.
func (l *lexer) enclosingString(i int) (uint32, bool) {
	depth := 0
	for i--; i >= 0; i-- {
		switch l.tokens[i].kind {
		case TokenRBrace, TokenStringEnd, TokenIndStringEnd:
			depth++
		case TokenLBrace:
			depth--
		case TokenInterpStart:
			depth--
		case TokenStringStart:
			if depth < 0 {
				return l.tokens[i].start, true
			}
			depth--
		case TokenIndStringStart:
			if depth < 0 {
				return 0, false
			}
			depth--
		}
	}
	return 0, false
}

// lineCodeEnd returns where a string that lacks its closing quote probably
// ends: at the end of its first line, but before the punctuation that closes a
// binding or a list there.
func (l *lexer) lineCodeEnd(start, length uint32) uint32 {
	line := l.src[start : start+length]
	trimmed := strings.TrimRight(line, " \t\r;,)]}")
	return start + uint32(len(trimmed))
}

// dedent returns the end of the last line before the first line inside an
// indented string that is indented no more than the line the string starts on
// and so was meant to be code.
func (l *lexer) dedent(open token) (uint32, bool) {
	lineStart := strings.LastIndexByte(l.src[:open.start], '\n') + 1
	indent := indentation(l.src[lineStart:])
	at := strings.IndexByte(l.src[open.start:], '\n')
	if at < 0 {
		return 0, false
	}
	for pos := int(open.start) + at + 1; pos < len(l.src); {
		end := len(l.src)
		if i := strings.IndexByte(l.src[pos:], '\n'); i >= 0 {
			end = pos + i
		}
		line := l.src[pos:end]
		if strings.TrimSpace(line) != "" && indentation(line) <= indent {
			// A closing quote where it belongs: this string is fine.
			if strings.HasPrefix(strings.TrimLeft(line, " \t"), "''") {
				return 0, false
			}
			return uint32(pos - 1), true
		}
		pos = end + 1
	}
	return 0, false
}

func indentation(line string) int {
	n := 0
	for n < len(line) && (line[n] == ' ' || line[n] == '\t') {
		n++
	}
	return n
}
