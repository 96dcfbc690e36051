package parser

import (
	"strings"
)

// lexer cuts source text into significant tokens. It follows the longest-match
// rules of Nix's lexer.l, including their surprises: `a/b` is a path, `x:y` a
// URI, `a-b` a name.
type lexer struct {
	src    string
	tokens []token
	modes  []mode
	errors []Error

	conflicts []Span
	recovery  recovery

	// The run of path characters last looked at: every position in it shares
	// its end, so a chain of a thousand dotted names is scanned once.
	runEnd        uint32
	runPath       bool   // the run is followed by a slash that makes it a path
	runColon      bool   // the run is followed by a colon that may make it a URI
	runUnderscore uint32 // offset behind the last `_` of the run
}

// mode is what the lexer is inside of.
type mode struct {
	kind  modeKind
	start uint32 // offset of the token that opened it
}

type modeKind uint8

const (
	modeBrace     modeKind = iota // `{ … }`
	modeInterp                    // `${ … }`; what it interrupts is below it
	modeString                    // `" … "`
	modeIndString                 // `'' … ''`
	modePath                      // path with interpolations
)

// Character classes, for table look-ups on the hot path.
const (
	classIdentStart = 1 << iota
	classIdent
	classPath
	classURI
	classSpace
	classDigit
)

var classes = func() (t [256]uint8) {
	for c := range 256 {
		ch := byte(c)
		letter := 'a' <= ch && ch <= 'z' || 'A' <= ch && ch <= 'Z'
		digit := '0' <= ch && ch <= '9'
		if letter || ch == '_' {
			t[c] |= classIdentStart
		}
		if letter || digit || ch == '_' || ch == '\'' || ch == '-' {
			t[c] |= classIdent
		}
		if letter || digit || strings.IndexByte("._-+", ch) >= 0 {
			t[c] |= classPath
		}
		if letter || digit || strings.IndexByte("%/?:@&=+$,-_.!~*'", ch) >= 0 {
			t[c] |= classURI
		}
		if ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n' {
			t[c] |= classSpace
		}
		if digit {
			t[c] |= classDigit
		}
	}
	return t
}()

// single holds the kind of each character that is a token by itself and begins
// no other.
var single = [256]TokenKind{
	'[': TokenLBracket, ']': TokenRBracket, '(': TokenLParen, ')': TokenRParen,
	';': TokenSemicolon, ':': TokenColon, ',': TokenComma, '@': TokenAt,
	'?': TokenQuestion, '*': TokenMul,
}

// at returns the byte at offset i, or 0 at the end of the text.
func (l *lexer) at(i uint32) byte {
	if int(i) < len(l.src) {
		return l.src[i]
	}
	return 0
}

func (l *lexer) emit(kind TokenKind, start, end uint32) {
	l.tokens = append(l.tokens, token{start, end, kind})
}

func (l *lexer) errorAt(s Span, message, help string) {
	l.errors = append(l.errors, Error{Span: s, Message: message, Help: help})
}

// valueError reports a literal whose form is right and whose value is not.
func (l *lexer) valueError(s Span, message, help string) {
	l.errors = append(l.errors, Error{Kind: ErrorSemantic, Span: s, Message: message, Help: help})
}

