package nixfmt

// priority tries to expand one priority group of the elements [i, end) and to
// keep the rest of them on one line, before and behind it. The last group that
// works is taken. It reports whether one did.
func (l *layout) priority(i, end uint32) bool {
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
	// If what is behind the group does not even fit on a line of its own,
	// laying out the group first is in vain. Without this check the attempts
	// take time exponential in the depth of the document.
	start := l.leadingSpacingFlat(behind, end)
	if behind < end && !l.fits(l.width-l.firstWidth(end), start, end) {
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
