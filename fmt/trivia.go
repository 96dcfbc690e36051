package nixfmt

import (
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// leaf is what belongs to a token of the tree besides its text: its line, the
// comments and empty lines before it, and the comment behind it. A string or
// path, which the tree cuts into several tokens, has its comments on the first
// and on the last of them.
//
// The printer moves comments from one token to another before it prints them.
type leaf struct {
	// line is the token's line, counting from 1. In strict mode every token
	// is on line 1.
	line uint32
	// pre is the index of the leading trivia in comments.runs, trail that of
	// the trailing comment in comments.trails; 0 means none.
	pre, trail uint32
}

// lone reports whether nothing but the token itself has to be printed.
func (l *leaf) lone() bool { return l.pre|l.trail == 0 }

// triviumKind is the class of a piece of leading trivia.
type triviumKind uint8

const (
	triviumEmptyLine   triviumKind = iota // one or more empty lines
	triviumLine                           // `# …`
	triviumBlock                          // `/* … */` of several lines
	triviumDoc                            // `/** … */`
	triviumAnnotation                     // `/* nix */` before a string: the language of its content
	triviumDisable                        // start of a region that is left as it is
	triviumEnable                         // end of a region; prints the whole of it
	triviumLoneEnable                     // the end of no region
	triviumDisabledEnd                    // end of a region at the end of the file
)

// trivium is a piece of leading trivia.
type trivium struct {
	kind triviumKind
	// start and end delimit what is printed in the text space; for
	// triviumBlock and triviumDoc they delimit lines in comments.lines.
	start, end uint32
}

// textRange delimits a text in the text space, or a part of a list.
type textRange struct{ start, end uint32 }

// The runs of trivia that most tokens have.
const (
	noRun        = 0
	emptyLineRun = 1
)

// comments is the trivia of a file as nixfmt sees it: comments belong to the
// token before them or to the one behind them.
type comments struct {
	src string
	// texts are the comments that are not in the source as they are printed.
	// Their offsets start at len(src).
	texts  []byte
	leaves []leaf
	// list holds all leading trivia; a run is a part of it that belongs to one
	// token. The first runs are noRun and emptyLineRun.
	list []trivium
	runs []textRange
	// trails are the trailing comments, `# …`. The first is not used.
	trails []textRange
	// lines are those of block comments.
	lines []textRange
	raw   []rawTrivium
	// regions are those not to be formatted, in source order.
	regions []region
}

// rawTrivium is a comment or a run of line ends between two tokens.
type rawTrivium struct {
	start, end uint32
	// newlines is the number of line ends; 0 for a comment.
	newlines int
}

// scan fills leaves from the gaps between the tree's tokens.
func (c *comments) scan(tree *parser.Tree, strict bool) {
	c.src = tree.Source()
	c.texts, c.lines, c.regions = c.texts[:0], c.lines[:0], c.regions[:0]
	c.list = append(c.list[:0], trivium{kind: triviumEmptyLine})
	c.runs = append(c.runs[:0], textRange{}, textRange{0, 1})
	c.trails = append(c.trails[:0], textRange{})
	n := tree.TokenCount()
	if cap(c.leaves) < n {
		c.leaves = make([]leaf, n+n/4)
	}
	c.leaves = c.leaves[:n]
	var end, line uint32 = 0, 1
	src := c.src
	for i := range n {
		tok := tree.Token(i)
		span := tok.Span()
		l := &c.leaves[i]
		*l = leaf{line: line}
		if gap := src[end:span.Start]; len(gap) > 1 || len(gap) == 1 && gap[0] != ' ' {
			newlines, plain := 0, true
			for _, b := range []byte(gap) {
				switch b {
				case '\n':
					newlines++
				case '#', '/':
					plain = false
				}
			}
			line += uint32(newlines)
			l.line = line
			if plain {
				if newlines > 1 {
					l.pre = emptyLineRun
				}
			} else {
				var before *leaf
				if i > 0 && tree.Token(i-1).Kind() != parser.TokenInterpStart {
					before = &c.leaves[i-1]
				}
				c.gap(before, l, end, span.Start, atString(tok))
			}
		}
		switch tok.Kind() {
		case parser.TokenStringText, parser.TokenIndStringStart:
			line += uint32(strings.Count(src[span.Start:span.End], "\n"))
		}
		end = span.End
	}
	c.closeRegion(&c.leaves[n-1])
	if strict {
		c.flattenLines(tree)
	}
}

// flattenLines puts all tokens on one line. Those in interpolations keep their
// lines, as in nixfmt.
func (c *comments) flattenLines(tree *parser.Tree) {
	var braces []parser.TokenKind
	interps := 0
	for i := range c.leaves {
		switch kind := tree.Token(i).Kind(); kind {
		case parser.TokenInterpStart:
			interps++
			braces = append(braces, kind)
		case parser.TokenLBrace:
			braces = append(braces, kind)
		case parser.TokenRBrace:
			last := len(braces) - 1
			if braces[last] == parser.TokenInterpStart {
				interps--
			}
			braces = braces[:last]
		}
		if interps == 0 {
			c.leaves[i].line = 1
		}
	}
}

func atString(t parser.Token) bool {
	return t.Kind() == parser.TokenStringStart || t.Kind() == parser.TokenIndStringStart
}

// gap distributes the comments of src[start:end] between the token before the
// gap, nil if that cannot have any, and the token behind it.
func (c *comments) gap(before, behind *leaf, start, end uint32, atString bool) {
	c.cut(start, end)
	lead := 0
	if before != nil {
		for lead < len(c.raw) && c.canTrail(lead, atString) {
			lead++
		}
		if lead == 1 && c.src[c.raw[0].start] == '#' && c.startsColumn(end) {
			lead = 0
		}
		if lead > 0 {
			t := c.trailing(c.raw[:lead])
			if t.start < t.end {
				before.trail = uint32(len(c.trails))
				c.trails = append(c.trails, t)
			}
		}
	}
	mark := len(c.list)
	for i := lead; i < len(c.raw); i++ {
		c.leading(i, atString)
	}
	behind.pre = c.endRun(mark)
}

// run returns a token's leading trivia.
func (c *comments) run(l *leaf) []trivium {
	r := c.runs[l.pre]
	return c.list[r.start:r.end]
}

// endRun makes a run of what was appended to list since it had length start.
func (c *comments) endRun(start int) uint32 {
	if start == len(c.list) {
		return noRun
	}
	c.runs = append(c.runs, textRange{uint32(start), uint32(len(c.list))})
	return uint32(len(c.runs) - 1)
}

// cut splits src[start:end] into comments and runs of line ends.
func (c *comments) cut(start, end uint32) {
	c.raw = c.raw[:0]
	for at := start; at < end; {
		switch c.src[at] {
		case '#':
			stop := at
			for stop < end && c.src[stop] != '\n' {
				stop++
			}
			c.raw = append(c.raw, rawTrivium{start: at, end: stop})
			at = stop
		case '/':
			stop := at + 4 + uint32(strings.Index(c.src[at+2:], "*/"))
			c.raw = append(c.raw, rawTrivium{start: at, end: stop})
			at = stop
		case '\n':
			if last := len(c.raw) - 1; last >= 0 && c.raw[last].newlines > 0 {
				c.raw[last].newlines++
			} else {
				c.raw = append(c.raw, rawTrivium{start: at, end: at + 1, newlines: 1})
			}
			at++
		default:
			at++
		}
	}
}

// canTrail reports whether a piece of trivia may stand behind a token on its
// line: a `#` comment, or a block comment of one line that is neither
// documentation nor names a string's language.
func (c *comments) canTrail(i int, atString bool) bool {
	r := c.raw[i]
	switch {
	case r.newlines > 0:
		return false
	case c.src[r.start] == '#':
		return true
	}
	if isDoc(c.src[r.start:r.end]) || c.isAnnotation(i, atString) {
		return false
	}
	return c.countLines(r) <= 1
}

// startsColumn reports whether the comment raw[0] behind a token is the first
// of several in the same column, or stands above the next token as a comment
// of its own would.
func (c *comments) startsColumn(end uint32) bool {
	if len(c.raw) < 2 || c.raw[1].newlines != 1 {
		return false
	}
	next := end
	if len(c.raw) > 2 {
		if next = c.raw[2].start; c.src[next] != '#' {
			return false
		}
	}
	return c.column(next) == c.column(c.raw[0].start)
}

// column returns the column of an offset, counting from 0, with tab stops
// every 8 columns.
func (c *comments) column(at uint32) int {
	line := c.src[:at]
	line = line[strings.LastIndexByte(line, '\n')+1:]
	col := 0
	for _, r := range line {
		if r == '\t' {
			col += 8 - col%8
		} else {
			col++
		}
	}
	return col
}

// trailing returns the text `# …` that stands for the comments, empty if they
// say nothing.
func (c *comments) trailing(raw []rawTrivium) textRange {
	start := c.textEnd()
	for _, r := range raw {
		said := c.said(r)
		if said.start == said.end {
			continue
		}
		if len(raw) == 1 && c.src[r.start] == '#' && said.start == r.start+2 && c.src[r.start+1] == ' ' {
			return textRange{r.start, said.end}
		}
		if start == c.textEnd() {
			c.texts = append(c.texts, '#')
		}
		c.texts = append(c.texts, ' ')
		c.texts = append(c.texts, c.src[said.start:said.end]...)
	}
	return textRange{start, c.textEnd()}
}

// leading appends the trivium that raw[i] amounts to before a token.
func (c *comments) leading(i int, atString bool) {
	r := c.raw[i]
	text := c.src[r.start:r.end]
	switch {
	case r.newlines == 1:
	case r.newlines > 1:
		c.list = append(c.list, trivium{kind: triviumEmptyLine})
	case text[0] == '#':
		stop := r.start + uint32(len(trimRightSpace(text)))
		c.list = append(c.list, trivium{triviumLine, r.start, stop})
	case c.directive(r):
	case c.isAnnotation(i, atString):
		c.list = append(c.list, c.wrapped(triviumAnnotation, r, "/* ", " */"))
	default:
		mark := uint32(len(c.lines))
		c.blockLines(r)
		end := uint32(len(c.lines))
		switch {
		case mark == end:
		case isDoc(text):
			c.list = append(c.list, trivium{triviumDoc, mark, end})
		case end-mark == 1:
			c.lines = c.lines[:mark]
			c.list = append(c.list, c.wrapped(triviumLine, r, "# ", ""))
		default:
			c.list = append(c.list, trivium{triviumBlock, mark, end})
		}
	}
}
