package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/fatih/color"

	"github.com/nixlint/nixlint/parser"
)

// mark is a range of a file to underline, and what to say about it.
type mark struct {
	span  parser.Span
	sign  rune
	label string
	color *color.Color
}

// lineMark is the part of a mark on one line, in columns of what is shown.
type lineMark struct {
	mark
	from, to int
	goesOn   bool // the mark has more lines, which are not shown
}

// excerpt is the source of some places of one file.
type excerpt struct {
	*printer
	lines  *parser.Lines
	margin int
	// box is the first mark with several lines, which is drawn down the left
	// side, and the lines that it has. Others show their first line only.
	box         *mark
	first, last int
}

// The lines shown of a box with more lines than boxLines: the first
// boxHead and the last boxTail.
const (
	boxLines = 6
	boxHead  = 3
	boxTail  = 2
)

// excerpt writes the lines that marks are on, each mark underlined. The first
// mark is where the excerpt says it is from.
func (p *printer) excerpt(r *Report, margin int, arrow, file string, marks []mark) {
	e := excerpt{printer: p, lines: r.linesOf(file), margin: margin}
	line, column := r.place(file, marks[0].span.Start)
	fmt.Fprintf(p, "%s %s:%d:%d\n", frameColor.Sprintf("%*s%s", margin, "", arrow), Visible(r.Show(file)), line, column)
	e.row("|", "")

	var shown []int
	byLine := make(map[int][]mark)
	for i, m := range marks {
		line := e.lines.Line(m.span.Start)
		shown = append(shown, line)
		if last := e.lines.Line(lastOf(m.span)); last > line && e.box == nil {
			e.box, e.first, e.last = &marks[i], line, last
			for l := line; l <= last; l++ {
				if last-line < boxLines || l < line+boxHead || l > last-boxTail {
					shown = append(shown, l)
				}
			}
			continue
		}
		byLine[line] = append(byLine[line], m)
	}
	slices.Sort(shown)
	shown = slices.Compact(shown)
	for i, line := range shown {
		if i > 0 && line == shown[i-1]+2 {
			e.line(line-1, nil)
		} else if i > 0 && line > shown[i-1]+2 {
			fmt.Fprintf(p, "%s\n", strings.TrimRight(frameColor.Sprint("...")+" "+e.side(line), " "))
		}
		e.line(line, byLine[line])
	}
}

// row writes what stands below a line number.
func (e *excerpt) row(bar, text string) {
	fmt.Fprintln(e, strings.TrimRight(frameColor.Sprintf("%*s %s", e.margin, "", bar)+" "+text, " "))
}

// side is the left side of a line or of what is below the line before it: the
// line of the box in it.
func (e *excerpt) side(line int) string {
	switch {
	case e.box == nil:
		return ""
	case line > e.first && line <= e.last:
		return e.box.color.Sprint("|") + " "
	}
	return "  "
}

// line writes a line, counted from 0, and its marks below it.
func (e *excerpt) line(line int, marks []mark) {
	source := e.lines.Text(line)
	start := e.lines.Start(line)
	// A place may be in the characters that end the line.
	before := func(offset uint32) string { return source[:min(int(offset-start), len(source))] }
	column := func(offset uint32) int { return width(Visible(before(offset))) }
	var ms []lineMark
	for _, m := range marks {
		l := lineMark{mark: m, from: column(m.span.Start), goesOn: e.lines.Line(lastOf(m.span)) > line}
		l.to = column(max(m.span.Start, min(m.span.End, start+uint32(len(source)))))
		ms = append(ms, l)
	}
	slices.SortStableFunc(ms, func(a, b lineMark) int { return cmp.Compare(a.from, b.from) })

	room := e.style.Width - e.margin - 3
	if e.box != nil {
		room -= 2
	}
	from, to := focus(ms, room)
	boxFrom, boxTo := -1, -1
	if e.box != nil && line == e.first {
		boxFrom = column(e.box.span.Start)
		from, to = boxFrom, boxFrom+1
	} else if e.box != nil && line == e.last {
		boxTo = column(lastOf(e.box.span))
		from, to = boxTo, boxTo+1
	}
	whole := Visible(source)
	text, shift := cut(whole, from, to, room)
	// What is not shown is marked at the end that it is beyond.
	most := width(text)
	if most < width(whole)-shift {
		most--
	}
	for i := range ms {
		ms[i].from = min(max(0, ms[i].from-shift), most)
		ms[i].to = max(ms[i].from+1, min(ms[i].to-shift, width(text)))
	}

	side := e.side(line)
	opens := boxFrom >= 0 && strings.TrimSpace(before(e.box.span.Start)) == ""
	if opens {
		side = e.box.color.Sprint("/") + " "
	}
	fmt.Fprintln(e, strings.TrimRight(frameColor.Sprintf("%*d |", e.margin, line+1)+" "+side+text, " "))
	below := e.side(line)
	if opens {
		below = e.side(line + 1)
	}
	e.underline(below, ms)
	switch {
	case boxFrom >= 0 && !opens:
		e.row("|", " "+e.box.color.Sprint(strings.Repeat("_", boxFrom-shift+1)+string(e.box.sign)))
	case boxTo >= 0:
		e.row("|", e.box.color.Sprint("|"+strings.Repeat("_", boxTo-shift+1)+string(e.box.sign))+labelled(*e.box))
	}
}

