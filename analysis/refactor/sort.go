package refactor

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

// sort puts the elements of a list into the order of their texts, within the groups that
// blank lines make. Comments go along with what they stand above or behind.
func sort(p *Place) []Action {
	n := p.around(parser.KindList)
	if !n.IsValid() || n.ChildCount() < 2 || !(parser.List{Node: n}).Close().IsValid() {
		return nil
	}
	src := p.tree.Source()
	var groups [][]parser.Span
	text := make(map[parser.Span]string)
	last := uint32(0)
	for e := range n.Children() {
		switch e.Kind() {
		case parser.KindIdent, parser.KindSelect, parser.KindPath, parser.KindSearchPath, parser.KindString, parser.KindURI:
		default:
			return nil // their order may be no matter of their texts
		}
		chunk := withComments(e)
		if last == 0 || strings.Count(src[last:chunk.Start], "\n") > 1 {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], chunk)
		text[chunk] = e.Text()
		last = chunk.End
	}
	var edits []diagnostic.Edit
	for _, group := range groups {
		sorted := slices.Clone(group)
		slices.SortStableFunc(sorted, func(a, b parser.Span) int {
			return cmp.Or(cmp.Compare(strings.ToLower(text[a]), strings.ToLower(text[b])), cmp.Compare(text[a], text[b]))
		})
		for i, to := range group {
			if from := sorted[i]; from != to {
				edits = append(edits, diagnostic.Edit{Span: to, Text: src[from.Start:from.End]})
			}
		}
	}
	if len(edits) == 0 {
		return nil
	}
	title := "sort the list"
	if b := n.Parent(); b.Is(parser.KindBinding) && (parser.Binding{Node: b}).Path().Text() == "imports" || p.importsOf(n) {
		title = "sort the imports"
	}
	return []Action{{Title: title, edits: edits}}
}

// importsOf reports whether a list is that of a module's imports, behind a `with`.
func (p *Place) importsOf(n parser.Node) bool {
	for a := range n.Ancestors() {
		switch a.Kind() {
		case parser.KindWith, parser.KindParen, parser.KindBinary:
		case parser.KindBinding:
			return parser.Binding{Node: a}.Path().Text() == "imports"
		default:
			return false
		}
	}
	return false
}
