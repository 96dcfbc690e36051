package eval

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// maxPrintDepth bounds the nesting that is printed: a value may hold itself.
const maxPrintDepth = 100

// Print renders a value with everything in it evaluated, in Nix syntax and as
// nix-instantiate --eval --strict does. What is unknown reads «unknown: reason»,
// what fails reads «error: message».
func (ev *Evaluator) Print(v Value) string {
	p := printer{ev: ev, open: make(map[any]bool)}
	p.value(v, 0)
	return p.b.String()
}

type printer struct {
	ev   *Evaluator
	b    strings.Builder
	open map[any]bool // the lists and sets being printed
}

func (p *printer) value(v Value, depth int) {
	if depth > maxPrintDepth {
		p.b.WriteString("«too deep»")
		return
	}
	switch v := v.(type) {
	case Null:
		p.b.WriteString("null")
	case Bool:
		p.b.WriteString(strconv.FormatBool(bool(v)))
	case Int:
		p.b.WriteString(strconv.FormatInt(int64(v), 10))
	case Float:
		p.b.WriteString(formatFloat(float64(v)))
	case String:
		p.b.WriteString(quote(string(v)))
	case Path:
		p.b.WriteString(string(v))
	case *Text:
		p.text(v)
	case *List:
		p.list(v, depth)
	case *Attrs:
		p.attrs(v, depth)
	case *Lambda:
		p.b.WriteString("<LAMBDA>")
	case *Native:
		if len(v.Args) > 0 {
			p.b.WriteString("<PRIMOP-APP>")
		} else {
			p.b.WriteString("<PRIMOP>")
		}
	case *Unknown:
		fmt.Fprintf(&p.b, "«unknown: %s»", v)
	case *Error:
		fmt.Fprintf(&p.b, "«error: %s»", v.Message)
	}
}

func (p *printer) text(t *Text) {
	if !t.IsPath {
		p.b.WriteByte('"')
	}
	for _, s := range t.Segments {
		if s.Unknown != nil {
			fmt.Fprintf(&p.b, "«unknown: %s»", s.Unknown)
		} else {
			q := quote(s.Known)
			p.b.WriteString(q[1 : len(q)-1])
		}
	}
	if !t.IsPath {
		p.b.WriteByte('"')
	}
}

func (p *printer) list(l *List, depth int) {
	if p.open[l] {
		p.b.WriteString("«repeated»")
		return
	}
	p.open[l] = true
	defer delete(p.open, l)
	p.b.WriteString("[ ")
	for _, e := range l.Elems {
		p.value(p.ev.Force(e), depth+1)
		p.b.WriteByte(' ')
	}
	if l.More != nil {
		p.value(l.More, depth+1)
		p.b.WriteByte(' ')
	}
	p.b.WriteByte(']')
}

func (p *printer) attrs(a *Attrs, depth int) {
	if p.open[a] {
		p.b.WriteString("«repeated»")
		return
	}
	p.open[a] = true
	defer delete(p.open, a)
	p.b.WriteString("{ ")
	for _, e := range a.Entries {
		p.b.WriteString(attrText(e.Name))
		p.b.WriteString(" = ")
		p.value(p.ev.Force(e.Value), depth+1)
		p.b.WriteString("; ")
	}
	if a.Rest != nil {
		p.value(a.Rest, depth+1)
		p.b.WriteString("; ")
	}
	p.b.WriteByte('}')
}

// attrText writes an attribute name, quoted if it must be.
func attrText(name string) string {
	t := parser.Parse(name)
	if name == "or" || len(t.Errors()) == 0 && t.Expr().Is(parser.KindIdent) && t.Expr().Text() == name {
		return name
	}
	return quote(name)
}

// quote writes a string as Nix prints it.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; c {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		case '$':
			if i+1 < len(s) && s[i+1] == '{' {
				b.WriteByte('\\')
			}
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// formatFloat writes a float with six significant digits, as C++ streams do.
func formatFloat(f float64) string {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return strings.ToLower(strconv.FormatFloat(f, 'g', -1, 64))
	}
	s := strconv.FormatFloat(f, 'g', 6, 64)
	if i := strings.IndexByte(s, 'e'); i >= 0 {
		mantissa, exp := s[:i], s[i+1:]
		if strings.Contains(mantissa, ".") {
			mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
		}
		return mantissa + "e" + exp
	}
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}
