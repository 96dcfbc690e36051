package parser

import (
	"fmt"
	"sync"
)

const (
	// maxDepth bounds recursion while parsing and maxHeight the height of every
	// tree, so that neither the parser nor a walk over a tree can exhaust the
	// stack. A level of recursion adds at most four levels of nodes; chains of
	// operators, which are built without recursion, use the rest.
	maxDepth  = 5_000
	maxHeight = 4 * maxDepth
	// maxSize is the size in bytes from which on a file is refused: offsets
	// and indices are 32 bits wide.
	maxSize = 1 << 30
	// maxPooledTokens is the size from which on the memory of a parse is not
	// kept for the next one.
	maxPooledTokens = 1 << 20
)

// Parse parses a Nix file. It always returns a tree; what is wrong with the
// text is in its Errors.
func Parse(src string) *Tree {
	if len(src) > maxSize {
		t := Parse("")
		t.errors = []Error{{Message: fmt.Sprintf("file of %d bytes is too large", len(src)),
			Help: fmt.Sprintf("files of more than %d bytes are not read", maxSize)}}
		return t
	}
	s := scratchPool.Get().(*scratch)
	t := s.parse(src)
	if cap(s.tokens) <= maxPooledTokens {
		scratchPool.Put(s)
	}
	return t
}

// parse parses one file.
func (s *scratch) parse(src string) *Tree {
	l := lexer{src: src, tokens: s.tokens[:0], modes: s.modes[:0], conflicts: findConflicts(src)}
	if !l.run() {
		l.recoverStrings()
	}
	s.tokens, s.modes = l.tokens, l.modes

	p := &s.parser
	p.reset(src, l.tokens, l.errors)
	p.file()
	if c, ok := p.unclosed(); ok {
		p.reset(src, l.tokens, l.errors)
		p.assumed = c
		p.file()
	}
	t := &Tree{
		src:       src,
		tokens:    append(make([]token, 0, len(l.tokens)), l.tokens...),
		nodes:     append(make([]node, 0, len(p.nodes)), p.nodes...),
		children:  append(make([]NodeID, 0, len(p.children)), p.children...),
		conflicts: l.conflicts, kinds: p.kinds, recs: p.recs,
	}
	if len(p.errors) > 0 {
		t.errors = append(t.errors, p.errors...)
	}
	s.checker.check(t, p.scopes, p.names)
	sortErrors(t.errors)
	p.src, p.tokens, p.errors = "", nil, nil
	return t
}

// scratch is the memory that parsing one file after another reuses.
type scratch struct {
	tokens  []token
	modes   []mode
	parser  parser
	checker checker
}

var scratchPool = sync.Pool{New: func() any { return new(scratch) }}

// parser builds the tree over the tokens. Every parsing method consumes tokens
// and pushes exactly one node, the one it is named for.
type parser struct {
	src    string
	tokens []token
	pos    int // index of the current token
	end    int // index behind the last token consumed

	nodes    []node
	children []NodeID
	stack    []built  // nodes without a parent yet
	scopes   []NodeID // sets, lets and patterns, for the checks of names
	names    int      // nodes that may be names in them
	kinds    uint64   // of nodes, a bit for each
	recs     bool     // some set says `rec` or `let`

	errors    []Error
	lastError int // token at which the last error was noticed
	quiet     int // > 0 while errors are not reported
	depth     int

	// How many of each are open around the current token: they tell whether
	// a closer or keyword belongs to something further out.
	braces, brackets, parens, interps int
	lets, ifs                         int
	// comparing is set where `a = b` on one line is more likely a comparison
	// than a binding whose predecessor lacks its semicolon.
	comparing bool

	unclosedAt int // token of the innermost opener not closed at the end of the file
	assumed    assumedCloser
}

// built is a finished node that waits for its parent.
type built struct {
	id     NodeID
	height uint32
}

