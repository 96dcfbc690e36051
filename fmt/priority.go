package nixfmt

// workPerElement and workBase bound the elements that a layout visits. A few
// visits of each are normal. Documents are thinkable in which the number doubles
// with every level of nesting; there, priority groups are no longer tried once
// the limit is reached. nixfmt does not end in a human lifetime on them.
const (
	workPerElement = 100
	workBase       = 2_000_000
)

// priority tries to expand one priority group of the elements [i, end) and to
// keep the rest of them on one line, before and behind it. The last group that
// works is taken. It reports whether one did.
func (l *layout) priority(i, end uint32) bool {
	if l.work > l.workLimit {
		return false
	}
	mark := len(l.prios)
	l.findPriority(i, end)
	done := false
	for k := len(l.prios) - 1; k >= mark && !done; k-- {
		done = l.try(i, l.prios[k], end)
	}
	l.prios = l.prios[:mark]
	return done
}

// findPriority appends the priority groups among the elements [i, end) to
// l.prios, those of transparent groups included.
func (l *layout) findPriority(i, end uint32) {
	for i < end {
		e := &l.elems[i]
		switch e.kind {
		case groupTransparent, elemNone:
			i++
			continue
		case groupPriority:
			l.prios = append(l.prios, i)
			i = e.end
		case groupRegular:
			i = e.end
		default:
			i++
		}
	}
}

// try lays out [i, end) with the priority group at prio expanded and the rest
// on one line each, before and behind it.
func (l *layout) try(i, prio, end uint32) bool {
	behind := l.elems[prio].end
	start := l.leadingSpacingFlat(behind, end)
	if behind < end && !l.fitsBehind(prio, behind, start, end) {
		return false
	}
	s := l.save()
	if l.compact(i, prio, l.leadingSpacingFlat(i, prio)) {
		l.pushAhead(behind, end)
		l.expand(prio+1, behind)
		l.popAhead()
		if l.compact(behind, end, start) {
			return true
		}
	}
	l.restore(s)
	return false
}

// fitsBehind reports whether what is behind a priority group, the elements
// [behind, end), has a chance to fit behind the last line of the group, once
// that is laid out. Finding out by trying takes time exponential in the depth
// of the document.
func (l *layout) fitsBehind(prio, behind, start, end uint32) bool {
	room := l.width - l.firstWidth(end)
	// The last line of the group has at least what follows the last place
	// where it may end.
	from := prio + 1
	if breaks := l.sums[behind].breaks; breaks > l.sums[prio].breaks {
		from = l.breaks[breaks-1] + 1
	}
	last := l.sums[behind].compact - l.sums[from].compact
	if last > 0 && l.sums[behind].hard == l.sums[from].hard { // a verbatim text may begin a line
		return l.fits(room-int(last), behind, end)
	}
	return l.fits(room, start, end)
}

// leadingSpacingFlat is leadingSpacing for elements of a group that is being
// tried, where transparent groups and priority groups do not count as groups.
func (l *layout) leadingSpacingFlat(i, end uint32) uint32 {
	at := i
	for at < end && (l.elems[at].kind == groupTransparent || l.elems[at].kind == elemNone) {
		at++
	}
	if at < end && l.elems[at].kind == groupPriority {
		at++
	}
	if start := l.leadingSpacing(at, end); start != at {
		return start
	}
	return i
}
