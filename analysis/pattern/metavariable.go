package pattern

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// Nix has no `$` outside of strings, so the parser cannot read a pattern as it
// stands. Each metavariable is first replaced by a name of the same length:
// `$A` by `_A`, `$$$XS` by `___XS`. What is a metavariable afterwards is told
// by the place of the name, not by the name, which a pattern may use too.

const (
	// maxMetavariables bounds how many places for metavariables a pattern has.
	maxMetavariables = 64
	// maxText is the size in bytes up to which patterns are read.
	maxText = 1 << 20
)

// mark is the place of a metavariable in the text that is parsed.
type mark struct {
	name string // without `$`; "" if it is not remembered
	many bool   // `$$$`
	at   uint32
	end  uint32
	// entry is set for `$$$` between bindings, which becomes an inherit.
	entry bool
}

// written returns the metavariable as users write it.
func (m mark) written() string {
	name := m.name
	if m.many {
		return "$$$" + name
	}
	if name == "" {
		name = "_"
	}
	return "$" + name
}

// prepared is the text of a pattern made readable for the parser.
type prepared struct {
	text    string
	marks   []mark
	changes []change // changes of length, in order
}

// change says that the text before at in the prepared text is longer than in
// the pattern by the given number of bytes, counting all changes so far.
type change struct {
	at     uint32
	longer int
}

// origin returns the place in the pattern of a place in the prepared text.
func (p *prepared) origin(s parser.Span, length int) parser.Span {
	back := func(at uint32) uint32 {
		longer := 0
		for _, c := range p.changes {
			if at < c.at {
				break
			}
			longer = c.longer
		}
		return uint32(min(max(int(at)-longer, 0), length))
	}
	out := parser.Span{Start: back(s.Start), End: back(s.End)}
	out.End = max(out.Start, out.End)
	return out
}

// readMarks replaces the metavariables in a text by names of the same length.
func readMarks(text string) (string, []mark, *Error) {
	src := []byte(text)
	var marks []mark
	if len(text) > maxText {
		return "", nil, &Error{Message: fmt.Sprintf("a pattern of %d bytes is too long", len(text))}
	}
	for from := uint32(0); ; {
		// The lexer knows where strings, paths and comments begin and end. It
		// reads what follows the first `$` differently without it, and is
		// asked again.
		at, ok := nextDollar(string(src), from)
		if !ok {
			return string(src), marks, nil
		}
		m, err := readMark(text, at)
		if err != nil {
			return "", nil, err
		}
		if len(marks) == maxMetavariables {
			return "", nil, &Error{Span: parser.Span{Start: m.at, End: m.end},
				Message: fmt.Sprintf("more than %d metavariables", maxMetavariables)}
		}
		for i := at; src[i] == '$'; i++ {
			src[i] = '_'
			if i+1 == m.end {
				break
			}
		}
		marks = append(marks, m)
		from = m.end
	}
}

// nextDollar returns the place of the first `$` that is neither in a string nor
// in a comment nor begins an interpolation.
func nextDollar(src string, from uint32) (uint32, bool) {
	if strings.IndexByte(src[from:], '$') < 0 {
		return 0, false
	}
	for tok := range parser.Parse(src).Tokens() {
		if tok.Kind() == parser.TokenInvalid && tok.Span().Start >= from && tok.Text() == "$" {
			return tok.Span().Start, true
		}
	}
	return 0, false
}

