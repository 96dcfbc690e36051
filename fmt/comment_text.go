package nixfmt

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// countLines returns the number of lines of a block comment that say
// something.
func (c *comments) countLines(r rawTrivium) int {
	mark := len(c.lines)
	c.blockLines(r)
	n := len(c.lines) - mark
	c.lines = c.lines[:mark]
	return n
}

// textEnd returns the end of the text space.
func (c *comments) textEnd() uint32 { return uint32(len(c.src) + len(c.texts)) }

// said returns what a comment of one line says, without delimiters and blanks.
func (c *comments) said(r rawTrivium) textRange {
	t := textRange{r.start + 1, r.end}
	if c.src[r.start] == '/' {
		mark := len(c.lines)
		c.blockLines(r)
		if len(c.lines) == mark {
			return textRange{}
		}
		t = c.lines[mark]
		c.lines = c.lines[:mark]
	}
	text := c.src[t.start:t.end]
	t.start += uint32(leadingBlanks(text))
	return textRange{t.start, t.start + uint32(len(trimRightSpace(c.src[t.start:t.end])))}
}

// wrapped returns a trivium that prints what a comment says between open and
// end. The source is used where it reads the same.
func (c *comments) wrapped(kind triviumKind, r rawTrivium, open, end string) trivium {
	said := c.said(r)
	if text := c.src[r.start:r.end]; len(text) == len(open)+int(said.end-said.start)+len(end) &&
		strings.HasPrefix(text, open) && strings.HasSuffix(text, end) {
		return trivium{kind, r.start, r.end}
	}
	start := c.textEnd()
	c.texts = append(c.texts, open...)
	c.texts = append(c.texts, c.src[said.start:said.end]...)
	c.texts = append(c.texts, end...)
	return trivium{kind, start, c.textEnd()}
}

// isDoc reports whether a block comment is documentation.
func isDoc(comment string) bool {
	return strings.HasPrefix(comment, "/**") && comment != "/**/"
}

// isAnnotation reports whether raw[i] names the language of the string that
// follows it, with nothing but blanks and at most one line end in between.
func (c *comments) isAnnotation(i int, atString bool) bool {
	rest := c.raw[i+1:]
	if !atString || len(rest) > 1 || len(rest) == 1 && rest[0].newlines != 1 {
		return false
	}
	comment := c.src[c.raw[i].start:c.raw[i].end]
	if comment[0] != '/' || isDoc(comment) || c.countLines(c.raw[i]) != 1 {
		return false
	}
	said := c.said(c.raw[i])
	text := c.src[said.start:said.end]
	if text == "" || utf8.RuneCountInString(text) > 30 {
		return false
	}
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune("-+._", r) {
			return false
		}
	}
	return true
}

// blockLines appends the lines of a block comment to c.lines, without its
// delimiters, indentation, and empty lines at its start and end.
func (c *comments) blockLines(r rawTrivium) {
	mark := len(c.lines)
	start, stop := r.start+2, r.end-2
	if isDoc(c.src[r.start:r.end]) {
		start++
	}
	for at := start; ; {
		end := at
		for end < stop && c.src[end] != '\n' {
			end++
		}
		c.lines = append(c.lines, textRange{at, at + uint32(len(trimRightSpace(c.src[at:end])))})
		if end == stop {
			break
		}
		at = end + 1
	}
	lines := withoutEmptyEnd(c.lines[mark:])
	if len(lines) > 1 {
		c.unindent(r, lines)
		lines = withoutEmptyEnd(lines) // a line of a star only has become empty
	}
	if len(lines) > 0 {
		first := &lines[0]
		first.start += uint32(leadingBlanks(c.src[first.start:first.end]))
	}
	for len(lines) > 0 && lines[0].start == lines[0].end {
		lines = lines[1:]
	}
	c.lines = append(c.lines[:mark], lines...)
}

func withoutEmptyEnd(lines []textRange) []textRange {
	for len(lines) > 0 && lines[len(lines)-1].start == lines[len(lines)-1].end {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// unindent removes the indentation from all but the first line of a block
// comment, and the column of stars that some comments have below that of `/*`.
func (c *comments) unindent(r rawTrivium, lines []textRange) {
	column := c.column(r.start)
	remove := column + 2
	if first := lines[0]; first.start < first.end && c.src[first.start] == ' ' {
		remove++
	}
	rest := lines[1:]
	stars := true
	for _, l := range rest {
		text := c.src[l.start:l.end]
		stars = stars && countBlanks(text) == column+1 && len(text) > column+1 && text[column+1] == '*'
	}
	if stars {
		// Without the star and the blank before it, a line is still indented
		// by column.
		remove -= column
		for i := range rest {
			rest[i].start += uint32(column + 2)
		}
	}
	for _, l := range rest {
		if l.start < l.end {
			remove = min(remove, countBlanks(c.src[l.start:l.end]))
		}
	}
	for i := range rest {
		l := &rest[i]
		l.start += uint32(min(remove, countBlanks(c.src[l.start:l.end])))
	}
}
