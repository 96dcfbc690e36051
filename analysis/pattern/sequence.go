package pattern

import "github.com/nixlint/nixlint/parser"

// children adds the goal that the children of p from the pi-th on match those of
// n from the ni-th on, one after the other.
func (m *matcher) children(p, n parser.Node, pi, ni, next int) int {
	return m.childrenUpTo(p, n, pi, ni, n.ChildCount(), next)
}

func (m *matcher) childrenUpTo(p, n parser.Node, pi, ni, ne, next int) int {
	start := len(m.seq)
	for i := ni; i < ne; i++ {
		m.seq = append(m.seq, n.Child(i))
	}
	return m.push(goal{kind: goalRun, p: p, pi: pi, pe: p.ChildCount(), si: start, se: len(m.seq), next: next})
}

// names is children for attribute paths.
func (m *matcher) names(p, n parser.Node, from, to, next int) int {
	return m.childrenUpTo(p, n, 0, from, to, next)
}

// run compares elements in order and returns the goals that are left.
func (m *matcher) run(g goal) (at int, ok bool) {
	if g.pi == g.pe {
		return g.next, g.si == g.se
	}
	p := g.p.Child(g.pi)
	if !m.p.isMany(p) {
		if g.si == g.se || g.pe-g.pi > g.se-g.si && !m.hasMany(g.p) {
			return noGoal, false
		}
		rest := g
		rest.pi, rest.si = g.pi+1, g.si+1
		return m.node(p, m.seq[g.si], m.push(rest))
	}
	v := m.p.metas[p.ID()]
	if g.pi+1 == g.pe {
		return g.next, m.bind(v, m.several(g.si, g.se))
	}
	singles := 0
	for i := g.pi + 1; i < g.pe; i++ {
		if !m.p.isMany(g.p.Child(i)) {
			singles++
		}
	}
	for end := g.si; end <= g.se-singles; end++ {
		s := m.state()
		rest := g
		rest.pi, rest.si, rest.next = g.pi+1, end, m.within(g)
		if m.bind(v, m.several(g.si, end)) && m.solve(m.push(rest)) {
			return m.behind(g), true
		}
		m.undo(s)
		if m.steps > maxSteps {
			break
		}
	}
	return noGoal, false
}

// several is the capture of elements that stand in a row.
func (m *matcher) several(from, to int) capture {
	return capture{kind: captureRun, nodes: m.seq[from:to:to]}
}

// isEntry reports whether a node is one of those whose order does not matter.
func isEntry(n parser.Node) bool {
	switch n.Kind() {
	case parser.KindBinding, parser.KindInherit, parser.KindFormal:
		return true
	}
	return false
}

func countEntries(n parser.Node) int {
	count := 0
	for c := range n.Children() {
		if isEntry(c) {
			count++
		}
	}
	return count
}

// entriesGoal adds the goal that the entries of two sets, lets or set patterns
// match in any order.
func (m *matcher) entriesGoal(p, n parser.Node, next int) int {
	return m.push(goal{kind: goalEntries, p: p, n: n, pe: p.ChildCount(), taken: noGoal, next: next})
}

// entries tries the entries that are not taken for the next one of the pattern.
func (m *matcher) entries(g goal) (at int, ok bool) {
	if g.pi == 0 {
		want, have := countEntries(g.p), countEntries(g.n)
		if want != have && !m.hasMany(g.p) || want-1 > have {
			return noGoal, false
		}
	}
	for g.pi < g.pe && (!isEntry(g.p.Child(g.pi)) || m.p.isMany(g.p.Child(g.pi))) {
		g.pi++
	}
	if g.pi == g.pe {
		return g.next, m.bindOthers(g)
	}
	p := g.p.Child(g.pi)
	for i := range g.n.ChildCount() {
		n := g.n.Child(i)
		if !isEntry(n) || m.isTaken(g, i) {
			continue
		}
		s := m.state()
		rest := g
		rest.pi, rest.next = g.pi+1, m.within(g)
		rest.taken = m.push(goal{choice: i, taken: g.taken})
		if m.solve(m.both(p, n, m.push(rest))) {
			return m.behind(g), true
		}
		m.undo(s)
		if m.steps > maxSteps {
			break
		}
	}
	return noGoal, false
}

// isTaken reports whether an entry has been used for one before.
func (m *matcher) isTaken(g goal, i int) bool {
	for t := g.taken; t != noGoal; t = m.goals[t].taken {
		if m.goals[t].choice == i {
			return true
		}
	}
	return false
}

// bindOthers gives the entries that are left to the `$$$` of a set, if it has
// one.
func (m *matcher) bindOthers(g goal) bool {
	var many *meta
	for c := range g.p.Children() {
		if m.p.isMany(c) {
			many = m.p.metas[c.ID()]
		}
	}
	start := len(m.seq)
	for i := range g.n.ChildCount() {
		if n := g.n.Child(i); isEntry(n) && !m.isTaken(g, i) {
			if many == nil {
				return false
			}
			m.seq = append(m.seq, n)
		}
	}
	if many == nil {
		return true
	}
	c := m.several(start, len(m.seq))
	c.ellipsis = g.n.Is(parser.KindPattern) && (parser.Pattern{Node: g.n}).Ellipsis().IsValid() && !(parser.Pattern{Node: g.p}).Ellipsis().IsValid()
	return m.bind(many, c)
}
