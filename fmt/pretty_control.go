package nixfmt

import "github.com/nixlint/nixlint/parser"

// ifElse prints a chain of `if … then … else if … then … else …`.
func (p *printer) ifElse(n parser.If) {
	p.group(groupRegular)
	p.moveUp(p.first(n.Node))
	sep := space
	for {
		p.group(groupRegular)
		p.token(n.FirstToken())
		p.spacing(space)
		p.nest++
		p.expr(n.Cond())
		p.nest--
		p.spacing(space)
		p.token(n.ThenToken())
		p.end()
		p.spacing(sep)
		p.nest++
		p.grouped(n.Then())
		p.nest--
		p.spacing(sep)
		p.moveUp(p.leaf(n.ElseToken()))
		p.token(n.ElseToken())
		p.spacing(hardspace)
		if !n.Else().Is(parser.KindIf) {
			break
		}
		n = parser.If{Node: n.Else()}
		sep = hardline
	}
	p.spacing(space)
	p.nest++
	p.grouped(n.Else())
	p.nest--
	p.end()
}

// let prints `let … in body`, which always takes several lines.
func (p *printer) let(n parser.Let) {
	p.group(groupRegular)
	p.token(n.FirstToken())
	p.spacing(hardline)
	p.nest++
	p.items(n.Node, n.ChildCount()-1, n.In(), hardline)
	p.nest--
	p.end()
	p.spacing(hardline)
	p.prependTrail(p.first(n.Body()), p.leaf(n.In()))
	p.group(groupRegular)
	p.tokenText(n.In())
	p.spacing(hardline)
	p.expr(n.Body())
	p.end()
}

// with prints `with namespace; body`.
func (p *printer) with(n parser.With) {
	p.group(groupRegular)
	p.withStart(n)
	p.end()
	p.spacing(space)
	p.expr(n.Body())
}

// withAbsorbed prints a `with` whose body, an absorbable term, starts on its
// line.
func (p *printer) withAbsorbed(n parser.With) {
	p.group(groupRegular)
	p.spacing(lineBreak)
	p.withStart(n)
	p.spacing(hardspace)
	p.group(groupPriority)
	p.term(n.Body(), true)
	p.end()
	p.end()
}

func (p *printer) withStart(n parser.With) {
	p.token(n.FirstToken())
	p.spacing(hardspace)
	p.nest++
	p.grouped(n.Namespace())
	p.nest--
	p.token(n.Semicolon())
}

// assert prints `assert condition; body`, as if `assert` were a function that
// the condition is applied to.
func (p *printer) assert(n parser.Assert) {
	p.group(groupRegular)
	mark := len(p.terms)
	if n.Cond().Is(parser.KindApply) {
		p.pushTerms(n.Cond())
	} else {
		p.terms = append(p.terms, n.Cond())
	}
	keyword := n.FirstToken()
	p.call(&call{keyword: keyword, args: p.terms[mark:]}, keyword, p.leaf(keyword))
	p.terms = p.terms[:mark]
	p.token(n.Semicolon())
	p.spacing(hardline)
	p.expr(n.Body())
	p.end()
}
