package nixfmt

// fits reports whether the elements [i, end) can be put on one line of the
// given room. Comments take none.
func (l *layout) fits(room int, i, end uint32) bool {
	from, to := &l.sums[i], &l.sums[end]
	if room < 0 || from.hard != to.hard {
		return false
	}
	w := int(to.compact - from.compact)
	return w <= room && w+l.splitRun(i, end) <= room
}

// splitRun returns what the prefix sums miss where a range starts between two
// adjacent spacings: they count as one blank, taken by the first.
func (l *layout) splitRun(i, end uint32) int {
	if i == 0 || i == end || l.elems[i].kind != elemSpacing {
		return 0
	}
	for j := i; ; j-- {
		if j == 0 || l.elems[j-1].kind != elemSpacing {
			return 0
		}
		if spacing(l.elems[j-1].width).compactWidth() > 0 {
			break
		}
	}
	for ; i < end && l.elems[i].kind == elemSpacing; i++ {
		if spacing(l.elems[i].width).compactWidth() > 0 {
			return 1
		}
	}
	return 0
}

// firstWidth returns the width of what follows from element i on up to the
// next place where the line may end.
func (l *layout) firstWidth(i uint32) int {
	ahead := &l.ahead[len(l.ahead)-1]
	stop := l.breaks[l.sums[i].breaks]
	if stop < ahead.end {
		return int(l.sums[stop].first - l.sums[i].first)
	}
	return int(l.sums[ahead.end].first-l.sums[i].first) + ahead.width
}

// nextNest returns the nesting of the first text among the elements [i, end).
// The first group on the way is not left again in search of one.
func (l *layout) nextNest(i, end uint32) (nest, off uint32) {
	for i < end {
		e := &l.elems[i]
		i++
		switch {
		case e.kind.isText():
			return e.nest, e.off
		case e.kind.isGroup():
			end = min(end, e.end)
		}
	}
	return 0, 0
}

// lookahead says what follows the group that is laid out, where that is not
// just the next elements.
//
// While a priority group is tried, what is behind it in its parent counts as
// one line: of the elements [end, squashEnd), the spacings that belong to the
// parent do not break. Behind that, the next outer lookahead holds.
type lookahead struct {
	end, squashEnd uint32
	// width is firstWidth of what starts at end.
	width int
}

// pushAhead enters the attempt to lay out the priority group that ends at end
// in a parent that ends at squashEnd.
func (l *layout) pushAhead(end, squashEnd uint32) {
	c := cursor{at: end, squashEnd: squashEnd, depth: len(l.ahead) - 1}
	l.ahead = append(l.ahead, lookahead{end, squashEnd, c.firstWidth(l)})
}

func (l *layout) popAhead() { l.ahead = l.ahead[:len(l.ahead)-1] }

// cursor walks over what follows an element, one lookahead after the other.
type cursor struct {
	at uint32
	// squashEnd is the end of the squashed elements the cursor is in, 0
	// outside of them.
	squashEnd uint32
	// plainEnd is the end of the group whose spacings do break among the
	// squashed elements; prioEnd that of the priority group whose own
	// spacings do not.
	plainEnd, prioEnd uint32
	// depth is the index in layout.ahead of the lookahead that holds, behind
	// squashEnd if that is set.
	depth int
}

// aheadOf returns a cursor at element i of the group that is laid out.
func (l *layout) aheadOf(i uint32) cursor { return cursor{at: i, depth: len(l.ahead) - 1} }

// next returns the next element, nil behind the last one. For a spacing it also
// returns what the spacing amounts to there, together with those that follow
// it. The cursor enters groups.
func (c *cursor) next(l *layout) (e *elem, s spacing) {
	e, s = c.step(l)
	if e == nil || e.kind != elemSpacing {
		return e, s
	}
	for {
		ahead := *c
		more, t := ahead.step(l)
		if more == nil || more.kind != elemSpacing {
			return e, s
		}
		*c, s = ahead, merge(s, t)
	}
}

// step is next for a single element.
func (c *cursor) step(l *layout) (e *elem, s spacing) {
	for {
		if c.squashEnd != 0 {
			if c.at < c.squashEnd {
				break
			}
			c.squashEnd, c.plainEnd, c.prioEnd = 0, 0, 0
			continue
		}
		ahead := &l.ahead[c.depth]
		if c.at < ahead.end {
			break
		}
		if c.depth == 0 {
			return nil, noSpacing
		}
		c.squashEnd = ahead.squashEnd
		c.depth--
	}
	e = &l.elems[c.at]
	inner := c.at < c.plainEnd
	c.at++
	switch {
	case e.kind == elemSpacing:
		s = spacing(e.width)
		if c.squashEnd != 0 && !inner {
			switch s {
			case softspace, space:
				s = hardspace
			case softbreak, lineBreak:
				s = noSpacing
			}
		}
	case e.kind.isGroup() && c.squashEnd != 0 && !inner:
		switch {
		case e.kind == groupTransparent && c.at > c.prioEnd:
			return &noElem, noSpacing
		case e.kind == groupPriority && c.at > c.prioEnd:
			c.prioEnd = e.end
			return &noElem, noSpacing
		}
		c.plainEnd = e.end
	}
	return e, s
}

// noElem stands for a group that does not count as one.
var noElem = elem{kind: elemNone}

// firstWidth is layout.firstWidth of what the cursor stands at.
func (c cursor) firstWidth(l *layout) int {
	width := 0
	for {
		e, s := c.next(l)
		switch {
		case e == nil:
			return width
		case e.kind == elemSpacing:
			if s == hardspace {
				width++
			} else if s != noSpacing {
				return width
			}
		case e.kind.isText() && !e.kind.isComment():
			width += int(e.width)
		}
	}
}

// fitsAhead reports whether the text from element i on, up to the next place
// where the line may end, fits into room. It looks at most limit columns ahead
// and takes groups that fit there for a unit.
func (l *layout) fitsAhead(room, limit int, i uint32) bool {
	left := limit
	c := l.aheadOf(i)
	for left >= 0 {
		e, s := c.next(l)
		switch {
		case e == nil || e.kind.isVerbatim():
			return limit-left <= room
		case e.kind == textRegular:
			left -= int(e.width)
		case e.kind == elemSpacing:
			if s == hardspace {
				left--
			} else if s != noSpacing {
				return limit-left <= room
			}
		case e.kind.isGroup():
			after := c
			after.at = e.end
			if l.fits(left-after.firstWidth(l), c.at, e.end) {
				left -= l.oneLineWidth(c.at, e.end)
				c = after
			}
		}
	}
	return false
}

// oneLineWidth returns the width of the elements [i, end) on one line,
// comments included.
func (l *layout) oneLineWidth(i, end uint32) int {
	width := int(l.sums[end].compact-l.sums[i].compact) + l.splitRun(i, end)
	for start := i; i < end; i++ {
		e := &l.elems[i]
		if e.kind.isComment() {
			width += int(e.width)
			if e.kind == textTrailingComment && l.sums[i].compact == l.sums[start].compact {
				width++
			}
		}
	}
	return width
}
