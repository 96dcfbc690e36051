package nixfmt

import "github.com/nixlint/nixlint/parser"

// interpolationRoom is the width up to which an interpolation stays on one
// line wherever it stands.
const interpolationRoom = 30

// interp prints `${expr}` among other text.
func (p *printer) interp(n parser.Interp) {
	open, close := n.FirstToken(), n.LastToken()
	e := n.Expr()
	alone := p.leaf(close).pre == noRun
	simple := alone && p.isSimple(e)
	switch {
	case p.squash.active:
		p.tokenText(open)
		p.whole(e, close)
		p.tokenText(close)
	case alone && p.isAbsorbable(e):
		p.group(groupRegular)
		p.tokenText(open)
		p.term(e, false)
		p.tokenText(close)
		p.end()
	case !simple:
		m := p.mark()
		p.group(groupRegular)
		p.tokenText(open)
		if p.onOneLine(n, interpolationRoom) {
			p.drop(m)
			p.tokenText(close)
			p.end()
		} else {
			p.rewind(m)
			p.interpExpanded(n)
		}
	default:
		p.tokenText(open)
		m := p.mark()
		if p.onOneLine(n, unlimited) {
			p.drop(m)
		} else {
			p.rewind(m)
			p.expr(e)
		}
		p.tokenText(close)
	}
}

// onOneLine prints what is between the braces on one line of the given room
// and reports whether it goes there.
func (p *printer) onOneLine(n parser.Interp, room int) bool {
	p.squash = squash{active: true, room: room}
	p.whole(n.Expr(), n.LastToken())
	failed := p.squash.failed
	p.squash = squash{}
	return !failed
}

// interpExpanded prints `${expr}` with the expression on lines of its own
// unless everything around it fits on one.
func (p *printer) interpExpanded(n parser.Interp) {
	p.group(groupRegular)
	p.tokenText(n.FirstToken())
	p.spacing(lineBreak)
	p.nest++
	p.whole(n.Expr(), n.LastToken())
	p.nest--
	p.spacing(lineBreak)
	p.tokenText(n.LastToken())
	p.end()
}

// interpAlone prints `${expr}` as the only thing on its line of a string.
func (p *printer) interpAlone(n parser.Interp) {
	if p.leaf(n.LastToken()).pre != noRun {
		p.interpExpanded(n)
		return
	}
	p.group(groupRegular)
	p.tokenText(n.FirstToken())
	p.nest++
	p.parenInner(n.Expr())
	p.nest--
	p.tokenText(n.LastToken())
	p.end()
}
