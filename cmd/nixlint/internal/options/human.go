package options

import (
	"bufio"
	"io"
	"strings"

	"github.com/fatih/color"
	"github.com/mattn/go-runewidth"

	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
)

// The widest that the columns of the tree become, and the narrowest rest of a
// line that a description is put in.
const (
	maxNameColumn  = 44
	maxTypeColumn  = 26
	maxValueColumn = 28
	minDescription = 16
	// maxText is how wide text is that is broken into lines.
	maxText = 100
	// cardMargin is how many columns the name of a field takes.
	cardMargin = 11
	// maxSetLines is how many lines of a definition are shown: the place of
	// the rest is.
	maxSetLines = 12
)

var (
	groupColor = color.New(color.Bold)
	typeColor  = color.New(color.FgCyan)
	setColor   = color.New(color.FgGreen)
	faint      = color.New(color.Faint)
)

// human writes the options for people: in full those that were asked for, of
// others a tree.
func (l *List) human(w io.Writer, s Style) error {
	out := bufio.NewWriter(w)
	var rest []*Option
	for i, o := range l.Options {
		if len(l.Options) > 1 && len(o.Path) != len(s.Prefix) {
			rest = append(rest, o)
			continue
		}
		if i > 0 {
			out.WriteByte('\n')
		}
		s.card(out, o)
	}
	if len(rest) > 0 {
		if len(rest) < len(l.Options) {
			out.WriteByte('\n')
		}
		s.tree(out, rest)
	}
	return out.Flush()
}

// row is one line of the tree: an option, or the name of a group.
type row struct {
	indent                    int
	name, kind, value, remark string
	option                    *Option // nil for a group
}

// tree writes a line for each option, below the groups that they are in.
func (s Style) tree(out *bufio.Writer, options []*Option) {
	rows := s.rows(nil, options, 0, 0)
	const gap = 2
	var nameColumn, typeColumn, valueColumn int
	nameMost, typeMost, valueMost := maxNameColumn, maxTypeColumn, maxValueColumn
	if s.Width > 0 {
		nameMost = min(nameMost, s.Width/2)
	}
	for _, r := range rows {
		if w := r.indent + runewidth.StringWidth(r.name); r.option != nil && w <= nameMost {
			nameColumn = max(nameColumn, w)
		}
	}
	if room := s.Width - nameColumn - 2*gap; s.Width > 0 {
		typeMost, valueMost = min(typeMost, room/2), min(valueMost, room/2)
	}
	for i := range rows {
		r := &rows[i]
		r.kind, r.value = runewidth.Truncate(r.kind, typeMost, "…"), runewidth.Truncate(r.value, valueMost, "…")
		typeColumn = max(typeColumn, runewidth.StringWidth(r.kind))
		valueColumn = max(valueColumn, runewidth.StringWidth(r.value))
	}
	for _, r := range rows {
		line := strings.Repeat(" ", r.indent)
		if r.option == nil {
			out.WriteString(line + groupColor.Sprint(r.name) + "\n")
			continue
		}
		value := faint
		if len(r.option.Set) > 0 {
			value = setColor
		}
		line += r.name
		column := nameColumn + gap
		columns := []struct {
			text  string
			color *color.Color
			width int
		}{{r.kind, typeColor, typeColumn}, {r.value, value, valueColumn}, {r.remark, faint, 0}}
		at := r.indent + runewidth.StringWidth(r.name)
		for i, c := range columns {
			text := c.text
			if s.Width > 0 {
				room := s.Width - max(column, at+gap)
				if i == len(columns)-1 && room < minDescription {
					break
				}
				text = runewidth.Truncate(text, max(0, room), "…")
			}
			if text != "" {
				line += strings.Repeat(" ", max(column-at, gap)) + c.color.Sprint(text)
				at = max(column, at+gap) + runewidth.StringWidth(text)
			}
			if c.width > 0 {
				column += c.width + gap
			}
		}
		out.WriteString(line + "\n")
	}
}

// rows makes the lines of options that have their first names in common.
func (s Style) rows(rows []row, options []*Option, skip, indent int) []row {
	for len(options) > 0 {
		name := options[0].Path[skip]
		n := 1
		for n < len(options) && options[n].Path[skip] == name {
			n++
		}
		same := options[:n]
		options = options[n:]
		end := skip + 1 // of the names that all have
		for end < len(same[0].Path) && end < len(same[n-1].Path) && same[0].Path[end] == same[n-1].Path[end] {
			end++
		}
		label := render.Visible(module.ShowOption(same[0].Path[skip:end]))
		if len(same[0].Path) > end || n > 1 && len(same[0].Path) < end {
			rows = append(rows, row{indent: indent, name: label})
		} else {
			rows = append(rows, s.row(same[0], label, indent))
			same = same[1:]
		}
		rows = s.rows(rows, same, end, indent+2)
	}
	return rows
}

