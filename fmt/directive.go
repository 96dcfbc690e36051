package nixfmt

import (
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// The comments that switch formatting off and on again. They are spelled
// exactly so and stand alone on a line; anywhere else they are comments like
// any other.
const (
	disableDirective = "/*nixfmt:disable*/"
	enableDirective  = "/*nixfmt:enable*/"
)

// region is a part of the source that is printed as it is: the lines from a
// disable directive to the next enable directive or to the end of the file.
//
// In the document, it starts with a textDisable, behind which nothing is
// printed, and ends with a textVerbatim that holds all its lines.
type region struct {
	// disable and enable are the offsets of the two comments; enable is the
	// length of the source if there is none.
	disable, enable uint32
	// start and end delimit the lines.
	start, end uint32
}

// directive recognises a directive among the comments before a token. It
// returns false for an ordinary comment.
func (c *comments) directive(r rawTrivium) bool {
	text := c.src[r.start:r.end]
	if text != disableDirective && text != enableDirective {
		return false
	}
	line := c.src[:r.start]
	line = line[strings.LastIndexByte(line, '\n')+1:]
	rest := c.src[r.end:]
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		rest = strings.TrimSuffix(rest[:i], "\r")
	}
	if !isBlank(line) || !isBlank(rest) {
		return false
	}
	end := r.end + uint32(len(rest))
	open := len(c.regions) > 0 && c.regions[len(c.regions)-1].end == 0
	switch {
	case text == disableDirective:
		if !open {
			c.regions = append(c.regions, region{disable: r.start, start: r.start - uint32(len(line))})
		}
		c.list = append(c.list, trivium{triviumDisable, r.start, r.end})
	case open:
		last := &c.regions[len(c.regions)-1]
		last.enable, last.end = r.start, end
		c.list = append(c.list, trivium{triviumEnable, last.start, last.end})
	default:
		c.list = append(c.list, trivium{triviumLoneEnable, r.start, r.end})
	}
	return true
}

// closeRegion ends a region that is still open at the end of the file.
func (c *comments) closeRegion(eof *leaf) {
	last := len(c.regions) - 1
	if last < 0 || c.regions[last].end != 0 {
		return
	}
	r := &c.regions[last]
	r.enable, r.end = uint32(len(c.src)), uint32(len(c.src))
	mark := len(c.list)
	c.list = append(c.list, c.run(eof)...)
	c.list = append(c.list, trivium{triviumDisabledEnd, r.start, r.end})
	eof.pre = c.endRun(mark)
}

// hasDirective reports whether a directive is among a token's leading trivia.
func (p *printer) hasDirective(l *leaf) bool {
	for _, t := range p.comments.run(l) {
		if t.kind >= triviumDisable {
			return true
		}
	}
	return false
}

// isCut reports whether a region starts or ends in one of the interpolations
// of a string and does not lie in it altogether. Of such a string, some lines
// are printed as they are and the others have to match.
func (p *printer) isCut(n parser.Node) bool {
	for _, r := range p.comments.regions {
		for c := range n.Children() {
			if s := c.Span(); s.Contains(r.disable) != s.Contains(r.enable) {
				return true
			}
		}
	}
	return false
}

// directiveTrivium prints a directive.
func (p *printer) directiveTrivium(t *trivium) {
	switch t.kind {
	case triviumDisable:
		p.text(textDisable, t.start, t.end, 0)
	case triviumEnable:
		p.text(textVerbatim, t.start, t.end, p.widthOf(t.start, t.end))
		p.spacing(hardline)
	case triviumLoneEnable:
		p.comment(t.start, t.end)
		p.spacing(hardline)
	case triviumDisabledEnd:
		p.text(textVerbatimEOF, t.start, t.end, p.widthOf(t.start, t.end))
	}
}

// reviveDisables turns the starts of regions whose end has been lost into
// comments.
func (d *doc) reviveDisables() {
	ends := 0
	for i := range d.elems {
		if d.elems[i].kind.isVerbatim() {
			ends++
		}
	}
	for i := range d.elems {
		e := &d.elems[i]
		switch {
		case e.kind.isVerbatim():
			ends--
		case e.kind == textDisable && ends == 0:
			e.kind, e.width = textComment, e.end-e.start
		}
	}
}

// endsVerbatim reports whether the document ends with the source of a region
// that runs to the end of the file.
func (d *doc) endsVerbatim() bool {
	for i := len(d.elems) - 1; i >= 0; i-- {
		if d.elems[i].kind.isText() {
			return d.elems[i].kind == textVerbatimEOF
		}
	}
	return false
}
