package nixfmt

import "github.com/nixlint/nixlint/parser"

// apply prints a call: pre, the function, its arguments, post. The function is
// indented if indentHead is set.
func (p *printer) apply(n parser.Node, pre, post spacing, indentHead bool) {
	mark := len(p.terms)
	p.pushTerms(n)
	terms := p.terms[mark:]
	c := call{pre: pre, post: post, indentHead: indentHead, head: terms[0], args: terms[1:]}
	c.simple = !p.squash.active && p.isSimpleCall(terms)
	p.call(&c, n.FirstToken(), p.firstTrail(c.head))
	p.terms = p.terms[:mark]
}

// pushTerms pushes the function and the arguments of a call on p.terms. A call
// without parentheses in a call is that of a variable named `or`, which Nix
// groups differently from what it looks like.
func (p *printer) pushTerms(n parser.Node) {
	for i := range n.ChildCount() {
		if c := n.Child(i); c.Is(parser.KindApply) {
			p.pushTerms(c)
		} else {
			p.terms = append(p.terms, c)
		}
	}
}

// call is a function or `assert` with its arguments.
type call struct {
	pre, post  spacing
	indentHead bool
	// simple is set if the call is not to be broken before its last argument.
	simple bool
	// head is the function; for `assert`, keyword is that token instead.
	head    parser.Node
	keyword parser.Token
	args    []parser.Node
}

// isListPair reports whether argument i and the one before it are lists.
func (c *call) isListPair(i int) bool {
	return i > 0 && c.args[i].Is(parser.KindList) && c.args[i-1].Is(parser.KindList)
}

// call prints a call. head is the leaf with the leading trivia of the function
// or keyword, trail the one with its trailing comment.
func (p *printer) call(c *call, first parser.Token, trail *leaf) {
	hoisted := p.hoist(p.leaf(first), trail)
	if hoisted {
		c.indentHead = false
	}
	if c.simple && p.simpleCall(c) {
		return
	}
	p.group(groupRegular)
	p.spacing(c.pre)
	last := len(c.args) - 1
	if c.isListPair(last) {
		p.callStart(c, last-1)
		p.nest++
		p.spacing(space)
		p.listArg(c.args[last-1])
		p.spacing(space)
		p.listArg(c.args[last])
		p.nest--
	} else {
		p.callStart(c, last)
		p.spacing(space)
		p.lastArg(c.args[last])
	}
	p.spacing(c.post)
	p.end()
	if hoisted && c.post != noSpacing {
		p.spacing(hardline)
	}
}

// hoist prints the comments of the function before the whole call and reports
// whether there were any. Language annotations stay where they are.
func (p *printer) hoist(l, trail *leaf) bool {
	if p.onlyAnnotations(l) && trail.trail == 0 || p.squash.fail() {
		return false
	}
	if trail.trail != 0 {
		t := trail.trail
		trail.trail, l.trail = l.trail, t
		p.moveUp(l)
	}
	c := &p.comments
	run := c.run(l)
	mark := len(c.list)
	for _, t := range run {
		if t.kind != triviumAnnotation {
			c.list = append(c.list, t)
		}
	}
	hoisted := leaf{pre: c.endRun(mark)}
	mark = len(c.list)
	for _, t := range run {
		if t.kind == triviumAnnotation {
			c.list = append(c.list, t)
		}
	}
	l.pre = c.endRun(mark)
	p.trivia(&hoisted)
	return true
}

// firstTrail returns the leaf that holds the trailing comment of the first
// thing in an expression that can have comments: a token, a string or a path.
func (p *printer) firstTrail(n parser.Node) *leaf {
	first := n.FirstToken()
	for {
		switch n.Kind() {
		case parser.KindString, parser.KindIndString, parser.KindPath:
			return p.last(n)
		}
		c := n.Child(0)
		if !c.IsValid() || c.FirstToken() != first {
			return p.leaf(first)
		}
		n = c
	}
}

// simpleCall prints a call of simple parts, which is not broken before its
// last argument. It reports whether that can be done.
func (p *printer) simpleCall(c *call) bool {
	m := p.mark()
	p.group(groupRegular)
	p.squash = squash{active: true, room: unlimited}
	p.spacing(c.pre)
	p.callStart(c, len(c.args)-1)
	failed := p.squash.failed
	p.squash = squash{}
	if failed {
		p.rewind(m)
		return false
	}
	p.drop(m)
	p.spacing(hardspace)
	p.lastArg(c.args[len(c.args)-1])
	p.end()
	return true
}

