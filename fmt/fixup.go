package nixfmt

// builder makes a normalised [doc] out of the constructors' calls: text,
// spacing, group and end, with nest and off as they stand at each call.
//
// Normalisation happens while the calls come in, without a second pass. Where
// a spacing ends up depends on what follows it, so that the last spacing and
// the starts of groups that have no content yet are held back:
//
//	elems … | before₁ (₁ before₂ (₂ … pending
//
// The groups of open[started:] are the ones held back. When content arrives,
// each spacing is settled from the inside out (see settle): a hard one moves
// out of its group to meet the one before it, a soft one stays. A hardspace
// goes the other way first: directly before a group it moves inside, where it
// may meet the group's own first spacing (see group).
type builder struct {
	doc

	nest, off uint32

	pending spacing
	open    []openGroup
	started int

	// joinable says that nothing separates the last text from the next, so
	// that both become one if they are of one kind.
	joinable bool

	squash squash
	// saved are the open groups at the marks that are set.
	saved []openGroup
}

// openGroup is a group whose end is not reached.
type openGroup struct {
	kind   elemKind
	at     uint32  // index of its element once it is started
	before spacing // spacing held back before its start
}

// reset prepares for another document.
func (b *builder) reset() {
	b.elems, b.open, b.saved = b.elems[:0], b.open[:0], b.saved[:0]
	b.nest, b.off, b.started, b.pending = 0, 0, 0, noSpacing
	b.joinable, b.squash = false, squash{}
}

// text adds a text that spans [start, end) in the text space and is width
// code points wide. Empty texts leave no trace, unless raw.
func (b *builder) text(kind elemKind, start, end, width uint32) {
	if start == end && kind != textRaw || !b.squash.text(kind, width) {
		return
	}
	if kind.isComment() || kind.isVerbatim() {
		b.settleOutside()
	} else {
		b.settle(len(b.open))
	}
	if b.joinable {
		last := &b.elems[len(b.elems)-1]
		if last.kind == kind {
			if last.end == start {
				last.end = end
				last.width += width
				return
			}
			// Two places in the source cannot be one element, but with the
			// same indentation they are laid out as if they were.
			b.elems = append(b.elems, elem{start: start, end: end, width: width, nest: last.nest, off: last.off, kind: kind})
			return
		}
	}
	b.elems = append(b.elems, elem{start: start, end: end, width: width, nest: b.nest, off: b.off, kind: kind})
	b.joinable = true
}

// spacing adds white space.
func (b *builder) spacing(s spacing) {
	s, ok := b.squash.spacing(s)
	if ok {
		b.pending = merge(b.pending, s)
	}
}

// group starts a group; end ends the innermost one.
func (b *builder) group(kind elemKind) {
	if b.squash.active {
		return
	}
	g := openGroup{kind: kind}
	if b.pending != hardspace {
		g.before, b.pending = b.pending, noSpacing
	}
	if b.started == len(b.open) {
		b.joinable = false
	}
	b.open = append(b.open, g)
}

// end ends the innermost open group. A group without content dissolves, and
// hard spacing at its end moves out.
func (b *builder) end() {
	if b.squash.active {
		return
	}
	last := len(b.open) - 1
	if b.started <= last {
		if before := b.open[last].before; b.pending == noSpacing || b.pending.isHard() {
			b.pending = merge(before, b.pending)
			b.open = b.open[:last]
			return
		}
		inner := b.pending
		b.pending = noSpacing
		b.startGroups(len(b.open), inner)
	} else if b.pending != noSpacing && !b.pending.isHard() {
		b.emitSpacing(b.pending)
		b.pending = noSpacing
	}
	g := b.open[last]
	b.open = b.open[:last]
	b.started = last
	end := uint32(len(b.elems))
	e := &b.elems[g.at]
	e.end = end
	// A group that holds one group of its own kind and nothing else is one
	// too many. Its element stays, pointing at the group that takes its place.
	if inner := b.groupAt(g.at + 1); inner < end && b.elems[inner].kind == g.kind && b.elems[inner].end == end {
		e.kind, e.start = elemNone, inner
	}
	b.joinable = false
}

