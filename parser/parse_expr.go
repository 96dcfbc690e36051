package parser

import (
	"fmt"
	"strings"
)

// startsExpr reports whether an expression can begin with a token.
func startsExpr(k TokenKind) bool {
	switch k {
	case TokenIf, TokenAssert, TokenWith, TokenLet, TokenNot, TokenMinus:
		return true
	}
	return startsSimple(k)
}

// startsSimple reports whether a function argument or list element can begin
// with a token.
func startsSimple(k TokenKind) bool {
	switch k {
	case TokenIdent, TokenInt, TokenFloat, TokenURI, TokenSearchPath, TokenStringStart,
		TokenIndStringStart, TokenPathText, TokenRec, TokenLBrace, TokenLBracket, TokenLParen:
		return true
	}
	return false
}

// expr parses any expression.
func (p *parser) expr() {
	if !p.enter() {
		p.leave()
		return
	}
	switch p.kind() {
	case TokenIdent:
		switch k := p.peek(1); {
		case k == TokenColon || k == TokenAt:
			p.lambda()
		case (k == TokenAssign || k == TokenDot) && p.lineBefore(p.pos) && p.outsideBrackets() && p.bindingAt(p.pos):
			p.unbracedSet()
		default:
			p.operators(precLowest)
		}
	case TokenLBrace:
		if p.atPattern() {
			p.lambda()
		} else {
			p.operators(precLowest)
		}
	case TokenLet:
		if p.peek(1) == TokenLBrace {
			p.operators(precLowest)
		} else {
			p.let()
		}
	case TokenWith, TokenAssert:
		p.withOrAssert()
	case TokenIf:
		p.ifThenElse()
	default:
		p.operators(precLowest)
	}
	p.leave()
}

// exprWhere parses an expression where `a = b` is, or is not, more likely a
// comparison than a binding.
func (p *parser) exprWhere(comparing bool) {
	before := p.comparing
	p.comparing = comparing
	p.expr()
	p.comparing = before
}

// outsideBrackets reports whether nothing is open around the current token
// that a binding could belong to.
func (p *parser) outsideBrackets() bool { return p.braces+p.lets+p.parens+p.brackets+p.interps == 0 }

// deeper reports whether the current token begins a line that is indented
// further than the one before it.
func (p *parser) deeper() bool {
	if p.end == 0 || !p.lineBefore(p.pos) {
		return false
	}
	return p.lineIndent(p.pos) > p.lineIndent(p.end-1)
}

// lineIndent returns the indentation of the line that a token stands on.
func (p *parser) lineIndent(token int) int {
	start := strings.LastIndexByte(p.src[:p.tokens[token].start], '\n') + 1
	return indentation(p.src[start:])
}

// unbracedSet parses bindings that stand where a value should be, as a set
// that lacks its opening brace.
func (p *parser) unbracedSet() {
	start, mark := p.pos, len(p.stack)
	first, s := p.here(), p.after()
	reports := p.quiet == 0 && p.lastError != p.pos
	at := len(p.errors)
	if reports {
		p.errors = append(p.errors, Error{}) // filled in when more is known
	}
	p.lastError = p.pos
	p.braces++
	for p.bindingAt(p.pos) {
		p.binding(TokenRBrace)
	}
	e := Error{
		Span: s, Message: "missing `{` before bindings", Help: "bindings stand between `{` and `}`",
		Related: &Related{first, "the first binding"},
		Fix:     &Fix{"insert `{`", s, " {"},
	}
	if p.kind() == TokenLBrace && p.lineBefore(p.pos) {
		// The set begins only here, with bindings in front of it.
		e = Error{
			Span: first, Message: "binding outside of the set", Help: "move it behind the `{`",
			Related: &Related{p.here(), "the set begins here"},
		}
		p.bump()
	}
	if reports {
		p.errors[at] = e
	}
	p.bindings(TokenRBrace, start)
	p.braces--
	p.accept(TokenRBrace)
	p.finish(KindAttrSet, start, mark)
}

// missingExpr reports that an expression should begin at the current token.
func (p *parser) missingExpr() {
	switch p.kind() {
	case TokenEOF:
		p.errorHere("unexpected end of file, expected an expression", "")
	case TokenOr:
		p.errorHere("unexpected `or`, expected an expression", "`or` gives a default to an attribute: `set.name or default`")
	default:
		p.errorHere(fmt.Sprintf("unexpected %s, expected an expression", p.describe()), "")
	}
	p.missing()
}

