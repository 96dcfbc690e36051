package nixfmt

import (
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// piece is a piece of a line of a string, or the line end behind the line.
type piece struct {
	kind pieceKind
	// start and end delimit the piece in the source.
	start, end uint32
	interp     parser.Node
}

type pieceKind uint8

const (
	pieceText pieceKind = iota
	pieceInterp
	pieceLineEnd
)

// str prints a string of either kind.
func (p *printer) str(n parser.Node) {
	first, last := n.FirstToken(), n.LastToken()
	p.trivia(p.leaf(first))
	p.group(groupRegular)
	if indented := n.Is(parser.KindIndString); !indented && n.ChildCount() == 0 {
		p.source(first.Span().Start, last.Span().End)
	} else {
		mark := len(p.pieces)
		p.split(n)
		if indented {
			p.indentedString(n, mark)
		} else {
			p.tokenText(first)
			p.quotedLines(mark, len(p.pieces), false)
			p.tokenText(last)
		}
		p.pieces = p.pieces[:mark]
	}
	p.end()
	p.trailing(p.leaf(last))
}

// path prints a path with its interpolations.
func (p *printer) path(n parser.Node) {
	mark := len(p.pieces)
	p.split(n)
	p.trivia(p.first(n))
	for i := mark; i < len(p.pieces); i++ {
		if t := p.pieces[i]; t.kind == pieceInterp {
			p.interp(parser.Interp{Node: t.interp})
		} else {
			p.source(t.start, t.end)
		}
	}
	p.pieces = p.pieces[:mark]
	p.trailing(p.last(n))
}

// split pushes the pieces of a string or path on p.pieces.
func (p *printer) split(n parser.Node) {
	i, end := n.FirstToken().Index(), n.LastToken().Index()+1
	if !n.Is(parser.KindPath) {
		i++
		end--
	}
	for child := 0; i < end; i++ {
		if c := n.Child(child); c.IsValid() && c.FirstToken().Index() == i {
			s := c.Span()
			p.pieces = append(p.pieces, piece{pieceInterp, s.Start, s.End, c})
			child++
			i = c.LastToken().Index()
			continue
		}
		s := p.tree.Token(i).Span()
		for {
			line := strings.IndexByte(p.src[s.Start:s.End], '\n')
			if line < 0 {
				break
			}
			p.pushText(s.Start, s.Start+uint32(line))
			s.Start += uint32(line)
			p.pieces = append(p.pieces, piece{kind: pieceLineEnd, start: s.Start, end: s.Start + 1})
			s.Start++
		}
		p.pushText(s.Start, s.End)
	}
}

func (p *printer) pushText(start, end uint32) {
	if start < end {
		p.pieces = append(p.pieces, piece{kind: pieceText, start: start, end: end})
	}
}

// lineEnd returns the index of the line end that follows piece i, or of the
// end of the pieces.
func (p *printer) lineEnd(i, end int) int {
	for i < end && p.pieces[i].kind != pieceLineEnd {
		i++
	}
	return i
}

// quotedLines prints the pieces [i, end) between double quotes. If convert is
// set, they stood between two single quotes, where other escapes are used.
func (p *printer) quotedLines(i, end int, convert bool) {
	for {
		stop := p.lineEnd(i, end)
		p.stringLine(i, stop, convert)
		if stop == end {
			return
		}
		p.source(p.pieces[stop].start, p.pieces[stop].end)
		i = stop + 1
	}
}

// stringLine prints one line of a string. What follows blanks at its start is
// offset by them.
func (p *printer) stringLine(i, end int, convert bool) {
	if i == end {
		return
	}
	blank := true
	off := p.off
	if t := p.pieces[i]; t.kind == pieceText {
		p.stringText(t, convert)
		width := leadingBlanks(p.src[t.start:t.end])
		blank = width == int(t.end-t.start)
		p.off += p.widthOf(t.start, t.start+uint32(width))
		i++
	}
	p.restOfLine(i, end, blank, convert)
	p.off = off
}

// restOfLine prints the pieces of a line behind its first text, which is blank
// or not.
func (p *printer) restOfLine(i, end int, blank, convert bool) {
	if blank && i+1 == end && p.pieces[i].kind == pieceInterp {
		p.interpAlone(parser.Interp{Node: p.pieces[i].interp})
		return
	}
	for ; i < end; i++ {
		if t := p.pieces[i]; t.kind == pieceInterp {
			p.interp(parser.Interp{Node: t.interp})
		} else {
			p.stringText(t, convert)
		}
	}
}

func (p *printer) stringText(t piece, convert bool) {
	if text := p.src[t.start:t.end]; convert && strings.Contains(text, "''") {
		p.literal(textRegular, toDoubleQuotes.Replace(text))
	} else {
		p.source(t.start, t.end)
	}
}

// toDoubleQuotes rewrites the escapes of a string between two single quotes.
var toDoubleQuotes = strings.NewReplacer("''$", `\$`, "'''", "''")

// isMultiline reports whether a string between two single quotes has several
// lines. A blank one behind the opening quotes does not count.
func (p *printer) isMultiline(n parser.Node) bool {
	open := n.FirstToken().Span()
	child := 0
	for i, end := n.FirstToken().Index()+1, n.LastToken().Index(); i < end; i++ {
		if c := n.Child(child); c.IsValid() && c.FirstToken().Index() == i {
			child++
			i = c.LastToken().Index()
			continue
		}
		s := p.tree.Token(i).Span()
		text := p.src[s.Start:s.End]
		if line := strings.IndexByte(text, '\n'); line >= 0 {
			// The parser takes a blank first line for part of the quotes.
			return s.Start != open.End || open.Len() > 2 || !onlyBlanks(text[:line]) || strings.Count(text, "\n") > 1
		}
	}
	return false
}

// indentedString prints a string between two single quotes, whose pieces are
// those from mark on.
func (p *printer) indentedString(n parser.Node, mark int) {
	start, end := mark, len(p.pieces)
	// A blank last line goes, but for its line end.
	if last := end - 1; last > start && p.isBlankText(last) && p.pieces[last-1].kind == pieceLineEnd {
		end--
	}
	indent := p.removeIndent(start, end)
	multiline := p.lineEnd(start, end) < end
	cut := p.isCut(n)
	if !multiline && !cut && !p.needsQuotes(start, end) {
		p.literal(textRegular, `"`)
		p.quotedLines(start, end, true)
		p.literal(textRegular, `"`)
		return
	}
	open, close := n.FirstToken().Span(), n.LastToken().Span()
	p.source(open.Start, open.Start+2)
	if multiline {
		p.spacing(lineBreak)
	}
	p.nest++
	for i := start; ; {
		stop := p.lineEnd(i, end)
		if cut {
			p.cutLine(i, stop, indent)
		} else {
			p.stringLine(i, stop, false)
		}
		if stop == end {
			break
		}
		p.spacing(newlines0 + 1)
		i = stop + 1
	}
	p.nest--
	p.source(close.Start, close.End)
}

// cutLine prints a line of a string that is not indented anew: its blanks as
// they are, the rest as always.
func (p *printer) cutLine(i, end int, indent uint32) {
	if i == end || p.pieces[i].start == p.pieces[i].end && i+1 == end {
		return
	}
	t := &p.pieces[i]
	off := p.off
	blank := uint32(0)
	if t.kind == pieceText {
		blank = uint32(leadingBlanks(p.src[t.start:t.end]))
	}
	width := p.widthOf(t.start, t.start+blank)
	p.text(textRaw, t.start-indent, t.start+blank, indent+width)
	p.off += width
	if t.kind == pieceText {
		rest := piece{kind: pieceText, start: t.start + blank, end: t.end}
		p.stringText(rest, false)
		i++
		p.restOfLine(i, end, rest.start == rest.end, false)
	} else {
		p.restOfLine(i, end, true, false)
	}
	p.off = off
}

// removeIndent removes the blanks that all lines of the pieces [start, end)
// start with and returns their number. Blank lines do not count; they may
// become empty.
func (p *printer) removeIndent(start, end int) uint32 {
	const none = 1 << 31
	indent := uint32(none)
	for i := start; i < end; i++ {
		stop := p.lineEnd(i, end)
		switch {
		case i == stop, i+1 == stop && p.isBlankText(i):
		case p.pieces[i].kind == pieceText:
			indent = min(indent, uint32(countBlanks(p.src[p.pieces[i].start:p.pieces[i].end])))
		default:
			indent = 0
		}
		i = stop
	}
	for i := start; i < end; i = p.lineEnd(i, end) + 1 {
		if t := &p.pieces[i]; t.kind == pieceText {
			t.start += min(indent, uint32(countBlanks(p.src[t.start:t.end])))
		}
	}
	if indent == none {
		return 0
	}
	return indent
}

func (p *printer) isBlankText(i int) bool {
	t := p.pieces[i]
	return t.kind == pieceText && onlyBlanks(p.src[t.start:t.end])
}

// needsQuotes reports whether the text among the pieces [start, end) cannot be
// written between double quotes as it is.
func (p *printer) needsQuotes(start, end int) bool {
	for _, t := range p.pieces[start:end] {
		if t.kind == pieceText && strings.ContainsAny(p.src[t.start:t.end], `"\`) {
			return true
		}
	}
	return false
}
