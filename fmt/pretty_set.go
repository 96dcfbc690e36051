package nixfmt

import "github.com/nixlint/nixlint/parser"

// attrSet prints a set. A wide one breaks its lines if it has anything in it.
func (p *printer) attrSet(n parser.AttrSet, wide bool) {
	if k := n.Keyword(); k.IsValid() {
		p.token(k)
		p.spacing(hardspace)
	}
	open, close := n.Open(), n.Close()
	count := n.ChildCount()
	o, c := p.leaf(open), p.leaf(close)
	sep := space
	if o.line != c.line {
		sep = hardline
	}
	if count == 0 && o.lone() && c.pre == noRun {
		if sep == space {
			sep = hardspace
		}
		p.tokenText(open)
		p.spacing(sep)
		p.token(close)
		return
	}
	if wide && (count > 0 || c.pre != noRun) {
		sep = hardline
	}
	p.trivia(o)
	p.tokenText(open)
	p.spacing(sep)
	p.nest++
	p.trailing(o)
	p.items(n.Node, count, close, hardline)
	p.nest--
	p.spacing(sep)
	p.tokenText(close)
	p.trailing(c)
}

// list prints a list; itemSep stands between its elements. It is space for
// short lists among the arguments of a call.
func (p *printer) list(n parser.Node, itemSep spacing) {
	open, close := n.FirstToken(), n.LastToken()
	count := n.ChildCount()
	o, c := p.leaf(open), p.leaf(close)
	sep := space
	switch {
	case o.line != c.line:
		sep = hardline
	case count > 0:
	case c.pre != noRun || o.trail != 0 || itemSep == space && o.pre != noRun:
		sep = hardline
	default:
		sep = hardspace
	}
	p.trivia(o)
	p.tokenText(open)
	p.spacing(sep)
	p.nest++
	p.trailing(o)
	p.items(n, count, close, itemSep)
	p.nest--
	p.spacing(sep)
	p.tokenText(close)
	p.trailing(c)
}

// binding prints `path = value;`.
func (p *printer) binding(n parser.Binding) {
	p.attrPath(n.Path())
	p.nest++
	p.spacing(hardspace)
	p.token(n.Assign())
	if n.Path().ChildCount() > 4 || !isPlainPath(n.Path()) {
		// The value may start on a line of its own.
		p.spacing(lineBreak)
		p.group(groupPriority)
		p.absorbRHS(n.Value())
		p.end()
	} else {
		p.absorbRHS(n.Value())
	}
	p.nest--
	p.token(n.Semicolon())
}

// absorbRHS prints the value of a binding with the spacing before it.
func (p *printer) absorbRHS(n parser.Node) {
	p.nest++
	p.rhs(n)
	p.nest--
}

func (p *printer) rhs(n parser.Node) {
	switch kind := n.Kind(); {
	case kind == parser.KindAttrSet && n.ChildCount() == 1 && n.Child(0).Is(parser.KindInherit) && !p.hasItemComments(n):
		p.spacing(hardspace)
		p.group(groupRegular)
		p.absorb(n, false)
		p.end()
	case p.isAbsorbableExpr(n):
		p.spacing(hardspace)
		p.group(groupRegular)
		p.absorb(n, true)
		p.end()
	case kind == parser.KindParen:
		p.spacing(hardspace)
		p.absorbParen(parser.Paren{Node: n})
	case kind == parser.KindString, kind == parser.KindIndString, kind == parser.KindPath, kind == parser.KindURI:
		p.spacing(hardspace)
		p.grouped(n)
	case isTerm(kind), kind == parser.KindWith:
		p.group(groupRegular)
		p.spacing(space)
		p.expr(n)
		p.end()
	case kind == parser.KindApply:
		p.apply(n, space, noSpacing, false)
	case kind == parser.KindBinary:
		p.operationRHS(parser.Binary{Node: n})
	default:
		p.spacing(space)
		p.grouped(n)
	}
}

// operationRHS is absorbRHS for an operation.
func (p *printer) operationRHS(n parser.Binary) {
	left := leftOperand(n)
	switch op := n.Op(); {
	case op != parser.TokenUpdate && op != parser.TokenConcat && op != parser.TokenPlus:
	case p.isAbsorbable(left) && p.first(left).pre == noRun:
		p.nest--
		p.spacing(hardspace)
		p.operation(n, true)
		p.nest++
		return
	case left == n.Left() && p.isLoneToken(n.Operator()) && p.isAbsorbable(n.Right()):
		p.group(groupRegular)
		p.spacing(space)
		p.expr(left)
		p.spacing(space)
		p.group(groupTransparent)
		p.token(n.Operator())
		p.spacing(hardspace)
		p.group(groupPriority)
		p.term(n.Right(), true)
		p.end()
		p.end()
		p.end()
		return
	}
	p.spacing(space)
	p.grouped(n.Node)
}

// hasItemComments reports whether there are comments between the brackets of a
// set besides those behind the tokens of its elements.
func (p *printer) hasItemComments(n parser.Node) bool {
	for c := range n.Children() {
		if p.first(c).pre != noRun {
			return true
		}
	}
	return p.last(n).pre != noRun
}

// isTerm reports whether an expression needs no parentheses as an argument.
func isTerm(k parser.Kind) bool {
	switch k {
	case parser.KindApply, parser.KindBinary, parser.KindHasAttr, parser.KindUnary, parser.KindIf,
		parser.KindLet, parser.KindWith, parser.KindAssert, parser.KindLambda:
		return false
	}
	return true
}

// inherit prints `inherit names;` and `inherit (from) names;`.
func (p *printer) inherit(n parser.Inherit) {
	keyword, semicolon := n.FirstToken(), n.Semicolon()
	from := n.From()
	names := 0
	for range n.Names() {
		names++
	}
	sep, last := space, lineBreak
	if p.leaf(keyword).line != p.leaf(semicolon).line || names >= 4 {
		sep, last = hardline, hardline
	}
	if names == 0 && last == lineBreak {
		last = space
	}
	p.token(keyword)
	p.nest++
	if from.IsValid() {
		p.group(groupRegular)
		p.spacing(space)
		p.paren(parser.Paren{Node: n.Child(0)})
		p.end()
	}
	for name := range n.Names() {
		p.spacing(sep)
		p.attrName(name)
	}
	p.spacing(last)
	p.token(semicolon)
	p.nest--
}

// attrPath prints names with dots in between.
func (p *printer) attrPath(n parser.AttrPath) {
	for i := range n.ChildCount() {
		name := n.Child(i)
		if i > 0 {
			p.token(name.FirstToken().Prev())
		}
		p.attrName(name)
	}
}

// attrName prints one name of a path.
func (p *printer) attrName(n parser.Node) {
	switch n.Kind() {
	case parser.KindString:
		p.str(n)
	case parser.KindInterp:
		p.trivia(p.first(n))
		p.interp(parser.Interp{Node: n})
		p.trailing(p.last(n))
	default:
		p.token(n.FirstToken())
	}
}
