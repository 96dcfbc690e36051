package generator

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// sibling is an entry, of a set or list, of the kind that a new one is of,
// with the text by which they are sorted.
type sibling struct {
	node parser.Node
	key  string
}

// place tells where a new entry goes among its siblings, which are in source
// order and at least one: in order if they are sorted, else behind the last.
// before is set if it goes before the sibling and not behind it.
func place(siblings []sibling, key string) (beside parser.Node, before bool) {
	last := siblings[len(siblings)-1].node
	if len(siblings) < 2 || !slices.IsSortedFunc(siblings, func(a, b sibling) int { return strings.Compare(a.key, b.key) }) {
		return last, false
	}
	i := slices.IndexFunc(siblings, func(s sibling) bool { return s.key > key })
	switch i {
	case -1:
		return last, false
	case 0:
		return siblings[0].node, true
	}
	return siblings[i-1].node, false
}

// addEntry puts a new binding or list element beside another: on a line of its
// own if that one has its line for itself.
func (d *draft) addEntry(file string, beside parser.Node, before bool, text string) {
	src := beside.Tree().Source()
	span := beside.Span()
	line := strings.LastIndexByte(src[:span.Start], '\n') + 1
	blank := src[line:span.Start]
	ownLine := strings.TrimSpace(blank) == "" && line > int(beside.Parent().Span().Start)
	switch {
	case !ownLine && before:
		d.insert(file, span.Start, text+" ")
	case !ownLine:
		d.insert(file, span.End, " "+text)
	case before:
		d.insert(file, uint32(commentsAbove(src, line)), blank+text+"\n")
	default:
		line := strings.TrimPrefix(text, "\n")
		d.insert(file, behindComment(src, span.End), text[:len(text)-len(line)]+"\n"+blank+line)
	}
}

// commentsAbove returns the start of the comments on the lines right above one
// that begins at an offset, which belong to it.
func commentsAbove(src string, line int) int {
	for line > 0 {
		above := strings.LastIndexByte(src[:line-1], '\n') + 1
		if !strings.HasPrefix(strings.TrimSpace(src[above:line]), "#") {
			break
		}
		line = above
	}
	return line
}

// behindComment returns the end of what belongs to an entry that ends at an
// offset: a comment at the end of its line.
func behindComment(src string, end uint32) uint32 {
	rest, _, _ := strings.Cut(src[end:], "\n")
	if strings.HasPrefix(strings.TrimLeft(rest, " \t"), "#") {
		return end + uint32(len(strings.TrimRight(rest, " \t\r")))
	}
	return end
}

// addFirst puts a first binding or element into an empty set or list.
func (d *draft) addFirst(file string, holder parser.Node, text string) {
	d.insert(file, holder.LastToken().Span().Start, " "+text+" ")
}

// bindingsOf returns the bindings directly in a set or let.
func bindingsOf(n parser.Node) []parser.Binding {
	var out []parser.Binding
	for c := range n.Children() {
		if c.Is(parser.KindBinding) {
			out = append(out, parser.Binding{Node: c})
		}
	}
	return out
}

// moduleSet returns the set that a module's file gives, behind the function
// and `let` around it.
func moduleSet(n parser.Node) (parser.Node, bool) {
	for {
		switch n = parser.Unparen(n); n.Kind() {
		case parser.KindLambda:
			n = parser.Lambda{Node: n}.Body()
		case parser.KindLet:
			n = parser.Let{Node: n}.Body()
		case parser.KindWith:
			n = parser.With{Node: n}.Body()
		case parser.KindAssert:
			n = parser.Assert{Node: n}.Body()
		default:
			return n, n.Is(parser.KindAttrSet)
		}
	}
}

// bindingAt returns the binding of a set with a path of names, written as one.
func bindingAt(set parser.Node, names ...string) (parser.Binding, bool) {
	for _, b := range bindingsOf(set) {
		if path, ok := b.Path().Static(); ok && slices.Equal(path, names) {
			return b, true
		}
	}
	return parser.Binding{}, false
}

// formals returns the names that the function around a module gives.
func formals(n parser.Node) []string {
	var out []string
	for n = parser.Unparen(n); n.Is(parser.KindLambda); n = parser.Unparen(parser.Lambda{Node: n}.Body()) {
		if p, ok := (parser.Lambda{Node: n}).Pattern(); ok {
			for f := range p.Formals() {
				out = append(out, f.Name().Text())
			}
		}
	}
	return out
}

// needFormal makes sure that a module asks for an argument. It reports whether
// it does now.
func (d *draft) needFormal(file string, tree *parser.Tree, name string) bool {
	n := parser.Unparen(tree.Expr())
	if slices.Contains(formals(n), name) {
		return true
	}
	if !n.Is(parser.KindLambda) {
		if !n.Is(parser.KindAttrSet) && !n.Is(parser.KindLet) {
			return false
		}
		d.insert(file, n.Span().Start, "{ "+name+", ... }:\n\n")
		return true
	}
	p, ok := parser.Lambda{Node: n}.Pattern()
	if !ok || !p.Open().IsValid() {
		return false
	}
	// In order, before the first that comes behind it.
	for f := range p.Formals() {
		if f.Name().Text() > name {
			d.insert(file, f.Span().Start, name+", ")
			return true
		}
	}
	if e := p.Ellipsis(); e.IsValid() {
		d.insert(file, e.Span().Start, name+", ")
		return true
	}
	return false
}
