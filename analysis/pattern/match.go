package pattern

import (
	"slices"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/parser"
)

// maxSteps bounds the comparisons spent on one match. A pattern that needs more
// has several `$$$` in one list of thousands of elements; it does not match
// then.
const maxSteps = 50_000

// Match looks whether the pattern matches at a node: at an expression, a
// binding, an inherit or a formal, of one of the kinds that Kinds returns. The
// tree must be free of syntax errors.
func (p *Pattern) Match(n parser.Node) (Match, bool) {
	if !p.mayMatch(n) {
		return Match{}, false
	}
	m := matchers.Get().(*matcher)
	defer matchers.Put(m)
	m.reset(&p.source, len(p.vars), p.repeats)
	m.conditions = p.conditions
	found, ok := m.start(p, n)
	if !ok {
		return Match{}, false
	}
	found.p = p
	found.captures = slices.Clone(m.captures)
	for i := range found.captures {
		found.captures[i].nodes = slices.Clone(found.captures[i].nodes)
	}
	return found, true
}

// mayMatch is a quick look that keeps most nodes out.
func (p *Pattern) mayMatch(n parser.Node) bool {
	root := p.root()
	if p.bare {
		return isExpr(n)
	}
	if root.Kind() != n.Kind() && !isString(root) {
		return false
	}
	switch root.Kind() {
	case parser.KindString, parser.KindIndString:
		return isString(n) && isExpr(n) && (p.literal == "" || strings.Contains(n.Text(), p.literal))
	case parser.KindApply:
		return p.mayBe(root.Child(0), n.Child(0))
	case parser.KindSelect:
		return root.ChildCount() == n.ChildCount() && p.mayBe(root.Child(0), n.Child(0))
	case parser.KindBinding:
		return p.mayBe(root.Child(0).LastChild(), n.Child(0).LastChild()) && p.mayBe(root.Child(1), n.Child(1))
	case parser.KindUnary:
		return parser.Unary{Node: root}.Op() == parser.Unary{Node: n}.Op()
	case parser.KindBinary:
		return parser.Binary{Node: root}.Op() == parser.Binary{Node: n}.Op() && p.mayBe(root.Child(0), n.Child(0)) && p.mayBe(root.Child(1), n.Child(1))
	case parser.KindWith, parser.KindAssert, parser.KindIf, parser.KindLambda:
		return p.mayBe(root.Child(0), n.Child(0)) && p.mayBe(root.Child(1), n.Child(1))
	}
	return true
}

// mayBe reports whether a part of a node can be what the pattern has there, as
// far as kinds and first names tell.
func (p *Pattern) mayBe(want, n parser.Node) bool {
	want, n = parser.Unparen(want), parser.Unparen(n)
	switch {
	case p.metas[want.ID()] != nil:
		return true
	case want.Kind() != n.Kind():
		return isString(want) && isString(n) || isAttrName(want)
	}
	switch want.Kind() {
	case parser.KindIdent, parser.KindName:
		return n.Text() == want.Text()
	case parser.KindApply, parser.KindSelect:
		return p.mayBe(want.Child(0), n.Child(0))
	}
	return true
}

func isString(n parser.Node) bool { return n.Is(parser.KindString) || n.Is(parser.KindIndString) }

// isExpr reports whether a node is an expression; strings may be names.
func isExpr(n parser.Node) bool { return !isAttrName(n) && !n.Is(parser.KindName) }

func isAttrName(n parser.Node) bool {
	p := n.Parent()
	return p.Is(parser.KindAttrPath) || p.Is(parser.KindInherit) && !n.Is(parser.KindInheritFrom)
}

// matcher compares a pattern with the tree at hand. What is still to be
// compared is a linked list of goals; where there is a choice, each way is
// tried, and undone if it leads nowhere.
type matcher struct {
	p *source
	// repeats is set if what one part of the pattern matches has a bearing on
	// others. Then each way is tried with all goals that follow it, and
	// otherwise with those of the same list or set only.
	repeats    bool
	conditions []condition
	goals      []goal
	captures   []capture
	trail      []int         // the captures made, in order
	seq        []parser.Node // elements of runs
	parts      []part        // parts of strings
	steps      int
}

