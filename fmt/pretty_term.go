package nixfmt

import "github.com/nixlint/nixlint/parser"

// paren prints an expression in parentheses; it also takes the `(…)` of an
// inherit.
func (p *printer) paren(n parser.Paren) {
	open, close := n.FirstToken(), n.LastToken()
	inner := n.Expr()
	p.group(groupRegular)
	p.moveUp(p.leaf(open))
	p.token(open)
	p.nest++
	p.parenInner(inner)
	c := p.leaf(close)
	p.trivia(c)
	p.nest--
	p.tokenText(close)
	p.trailing(c)
	p.end()
}

// parenInner prints what is between brackets that break with their content:
// parentheses and some interpolations.
func (p *printer) parenInner(n parser.Node) {
	switch {
	case p.isAbsorbableExpr(n):
		p.group(groupRegular)
		p.absorb(n, false)
		p.end()
	case n.Is(parser.KindApply):
		p.apply(n, noSpacing, lineBreak, true)
	case n.Is(parser.KindSelect) && !p.isAbsorbable(parser.Select{Node: n}.Expr()):
		p.grouped(n)
		p.spacing(lineBreak)
	default:
		p.spacing(lineBreak)
		p.grouped(n)
		p.spacing(lineBreak)
	}
}

// absorbParen prints parentheses as the last argument of a call or the value
// of a binding.
func (p *printer) absorbParen(n parser.Paren) {
	open, close := n.FirstToken(), n.LastToken()
	o, c := p.leaf(open), p.leaf(close)
	p.group(groupPriority)
	p.nest++
	p.trivia(o)
	p.tokenText(open)
	p.spacing(lineBreak)
	p.group(groupRegular)
	p.nest++
	p.prependTrail(p.first(n.Expr()), o)
	p.expr(n.Expr())
	p.trivia(c)
	p.nest--
	p.end()
	p.spacing(lineBreak)
	p.tokenText(close)
	p.trailing(c)
	p.nest--
	p.end()
}

// selection prints `term.path` with its default.
func (p *printer) selection(n parser.Select) {
	of := n.Expr()
	p.term(of, false)
	dot := p.tree.Token(of.LastToken().Index() + 1)
	switch of.Kind() {
	case parser.KindInt, parser.KindFloat:
		p.spacing(hardspace)
	case parser.KindIdent, parser.KindSearchPath:
	case parser.KindParen:
		p.spacing(softbreak)
	default:
		p.spacing(lineBreak)
	}
	p.token(dot)
	p.attrPath(n.Path())
	if n.Default().IsValid() {
		p.spacing(softspace)
		p.nest++
		p.token(n.Or())
		p.spacing(hardspace)
		p.expr(n.Default())
		p.nest--
	}
}

// uri prints a URI, which becomes a string.
func (p *printer) uri(n parser.Node) {
	l := p.leaf(n.FirstToken())
	p.trivia(l)
	p.group(groupRegular)
	p.literal(textRegular, `"`)
	p.tokenText(n.FirstToken())
	p.literal(textRegular, `"`)
	p.end()
	p.trailing(l)
}
