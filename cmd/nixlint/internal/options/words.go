package options

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// show names a file to the reader.
func (s Style) show(file string) string {
	if s.Show == nil || strings.HasPrefix(file, "<") {
		return file
	}
	return s.Show(file)
}

// place writes a position as editors and terminals know it.
func (s Style) place(p Position) string {
	switch {
	case p.File == "":
		return "made by a function"
	case p.Line == 0:
		return s.show(p.File)
	}
	return s.show(p.File) + ":" + strconv.Itoa(p.Line)
}

// where says on which hosts, and for which names, something holds; "" if that
// is all of them.
func (s Style) where(where []Where) string {
	byNames := make(map[string][]string) // hosts
	var order []string
	for _, w := range where {
		names := strings.Join(w.Names, ", ")
		if byNames[names] == nil {
			order = append(order, names)
		}
		if !slices.Contains(byNames[names], w.Host) {
			byNames[names] = append(byNames[names], w.Host)
		}
	}
	slices.Sort(order)
	var out []string
	for _, names := range order {
		hosts := strings.Join(byNames[names], ", ")
		if len(byNames[names]) == len(s.Hosts) {
			hosts = ""
		}
		switch {
		case names == "" && hosts == "":
		case names == "":
			out = append(out, hosts)
		case hosts == "":
			out = append(out, names)
		default:
			out = append(out, names+" on "+hosts)
		}
	}
	return strings.Join(out, "; ")
}

// rank says what is unusual about how a definition counts, or "".
func (d *Definition) rank() string {
	var out []string
	switch d.Priority {
	case 100:
	case 50:
		out = append(out, "mkForce")
	case 1000:
		out = append(out, "mkDefault")
	case 10:
		out = append(out, "mkVMOverride")
	default:
		out = append(out, "priority "+strconv.Itoa(d.Priority))
	}
	if !d.Certain {
		out = append(out, "under a condition that is not known")
	}
	if d.Overridden {
		out = append(out, "overridden")
	}
	return strings.Join(out, ", ")
}

// roles are the marks of nixpkgs' dialect of Markdown that say what a piece of
// code is, as in {option}`services.x`.
var roles = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("\\{[a-z]+\\}`") })

// references are links without a text to an option of the manual.
var references = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\[\]\(#opt-([^)]+)\)`) })

// fences are the marks of an admonition such as `::: {.note}`.
var fences = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^( *):::+ *(?:\{\.?([a-z]+)[^}\n]*\})? *$\n?`) })

// plainMarkdown writes nixpkgs' dialect of Markdown so that others read it.
func plainMarkdown(text string) string {
	text = roles().ReplaceAllString(text, "`")
	text = references().ReplaceAllString(text, "`$1`")
	return strings.TrimSpace(fences().ReplaceAllStringFunc(text, func(m string) string {
		parts := fences().FindStringSubmatch(m)
		if parts[2] == "" {
			return ""
		}
		return parts[1] + "**" + strings.ToUpper(parts[2][:1]) + parts[2][1:] + ":**\n"
	}))
}
