package rules

import (
	"iter"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/parser"
)

// The helpers below build edits that leave comments and neighbouring tokens
// alone. Layout is the formatter's business: they care only that lines which
// become empty go away.

// replace returns an edit that puts an expression in the place of n. The text
// is put into parentheses if it needs them there, and set off from neighbours
// that it would be read together with. Parentheses around n go if the text is a
// single word that needs none.
func replace(n parser.Node, text string, l precedence.Level) diagnostic.Edit {
	for p := n.Parent(); l >= precedence.Select && !strings.ContainsAny(text, " \n") && p.Is(parser.KindParen) && l >= precedence.Slot(p) && !commentOutside(p, n) &&
		p.LastToken().Next().Kind() != parser.TokenOr; p = n.Parent() {
		n = p
	}
	if l < precedence.Slot(n) {
		text = "(" + text + ")"
	}
	return replaceSpan(n.Tree().Source(), n.Span(), text)
}

// replaceBy is replace with the text of another node.
func replaceBy(n, by parser.Node) diagnostic.Edit { return replace(n, by.Text(), precedence.Of(by)) }

// replaceSpan returns an edit that replaces whole tokens by others and keeps
// them apart from their neighbours.
func replaceSpan(src string, s parser.Span, text string) diagnostic.Edit {
	if text != "" {
		if s.Start > 0 && !separates(src[s.Start-1]) && !separates(text[0]) {
			text = " " + text
		}
		if int(s.End) < len(src) && !separates(src[s.End]) && !separates(text[len(text)-1]) && (strings.Contains(text, "/") || !isDot(src[s.End:])) {
			text += " "
		}
	}
	return diagnostic.Edit{Span: s, Text: text}
}

// separates reports whether a byte is a token of its own whatever stands
// beside it, or white space.
func separates(c byte) bool { return strings.IndexByte(" \t\r\n()[]{};,!", c) >= 0 }

// remove returns an edit that removes whole tokens. If they have their lines
// for themselves, the lines go too.
func remove(src string, s parser.Span) diagnostic.Edit {
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
	if int(s.End) < len(src) && (separates(src[s.End]) || start > 0 && separates(src[start-1])) {
		return diagnostic.Edit{Span: parser.Span{Start: uint32(start), End: s.End}}
	}
	return diagnostic.Edit{Span: s}
}

// cut returns an edit that removes whole tokens beside others that are no path,
// and keeps what comes before and behind apart.
func cut(src string, s parser.Span) diagnostic.Edit {
	e := diagnostic.Edit{Span: s}
	behind := src[s.End:]
	if s.Start > 0 && behind != "" && !separates(src[s.Start-1]) && !separates(behind[0]) && !isDot(behind) {
		e.Text = " "
	}
	return e
}

// isDot reports whether a text begins with the dot of a selection.
func isDot(text string) bool {
	return text[0] == '.' && !strings.HasPrefix(text, "./") && !strings.HasPrefix(text, "..")
}

// tokensIn yields the tokens that begin in a span.
func tokensIn(t *parser.Tree, s parser.Span) iter.Seq[parser.Token] {
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

// commentIn reports whether a comment, or what a merge left behind, begins in
// a span.
func commentIn(t *parser.Tree, s parser.Span) bool {
	for at := s.Start; at < s.End; {
		next := parser.Token{}
		for tok := range tokensIn(t, parser.Span{Start: at, End: uint32(len(t.Source()))}) {
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

// commentOutside reports whether a comment stands in a node, but outside of
// the parts of it that are kept.
func commentOutside(n parser.Node, kept ...parser.Node) bool {
	if !n.HasComments() {
		return false
	}
	at := n.Span().Start
	for _, k := range kept {
		if commentIn(n.Tree(), parser.Span{Start: at, End: k.Span().Start}) {
			return true
		}
		at = k.Span().End
	}
	return commentIn(n.Tree(), parser.Span{Start: at, End: n.Span().End})
}

// fix makes a fix of edits in the file at hand.
func fix(title string, safe bool, edits ...diagnostic.Edit) *diagnostic.Fix {
	return &diagnostic.Fix{Title: title, Safe: safe, Edits: edits}
}

// sameText reports whether two nodes consist of the same tokens.
func sameText(a, b parser.Node) bool {
	ta, tb := a.FirstToken(), b.FirstToken()
	if !ta.IsValid() || !tb.IsValid() {
		return false
	}
	la, lb := a.LastToken().Index(), b.LastToken().Index()
	if la-ta.Index() != lb-tb.Index() {
		return false
	}
	for {
		if ta.Kind() != tb.Kind() || ta.Text() != tb.Text() {
			return false
		}
		if ta.Index() == la {
			return true
		}
		ta, tb = ta.Next(), tb.Next()
	}
}
