package graph

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/mattn/go-runewidth"
)

// Sizes in the picture, in pixels.
const (
	margin      = 40
	headHeight  = 92 // title and summary
	rowHeight   = 20
	cardHead    = 30
	cardFoot    = 8
	cardGap     = 13
	nodeHeight  = 54
	smallNode   = 32 // when there are many
	nodeGap     = 14
	maxNodeGap  = 72
	edgeSpace   = 220 // between columns at least
	minColumn   = 130
	labelWidth  = 6.7 // of a character in a row
	nameWidth   = 8.4 // of a character in a node's name
	noteWidth   = 6.6 // and in the note below it
	dotSpace    = 10  // between the marks of the nodes
	maxDots     = 12  // nodes; more of them have a column with their name each
	maxMarks    = 80  // nodes; more of them are counted instead
	cellSpace   = 11  // between the columns
	tilted      = 5.0 // height of a character in the tilted name of a column
	maxLabel    = 34  // characters
	manyNodes   = 12
	manyRows    = 130 // more than that are collapsed into their categories
	manyGroups  = 60  // more than that are collapsed further
	portSpread  = 3.2 // between edges at a node
	portMargin  = 8
	cardPadding = 14
)

// place gives everything its place.
func (p *picture) place() {
	p.hosts.order()
	p.users.order()
	tall := max(p.hosts.measure(), p.users.measure())
	top := headHeight + max(p.hosts.names(), p.users.names())
	x := p.hosts.put(margin, top, tall)
	if len(p.users.nodes) > 0 {
		x = p.users.put(x+edgeSpace*0.7, top, tall)
	}
	p.width = max(x+margin, 2*margin+nameWidth*float64(max(len(p.title), len(p.summary)*4/5)))
	p.height = top + tall + margin
	i := 0
	for _, s := range []*side{&p.hosts, &p.users} {
		for _, c := range s.cards {
			for _, r := range c.rows {
				r.id = fmt.Sprintf("r%d", i)
				i++
			}
		}
	}
}

func (s *side) order() {
	sources := make([]*source, len(s.nodes))
	byRef := make(map[*source]*node, len(s.nodes))
	for i, n := range s.nodes {
		sources[i] = &n.source
		byRef[&n.source] = n
	}
	order(sources, s.cards)
	for i, src := range sources {
		s.nodes[i] = byRef[src]
	}
}

// measure sizes the nodes and cards and returns the height of the taller
// column.
func (s *side) measure() float64 {
	widest := 0
	width := float64(minColumn)
	for _, n := range s.nodes {
		if len(s.nodes) > manyNodes {
			width = max(width, 80+nameWidth*float64(runewidth.StringWidth(n.label)))
		} else {
			width = max(width, 40+max(nameWidth*float64(runewidth.StringWidth(n.label)), noteWidth*float64(len(n.note))))
		}
	}
	nodes := 0.0
	for _, n := range s.nodes {
		n.w, n.h = width, nodeHeight
		if len(s.nodes) > manyNodes {
			n.h = smallNode
		} else {
			n.h = max(n.h, min(150, 2*portMargin+portSpread*float64(len(n.rows)+len(n.users))))
		}
		nodes += n.h + nodeGap
	}
	for _, c := range s.cards {
		widest = max(widest, min(maxLabel, runewidth.StringWidth(c.label))+6)
		for _, r := range c.rows {
			label := min(maxLabel, runewidth.StringWidth(r.label))
			if r.style == string(Unregistered) && !s.collapsed {
				label += len(unregisteredMark)
			}
			widest = max(widest, label)
		}
	}
	s.count, s.step = 0, 0
	if s.collapsed || len(s.nodes) > maxMarks {
		s.count = 4.5 * labelWidth
	}
	switch {
	case len(s.nodes) <= maxDots:
		s.step = dotSpace
	case len(s.nodes) <= maxMarks:
		s.step = cellSpace
	}
	s.width = max(minColumn, 2*cardPadding+labelWidth*float64(widest)+12+s.count+s.step*float64(len(s.nodes)))
	cards := 0.0
	for _, c := range s.cards {
		c.w, c.h = s.width, cardHead+cardFoot+rowHeight*float64(len(c.rows))
		if c.bare {
			c.h -= cardHead - cardFoot
		}
		cards += c.h + cardGap
	}
	s.height = max(nodes-nodeGap, cards-cardGap)
	return s.height
}

// most is the greatest number of modules that a row stands for.
func (s *side) most() int {
	most := 1
	for _, c := range s.cards {
		for _, r := range c.rows {
			most = max(most, r.count)
		}
	}
	return most
}

// hasNames reports whether the marks of the nodes stand in columns with names.
func (s *side) hasNames() bool { return s.step > 0 && len(s.nodes) > maxDots }

// names is how much room the names of those columns take.
func (s *side) names() float64 {
	longest := 0
	if s.hasNames() {
		for _, n := range s.nodes {
			longest = max(longest, runewidth.StringWidth(n.label))
		}
	}
	return tilted * float64(longest)
}

// mark is where the mark of the i-th node stands in a card.
func (s *side) mark(i int) float64 {
	return s.cardsAt + s.width - cardPadding - s.count - s.step*(float64(len(s.nodes)-i)-0.5)
}

// put places the side's two columns from x on, between top and top plus
// height, and returns where it ends.
func (s *side) put(x, top, height float64) float64 {
	used := 0.0
	for _, n := range s.nodes {
		used += n.h
	}
	gap := max(nodeGap, min(maxNodeGap, (height-used)/float64(len(s.nodes)+1)))
	y := top + (height-used-gap*float64(len(s.nodes)-1))/2
	for _, n := range s.nodes {
		n.x, n.y = x, y
		y += n.h + gap
	}
	if len(s.nodes) > 0 {
		x += s.nodes[0].w
	}
	if len(s.cards) == 0 {
		return x
	}
	x += max(edgeSpace, min(2*edgeSpace, height/5))
	s.cardsAt = x
	used = 0
	for _, c := range s.cards {
		used += c.h + cardGap
	}
	y = top + (height-used+cardGap)/2
	for _, c := range s.cards {
		c.x, c.y = x, y
		at := y + cardHead
		if c.bare {
			at = y + cardFoot
		}
		for _, r := range c.rows {
			r.x, r.y = x, at+rowHeight/2
			at += rowHeight
		}
		y += c.h + cardGap
	}
	return x + s.width
}

// target is an end of an edge.
type target struct {
	row  *row
	user *node
	y    float64
}

// targets are the ends of a node's edges from top to bottom.
func (n *node) targets() []target {
	var out []target
	for _, r := range n.rows {
		out = append(out, target{row: r, y: r.y})
	}
	for _, u := range n.users {
		out = append(out, target{user: u, y: u.y + u.h/2})
	}
	slices.SortStableFunc(out, func(a, b target) int { return cmp.Compare(a.y, b.y) })
	return out
}

// port is where the i-th of n edges leaves a node.
func (n *node) port(i, of int) (x, y float64) {
	step := min(portSpread*2, (n.h-2*portMargin)/float64(max(1, of-1)))
	return n.x + n.w, n.y + n.h/2 + (float64(i)-float64(of-1)/2)*step
}
