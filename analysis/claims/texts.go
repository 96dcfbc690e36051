package claims

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/parser"
	"github.com/nixlint/nixlint/vfio"
)

// domainTexts reads the guests in libvirt's XML that stands in strings of Nix:
// in values of options, and in what functions such as pkgs.writeText are called
// with.
func (r *reader) domainTexts(c *vfio.Context) {
	if !r.model.Mentions(domainStart) {
		return
	}
	w := &textWalker{r: r, context: c, sets: make(map[*eval.Attrs]bool)}
	w.modules(r.entry.config)
	for _, inner := range r.entry.config.Nested() {
		if p := inner.Input.Prefix; len(p) == 0 || p[0] != specialisation {
			w.modules(inner)
		}
	}
}

// What domainTexts looks for, and where it does not: what a specialisation
// defines is another boot entry's.
const (
	domainStart    = "<domain"
	domainEnd      = "</domain>"
	specialisation = "specialisation"
)

// Bounds on how deep values are followed, and on how many are looked at.
const (
	maxTextDepth = 32
	maxTexts     = 100_000
)

type textWalker struct {
	r       *reader
	context *vfio.Context
	sets    map[*eval.Attrs]bool
	count   int
}

// modules looks at what the modules of an evaluation certainly define.
func (w *textWalker) modules(e *module.Evaluation) {
	for _, m := range e.Modules {
		if m.Certain && !m.Disabled && m.File != "" && m.Attrs != nil {
			w.attrs(m.Attrs, 0)
		}
	}
}

func (w *textWalker) attrs(set *eval.Attrs, depth int) {
	// Through the flake, modules that get it lead to all other hosts.
	if w.sets[set] || w.r.model.IsInputs(set) || set.Get("nixosConfigurations") != nil {
		return
	}
	w.sets[set] = true
	for _, a := range set.Entries {
		switch a.Name {
		case "_type":
			if w.r.ev.Force(a.Value) == eval.Value(eval.String("if")) &&
				w.r.ev.Select(set, "condition", eval.Place{}) != eval.Value(eval.Bool(true)) {
				return // it may be there for another machine
			}
		case "imports", "options", "_file", "key":
			if depth == 0 {
				continue
			}
		case specialisation:
			if depth <= 1 {
				continue
			}
		}
		w.thunk(a.Value, depth+1)
	}
}

func (w *textWalker) thunk(t *eval.Thunk, depth int) {
	if w.count++; t == nil || depth > maxTextDepth || w.count > maxTexts || cannotHoldDomain(t.At()) {
		return
	}
	switch v := w.r.ev.Force(t).(type) {
	case eval.String:
		if strings.Contains(string(v), domainStart) {
			w.add(string(v), t)
		}
	case *eval.Text:
		for _, s := range v.Segments {
			w.unknown(s.Unknown, depth)
		}
	case *eval.List:
		for _, e := range v.Elems {
			w.thunk(e, depth+1)
		}
	case *eval.Attrs:
		w.attrs(v, depth)
	case *eval.Unknown:
		w.unknown(v, depth)
	}
}

// unknown looks at what functions are called with that write files.
func (w *textWalker) unknown(u *eval.Unknown, depth int) {
	for ; u != nil; u = u.Of {
		if u.Func == nil || !mentions(u.Func, "write", "tofile") {
			continue
		}
		for f := u; f != nil; f = f.Func {
			for _, t := range f.Args {
				w.thunk(t, depth+1)
			}
		}
	}
}

// cannotHoldDomain reports whether an expression certainly gives no description
// of a guest, by how it is written. It need not be evaluated.
func cannotHoldDomain(at eval.Place) bool {
	if !at.IsValid() {
		return false
	}
	switch n := parser.Unparen(at.Syntax()); n.Kind() {
	case parser.KindInt, parser.KindFloat, parser.KindURI, parser.KindPath:
		return !n.Parent().Is(parser.KindAttrPath)
	case parser.KindString, parser.KindIndString:
		text := n.Text()
		return !n.Parent().Is(parser.KindAttrPath) && !strings.Contains(text, domainStart) && !strings.Contains(text, "${")
	}
	return false
}

