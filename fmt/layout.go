package nixfmt

import "bytes"

// layout prints a document as nixfmt does: greedily, from left to right, each
// group on one line if that fits, expanded otherwise.
//
// The width of a line counts from behind its indentation. Whether a group fits
// depends on the group and on the text that must follow on the same line, up
// to the next place where a line may end (see firstWidth). Both are differences
// of prefix sums over the flat document, so that every question is answered in
// constant time and no text is touched before it is printed.
type layout struct {
	elems []elem
	doc   *doc
	// width is the target width of a line, indent the columns of one step.
	width, indent int

	// sums[i] covers elems[:i].
	sums []sums
	// breaks are the indices of all spacings but hardspace: the places where
	// a line may end.
	breaks []uint32

	out []byte
	// column is the width of what is printed on the current line, without the
	// indentation. 0 means that nothing is, not even the indentation.
	column int
	// levels holds linked stacks of indentation steps, top the current one.
	// Stacks share their tails and entries do not change, so that top alone
	// is a snapshot.
	levels []level
	top    int32
	// suppress is set inside a disabled region: everything is laid out and
	// nothing is printed.
	suppress bool

	// work counts the elements visited in expanded groups.
	work, workLimit int

	// prios is a stack of indices of priority groups being tried.
	prios []uint32
	// ahead is a stack of overrides of what follows.
	ahead []lookahead
}

// sums are totals over the first elements of a document.
type sums struct {
	compact uint32 // width on one line, comments not counted
	first   uint32 // width of the texts and hardspaces, comments not counted
	hard    uint32 // elements that cannot be put on one line
	breaks  uint32 // places where a line may end: an index into layout.breaks
}

// level is one entry of the indentation stack: texts that are nested nest
// levels deep are indented by indent columns.
type level struct {
	nest   uint32
	below  int32
	indent int
}

// state is what has to be restored when an attempt fails.
type state struct {
	length   int
	levels   int
	column   int
	top      int32
	suppress bool
}

func (l *layout) save() state { return state{len(l.out), len(l.levels), l.column, l.top, l.suppress} }

func (l *layout) restore(s state) {
	l.out, l.levels = l.out[:s.length], l.levels[:s.levels]
	l.column, l.top, l.suppress = s.column, s.top, s.suppress
}

// run lays out the whole document behind what is in l.out already.
func (l *layout) run(d *doc, width, indent int) {
	l.doc, l.elems, l.width, l.indent = d, d.elems, width, indent
	l.levels = append(l.levels[:0], level{below: -1})
	l.top, l.column, l.suppress = 0, 0, false
	l.prios = l.prios[:0]
	l.work, l.workLimit = 0, workBase+workPerElement*len(d.elems)
	l.measure()
	n := uint32(len(l.elems))
	l.ahead = append(l.ahead[:0], lookahead{end: n, squashEnd: n})
	l.body(0, n, groupRegular)
}

// measure fills sums and breaks.
func (l *layout) measure() {
	if cap(l.sums) <= len(l.elems) {
		l.sums = make([]sums, len(l.elems)+len(l.elems)/4+64)
	}
	l.sums = l.sums[:len(l.elems)+1]
	l.breaks = l.breaks[:0]
	var s sums
	blank := false // the last elements were spacings of width 1
	for i := range l.elems {
		l.sums[i] = s
		e := &l.elems[i]
		switch e.kind {
		case textRegular:
			s.compact += e.width
			s.first += e.width
			blank = false
		case textComment, textTrailingComment:
			blank = false
		case textTrailing:
			s.first += e.width
			blank = false
		case textRaw, textDisable, textVerbatim, textVerbatimEOF:
			s.first += e.width
			s.hard++
			blank = false
		case elemSpacing:
			sp := spacing(e.width)
			w := sp.compactWidth()
			if w > 0 && !blank {
				// Adjacent spacings count once.
				s.compact++
				blank = true
			}
			if sp >= hardline {
				s.hard++
			}
			if sp == hardspace {
				s.first++
			} else {
				s.breaks++
				l.breaks = append(l.breaks, uint32(i))
			}
		default:
			// Spacings join across the end of a group, not across its start.
			blank = false
		}
	}
	l.sums[len(l.elems)] = s
	l.breaks = append(l.breaks, uint32(len(l.elems)))
}

