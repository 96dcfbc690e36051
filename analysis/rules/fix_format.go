package rules

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/diagnostic"
	nixfmt "github.com/nixlint/nixlint/fmt"
	"github.com/nixlint/nixlint/parser"
)

// formatTouched lays out what edits have made of a text: all of it if the text was
// formatted before, else the smallest constructs around the edits.
func formatTouched(c *config.Config, name, before, after string, edits []diagnostic.Edit) string {
	s, err := c.For(name)
	if err != nil || s.FmtExcluded.Value {
		return after
	}
	layout := nixfmt.Options{Width: s.Width.Value, Indent: s.Indent.Value, Strict: s.Strict.Value}
	if formatted, err := nixfmt.Format(before, layout); err == nil && formatted == before {
		if formatted, err = nixfmt.Format(after, layout); err == nil {
			return formatted
		}
		return after
	}
	// From the last to the first, so that those before stay where they are.
	touched := spansAfter(edits)
	for _, span := range slices.Backward(touched) {
		span.End = min(span.End, uint32(len(after)))
		edit, ok, err := nixfmt.FormatRange(after, span, layout)
		if err != nil || !ok {
			continue
		}
		out := after[:edit.Span.Start] + edit.Text + after[edit.Span.End:]
		if len(parser.Parse(out).Errors()) == 0 {
			after = out
		}
	}
	return after
}

// spansAfter returns what edits have put into a text, where it is then, in order.
func spansAfter(edits []diagnostic.Edit) []parser.Span {
	sorted := slices.Clone(edits)
	slices.SortFunc(sorted, func(a, b diagnostic.Edit) int { return int(a.Span.Start) - int(b.Span.Start) })
	var out []parser.Span
	moved := 0
	for _, e := range sorted {
		start := int(e.Span.Start) + moved
		out = append(out, parser.Span{Start: uint32(start), End: uint32(start + len(e.Text))})
		moved += len(e.Text) - int(e.Span.End-e.Span.Start)
	}
	return out
}