func (p *parser) withOrAssert() {
	start, mark := p.pos, len(p.stack)
	kind := KindWith
	word := "with"
	if p.kind() == TokenAssert {
		kind, word = KindAssert, "assert"
	}
	p.bump()
	p.exprWhere(kind == KindAssert)
	if !p.accept(TokenSemicolon) {
		p.insertError(fmt.Sprintf("missing `;` after the expression of `%s`", word), ";")
	}
	if p.kind() == TokenRBrace || p.lineBefore(p.pos) && p.bindingAt(p.pos) {
		p.errorSpan(p.spanOf(start, start+1), fmt.Sprintf("`%s` without a body", word),
			fmt.Sprintf("it reads `%s expression; body`: is the `;` behind the expression missing?", word))
		p.missing()
	} else {
		p.expr()
	}
	p.finish(kind, start, mark)
}

func (p *parser) ifThenElse() {
	start, mark := p.pos, len(p.stack)
	p.bump()
	p.ifs++
	p.exprWhere(true)
	p.branch(TokenThen)
	p.ifs--
	p.branch(TokenElse)
	p.finish(KindIf, start, mark)
}

// branch parses `then` or `else` and its expression.
func (p *parser) branch(keyword TokenKind) {
	if p.accept(keyword) {
		p.expr()
		return
	}
	help := "every `if` has both `then` and `else`"
	if p.kind() == TokenSemicolon || p.kind() == TokenEOF || keyword == TokenElse {
		p.errorSpan(p.after(), fmt.Sprintf("missing `%s`", keyword), help)
	} else {
		p.errorHere(fmt.Sprintf("unexpected %s, expected `%s`", p.describe(), keyword), help)
	}
	if startsExpr(p.kind()) && !p.bindingAt(p.pos) {
		p.expr()
		return
	}
	p.missing()
}

// Operator precedences, weakest first, as in Nix's grammar. Application and
// selection bind tighter than all of them.
const (
	precLowest  = 0
	precPipe    = 1 // |> left, <| right, not to be mixed
	precImplies = 2 // right
	precOr      = 3
	precAnd     = 4
	precEqual   = 5 // not associative
	precCompare = 6 // not associative
	precUpdate  = 7 // right
	precNot     = 8 // prefix
	precAdd     = 9
	precMul     = 10
	precConcat  = 11 // right
	precHasAttr = 12 // not associative
	precNegate  = 13 // prefix
)

var precedence = [tokenKinds]uint8{
	TokenPipeInto: precPipe, TokenPipeFrom: precPipe,
	TokenImplies: precImplies, TokenOrOr: precOr, TokenAndAnd: precAnd,
	TokenEqual: precEqual, TokenNotEqual: precEqual,
	TokenLess: precCompare, TokenLessEqual: precCompare,
	TokenGreater: precCompare, TokenGreaterEqual: precCompare,
	TokenUpdate: precUpdate, TokenPlus: precAdd, TokenMinus: precAdd,
	TokenMul: precMul, TokenDiv: precMul, TokenConcat: precConcat,
	TokenQuestion: precHasAttr,
}

func rightAssociative(k TokenKind) bool {
	switch k {
	case TokenPipeFrom, TokenImplies, TokenUpdate, TokenConcat:
		return true
	}
	return false
}

// operators parses operands joined by operators that bind tighter than min.
func (p *parser) operators(min int) {
	start, mark := p.pos, len(p.stack)
	p.operand()
	previous := TokenEOF // operator of the node just built on this level
	for {
		op := p.kind()
		prec := int(precedence[op])
		if op == TokenAssign && min < precEqual && p.assignMeansEqual() {
			p.report(Error{
				Span: p.here(), Message: "unexpected `=` in an expression",
				Help: "values are compared with `==`",
				Fix:  &Fix{"replace `=` by `==`", p.here(), "=="},
			})
			op, prec = TokenEqual, precEqual
		}
		if prec == 0 || prec <= min {
			return
		}
		p.checkChain(previous, op, prec)
		previous = op
		p.bump()
		if op == TokenQuestion {
			p.attrPath(true)
			p.finish(KindHasAttr, start, mark)
			continue
		}
		if !p.enter() {
			p.leave()
			p.finishWith(KindBinary, op, start, mark)
			continue
		}
		if rightAssociative(op) {
			p.operators(prec - 1)
		} else {
			p.operators(prec)
		}
		p.leave()
		p.finishWith(KindBinary, op, start, mark)
	}
}

