package diagnostic

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// Apply makes the edits in a text. It is an error if two edits overlap, if two
// insert at the same place, or if one lies outside of the text.
func Apply(text string, edits []Edit) (string, error) {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, byStart)
	var b strings.Builder
	at := uint32(0)
	for i, e := range edits {
		switch {
		case e.Span.Start > e.Span.End || int(e.Span.End) > len(text):
			return "", fmt.Errorf("edit of bytes %d to %d in a text of %d", e.Span.Start, e.Span.End, len(text))
		case i > 0 && collide(edits[i-1], e):
			return "", fmt.Errorf("edits of bytes %d to %d and %d to %d overlap",
				edits[i-1].Span.Start, edits[i-1].Span.End, e.Span.Start, e.Span.End)
		}
		b.WriteString(text[at:e.Span.Start])
		b.WriteString(e.Text)
		at = e.Span.End
	}
	b.WriteString(text[at:])
	return b.String(), nil
}

func byStart(a, b Edit) int {
	return cmp.Or(cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
}

// collide reports whether two edits of one file cannot both be made. Edits
// that only touch can.
func collide(a, b Edit) bool {
	return a.Span == b.Span || a.Span.Start < b.Span.End && b.Span.Start < a.Span.End
}

// Chosen returns the fixes of findings that can be made at once, the first of
// those that are in each other's way. Two are in each other's way if what lies
// between the first and the last edit of each touches: then the second is
// looked for again once the first has been made. Fixes that are not safe are
// left out unless unsafe is set.
func Chosen(ds []Diagnostic, unsafe bool) []*Fix {
	var chosen []*Fix
	taken := make(map[string][]parser.Span) // by file
	for i := range ds {
		fix := ds[i].Fix
		if fix == nil || !fix.Safe && !unsafe {
			continue
		}
		reach := make(map[string]parser.Span)
		for _, e := range fix.Edits {
			s, ok := reach[e.File]
			if !ok {
				s = e.Span
			}
			reach[e.File] = parser.Span{Start: min(s.Start, e.Span.Start), End: max(s.End, e.Span.End)}
		}
		free := true
		for file, s := range reach {
			free = free && !slices.ContainsFunc(taken[file], func(t parser.Span) bool { return t.Start <= s.End && s.Start <= t.End })
		}
		if !free {
			continue
		}
		for file, s := range reach {
			taken[file] = append(taken[file], s)
		}
		chosen = append(chosen, fix)
	}
	return chosen
}

// SpansAfter returns what edits have put into a text, where it is then, in
// order.
func SpansAfter(edits []Edit) []parser.Span {
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, byStart)
	var out []parser.Span
	moved := 0
	for _, e := range sorted {
		start := int(e.Span.Start) + moved
		out = append(out, parser.Span{Start: uint32(start), End: uint32(start + len(e.Text))})
		moved += len(e.Text) - int(e.Span.End-e.Span.Start)
	}
	return out
}
