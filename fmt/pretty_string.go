package nixfmt

import (
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// interpolationRoom is the width up to which an interpolation stays on one
// line wherever it stands.
const interpolationRoom = 30

// str prints a string of either kind.
func (p *printer) str(n parser.Node) {
	p.group(groupRegular)
	p.trivia(p.first(n))
	switch {
	case n.Is(parser.KindString):
		p.quoted(n, false)
	case !p.isMultiline(n) && !p.needsQuotes(n) && !p.isCut(n):
		p.quoted(n, true)
	default:
		p.indented(n)
	}
	p.trailing(p.last(n))
	p.end()
}

// isMultiline reports whether a string between two single quotes has several
// lines. A blank one behind the opening quotes does not count.
func (p *printer) isMultiline(n parser.Node) bool {
	for part := range p.parts(n) {
		if text := part.text; strings.IndexByte(text, '\n') >= 0 {
			if n.FirstToken().Span().Len() > 2 || part.start != n.FirstToken().Span().End || strings.Trim(text[:strings.IndexByte(text, '\n')], " ") != "" {
				return true
			}
			if strings.Count(text, "\n") > 1 {
				return true
			}
		}
	}
	return false
}

// needsQuotes reports whether a string between two single quotes cannot be
// written between double quotes as it is.
func (p *printer) needsQuotes(n parser.Node) bool {
	for part := range p.parts(n) {
		if strings.ContainsAny(part.text, `"\`) {
			return true
		}
	}
	return false
}

// part is a piece of a string or path: literal text or an interpolation.
type part struct {
	start  uint32
	text   string
	interp parser.Node
	// last is set if nothing follows.
	last bool
}

// parts yields the pieces of a string or path.
func (p *printer) parts(n parser.Node) func(yield func(part) bool) {
	return func(yield func(part) bool) {
		i, end := n.FirstToken().Index(), n.LastToken().Index()
		if !n.Is(parser.KindPath) {
			i++
			end--
		}
		child := 0
		for i <= end {
			var t part
			if c := n.Child(child); c.IsValid() && c.FirstToken().Index() == i {
				t.interp = c
				child++
				i = c.LastToken().Index()
			} else {
				s := p.tree.Token(i).Span()
				t.start, t.text = s.Start, p.src[s.Start:s.End]
			}
			t.last = i == end
			i++
			if !yield(t) {
				return
			}
		}
	}
}

// path prints a path with its interpolations.
func (p *printer) path(n parser.Node) {
	p.trivia(p.first(n))
	for part := range p.parts(n) {
		if part.interp.IsValid() {
			p.interp(parser.Interp{Node: part.interp})
		} else {
			p.source(part.start, part.start+uint32(len(part.text)))
		}
	}
	p.trailing(p.last(n))
}

// quoted prints a string between double quotes. If convert is set, it stands
// between two single quotes in the source.
func (p *printer) quoted(n parser.Node, convert bool) {
	start, end := n.FirstToken().Span(), n.LastToken().Span()
	if !convert && n.ChildCount() == 0 {
		p.source(start.Start, end.End)
		return
	}
	if convert {
		p.literal(textRegular, `"`)
	} else {
		p.source(start.Start, start.End)
	}
	l := stringLine{p: p, start: true}
	for part := range p.parts(n) {
		if part.interp.IsValid() {
			l.interp(part.interp, end.Start)
			continue
		}
		at, text := part.start, part.text
		if convert {
			text = p.onlyLine(n, part)
			at += uint32(len(part.text) - len(text))
		}
		for {
			stop := strings.IndexByte(text, '\n')
			if stop < 0 {
				break
			}
			l.text(at, text[:stop], convert)
			l.end()
			p.source(at+uint32(stop), at+uint32(stop)+1)
			at, text = at+uint32(stop)+1, text[stop+1:]
		}
		l.text(at, text, convert)
	}
	l.end()
	if convert {
		p.literal(textRegular, `"`)
	} else {
		p.source(end.Start, end.End)
	}
}

// onlyLine returns a piece of a string of one line between two single quotes
// without the blanks at the start of the string.
func (p *printer) onlyLine(n parser.Node, t part) string {
	text := t.text
	if n.FirstToken().Span().End == t.start {
		if i := strings.IndexByte(text, '\n'); i >= 0 {
			text = text[i+1:]
		}
		text = strings.TrimLeft(text, " ")
	}
	return text
}

// stringLine prints one line of a string after the other.
type stringLine struct {
	p *printer
	// start is set until something that is not white space was printed.
	start bool
	// indent is the white space at the start of the line, by which all that
	// follows on it is offset.
	indent uint32
	offset bool
}

// text prints literal text. If convert is set, escapes are rewritten from
// those of indented strings.
func (l *stringLine) text(at uint32, text string, convert bool) {
	if text == "" {
		return
	}
	p := l.p
	if convert && strings.Contains(text, "''") {
		p.literal(textRegular, strings.NewReplacer("''$", `\$`, "'''", "''").Replace(text))
	} else {
		p.source(at, at+uint32(len(text)))
	}
	if l.offset {
		l.start = false
		return
	}
	blank := uint32(leadingBlanks(text))
	l.start = l.start && int(blank) == len(text)
	l.indent = blank
	p.off += blank
	l.offset = true
}

// indented prints the rest of a line of which indent blanks are printed.
func (l *stringLine) indented(at uint32, text string, indent uint32) {
	l.indent, l.offset = indent, true
	l.p.off += indent
	l.p.source(at, at+uint32(len(text)))
	l.start = text == ""
}

// interp prints an interpolation; end is where the string's text ends.
func (l *stringLine) interp(n parser.Node, end uint32) {
	p := l.p
	after := n.LastToken().Span().End
	alone := l.start && (after == end || p.src[after] == '\n')
	if alone {
		p.interpAlone(parser.Interp{Node: n})
	} else {
		p.interp(parser.Interp{Node: n})
	}
	l.start, l.offset = false, true
}

// end ends the line.
func (l *stringLine) end() {
	l.p.off -= l.indent
	*l = stringLine{p: l.p, start: true}
}

// indented prints a string between two single quotes.
func (p *printer) indented(n parser.Node) {
	open, end := n.FirstToken().Span(), n.LastToken().Span()
	p.source(open.Start, open.Start+2)
	if p.isMultiline(n) {
		p.spacing(lineBreak)
	}
	prefix, cut := p.commonIndent(n, end.Start), p.isCut(n)
	p.nest++
	l := stringLine{p: p, start: true}
	fresh := true // nothing of the line has been seen
	first := true
	for part := range p.parts(n) {
		if part.interp.IsValid() {
			if cut && fresh {
				p.text(textRaw, 0, 0, 0)
			}
			l.interp(part.interp, end.Start)
			fresh, first = false, false
			continue
		}
		at, text := part.start, part.text
		for {
			line := text
			stop := strings.IndexByte(text, '\n')
			if stop >= 0 {
				line = text[:stop]
			}
			skip := 0
			if fresh {
				skip = min(countBlanks(line), prefix)
				if (stop >= 0 || part.last) && strings.Trim(line, " ") == "" && (prefix == noPrefix || stop < 0) {
					skip = len(line)
				}
			}
			if cut && fresh && line != "" && (skip < len(line) || stop < 0 && !part.last) {
				blank := countBlanks(line)
				p.text(textRaw, at, at+uint32(blank), uint32(blank))
				l.indented(at+uint32(blank), line[blank:], uint32(blank-skip))
			} else {
				l.text(at+uint32(skip), line[skip:], false)
			}
			if stop < 0 {
				fresh = fresh && text == ""
				break
			}
			l.end()
			if !(first && fresh && strings.Trim(line, " ") == "" && open.Len() == 2 && part.start == open.End) {
				p.spacing(newlines0 + 1)
			}
			first, fresh = false, true
			at, text = at+uint32(stop)+1, text[stop+1:]
		}
		first = false
	}
	l.end()
	p.nest--
	p.source(end.Start, end.End)
}

// noPrefix is the common indentation of a string of blank lines only.
const noPrefix = 1 << 30

// commonIndent returns the number of blanks that all lines of an indented
// string start with, blank lines not counted.
func (p *printer) commonIndent(n parser.Node, end uint32) int {
	prefix := noPrefix
	fresh := true
	for part := range p.parts(n) {
		if part.interp.IsValid() {
			if fresh {
				prefix = 0
			}
			fresh = false
			continue
		}
		text := part.text
		for {
			stop := strings.IndexByte(text, '\n')
			line := text
			if stop >= 0 {
				line = text[:stop]
			}
			if fresh {
				if b := countBlanks(line); b < len(line) || stop < 0 && !part.last {
					prefix = min(prefix, b)
				}
			}
			if stop < 0 {
				fresh = false
				break
			}
			fresh = true
			text = text[stop+1:]
		}
	}
	return prefix
}

// interp prints `${expr}` among other text.
func (p *printer) interp(n parser.Interp) {
	open, close := n.FirstToken(), n.LastToken()
	e, c := n.Expr(), p.leaf(close)
	switch {
	case p.squash.active:
		p.tokenText(open)
		p.expr(e)
		p.trivia(c)
		p.tokenText(close)
		return
	case p.isAbsorbable(e) && c.pre == noRun:
		p.group(groupRegular)
		p.tokenText(open)
		p.term(e, false)
		p.tokenText(close)
		p.end()
		return
	}
	simple := c.pre == noRun && p.isSimple(e)
	room := interpolationRoom
	if simple {
		room = unlimited
	}
	m := p.mark()
	if !simple {
		p.group(groupRegular)
	}
	p.tokenText(open)
	p.squash = squash{active: true, room: room}
	p.expr(e)
	p.trivia(c)
	failed := p.squash.failed
	p.squash = squash{}
	if !failed {
		p.drop(m)
		p.tokenText(close)
		if !simple {
			p.end()
		}
		return
	}
	p.rewind(m)
	if simple {
		p.tokenText(open)
		p.expr(e)
		p.tokenText(close)
		return
	}
	p.interpExpanded(n)
}

// interpExpanded prints `${expr}` with the expression on lines of its own
// unless everything around it fits on one.
func (p *printer) interpExpanded(n parser.Interp) {
	p.group(groupRegular)
	p.tokenText(n.FirstToken())
	p.spacing(lineBreak)
	p.nest++
	p.whole(n.Expr(), n.LastToken())
	p.nest--
	p.spacing(lineBreak)
	p.tokenText(n.LastToken())
	p.end()
}

// interpAlone prints `${expr}` as the only thing on its line.
func (p *printer) interpAlone(n parser.Interp) {
	if p.leaf(n.LastToken()).pre != noRun {
		p.interpExpanded(n)
		return
	}
	p.group(groupRegular)
	p.tokenText(n.FirstToken())
	p.nest++
	p.parenInner(n.Expr())
	p.nest--
	p.tokenText(n.LastToken())
	p.end()
}