// groupAt returns i, or the index of the group that took the place of the
// redundant one at i.
func (b *builder) groupAt(i uint32) uint32 {
	if i < uint32(len(b.elems)) && b.elems[i].kind == elemNone {
		return b.elems[i].start
	}
	return i
}

// finish ends the document.
func (b *builder) finish() *doc {
	if b.pending != noSpacing {
		b.emitSpacing(b.pending)
		b.pending = noSpacing
	}
	return &b.doc
}

// settle writes what is held back before ordinary content of the first level
// open groups.
func (b *builder) settle(level int) {
	if b.started < level {
		inner := b.pending
		b.pending = noSpacing
		b.startGroups(level, inner)
		return
	}
	if b.pending != noSpacing {
		b.emitSpacing(b.pending)
		b.pending = noSpacing
	}
}

// settleOutside writes what is held back before a comment. Groups that would
// start with the comment stay held back: they start behind it.
func (b *builder) settleOutside() {
	s := b.pending
	b.pending = noSpacing
	level := len(b.open)
	for level > b.started && (s == noSpacing || s.isHard()) {
		level--
		s = merge(b.open[level].before, s)
		b.open[level].before = noSpacing
	}
	if level > b.started {
		b.startGroups(level, s)
	} else if s != noSpacing {
		b.emitSpacing(s)
	}
}

// startGroups starts the groups of open[started:level], the innermost of which
// has the spacing inner at its start.
func (b *builder) startGroups(level int, inner spacing) {
	// Find the spacing that stays at the start of each group and keep it in
	// the group's before, which is settled in the same go.
	s := inner
	for i := level - 1; i >= b.started; i-- {
		g := &b.open[i]
		before := g.before
		if s == noSpacing || s.isHard() {
			s, g.before = merge(before, s), noSpacing
		} else {
			s, g.before = before, s
		}
	}
	if s != noSpacing {
		b.emitSpacing(s)
	}
	for i := b.started; i < level; i++ {
		g := &b.open[i]
		g.at = uint32(len(b.elems))
		b.elems = append(b.elems, elem{kind: g.kind})
		if g.before != noSpacing {
			b.emitSpacing(g.before)
			g.before = noSpacing
		}
	}
	b.started = level
	b.joinable = false
}

func (b *builder) emitSpacing(s spacing) {
	b.elems = append(b.elems, elem{kind: elemSpacing, width: uint32(s)})
	b.joinable = false
}

// mark is a place in the document to which a builder can return. In between,
// every group that is ended was started after it.
type mark struct {
	elems    int
	last     elem
	pending  spacing
	started  int
	joinable bool
	nest     uint32
	saved    int
}

// mark remembers the current state. It is followed by rewind or drop, the last
// mark first.
func (b *builder) mark() mark {
	m := mark{elems: len(b.elems), pending: b.pending, started: b.started, joinable: b.joinable, nest: b.nest, saved: len(b.saved)}
	if m.elems > 0 {
		m.last = b.elems[m.elems-1]
	}
	b.saved = append(b.saved, b.open[b.started:]...)
	return m
}

// rewind takes back everything since the mark.
func (b *builder) rewind(m mark) {
	b.elems = b.elems[:m.elems]
	if m.elems > 0 {
		b.elems[m.elems-1] = m.last
	}
	b.open = append(b.open[:m.started], b.saved[m.saved:]...)
	b.saved = b.saved[:m.saved]
	b.pending, b.started, b.joinable, b.nest = m.pending, m.started, m.joinable, m.nest
}

// drop forgets a mark.
func (b *builder) drop(m mark) { b.saved = b.saved[:m.saved] }