// run lexes the whole text. It reports whether all strings were closed.
func (l *lexer) run() bool {
	pos, n := uint32(0), uint32(len(l.src))
	if strings.HasPrefix(l.src, "\uFEFF") {
		l.errors = append(l.errors, Error{
			Span:    Span{0, 3},
			Message: "byte order mark at the start of the file",
			Help:    "Nix does not accept it; save the file as UTF-8 without a byte order mark",
			Fix:     &Fix{"remove the byte order mark", Span{0, 3}, ""},
		})
		l.emit(TokenInvalid, 0, 3)
		pos = 3
	}
	for {
		if len(l.modes) > 0 {
			switch m := l.modes[len(l.modes)-1]; m.kind {
			case modeString:
				if pos >= n {
					l.emit(TokenEOF, n, n)
					return false
				}
				pos = l.stringPart(pos, m.start)
				continue
			case modeIndString:
				if pos >= n {
					l.emit(TokenEOF, n, n)
					return false
				}
				pos = l.indStringPart(pos, m.start)
				continue
			case modePath:
				pos = l.pathPart(pos, m.start)
				continue
			}
		}
		if pos = l.code(pos); pos >= n && (len(l.modes) == 0 || l.modes[len(l.modes)-1].kind <= modeInterp) {
			l.emit(TokenEOF, n, n)
			for _, m := range l.modes {
				if m.kind >= modeString {
					return false
				}
			}
			return true
		}
	}
}

