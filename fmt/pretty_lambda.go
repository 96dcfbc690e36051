package nixfmt

import "github.com/nixlint/nixlint/parser"

// lambda prints `param: body`.
func (p *printer) lambda(n parser.Lambda) {
	if n.Param().Is(parser.KindName) {
		p.nameLambda(n)
		return
	}
	pattern, _ := n.Pattern()
	at := pattern.At()
	body := n.Body()
	sameLine := p.first(body).line == p.leaf(n.Colon()).line
	absorbed := sameLine && p.canFlatten(pattern) && p.isAbsorbableExpr(body)
	if !at.IsValid() {
		p.pattern(pattern)
	} else if at.FirstToken().Index() < pattern.Open().Index() {
		p.token(at.FirstToken())
		p.token(pattern.AtToken())
		p.pattern(pattern)
	} else {
		p.pattern(pattern)
		p.token(pattern.AtToken())
		p.token(at.FirstToken())
	}
	p.token(n.Colon())
	switch {
	case at.IsValid():
	case absorbed:
		p.spacing(hardspace)
		p.group(groupPriority)
		p.expr(body)
		p.end()
		return
	case !sameLine:
		p.spacing(hardline)
		p.expr(body)
		return
	}
	p.spacing(space)
	if p.isAbsorbable(body) {
		p.group(groupRegular)
		p.term(body, true)
		p.end()
	} else {
		p.expr(body)
	}
}

// nameLambda prints functions of plain names: `x: y: body`.
func (p *printer) nameLambda(n parser.Lambda) {
	p.group(groupRegular)
	p.spacing(lineBreak)
	params := 0
	for {
		params++
		p.token(n.Param().FirstToken())
		p.token(n.Colon())
		body := n.Body()
		if !body.Is(parser.KindLambda) || !(parser.Lambda{Node: body}).Param().Is(parser.KindName) {
			break
		}
		p.spacing(hardspace)
		n = parser.Lambda{Node: body}
	}
	body := n.Body()
	switch {
	case p.isAbsorbableExpr(body):
		p.spacing(hardspace)
		p.group(groupPriority)
		p.absorb(body, false)
		p.end()
	case params <= 2:
		p.spacing(space)
		p.expr(body)
	default:
		p.spacing(hardline)
		p.expr(body)
	}
	p.end()
}

// pattern prints the braces of a set pattern and what is in them.
func (p *printer) pattern(n parser.Pattern) {
	open, close := n.Open(), n.Close()
	sep := hardline
	if p.canFlatten(n) {
		sep = space
	}
	o, c := p.leaf(open), p.leaf(close)
	p.moveUp(o)
	p.group(groupRegular)
	p.token(open)
	if open.Next() == close {
		if o.line == c.line {
			p.spacing(hardspace)
		} else {
			p.spacing(hardline)
		}
		p.token(close)
		p.end()
		return
	}
	p.nest++
	for f := range n.Formals() {
		p.spacing(sep)
		p.formal(f, n)
	}
	if e := n.Ellipsis(); e.IsValid() {
		p.spacing(sep)
		p.token(e)
	}
	p.spacing(sep)
	p.trivia(c)
	p.nest--
	p.tokenText(close)
	p.trailing(c)
	p.end()
}

// formal prints one name of a set pattern with its default and the comma
// behind it. The comma of the last one is there only on several lines.
func (p *printer) formal(f parser.Formal, n parser.Pattern) {
	name, last := f.Name().FirstToken(), f.LastToken()
	trail := p.firstTrail(f.Node)
	if f.Default().IsValid() {
		trail = p.last(f.Default())
	}
	comma := last.Next()
	isLast := comma == n.Close() || comma.Next() == n.Close()
	var none leaf
	c := &none
	if comma != n.Close() {
		c = p.leaf(comma)
		if !isLast && c.pre != noRun && c.trail == 0 && !p.hasDirective(c) {
			p.prependPre(p.leaf(comma.Next()), c)
		}
	}
	if trail.trail != 0 && c.lone() && !p.squash.fail() {
		c.trail, trail.trail = trail.trail, 0
	}
	dropped := isLast && c.lone()
	if f.Default().IsValid() {
		p.group(groupRegular)
	}
	p.token(name)
	if f.Default().IsValid() {
		p.nest++
		p.spacing(hardspace)
		p.token(name.Next())
		p.absorbRHS(f.Default())
		p.nest--
	}
	if !dropped {
		p.trivia(c)
		p.literal(textRegular, ",")
		p.trailing(c)
	}
	if f.Default().IsValid() {
		p.end()
	}
	if dropped {
		p.literal(textTrailing, ",")
	}
}
