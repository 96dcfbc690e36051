package parser

import (
	"iter"
	"strings"
)

// TriviaKind is the class of a piece of trivia.
type TriviaKind uint8

// The kinds of trivia.
const (
	TriviaSpace        TriviaKind = iota // blanks and line ends
	TriviaLineComment                    // `# …` without its line end
	TriviaBlockComment                   // `/* … */`
	TriviaConflict                       // markers and abandoned side of an unresolved merge
)

// Trivia is a piece of source between tokens.
type Trivia struct {
	Kind TriviaKind
	Span Span
}

// Text returns the bytes of a piece of trivia of this tree.
func (t *Tree) TriviaText(v Trivia) string { return t.src[v.Span.Start:v.Span.End] }

// TriviaBefore yields the trivia between the token before tok and tok itself,
// in source order.
func (t *Tree) TriviaBefore(tok Token) iter.Seq[Trivia] {
	start := uint32(0)
	if tok.index > 0 {
		start = t.tokens[tok.index-1].end
	}
	return t.triviaIn(start, t.tokens[tok.index].start)
}

// HasTriviaBefore reports whether anything, if only a blank, stands between
// the token before tok and tok.
func (t *Tree) HasTriviaBefore(tok Token) bool {
	start := uint32(0)
	if tok.index > 0 {
		start = t.tokens[tok.index-1].end
	}
	return start < t.tokens[tok.index].start
}

// HasComments reports whether a comment stands anywhere between the first and
// the last token of the node, so that dropping the node would lose it.
func (n Node) HasComments() bool {
	r := n.raw()
	for i := r.tokStart + 1; i < r.tokEnd; i++ {
		gap := n.tree.src[n.tree.tokens[i-1].end:n.tree.tokens[i].start]
		if strings.ContainsAny(gap, "#*") {
			return true
		}
	}
	return false
}

// Comments yields every comment of the file in source order.
func (t *Tree) Comments() iter.Seq[Trivia] {
	return func(yield func(Trivia) bool) {
		for i := range t.tokens {
			tok := Token{t, uint32(i)}
			if !t.HasTriviaBefore(tok) {
				continue
			}
			for v := range t.TriviaBefore(tok) {
				if (v.Kind == TriviaLineComment || v.Kind == TriviaBlockComment) && !yield(v) {
					return
				}
			}
		}
	}
}

// LeadingComments returns the comments that stand directly above or before the
// node and belong to it: those in the gap before its first token that are
// separated neither from it nor from each other by a blank line, and that do
// not share a line with the token before.
func (n Node) LeadingComments() []Trivia {
	first := n.FirstToken()
	if !first.IsValid() {
		return nil
	}
	var out []Trivia
	onTokenLine := first.index > 0
	for v := range n.tree.TriviaBefore(first) {
		switch v.Kind {
		case TriviaSpace:
			newlines := strings.Count(n.tree.TriviaText(v), "\n")
			if newlines > 0 {
				onTokenLine = false
			}
			if newlines > 1 {
				out = out[:0]
			}
		case TriviaLineComment, TriviaBlockComment:
			if !onTokenLine {
				out = append(out, v)
			}
		}
	}
	return out
}

// TrailingComment returns the comment that follows the node on the line on
// which it ends, if there is one. A `;` or `,` directly behind the node is
// passed over.
func (n Node) TrailingComment() (Trivia, bool) {
	last := n.LastToken()
	if !last.IsValid() {
		return Trivia{}, false
	}
	next := last.Next()
	for next.IsValid() {
		for v := range n.tree.TriviaBefore(next) {
			if v.Kind == TriviaSpace {
				if strings.Contains(n.tree.TriviaText(v), "\n") {
					return Trivia{}, false
				}
				continue
			}
			return v, v.Kind != TriviaConflict
		}
		if k := next.Kind(); k != TokenSemicolon && k != TokenComma {
			break
		}
		next = next.Next()
	}
	return Trivia{}, false
}

func (t *Tree) triviaIn(start, end uint32) iter.Seq[Trivia] {
	return func(yield func(Trivia) bool) {
		for at := start; at < end; {
			v := t.nextTrivia(at, end)
			if !yield(v) {
				return
			}
			at = v.Span.End
		}
	}
}

// nextTrivia returns the piece of trivia that starts at offset at in a gap
// that ends at end.
func (t *Tree) nextTrivia(at, end uint32) Trivia {
	if c, ok := t.conflictAt(at); ok {
		return Trivia{TriviaConflict, c}
	}
	switch t.src[at] {
	case '#':
		return Trivia{TriviaLineComment, Span{at, lineCommentEnd(t.src, at)}}
	case '/':
		return Trivia{TriviaBlockComment, Span{at, blockCommentEnd(t.src, at)}}
	}
	to := at + 1
	for to < end && t.src[to] != '#' && t.src[to] != '/' {
		if _, ok := t.conflictAt(to); ok {
			break
		}
		to++
	}
	return Trivia{TriviaSpace, Span{at, to}}
}

// conflictAt returns the region of an unresolved merge that starts at an
// offset.
func (t *Tree) conflictAt(at uint32) (Span, bool) {
	for _, c := range t.conflicts {
		if c.Start == at {
			return c, true
		}
	}
	return Span{}, false
}

// lineCommentEnd returns the end of the comment that starts at at: before the
// next carriage return or line feed, as in Nix.
func lineCommentEnd(src string, at uint32) uint32 {
	i := strings.IndexAny(src[at:], "\r\n")
	if i < 0 {
		return uint32(len(src))
	}
	return at + uint32(i)
}

// blockCommentEnd returns the offset behind the comment that starts at at, or
// 0 if it is never closed.
func blockCommentEnd(src string, at uint32) uint32 {
	i := strings.Index(src[at+2:], "*/")
	if i < 0 {
		return 0
	}
	return at + 2 + uint32(i) + 2
}