// assumedCloser is the place where a missing closer is taken to be: before the
// token at, for the opener open. The zero value means none.
type assumedCloser struct{ open, at int }

func (p *parser) reset(src string, tokens []token, lexical []Error) {
	*p = parser{
		src: src, tokens: tokens,
		nodes: p.nodes[:0], children: p.children[:0], stack: p.stack[:0], scopes: p.scopes[:0],
		errors: append(p.errors[:0:0], lexical...), lastError: -1, unclosedAt: -1,
	}
	p.skipInvalid()
	p.end = 0
}

func (p *parser) kind() TokenKind { return p.tokens[p.pos].kind }

// peek returns the kind of the n-th token behind the current one.
func (p *parser) peek(n int) TokenKind {
	if p.pos+n >= len(p.tokens) {
		return TokenEOF
	}
	return p.tokens[p.pos+n].kind
}

// bump consumes the current token, unless the file is at its end.
func (p *parser) bump() {
	if p.tokens[p.pos].kind == TokenEOF {
		return
	}
	p.pos++
	p.end = p.pos
	if p.tokens[p.pos].kind == TokenInvalid {
		p.skipInvalid()
	}
}

// skipInvalid passes over tokens that the lexer has reported already.
func (p *parser) skipInvalid() {
	for p.tokens[p.pos].kind == TokenInvalid {
		p.pos++
		p.lastError = p.pos
	}
}

func (p *parser) accept(k TokenKind) bool {
	if p.kind() != k {
		return false
	}
	p.bump()
	return true
}

// finish makes a node of everything pushed since mark, with the tokens from
// start to the last one consumed.
func (p *parser) finish(kind Kind, start, mark int) { p.finishWith(kind, 0, start, mark) }

func (p *parser) finishWith(kind Kind, aux TokenKind, start, mark int) {
	id := NodeID(len(p.nodes))
	kids := p.stack[mark:]
	first := uint32(len(p.children))
	height := uint32(0)
	for _, k := range kids {
		height = max(height, k.height)
		p.children = append(p.children, k.id)
		p.nodes[k.id].parent = id
	}
	height++
	if height > maxHeight {
		p.errorSpan(p.spanOf(start, p.end), "expression is nested too deeply",
			fmt.Sprintf("more than %d levels are not supported", maxHeight))
		kind, height = KindError, 1
		p.discard(kids[0].id)
		kids, first, id = kids[:0], uint32(len(p.children)), NodeID(len(p.nodes))
	}
	end := uint32(max(p.end, start))
	if len(kids) > 0 {
		end = max(end, p.nodes[kids[len(kids)-1].id].tokEnd)
	}
	p.kinds |= 1 << kind
	p.nodes = append(p.nodes, node{
		kind: kind, aux: aux,
		tokStart: uint32(start), tokEnd: end,
		childStart: first, childEnd: uint32(len(p.children)),
		parent: noNode,
	})
	if mark < len(p.stack) {
		p.stack[mark] = built{id, height}
		p.stack = p.stack[:mark+1]
	} else {
		p.stack = append(p.stack, built{id, height})
	}
	switch kind {
	case KindAttrSet, KindLet, KindPattern:
		p.scopes = append(p.scopes, id)
	case KindString, KindInterp:
		p.names++
	}
}

// discard forgets the node and all that were made since its first descendant.
func (p *parser) discard(id NodeID) {
	for p.nodes[id].childStart < p.nodes[id].childEnd {
		id = p.children[p.nodes[id].childStart]
	}
	p.children = p.children[:p.nodes[id].childStart]
	p.nodes = p.nodes[:id]
	for len(p.scopes) > 0 && p.scopes[len(p.scopes)-1] >= id {
		p.scopes = p.scopes[:len(p.scopes)-1]
	}
}