// readMark reads the metavariable at a `$`.
func readMark(text string, at uint32) (mark, *Error) {
	rest := text[at:]
	dollars := len(rest) - len(strings.TrimLeft(rest, "$"))
	name := rest[dollars:]
	end := strings.IndexFunc(name, func(c rune) bool {
		return c != '_' && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (c < '0' || c > '9')
	})
	if end >= 0 {
		name = name[:end]
	}
	m := mark{name: name, at: at, end: at + uint32(dollars+len(name)), many: dollars == 3}
	fail := func(message, help string) (mark, *Error) {
		return mark{}, &Error{Span: parser.Span{Start: m.at, End: m.end}, Message: message, Help: help}
	}
	switch {
	case dollars != 1 && dollars != 3:
		return fail(fmt.Sprintf("`%s` is no metavariable", rest[:dollars+len(name)]), "write `$A` for one, `$$$A` for any number")
	case name == "" && !m.many:
		return fail("`$` without a name", "a metavariable has a name in capitals: `$A`; `$_` is anything")
	case name == "_":
		m.name = ""
	case name != "" && (name != strings.ToUpper(name) || name[0] < 'A'):
		return fail(fmt.Sprintf("`%s` is no metavariable", m.written()), "their names are capitals, digits and `_`, a capital first: `$NAME`")
	}
	return m, nil
}

// checkMarks reports metavariables that the lexer does not see as names.
func checkMarks(t *parser.Tree, marks []mark) *Error {
	for _, m := range marks {
		tok := t.TokenAt(m.at + 1)
		if tok.IsValid() && tok.Kind() == parser.TokenIdent && tok.Span() == (parser.Span{Start: m.at, End: m.end}) {
			continue
		}
		message := fmt.Sprintf("`%s` is read together with what stands beside it", m.written())
		help := "put blanks around it"
		if tok.IsValid() && tok.Kind() == parser.TokenPathText {
			help = fmt.Sprintf("put blanks around it for a division; in a path it is written `${%s}`", m.written())
		}
		return &Error{Span: parser.Span{Start: m.at, End: m.end}, Message: message, Help: help}
	}
	return nil
}

// prepare makes a text readable: `$$$XS` between bindings becomes an inherit,
// with its semicolon if it has none, and the whole is put between two others.
func prepare(t *parser.Tree, marks []mark, before, after string) *prepared {
	src := t.Source()
	p := &prepared{}
	var b strings.Builder
	b.WriteString(before)
	p.changes = append(p.changes, change{uint32(len(before)), len(before)})
	done := uint32(0)
	wasEntry := uint32(0) // the end of the last `$$$` between bindings
	for _, m := range marks {
		b.WriteString(src[done:m.at])
		done = m.at
		tok := t.TokenAt(m.at + 1)
		if m.many && betweenBindings(tok, wasEntry) {
			m.entry = true
			wasEntry = m.end
			b.WriteString("inherit ")
			p.changes = append(p.changes, change{uint32(b.Len()), b.Len() - int(m.at)})
		}
		m.at = uint32(b.Len())
		b.WriteString(src[done:m.end])
		done, m.end = m.end, uint32(b.Len())
		if m.entry && tok.Next().Kind() != parser.TokenSemicolon {
			b.WriteString("; ")
			p.changes = append(p.changes, change{uint32(b.Len()), b.Len() - int(done)})
		}
		p.marks = append(p.marks, m)
	}
	b.WriteString(src[done:])
	b.WriteString(after)
	p.text = b.String()
	return p
}

// betweenBindings reports whether the name of a `$$$` stands where a set or a
// let has its bindings. The text ahead of wasEntry is another such `$$$`.
func betweenBindings(tok parser.Token, wasEntry uint32) bool {
	prev, next := tok.Prev(), tok.Next()
	if !prev.IsValid() {
		return false
	}
	switch prev.Kind() {
	case parser.TokenLBrace, parser.TokenSemicolon, parser.TokenLet:
	default:
		if wasEntry == 0 || prev.Span().End != wasEntry {
			return false
		}
	}
	switch next.Kind() {
	case parser.TokenSemicolon, parser.TokenIn, parser.TokenInherit, parser.TokenIdent, parser.TokenStringStart, parser.TokenInterpStart:
		return true
	case parser.TokenRBrace:
		// `{ $$$F }: …` and `{ $$$F } @ x: …` are functions.
		k := next.Next().Kind()
		return k != parser.TokenColon && k != parser.TokenAt
	}
	return false
}