var matchers = sync.Pool{New: func() any { return new(matcher) }}

func (m *matcher) reset(p *source, vars int, repeats bool) {
	m.p, m.repeats, m.conditions = p, repeats, nil
	m.goals, m.trail, m.seq, m.parts, m.steps = m.goals[:0], m.trail[:0], m.seq[:0], m.parts[:0], 0
	m.captures = m.captures[:0]
	for range vars {
		m.captures = append(m.captures, capture{})
	}
}

type goalKind uint8

const (
	goalNode    goalKind = iota // p against n
	goalRun                     // children pi… of p against seq[si:se]
	goalEntries                 // entries pi… of p against those of n that are not taken
	goalParts                   // parts pi… of the string p against parts[si:se] from offset off on
)

// goal is something that is still to be compared.
type goal struct {
	kind   goalKind
	p, n   parser.Node
	pi, pe int
	si, se int
	off    int // in the text of parts[si]
	taken  int // a goal that holds the entry taken last; -1 if there is none
	choice int // the entry that a goal of this kind holds
	next   int // the goal behind this one, -1 at the end
}

const noGoal = -1

func (m *matcher) push(g goal) int {
	m.goals = append(m.goals, g)
	return len(m.goals) - 1
}

// state is how far a matcher has come.
type state struct{ goals, trail, seq, parts int }

func (m *matcher) state() state {
	return state{len(m.goals), len(m.trail), len(m.seq), len(m.parts)}
}

func (m *matcher) undo(s state) {
	for _, i := range m.trail[s.trail:] {
		m.captures[i] = capture{}
	}
	m.goals, m.trail, m.seq, m.parts = m.goals[:s.goals], m.trail[:s.trail], m.seq[:s.seq], m.parts[:s.parts]
}

// behind returns what follows the goals that a choice is tried with: the rest,
// or, if that is among them, nothing.
func (m *matcher) behind(g goal) int {
	if m.repeats {
		return noGoal
	}
	return g.next
}

// within returns the last goal that a choice is tried with.
func (m *matcher) within(g goal) int {
	if m.repeats {
		return g.next
	}
	return noGoal
}

// solve compares until there are no goals left.
func (m *matcher) solve(at int) bool {
	for at != noGoal {
		if m.steps++; m.steps > maxSteps {
			return false
		}
		g := m.goals[at]
		ok := false
		switch g.kind {
		case goalNode:
			at, ok = m.node(g.p, g.n, g.next)
		case goalRun:
			at, ok = m.run(g)
		case goalEntries:
			at, ok = m.entries(g)
		case goalParts:
			at, ok = m.stringParts(g)
		}
		if !ok {
			return false
		}
	}
	return true
}

// both adds the goal that two nodes match.
func (m *matcher) both(p, n parser.Node, next int) int {
	return m.push(goal{kind: goalNode, p: p, n: n, next: next})
}

