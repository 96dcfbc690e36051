package parser

import "fmt"

// maxPatternLookahead bounds the search for the end of what may be a pattern
// with a missing comma.
const maxPatternLookahead = 200

// atPattern reports whether the brace at hand opens the pattern of a function
// and not a set.
func (p *parser) atPattern() bool {
	switch p.peek(1) {
	case TokenEllipsis, TokenComma:
		return true
	case TokenRBrace:
		k := p.peek(2)
		return k == TokenColon || k == TokenAt
	case TokenIdent:
		switch p.peek(2) {
		case TokenComma, TokenQuestion:
			return true
		case TokenRBrace:
			k := p.peek(3)
			return k == TokenColon || k == TokenAt
		case TokenIdent, TokenEllipsis:
			return p.colonBehindBrace()
		}
	}
	return false
}

// colonBehindBrace reports whether the brace at hand is closed and followed by
// what follows a pattern.
func (p *parser) colonBehindBrace() bool {
	depth := 0
	for i := p.pos; i < len(p.tokens) && i < p.pos+maxPatternLookahead; i++ {
		switch p.tokens[i].kind {
		case TokenLBrace, TokenInterpStart:
			depth++
		case TokenRBrace:
			if depth--; depth == 0 {
				k := p.tokens[i+1].kind
				return k == TokenColon || k == TokenAt
			}
		case TokenSemicolon, TokenEOF:
			return false
		}
	}
	return false
}

// lambda parses a function from its parameter on.
func (p *parser) lambda() {
	start, mark := p.pos, len(p.stack)
	named := p.kind() == TokenIdent
	if named && p.peek(1) != TokenAt {
		p.leaf(KindName)
	} else {
		p.pattern()
	}
	if !p.accept(TokenColon) {
		if named {
			p.errorSpan(p.after(), "missing `:` behind the function's parameter", "a function reads `parameter: body`")
		} else {
			p.report(Error{Span: p.after(), Message: "missing `:` behind the function's parameters",
				Help: "a function reads `{ a, b }: body`; a set reads `{ a = 1; b = 2; }`",
				Fix:  &Fix{"insert `:`", p.after(), ":"}})
		}
	}
	p.expr()
	p.finish(KindLambda, start, mark)
}

// pattern parses `{ … }`, `name@{ … }` or `{ … }@name`.
func (p *parser) pattern() {
	start, mark := p.pos, len(p.stack)
	named := false
	if p.kind() == TokenIdent {
		p.leaf(KindName)
		p.bump() // @
		named = true
		if p.kind() != TokenLBrace {
			p.errorHere(fmt.Sprintf("unexpected %s, expected `{` behind `@`", p.describe()), "")
			p.finish(KindPattern, start, mark)
			return
		}
	}
	open := p.pos
	p.bump()
	p.braces++
	comparing := p.comparing
	p.comparing = false
	p.formals()
	p.comparing = comparing
	p.braces--
	if k := p.kind(); k == TokenColon || k == TokenLBrace || k == TokenLet || k == TokenWith {
		p.insertError("missing `}` behind the function's parameters", " }")
	} else {
		p.closing(TokenRBrace, open)
	}
	if p.kind() == TokenAt {
		if named {
			p.errorHere("second name for one pattern", "a pattern has at most one `@`")
		}
		p.bump()
		if p.kind() == TokenIdent {
			p.leaf(KindName)
		} else {
			p.errorHere(fmt.Sprintf("unexpected %s, expected a name behind `@`", p.describe()), "")
		}
	}
	p.finish(KindPattern, start, mark)
}

// formals parses the names between the braces of a pattern.
func (p *parser) formals() {
	ellipsis := -1
	for {
		k := p.kind()
		switch k {
		case TokenRBrace, TokenEOF:
			return
		case TokenEllipsis:
			if ellipsis >= 0 {
				p.errorHere("second `...` in one pattern", "one is enough")
			}
			ellipsis = p.pos
			p.bump()
		case TokenIdent:
			if ellipsis >= 0 {
				p.errorSpan(p.spanOf(ellipsis, ellipsis+1), "`...` must come last", "move it behind the last name")
			}
			p.formal()
		case TokenComma:
			p.errorHere("unexpected `,`", "a name is missing before it")
			p.bump()
			continue
		default:
			if p.belongsOutside(k) || k == TokenColon || k == TokenLBrace {
				return
			}
			if k.IsKeyword() || k == TokenOr {
				p.errorHere(fmt.Sprintf("keyword `%s` as a parameter", k), "choose another name")
			} else {
				p.errorHere(fmt.Sprintf("unexpected %s, expected a name", p.describe()), "")
			}
			p.skipFormal()
		}
		switch k := p.kind(); k {
		case TokenComma:
			if ellipsis >= 0 && p.peek(1) == TokenRBrace {
				p.report(Error{Span: p.here(), Message: "unexpected `,` behind `...`",
					Help: "nothing may follow `...`", Fix: &Fix{"remove the comma", p.here(), ""}})
			}
			p.bump()
		case TokenRBrace, TokenEOF:
		case TokenIdent, TokenEllipsis:
			p.insertError("missing `,` between parameters", ",")
		default:
			if p.belongsOutside(k) {
				return
			}
			if ellipsis >= 0 && (k == TokenColon || p.lineBefore(p.pos)) ||
				k == TokenColon && (p.peek(1) == TokenLBrace || p.peek(1) == TokenLet || p.lineBefore(p.pos)) {
				return // the brace is not closed
			}
			p.errorHere(fmt.Sprintf("unexpected %s, expected `,` or `}`", p.describe()), "")
			p.skipFormal()
			p.accept(TokenComma)
		}
	}
}

// formal parses a name with its default.
func (p *parser) formal() {
	start, mark := p.pos, len(p.stack)
	p.leaf(KindName)
	switch p.kind() {
	case TokenQuestion:
		p.bump()
		p.expr()
	case TokenAssign:
		p.report(Error{Span: p.here(), Message: "unexpected `=` behind a parameter", Help: "a default is written `name ? value`",
			Fix: &Fix{"replace `=` by `?`", p.here(), "?"}})
		p.bump()
		p.expr()
	}
	p.finish(KindFormal, start, mark)
}

// skipFormal covers what is no formal with an error node, up to a comma or the
// closing brace.
func (p *parser) skipFormal() {
	start, mark := p.pos, len(p.stack)
	for {
		switch k := p.kind(); {
		case k == TokenComma || k == TokenEOF || p.belongsOutside(k):
			if p.pos == start {
				p.bump()
			}
			p.finish(KindError, start, mark)
			return
		default:
			before := p.pos
			if p.skipGroup(); p.pos == before {
				p.bump()
			}
		}
	}
}
