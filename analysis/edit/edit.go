// Package edit builds edits of Nix code that leave comments and neighbouring tokens
// alone. Layout is the formatter's business: what is built here cares only that lines
// which become empty go away.
package edit

import (
	"iter"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/parser"
)

// Replace returns an edit that puts an expression in the place of n. The text
// is put into parentheses if it needs them there, and set off from neighbours
// that it would be read together with. Parentheses around n go if the text is a
// single word that needs none.
func Replace(n parser.Node, text string, l precedence.Level) diagnostic.Edit {
	for p := n.Parent(); l >= precedence.Select && !strings.ContainsAny(text, " \n") && p.Is(parser.KindParen) && l >= precedence.Slot(p) && !CommentOutside(p, n) &&
		p.LastToken().Next().Kind() != parser.TokenOr; p = n.Parent() {
		n = p
	}
	if l < precedence.Slot(n) {
		text = "(" + text + ")"
	}
	return ReplaceSpan(n.Tree().Source(), n.Span(), text)
}

// Subject returns the text of an expression from which an attribute is selected.
func Subject(n parser.Node) string {
	plain := n.Is(parser.KindSelect) && !(parser.Select{Node: n}).Default().IsValid()
	if !plain && precedence.Of(n) < precedence.Simple {
		return "(" + n.Text() + ")"
	}
	return n.Text()
}

// ReplaceBy is Replace with the text of another node.
func ReplaceBy(n, by parser.Node) diagnostic.Edit { return Replace(n, by.Text(), precedence.Of(by)) }

// ReplaceSpan returns an edit that replaces whole tokens by others and keeps
// them apart from their neighbours.
func ReplaceSpan(src string, s parser.Span, text string) diagnostic.Edit {
	if text != "" {
		if s.Start > 0 && !Separates(src[s.Start-1]) && !Separates(text[0]) {
			text = " " + text
		}
		if int(s.End) < len(src) && !Separates(src[s.End]) && !Separates(text[len(text)-1]) && (strings.Contains(text, "/") || !isDot(src[s.End:])) {
			text += " "
		}
	}
	return diagnostic.Edit{Span: s, Text: text}
}

// Separates reports whether a byte is a token of its own whatever stands
// beside it, or white space.
func Separates(c byte) bool { return strings.IndexByte(" \t\r\n()[]{};,!", c) >= 0 }

// Remove returns an edit that removes whole tokens. If they have their lines
// for themselves, the lines go too.
func Remove(src string, s parser.Span) diagnostic.Edit {
	start := len(strings.TrimRight(src[:s.Start], " \t"))
	end := len(src) - len(strings.TrimLeft(src[s.End:], " \t\r"))
	lineStart := start == 0 || src[start-1] == '\n'
	lineEnd := end == len(src) || src[end] == '\n'
	switch {
	case lineStart && lineEnd:
		return diagnostic.Edit{Span: parser.Span{Start: uint32(start), End: uint32(min(end+1, len(src)))}}
	case lineStart:
		return diagnostic.Edit{Span: parser.Span{Start: s.Start, End: uint32(end)}}
	case lineEnd:
		return diagnostic.Edit{Span: parser.Span{Start: uint32(start), End: s.End}}
	}
	// In the middle of a line the blanks before go, those behind stay.
	if int(s.End) < len(src) && (Separates(src[s.End]) || start > 0 && Separates(src[start-1])) {
		return diagnostic.Edit{Span: parser.Span{Start: uint32(start), End: s.End}}
	}
	return diagnostic.Edit{Span: s}
}

// Cut returns an edit that removes whole tokens beside others that are no path,
// and keeps what comes before and behind apart.
func Cut(src string, s parser.Span) diagnostic.Edit {
	e := diagnostic.Edit{Span: s}
	behind := src[s.End:]
	if s.Start > 0 && behind != "" && !Separates(src[s.Start-1]) && !Separates(behind[0]) && !isDot(behind) {
		e.Text = " "
	}
	return e
}

// isDot reports whether a text begins with the dot of a selection.
func isDot(text string) bool {
	return text[0] == '.' && !strings.HasPrefix(text, "./") && !strings.HasPrefix(text, "..")
}

// TokensIn yields the tokens that begin in a span.
func TokensIn(t *parser.Tree, s parser.Span) iter.Seq[parser.Token] {
	return func(yield func(parser.Token) bool) {
		lo, hi := 0, t.TokenCount()-1
		for lo < hi {
			mid := (lo + hi) / 2
			if t.Token(mid).Span().Start < s.Start {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		for ; lo < t.TokenCount()-1; lo++ {
			if tok := t.Token(lo); tok.Span().Start >= s.End || !yield(tok) {
				return
			}
		}
	}
}

// CommentIn reports whether a comment, or what a merge left behind, begins in
// a span.
func CommentIn(t *parser.Tree, s parser.Span) bool {
	// Most code has none, which its text tells at once.
	if text := t.Source()[s.Start:s.End]; len(t.Errors()) == 0 && strings.IndexByte(text, '#') < 0 && !strings.Contains(text, "/*") {
		return false
	}
	for at := s.Start; at < s.End; {
		next := parser.Token{}
		for tok := range TokensIn(t, parser.Span{Start: at, End: uint32(len(t.Source()))}) {
			next = tok
			break
		}
		if !next.IsValid() {
			next = t.Token(t.TokenCount() - 1)
		}
		for v := range t.TriviaBefore(next) {
			if v.Kind != parser.TriviaSpace && v.Span.Start >= s.Start && v.Span.Start < s.End {
				return true
			}
		}
		if next.Kind() == parser.TokenEOF {
			return false
		}
		at = next.Span().End
	}
	return false
}

// CommentOutside reports whether a comment stands in a node, but outside of
// the parts of it that are kept.
func CommentOutside(n parser.Node, kept ...parser.Node) bool {
	if !n.HasComments() {
		return false
	}
	at := n.Span().Start
	for _, k := range kept {
		if CommentIn(n.Tree(), parser.Span{Start: at, End: k.Span().Start}) {
			return true
		}
		at = k.Span().End
	}
	return CommentIn(n.Tree(), parser.Span{Start: at, End: n.Span().End})
}

// AddFormal returns an edit that adds a name to a pattern, in the way the
// pattern is written.
func AddFormal(p parser.Pattern, name string) diagnostic.Edit {
	insert := func(at uint32, text string) diagnostic.Edit {
		return diagnostic.Edit{Span: parser.Span{Start: at, End: at}, Text: text}
	}
	var last parser.Node
	for f := range p.Formals() {
		last = f.Node
	}
	switch {
	case !last.IsValid() && p.Ellipsis().IsValid():
		return insert(p.Ellipsis().Span().Start, name+", ")
	case !last.IsValid():
		return insert(p.Open().Span().End, " "+name)
	}
	src := p.Tree().Source()
	before := src[strings.LastIndexByte(src[:last.Span().Start], '\n')+1 : last.Span().Start]
	blank := Indentation(src, last.Span().Start)
	switch strings.TrimSpace(before) {
	case "":
		return insert(last.Span().End, ",\n"+blank+name)
	case ",":
		return insert(last.Span().End, "\n"+blank+", "+name)
	}
	return insert(last.Span().End, ", "+name)
}

// Indentation returns the blanks that the line of an offset begins with.
func Indentation(src string, at uint32) string {
	line := src[strings.LastIndexByte(src[:at], '\n')+1:]
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}