// node compares two nodes and returns the goals that are left.
func (m *matcher) node(p, n parser.Node, next int) (int, bool) {
	p = parser.Unparen(p)
	if v := m.p.metaOf(p); v != nil {
		return next, m.bind(v, capture{kind: captureNode, node: n})
	}
	if m.p.ground[p.ID()] {
		return next, equal(p, n)
	}
	n = parser.Unparen(n)
	if p.Kind() != n.Kind() {
		return next, false
	}
	switch p.Kind() {
	case parser.KindString, parser.KindIndString, parser.KindPath:
		return m.stringGoal(p, n, next), true
	case parser.KindList, parser.KindAttrPath:
		return m.children(p, n, 0, 0, next), true
	case parser.KindAttrSet:
		return m.entriesGoal(p, n, next), sameKeyword(p, n)
	case parser.KindLet:
		return m.entriesGoal(p, n, m.both(p.LastChild(), n.LastChild(), next)), true
	case parser.KindPattern:
		return m.pattern(parser.Pattern{Node: p}, parser.Pattern{Node: n}, next)
	case parser.KindInherit:
		pf, nf := parser.Inherit{Node: p}.From(), parser.Inherit{Node: n}.From()
		if pf.IsValid() != nf.IsValid() {
			return next, false
		}
		if pf.IsValid() {
			return m.both(pf, nf, m.children(p, n, 1, 1, next)), true
		}
		return m.children(p, n, 0, 0, next), true
	case parser.KindSelect:
		if p.ChildCount() != n.ChildCount() {
			return next, false
		}
		if p.ChildCount() == 3 {
			next = m.both(p.Child(2), n.Child(2), next)
		}
		return m.selection(p, n, n.Child(1).ChildCount(), next)
	case parser.KindApply:
		return m.application(p, n, n.ChildCount()-1, next)
	case parser.KindUnary:
		if (parser.Unary{Node: p}).Op() != (parser.Unary{Node: n}).Op() {
			return next, false
		}
	case parser.KindBinary:
		if (parser.Binary{Node: p}).Op() != (parser.Binary{Node: n}).Op() {
			return next, false
		}
	}
	if p.ChildCount() != n.ChildCount() {
		return next, false
	}
	for i := p.ChildCount() - 1; i >= 0; i-- {
		next = m.both(p.Child(i), n.Child(i), next)
	}
	return next, true
}

// pattern compares the names that functions take from sets.
func (m *matcher) pattern(p, n parser.Pattern, next int) (int, bool) {
	pa, na := p.At(), n.At()
	if pa.IsValid() != na.IsValid() || p.Ellipsis().IsValid() && !n.Ellipsis().IsValid() {
		return next, false
	}
	if n.Ellipsis().IsValid() && !p.Ellipsis().IsValid() && !m.hasMany(p.Node) {
		return next, false // a `$$$` takes it
	}
	if pa.IsValid() {
		next = m.both(pa, na, next)
	}
	return m.entriesGoal(p.Node, n.Node, next), true
}

// hasMany reports whether a `$$$` stands directly in a node of the pattern.
func (m *matcher) hasMany(p parser.Node) bool { return m.p.open[p.ID()] }

// selection compares a selection with the first names of another one. If the
// pattern selects from a metavariable, that takes as many names as are left.
func (m *matcher) selection(p, n parser.Node, names, next int) (int, bool) {
	path := p.Child(1)
	base := capture{kind: captureNode, node: n.Child(0)}
	from := 0
	if v := m.p.metaOf(p.Child(0)); v != nil {
		if extra := names - path.ChildCount(); extra > 0 && !m.hasMany(path) {
			base, from = capture{kind: captureSelect, node: n, count: extra}, extra
		}
		return m.names(path, n.Child(1), from, names, next), m.bind(v, base)
	}
	return m.both(p.Child(0), n.Child(0), m.names(path, n.Child(1), 0, names, next)), true
}

// application compares a call with one of the first arguments of another. If
// the pattern calls a metavariable, that takes as many arguments as are left.
func (m *matcher) application(p, n parser.Node, args, next int) (int, bool) {
	if v := m.p.metaOf(p.Child(0)); v != nil {
		fn := capture{kind: captureNode, node: n.Child(0)}
		from := 0
		if extra := args - (p.ChildCount() - 1); extra > 0 && !m.hasMany(p) {
			fn, from = capture{kind: captureApply, node: n, count: extra}, extra
		}
		return m.childrenUpTo(p, n, 1, 1+from, 1+args, next), m.bind(v, fn)
	}
	return m.both(p.Child(0), n.Child(0), m.childrenUpTo(p, n, 1, 1, 1+args, next)), true
}

func sameKeyword(a, b parser.Node) bool {
	x, y := parser.AttrSet{Node: a}, parser.AttrSet{Node: b}
	return x.IsRec() == y.IsRec() && x.IsLegacyLet() == y.IsLegacyLet()
}
