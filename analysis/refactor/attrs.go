package refactor

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/parser"
)

// binding returns the binding whose name the selection is in, or whose set's brace it
// is at.
func (p *Place) binding() (b parser.Binding, ok bool) {
	n := p.around(parser.KindBinding)
	if !n.IsValid() {
		return b, false
	}
	b = parser.Binding{Node: n}
	value := b.Value()
	return b, value.IsValid() && (p.at == n || p.at == value || b.Path().Span().Covers(p.at.Span()))
}

// flatten turns `a = { b = 1; }` into `a.b = 1`.
func flatten(p *Place) []Action {
	b, ok := p.binding()
	if !ok || !b.Value().Is(parser.KindAttrSet) {
		return nil
	}
	set := parser.AttrSet{Node: b.Value()}
	src := p.tree.Source()
	if set.IsRec() || set.ChildCount() == 0 || !set.Open().IsValid() || !set.Close().IsValid() || !b.Semicolon().IsValid() ||
		edit.CommentIn(p.tree, parser.Span{Start: b.Span().Start, End: set.Open().Span().End}) {
		return nil
	}
	path := b.Path().Text()
	edits := []diagnostic.Edit{
		edit.Remove(src, parser.Span{Start: b.Span().Start, End: set.Open().Span().End}),
		edit.Remove(src, parser.Span{Start: set.Close().Span().Start, End: b.Semicolon().Span().End}),
	}
	for entry := range set.Children() {
		switch entry.Kind() {
		case parser.KindBinding:
			at := entry.Span().Start
			edits = append(edits, diagnostic.Edit{Span: parser.Span{Start: at, End: at}, Text: path + "."})
		case parser.KindInherit:
			text, ok := boundNames(parser.Inherit{Node: entry}, path+".")
			if !ok {
				return nil
			}
			edits = append(edits, diagnostic.Edit{Span: entry.Span(), Text: text})
		default:
			return nil
		}
	}
	return []Action{{Title: fmt.Sprintf("spread the set `%s` over its attributes", path), edits: edits}}
}

// boundNames returns the bindings that say what an inherit says; ok is false if a
// comment would be lost.
func boundNames(in parser.Inherit, prefix string) (text string, ok bool) {
	if in.HasComments() {
		return "", false
	}
	from := ""
	if f := in.From(); f.IsValid() {
		from = edit.Subject(f) + "."
	}
	var lines []string
	for name := range in.Names() {
		if from == "" && !name.Is(parser.KindName) {
			return "", false
		}
		lines = append(lines, prefix+name.Text()+" = "+from+name.Text()+";")
	}
	return strings.Join(lines, "\n"), len(lines) > 0
}

// pack turns `a.b = 1; a.c = 2;` into `a = { b = 1; c = 2; }`, with what `a = { … }` beside
// them has.
func pack(p *Place) []Action {
	b, ok := p.binding()
	if !ok {
		return nil
	}
	path := b.Path()
	// What is packed is the path up to the name that the cursor is on.
	length := 1
	for i := range path.ChildCount() - 1 {
		if path.Child(i).Span().Covers(p.at.Span()) {
			length = i + 1
		}
	}
	prefix := names(path, length)
	if prefix == "" {
		return nil
	}
	src := p.tree.Source()
	var edits []diagnostic.Edit
	var above, inner strings.Builder
	first := parser.Span{}
	count := 0
	for entry := range b.Parent().Children() {
		if !entry.Is(parser.KindBinding) {
			continue
		}
		other := parser.Binding{Node: entry}
		if names(other.Path(), length) != prefix {
			continue
		}
		text, ok := contents(other, length)
		if !ok {
			return nil
		}
		chunk := withComments(other.Node)
		comments := &inner
		if other.Path().ChildCount() == length {
			comments = &above // they are about the set
		}
		comments.WriteString(src[chunk.Start:entry.Span().Start])
		inner.WriteString(text + src[entry.Span().End:chunk.End] + "\n")
		if count++; count == 1 {
			first = chunk
		} else {
			edits = append(edits, edit.Remove(src, chunk))
		}
	}
	if path.ChildCount() == 1 && count == 1 {
		return nil // it is a set already
	}
	whole := src[path.Child(0).Span().Start:path.Child(length-1).Span().End]
	edits = append(edits, diagnostic.Edit{Span: first, Text: above.String() + whole + " = {\n" + inner.String() + "};"})
	title := fmt.Sprintf("put `%s` into a set", b.Path().Text())
	if count > 1 {
		title = fmt.Sprintf("put the %d attributes of `%s` into one set", count, whole)
	}
	return []Action{{Title: title, edits: edits}}
}

// contents returns what a binding puts into the set that the first names of its path lead to;
// ok is false if it is that set and has another form than braces, or if a comment would be lost.
func contents(b parser.Binding, length int) (text string, ok bool) {
	tree, path := b.Tree(), b.Path()
	src := tree.Source()
	if path.ChildCount() > length {
		start := path.Child(length).Span().Start
		return src[start:b.Span().End], !edit.CommentIn(tree, parser.Span{Start: b.Span().Start, End: start})
	}
	set := parser.AttrSet{Node: b.Value()}
	if !set.Is(parser.KindAttrSet) || set.IsRec() || !set.Open().IsValid() || !set.Close().IsValid() {
		return "", false
	}
	start, end := set.Open().Span().End, set.Close().Span().Start
	if edit.CommentIn(tree, parser.Span{Start: b.Span().Start, End: start}) || edit.CommentIn(tree, parser.Span{Start: end, End: b.Span().End}) {
		return "", false
	}
	return strings.TrimSpace(src[start:end]), true
}

