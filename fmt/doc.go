package nixfmt

// elemKind is the class of one element of a document.
type elemKind uint8

const (
	// Texts. All but textRegular are exceptions to how widths are counted or
	// lines are begun; see the layout functions that name them.

	textRegular         elemKind = iota
	textComment                  // free when a line is measured
	textTrailingComment          // one `# …` behind a token; free as well
	textTrailing                 // printed only where its group is expanded: the comma behind the last formal
	textRaw                      // printed as it is, never indented
	textDisable                  // starts a region that is laid out and not printed
	textVerbatim                 // ends such a region and prints the source of it
	textVerbatimEOF              // the same for a region that runs to the end of the file

	elemSpacing // elem.width holds the spacing

	// Groups. The group's elements follow it directly; elem.end is the index
	// behind the last of them.

	groupRegular     // on one line if it fits, else every line and line' breaks
	groupPriority    // may be expanded while the rest of its parent stays on one line
	groupTransparent // its priority groups count as its parent's

	elemNone // a group that became redundant
)

func (k elemKind) isText() bool    { return k < elemSpacing }
func (k elemKind) isGroup() bool   { return k >= groupRegular && k <= groupTransparent }
func (k elemKind) isComment() bool { return k == textComment || k == textTrailingComment }

// isVerbatim reports whether the text is source that ends a disabled region.
func (k elemKind) isVerbatim() bool { return k == textVerbatim || k == textVerbatimEOF }

// spacing is the white space between two texts. Its values are ordered: of two
// that meet the greater one usually wins (see [merge]).
type spacing uint32

const (
	noSpacing spacing = iota
	softbreak         // nothing, or a line end if what follows does not fit
	lineBreak         // nothing, or a line end where its group is expanded
	hardspace         // a blank
	softspace         // a blank, or a line end if what follows does not fit
	space             // a blank, or a line end where its group is expanded
	hardline          // a line end
	emptyline         // a line end and an empty line
	newlines0         // newlines0+n is exactly n line ends
)

// isHard reports whether the spacing looks the same in every layout. Such
// spacings move out of the edges of a group.
func (s spacing) isHard() bool { return s == hardspace || s >= hardline }

// compactWidth returns the number of columns the spacing takes on one line.
// The hard line ends do not go on one line at all.
func (s spacing) compactWidth() uint32 {
	if s >= hardspace && s <= space {
		return 1
	}
	return 0
}

// lines returns the number of line ends the spacing stands for in an expanded
// group; 0 for the spacings that decide by themselves and for hardspace.
func (s spacing) lines() int {
	switch {
	case s > newlines0:
		return int(s - newlines0)
	case s == emptyline:
		return 2
	case s == lineBreak || s == space || s == hardline:
		return 1
	}
	return 0
}

// merge returns the spacing that two adjacent ones amount to. The order of its
// arguments does not matter.
func merge(x, y spacing) spacing {
	if x > y {
		x, y = y, x
	}
	switch {
	case x == noSpacing:
		return y
	case y > newlines0:
		switch {
		case x > newlines0:
			return y + x - newlines0
		case x == emptyline:
			return y + 2
		case x == hardspace:
			return y
		}
		return y + 1
	case x == lineBreak && (y == softspace || y == hardspace):
		return space
	case x == softbreak && y == hardspace:
		return softspace
	}
	return y
}

// elem is one element of a document: a text, a spacing or the start of a group.
type elem struct {
	// start and end delimit a text in the document's text space. For a group,
	// end is the index of the element behind the group.
	start, end uint32
	// width is a text's number of code points, or the spacing itself.
	width uint32
	// nest is a text's nesting level: how many constructs it is inside of that
	// indent their content. What a level amounts to in columns is decided
	// while lines are printed.
	nest uint32
	// off is a number of columns added to the text's indentation.
	off  uint32
	kind elemKind
}

// doc is a document: what is to be printed, with the places where lines may
// break. It is flat: a group is its own element followed by its content, so
// that "everything behind this element" is always a suffix of elems.
//
// A doc that came out of a [builder] is normalised:
//   - two spacings are adjacent only across the start or end of a group,
//   - a group neither starts nor ends with a hard spacing and does not start
//     with a comment,
//   - no group is empty, and no group consists of one group of its own kind.
type doc struct {
	elems []elem
	// src and aux together are the text space: an offset below len(src) is one
	// in src, one above is in aux, which holds the few texts that are not in
	// the source as they are printed.
	src string
	aux []byte
}

// appendText appends the text of an element to b.
func (d *doc) appendText(b []byte, e *elem) []byte {
	if int(e.end) <= len(d.src) {
		return append(b, d.src[e.start:e.end]...)
	}
	base := uint32(len(d.src))
	return append(b, d.aux[e.start-base:e.end-base]...)
}
