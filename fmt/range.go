package nixfmt

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// Edit is the replacement of a span of the source by a text.
type Edit struct {
	Span parser.Span
	Text string
}

// FormatRange formats a part of the source: the smallest run of bindings, list
// elements or whole expressions that holds the span. Nothing outside of the
// run changes. What is inside is laid out as in the whole file formatted, moved
// to where it stands now. ok is false if there is nothing to change. The
// error, if any, is a *SyntaxError.
func FormatRange(src string, span parser.Span, o Options) (edit Edit, ok bool, err error) {
	tree := parser.Parse(src)
	out, err := FormatTree(tree, o)
	if err != nil || out == src {
		return Edit{}, false, err
	}
	r := ranger{before: tree, after: parser.Parse(out)}
	for run := r.smallest(trim(src, span)); ; run = r.larger(run) {
		if run.parent.Is(parser.KindFile) {
			edit = Edit{parser.Span{End: uint32(len(src))}, out}
			return edit, true, nil
		}
		if edit, ok := r.edit(run); ok {
			return edit, edit.Text != src[edit.Span.Start:edit.Span.End], nil
		}
	}
}

// trim takes white space off both ends of a span.
func trim(src string, s parser.Span) parser.Span {
	s.End = min(s.End, uint32(len(src)))
	s.Start = min(s.Start, s.End)
	text := src[s.Start:s.End]
	s.Start += uint32(len(text) - len(strings.TrimLeft(text, " \t\r\n")))
	s.End = max(s.Start, s.End-uint32(len(text)-len(strings.TrimRight(text, " \t\r\n"))))
	return s
}

// ranger formats parts of a file whose formatted form is known.
type ranger struct{ before, after *parser.Tree }

// siblings is a run of children of a node, first and last included.
type siblings struct {
	parent      parser.Node
	first, last int
}

// smallest returns the smallest run that can be formatted by itself and covers
// a span.
func (r *ranger) smallest(s parser.Span) siblings {
	n := r.before.NodeCovering(s)
	switch n.Kind() {
	case parser.KindAttrSet, parser.KindLet, parser.KindList:
		run := siblings{n, -1, -1}
		for i := range n.ChildCount() {
			c := n.Child(i).Span()
			if n.Is(parser.KindLet) && i == n.ChildCount()-1 {
				break // the body is no entry
			}
			if c.End > s.Start && c.Start < s.End {
				if run.first < 0 {
					run.first = i
				}
				run.last = i
			}
		}
		if run.first >= 0 && n.Child(run.first).Span().Start <= s.Start && s.End <= n.Child(run.last).Span().End {
			return run
		}
	}
	return r.unit(n)
}

// larger returns the run around a run.
func (r *ranger) larger(run siblings) siblings { return r.unit(run.parent) }

// unit climbs from a node to one that stands by itself: a binding, an inherit,
// a list element, or the file's expression.
func (r *ranger) unit(n parser.Node) siblings {
	for {
		p := n.Parent()
		if !p.IsValid() {
			return siblings{parent: r.before.Root()}
		}
		if p.Is(parser.KindList) || p.Is(parser.KindFile) || n.Is(parser.KindBinding) || n.Is(parser.KindInherit) {
			i := slices.Collect(p.Children())
			at := slices.Index(i, n)
			return siblings{p, at, at}
		}
		n = p
	}
}

// edit lays out a run. ok is false if that cannot be done without touching
// what is around it.
func (r *ranger) edit(run siblings) (e Edit, ok bool) {
	parent, ok := r.counterpart(run.parent)
	if !ok || parent.ChildCount() != run.parent.ChildCount() {
		return e, false
	}
	e.Span = parser.Span{Start: run.parent.Child(run.first).Span().Start, End: run.parent.Child(run.last).Span().End}
	to := parser.Span{Start: parent.Child(run.first).Span().Start, End: parent.Child(run.last).Span().End}
	// The formatter may have moved a comment over the edge.
	if !slices.Equal(commentsIn(r.before, e.Span), commentsIn(r.after, to)) {
		return e, false
	}
	if e.Text, ok = r.move(to, lineIndent(r.before, e.Span.Start)); !ok {
		return e, false
	}
	src := r.before.Source()
	result := parser.Parse(src[:e.Span.Start] + e.Text + src[e.Span.End:])
	if result.HasSyntaxErrors() || difference(r.before.Expr(), result.Expr()) != "" {
		return e, false
	}
	return e, true
}

// counterpart finds a node in the formatted tree by its way from the root.
func (r *ranger) counterpart(n parser.Node) (parser.Node, bool) {
	var way []int
	for p := n.Parent(); p.IsValid(); n, p = p, p.Parent() {
		i := 0
		for p.Child(i) != n {
			i++
		}
		way = append(way, i)
	}
	out := r.after.Root()
	for _, i := range slices.Backward(way) {
		if out = out.Child(i); !out.IsValid() {
			return out, false
		}
	}
	return out, true
}

// commentsIn returns the words of the comments in a span.
func commentsIn(t *parser.Tree, s parser.Span) []string {
	var words []string
	for v := range t.Comments() {
		if s.Start <= v.Span.Start && v.Span.End <= s.End {
			words = append(words, strings.Fields(strings.Trim(t.TriviaText(v), "#/*"))...)
		}
	}
	return words
}

// lineIndent returns the indentation, in columns, of the line that an offset
// is on.
func lineIndent(t *parser.Tree, at uint32) int {
	line := t.Lines().Text(t.Lines().Line(at))
	return len(line) - len(strings.TrimLeft(line, " \t"))
}

// move returns formatted text with its lines moved so that the line it begins
// on has the given indentation. ok is false if a line cannot be moved.
func (r *ranger) move(s parser.Span, indent int) (string, bool) {
	text := r.after.Source()[s.Start:s.End]
	by := indent - lineIndent(r.after, s.Start)
	if by == 0 {
		return text, true
	}
	fixed := r.fixedLines(s)
	var b strings.Builder
	at := s.Start
	for line := range strings.SplitAfterSeq(text, "\n") {
		switch {
		case at == s.Start || strings.TrimSpace(line) == "":
			b.WriteString(line)
		case fixed[at]:
			return "", false
		case by > 0:
			b.WriteString(strings.Repeat(" ", by))
			b.WriteString(line)
		case strings.HasPrefix(line, strings.Repeat(" ", -by)):
			b.WriteString(line[-by:])
		default:
			return "", false
		}
		at += uint32(len(line))
	}
	return b.String(), true
}

// fixedLines returns the starts of lines whose beginning is text of a string
// in double quotes, where every blank counts.
func (r *ranger) fixedLines(s parser.Span) map[uint32]bool {
	fixed := make(map[uint32]bool)
	src := r.after.Source()
	for n := range r.after.Root().Preorder() {
		if !n.Is(parser.KindString) || !s.Covers(n.Span()) {
			continue
		}
		for e := range n.Elements() {
			if !e.Token.IsValid() || e.Token.Kind() != parser.TokenStringText {
				continue
			}
			for i := e.Token.Span().Start; i < e.Token.Span().End; i++ {
				if src[i] == '\n' {
					fixed[i+1] = true
				}
			}
		}
	}
	return fixed
}
