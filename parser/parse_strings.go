package parser

import "fmt"

// str parses a string of either kind.
func (p *parser) str(kind Kind, end TokenKind) {
	start, mark := p.pos, len(p.stack)
	p.bump()
	for {
		switch p.kind() {
		case TokenStringText:
			p.bump()
			continue
		case TokenInterpStart:
			p.interp()
			continue
		case end:
			p.bump()
			p.finish(kind, start, mark)
			return
		}
		break
	}
	quote := "\""
	if kind == KindIndString {
		quote = "''"
	}
	p.report(Error{
		Span:    p.spanOf(start, start+1),
		Message: "unterminated string",
		Help:    fmt.Sprintf("close it with `%s`", quote),
	})
	p.finish(kind, start, mark)
}

// interp parses `${expr}`.
func (p *parser) interp() {
	start, mark := p.pos, len(p.stack)
	p.bump()
	p.interps++
	if p.kind() == TokenRBrace {
		p.errorSpan(p.spanOf(start, p.pos+1), "empty interpolation", "write an expression between `${` and `}`")
		p.missing()
	} else {
		p.exprWhere(true)
	}
	p.interps--
	if p.kind() != TokenRBrace {
		switch p.kind() {
		case TokenEOF, TokenStringEnd, TokenIndStringEnd:
			p.report(Error{Span: p.spanOf(start, start+1), Message: "unclosed `${`", Help: "close it with `}`"})
		default:
			p.errorHere(fmt.Sprintf("unexpected %s, expected `}`", p.describe()), "")
		}
		p.skipTo(TokenRBrace)
	}
	p.accept(TokenRBrace)
	p.finish(KindInterp, start, mark)
}

// skipTo covers everything before the next token of the kind on this level
// with an error node.
func (p *parser) skipTo(k TokenKind) {
	if p.kind() == k || p.kind() == TokenEOF {
		return
	}
	start, mark := p.pos, len(p.stack)
	for p.kind() != k && p.kind() != TokenEOF {
		if c := p.kind(); c == TokenStringEnd || c == TokenIndStringEnd {
			break
		}
		if c := p.kind(); c == TokenRBracket || c == TokenRParen || c == TokenRBrace {
			p.bump()
			continue
		}
		p.skipGroup()
	}
	if p.pos > start {
		p.finish(KindError, start, mark)
	}
}

// path parses a path literal. The lexer has made sure that its parts touch.
func (p *parser) path() {
	start, mark := p.pos, len(p.stack)
	p.bump()
	for p.pos == p.end && p.tokens[p.pos].start == p.tokens[p.pos-1].end {
		switch t := p.tokens[p.pos]; {
		case t.kind == TokenInterpStart:
			p.interp()
			continue
		case t.kind == TokenPathText && p.src[t.start] != '~' && p.tokens[p.pos-1].kind == TokenRBrace:
			p.bump()
			continue
		}
		break
	}
	p.finish(KindPath, start, mark)
}
