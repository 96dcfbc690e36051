package pattern

import "github.com/nixlint/nixlint/parser"

// Trim narrows the replacement of a match by rendered text down to the tokens
// that differ, so that layout and comments between the others stay. ok is false
// if no token is the same at the beginning or the end, or if the outcome would
// be other code.
func (t *Template) Trim(m Match, text string) (span parser.Span, short string, ok bool) {
	src := m.node.Tree().Source()[m.Span.Start:m.Span.End]
	all := tokens(src)
	was, is := all, tokens(text)
	head := 0
	for head < min(len(was), len(is)) && same(src, was[head], text, is[head]) {
		head++
	}
	tail := 0
	for tail < min(len(was), len(is))-head && same(src, was[len(was)-1-tail], text, is[len(is)-1-tail]) {
		tail++
	}
	if head+tail == 0 {
		return parser.Span{}, "", false
	}
	was, is = was[head:len(was)-tail], is[head:len(is)-tail]
	switch {
	case len(was) > 0 && (len(is) > 0 || head > 0 && tail > 0):
		span = parser.Span{Start: was[0].Start, End: was[len(was)-1].End}
		if len(is) > 0 {
			short = text[is[0].Start:is[len(is)-1].End]
		}
	case len(is) > 0 && tail > 0:
		at := all[head].Start
		span, short = parser.Span{Start: at, End: at}, text[is[0].Start:is[len(is)-1].End]+" "
	default:
		return parser.Span{}, "", false
	}
	made, whole := t.parseRendered(src[:span.Start]+short+src[span.End:]), t.parseRendered(text)
	if len(made) != len(whole) {
		return parser.Span{}, "", false
	}
	for i := range made {
		if !equal(made[i], whole[i]) {
			return parser.Span{}, "", false
		}
	}
	return parser.Span{Start: m.Span.Start + span.Start, End: m.Span.Start + span.End}, short, true
}

func same(a string, s parser.Span, b string, t parser.Span) bool {
	return a[s.Start:s.End] == b[t.Start:t.End]
}

// tokens returns the places of the tokens of a piece of code.
func tokens(text string) []parser.Span {
	var out []parser.Span
	for tok := range parser.Parse(text).Tokens() {
		if tok.Kind() != parser.TokenEOF {
			out = append(out, tok.Span())
		}
	}
	return out
}
