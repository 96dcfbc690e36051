package scope

import "github.com/nixlint/nixlint/parser"

// Nix merges the pieces of a set that is defined more than once while it
// parses: `a = { x = 1; }; a.y = 2; a = rec { … };` is one set. Whether its
// members see each other depends on the first piece alone; if it says `rec`,
// the members of all pieces are in scope in all pieces, and if it does not, a
// later `rec` means nothing (ParserState::addAttr and ExprAttrs::bindVars).

// merges are the sets of a file that are defined in pieces of which at least
// one is a `rec` set. Hardly any file has one.
type merges struct {
	// pieces gives the merged set that a set literal is part of.
	pieces map[parser.NodeID]*mergedSet
	// paths gives, for each name of a binding's path but the last, the merged
	// set that the rest of the path goes into, or nil.
	paths map[parser.NodeID][]*mergedSet
}

type mergedSet struct {
	rec bool // the first piece is a `rec` set
	// pieces are set literals, and the names that paths define in the set.
	pieces  []parser.Node
	hasRec  bool
	members members
	scope   ID // once it has been opened
}

type members map[string]*mergedSet

// mergedSets finds the merged sets of a file.
func mergedSets(t *parser.Tree) merges {
	m := merges{pieces: make(map[parser.NodeID]*mergedSet), paths: make(map[parser.NodeID][]*mergedSet)}
	done := make(map[parser.NodeID]bool)
	for id := range t.NodeCount() {
		n := t.Node(parser.NodeID(id))
		if !isMergeable(n) || !(parser.AttrSet{Node: n}).IsRec() {
			continue
		}
		outermost := containerOf(n)
		for isMergeable(outermost) && containerOf(outermost).IsValid() {
			outermost = containerOf(outermost)
		}
		if outermost.IsValid() && !done[outermost.ID()] {
			done[outermost.ID()] = true
			m.collect(make(members), outermost)
		}
	}
	for id, set := range m.pieces {
		if !set.matters() {
			delete(m.pieces, id)
		}
	}
	for id, sets := range m.paths {
		matters := false
		for i, set := range sets {
			if set != nil && set.matters() {
				matters = true
			} else {
				sets[i] = nil
			}
		}
		if !matters {
			delete(m.paths, id)
		}
	}
	return m
}

func (s *mergedSet) matters() bool { return s.hasRec && len(s.pieces) > 1 }

// isMergeable reports whether a node is a set that can be merged with others.
func isMergeable(n parser.Node) bool {
	return n.Is(parser.KindAttrSet) && !(parser.AttrSet{Node: n}).IsLegacyLet()
}

// containerOf returns the set or let of which a set is directly the value of a
// binding.
func containerOf(set parser.Node) parser.Node {
	p := parser.WithParens(set).Parent()
	if !p.Is(parser.KindBinding) {
		return parser.Node{}
	}
	return p.Parent()
}

// collect adds the bindings of a set or let to the members of a merged set.
func (m *merges) collect(into members, set parser.Node) {
	for entry := range set.Children() {
		if !entry.Is(parser.KindBinding) {
			continue
		}
		b := parser.Binding{Node: entry}
		path := b.Path().Node
		last := path.ChildCount() - 1
		through := make([]*mergedSet, last)
		at := into
		for i := range last {
			sub := at.member(path.Child(i))
			if sub == nil {
				at = make(members) // a computed name starts a set of its own
				continue
			}
			sub.pieces = append(sub.pieces, path.Child(i+1))
			through[i] = sub
			at = sub.members
		}
		if last > 0 {
			m.paths[entry.ID()] = through
		}
		value := parser.Unparen(b.Value())
		if !isMergeable(value) {
			continue
		}
		sub := at.member(path.Child(last))
		if sub == nil {
			m.collect(make(members), value)
			continue
		}
		rec := (parser.AttrSet{Node: value}).IsRec()
		sub.rec = sub.rec || rec && len(sub.pieces) == 0
		sub.hasRec = sub.hasRec || rec
		sub.pieces = append(sub.pieces, value)
		m.pieces[value.ID()] = sub
		m.collect(sub.members, value)
	}
}

// member returns the member of the given name, made if it was not there, or
// nil if the name is computed.
func (m members) member(name parser.Node) *mergedSet {
	if !isStatic(name) {
		return nil
	}
	text := nameText(name)
	s := m[text]
	if s == nil {
		s = &mergedSet{members: make(members), scope: None}
		m[text] = s
	}
	return s
}

// enterMerged enters the scope of a merged set that sees itself.
func (r *resolver) enterMerged(m *mergedSet) ID {
	if m.scope != None {
		r.reenter(m.scope)
		return m.scope
	}
	m.scope = r.open(Rec, m.pieces[0])
	for _, p := range m.pieces {
		switch {
		case p.Is(parser.KindAttrSet):
			r.links[p.ID()] = int32(m.scope) + 1
			r.declare(p)
		case isStatic(p):
			r.define(Binding, p)
		}
	}
	return m.scope
}

// pathThrough resolves a binding whose path leads through merged sets: the rest
// of the path and the value see the members of those that say `rec`.
func (r *resolver) pathThrough(b parser.Binding, through []*mergedSet) {
	outer := r.scope
	entered := make([]ID, 0, len(through))
	path := b.Path().Node
	for i := range path.ChildCount() {
		if name := path.Child(i); name.Kind() != parser.KindName {
			r.expr(name)
		}
		if i < len(through) && through[i] != nil && through[i].rec {
			entered = append(entered, r.enterMerged(through[i]))
		}
	}
	r.expr(b.Value())
	for i := len(entered) - 1; i >= 0; i-- {
		r.leave(entered[i])
	}
	r.scope = outer
}

// IsMerged reports whether a set is one of several pieces of a set that Nix
// merges, at least one of which says `rec`.
func (n *Names) IsMerged(set parser.Node) bool { return n.merges.pieces[set.ID()] != nil }

// PiecesOf returns the pieces of the set that [Names.IsMerged] speaks of, in
// the order of the text: set literals, and the names that paths define in it.
// rec is set if the members of all pieces see each other, that is, if the first
// piece says `rec`.
func (n *Names) PiecesOf(set parser.Node) (pieces []parser.Node, rec bool) {
	m := n.merges.pieces[set.ID()]
	if m == nil {
		return nil, false
	}
	return m.pieces, m.rec
}