// leaf makes a node of the current token.
func (p *parser) leaf(kind Kind) {
	if kind == KindName {
		p.names++
	}
	start := p.pos
	p.bump()
	id := NodeID(len(p.nodes))
	p.kinds |= 1 << kind
	p.nodes = append(p.nodes, node{
		kind: kind, tokStart: uint32(start), tokEnd: uint32(start + 1),
		childStart: uint32(len(p.children)), childEnd: uint32(len(p.children)),
		parent: noNode,
	})
	p.stack = append(p.stack, built{id, 1})
}

// missing pushes a KindMissing node without tokens. It stands before the
// current token, behind invalid ones that were passed over.
func (p *parser) missing() {
	id := NodeID(len(p.nodes))
	p.kinds |= 1 << KindMissing
	p.nodes = append(p.nodes, node{
		kind: KindMissing, tokStart: uint32(p.pos), tokEnd: uint32(p.pos),
		childStart: uint32(len(p.children)), childEnd: uint32(len(p.children)),
		parent: noNode,
	})
	p.stack = append(p.stack, built{id, 1})
}

// enter counts a level of nesting. If there are too many it pushes an error
// node for the whole bracketed group or rest at hand and returns false.
func (p *parser) enter() bool {
	p.depth++
	if p.depth <= maxDepth {
		return true
	}
	p.errorHere("expression is nested too deeply", fmt.Sprintf("more than %d levels are not supported", maxDepth))
	start, mark := p.pos, len(p.stack)
	p.skipGroup()
	p.finish(KindError, start, mark)
	return false
}

func (p *parser) leave() { p.depth-- }

// skipGroup consumes one token or, at an opening bracket, everything up to its
// partner.
func (p *parser) skipGroup() {
	depth := 0
	for p.kind() != TokenEOF {
		switch p.kind() {
		case TokenLBrace, TokenLBracket, TokenLParen, TokenInterpStart, TokenStringStart, TokenIndStringStart:
			depth++
		case TokenRBrace, TokenRBracket, TokenRParen, TokenStringEnd, TokenIndStringEnd:
			if depth == 0 {
				return
			}
			depth--
		}
		p.bump()
		if depth == 0 {
			return
		}
	}
}

// --- errors ---

// spanOf returns the place of the tokens from start up to, not including, end.
func (p *parser) spanOf(start, end int) Span {
	if end <= start {
		return Span{p.tokens[start].start, p.tokens[start].start}
	}
	return Span{p.tokens[start].start, p.tokens[end-1].end}
}

// here returns the place of the current token.
func (p *parser) here() Span { return Span{p.tokens[p.pos].start, p.tokens[p.pos].end} }

// after returns the empty place behind the last token consumed.
func (p *parser) after() Span {
	if p.end == 0 {
		return Span{}
	}
	at := p.tokens[p.end-1].end
	return Span{at, at}
}

// report adds an error unless one has been noticed at the same token already:
// what follows from a mistake is not another mistake.
func (p *parser) report(e Error) {
	if p.quiet > 0 || p.lastError == p.pos {
		p.lastError = p.pos
		return
	}
	p.lastError = p.pos
	p.errors = append(p.errors, e)
}

func (p *parser) errorHere(message, help string) { p.errorSpan(p.here(), message, help) }

func (p *parser) errorSpan(s Span, message, help string) {
	p.report(Error{Span: s, Message: message, Help: help})
}

// insertError reports that text is missing behind the last token consumed.
func (p *parser) insertError(message, text string) {
	s := p.after()
	p.report(Error{Span: s, Message: message, Fix: &Fix{"insert `" + text + "`", s, text}})
}

// describe names the current token for a message.
func (p *parser) describe() string { return p.describeToken(p.pos) }

