package nixfmt

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// parseDoc builds a document from its text form, the one of testdata/layout:
// words separated by blanks.
//
//	"text"            a text; before the quote: c comment, t trailing comment,
//	                  x trailing, r raw, v verbatim, e verbatim to the end of the file
//	disable           the marker that starts a disabled region
//	space newlines3 … a spacing
//	( … )             a group; !( a priority group, ?( a transparent one
//	>( … )            its texts are nested one level deeper
//	+4( … )           its texts are offset by 4 columns
func parseDoc(t testing.TB, text string) *doc {
	t.Helper()
	p := docParser{t: t, rest: text}
	p.sequence()
	if p.rest != "" {
		t.Fatalf("document has an unmatched `)` before %q", p.rest)
	}
	return p.b.finish()
}

type docParser struct {
	t    testing.TB
	b    builder
	rest string
}

var (
	textLetters = map[byte]elemKind{
		'"': textRegular, 'c': textComment, 't': textTrailingComment, 'x': textTrailing,
		'r': textRaw, 'v': textVerbatim, 'e': textVerbatimEOF,
	}
	spacingNames = map[string]spacing{
		"softbreak": softbreak, "break": lineBreak, "hardspace": hardspace, "softspace": softspace,
		"space": space, "hardline": hardline, "emptyline": emptyline,
	}
)

// sequence reads up to the next `)` or the end.
func (p *docParser) sequence() {
	for {
		p.rest = strings.TrimLeft(p.rest, " \n")
		if p.rest == "" || p.rest[0] == ')' {
			return
		}
		p.item()
	}
}

func (p *docParser) item() {
	kind, isText := textLetters[p.rest[0]]
	quote := strings.IndexByte(p.rest, '"')
	switch {
	case isText && (quote == 0 || quote == 1):
		quoted, err := strconv.QuotedPrefix(p.rest[quote:])
		if err != nil {
			p.t.Fatalf("bad text at %q", p.rest)
		}
		p.rest = p.rest[quote+len(quoted):]
		text, _ := strconv.Unquote(quoted)
		p.text(kind, text)
	case p.rest[0] == '(':
		p.group(groupRegular, 1)
	case strings.HasPrefix(p.rest, "!("):
		p.group(groupPriority, 2)
	case strings.HasPrefix(p.rest, "?("):
		p.group(groupTransparent, 2)
	case strings.HasPrefix(p.rest, ">("):
		p.b.nest++
		p.inner(2)
		p.b.nest--
	case p.rest[0] == '+':
		i := strings.IndexByte(p.rest, '(')
		n, err := strconv.Atoi(p.rest[1:max(i, 1)])
		if err != nil {
			p.t.Fatalf("bad offset at %q", p.rest)
		}
		p.b.off += uint32(n)
		p.inner(i + 1)
		p.b.off -= uint32(n)
	default:
		word := p.rest[:strings.IndexAny(p.rest+" ", " \n()")]
		p.rest = p.rest[len(word):]
		if n, err := strconv.Atoi(strings.TrimPrefix(word, "newlines")); err == nil {
			p.b.spacing(newlines0 + spacing(n))
		} else if s, ok := spacingNames[word]; ok {
			p.b.spacing(s)
		} else if word == "disable" {
			p.text(textDisable, "/*nixfmt:disable*/")
		} else {
			p.t.Fatalf("unknown word %q", word)
		}
	}
}

func (p *docParser) text(kind elemKind, text string) {
	start := uint32(len(p.b.aux))
	p.b.aux = append(p.b.aux, text...)
	p.b.text(kind, start, start+uint32(len(text)), uint32(utf8.RuneCountInString(text)))
}

func (p *docParser) group(kind elemKind, skip int) {
	p.b.group(kind)
	p.inner(skip)
	p.b.end()
}

func (p *docParser) inner(skip int) {
	p.rest = p.rest[skip:]
	p.sequence()
	if p.rest == "" {
		p.t.Fatal("document lacks a `)`")
	}
	p.rest = p.rest[1:]
}

// dump writes a normalised document in the text form, with the nest and offset
// of each text behind it: "text"@nest,offset.
func (d *doc) dump() string {
	var sb strings.Builder
	d.dumpRange(&sb, 0, uint32(len(d.elems)))
	return strings.TrimPrefix(sb.String(), " ")
}

func (d *doc) dumpRange(sb *strings.Builder, i, end uint32) {
	letters := map[elemKind]string{}
	for c, k := range textLetters {
		letters[k] = strings.Trim(string(c), `"`)
	}
	groups := map[elemKind]string{groupRegular: "(", groupPriority: "!(", groupTransparent: "?("}
	for ; i < end; i++ {
		e := &d.elems[i]
		switch {
		case e.kind == textDisable:
			sb.WriteString(" disable")
		case e.kind.isText():
			// Neighbours of one kind and indentation are one text in two pieces.
			text := d.appendText(nil, e)
			for i+1 < end && d.elems[i+1].kind == e.kind && d.elems[i+1].nest == e.nest && d.elems[i+1].off == e.off {
				i++
				text = d.appendText(text, &d.elems[i])
			}
			fmt.Fprintf(sb, " %s%q@%d,%d", letters[e.kind], text, e.nest, e.off)
		case e.kind.isGroup():
			sb.WriteString(" " + groups[e.kind])
			d.dumpRange(sb, i+1, e.end)
			sb.WriteString(" )")
			i = e.end - 1
		case e.kind == elemSpacing && e.width > uint32(newlines0):
			fmt.Fprintf(sb, " newlines%d", e.width-uint32(newlines0))
		case e.kind == elemSpacing:
			for name, s := range spacingNames {
				if s == spacing(e.width) {
					sb.WriteString(" " + name)
				}
			}
		}
	}
}
