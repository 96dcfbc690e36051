package scope

import (
	"iter"

	"github.com/nixlint/nixlint/parser"
)

// At returns the scope that an expression written at the offset would be in, or
// None. Behind the last token of an expression that no bracket closes, such as
// `x: f`, that is the scope of the expression, since what is written there
// continues it.
func (n *Names) At(offset uint32) ID {
	at := offset
	if t := n.tree.TokenAt(offset); !t.IsValid() || t.Span().Start == offset {
		at = n.endBefore(offset)
	}
	var child parser.Node
	for node := n.tree.NodeAt(at); node.IsValid(); node, child = node.Parent(), node {
		if id := n.inside(node, child, offset); id != None {
			return id
		}
	}
	return None
}

// endBefore returns the end of the last token that ends at or before the
// offset, or 0.
func (n *Names) endBefore(offset uint32) uint32 {
	lo, hi := 0, n.tree.TokenCount()-1 // the last is empty
	for lo < hi {
		mid := (lo + hi) / 2
		if n.tree.Token(mid).Span().End <= offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return 0
	}
	return n.tree.Token(lo - 1).Span().End
}

// inside returns the scope that a node opens, if it covers the child at the
// offset.
func (n *Names) inside(node, child parser.Node, offset uint32) ID {
	switch node.Kind() {
	case parser.KindLambda:
		return n.ScopeOf(node)
	case parser.KindLet, parser.KindAttrSet:
		if node.Is(parser.KindAttrSet) {
			if c := (parser.AttrSet{Node: node}).Close(); c.IsValid() && offset >= c.Span().End {
				return None
			}
		}
		if child.Is(parser.KindInherit) {
			// What is inherited without a source comes from outside.
			if in := (parser.Inherit{Node: child}); !in.From().IsValid() {
				return None
			}
		}
		return n.ScopeOf(node)
	case parser.KindWith:
		if semi := (parser.With{Node: node}).Semicolon(); semi.IsValid() && offset >= semi.Span().End {
			return n.ScopeOf(node)
		}
	case parser.KindBinding:
		// The value of `a.b.c = …;` may stand in a `rec` set `a.b` that is
		// written elsewhere.
		through := n.merges.paths[node.ID()]
		for i := len(through) - 1; i >= 0; i-- {
			if through[i] != nil && through[i].rec && offset >= node.Child(0).Span().End {
				return through[i].scope
			}
		}
	}
	return None
}

// Visible yields the definitions that a name can mean in a scope, innermost
// first. Those that are hidden by others of the same name are left out.
func (n *Names) Visible(id ID) iter.Seq[DefID] {
	return func(yield func(DefID) bool) {
		seen := make(map[string]bool)
		for ; id != None; id = n.scopes[id].Parent {
			s := n.scopes[id]
			for d := s.First; d < s.First+DefID(s.Count); d++ {
				if name := n.Name(d); !seen[name] {
					seen[name] = true
					if !yield(d) {
						return
					}
				}
			}
		}
	}
}

// Withs yields the withs around a scope, innermost first, the scope itself
// among them if it is one.
func (n *Names) Withs(id ID) iter.Seq[ID] {
	return func(yield func(ID) bool) {
		for ; id != None; id = n.scopes[id].Parent {
			if n.scopes[id].Kind == With && !yield(id) {
				return
			}
		}
	}
}

// Lookup returns the definition that a name means in a scope, or None.
func (n *Names) Lookup(id ID, name string) DefID {
	for ; id != None; id = n.scopes[id].Parent {
		s := n.scopes[id]
		for d := s.First; d < s.First+DefID(s.Count); d++ {
			if n.Name(d) == name {
				return d
			}
		}
	}
	return None
}
