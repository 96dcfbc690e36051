package nixfmt

import (
	"slices"

	"github.com/nixlint/nixlint/parser"
)

// FormatTouched lays out what edits have made of a text: all of it if the text
// was formatted before, else the smallest constructs around the spans that the
// edits have put into it, which are in order. What cannot be laid out stays as
// it is.
func FormatTouched(before, after string, touched []parser.Span, o Options) string {
	if formatted, err := Format(before, o); err == nil && formatted == before {
		if formatted, err = Format(after, o); err == nil {
			return formatted
		}
		return after
	}
	// From the last to the first, so that those before stay where they are.
	for _, span := range slices.Backward(touched) {
		span.End = min(span.End, uint32(len(after)))
		edit, ok, err := FormatRange(after, span, o)
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
