package eval

import (
	"math"
	"strconv"
	"strings"
)

// Print renders a value with everything in it evaluated, in Nix syntax and as
// nix-instantiate --eval --strict does. A set or list that was printed before
// reads «repeated», what is unknown «unknown: reason», and what fails
// «error: message».
func (ev *Evaluator) Print(v Value) string {
	p := printer{ev: ev, seen: make(map[any]bool)}
	p.value(v)
	return p.b.String()
}

// PrintShallow renders a value as nix-instantiate --eval does: what is in it and
// has not been evaluated reads <CODE>.
func (ev *Evaluator) PrintShallow(v Value) string {
	p := printer{ev: ev, seen: make(map[any]bool), shallow: true}
	p.value(v)
	return p.b.String()
}

// PrintBrief is Print for a person's glance: of sets and lists it prints, and evaluates, no
// more than takes about so many bytes, and what a set has besides, which is not known, reads
// «unknown».
func (ev *Evaluator) PrintBrief(v Value, most int) string {
	p := printer{ev: ev, seen: make(map[any]bool), most: most}
	p.value(v)
	return p.b.String()
}

// maxPrinted bounds the length of what is printed.
const maxPrinted = 16 << 20

type printer struct {
	ev *Evaluator
	b  strings.Builder
	// seen holds what has been printed so far: the sets, and the thunks of
	// lists.
	seen    map[any]bool
	shallow bool
	most    int // bytes; 0 for all
}

// isEnough reports whether nothing more is to be printed.
func (p *printer) isEnough() bool { return p.most > 0 && p.b.Len() > p.most }

func (p *printer) thunk(t *Thunk) {
	if p.shallow && !t.isAtHand() {
		p.b.WriteString("<CODE>")
		return
	}
	v := p.ev.Force(t)
	if l, ok := v.(*List); ok {
		p.nested(t.variable(), len(l.Elems) == 0, func() { p.list(l) })
		return
	}
	p.value(v)
}

func (p *printer) value(v Value) {
	switch v := v.(type) {
	case *Text:
		p.text(v)
	case *List:
		p.nested(v, len(v.Elems) == 0, func() { p.list(v) }) // not in anything
	case *Attrs:
		p.nested(v, len(v.Entries) == 0, func() { p.attrs(v) })
	case *Lambda:
		p.b.WriteString("<LAMBDA>")
	case *Native:
		if len(v.Args) > 0 {
			p.b.WriteString("<PRIMOP-APP>")
		} else {
			p.b.WriteString("<PRIMOP>")
		}
	case *Unknown:
		p.b.WriteString("«unknown: " + v.String() + "»")
	case *Error:
		p.b.WriteString("«error: " + v.Message + "»")
	default:
		p.b.WriteString(printScalar(v))
	}
}

// printScalar renders a value that has no others inside.
func printScalar(v Value) string {
	switch v := v.(type) {
	case Bool:
		return strconv.FormatBool(bool(v))
	case Int:
		return strconv.FormatInt(int64(v), 10)
	case Float:
		return formatFloat(float64(v))
	case String:
		return quote(string(v))
	case Path:
		return string(v)
	}
	return "null"
}

// nested prints a list or set unless that was printed before or is too much.
func (p *printer) nested(v any, empty bool, write func()) {
	if p.seen[v] && !empty {
		p.b.WriteString("«repeated»")
		return
	}
	p.seen[v] = true
	if p.b.Len() > maxPrinted {
		p.b.WriteString("«too long»")
		return
	}
	if u, ok := p.ev.Nested(func() Value { write(); return nil }).(*Unknown); ok {
		p.value(u)
	}
}

func (p *printer) text(t *Text) {
	if !t.IsPath {
		p.b.WriteByte('"')
	}
	for _, s := range t.Segments {
		switch {
		case s.Unknown != nil:
			p.value(s.Unknown)
		case t.IsPath:
			p.b.WriteString(s.Known)
		default:
			q := quote(s.Known)
			p.b.WriteString(q[1 : len(q)-1])
		}
	}
	if !t.IsPath {
		p.b.WriteByte('"')
	}
}

func (p *printer) list(l *List) {
	p.b.WriteString("[ ")
	for i, e := range l.Elems {
		if p.isEnough() {
			return
		}
		if l.More != nil && i == l.Lead {
			p.more(l.More)
			p.b.WriteByte(' ')
		}
		p.thunk(e)
		p.b.WriteByte(' ')
	}
	if l.More != nil && l.Lead == len(l.Elems) {
		p.more(l.More)
		p.b.WriteByte(' ')
	}
	p.b.WriteByte(']')
}

func (p *printer) attrs(a *Attrs) {
	p.b.WriteString("{ ")
	for _, e := range a.Entries {
		if p.isEnough() {
			return
		}
		p.b.WriteString(attrText(e.Name))
		p.b.WriteString(" = ")
		p.thunk(e.Value)
		p.b.WriteString("; ")
	}
	if a.Rest != nil {
		p.more(a.Rest)
		p.b.WriteString("; ")
	}
	p.b.WriteByte('}')
}

// more prints what a list or set has besides, which is not known.
func (p *printer) more(u *Unknown) {
	if p.most > 0 {
		p.b.WriteString("«unknown»")
		return
	}
	p.value(u)
}

// attrText writes an attribute name, quoted if it must be.
func attrText(name string) string {
	if IsIdentifier(name) {
		return name
	}
	return quote(name)
}

// IsIdentifier reports whether a name needs no quotes.
func IsIdentifier(name string) bool {
	switch name {
	case "", "if", "then", "else", "assert", "with", "let", "in", "rec", "inherit":
		return false
	}
	for i := range len(name) {
		switch c := name[i]; {
		case isLetter(c), c == '_':
		case i > 0 && (isDigit(c) || c == '-' || c == '\''):
		default:
			return false
		}
	}
	return true
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
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case math.IsNaN(f):
		return "nan"
	}
	exp := 0
	if f != 0 {
		// The exponent after rounding decides on the notation.
		e := strconv.FormatFloat(f, 'e', 5, 64)
		exp, _ = strconv.Atoi(e[strings.IndexByte(e, 'e')+1:])
	}
	if exp < -4 || exp >= 6 {
		mantissa, e, _ := strings.Cut(strconv.FormatFloat(f, 'e', 5, 64), "e")
		return trimZeros(mantissa) + "e" + e
	}
	return trimZeros(strconv.FormatFloat(f, 'f', 5-exp, 64))
}

func trimZeros(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}
