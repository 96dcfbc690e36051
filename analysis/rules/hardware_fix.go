package rules

import (
	"strings"

	"github.com/nixlint/nixlint/analysis/claims"
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
	"github.com/nixlint/nixlint/vfio"
)

// fix makes edits of the changes that mend a finding, nil if a value is computed
// and there is nothing to write.
func (w *hardwareWriter) fix(f vfio.Finding, subject claims.Source) *diagnostic.Fix {
	if f.Fix == nil {
		return nil
	}
	out := &diagnostic.Fix{Title: f.Fix.Title, Safe: f.Fix.Safe}
	for _, c := range f.Fix.Changes {
		s, ok := c.Source.(claims.Source)
		if !ok || w.r.File(s.File) == nil || !s.Node.IsValid() {
			return nil
		}
		var e *diagnostic.Edit
		switch c.Kind {
		case vfio.Replace:
			e = w.replaceValue(s, c.Value)
			// Other options get the value too: that may not be wanted.
			out.Safe = out.Safe && s.Literal
		case vfio.Remove:
			if w.common.needed(f.Check, s) {
				return nil
			}
			e = w.removeElement(s)
		case vfio.Add:
			e = w.addElement(s, c.Value)
		}
		if e == nil {
			return nil
		}
		e.File = s.File
		if c.Kind == vfio.Replace && !s.Literal {
			e.File = subject.File
		}
		for _, other := range out.Edits {
			if other.File == e.File && other.Span == e.Span && (other.Text != e.Text || e.Span.Start == e.Span.End) {
				return nil // one place stands for several values
			}
		}
		out.Edits = append(out.Edits, *e)
	}
	return out
}

// replaceValue writes another value for the one at a place. If it is computed
// and differs from the new one in a single id or address that is written out
// somewhere, that is replaced.
func (w *hardwareWriter) replaceValue(s claims.Source, value string) *diagnostic.Edit {
	n := s.Node.Syntax()
	if s.Literal {
		if !n.Is(parser.KindString) {
			return &diagnostic.Edit{Span: s.Span, Text: value}
		}
		old, _ := parser.String{Node: n}.Static()
		if from, to := changed(old, value); strings.Count(n.Text(), from) == 1 && from != "" && plainText(to) {
			at := s.Span.Start + uint32(strings.Index(n.Text(), from))
			return &diagnostic.Edit{Span: parser.Span{Start: at, End: at + uint32(len(from))}, Text: to}
		}
		if !plainText(value) || strings.HasPrefix(n.Text(), "''") {
			return nil
		}
		return &diagnostic.Edit{Span: s.Span, Text: `"` + value + `"`}
	}
	if len(w.texts[s]) != 1 {
		return nil
	}
	from, to := changed(w.texts[s][0], value)
	literal, ok := w.literals[from]
	if !ok || !plainText(to) || to == "" {
		return nil
	}
	return &diagnostic.Edit{Span: literal.Span, Text: `"` + to + `"`}
}

// plainText reports whether a text means itself in every string of Nix.
func plainText(s string) bool { return !strings.ContainsAny(s, "\"\\$'\n") }

// changed returns the part of a text that another one has in its place, in whole
// words of ids and addresses.
func changed(old, value string) (from, to string) {
	start := 0
	for start < len(old) && start < len(value) && old[start] == value[start] {
		start++
	}
	end := 0
	for end < len(old)-start && end < len(value)-start && old[len(old)-1-end] == value[len(value)-1-end] {
		end++
	}
	for start > 0 && isWord(old[start-1]) {
		start--
	}
	for end > 0 && isWord(old[len(old)-end]) {
		end--
	}
	return old[start : len(old)-end], value[start : len(value)-end]
}

// isWord reports whether a byte may be part of an id, an address or a number.
func isWord(c byte) bool {
	return c == ':' || c == '.' || c == '_' || c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// removeElement takes an element out of the list that it is written in.
func (w *hardwareWriter) removeElement(s claims.Source) *diagnostic.Edit {
	n := s.Node.Syntax()
	if !s.Literal || !n.Parent().Is(parser.KindList) {
		return nil
	}
	e := edit.Remove(n.Tree().Source(), s.Span)
	return &e
}

// addElement writes a text behind an element of a list.
func (w *hardwareWriter) addElement(s claims.Source, value string) *diagnostic.Edit {
	n := s.Node.Syntax()
	if !n.Parent().Is(parser.KindList) || !plainText(value) {
		return nil
	}
	src := n.Tree().Source()
	before := src[strings.LastIndexByte(src[:s.Span.Start], '\n')+1 : s.Span.Start]
	text := ` "` + value + `"`
	if strings.TrimSpace(before) == "" {
		text = "\n" + before + `"` + value + `"`
	}
	return &diagnostic.Edit{Span: parser.Span{Start: s.Span.End, End: s.Span.End}, Text: text}
}

// entryOf is a boot entry of a host.
type entryOf struct{ host, context string }

// wrongFact is a fact that a check has found wrong.
type wrongFact struct {
	check  string
	source any
}

// sharedFacts tell in which boot entries of which hosts the same facts stand:
// modules are shared, and what one entry has too much another may need.
type sharedFacts struct {
	stands map[any]map[entryOf]bool
	wrong  map[wrongFact]map[entryOf]bool
}

// present notes that a fact stands in a boot entry.
func (s *sharedFacts) present(source any, e entryOf) {
	if s.stands[source] == nil {
		s.stands[source] = make(map[entryOf]bool)
	}
	s.stands[source][e] = true
}

// add notes what has been found on a host.
func (s *sharedFacts) add(h *repo.Host, found []vfio.Finding) {
	for _, f := range found {
		k := wrongFact{f.Check, f.Subject}
		if s.wrong[k] == nil {
			s.wrong[k] = make(map[entryOf]bool)
		}
		for _, c := range f.Contexts {
			s.wrong[k][entryOf{h.Name, c}] = true
		}
	}
}

// needed reports whether a fact stands in a boot entry where the check does not
// find it wrong.
func (s *sharedFacts) needed(check string, source claims.Source) bool {
	for e := range s.stands[source] {
		if !s.wrong[wrongFact{check, source}][e] {
			return true
		}
	}
	return false
}
