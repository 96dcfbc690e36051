package options

import (
	"bufio"
	"io"
	"strings"

	"github.com/nixlint/nixlint/analysis/module"
)

// markdown writes the options as a page of documentation. What is set, and what
// comes of it, is part of it only if hosts were asked for.
func (l *List) markdown(w io.Writer, s Style) error {
	out := bufio.NewWriter(w)
	out.WriteString("# Options\n")
	for _, o := range l.Options {
		if o.Internal {
			continue
		}
		out.WriteString("\n## " + codeSpan(module.ShowOption(o.Path)) + "\n")
		if text := plainMarkdown(o.Description); text != "" {
			out.WriteString("\n" + text + "\n")
		}
		kind := codeSpan(o.Type)
		if o.ReadOnly {
			kind += " (read-only)"
		}
		out.WriteString("\n- **Type:** " + kind + "\n")
		field(out, "Default", o.Default)
		field(out, "Example", o.Example)
		var places []string
		for _, p := range o.Declared {
			places = append(places, codeSpan(s.place(p)))
		}
		out.WriteString("- **Declared by:** " + strings.Join(places, ", ") + "\n")
		if !s.Values {
			continue
		}
		for _, d := range o.Set {
			note := s.where(d.Where)
			if rank := d.rank(); rank != "" {
				note = strings.TrimPrefix(note+"; "+rank, "; ")
			}
			field(out, "Set by "+codeSpan(s.place(d.Position))+inParentheses(note), &Text{Text: d.Value})
		}
		for _, v := range o.Values {
			field(out, "Value"+inParentheses(s.where(v.Where)), &Text{Text: v.Text})
		}
	}
	return out.Flush()
}

func inParentheses(note string) string {
	if note == "" {
		return ""
	}
	return " (" + note + ")"
}

// field writes one line about an option, or a block of code below it.
func field(out *bufio.Writer, name string, t *Text) {
	switch {
	case t == nil:
	case t.Markdown:
		out.WriteString("- **" + name + ":** " + strings.ReplaceAll(plainMarkdown(t.Text), "\n", "\n  ") + "\n")
	case !strings.Contains(t.Text, "\n"):
		out.WriteString("- **" + name + ":** " + codeSpan(t.Text) + "\n")
	default:
		fence := strings.Repeat("`", max(3, longestTicks(t.Text)+1))
		out.WriteString("- **" + name + ":**\n\n  " + fence + "nix\n")
		for line := range strings.SplitSeq(t.Text, "\n") {
			out.WriteString(strings.TrimRight("  "+line, " ") + "\n")
		}
		out.WriteString("  " + fence + "\n")
	}
}

// codeSpan writes code within a line of Markdown.
func codeSpan(code string) string {
	ticks := strings.Repeat("`", longestTicks(code)+1)
	if strings.HasPrefix(code, "`") || strings.HasSuffix(code, "`") {
		code = " " + code + " "
	}
	return ticks + code + ticks
}

// longestTicks is the length of the longest run of backticks in a text.
func longestTicks(text string) int {
	longest, n := 0, 0
	for i := range len(text) {
		if n++; text[i] != '`' {
			n = 0
		}
		longest = max(longest, n)
	}
	return longest
}