// body lays out the elements [i, end) as the content of a group of the given
// kind.
func (l *layout) body(i, end uint32, kind elemKind) {
	if l.compact(i, end, l.leadingSpacing(i, end)) {
		return
	}
	if kind != groupTransparent && l.priority(i, end) {
		return
	}
	l.expand(i, end)
}

// expand prints the elements [i, end) one by one.
func (l *layout) expand(i, end uint32) {
	for i < end {
		e := &l.elems[i]
		i++
		l.work++
		switch {
		case e.kind == textRegular:
			l.indentTo(e.nest, e.off)
			l.out = l.doc.appendText(l.out, e)
			l.column += int(e.width)
			if l.suppress {
				l.out = l.out[:len(l.out)-int(e.end-e.start)]
			}
		case e.kind == elemSpacing:
			l.spacing(spacing(e.width), i)
		case e.kind.isGroup():
			l.body(i, e.end, e.kind)
			i = e.end
		case e.kind != elemNone:
			l.text(e, i)
		}
	}
}

// text prints an element in an expanded group; next is the index of what
// follows.
func (l *layout) text(e *elem, next uint32) {
	mark := len(l.out)
	switch e.kind {
	case textDisable:
		l.suppress = true
		return
	case textVerbatim, textVerbatimEOF:
		if l.column != 0 && !l.suppress {
			l.out = append(l.out, '\n')
		}
		l.suppress = false
		l.out = l.doc.appendText(l.out, e)
		l.column = lastLineWidth(l.out[mark:])
		return
	case textRaw:
		l.indentTo(e.nest, e.off)
		l.out = l.doc.appendText(l.out[:mark], e)
		l.column = max(1, l.column+int(e.width))
	case textTrailingComment:
		// Without the second blank, the comment of `[ # c` would stand where
		// the comments of the elements do, and would join them the next time.
		nest := uint32(0)
		if l.column == 2 {
			nest, _ = l.nextNest(next, uint32(len(l.elems)))
		}
		if nest > l.levels[l.top].nest {
			l.out = append(l.out, ' ')
			l.column++
		} else {
			l.indentTo(e.nest, e.off)
		}
		l.out = l.doc.appendText(l.out, e)
		l.column += int(e.width)
	default:
		l.indentTo(e.nest, e.off)
		l.out = l.doc.appendText(l.out, e)
		l.column += int(e.width)
	}
	if l.suppress {
		l.out = l.out[:mark]
	}
}

// lastLineWidth returns the number of code points behind the last line end.
func lastLineWidth(text []byte) int {
	n := 0
	for _, c := range text[bytes.LastIndexByte(text, '\n')+1:] {
		if c&0xC0 != 0x80 {
			n++
		}
	}
	return n
}

// spacing prints white space in an expanded group; next is the index of what
// follows.
func (l *layout) spacing(s spacing, next uint32) {
	if l.column == 0 {
		return
	}
	switch s {
	case hardspace:
		l.blank()
	case softspace:
		if l.fitsAhead(l.width-l.column-1, l.width, next) {
			l.blank()
		} else {
			l.newlines(1)
		}
	case softbreak:
		if !l.fitsAhead(l.width-l.column, l.width, next) {
			l.newlines(1)
		}
	default:
		l.newlines(s.lines())
	}
}

func (l *layout) blank() {
	l.column++
	if !l.suppress {
		l.out = append(l.out, ' ')
	}
}

func (l *layout) newlines(n int) {
	l.column = 0
	if l.suppress {
		return
	}
	for range n {
		l.out = append(l.out, '\n')
	}
}

