package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"
	"github.com/mattn/go-runewidth"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

const (
	tabWidth = 4
	// maxWidth is how much of a source line is shown, in columns.
	maxWidth = 120
)

var (
	errorColor   = color.New(color.FgRed, color.Bold)
	warningColor = color.New(color.FgYellow, color.Bold)
	infoColor    = color.New(color.FgCyan, color.Bold)
	frameColor   = color.New(color.FgBlue, color.Bold)
	bold         = color.New(color.Bold)
)

func severityColor(s diagnostic.Severity) *color.Color {
	switch s {
	case diagnostic.Error:
		return errorColor
	case diagnostic.Warning:
		return warningColor
	}
	return infoColor
}

// human writes findings with the source they are about, as Rust's compiler
// does.
func (d *Document) human(w io.Writer) error {
	b := bufio.NewWriter(w)
	for r, f := range d.findings() {
		r.finding(b, f)
		fmt.Fprintln(b)
	}
	d.summary(b)
	return b.Flush()
}

// Excerpts writes findings with the source they are about and no summary. One
// without a rule has only its severity for a heading.
func (r *Report) Excerpts(w io.Writer) error {
	b := bufio.NewWriter(w)
	for _, d := range r.Findings {
		r.finding(b, d)
	}
	return b.Flush()
}

func (r *Report) finding(b *bufio.Writer, d diagnostic.Diagnostic) {
	c := severityColor(d.Severity)
	heading := d.Severity.String()
	if d.Rule != "" {
		heading += "[" + d.Rule + "]"
	}
	fmt.Fprintf(b, "%s%s\n", c.Sprint(heading), bold.Sprintf(": %s", d.Message))
	margin := r.margin(d)
	r.excerpt(b, margin, d.File, d.Span, "-->", "^", "", c)
	for _, rel := range d.Related {
		r.excerpt(b, margin, rel.File, rel.Span, ":::", "-", rel.Message, frameColor)
	}
	if d.Help != "" {
		fmt.Fprintf(b, "%s %s\n", frameColor.Sprintf("%*s =", margin, ""), bold.Sprint("help: ")+d.Help)
	}
	if d.Fix != nil {
		fmt.Fprintf(b, "%s %s\n", frameColor.Sprintf("%*s =", margin, ""), bold.Sprint("fix: ")+d.Fix.Title)
	}
}

// margin is the width of the line numbers of a finding and its related places.
func (r *Report) margin(d diagnostic.Diagnostic) int {
	last := func(file string, s parser.Span) int {
		line, _ := r.place(file, s.Start)
		return line
	}
	most := last(d.File, d.Span)
	for _, rel := range d.Related {
		most = max(most, last(rel.File, rel.Span))
	}
	return len(fmt.Sprint(most))
}

// excerpt shows the line a span starts on, with the span underlined.
func (r *Report) excerpt(b *bufio.Writer, margin int, file string, s parser.Span, arrow, mark, note string, c *color.Color) {
	lines := r.linesOf(file)
	line, column := r.place(file, s.Start)
	fmt.Fprintf(b, "%s %s:%d:%d\n", frameColor.Sprintf("%*s%s", margin, "", arrow), r.Show(file), line, column)
	text := lines.Text(line - 1)
	start := int(s.Start - lines.Start(line-1))
	end := min(int(s.End-lines.Start(line-1)), len(text))
	start = min(start, len(text))
	if end <= start {
		end = start // between two characters, or at the end of the line
	}
	before, marked, after := window(text[:start], text[start:end], text[end:])
	fmt.Fprintln(b, frameColor.Sprintf("%*s |", margin, ""))
	fmt.Fprintf(b, "%s %s\n", frameColor.Sprintf("%*d |", margin, line), strings.TrimRight(before+marked+after, " "))
	under := strings.Repeat(" ", width(before)) + c.Sprint(strings.Repeat(mark, max(1, width(marked))))
	if endLine := lines.Line(s.End); endLine > line-1 && s.End > s.Start {
		under += c.Sprint("…")
	}
	if note != "" {
		under += " " + c.Sprint(note)
	}
	fmt.Fprintf(b, "%s %s\n", frameColor.Sprintf("%*s |", margin, ""), under)
}

// window cuts a long line so that the marked part and what is around it show.
// Tabs become blanks and control characters become visible.
func window(before, marked, after string) (string, string, string) {
	before, marked, after = visible(before), visible(marked), visible(after)
	if width(before)+width(marked)+width(after) <= maxWidth {
		return before, marked, after
	}
	if width(marked) > maxWidth*2/3 {
		marked = runewidth.Truncate(marked, maxWidth*2/3, "…")
	}
	room := maxWidth - width(marked)
	if width(before) > room/2 {
		before = runewidth.TruncateLeft(before, width(before)-room/2, "…")
	}
	after = runewidth.Truncate(after, max(0, room-width(before)), "…")
	return before, marked, after
}

func visible(s string) string {
	var b strings.Builder
	for _, c := range s {
		switch {
		case c == '\t':
			b.WriteString(strings.Repeat(" ", tabWidth))
		case c < ' ' || c == 0x7F:
			b.WriteRune('␀' + c%0x7F)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

func width(s string) int { return runewidth.StringWidth(s) }

// summary writes how much was found.
func (d *Document) summary(b *bufio.Writer) {
	counts := make(map[diagnostic.Severity]int)
	for _, f := range d.findings() {
		counts[f.Severity]++
	}
	var parts []string
	for s := diagnostic.Error; s >= diagnostic.Info; s-- {
		if n := counts[s]; n > 0 {
			name := s.String()
			if n > 1 && s != diagnostic.Info {
				name += "s"
			}
			parts = append(parts, severityColor(s).Sprintf("%d %s", n, name))
		}
	}
	if len(parts) == 0 {
		parts = []string{"nothing found"}
	}
	n, files := d.files(), "files"
	if n == 1 {
		files = "file"
	}
	fmt.Fprintf(b, "%s in %d %s\n", strings.Join(parts, ", "), n, files)
}
