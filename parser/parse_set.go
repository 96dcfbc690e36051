package parser

import "fmt"

// attrSet parses a set from its brace on; start is the token of `rec` or `let`
// if there is one, which word then names.
func (p *parser) attrSet(start int, word TokenKind) {
	mark := len(p.stack)
	open := p.pos
	p.bump()
	p.braces++
	comparing := p.comparing
	p.comparing = false
	p.bindings(TokenRBrace, open)
	p.comparing = comparing
	p.braces--
	p.closing(TokenRBrace, open)
	p.recs = p.recs || word != 0
	p.finishWith(KindAttrSet, word, start, mark)
}

func (p *parser) let() {
	start, mark := p.pos, len(p.stack)
	p.bump()
	p.lets++
	comparing := p.comparing
	p.comparing = false
	p.bindings(TokenIn, start)
	p.comparing = comparing
	p.lets--
	if !p.accept(TokenIn) {
		p.report(Error{Span: p.after(), Message: "missing `in`", Help: "`let` bindings are followed by `in` and an expression",
			Related: &Related{p.spanOf(start, start+1), "for this `let`"}})
	}
	p.expr()
	p.finish(KindLet, start, mark)
}

// bindings parses bindings up to the closer, which is `}` or `in`, or to where
// it should have been.
func (p *parser) bindings(closer TokenKind, open int) {
	for {
		k := p.kind()
		if k == closer || k == TokenEOF || p.assumedHere(open) {
			return
		}
		switch k {
		case TokenInherit:
			if next := p.peek(1); next != TokenAssign && next != TokenDot {
				p.inherit()
				continue
			}
		case TokenIdent, TokenStringStart, TokenInterpStart, TokenOr:
			if closer == TokenIn && p.letBodyHere() {
				return
			}
			p.binding(closer)
			continue
		}
		if k.IsKeyword() && (p.peek(1) == TokenAssign || p.peek(1) == TokenDot) {
			p.binding(closer)
			continue
		}
		if p.belongsOutside(k) {
			return
		}
		if closer == TokenIn && startsExpr(k) {
			return // `in` is missing
		}
		if closer == TokenRBrace && p.lineBefore(p.pos) {
			// `;` at the start of a line is what is left of `};`, and a bracket
			// there is the next element of the list that this set is in.
			switch {
			case k == TokenSemicolon && p.braces+p.lets > 1:
				return
			case p.nextElement(k):
				return
			}
		}
		switch k {
		case TokenSemicolon:
			p.report(Error{Span: p.here(), Message: "unexpected `;`", Help: "one is enough",
				Fix: &Fix{"remove the semicolon", p.here(), ""}})
		case TokenComma:
			p.errorHere("unexpected `,`", "bindings end with `;`")
		default:
			p.errorHere(fmt.Sprintf("unexpected %s, expected a binding", p.describe()),
				"a binding reads `name = value;`")
		}
		p.resync()
	}
}

// letBodyHere reports whether `in` is missing before the current token: no
// binding begins here, and no `in` follows on this level.
func (p *parser) letBodyHere() bool {
	if p.kind() == TokenInterpStart || p.bindingAt(p.pos) {
		return false
	}
	depth := 0
	for i := p.pos; i < len(p.tokens); i++ {
		switch p.tokens[i].kind {
		case TokenLBrace, TokenLBracket, TokenLParen, TokenInterpStart, TokenStringStart, TokenIndStringStart:
			depth++
		case TokenRBrace, TokenRBracket, TokenRParen, TokenStringEnd, TokenIndStringEnd:
			if depth--; depth < 0 {
				return true
			}
		case TokenLet:
			if p.tokens[i+1].kind != TokenLBrace {
				depth++
			}
		case TokenIn:
			if depth == 0 {
				return false
			}
			depth--
		case TokenAssign, TokenSemicolon:
			if depth == 0 {
				return false
			}
		}
	}
	return true
}