// code lexes ordinary tokens from pos on. It returns at the end of the text
// and wherever a string or path begins or goes on.
func (l *lexer) code(pos uint32) uint32 {
	src := l.src
	n := uint32(len(src))
	for pos < n {
		c := src[pos]
		class := classes[c]
		if class&classSpace != 0 {
			pos++
			for pos < n && classes[src[pos]]&classSpace != 0 {
				pos++
			}
			continue
		}
		if class&classIdentStart != 0 {
			end := pos + 1
			for end < n && classes[src[end]]&classIdent != 0 {
				end++
			}
			if end < n {
				switch src[end] {
				case '/', '.', '+', ':':
					if l.isPath(pos) {
						return l.startPath(pos)
					}
					if c != '_' && l.isURI(pos) {
						pos = l.uri(pos)
						continue
					}
				}
			}
			l.tokens = append(l.tokens, token{pos, end, keyword(src[pos:end])})
			pos = end
			continue
		}
		if k := single[c]; k != 0 {
			l.tokens = append(l.tokens, token{pos, pos + 1, k})
			pos++
			continue
		}
		start := pos
		switch c {
		case '{':
			l.modes = append(l.modes, mode{modeBrace, pos})
			l.emit(TokenLBrace, pos, pos+1)
			pos++
		case '}':
			l.emit(TokenRBrace, pos, pos+1)
			pos++
			if len(l.modes) > 0 {
				l.modes = l.modes[:len(l.modes)-1]
				if len(l.modes) > 0 && l.modes[len(l.modes)-1].kind >= modeString {
					return pos
				}
			}
		case '=':
			if l.at(pos+1) != '=' {
				l.emit(TokenAssign, pos, pos+1)
				pos++
				break
			}
			if pos = l.conflictAt(pos); pos == start {
				l.emit(TokenEqual, pos, pos+2)
				pos += 2
			}
		case '"':
			if m := len(l.modes) - 1; l.recovery.closeInterp == pos && pos > 0 && m > 0 && l.modes[m].kind == modeInterp {
				l.modes = l.modes[:m]
				return pos
			}
			l.emit(TokenStringStart, pos, pos+1)
			l.modes = append(l.modes, mode{modeString, pos})
			return pos + 1
		case '\'':
			if l.at(pos+1) != '\'' {
				l.errorAt(Span{pos, pos + 1}, "unexpected `'`", "strings are written with `\"` or with `''`")
				l.emit(TokenInvalid, pos, pos+1)
				pos++
				break
			}
			end := pos + 2
			for l.at(end) == ' ' {
				end++
			}
			if l.at(end) == '\n' {
				end++
			} else {
				end = pos + 2
			}
			l.emit(TokenIndStringStart, pos, end)
			l.modes = append(l.modes, mode{modeIndString, pos})
			return end
		case '#':
			pos = lineCommentEnd(src, pos)
		case '/':
			switch {
			case l.at(pos+1) == '*':
				end := blockCommentEnd(src, pos)
				if end == 0 {
					l.errorAt(Span{pos, pos + 2}, "unterminated comment", "close it with `*/`")
					l.emit(TokenInvalid, pos, n)
					return n
				}
				pos = end
			case l.slashMakesPath(pos):
				return l.startPath(pos)
			default:
				pos = l.oneOrTwo(pos, TokenDiv, '/', TokenUpdate)
			}
		case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			if l.isPath(pos) {
				return l.startPath(pos)
			}
			pos = l.number(pos)
		case '.':
			switch {
			case l.isPath(pos):
				return l.startPath(pos)
			case l.at(pos+1) == '.' && l.at(pos+2) == '.':
				l.emit(TokenEllipsis, pos, pos+3)
				pos += 3
			case classes[l.at(pos+1)]&classDigit != 0:
				pos = l.number(pos)
			case l.isBareFolder(pos):
				return l.startPath(pos)
			default:
				l.emit(TokenDot, pos, pos+1)
				pos++
			}
		case '+', '-':
			switch {
			case l.isPath(pos):
				return l.startPath(pos)
			case c == '+':
				pos = l.oneOrTwo(pos, TokenPlus, '+', TokenConcat)
			default:
				pos = l.oneOrTwo(pos, TokenMinus, '>', TokenImplies)
			}
		case '~':
			if l.at(pos+1) == '/' {
				return l.startPath(pos)
			}
			pos = l.invalid(pos)
		case '<':
			if pos = l.conflictAt(pos); pos != start {
				break
			}
			if end := l.searchPathEnd(pos); end != 0 {
				l.emit(TokenSearchPath, pos, end)
				pos = end
				break
			}
			if l.at(pos+1) == '|' {
				l.emit(TokenPipeFrom, pos, pos+2)
				pos += 2
				break
			}
			pos = l.oneOrTwo(pos, TokenLess, '=', TokenLessEqual)
		case '>':
			pos = l.oneOrTwo(pos, TokenGreater, '=', TokenGreaterEqual)
		case '!':
			pos = l.oneOrTwo(pos, TokenNot, '=', TokenNotEqual)
		case '&':
			end := pos + 2
			if l.at(pos+1) != '&' {
				end = pos + 1
				l.errorAt(Span{pos, end}, "unexpected `&`", "the logical operator is `&&`")
			}
			l.emit(TokenAndAnd, pos, end)
			pos = end
		case '|':
			switch {
			case l.at(pos+1) == '|':
				if pos = l.conflictAt(pos); pos == start {
					l.emit(TokenOrOr, pos, pos+2)
					pos += 2
				}
			case l.at(pos+1) == '>':
				l.emit(TokenPipeInto, pos, pos+2)
				pos += 2
			default:
				l.errorAt(Span{pos, pos + 1}, "unexpected `|`", "the logical operator is `||`")
				l.emit(TokenOrOr, pos, pos+1)
				pos++
			}
		case '$':
			if l.at(pos+1) == '{' {
				pos = l.openInterp(pos)
				break
			}
			pos = l.invalid(pos)
		default:
			pos = l.invalid(pos)
		}
	}
	return pos
}

// oneOrTwo lexes an operator of one character, or of two if a certain one
// follows.
func (l *lexer) oneOrTwo(pos uint32, one TokenKind, second byte, two TokenKind) uint32 {
	if l.at(pos+1) == second {
		l.emit(two, pos, pos+2)
		return pos + 2
	}
	l.emit(one, pos, pos+1)
	return pos + 1
}

// keyword returns the kind of a word: a keyword's, or TokenIdent.
func keyword(s string) TokenKind {
	switch s {
	case "if":
		return TokenIf
	case "in":
		return TokenIn
	case "or":
		return TokenOr
	case "let":
		return TokenLet
	case "rec":
		return TokenRec
	case "then":
		return TokenThen
	case "else":
		return TokenElse
	case "with":
		return TokenWith
	case "assert":
		return TokenAssert
	case "inherit":
		return TokenInherit
	}
	return TokenIdent
}