// callStart prints the function and the first n arguments.
func (p *printer) callStart(c *call, n int) {
	steps := 1
	for i := n - 1; i >= 0; i-- {
		if c.isListPair(i) {
			i--
		}
		steps++
	}
	for range steps {
		p.group(groupTransparent)
	}
	switch {
	case c.keyword.IsValid():
		p.token(c.keyword)
	case c.indentHead:
		p.nest++
		p.group(groupRegular)
		p.spacing(lineBreak)
		p.expr(c.head)
		p.end()
		p.nest--
	default:
		p.expr(c.head)
	}
	p.end()
	// Two lists in a row are one step; which ones are is counted from the end.
	for i := 0; i < n; i++ {
		p.nest++
		if p.startsPair(c, i, n) {
			p.group(groupRegular)
			p.spacing(space)
			p.listArg(c.args[i])
			i++
			p.spacing(space)
			p.listArg(c.args[i])
			p.end()
		} else {
			p.spacing(space)
			p.middleArg(c.args[i])
		}
		p.nest--
		p.end()
	}
}

// startsPair reports whether of the first n arguments, i and i+1 are one step.
func (p *printer) startsPair(c *call, i, n int) bool {
	end := i
	for end < n && c.args[end].Is(parser.KindList) {
		end++
	}
	return end-i > 1 && (end-i)%2 == 0
}

// middleArg prints an argument that is not the last.
func (p *printer) middleArg(n parser.Node) {
	switch {
	case n.Is(parser.KindSelect):
		p.grouped(n)
		return
	case n.Is(parser.KindList) && p.isShortList(n):
		p.group(groupPriority)
		p.list(n, space)
		p.end()
		return
	}
	p.group(groupPriority)
	p.expr(n)
	p.end()
}

// listArg prints one of two lists in a row.
func (p *printer) listArg(n parser.Node) {
	p.group(groupRegular)
	if p.isShortList(n) {
		p.list(n, space)
	} else {
		p.list(n, hardline)
	}
	p.end()
}

// isShortList reports whether a list has few enough and simple enough elements
// to stay on one line. Comments between them count as elements.
func (p *printer) isShortList(n parser.Node) bool {
	const most = 6
	if n.ChildCount() > most {
		return false
	}
	count := 0
	if p.last(n).pre != noRun {
		count++
	}
	for c := range n.Children() {
		l := p.first(c)
		pre := l.pre
		if l.pre != noRun {
			count++
		}
		count++
		l.pre = noRun
		simple := p.isSimple(c)
		l.pre = pre
		if !simple {
			return false
		}
	}
	return count <= most
}

// lastArg prints the last argument of a call.
func (p *printer) lastArg(n parser.Node) {
	if p.isAbsorbable(n) {
		p.nest++
		p.group(groupPriority)
		p.term(n, false)
		p.end()
		p.nest--
		return
	}
	if !n.Is(parser.KindParen) {
		p.nest++
		p.grouped(n)
		p.nest--
		return
	}
	paren := parser.Paren{Node: n}
	inner := paren.Expr()
	open, close := n.FirstToken(), n.LastToken()
	var body parser.Node
	switch {
	case !p.isLoneToken(open):
	case inner.Is(parser.KindLambda):
		l := parser.Lambda{Node: inner}
		if l.Param().Is(parser.KindName) && p.isLone(l.Param()) && p.isLoneToken(l.Colon()) {
			body = l.Body()
		}
	case inner.Is(parser.KindApply) && inner.ChildCount() == 2:
		if f := inner.Child(0); f.Is(parser.KindIdent) && p.isLone(f) && p.isLoneToken(close) {
			body = inner.Child(1)
		}
	}
	if !body.IsValid() || !p.isAbsorbable(body) {
		p.absorbParen(paren)
		return
	}
	p.nest++
	p.group(groupPriority)
	p.token(open)
	for t := open.Next(); t != body.FirstToken(); t = t.Next() {
		p.token(t)
	}
	p.spacing(hardspace)
	p.term(body, true)
	p.token(close)
	p.end()
	p.nest--
}