// belongsOutside reports whether a token closes or continues something that
// was opened further out, so that what is being parsed must lack its closer.
func (p *parser) belongsOutside(k TokenKind) bool {
	switch k {
	case TokenRBrace:
		return p.braces+p.interps > 0
	case TokenRBracket:
		return p.brackets > 0
	case TokenRParen:
		return p.parens > 0
	case TokenIn:
		return p.lets > 0
	case TokenThen, TokenElse:
		return p.ifs > 0
	case TokenStringEnd, TokenIndStringEnd, TokenStringText:
		return true
	}
	return false
}

// resync covers tokens that begin no binding with an error node, up to and
// with the next semicolon or up to where a binding or closer stands.
func (p *parser) resync() {
	start, mark := p.pos, len(p.stack)
	p.quiet++
	for p.kind() != TokenEOF {
		k := p.kind()
		if p.pos > start && (k == TokenInherit || p.bindingAt(p.pos)) {
			break
		}
		if p.pos > start && (k == TokenIn || p.belongsOutside(k)) {
			break
		}
		if startsExpr(k) && !p.bindingAt(p.pos) {
			before := p.pos
			p.expr()
			if p.pos > before {
				continue
			}
		}
		p.bump()
		if k == TokenSemicolon {
			break
		}
	}
	p.quiet--
	p.lastError = p.pos
	p.finish(KindError, start, mark)
}

// binding parses `attrpath = value;`. The closer is that of the enclosing
// bindings.
func (p *parser) binding(closer TokenKind) {
	start, mark := p.pos, len(p.stack)
	p.attrPath(false)
	switch k := p.kind(); {
	case k == TokenAssign:
		p.bump()
		p.expr()
	case k == TokenEqual:
		p.report(Error{Span: p.here(), Message: "unexpected `==` in a binding", Help: "a name is bound with `=`",
			Fix: &Fix{"replace `==` by `=`", p.here(), "="}})
		p.bump()
		p.expr()
	case k == TokenColon:
		p.report(Error{Span: p.here(), Message: "unexpected `:` in a binding", Help: "a name is bound with `=`",
			Fix: &Fix{"replace `:` by ` =`", p.here(), " ="}})
		p.bump()
		p.expr()
	case startsExpr(k) && !p.bindingAt(p.pos) && !p.lineBefore(p.pos):
		p.insertError("missing `=` in a binding", " =")
		p.expr()
	default:
		switch {
		case p.lastError == p.pos:
		case k == TokenSemicolon || k == TokenRBrace || k == TokenEOF || k == closer || p.lineBefore(p.pos):
			p.errorSpan(p.spanOf(start, p.end), "binding without a value", "write `name = value;`")
		default:
			p.errorHere(fmt.Sprintf("unexpected %s, expected `.` or `=`", p.describe()), "a binding reads `name = value;`")
		}
		p.missing()
	}
	p.semicolon(closer)
	p.finish(KindBinding, start, mark)
}

// semicolon parses the `;` that ends a binding or `inherit`.
func (p *parser) semicolon(closer TokenKind) {
	if p.accept(TokenSemicolon) {
		return
	}
	k := p.kind()
	if p.lastError == p.pos && (k == closer || k == TokenEOF || p.lineBefore(p.pos)) {
		return
	}
	switch {
	case k == closer || k == TokenEOF || k == TokenInherit || p.lineBefore(p.pos) || p.bindingAt(p.pos) ||
		k == TokenIn && p.lets > 0 || k == TokenRBrace && p.braces > 0:
		p.insertError("missing `;`", ";")
		if k == closer || k == TokenInherit || p.bindingAt(p.pos) || p.belongsOutside(k) || p.atBindingKeyword() {
			return
		}
		if k == TokenInterpStart || k == TokenStringStart || k == TokenIdent {
			return
		}
	case k == TokenComma:
		p.report(Error{Span: p.here(), Message: "unexpected `,` behind a binding", Help: "bindings end with `;`",
			Fix: &Fix{"replace `,` by `;`", p.here(), ";"}})
	default:
		help := "a binding ends with `;`"
		if k == TokenRParen || k == TokenRBracket {
			help = fmt.Sprintf("nothing is open here that `%s` could close", k)
		}
		p.errorHere(fmt.Sprintf("unexpected %s", p.describe()), help)
	}
	if p.belongsOutside(k) && k != TokenSemicolon {
		return
	}
	p.resync()
}

