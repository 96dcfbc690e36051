package render

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/fatih/color"

	"github.com/nixlint/nixlint/analysis/diagnostic"
)

// maxChanged is how many lines that a fix takes away, or makes, are shown.
const maxChanged = 3

// change shows what a fix does to the lines of its file, unless it does much.
func (p *printer) change(r *Report, margin int, f diagnostic.Diagnostic) {
	line, before, after, ok := r.changed(f)
	if !ok {
		return
	}
	if len(before) == 1 && len(after) == 1 {
		from, beforeTo, afterTo := difference(before[0], after[0])
		if beforeTo > from { // else the new line alone says it all
			p.changedLine(margin, line, "-", before[0], from, beforeTo, removedColor)
		}
		p.changedLine(margin, line, "+", after[0], from, afterTo, addedColor)
		return
	}
	for i, text := range before {
		p.changedLine(margin, line+i, "-", text, 0, len(text), removedColor)
	}
	for i, text := range after {
		p.changedLine(margin, line+i, "+", text, 0, len(text), addedColor)
	}
}

func (p *printer) changedLine(margin, line int, sign, text string, from, to int, c *color.Color) {
	before, changed, after := Visible(text[:from]), Visible(text[from:to]), Visible(text[to:])
	start := width(before)
	end := start + width(changed)
	shown, shift := cut(before+changed+after, start, end, p.style.Width-margin-3)
	if shift == 0 && width(shown) == width(before+changed+after) {
		shown = before + c.Sprint(changed) + after
	}
	fmt.Fprintln(p, strings.TrimRight(frameColor.Sprintf("%*d", margin, line+1)+" "+c.Sprint(sign)+" "+shown, " "))
}

// changed returns the lines of the finding's file that its fix replaces, what
// it replaces them by, and the number of the first, from 0. It is not ok if the
// fix changes other files, or too much to be shown.
func (r *Report) changed(f diagnostic.Diagnostic) (line int, before, after []string, ok bool) {
	text := r.textOf(f.File)
	if len(f.Fix.Edits) == 0 {
		return 0, nil, nil, false
	}
	lines := r.linesOf(f.File)
	first, last := lines.Count(), 0
	for _, e := range f.Fix.Edits {
		if e.File != f.File || e.Create || int(e.Span.End) > len(text) {
			return 0, nil, nil, false
		}
		first = min(first, lines.Line(e.Span.Start))
		last = max(last, lines.Line(e.Span.End))
	}
	if last-first > 2*maxChanged {
		return 0, nil, nil, false
	}
	start, end := lines.Start(first), lines.Start(last+1)
	edits := slices.Clone(f.Fix.Edits)
	for i := range edits {
		edits[i].Span.Start -= start
		edits[i].Span.End -= start
	}
	fixed, err := diagnostic.Apply(text[start:end], edits)
	if err != nil {
		return 0, nil, nil, false
	}
	before = splitLines(text[start:end])
	after = splitLines(fixed)
	for len(before) > 0 && len(after) > 0 && before[0] == after[0] {
		before, after = before[1:], after[1:]
		first++
	}
	for len(before) > 0 && len(after) > 0 && before[len(before)-1] == after[len(after)-1] {
		before, after = before[:len(before)-1], after[:len(after)-1]
	}
	return first, before, after, len(before) <= maxChanged && len(after) <= maxChanged
}

// splitLines returns the lines of a text without their ends.
func splitLines(s string) []string {
	lines := slices.Collect(strings.Lines(s))
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, "\r\n")
	}
	return lines
}

// difference returns where two texts begin to differ and where they are the
// same again, in bytes.
func difference(a, b string) (from, aTo, bTo int) {
	for from < len(a) && from < len(b) && a[from] == b[from] {
		from++
	}
	for from > 0 && from < len(a) && !utf8.RuneStart(a[from]) {
		from--
	}
	aTo, bTo = len(a), len(b)
	for aTo > from && bTo > from && a[aTo-1] == b[bTo-1] {
		aTo--
		bTo--
	}
	for aTo < len(a) && !utf8.RuneStart(a[aTo]) {
		aTo++
		bTo++
	}
	return from, aTo, bTo
}
