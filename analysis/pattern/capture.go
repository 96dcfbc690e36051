package pattern

import (
	"strings"

	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/parser"
)

// capture is what a metavariable stands for.
type capture struct {
	kind  captureKind
	node  parser.Node
	count int           // names of a selection, arguments of a call
	nodes []parser.Node // of a run
	// ellipsis is set for a run of formals if the pattern does not say that
	// there is a `...`, and there is one.
	ellipsis bool
	span     parser.Span // of parts
}

type captureKind uint8

const (
	captureNone   captureKind = iota
	captureNode               // one node
	captureSelect             // a selection with the first names of its path only
	captureApply              // a call with the first arguments only
	captureRun                // nodes, in the order of the source
	captureParts              // a piece of the string or path node
)

// bind lets a metavariable stand for something. If it does so already, both
// must be the same.
func (m *matcher) bind(v *meta, c capture) bool {
	if v.index < 0 {
		return true
	}
	if was := m.captures[v.index]; was.kind != captureNone {
		return was.equal(c)
	}
	if m.conditions != nil && !m.conditions[v.index].allows(c) {
		return false
	}
	m.captures[v.index] = c
	m.trail = append(m.trail, v.index)
	return true
}

// equal reports whether two captures say the same.
func (c capture) equal(d capture) bool {
	switch {
	case c.kind == captureRun || d.kind == captureRun:
		if c.kind != d.kind || len(c.nodes) != len(d.nodes) || c.ellipsis != d.ellipsis {
			return false
		}
		for i := range c.nodes {
			if !equal(c.nodes[i], d.nodes[i]) {
				return false
			}
		}
		return true
	case c.kind == captureParts || d.kind == captureParts:
		return c.kind == d.kind && c.node.Kind() == d.node.Kind() && c.text() == d.text()
	case c.kind == captureApply || d.kind == captureApply:
		f, fa := c.call()
		g, ga := d.call()
		return fa == ga && fa > 0 && sameChildren(f, g, fa+1)
	case c.kind == captureSelect || d.kind == captureSelect:
		s, sn := c.selection()
		t, tn := d.selection()
		return sn == tn && sn > 0 && equal(s.Child(0), t.Child(0)) && sameChildren(s.Child(1), t.Child(1), sn)
	}
	return equal(c.node, d.node)
}

// call returns a call and the number of arguments that count; 0 for what is no
// call.
func (c capture) call() (parser.Node, int) {
	n := parser.Unparen(c.node)
	switch {
	case c.kind == captureApply:
		return n, c.count
	case n.Is(parser.KindApply):
		return n, n.ChildCount() - 1
	}
	return n, 0
}

// selection returns a selection without default and the number of names that
// count; 0 for what is none.
func (c capture) selection() (parser.Node, int) {
	n := parser.Unparen(c.node)
	switch {
	case c.kind == captureSelect:
		return n, c.count
	case n.Is(parser.KindSelect) && n.ChildCount() == 2:
		return n, n.Child(1).ChildCount()
	}
	return n, 0
}

// sameChildren reports whether the first children of two nodes are equal.
func sameChildren(a, b parser.Node, count int) bool {
	for i := range count {
		if !equal(a.Child(i), b.Child(i)) {
			return false
		}
	}
	return true
}

// spans returns the places in the source that the capture is made of. Entries
// of sets bring the comments that belong to them; neighbours make one span.
func (c capture) spans() []parser.Span {
	switch c.kind {
	case captureNode:
		return []parser.Span{inner(c.node).Span()}
	case captureSelect:
		return []parser.Span{{Start: c.node.Span().Start, End: c.node.Child(1).Child(c.count - 1).Span().End}}
	case captureApply:
		return []parser.Span{{Start: c.node.Span().Start, End: c.node.Child(c.count).Span().End}}
	case captureParts:
		return []parser.Span{c.span}
	}
	var out []parser.Span
	var last parser.Node
	for _, n := range c.nodes {
		s := withComments(n)
		if last.IsValid() && nextSibling(last) == n {
			out[len(out)-1].End = s.End
		} else {
			out = append(out, s)
		}
		last = n
	}
	return out
}

// inner returns a node without the parentheses around it, but for those that a
// comment stands behind.
func inner(n parser.Node) parser.Node {
	for n.Is(parser.KindParen) {
		e := n.Child(0)
		src := n.Tree().Source()
		before, after := src[n.Span().Start+1:e.Span().Start], src[e.Span().End:n.Span().End-1]
		if strings.TrimSpace(before) != "" || strings.TrimSpace(after) != "" {
			return n
		}
		n = e
	}
	return n
}

// withComments returns the span of a node and, if it is a binding or an inherit,
// of the comments that belong to it.
func withComments(n parser.Node) parser.Span {
	s := n.Span()
	if !n.Is(parser.KindBinding) && !n.Is(parser.KindInherit) {
		return s
	}
	if c := n.LeadingComments(); len(c) > 0 {
		s.Start = c[0].Span.Start
	}
	if c, ok := n.TrailingComment(); ok {
		s.End = c.Span.End
	}
	return s
}

func nextSibling(n parser.Node) parser.Node {
	found := false
	for c := range n.Parent().Children() {
		if found {
			return c
		}
		found = c == n
	}
	return parser.Node{}
}

// text returns the source of a capture.
func (c capture) text() string {
	if c.kind == captureNone {
		return ""
	}
	src := c.source()
	var b strings.Builder
	spans := c.spans()
	for i, s := range spans {
		if i > 0 {
			b.WriteString(c.between(spans[i-1], s))
		}
		b.WriteString(src[s.Start:s.End])
	}
	if c.ellipsis {
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString("...")
	}
	return b.String()
}

// between returns what joins two pieces of a run that are no neighbours.
func (c capture) between(a, b parser.Span) string {
	switch n := c.nodes[0]; {
	case n.Is(parser.KindFormal):
		return ", "
	case n.Parent().Is(parser.KindAttrPath):
		return "."
	case strings.Contains(c.source()[a.End:b.Start], "\n"):
		return "\n" + edit.Indentation(c.source(), b.Start)
	}
	return " "
}

func (c capture) source() string {
	if c.kind != captureRun {
		return c.node.Tree().Source()
	}
	if len(c.nodes) == 0 {
		return ""
	}
	return c.nodes[0].Tree().Source()
}

// level returns how tightly the text of a capture holds together.
func (c capture) level() precedence.Level {
	switch c.kind {
	case captureNode:
		return precedence.Of(inner(c.node))
	case captureSelect:
		return precedence.Select
	case captureApply:
		return precedence.Apply
	}
	return precedence.Simple
}

// Text returns the source of what a metavariable stands for, without
// parentheses around it. ok is false if the pattern has no such metavariable.
func (m Match) Text(name string) (text string, ok bool) {
	c, ok := m.capture(name)
	if !ok {
		return "", false
	}
	return c.text(), true
}

func (m Match) capture(name string) (capture, bool) {
	for i, v := range m.p.vars {
		if v == name {
			return m.captures[i], true
		}
	}
	return capture{}, false
}