// atBindingKeyword reports whether a keyword stands where a name should begin
// a binding.
func (p *parser) atBindingKeyword() bool {
	return p.kind().IsKeyword() && p.peek(1) == TokenAssign
}

func (p *parser) inherit() {
	start, mark := p.pos, len(p.stack)
	p.bump()
	if p.kind() == TokenLParen {
		from, inner := p.pos, len(p.stack)
		p.bump()
		p.parens++
		p.exprWhere(true)
		p.parens--
		p.closing(TokenRParen, from)
		p.finish(KindInheritFrom, from, inner)
	}
	for {
		switch p.kind() {
		case TokenIdent, TokenOr:
			if p.lineBefore(p.pos) && p.bindingAt(p.pos) {
				p.insertError("missing `;` after `inherit`", ";")
				p.finish(KindInherit, start, mark)
				return
			}
			p.leaf(KindName)
			continue
		case TokenStringStart:
			p.str(KindString, TokenStringEnd)
			continue
		case TokenInterpStart:
			p.interp()
			continue
		case TokenDot:
			p.errorHere("unexpected `.` in `inherit`",
				"only names can be inherited; for an attribute write `inherit (set) name;`")
			p.bump()
			continue
		case TokenComma:
			p.report(Error{Span: p.here(), Message: "unexpected `,` in `inherit`", Help: "names are separated by blanks",
				Fix: &Fix{"remove the comma", p.here(), ""}})
			p.bump()
			continue
		}
		break
	}
	p.semicolon(TokenRBrace)
	p.finish(KindInherit, start, mark)
}

// attrPath parses names joined by dots. behind is set if a `.` or `?` stands
// before the first.
func (p *parser) attrPath(behind bool) {
	start, mark := p.pos, len(p.stack)
	for {
		switch k := p.kind(); {
		case k == TokenIdent || k == TokenOr:
			if behind && p.braces+p.lets > 0 && p.lineBefore(p.pos) && p.bindingAt(p.pos) {
				// `a = b.⏎ c = 1;`
				p.missingName()
				p.finish(KindAttrPath, start, mark)
				return
			}
			p.leaf(KindName)
		case k == TokenStringStart:
			p.str(KindString, TokenStringEnd)
		case k == TokenInterpStart:
			p.interp()
		case k.IsKeyword() && !p.lineBefore(p.pos):
			p.errorHere(fmt.Sprintf("keyword `%s` as an attribute name", k), fmt.Sprintf("quote it: `\"%s\"`", k))
			// Only where it cannot be meant as a keyword is it taken as a name.
			if next := p.peek(1); next == TokenAssign || next == TokenDot || next == TokenSemicolon {
				p.leaf(KindName)
			} else {
				p.missing()
			}
		case k.IsKeyword() && (p.peek(1) == TokenAssign || p.peek(1) == TokenDot):
			p.errorHere(fmt.Sprintf("keyword `%s` as an attribute name", k), fmt.Sprintf("quote it: `\"%s\"`", k))
			p.leaf(KindName)
		default:
			p.missingName()
		}
		if p.kind() != TokenDot {
			break
		}
		p.bump()
	}
	p.finish(KindAttrPath, start, mark)
}

func (p *parser) missingName() {
	if p.lineBefore(p.pos) || p.kind() == TokenSemicolon || p.kind() == TokenEOF {
		s := p.after()
		if p.end > 0 {
			s.Start = p.tokens[p.end-1].start
		}
		p.errorSpan(s, "missing attribute name", "")
	} else {
		p.errorHere(fmt.Sprintf("unexpected %s, expected an attribute name", p.describe()), "")
	}
	p.missing()
}
