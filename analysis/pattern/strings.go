package pattern

import (
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// part is a piece of a string or path as it stands in the source: text with its
// escapes, or an interpolation.
type part struct {
	text   string
	interp parser.Node // invalid for text
	span   parser.Span
}

// appendParts adds the parts of a string or path.
func appendParts(out []part, n parser.Node) []part {
	for e := range n.Elements() {
		switch {
		case e.Node.IsValid():
			out = append(out, part{interp: e.Node, span: e.Node.Span()})
		case e.Token.Kind() == parser.TokenStringText, e.Token.Kind() == parser.TokenPathText:
			out = append(out, part{text: e.Token.Text(), span: e.Token.Span()})
		}
	}
	return out
}

// stringGoal adds the goal that two strings or paths of one kind match, part by
// part. Their texts are compared as written.
func (m *matcher) stringGoal(p, n parser.Node, next int) int {
	pi := len(m.parts)
	m.parts = appendParts(m.parts, p)
	si := len(m.parts)
	m.parts = appendParts(m.parts, n)
	return m.push(goal{kind: goalParts, p: p, n: n, pi: pi, pe: si, si: si, se: len(m.parts), next: next})
}

// stringParts compares the next part of the pattern.
func (m *matcher) stringParts(g goal) (at int, ok bool) {
	if g.pi == g.pe {
		return g.next, g.si == g.se
	}
	want := m.parts[g.pi]
	rest := g
	rest.pi++
	switch {
	case !want.interp.IsValid():
		if !m.skipText(&rest, want.text) {
			return noGoal, false
		}
		return m.push(rest), true
	case !m.p.isMany(want.interp):
		if g.si == g.se || g.off > 0 || !m.parts[g.si].interp.IsValid() {
			return noGoal, false
		}
		rest.si++
		return m.node(want.interp.Child(0), m.parts[g.si].interp.Child(0), m.push(rest))
	}
	v := m.p.metas[want.interp.ID()]
	if g.pi+1 == g.pe {
		return g.next, m.bind(v, m.piece(g, g.se, 0))
	}
	rest.next = m.within(g)
	for m.nextPlace(&rest, m.parts[g.pi+1]) {
		s := m.state()
		if m.bind(v, m.piece(g, rest.si, rest.off)) && m.solve(m.push(rest)) {
			return m.behind(g), true
		}
		m.undo(s)
		if m.steps > maxSteps {
			break
		}
		if m.parts[rest.si].interp.IsValid() {
			rest.si++
		} else {
			rest.off++
		}
	}
	return noGoal, false
}

// skipText passes over the text, if the string goes on with it.
func (m *matcher) skipText(g *goal, text string) bool {
	if g.si == g.se || !strings.HasPrefix(m.parts[g.si].text[min(g.off, len(m.parts[g.si].text)):], text) {
		return false
	}
	if g.off += len(text); g.off == len(m.parts[g.si].text) {
		g.si, g.off = g.si+1, 0
	} else if inEscape(g.n, m.parts[g.si].text, g.off) {
		return false
	}
	return true
}

// nextPlace goes on to the next place, the one at hand included, where a part
// of the pattern may begin.
func (m *matcher) nextPlace(g *goal, want part) bool {
	for ; g.si < g.se; g.si, g.off = g.si+1, 0 {
		have := m.parts[g.si]
		switch {
		case want.interp.IsValid() != have.interp.IsValid():
		case want.interp.IsValid():
			return true
		default:
			for g.off < len(have.text) {
				i := strings.Index(have.text[g.off:], want.text)
				if i < 0 {
					break
				}
				if g.off += i; !inEscape(g.n, have.text, g.off) {
					return true
				}
				g.off++
			}
		}
	}
	return false
}

// piece is the capture of what lies between the place of a goal and another.
func (m *matcher) piece(g goal, si, off int) capture {
	place := func(si, off int) uint32 {
		if si < g.se {
			return m.parts[si].span.Start + uint32(off)
		}
		if g.si < g.se {
			return m.parts[g.se-1].span.End
		}
		return endOfText(g.n)
	}
	return capture{kind: captureParts, node: g.n, span: parser.Span{Start: place(g.si, g.off), End: place(si, off)}}
}

// endOfText returns where the text of a string or path ends.
func endOfText(n parser.Node) uint32 {
	if n.Is(parser.KindPath) {
		return n.Span().End
	}
	return n.LastToken().Span().Start
}

// inEscape reports whether an offset in the text of a string lies inside of an
// escape, as Nix's lexer reads it.
func inEscape(n parser.Node, text string, off int) bool {
	indented := n.Is(parser.KindIndString)
	if n.Is(parser.KindPath) {
		return false
	}
	for i := 0; i < off; {
		size := 1
		switch rest := text[i:]; {
		case !indented && rest[0] == '\\':
			size = 2
		case indented && strings.HasPrefix(rest, `''\`):
			size = 4
		case indented && (strings.HasPrefix(rest, "'''") || strings.HasPrefix(rest, "''$")):
			size = 3
		case strings.HasPrefix(rest, "$$"):
			size = 2
		}
		if i += size; i > off {
			return true
		}
	}
	return false
}
