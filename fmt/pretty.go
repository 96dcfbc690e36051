package nixfmt

import (
	"unicode/utf8"

	"github.com/nixlint/nixlint/parser"
)

// printer turns a syntax tree into a document. There is one method per
// construct, in the pretty_*.go files; each writes what it is named for at the
// end of the document. The rules are those of nixfmt, which are written down in
// the format standard of RFC 166 only in part.
type printer struct {
	builder
	comments comments
	tree     *parser.Tree
	// ascii is set if the source has no characters beyond ASCII, so that
	// bytes are columns.
	ascii bool
	// terms and pieces are stacks: the terms of the calls and the pieces of the
	// strings that are being printed.
	terms  []parser.Node
	pieces []piece
}

// leaf returns what belongs to a token.
func (p *printer) leaf(t parser.Token) *leaf { return &p.comments.leaves[t.Index()] }

// first and last return the leaves that hold a node's leading trivia and its
// trailing comment.
func (p *printer) first(n parser.Node) *leaf { return p.leaf(n.FirstToken()) }
func (p *printer) last(n parser.Node) *leaf  { return p.leaf(n.LastToken()) }

// isLone reports whether a node of one token, a string or a path has neither
// leading trivia nor a trailing comment.
func (p *printer) isLone(n parser.Node) bool { return p.first(n).pre == noRun && p.last(n).trail == 0 }

// file prints the file's expression and the comments behind it.
func (p *printer) file() {
	// Empty lines at the start of a file go.
	first := &p.comments.leaves[0]
	if first.pre != noRun {
		run := p.comments.run(first)
		for len(run) > 0 && run[0].kind == triviumEmptyLine {
			run = run[1:]
		}
		mark := len(p.comments.list)
		p.comments.list = append(p.comments.list, run...)
		first.pre = p.comments.endRun(mark)
	}
	p.whole(p.tree.Expr(), p.tree.Token(p.tree.TokenCount()-1))
}

// whole prints the expression of a file or interpolation with the comments
// between it and the token that ends it.
func (p *printer) whole(n parser.Node, end parser.Token) {
	p.group(groupRegular)
	p.expr(n)
	p.trivia(p.leaf(end))
	p.end()
}

// grouped prints an expression as a group.
func (p *printer) grouped(n parser.Node) {
	p.group(groupRegular)
	p.expr(n)
	p.end()
}

// expr prints an expression.
func (p *printer) expr(n parser.Node) {
	switch n.Kind() {
	case parser.KindList:
		p.group(groupRegular)
		p.list(n, hardline)
		p.end()
	case parser.KindApply:
		p.apply(n, noSpacing, noSpacing, false)
	case parser.KindBinary:
		p.operation(parser.Binary{Node: n}, false)
	case parser.KindHasAttr:
		p.hasAttr(parser.HasAttr{Node: n})
	case parser.KindUnary:
		p.token(parser.Unary{Node: n}.Operator())
		p.expr(parser.Unary{Node: n}.Expr())
	case parser.KindIf:
		p.ifElse(parser.If{Node: n})
	case parser.KindLet:
		p.let(parser.Let{Node: n})
	case parser.KindWith:
		p.with(parser.With{Node: n})
	case parser.KindAssert:
		p.assert(parser.Assert{Node: n})
	case parser.KindLambda:
		p.lambda(parser.Lambda{Node: n})
	default:
		p.term(n, false)
	}
}

// term prints an expression that needs no parentheses as an argument. Lists are
// not grouped. A wide set breaks its lines if it has anything in it.
func (p *printer) term(n parser.Node, wide bool) {
	switch n.Kind() {
	case parser.KindList:
		p.list(n, hardline)
	case parser.KindAttrSet:
		p.attrSet(parser.AttrSet{Node: n}, wide)
	case parser.KindParen:
		p.paren(parser.Paren{Node: n})
	case parser.KindSelect:
		p.selection(parser.Select{Node: n})
	case parser.KindString, parser.KindIndString:
		p.str(n)
	case parser.KindPath:
		p.path(n)
	case parser.KindURI:
		p.uri(n)
	case parser.KindApply:
		// A function applied to a variable named `or`; see items.
		p.expr(n)
	default:
		p.token(n.FirstToken())
	}
}

// absorb prints an expression so that its own brackets hold it: a term bare, a
// `with` around such a term on the term's first line.
func (p *printer) absorb(n parser.Node, wide bool) {
	switch {
	case p.isAbsorbable(n):
		p.term(n, wide)
	case n.Is(parser.KindWith) && p.isAbsorbable(parser.With{Node: n}.Body()):
		p.withAbsorbed(parser.With{Node: n})
	default:
		p.expr(n)
	}
}

// token prints a token with its comments.
func (p *printer) token(t parser.Token) {
	l := p.leaf(t)
	if l.lone() {
		p.tokenText(t)
		return
	}
	p.trivia(l)
	p.tokenText(t)
	p.trailing(l)
}

// tokenText prints a token without its comments.
func (p *printer) tokenText(t parser.Token) {
	s := t.Span()
	p.source(s.Start, s.End)
}

// source prints a piece of the source.
func (p *printer) source(start, end uint32) { p.text(textRegular, start, end, p.widthOf(start, end)) }

// widthOf returns the number of code points in a part of the text space.
func (p *printer) widthOf(start, end uint32) uint32 {
	switch n := uint32(len(p.src)); {
	case end > n:
		return uint32(utf8.RuneCount(p.comments.texts[start-n : end-n]))
	case p.ascii:
		return end - start
	}
	return uint32(utf8.RuneCountInString(p.src[start:end]))
}

// literal prints a text that is not in the source.
func (p *printer) literal(kind elemKind, s string) {
	start := p.comments.textEnd()
	p.comments.texts = append(p.comments.texts, s...)
	end := p.comments.textEnd()
	p.text(kind, start, end, p.widthOf(start, end))
}

// items prints the elements of a set, a list or a let, with sep in between.
// Comments before an element are items of their own; close is the token behind
// the last element, whose leading trivia is the last item.
func (p *printer) items(n parser.Node, count int, close parser.Token, sep spacing) {
	first := true
	for i := range count {
		c := n.Child(i)
		if n.Is(parser.KindList) && c.Is(parser.KindApply) {
			// A function applied to a variable named `or`, which Nix allows
			// here without parentheses. They look like two elements.
			p.itemWithComments(c.Child(0), first, sep)
			first, c = false, c.Child(1)
		}
		p.itemWithComments(c, first, sep)
		first = false
	}
	if l := p.leaf(close); l.pre != noRun {
		if !first {
			p.spacing(sep)
		}
		p.trivia(l)
	}
}

// itemWithComments prints an element and the comments before it, which are an
// item of their own unless they end with a language annotation.
func (p *printer) itemWithComments(n parser.Node, first bool, sep spacing) {
	l := p.first(n)
	pre := l.pre
	glued := false
	if l.pre != noRun {
		if !first {
			p.spacing(sep)
		}
		first = false
		run := p.comments.run(l)
		glued = run[len(run)-1].kind == triviumAnnotation
		p.trivia(l)
		l.pre = noRun
	}
	if !first && !glued {
		p.spacing(sep)
	}
	p.group(groupRegular)
	p.item(n)
	p.end()
	l.pre = pre
}

// item prints an element of a set, a list or a let.
func (p *printer) item(n parser.Node) {
	switch n.Kind() {
	case parser.KindBinding:
		p.binding(parser.Binding{Node: n})
	case parser.KindInherit:
		p.inherit(parser.Inherit{Node: n})
	default:
		p.expr(n)
	}
}
