package pattern

import (
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/parser"
)

// Match is what a pattern has found.
type Match struct {
	Span parser.Span

	p        *Pattern
	node     parser.Node // where it starts
	slot     precedence.Level
	captures []capture // by the index of the metavariable

	// Of a binding found by the last names of its path, outer is the number of
	// names that stand in sets around it, and inner that of names that stand
	// before those found.
	outer, inner int
}

// Node returns the node at which the match starts. The match is shorter than
// the node if that is a longer call, selection or path.
func (m Match) Node() parser.Node { return m.node }

// start compares the pattern as a whole.
func (m *matcher) start(p *Pattern, n parser.Node) (Match, bool) {
	found := Match{Span: n.Span(), node: n}
	root := p.root()
	if p.form == formExpr {
		found.slot = precedence.Slot(n)
	}
	switch {
	case p.bare:
		return found, m.bind(m.p.metaOf(root), capture{kind: captureNode, node: n})
	case root.Is(parser.KindApply):
		return found, m.startCall(root, n, &found)
	case root.Is(parser.KindSelect):
		return found, m.startSelection(root, n, &found)
	case root.Is(parser.KindBinding):
		return found, m.startBinding(parser.Binding{Node: root}, parser.Binding{Node: n}, &found)
	}
	at, ok := m.node(root, n, noGoal)
	return found, ok && m.solve(at)
}

// startCall looks for a call at the beginning of a call.
func (m *matcher) startCall(p, n parser.Node, found *Match) bool {
	args := n.ChildCount() - 1
	if want := p.ChildCount() - 1; !m.hasMany(p) && want < args {
		args = want
		found.Span.End = n.Child(args).Span().End
		found.slot = precedence.Apply
	}
	at, ok := m.application(p, n, args, noGoal)
	return ok && m.solve(at)
}

// startSelection looks for a selection at the beginning of a selection, for a
// long one first.
func (m *matcher) startSelection(p, n parser.Node, found *Match) bool {
	if p.ChildCount() != n.ChildCount() {
		return false
	}
	next := noGoal
	path, own := p.Child(1), n.Child(1)
	least, most := path.ChildCount(), own.ChildCount()
	switch {
	case p.ChildCount() == 3:
		next = m.both(p.Child(2), n.Child(2), noGoal)
		least = most
	case m.hasMany(path):
		least = most
	case m.p.metaOf(p.Child(0)) == nil:
		most = min(most, least)
	}
	for names := most; names >= least; names-- {
		s := m.state()
		if at, ok := m.selection(p, n, names, next); ok && m.solve(at) {
			if names < own.ChildCount() {
				found.Span.End = own.Child(names - 1).Span().End
				found.slot = precedence.Simple
			}
			return true
		}
		m.undo(s)
	}
	return false
}

// startBinding looks for a binding by the last names of its path, those of the
// sets around it included.
func (m *matcher) startBinding(p, n parser.Binding, found *Match) bool {
	path := p.Path().Node
	least := path.ChildCount()
	all := m.hasMany(path)
	if all {
		least = 0
		for c := range path.Children() {
			if !m.p.isMany(c) {
				least++
			}
		}
	}
	own := n.Path().ChildCount()
	bindings := []parser.Binding{n}
	most := own
	for most < least || all {
		outer, ok := enclosing(bindings[len(bindings)-1])
		if !ok {
			break
		}
		bindings = append(bindings, outer)
		most += outer.Path().ChildCount()
	}
	if most < least {
		return false
	}
	for i := len(bindings) - 1; i >= 0; i-- {
		for name := range bindings[i].Path().Children() {
			m.seq = append(m.seq, name)
		}
	}
	end := len(m.seq)
	if !all {
		most = least
	}
	for names := least; names <= most; names++ {
		s := m.state()
		value := m.both(p.Value(), n.Value(), noGoal)
		if m.solve(m.push(goal{kind: goalRun, p: path, pe: path.ChildCount(), si: end - names, se: end, next: value})) {
			found.outer, found.inner = max(0, names-own), max(0, own-names)
			found.Span.Start = n.Path().Child(found.inner).Span().Start
			return true
		}
		m.undo(s)
	}
	return false
}

// enclosing returns the binding whose value is the set that a binding is in.
func enclosing(b parser.Binding) (parser.Binding, bool) {
	set := b.Parent()
	if !set.Is(parser.KindAttrSet) || (parser.AttrSet{Node: set}).IsLegacyLet() {
		return parser.Binding{}, false
	}
	for p := set.Parent(); p.IsValid(); p = p.Parent() {
		switch p.Kind() {
		case parser.KindParen:
		case parser.KindBinding:
			return parser.Binding{Node: p}, true
		default:
			return parser.Binding{}, false
		}
	}
	return parser.Binding{}, false
}