func (p *parser) describeToken(i int) string {
	t := p.tokens[i]
	switch t.kind {
	case TokenEOF:
		return "end of file"
	case TokenStringText:
		return "string text"
	case TokenStringStart, TokenIndStringStart:
		return "string"
	case TokenIdent, TokenInt, TokenFloat, TokenURI, TokenSearchPath, TokenPathText:
		text := p.src[t.start:t.end]
		if len(text) > 40 {
			text = text[:37] + "…"
		}
		what := map[TokenKind]string{TokenIdent: "name", TokenInt: "number", TokenFloat: "number",
			TokenURI: "URI", TokenSearchPath: "search path", TokenPathText: "path"}[t.kind]
		return what + " `" + text + "`"
	}
	return "`" + p.src[t.start:t.end] + "`"
}

// lineBefore reports whether token i is the first on its line.
func (p *parser) lineBefore(i int) bool {
	if i == 0 {
		return true
	}
	for _, c := range []byte(p.src[p.tokens[i-1].end:p.tokens[i].start]) {
		if c == '\n' {
			return true
		}
	}
	return false
}

// bindingAt reports whether the tokens from i on read `attrpath =`, so that a
// new binding begins there and nothing else can.
func (p *parser) bindingAt(i int) bool {
	for {
		switch p.tokens[i].kind {
		case TokenIdent, TokenOr:
			i++
		case TokenStringStart:
			i++
			if p.tokens[i].kind == TokenStringText {
				i++
			}
			if p.tokens[i].kind != TokenStringEnd {
				return false
			}
			i++
		default:
			return false
		}
		switch p.tokens[i].kind {
		case TokenAssign:
			return true
		case TokenDot:
			i++
		default:
			return false
		}
	}
}

// stopsArguments reports whether the current token, though it could be an
// argument, more likely begins the next binding because the semicolon before
// it is missing.
func (p *parser) stopsArguments() bool {
	// Most names are followed by neither, which one comparison tells.
	switch p.tokens[p.pos+1].kind {
	case TokenAssign, TokenDot, TokenStringText, TokenStringEnd:
	default:
		return false
	}
	if !p.bindingAt(p.pos) {
		return false
	}
	return p.braces+p.lets > 0 && !p.comparing || p.lineBefore(p.pos)
}

// --- file ---

func (p *parser) file() {
	p.expr()
	if p.kind() != TokenEOF {
		p.leftovers()
	}
	p.end = len(p.tokens)
	p.finish(KindFile, 0, 0)
}

// leftovers covers what follows the file's expression with an error node,
// keeping what can be understood in it.
func (p *parser) leftovers() {
	last := p.end - 1
	switch k := p.kind(); {
	case last >= 0 && p.tokens[last].kind == TokenRBrace &&
		(p.bindingAt(p.pos) || k == TokenInherit || k == TokenSemicolon && p.pos+1 < len(p.tokens) && p.bindingAt(p.pos+1)):
		p.report(Error{
			Span: p.spanOf(last, last+1), Message: "unexpected `}`",
			Help:    "it closes the set that the whole file is, but more bindings follow",
			Related: &Related{p.here(), "what follows is outside of the set"},
		})
	case k == TokenRBrace || k == TokenRBracket || k == TokenRParen:
		p.errorHere(fmt.Sprintf("unexpected %s", p.describe()), "nothing is open here that it could close")
	case k == TokenSemicolon:
		p.errorHere("unexpected `;`", "the file's expression ends here; only bindings end with `;`")
	case k == TokenColon:
		p.errorHere("unexpected `:`", "a function's parameter is a name or a set pattern")
	default:
		p.errorHere(fmt.Sprintf("unexpected %s, expected end of file", p.describe()), "")
	}
	start, mark := p.pos, len(p.stack)
	p.quiet++
	for p.kind() != TokenEOF {
		before := p.pos
		switch {
		case p.kind() == TokenInherit:
			p.inherit()
		case p.bindingAt(p.pos):
			p.binding(TokenRBrace)
		case startsExpr(p.kind()):
			p.expr()
		default:
			p.bump()
		}
		if p.pos == before {
			p.bump()
		}
	}
	p.quiet--
	p.finish(KindError, start, mark)
}
