package options

import (
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
)

// Bounds on how much of a value is shown. Nobody reads more, and there may be
// no end to it.
const (
	maxShownDepth  = 8
	maxShownValues = 400
	maxShownString = 2000
	// codeWidth is where values are broken into lines.
	codeWidth = 76
)

// printer renders a value in Nix syntax, broken into lines if it is long.
type printer struct {
	ev    *eval.Evaluator
	root  string // the folder of the repository
	count int
	// known is unset once something was met that is not known or fails.
	known bool
}

// node is a rendered value: text, or the parts of a list or set.
type node struct {
	text        string
	open, close string // "" if it has no parts
	parts       []node
	name        string // of an attribute
}

// show renders a value. known reports whether all of it is known. Where the
// repository is, which differs from machine to machine, is not shown.
func (b *builder) show(v eval.Value) (text string, known bool) {
	p := &printer{ev: b.ev, root: filepath.ToSlash(b.m.Repo.Root), known: true}
	n := p.node(v, 0)
	var out strings.Builder
	n.write(&out, 0)
	return clean(out.String()), p.known
}

func (p *printer) node(v eval.Value, depth int) node {
	p.count++
	if depth > maxShownDepth || p.count > maxShownValues {
		return node{text: "…"}
	}
	switch v := v.(type) {
	case eval.Path:
		if rel, own := strings.CutPrefix(string(v), p.root+"/"); own {
			return node{text: "./" + rel}
		}
	case eval.String:
		if len(v) > maxShownString {
			end := maxShownString
			for !utf8.RuneStart(v[end]) {
				end--
			}
			v = v[:end] + "…"
		}
		return node{text: strings.ReplaceAll(p.ev.Print(v), p.root, "${self}")}
	case *eval.Unknown, *eval.Error, *eval.Text:
		p.known = false
	case *eval.List:
		n := node{open: "[", close: "]"}
		for i, e := range v.Elems {
			if v.More != nil && i == v.Lead {
				n.parts = append(n.parts, p.node(v.More, depth+1))
			}
			if p.count > maxShownValues {
				n.parts = append(n.parts, node{text: "…"})
				return n
			}
			n.parts = append(n.parts, p.node(p.ev.Force(e), depth+1))
		}
		if v.More != nil && v.Lead == len(v.Elems) {
			n.parts = append(n.parts, p.node(v.More, depth+1))
		}
		return n
	case *eval.Attrs:
		return p.set(v, depth)
	}
	return node{text: p.ev.Print(v)}
}

// set renders a set, or the name of the package, type or option that it is.
func (p *printer) set(v *eval.Attrs, depth int) node {
	if what := p.thing(v); what != "" {
		return node{text: what}
	}
	n := node{open: "{", close: "}"}
	for _, e := range v.Entries {
		if p.count > maxShownValues {
			n.parts = append(n.parts, node{text: "…"})
			return n
		}
		part := p.node(p.ev.Force(e.Value), depth+1)
		part.name = eval.AttrPathString([]string{e.Name})
		n.parts = append(n.parts, part)
	}
	if v.Rest != nil {
		n.parts = append(n.parts, p.node(v.Rest, depth+1))
	}
	return n
}

// thing names sets that nobody wants to see the inside of.
func (p *printer) thing(v *eval.Attrs) string {
	text := func(name string) string {
		a := v.Get(name)
		if a == nil {
			return ""
		}
		s, _ := p.ev.Force(a.Value).(eval.String)
		return string(s)
	}
	switch {
	case text("type") == "derivation":
		return strings.TrimRight("«derivation "+text("name"), " ") + "»"
	case text("_type") == "option-type":
		return "«type " + text("name") + "»"
	case text("_type") == "flake":
		return "«flake»"
	}
	return ""
}

// flat is a node on one line.
func (n node) flat(b *strings.Builder) {
	if n.name != "" {
		b.WriteString(n.name + " = ")
	}
	if n.open == "" {
		b.WriteString(n.text)
	} else {
		b.WriteString(n.open + " ")
		for _, part := range n.parts {
			part.flat(b)
			if n.open == "{" {
				b.WriteByte(';')
			}
			b.WriteByte(' ')
		}
		b.WriteString(n.close)
	}
}

// write writes a node that begins in a column, on one line if it fits.
func (n node) write(b *strings.Builder, indent int) {
	var line strings.Builder
	n.flat(&line)
	if n.open == "" || len(n.parts) == 0 || indent+utf8.RuneCountInString(line.String()) <= codeWidth {
		b.WriteString(line.String())
		return
	}
	if n.name != "" {
		b.WriteString(n.name + " = ")
	}
	b.WriteString(n.open + "\n")
	margin := strings.Repeat(" ", indent+2)
	if n.isFlat() {
		n.fill(b, margin)
	} else {
		for _, part := range n.parts {
			b.WriteString(margin)
			part.write(b, indent+2)
			if n.open == "{" {
				b.WriteByte(';')
			}
			b.WriteByte('\n')
		}
	}
	b.WriteString(strings.Repeat(" ", indent) + n.close)
}

// isFlat reports whether a node is a list of short values.
func (n node) isFlat() bool {
	const short = 16
	return n.open == "[" && !slices.ContainsFunc(n.parts, func(p node) bool { return p.open != "" || len(p.text) > short })
}

// fill writes the elements of a list, as many to a line as fit.
func (n node) fill(b *strings.Builder, margin string) {
	line := margin
	for _, part := range n.parts {
		if line != margin && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(part.text) > codeWidth {
			b.WriteString(line + "\n")
			line = margin
		}
		if line != margin {
			line += " "
		}
		line += part.text
	}
	b.WriteString(line + "\n")
}

// showThunk renders what a thunk comes to or, if that is not wholly known, the
// code that it was made of.
func (b *builder) showThunk(t *eval.Thunk) string {
	text, known := b.show(b.ev.Force(t))
	if at := t.At(); !known && at.IsValid() {
		return clean(dedent(at.Syntax().Text()))
	}
	return text
}

// clean takes out of a text what would command a terminal.
func clean(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = render.Visible(strings.TrimRight(l, "\r"))
	}
	return strings.Join(lines, "\n")
}

// dedent takes away the indentation that all lines of a piece of code have but
// the first, which begins in the middle of one.
func dedent(code string) string {
	lines := strings.Split(code, "\n")
	least := -1
	for _, l := range lines[1:] {
		if trimmed := strings.TrimLeft(l, " "); trimmed != "" && (least < 0 || len(l)-len(trimmed) < least) {
			least = len(l) - len(trimmed)
		}
	}
	for i, l := range lines[1:] {
		lines[i+1] = l[min(len(l), max(least, 0)):]
	}
	return strings.Join(lines, "\n")
}
