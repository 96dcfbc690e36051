package pattern

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/parser"
)

// Template is code to put in the place of what a pattern finds. It is immutable
// and safe for concurrent use.
type Template struct {
	source
	p *Pattern
}

// ParseTemplate reads a template for what a pattern finds: code of the same
// form, with metavariables that the pattern has. For a binding it may be
// several bindings. The error is an *Error.
func ParseTemplate(text string, p *Pattern) (*Template, error) {
	t, err := parseTemplate(text, p)
	return t, located(err, text)
}

func parseTemplate(text string, p *Pattern) (*Template, error) {
	s, err := parseSource(text)
	if err != nil {
		return nil, err
	}
	if s.form != p.form {
		help := map[form]string{
			formExpr:   "it must not end in `;` or `,`",
			formEntry:  "end it in `;`",
			formFormal: "end it in `,`",
		}[p.form]
		return nil, &Error{Message: fmt.Sprintf("it is %s, and the pattern is %s", formNames[s.form], formNames[p.form]), Help: help}
	}
	t := &Template{source: *s, p: p}
	for _, v := range t.byMark {
		mark := t.marks[v.mark]
		v.index = slices.Index(p.vars, mark.name)
		if v.index < 0 {
			help := "the pattern has no metavariables to use"
			if len(p.vars) > 0 {
				help = "the pattern has `$" + strings.Join(p.vars, "`, `$") + "`"
			}
			return nil, t.fail(mark, fmt.Sprintf("`%s` is not in the pattern", mark.written()), help)
		}
		if have := p.placeOf(v.index); have != t.place(v) {
			return nil, t.fail(mark, fmt.Sprintf("`%s` does not stand for what fits here", mark.written()),
				"`$$$` stands for the same kind of parts in both, and `$` for one")
		}
	}
	return t, nil
}

// place says what a metavariable stands for several of: the kind of the node
// around them, or KindMissing if it stands for one.
func (s *source) place(v *meta) parser.Kind {
	if !v.many {
		return parser.KindMissing
	}
	n := s.nodeOf(v).Parent()
	switch k := n.Kind(); k {
	case parser.KindApply:
		return parser.KindList
	case parser.KindLet:
		return parser.KindAttrSet
	default:
		return k
	}
}

// placeOf is place for a metavariable by its index.
func (p *Pattern) placeOf(index int) parser.Kind {
	for _, v := range p.byMark {
		if v.index == index {
			return p.place(v)
		}
	}
	return parser.KindError
}

// nodeOf returns the node that a metavariable is.
func (s *source) nodeOf(v *meta) parser.Node { return s.tree.Node(v.node) }

// Render makes the code for a match: its text and how tightly that holds
// together. ok is false if there is no such code, for instance since a name of
// the path that the template has stands in a set around the binding.
func (t *Template) Render(m Match) (text string, level precedence.Level, ok bool) {
	plain, ok := t.assemble(m, "")
	if !ok {
		return "", 0, false
	}
	// What comes out must say what the template says, whatever stands beside
	// what.
	if !t.verify(plain, m) {
		return "", 0, false
	}
	text, ok = t.assemble(m, edit.Indentation(m.node.Tree().Source(), m.Span.Start))
	if !ok {
		return "", 0, false
	}
	roots := t.parseRendered(text)
	if len(roots) == 0 {
		return "", 0, false
	}
	if t.form != formEntry {
		return text, precedence.Of(roots[0]), true
	}
	text, ok = fitPath(text, roots, m)
	return text, precedence.Any, ok
}

// Slot returns how tightly an expression must hold together to stand in the
// place of the match without parentheses.
func (m Match) Slot() precedence.Level { return m.slot }

// IsWhole reports whether the match is all of the node at which it starts.
func (m Match) IsWhole() bool { return m.Span == m.node.Span() }

// Kept returns the places in the source that the template keeps, in order.
func (t *Template) Kept(m Match) []parser.Span {
	var out []parser.Span
	for i, c := range m.captures {
		if slices.ContainsFunc(t.byMark, func(v *meta) bool { return v.index == i }) {
			out = append(out, c.spans()...)
		}
	}
	slices.SortFunc(out, func(a, b parser.Span) int { return cmp.Compare(a.Start, b.Start) })
	return out
}

// parseRendered parses a text of the template's form and returns its roots, none
// if it has errors.
func (t *Template) parseRendered(text string) []parser.Node {
	s := source{form: t.form}
	switch t.form {
	case formEntry:
		text = "{" + text + "\n}"
	case formFormal:
		text = "{" + text + "\n}: 0"
	}
	s.tree = parser.Parse(text)
	if s.tree.HasSyntaxErrors() || s.findRoots() != nil {
		return nil
	}
	return s.roots
}

// verify reads rendered text again and compares it with the template.
func (t *Template) verify(text string, found Match) bool {
	roots := t.parseRendered(text)
	if len(roots) != len(t.roots) {
		return false
	}
	m := new(matcher)
	m.reset(&t.source, 0, true)
	m.captures = slices.Clone(found.captures)
	for i := range roots {
		at, ok := m.node(t.roots[i], roots[i], noGoal)
		if !ok || !m.solve(at) {
			return false
		}
	}
	return true
}

// fitPath fits the paths of the bindings that a match is replaced by into its
// surroundings: names that stand in sets around it are taken off, and names that
// stand before it are put before the bindings behind the first too.
func fitPath(text string, roots []parser.Node, m Match) (string, bool) {
	if m.outer == 0 && m.inner == 0 {
		return text, true
	}
	names := outerNames(m)
	before := m.node.Tree().Source()[m.node.Span().Start:m.Span.Start]
	var b strings.Builder
	const wrapped = 1 // the brace that parseRendered puts before the text
	at := uint32(0)
	for i, r := range roots {
		path := r.Child(0)
		if !r.Is(parser.KindBinding) || path.ChildCount() <= m.outer || !startsWith(path, names) {
			return "", false
		}
		b.WriteString(text[at : r.Span().Start-wrapped])
		if i > 0 {
			b.WriteString(before)
		}
		at = path.Child(m.outer).Span().Start - wrapped
	}
	b.WriteString(text[at:])
	return b.String(), true
}

func startsWith(path parser.Node, names []parser.Node) bool {
	for i, name := range names {
		if !equal(path.Child(i), name) {
			return false
		}
	}
	return true
}

// outerNames returns the names of the path of a match that stand in the sets
// around it.
func outerNames(m Match) []parser.Node {
	var names []parser.Node
	b := parser.Binding{Node: m.node}
	for len(names) < m.outer {
		b, _ = enclosing(b)
		names = append(slices.Collect(b.Path().Children()), names...)
	}
	return names[len(names)-m.outer:]
}
