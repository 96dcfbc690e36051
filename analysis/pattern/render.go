package pattern

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/parser"
)

// assemble puts what the metavariables stand for into the template. Its lines
// after the first are indented.
func (t *Template) assemble(m Match, indent string) (string, bool) {
	at := t.roots[0].Span().Start
	end := t.roots[len(t.roots)-1].Span().End
	var b builder
	for _, v := range t.byMark {
		n := t.nodeOf(v)
		s := n.Span()
		if s.Start < at || s.End > end {
			continue // in parentheses around the whole
		}
		t.literal(&b, at, s.Start, indent)
		at = s.End
		text, ok := t.fill(n, m.captures[v.index])
		switch {
		case !ok:
			return "", false
		case text == "" && v.many && !n.Is(parser.KindInterp):
			at += b.nothing(n, t.text[at:end])
		case n.Is(parser.KindInherit):
			at += b.entries(text, t.text[at:end])
		default:
			b.WriteString(text)
		}
	}
	t.literal(&b, at, end, indent)
	return b.String(), true
}

// literal writes a piece of the template itself.
func (t *Template) literal(b *builder, from, to uint32, indent string) {
	for from < to {
		i := strings.IndexByte(t.text[from:to], '\n')
		if i < 0 || indent == "" {
			b.WriteString(t.text[from:to])
			return
		}
		next := from + uint32(i) + 1
		b.WriteString(t.text[from:next])
		if t.text[next] != '\n' && t.mayIndent(next-1, indent) {
			b.WriteString(indent)
		}
		from = next
	}
}

// mayIndent reports whether blanks may be put behind a line end of the template:
// in a string they may be part of its value.
func (t *Template) mayIndent(lineEnd uint32, indent string) bool {
	tok := t.tree.TokenAt(lineEnd)
	if !tok.IsValid() || tok.Span().End <= lineEnd {
		return true // between tokens
	}
	n := t.tree.NodeCovering(tok.Span())
	switch n.Kind() {
	case parser.KindString:
		return false
	case parser.KindIndString:
		// What all lines begin with is taken away, if they are spaces and the
		// first line, behind the quotes, is no text.
		return strings.HasSuffix(n.FirstToken().Text(), "\n") && !strings.Contains(indent, "\t")
	}
	return true
}

// fill returns the text of a capture that stands where n does in the template.
func (t *Template) fill(n parser.Node, c capture) (string, bool) {
	text := c.text()
	switch {
	case c.kind == captureParts:
		// The indentation of the lines of a string is part of it.
		return text, !strings.Contains(ownText(n.Parent()), "\n")
	case c.kind == captureRun || n.Is(parser.KindName):
		return text, true
	case c.kind == captureNone:
		return "", false
	}
	level := c.level()
	if _, names := c.selection(); names > 0 && level == precedence.Select && n.Parent().Is(parser.KindSelect) {
		return text, true // a selection from a selection is one
	}
	if level < precedence.Slot(n) || level == precedence.Simple && t.glues(n, c) {
		text = "(" + text + ")"
	}
	return text, true
}

// glues reports whether the lexer would read a literal together with the dot
// behind it.
func (t *Template) glues(n parser.Node, c capture) bool {
	switch inner(c.node).Kind() {
	case parser.KindPath, parser.KindURI, parser.KindInt, parser.KindFloat:
		return strings.HasPrefix(t.text[n.Span().End:], ".")
	}
	return false
}

// ownText returns the text of a node without its children.
func ownText(n parser.Node) string {
	var b strings.Builder
	for e := range n.Elements() {
		if e.Token.IsValid() {
			b.WriteString(e.Token.Text())
		}
	}
	return b.String()
}

// separatorOf returns what stands between several of what n stands for; "" if
// blanks do.
func separatorOf(n parser.Node) string {
	switch n.Parent().Kind() {
	case parser.KindAttrPath:
		return "."
	case parser.KindPattern:
		return ","
	}
	return ""
}

// builder is a text under construction.
type builder struct{ strings.Builder }

// trim takes what follows the last of the other characters away.
func (b *builder) trim(suffix string) {
	text := strings.TrimSuffix(strings.TrimRight(b.String(), " \t\n"), suffix)
	b.Reset()
	b.WriteString(text)
}

// nothing puts nothing where n stands in a template that goes on with rest. A
// separator beside it goes, the one behind it first, and blanks do. It returns
// the length of what goes behind it.
func (b *builder) nothing(n parser.Node, rest string) uint32 {
	behind := strings.TrimLeft(rest, " \t")
	sep := separatorOf(n)
	next := strings.TrimLeft(behind, "\n \t")
	switch {
	case sep == "":
		if behind != rest || strings.HasPrefix(behind, "\n") || strings.HasPrefix(behind, ";") {
			b.trim("")
		}
		if !strings.HasPrefix(behind, "\n") {
			return 0
		}
		return uint32(len(rest) - len(behind))
	case strings.HasPrefix(next, sep) && !strings.HasPrefix(next, "..."):
		return uint32(len(rest) - len(next) + len(sep))
	}
	b.trim(sep)
	return 0
}

// entries puts bindings, which a comment may begin or end, where a template goes
// on with rest. It returns the length of what goes behind them.
func (b *builder) entries(text, rest string) uint32 {
	line := b.String()[strings.LastIndexByte(b.String(), '\n')+1:]
	if (text[0] == '#' || text[0] == '/') && strings.TrimSpace(line) != "" {
		// On the line of the brace it would belong to the brace.
		b.trim("")
		b.WriteByte('\n')
	}
	b.WriteString(text)
	behind := strings.TrimLeft(rest, " \t")
	if strings.HasPrefix(behind, "\n") {
		return uint32(len(rest) - len(behind))
	}
	if strings.Contains(text[strings.LastIndexByte(text, '\n')+1:], "#") {
		b.WriteByte('\n')
	}
	return 0
}

// shown is the number of characters of a metavariable's text that a message
// shows.
const shown = 40

var metavariableInText = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$(\$\$)?[A-Z][A-Z0-9_]*`) })

// Expand puts what metavariables stand for into a message, long texts
// shortened. What the pattern does not have stays as it is.
func (m Match) Expand(message string) string {
	if !strings.Contains(message, "$") {
		return message
	}
	return metavariableInText().ReplaceAllStringFunc(message, func(v string) string {
		text, ok := m.Text(strings.TrimLeft(v, "$"))
		if !ok {
			return v
		}
		text = strings.Join(strings.Fields(text), " ")
		if utf8.RuneCountInString(text) > shown {
			text = string([]rune(text)[:shown-1]) + "…"
		}
		return text
	})
}
