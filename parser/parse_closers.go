package parser

import (
	"fmt"
	"strings"
)

// closing parses the partner of the opener at token open, or reports that it
// is missing.
func (p *parser) closing(closer TokenKind, open int) {
	if p.assumedHere(open) {
		o := p.spanOf(open, open+1)
		p.lastError = -1
		p.report(Error{
			Span: o, Message: fmt.Sprintf("unclosed `%s`", p.tokens[open].kind),
			Help:    fmt.Sprintf("close it with `%s`", closer),
			Related: &Related{p.here(), fmt.Sprintf("by its indentation `%s` is missing before this", closer)},
		})
		return
	}
	k := p.kind()
	if k == closer {
		p.bump()
		return
	}
	opener := p.spanOf(open, open+1)
	switch {
	case k == TokenEOF:
		p.unclosedAt = open
		p.report(Error{
			Span: opener, Message: fmt.Sprintf("unclosed `%s`", p.tokens[open].kind),
			Help:    fmt.Sprintf("close it with `%s`", closer),
			Related: &Related{p.here(), "the file ends here"},
		})
		return
	case (k == TokenRBrace || k == TokenRBracket || k == TokenRParen) && !p.belongsOutside(k):
		p.report(Error{
			Span: p.here(), Message: fmt.Sprintf("mismatched `%s`, expected `%s`", k, closer),
			Related: &Related{opener, fmt.Sprintf("to close this `%s`", p.tokens[open].kind)},
			Fix:     &Fix{fmt.Sprintf("replace `%s` by `%s`", k, closer), p.here(), closer.String()},
		})
		p.bump()
		return
	case p.belongsOutside(k) || k == TokenSemicolon || p.bindingAt(p.pos) || p.nextElement(k):
		p.report(Error{
			Span: opener, Message: fmt.Sprintf("unclosed `%s`", p.tokens[open].kind),
			Help:    fmt.Sprintf("close it with `%s`", closer),
			Related: &Related{p.after(), fmt.Sprintf("`%s` is probably missing here", closer)},
		})
		return
	}
	p.errorHere(fmt.Sprintf("unexpected %s, expected `%s`", p.describe(), closer), "")
	start, mark := p.pos, len(p.stack)
	for p.kind() != closer && p.kind() != TokenEOF && p.kind() != TokenSemicolon && !p.belongsOutside(p.kind()) {
		before := p.pos
		if p.skipGroup(); p.pos == before {
			p.bump()
		}
	}
	if p.pos > start {
		p.finish(KindError, start, mark)
	}
	p.accept(closer)
}

// nextElement reports whether a bracket at the start of a line begins another
// element of the list around a set that is not closed.
func (p *parser) nextElement(k TokenKind) bool {
	return (k == TokenLParen || k == TokenLBrace || k == TokenLBracket) && p.brackets > 0 && p.lineBefore(p.pos)
}

// assumedHere reports whether the closer of the opener is taken to be missing
// before the current token.
func (p *parser) assumedHere(open int) bool {
	return p.assumed.at > 0 && p.assumed.open == open && p.assumed.at <= p.pos
}

// unclosed is asked after the file was parsed. If an opener was still open at
// the end of the file, it looks for the one whose closer is really missing:
// the innermost one that was closed by a closer which stands further left than
// the line of its opener. All openers behind it then have the wrong partner.
func (p *parser) unclosed() (assumedCloser, bool) {
	if p.unclosedAt < 0 || p.assumed.at > 0 {
		return assumedCloser{}, false
	}
	type opener struct {
		token, indent int
	}
	var open []opener
	lineIndent, lineStart := 0, uint32(0)
	for i, t := range p.tokens {
		first := i == 0 || strings.IndexByte(p.src[p.tokens[i-1].end:t.start], '\n') >= 0
		if first {
			lineStart = uint32(strings.LastIndexByte(p.src[:t.start], '\n') + 1)
			lineIndent = int(t.start - lineStart)
		}
		switch t.kind {
		case TokenLBrace, TokenLBracket, TokenLParen, TokenInterpStart:
			open = append(open, opener{i, lineIndent})
		case TokenRBrace, TokenRBracket, TokenRParen:
			if len(open) == 0 {
				return assumedCloser{}, false
			}
			top := open[len(open)-1]
			open = open[:len(open)-1]
			if first && lineIndent < top.indent && len(open) > 0 && p.tokens[top.token].kind != TokenInterpStart {
				return assumedCloser{top.token, i}, true
			}
		}
	}
	return assumedCloser{}, false
}