// checkChain reports operators of one precedence that may not follow each
// other without parentheses.
func (p *parser) checkChain(previous, op TokenKind, prec int) {
	if previous == TokenEOF || int(precedence[previous]) != prec {
		// `a <| b |> c`: the right operand of `<|` took what it could.
		return
	}
	switch prec {
	case precEqual, precCompare, precHasAttr:
		p.errorHere(fmt.Sprintf("`%s` cannot follow `%s` directly", op, previous),
			"these operators do not associate; use parentheses")
	case precPipe:
		if op != previous {
			p.errorHere(fmt.Sprintf("`%s` cannot be mixed with `%s`", op, previous), "use parentheses")
		}
	}
}

// assignMeansEqual reports whether the `=` at hand was probably meant to be
// `==`: an operand follows it, and no binding needs it.
func (p *parser) assignMeansEqual() bool {
	return startsExpr(p.peek(1))
}

// operand parses what operators join: a prefix operator with its operand, or
// an application.
func (p *parser) operand() {
	switch p.kind() {
	case TokenNot, TokenMinus:
		start, mark := p.pos, len(p.stack)
		op := p.kind()
		if !p.enter() {
			p.leave()
			return
		}
		p.bump()
		if op == TokenNot {
			p.operators(precNot)
		} else {
			p.operators(precNegate)
		}
		p.leave()
		p.finishWith(KindUnary, op, start, mark)
		return
	case TokenIf, TokenAssert, TokenWith:
		p.bareOperand()
		return
	case TokenLet:
		if p.peek(1) != TokenLBrace {
			p.bareOperand()
			return
		}
	case TokenIdent:
		if k := p.peek(1); k == TokenColon && p.end > 0 || k == TokenAt {
			p.bareOperand()
			return
		}
	case TokenLBrace:
		if p.atPattern() {
			p.bareOperand()
			return
		}
	}
	p.application()
}

// bareOperand parses an expression that needs parentheses where it stands.
func (p *parser) bareOperand() {
	what := "a function"
	if k := p.kind(); k.IsKeyword() {
		what = "`" + k.String() + "`"
	}
	p.errorHere(what+" as an operand or argument needs parentheses", "write `( … )` around it")
	p.expr()
}

func (p *parser) application() {
	start, mark := p.pos, len(p.stack)
	p.selection()
	if !p.atArgument() && !(p.kind() == TokenIdent && p.deeper() && p.bindingAt(p.pos)) {
		return
	}
	for {
		if !p.atArgument() {
			if p.deeper() && p.bindingAt(p.pos) {
				p.unbracedSet() // `f⏎ a = 1;⏎ };`
			}
			break
		}
		before := p.pos
		if p.atBareLambda() {
			p.bareOperand()
		} else {
			p.selection()
		}
		if p.pos == before {
			break
		}
	}
	p.finish(KindApply, start, mark)
}

// atArgument reports whether the current token begins another argument.
func (p *parser) atArgument() bool {
	switch k := p.kind(); k {
	case TokenIdent, TokenStringStart:
		return !p.stopsArguments()
	case TokenLet:
		return p.peek(1) == TokenLBrace
	default:
		return startsSimple(k)
	}
}

// atBareLambda reports whether a function without parentheses begins here.
func (p *parser) atBareLambda() bool {
	switch p.kind() {
	case TokenIdent:
		k := p.peek(1)
		return k == TokenColon || k == TokenAt && p.peek(2) == TokenLBrace
	case TokenLBrace:
		return p.atPattern()
	}
	return false
}

