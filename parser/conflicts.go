package parser

import "strings"

// findConflicts finds regions that an unresolved merge left behind: a line of
// seven `<` and a blank, a line of seven `=`, a line of seven `>` and a blank,
// in this order, optionally with the common ancestor between `|` and `=`. The
// spans returned are what the lexer passes over so that one side of each
// conflict is read: the first marker line, and all from the next marker to the
// end of the last.
func findConflicts(src string) (spans []Span) {
	if !strings.Contains(src, "<<<<<<< ") {
		return nil
	}
	var ours, theirs uint32
	state := 0 // 0 outside, 1 in our side, 2 in the ancestor, 3 in their side
	for at := 0; at < len(src); {
		end := len(src)
		if i := strings.IndexByte(src[at:], '\n'); i >= 0 {
			end = at + i
		}
		line := strings.TrimSuffix(src[at:end], "\r")
		switch {
		case strings.HasPrefix(line, "<<<<<<< "):
			state, ours = 1, uint32(at)
			spans = append(spans, Span{ours, uint32(at + len(line))})
		case state == 1 && strings.HasPrefix(line, "||||||| "):
			state, theirs = 2, uint32(at)
		case state == 1 && line == "=======":
			state, theirs = 3, uint32(at)
		case state == 2 && line == "=======":
			state = 3
		case state == 3 && strings.HasPrefix(line, ">>>>>>> "):
			spans = append(spans, Span{theirs, uint32(at + len(line))})
			state = 0
		}
		at = end + 1
	}
	if len(spans)%2 != 0 {
		// Markers that do not belong together: read them as they are.
		return nil
	}
	return spans
}

// Conflicts returns the regions of a text that an unresolved merge left
// behind, each from its first marker to the end of its last. The text need not
// be Nix.
func Conflicts(text string) []Span {
	parts := findConflicts(text)
	var out []Span
	for i := 0; i < len(parts); i += 2 {
		out = append(out, Span{parts[i].Start, parts[i+1].End})
	}
	return out
}

// conflictAt passes over a conflict region that starts at an offset, and reports the
// conflict at its first marker. It returns where the region ends; without one, the offset.
func (l *lexer) conflictAt(pos uint32) uint32 {
	if l.conflicts == nil || pos > 0 && l.src[pos-1] != '\n' {
		return pos
	}
	for i, s := range l.conflicts {
		if s.Start != pos {
			continue
		}
		if i%2 == 0 {
			other := l.conflicts[i+1]
			last := strings.LastIndexByte(l.src[other.Start:other.End], '\n') + 1
			l.errors = append(l.errors, Error{
				Span:    s,
				Message: "unresolved merge conflict",
				Help:    "keep one side and remove the three marker lines",
				Related: &Related{Span{other.Start + uint32(last), other.End}, "the conflict ends here"},
			})
		}
		return s.End
	}
	return pos
}
