package render

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/parser"
)

// Style says what the terminal that people read the human format on can do.
// The zero value is right where it is not known, or no terminal at all.
type Style struct {
	Width int  // in columns; 0 is defaultWidth
	Links bool // rules may be links to their documentation
}

const (
	defaultWidth = 120
	minWidth     = 40
	// maxRelated is how many related places of a finding are shown.
	maxRelated = 6
)

var (
	errorColor   = color.New(color.FgRed, color.Bold)
	warningColor = color.New(color.FgYellow, color.Bold)
	infoColor    = color.New(color.FgCyan, color.Bold)
	frameColor   = color.New(color.FgBlue, color.Bold)
	removedColor = color.New(color.FgRed)
	addedColor   = color.New(color.FgGreen)
	plainColor   = color.New()
	bold         = color.New(color.Bold)

	palette = []*color.Color{errorColor, warningColor, infoColor, frameColor, removedColor, addedColor, plainColor, bold}
)

// UseColor switches the colours of the human format on or off, whatever the
// environment says.
func UseColor(on bool) {
	for _, c := range palette {
		if on {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
	}
}

func severityColor(s diagnostic.Severity) *color.Color {
	switch s {
	case diagnostic.Error:
		return errorColor
	case diagnostic.Warning:
		return warningColor
	}
	return infoColor
}

// printer writes the human format.
type printer struct {
	*bufio.Writer
	style Style
}

func newPrinter(w io.Writer, style Style) *printer {
	if style.Width <= 0 {
		style.Width = defaultWidth
	}
	style.Width = max(style.Width, minWidth)
	return &printer{bufio.NewWriter(w), style}
}

// human writes findings with the source they are about, as Rust's compiler
// does.
func (d *Document) human(w io.Writer) error {
	texts := inBatches(d, func(r *Report) *bytes.Buffer {
		var b bytes.Buffer
		p := newPrinter(&b, d.Style)
		for _, f := range r.Findings {
			p.finding(r, f)
			fmt.Fprintln(p)
		}
		p.Flush() // writing to memory does not fail
		return &b
	})
	for _, t := range texts {
		if _, err := w.Write(t.Bytes()); err != nil {
			return err
		}
	}
	p := newPrinter(w, d.Style)
	d.summary(p)
	return p.Flush()
}

// Excerpts writes findings with the source they are about and no summary. One
// without a rule has only its severity for a heading.
func (r *Report) Excerpts(w io.Writer) error {
	p := newPrinter(w, Style{})
	for _, f := range r.Findings {
		p.finding(r, f)
	}
	return p.Flush()
}

func (p *printer) finding(r *Report, f diagnostic.Diagnostic) {
	c := severityColor(f.Severity)
	heading := f.Severity.String()
	if f.Rule != "" {
		heading += "[" + p.link(f.Rule) + "]"
	}
	heading = c.Sprint(heading)
	fmt.Fprintf(p, "%s%s\n", heading, bold.Sprintf(": %s", Visible(f.Message)))

	marks := map[string][]mark{f.File: {{span: f.Span, sign: '^', color: c}}}
	files := []string{f.File}
	related := f.Related[:min(len(f.Related), maxRelated)]
	for _, rel := range related {
		if marks[rel.File] == nil {
			files = append(files, rel.File)
		}
		marks[rel.File] = append(marks[rel.File], mark{rel.Span, '-', Visible(rel.Message), frameColor})
	}
	margin := r.margin(marks)
	for i, file := range files {
		arrow := "-->"
		if i > 0 {
			arrow = ":::"
		}
		p.excerpt(r, margin, arrow, file, marks[file])
	}
	if more := len(f.Related) - len(related); more > 0 {
		p.note(margin, "note", fmt.Sprintf("and %s more", Count(more, "place")))
	}
	if f.Help != "" {
		p.note(margin, "help", Visible(f.Help))
	}
	if f.Fix != nil {
		p.note(margin, "fix", Visible(f.Fix.Title))
		p.change(r, margin, f)
	}
}

// note writes a line below an excerpt.
func (p *printer) note(margin int, kind, text string) {
	fmt.Fprintf(p, "%s %s\n", frameColor.Sprintf("%*s =", margin, ""), bold.Sprint(kind+": ")+text)
}

// link returns the name of a rule as link to its documentation, if the terminal
// knows links. The sequence is OSC 8, as described in
// https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda.
func (p *printer) link(rule string) string {
	known := rules.ByName(rule)
	if !p.style.Links || known == nil {
		return rule
	}
	return "\x1b]8;;" + known.URL() + "\x1b\\" + rule + "\x1b]8;;\x1b\\"
}

// margin is the width of the line numbers of a finding and its related places.
func (r *Report) margin(marks map[string][]mark) int {
	most := 0
	for file, ms := range marks {
		for _, m := range ms {
			most = max(most, r.linesOf(file).Line(lastOf(m.span))+1)
		}
	}
	return len(fmt.Sprint(most))
}

// lastOf returns the offset of the last character in a range.
func lastOf(s parser.Span) uint32 {
	if s.End > s.Start {
		return s.End - 1
	}
	return s.Start
}

// summary writes how much was found, and how much of it can be fixed.
func (d *Document) summary(p *printer) {
	counts := make(map[diagnostic.Severity]int)
	safe, unsafe := 0, 0
	for _, f := range d.findings() {
		counts[f.Severity]++
		switch {
		case f.Fix == nil:
		case f.Fix.Safe:
			safe++
		default:
			unsafe++
		}
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
	fmt.Fprintf(p, "%s in %s\n", strings.Join(parts, ", "), Count(d.files(), "file"))
	switch {
	case safe > 0 && unsafe > 0:
		fmt.Fprintf(p, "%d can be fixed with --fix, %d more with --unsafe-fixes\n", safe, unsafe)
	case safe > 0:
		fmt.Fprintf(p, "%d can be fixed with --fix\n", safe)
	case unsafe > 0:
		fmt.Fprintf(p, "%d can be fixed with --unsafe-fixes\n", unsafe)
	}
}

// Count writes a number of things.
func Count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}