// add reads the descriptions of guests in a text: it may be one, or a script
// that defines some. Where a file has the same guest, that counts.
func (w *textWalker) add(text string, t *eval.Thunk) {
	s := w.r.at(t.Origin().At())
	if s == nil || len(text) > maxXML {
		return
	}
	places := newTextPlaces(text, s)
	for start := 0; ; {
		i := strings.Index(text[start:], domainStart)
		if i < 0 {
			return
		}
		start += i
		n := strings.Index(text[start:], domainEnd)
		if n < 0 {
			return
		}
		end := start + n + len(domainEnd)
		// Blanks keep the places.
		d := &domainReader{file: s.File, text: strings.Repeat(" ", start) + text[start:end], places: places}
		vm := d.read()
		if vm != nil && vm.Name != "" && !slices.ContainsFunc(w.context.VMs, func(x vfio.VM) bool { return x.Name == vm.Name }) {
			w.context.VMs = append(w.context.VMs, *vm)
		}
		start = end
	}
}

// textPlaces tells where in a file the parts of a text are that a string there
// gives.
type textPlaces struct {
	whole parser.Span
	lines []textLine // nil if the lines of both do not correspond
}

// textLine is a line of a text and the line of the source that gives it.
type textLine struct {
	start uint32 // in the text
	text  string
	at    uint32 // in the source
	code  string
}

// newTextPlaces compares a text with the string that gives it.
func newTextPlaces(text string, s *Source) *textPlaces {
	p := &textPlaces{whole: s.Span}
	n := parser.Unparen(s.Node.Syntax())
	code, ok := strings.CutPrefix(n.Text(), "''")
	if !n.Is(parser.KindIndString) || !ok {
		return p
	}
	code = strings.TrimSuffix(code, "''")
	at := n.Span().Start + 2
	if first, rest, ok := strings.Cut(code, "\n"); ok && strings.Trim(first, " ") == "" {
		code, at = rest, at+uint32(len(first)+1) // such a line is none of the text
	}
	if strings.Count(code, "\n") != strings.Count(text, "\n") {
		return p // something that is put in has lines of its own
	}
	codeLines := strings.SplitAfter(code, "\n")
	start := uint32(0)
	for i, line := range strings.SplitAfter(text, "\n") {
		p.lines = append(p.lines, textLine{start, line, at, codeLines[i]})
		start += uint32(len(line))
		at += uint32(len(codeLines[i]))
	}
	return p
}

// place returns where a part of the text is: the part itself, the line that it
// is in, or the whole string.
func (p *textPlaces) place(part parser.Span) parser.Span {
	i, _ := slices.BinarySearchFunc(p.lines, part.Start, func(l textLine, at uint32) int {
		switch {
		case l.start+uint32(len(l.text)) <= at:
			return -1
		case l.start > at:
			return 1
		}
		return 0
	})
	if i >= len(p.lines) {
		return p.whole
	}
	l := p.lines[i]
	trimmed := strings.TrimLeft(l.code, " \t")
	from := l.at + uint32(len(l.code)-len(trimmed))
	line := parser.Span{Start: from, End: from + uint32(len(strings.TrimRight(trimmed, " \t\r\n")))}
	end := part.End - l.start
	if int(end) > len(l.text) {
		return line
	}
	word := l.text[part.Start-l.start : end]
	if word == "" || strings.Count(l.code, word) != strings.Count(l.text, word) {
		return line
	}
	// It is the one that has as many of its kind before it.
	before := strings.Count(l.text[:part.Start-l.start], word)
	offset := 0
	for range before {
		offset += strings.Index(l.code[offset:], word) + len(word)
	}
	found := strings.Index(l.code[offset:], word)
	if found < 0 {
		return line
	}
	start := l.at + uint32(offset+found)
	return parser.Span{Start: start, End: start + uint32(len(word))}
}