// names returns the first names of a path, apart from how they are written; it is
// empty if there are fewer, or if one has to be computed.
func names(path parser.AttrPath, length int) string {
	var out strings.Builder
	for i := range length {
		if i >= path.ChildCount() {
			return ""
		}
		name, ok := parser.StaticName(path.Child(i))
		if !ok {
			return ""
		}
		fmt.Fprintf(&out, "%q.", name)
	}
	return out.String()
}

// withComments returns the span of a node together with the comments that belong to
// it: those on lines of their own above it, and one behind it on its last line.
func withComments(n parser.Node) parser.Span {
	t := n.Tree()
	s := n.Span()
	src := t.Source()
	for v := range t.TriviaBefore(n.FirstToken()) {
		lineStart := strings.LastIndexByte(src[:v.Span.Start], '\n') + 1
		if v.Kind != parser.TriviaSpace && strings.TrimSpace(src[lineStart:v.Span.Start]) == "" {
			s.Start = v.Span.Start
			break
		}
	}
	for v := range t.TriviaBefore(n.LastToken().Next()) {
		if v.Kind == parser.TriviaSpace {
			if strings.Contains(src[v.Span.Start:v.Span.End], "\n") {
				break
			}
			continue
		}
		s.End = v.Span.End
		break
	}
	return s
}

// inherit turns `a = a;` and `a = x.a;` into an inherit, joined to one that there is; that of
// `p.a = a;` stands in a set.
func inherit(p *Place) []Action {
	b := parser.Binding{Node: p.around(parser.KindBinding)}
	if !b.IsValid() || b.HasComments() || !b.Semicolon().IsValid() {
		return nil
	}
	path := b.Path()
	name, _ := parser.StaticName(path.LastChild())
	from, ok := p.inheritedFrom(b, name)
	if !ok {
		return nil
	}
	src := p.tree.Source()
	text := "inherit " + name + ";"
	if from != "" {
		text = "inherit (" + from + ") " + name + ";"
	}
	if path.ChildCount() > 1 {
		above := src[path.Span().Start:path.Child(path.ChildCount()-2).Span().End]
		text = above + " = {\n" + text + "\n};"
		return []Action{{Title: fmt.Sprintf("inherit `%s` in a set", name), edits: []diagnostic.Edit{{Span: b.Span(), Text: text}}}}
	}
	for entry := range b.Parent().Children() {
		if !entry.Is(parser.KindInherit) {
			continue
		}
		in := parser.Inherit{Node: entry}
		source := ""
		if f := in.From(); f.IsValid() {
			source = f.Text()
		}
		if source == from && in.Semicolon().IsValid() {
			at := in.Semicolon().Span().Start
			return []Action{{
				Title: fmt.Sprintf("inherit `%s` with the others", name),
				edits: []diagnostic.Edit{edit.Remove(src, b.Span()), {Span: parser.Span{Start: at, End: at}, Text: " " + name}},
			}}
		}
	}
	return []Action{{Title: fmt.Sprintf("inherit `%s`", name), edits: []diagnostic.Edit{{Span: b.Span(), Text: text}}}}
}

// inheritedFrom returns the set that a binding takes an attribute of the same name from; it is
// empty for a variable of that name.
func (p *Place) inheritedFrom(b parser.Binding, name string) (from string, ok bool) {
	path := b.Path()
	switch value := b.Value(); value.Kind() {
	case parser.KindIdent:
		// In a set whose names see each other the name would be its own.
		own := path.ChildCount() == 1 && p.Names.ScopeOf(b.Parent()) >= 0
		return "", value.Text() == name && !own && name != "or"
	case parser.KindSelect:
		sel := parser.Select{Node: value}
		if sel.Default().IsValid() || sel.Path().LastChild().Text() != name {
			return "", false
		}
		set := parser.Span{Start: sel.Span().Start, End: sel.Expr().Span().End}
		if n := sel.Path().ChildCount(); n > 1 {
			set.End = sel.Path().Child(n - 2).Span().End
		}
		if set.End == sel.Expr().Span().End && sel.Expr().Is(parser.KindParen) {
			return parser.Unparen(sel.Expr()).Text(), true
		}
		return p.tree.Source()[set.Start:set.End], true
	}
	return "", false
}

// bind turns an inherit into bindings.
func bind(p *Place) []Action {
	n := p.around(parser.KindInherit)
	if !n.IsValid() {
		return nil
	}
	in := parser.Inherit{Node: n}
	if !in.From().IsValid() && p.Names.ScopeOf(n.Parent()) >= 0 {
		return nil // `x = x;` would mean itself
	}
	text, ok := boundNames(in, "")
	if !ok {
		return nil
	}
	return []Action{{Title: "write the inherit as bindings", edits: []diagnostic.Edit{{Span: n.Span(), Text: text}}}}
}