// indentTo prepares for a text at the given level: it closes the indentation
// steps that the text is not inside of, opens one if it is nested deeper, and
// indents the line if the text is the first on it.
//
// Only the first text of a line makes the following ones start further right,
// and it does so by one step, however many levels were opened.
func (l *layout) indentTo(nest, off uint32) {
	top := &l.levels[l.top]
	if nest != top.nest {
		for nest < top.nest {
			l.top = top.below
			top = &l.levels[l.top]
		}
		if nest > top.nest {
			indent := top.indent
			if l.column == 0 {
				indent += l.indent
			}
			l.levels = append(l.levels, level{nest: nest, below: l.top, indent: indent})
			l.top = int32(len(l.levels) - 1)
			top = &l.levels[l.top]
		}
	}
	if l.column == 0 && !l.suppress {
		l.out = appendBlanks(l.out, top.indent+int(off))
	}
}

const blanks = "                                                                "

func appendBlanks(b []byte, n int) []byte {
	for n > len(blanks) {
		b = append(b, blanks...)
		n -= len(blanks)
	}
	return append(b, blanks[:n]...)
}

// compact prints the elements [i, end) on one line if they fit there together
// with what must follow them, and reports whether they did. A line is not begun
// with a blank: there, the elements are printed from index start on only.
func (l *layout) compact(i, end, start uint32) bool {
	if i == end {
		return true
	}
	lineNest := l.levels[l.top].nest
	room := l.width - l.firstWidth(end) - l.column
	if l.column != 0 {
		if !l.fits(room, i, end) {
			return false
		}
		l.oneLine(i, end, lineNest)
		return true
	}
	if !l.fits(room, start, end) {
		return false
	}
	nest, off := l.nextNest(i, end)
	if nest > lineNest {
		lineNest += uint32(l.indent)
	}
	mark := len(l.out)
	l.indentTo(nest, off)
	l.oneLine(start, end, lineNest)
	if l.suppress {
		l.out = l.out[:mark]
	}
	return true
}

// leadingSpacing returns the index behind the spacing that starts the elements
// [i, end), or that starts the group that starts them; i if there is none.
func (l *layout) leadingSpacing(i, end uint32) uint32 {
	at := i
	for at < end && l.elems[at].kind == elemNone {
		at++
	}
	if at < end && l.elems[at].kind.isGroup() {
		at++
	}
	if at < end && l.elems[at].kind == elemSpacing {
		return at + 1
	}
	return i
}

// oneLine prints the elements [i, end), which are known to fit on the line.
// The line counts as nested lineNest levels deep.
func (l *layout) oneLine(i, end uint32, lineNest uint32) {
	mark := len(l.out)
	// column leaves out comments, l.column does not.
	column := l.column
	blank := false // a space is due, unless it joins the next one
	for ; i < end; i++ {
		e := &l.elems[i]
		if e.kind == elemSpacing {
			blank = blank || spacing(e.width).compactWidth() > 0
			continue
		}
		if e.kind == elemNone {
			continue
		}
		if blank {
			l.out = append(l.out, ' ')
			column++
			l.column++
			blank = false
		}
		switch e.kind {
		case textRegular:
			column += int(e.width)
			fallthrough
		case textComment:
			l.out = l.doc.appendText(l.out, e)
			l.column += int(e.width)
		case textTrailingComment:
			ahead := 0
			if nest, _ := l.nextNest(end, uint32(len(l.elems))); nest > lineNest {
				ahead = l.indent
			}
			if column == ahead {
				l.out = append(l.out, ' ')
				l.column++
			}
			l.out = l.doc.appendText(l.out, e)
			l.column += int(e.width)
		}
	}
	if blank {
		l.out = append(l.out, ' ')
		l.column++
	}
	if l.suppress {
		l.out = l.out[:mark]
	}
}
