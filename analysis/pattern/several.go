package pattern

import (
	"slices"

	"github.com/nixlint/nixlint/parser"
)

func (s *source) isMany(n parser.Node) bool {
	m := s.metaOf(n)
	return m != nil && m.many
}

// manyNode returns the node that stands for several: the name itself, or what
// is around it and nothing else. It is invalid if only one can stand there.
func (s *source) manyNode(n parser.Node, m mark) parser.Node {
	p := n.Parent()
	switch p.Kind() {
	case parser.KindList, parser.KindAttrPath:
		return n
	case parser.KindInherit:
		if m.entry {
			return p
		}
		return n
	case parser.KindApply:
		if p.Child(0) != n {
			return n
		}
	case parser.KindFormal:
		if p.ChildCount() == 1 && s.form != formFormal {
			return p
		}
	case parser.KindInterp:
		if k := p.Parent().Kind(); k == parser.KindString || k == parser.KindIndString || k == parser.KindPath {
			return p
		}
	}
	return parser.Node{}
}

// manyIn yields the metavariables among the children of a node that stand for
// several, each with the child before it.
func (s *source) manyIn(n parser.Node, yield func(m mark, child, before parser.Node) error) error {
	var before parser.Node
	for c := range n.Children() {
		if s.isMany(c) {
			if err := yield(s.marks[s.metas[c.ID()].mark], c, before); err != nil {
				return err
			}
		}
		before = c
	}
	return nil
}

// checkSets reports sets of which two metavariables stand for the others.
func (s *source) checkSets() error {
	for n := range s.tree.Root().Preorder() {
		switch n.Kind() {
		case parser.KindAttrSet, parser.KindLet, parser.KindPattern:
		default:
			continue
		}
		count := 0
		err := s.manyIn(n, func(m mark, _, _ parser.Node) error {
			if count++; count > 1 {
				return s.fail(m, "a second `$$$` in one set", "the order of a set does not matter: one `$$$` stands for all others")
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// checkSequences reports metavariables of a pattern that could share what they
// stand for in any way.
func (s *source) checkSequences() error {
	for n := range s.tree.Root().Preorder() {
		err := s.manyIn(n, func(m mark, child, before parser.Node) error {
			switch {
			case before.IsValid() && s.isMany(before) && !textBetween(before, child):
				return s.fail(m, "two `$$$` side by side", "one stands for any number")
			case !before.IsValid() && n.Is(parser.KindAttrPath) && n.Parent().Is(parser.KindBinding) && slices.Contains(s.roots, n.Parent()):
				return s.fail(m, "a path that begins with `$$$`", "a binding is found by the last names of its path: leave it out, or write `$_` for one name")
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// textBetween reports whether text of a string stands between two of its
// interpolations.
func textBetween(a, b parser.Node) bool {
	return a.Is(parser.KindInterp) && a.Span().End < b.Span().Start
}