// focus returns the columns that have to be seen of a line: those of all its
// marks if there is room, else those of the finding itself.
func focus(ms []lineMark, room int) (from, to int) {
	if len(ms) == 0 {
		return 0, 0
	}
	from, to = ms[0].from, ms[0].to
	for _, m := range ms {
		to = max(to, m.to)
	}
	if to-from > room*2/3 {
		main := ms[max(0, slices.IndexFunc(ms, func(m lineMark) bool { return m.sign == '^' }))]
		from, to = main.from, main.to
	}
	return from, to
}

// underline writes the marks of a line, sorted by where they begin: their signs
// on one row, with the label of the last; then the other labels, each on a row
// of its own, the last first, with bars that lead down to those still to come.
func (e *excerpt) underline(side string, ms []lineMark) {
	if len(ms) == 0 {
		return
	}
	end := 0
	for _, m := range ms {
		end = max(end, m.to)
	}
	c := canvas{make([]cell, 0, end)}
	// The sign of the finding itself wins.
	for _, sign := range []rune{'-', '^'} {
		for _, m := range ms {
			if m.sign == sign {
				c.fill(m.from, m.to, m.sign, m.color)
			}
		}
	}
	last := len(ms) - 1
	text := c.String()
	if ms[last].goesOn && ms[last].to == end {
		text += ms[last].color.Sprint("…")
	}
	// A label can stand beside the signs if nothing of another mark is between.
	if ms[last].label == "" || ms[last].to == end {
		text += labelled(ms[last].mark)
		ms = ms[:last]
	}
	e.row("|", side+text)
	ms = slices.DeleteFunc(slices.Clone(ms), func(m lineMark) bool { return m.label == "" })
	for i := len(ms) - 1; i >= 0; i-- {
		bars := canvas{}
		for _, m := range ms[:i] {
			bars.fill(m.from, m.from+1, '|', m.color)
		}
		if i == len(ms)-1 {
			all := bars
			all.cells = slices.Clone(bars.cells)
			all.fill(ms[i].from, ms[i].from+1, '|', ms[i].color)
			e.row("|", side+all.String())
		}
		bars.fill(len(bars.cells), ms[i].from, ' ', plainColor)
		bars.cells = bars.cells[:ms[i].from]
		e.row("|", side+bars.String()+ms[i].color.Sprint(ms[i].label))
	}
}

// labelled is a label behind its mark.
func labelled(m mark) string {
	if m.label == "" {
		return ""
	}
	return " " + m.color.Sprint(m.label)
}

// canvas is a row of characters that are one column wide, with their colours.
type canvas struct{ cells []cell }

type cell struct {
	sign  rune
	color *color.Color
}

// fill puts a sign into columns, what is before them blank if it is not set.
func (c *canvas) fill(from, to int, sign rune, color *color.Color) {
	for len(c.cells) < to {
		c.cells = append(c.cells, cell{' ', plainColor})
	}
	for i := from; i < to; i++ {
		c.cells[i] = cell{sign, color}
	}
}

// String returns the row with a colour sequence for each run of one colour.
func (c *canvas) String() string {
	var b strings.Builder
	for i := 0; i < len(c.cells); {
		j := i
		var run strings.Builder
		for j < len(c.cells) && c.cells[j].color == c.cells[i].color {
			run.WriteRune(c.cells[j].sign)
			j++
		}
		if c.cells[i].color == plainColor {
			b.WriteString(run.String())
		} else {
			b.WriteString(c.cells[i].color.Sprint(run.String()))
		}
		i = j
	}
	return b.String()
}
