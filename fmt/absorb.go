package nixfmt

import "github.com/nixlint/nixlint/parser"

// An expression is absorbable if its own brackets set it off, so that it may
// start on the line of what it belongs to:
//
//	foo = {
//	  …
//	};

// isAbsorbable reports whether a term is absorbable: a string of several
// lines, or a set or list that has something in it or is spread over lines.
func (p *printer) isAbsorbable(n parser.Node) bool {
	switch n.Kind() {
	case parser.KindIndString:
		return p.isMultiline(n)
	case parser.KindAttrSet:
		s := parser.AttrSet{Node: n}
		return n.ChildCount() > 0 || p.isSpread(s.Open(), s.Close())
	case parser.KindList:
		l := parser.List{Node: n}
		return n.ChildCount() > 0 || p.isSpread(l.Open(), l.Close())
	case parser.KindParen:
		return p.isLoneToken(n.FirstToken()) && p.isAbsorbable(n.Child(0)) && p.onlyAnnotations(p.first(n.Child(0)))
	}
	return false
}

// isLoneToken reports whether a token has no comments.
func (p *printer) isLoneToken(t parser.Token) bool { return p.leaf(t).lone() }

// isSpread reports whether brackets without elements stand on different lines
// or have comments in them.
func (p *printer) isSpread(open, close parser.Token) bool {
	o, c := p.leaf(open), p.leaf(close)
	return o.line != c.line || !o.lone() || c.pre != noRun
}

// onlyAnnotations reports whether a token has no leading trivia but language
// annotations.
func (p *printer) onlyAnnotations(l *leaf) bool {
	for _, t := range p.comments.run(l) {
		if t.kind != triviumAnnotation {
			return false
		}
	}
	return true
}

// isAbsorbableExpr reports whether an expression ends in an absorbable term
// that it introduces: `with e; {…}`, `x: {…}`, `{ x }: {…}`.
func (p *printer) isAbsorbableExpr(n parser.Node) bool {
	for {
		switch n.Kind() {
		case parser.KindWith:
			return p.isAbsorbable(parser.With{Node: n}.Body())
		case parser.KindLambda:
			l := parser.Lambda{Node: n}
			body := l.Body()
			if pattern, ok := l.Pattern(); ok {
				if pattern.At().IsValid() || !p.canFlatten(pattern) || p.leaf(pattern.Open()).trail != 0 || p.leaf(pattern.Open()).pre != noRun ||
					p.first(body).line != p.leaf(l.Colon()).line {
					return false
				}
			} else if !body.Is(parser.KindLambda) {
				return p.isAbsorbable(body)
			}
			n = body
		default:
			return p.isAbsorbable(n)
		}
	}
}

// canFlatten reports whether a lambda's set pattern goes on one line: at most
// two names without defaults.
func (p *printer) canFlatten(n parser.Pattern) bool {
	open, close := n.Open(), n.Close()
	if p.leaf(open).line != p.leaf(close).line || !p.leaf(close).lone() {
		return false
	}
	names := 0
	for f := range n.Formals() {
		if names++; names > 2 || f.Default().IsValid() {
			return false
		}
	}
	for t := open.Next(); t != close; t = t.Next() {
		if !p.isLoneToken(t) {
			return false
		}
	}
	return true
}

// isSimple reports whether an expression is so simple that a call of it is
// never broken: names, literals, selections, and calls of such with at most two
// arguments.
func (p *printer) isSimple(n parser.Node) bool {
	switch n.Kind() {
	case parser.KindString, parser.KindIndString, parser.KindPath, parser.KindURI, parser.KindSearchPath,
		parser.KindIdent, parser.KindInt, parser.KindFloat:
		return p.isLone(n)
	case parser.KindSelect:
		s := parser.Select{Node: n}
		return !s.Default().IsValid() && p.isSimple(s.Expr()) && isPlainPath(s.Path())
	case parser.KindParen:
		return p.isLoneToken(n.FirstToken()) && p.isLoneToken(n.LastToken()) && p.isSimple(n.Child(0))
	case parser.KindApply:
		mark := len(p.terms)
		p.pushTerms(n)
		simple := p.isSimpleCall(p.terms[mark:])
		p.terms = p.terms[:mark]
		return simple
	}
	return false
}

// isSimpleCall reports whether a call of these terms is simple.
func (p *printer) isSimpleCall(terms []parser.Node) bool {
	if len(terms) > 3 {
		return false
	}
	for _, t := range terms {
		if !p.isSimple(t) {
			return false
		}
	}
	return true
}

// isPlainPath reports whether a path is of plain names.
func isPlainPath(path parser.AttrPath) bool {
	for name := range path.Children() {
		if !name.Is(parser.KindName) {
			return false
		}
	}
	return true
}