// selection parses a simple expression and the attribute selected from it.
func (p *parser) selection() {
	if !p.enter() {
		p.leave()
		return
	}
	start, mark := p.pos, len(p.stack)
	p.simple()
	switch p.kind() {
	case TokenDot:
		p.bump()
		p.attrPath(true)
		if p.accept(TokenOr) {
			if startsSimple(p.kind()) || p.kind() == TokenLet && p.peek(1) == TokenLBrace {
				p.selection()
			} else {
				p.errorHere(fmt.Sprintf("unexpected %s, expected the default behind `or`", p.describe()),
					"a default that is more than a name, literal or selection needs parentheses")
				p.missing()
			}
		}
		p.finish(KindSelect, start, mark)
	case TokenOr:
		// `f or` applies f to a variable named `or`; Nix keeps this for old
		// code.
		p.leaf(KindIdent)
		p.finish(KindApply, start, mark)
	}
	p.leave()
}

// simple parses an expression that is one token or is bracketed.
func (p *parser) simple() {
	switch p.kind() {
	case TokenIdent:
		if p.braces+p.lets > 0 && p.lineBefore(p.pos) && p.bindingAt(p.pos) {
			if p.deeper() {
				p.unbracedSet() // `a =⏎ b = 1;⏎ };`
				return
			}
			// `a =⏎ b = 1;`: the value of a is missing.
			p.errorSpan(p.after(), "missing expression", "")
			p.missing()
			return
		}
		p.leaf(KindIdent)
	case TokenInt:
		p.leaf(KindInt)
	case TokenFloat:
		p.leaf(KindFloat)
	case TokenURI:
		p.leaf(KindURI)
	case TokenSearchPath:
		p.leaf(KindSearchPath)
	case TokenStringStart:
		p.str(KindString, TokenStringEnd)
	case TokenIndStringStart:
		p.str(KindIndString, TokenIndStringEnd)
	case TokenPathText:
		p.path()
	case TokenInterpStart:
		// `${x}` outside a string is a habit of other languages.
		p.errorHere("unexpected `${`, expected an expression",
			"interpolation is for strings, paths and attribute names; here the name alone will do")
		p.interp()
	case TokenLParen:
		p.paren()
	case TokenLBracket:
		p.list()
	case TokenLBrace:
		start := p.pos
		p.attrSet(start, 0)
	case TokenRec, TokenLet:
		start, word := p.pos, p.kind()
		p.bump()
		if p.kind() != TokenLBrace {
			p.errorHere(fmt.Sprintf("unexpected %s, expected `{` after `%s`", p.describe(), word), "")
			p.missing()
			return
		}
		p.attrSet(start, word)
	default:
		p.missingExpr()
	}
}

func (p *parser) paren() {
	start, mark := p.pos, len(p.stack)
	p.bump()
	p.parens++
	if p.kind() == TokenRParen {
		p.errorHere("empty parentheses", "Nix has no empty tuple; write an expression between them")
		p.missing()
	} else {
		p.exprWhere(true)
	}
	p.parens--
	p.closing(TokenRParen, start)
	p.finish(KindParen, start, mark)
}

func (p *parser) list() {
	start, mark := p.pos, len(p.stack)
	p.bump()
	p.brackets++
	comparing := p.comparing
	p.comparing = false
	for {
		k := p.kind()
		if k == TokenRBracket || k == TokenEOF || p.assumedHere(start) {
			break
		}
		if p.atArgument() {
			before := p.pos
			if p.atBareLambda() {
				p.errorHere("a function as a list element needs parentheses", "write `( … )` around it")
				p.expr()
			} else {
				p.selection()
			}
			if p.pos > before {
				continue
			}
		}
		if p.belongsOutside(k) || k == TokenIdent || k == TokenStringStart || k == TokenSemicolon {
			break // the bracket is not closed
		}
		switch {
		case k == TokenComma:
			p.report(Error{Span: p.here(), Message: "unexpected `,` in a list",
				Help: "elements of a list are separated by blanks", Fix: &Fix{"remove the comma", p.here(), ""}})
			p.bump()
		case startsExpr(k):
			p.errorHere(fmt.Sprintf("%s in a list needs parentheses", p.describe()), "write `( … )` around the element")
			p.expr()
		default:
			p.errorHere(fmt.Sprintf("unexpected %s in a list", p.describe()),
				"an element that is more than a name, literal or selection needs parentheses")
			p.bump()
		}
	}
	p.comparing = comparing
	p.brackets--
	p.closing(TokenRBracket, start)
	p.finish(KindList, start, mark)
}
