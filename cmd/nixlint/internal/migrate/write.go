package migrate

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/analysis/config"
)

// text returns the nixlint.toml. A comment says of each value what it is made
// from.
func (c *collector) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "#:schema %s\n# Made by `nixlint migrate` from %s.\n", config.SchemaURL, oneLine(strings.Join(c.sources, ", ")))
	all, check, format, perFile := c.sortExcludes()
	writeList(&b, "\n", "exclude", all)
	onlyStatix := len(c.linters) == 1 && c.linters[statix]
	if onlyStatix || len(c.ignore)+len(check)+len(perFile) > 0 {
		b.WriteString("\n[check]\n")
		if onlyStatix {
			b.WriteString("# preset = \"statix\" # to find what statix found, and nothing else\n")
		}
		writeList(&b, "", "ignore", c.ignore)
		writeList(&b, "", "exclude", check)
		for _, e := range perFile {
			fmt.Fprintf(&b, "\n[check.per-file.%s] # %s\n", quote(e.value), oneLine(e.from))
			var names []string
			for _, t := range e.tools {
				for _, rule := range rulesOf[t] {
					names = append(names, quote(rule))
				}
			}
			fmt.Fprintf(&b, "ignore = [%s]\n", strings.Join(names, ", "))
		}
	}
	var layout strings.Builder
	for _, v := range []struct {
		key string
		carried
	}{{"width", c.width}, {"indent", c.indent}, {"strict", c.strict}} {
		if v.value == "" {
			continue
		}
		if n, err := strconv.Atoi(v.value); v.key != "strict" && (err != nil || n < 1 || n > 10_000) {
			fmt.Fprintf(&layout, "# %s: %s is no number of columns\n", oneLine(v.from), oneLine(v.value))
			continue
		}
		fmt.Fprintf(&layout, "%s = %s # %s\n", v.key, v.value, oneLine(v.from))
	}
	writeList(&layout, "", "exclude", format)
	if layout.Len() > 0 {
		fmt.Fprintf(&b, "\n[fmt]\n%s", &layout)
	}
	return b.String()
}

// rulesOf are the rules or groups that do what a tool does.
var rulesOf = map[tool][]string{
	statix:       {"simplify"},
	deadnix:      {"unused-argument", "unused-binding", "unused-formal", "unused-inherit"},
	nixfDiagnose: {"names"},
}

// sortExcludes tells apart the globs of files that are left out by everything,
// by all linters in use, by the formatter, and by some linters.
func (c *collector) sortExcludes() (all, check, format []carried, perFile []excluded) {
	for _, e := range c.excludes {
		var linters []tool
		formatter := false
		for _, t := range e.tools {
			if t.isLinter() {
				linters = append(linters, t)
			} else {
				formatter = true
			}
		}
		allLinters := len(linters) == len(c.linters)
		switch {
		case e.all, allLinters && formatter && len(linters) > 0:
			all = append(all, e.carried)
			continue
		case formatter:
			format = append(format, e.carried)
		}
		switch {
		case len(linters) == 0:
		case allLinters:
			check = append(check, e.carried)
		default:
			e.tools = linters
			perFile = append(perFile, e)
		}
	}
	return all, check, format, perFile
}

func writeList(b *strings.Builder, before, key string, values []carried) {
	if len(values) == 0 {
		return
	}
	fmt.Fprintf(b, "%s%s = [\n", before, key)
	for _, v := range values {
		fmt.Fprintf(b, "  %s, # %s\n", quote(v.value), oneLine(v.from))
	}
	b.WriteString("]\n")
}

// quote writes a string as TOML has it.
func quote(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // strings can be written
	}
	return strings.ReplaceAll(strings.TrimSpace(b.String()), "\x7f", `\u007f`)
}

// oneLine makes a text fit for a comment.
func oneLine(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(s, "?"))
}
