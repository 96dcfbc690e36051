package nixfmt

// squash is the state of an attempt to write something on one line: every line
// break that can be left out is, and the attempt fails at the first one that
// cannot, or where the text gets too wide.
type squash struct {
	active bool
	failed bool
	// room is the number of columns left.
	room int
}

// fail ends an attempt because of a comment, which needs a line end behind it.
// It reports whether there was one.
func (q *squash) fail() bool {
	q.failed = q.failed || q.active
	return q.active
}

// unlimited is room for a line of any width.
const unlimited = 1 << 30

// text accounts for a text; it reports whether the text is still wanted.
func (q *squash) text(kind elemKind, width uint32) bool {
	if !q.active {
		return true
	}
	return q.take(width)
}

func (q *squash) take(width uint32) bool {
	q.room -= int(width)
	if q.room < 0 {
		q.failed = true
	}
	return !q.failed
}

// spacing returns the spacing that stands on one line for s; ok is false if
// there is none.
func (q *squash) spacing(s spacing) (_ spacing, ok bool) {
	if !q.active {
		return s, true
	}
	switch {
	case s == noSpacing || s == softbreak || s == lineBreak:
		return noSpacing, false
	case s >= hardline:
		q.failed = true
		return noSpacing, false
	}
	return hardspace, q.take(1)
}
