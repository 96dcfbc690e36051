package parser

// TokenKind is the lexical class of a token.
type TokenKind uint8

// The token kinds. Literal text inside strings and paths is one token between
// two interpolations; its delimiters are tokens of their own.
const (
	// TokenEOF is the last token of every tree; it is empty.
	TokenEOF TokenKind = iota
	// TokenInvalid is one or more bytes that no token starts with.
	TokenInvalid

	TokenIdent
	TokenInt
	TokenFloat
	TokenURI
	// TokenSearchPath is `<nixpkgs>` with its angle brackets.
	TokenSearchPath

	TokenStringStart    // opening `"`
	TokenStringEnd      // closing `"`
	TokenIndStringStart // opening `''`, with the blank rest of its line
	TokenIndStringEnd   // closing `''`
	TokenStringText     // raw text of either kind of string, escapes included
	TokenPathText       // literal part of a path, relative, absolute or `~/`
	TokenInterpStart    // `${`

	TokenIf
	TokenThen
	TokenElse
	TokenAssert
	TokenWith
	TokenLet
	TokenIn
	TokenRec
	TokenInherit
	TokenOr

	TokenLBrace
	TokenRBrace
	TokenLBracket
	TokenRBracket
	TokenLParen
	TokenRParen
	TokenSemicolon
	TokenColon
	TokenComma
	TokenDot
	TokenEllipsis
	TokenAt
	TokenAssign // `=`

	TokenQuestion
	TokenNot
	TokenEqual
	TokenNotEqual
	TokenLess
	TokenLessEqual
	TokenGreater
	TokenGreaterEqual
	TokenAndAnd
	TokenOrOr
	TokenImplies
	TokenUpdate
	TokenConcat
	TokenPlus
	TokenMinus
	TokenMul
	TokenDiv
	TokenPipeInto // `|>`
	TokenPipeFrom // `<|`

	tokenKinds
)

var tokenNames = [tokenKinds]string{
	TokenEOF: "end of file", TokenInvalid: "invalid character",
	TokenIdent: "identifier", TokenInt: "integer", TokenFloat: "float",
	TokenURI: "URI", TokenSearchPath: "search path",
	TokenStringStart: `"`, TokenStringEnd: `"`, TokenIndStringStart: "''",
	TokenIndStringEnd: "''", TokenStringText: "string text",
	TokenPathText: "path", TokenInterpStart: "${",
	TokenIf: "if", TokenThen: "then", TokenElse: "else", TokenAssert: "assert",
	TokenWith: "with", TokenLet: "let", TokenIn: "in", TokenRec: "rec",
	TokenInherit: "inherit", TokenOr: "or",
	TokenLBrace: "{", TokenRBrace: "}", TokenLBracket: "[", TokenRBracket: "]",
	TokenLParen: "(", TokenRParen: ")", TokenSemicolon: ";", TokenColon: ":",
	TokenComma: ",", TokenDot: ".", TokenEllipsis: "...", TokenAt: "@",
	TokenAssign: "=", TokenQuestion: "?", TokenNot: "!", TokenEqual: "==",
	TokenNotEqual: "!=", TokenLess: "<", TokenLessEqual: "<=",
	TokenGreater: ">", TokenGreaterEqual: ">=", TokenAndAnd: "&&",
	TokenOrOr: "||", TokenImplies: "->", TokenUpdate: "//", TokenConcat: "++",
	TokenPlus: "+", TokenMinus: "-", TokenMul: "*", TokenDiv: "/",
	TokenPipeInto: "|>", TokenPipeFrom: "<|",
}

// String returns the token's spelling where it has only one, else the name of
// its class.
func (k TokenKind) String() string {
	if k < tokenKinds {
		return tokenNames[k]
	}
	return "unknown token"
}

// IsKeyword reports whether the kind is a reserved word. `or` is not among
// them: Nix takes it as an attribute name and as an argument too.
func (k TokenKind) IsKeyword() bool { return k >= TokenIf && k <= TokenInherit }

// Span is a half-open range of byte offsets in the source.
type Span struct {
	Start, End uint32
}

// Len returns the number of bytes in the span.
func (s Span) Len() int { return int(s.End - s.Start) }

// Contains reports whether the offset lies in the span; the end counts as
// inside, as a cursor behind the last character does.
func (s Span) Contains(offset uint32) bool { return s.Start <= offset && offset <= s.End }

// Covers reports whether o lies wholly in s.
func (s Span) Covers(o Span) bool { return s.Start <= o.Start && o.End <= s.End }

// token is the stored form of a token.
type token struct {
	start, end uint32
	kind       TokenKind
}

// Token is one significant token of a tree.
type Token struct {
	tree  *Tree
	index uint32
}

// IsValid reports whether t is a token of a tree; accessors of typed views
// return an invalid token for one that is absent.
func (t Token) IsValid() bool { return t.tree != nil }

// Kind returns the token's class.
func (t Token) Kind() TokenKind { return t.tree.tokens[t.index].kind }

// Span returns the token's place.
func (t Token) Span() Span {
	k := &t.tree.tokens[t.index]
	return Span{k.start, k.end}
}

// Text returns the token's bytes.
func (t Token) Text() string {
	k := &t.tree.tokens[t.index]
	return t.tree.src[k.start:k.end]
}

// Index returns the token's position in the tree's sequence of tokens.
func (t Token) Index() int { return int(t.index) }

// Next returns the following token; the end-of-file token has none.
func (t Token) Next() Token {
	if int(t.index)+1 >= len(t.tree.tokens) {
		return Token{}
	}
	return Token{t.tree, t.index + 1}
}

// Prev returns the preceding token; the first token has none.
func (t Token) Prev() Token {
	if t.index == 0 {
		return Token{}
	}
	return Token{t.tree, t.index - 1}
}