func (s Style) row(o *Option, label string, indent int) row {
	r := row{indent: indent, name: label, option: o, kind: o.Type, value: "–"}
	switch {
	case len(o.Values) > 0:
		var texts []string
		for _, v := range o.Values {
			texts = append(texts, flat(v.Text))
		}
		r.value = strings.Join(texts, " | ")
	case o.Default != nil:
		r.value = flat(o.Default.Text)
	}
	r.remark = sentence(plainMarkdown(o.Description))
	return r
}

// flat writes a text on one line.
func flat(text string) string {
	return strings.Join(strings.Fields(text), " ")
}

// sentence returns the first sentence of a text.
func sentence(text string) string {
	for _, end := range []string{"\n\n", "\n- ", "\n* ", "\n```"} {
		text, _, _ = strings.Cut(text, end)
	}
	text = flat(text)
	if i := strings.Index(text, ". "); i >= 0 {
		return text[:i+1]
	}
	return text
}

// card writes all that is known of an option.
func (s Style) card(out *bufio.Writer, o *Option) {
	out.WriteString(groupColor.Sprint(render.Visible(module.ShowOption(o.Path))))
	for _, mark := range o.marks() {
		out.WriteString("  " + faint.Sprint(mark))
	}
	out.WriteByte('\n')
	width := maxText
	if s.Width > 0 {
		width = min(width, s.Width)
	}
	for _, line := range wrap(plainMarkdown(o.Description), width-2) {
		out.WriteString(strings.TrimRight("  "+line, " ") + "\n")
	}
	out.WriteByte('\n')
	field := func(name, text string) {
		for i, line := range strings.Split(text, "\n") {
			if i > 0 {
				name = ""
			}
			out.WriteString("  " + faint.Sprintf("%-*s", cardMargin-2, name) + line + "\n")
		}
	}
	field("type", o.Type)
	if o.Default != nil {
		field("default", o.Default.Text)
	}
	if o.Example != nil {
		field("example", o.Example.Text)
	}
	name := "declared"
	for _, p := range o.Declared {
		field(name, s.place(p))
		name = ""
	}
	name = "set"
	for _, d := range o.Set {
		field(name, s.definition(d, width-cardMargin))
		name = ""
	}
	name = "value"
	for _, v := range o.Values {
		text := v.Text
		switch where := s.where(v.Where); {
		case where == "":
		case strings.Contains(text, "\n"):
			text = where + "\n  " + strings.ReplaceAll(text, "\n", "\n  ")
		default:
			text += "  (" + where + ")"
		}
		field(name, text)
		name = ""
	}
}

// definition says where a definition is and what it gives, on one line if there
// is room.
func (s Style) definition(d *Definition, room int) string {
	place, notes := s.place(d.Position), s.where(d.Where)
	if rank := d.rank(); rank != "" {
		notes = strings.TrimPrefix(notes+"; "+rank, "; ")
	}
	if notes != "" {
		notes = "  (" + notes + ")"
	}
	if line := place + "  = " + d.Value + notes; !strings.Contains(line, "\n") && runewidth.StringWidth(line) <= room {
		return line
	}
	lines := strings.Split(d.Value, "\n")
	if len(lines) > maxSetLines {
		lines = append(lines[:maxSetLines-1], "…")
	}
	return place + notes + "\n  " + strings.Join(lines, "\n  ")
}

// marks are the words for what is unusual about an option.
func (o *Option) marks() []string {
	var out []string
	if o.ReadOnly {
		out = append(out, "read-only")
	}
	if o.Internal {
		out = append(out, "internal")
	}
	if o.Hidden {
		out = append(out, "hidden")
	}
	return out
}

// wrap breaks the paragraphs of a text into lines. Code and lists stay as they
// are.
func wrap(text string, width int) []string {
	var out []string
	if text == "" {
		return nil
	}
	code := false
	line := ""
	flush := func() {
		if line != "" {
			out = append(out, line)
			line = ""
		}
	}
	for l := range strings.SplitSeq(text, "\n") {
		trimmed := strings.TrimLeft(l, " ")
		if strings.HasPrefix(trimmed, "```") {
			code = !code
		}
		switch {
		case code || trimmed == "" || trimmed != l || strings.HasPrefix(trimmed, "```"):
			flush()
			out = append(out, l)
			continue
		case strings.HasPrefix(trimmed, "- ") || strings.HasPrefix(trimmed, "* "):
			flush()
		}
		for word := range strings.FieldsSeq(l) {
			if line != "" && runewidth.StringWidth(line)+1+runewidth.StringWidth(word) > width {
				flush()
			}
			if line != "" {
				line += " "
			}
			line += word
		}
	}
	flush()
	return out
}
