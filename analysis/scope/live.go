package scope

import "github.com/nixlint/nixlint/parser"

// Unreachable returns the let definitions whose values can never be asked for:
// those that nothing uses, and those used only by definitions of this kind.
// Definitions inside the value of such a one are left out. They come in the
// order of definition. The slice must not be changed.
func (n *Names) Unreachable() []DefID {
	n.deadOnce.Do(func() { n.dead = n.findDead() })
	return n.dead
}

func (n *Names) findDead() []DefID {
	suspects := false
	for d := range n.defs {
		suspects = suspects || n.isLet(DefID(d)) && n.usedOnlyInside(DefID(d))
	}
	if !suspects {
		return nil
	}

	// A use in the value of a let definition counts once the definition is
	// reached. from[start[d]:start[d+1]] are the uses in the value of d.
	start := make([]int32, len(n.defs)+1)
	for _, u := range n.uses {
		if u.owner != None && u.Def != None {
			start[u.owner+1]++
		}
	}
	for d := range n.defs {
		start[d+1] += start[d]
	}
	from := make([]UseID, start[len(n.defs)])
	next := append([]int32(nil), start...)
	reached := make([]bool, len(n.defs))
	open := make([]bool, len(n.defs)) // owners whose value is reached
	var work []DefID
	reach := func(d DefID) {
		if !reached[d] {
			reached[d] = true
			work = append(work, d)
		}
	}
	for i, u := range n.uses {
		switch {
		case u.Def == None:
		case u.owner == None:
			reach(u.Def)
		default:
			from[next[u.owner]] = UseID(i)
			next[u.owner]++
		}
	}
	for len(work) > 0 {
		d := work[len(work)-1]
		work = work[:len(work)-1]
		owner := n.ownerOf(d)
		open[owner] = true
		for _, u := range from[start[owner]:start[owner+1]] {
			reach(n.uses[u].Def)
		}
	}
	var dead []DefID
	for d := range n.defs {
		owner := n.defs[d].owner
		if n.isLet(DefID(d)) && !reached[d] && (owner == None || open[owner]) {
			dead = append(dead, DefID(d))
		}
	}
	return dead
}

func (n *Names) isLet(d DefID) bool { return n.scopes[n.defs[d].Scope].Kind == Let }

// usedOnlyInside reports whether all uses of a definition stand in the values
// of let definitions.
func (n *Names) usedOnlyInside(d DefID) bool {
	for u := range n.UsesOf(d) {
		if n.uses[u].owner == None {
			return false
		}
	}
	return true
}

// ownerOf returns the definition that stands as owner of the uses in the value
// of a let definition: itself, or the first of its `inherit (…)`.
func (n *Names) ownerOf(d DefID) DefID {
	if n.defs[d].Kind != InheritFrom {
		return d
	}
	in := parser.Inherit{Node: n.tree.Node(n.defs[d].Node).Parent()}
	if first := n.inheritOwner(in); first != None {
		return first
	}
	return d
}

// inheritOwner returns the definition that stands for all of an
// `inherit (…) a b;`: the first, or None.
func (n *Names) inheritOwner(in parser.Inherit) DefID {
	for name := range in.Names() {
		if d := n.DefinitionAt(name); d != None {
			return d
		}
	}
	return None
}
