package eval

import (
	"strconv"
	"strings"
)

// unknownKey is the key under which PrintJSON says why something is unknown.
const unknownKey = "«unknown»"

// PrintJSON renders a value with everything in it evaluated, as nix-instantiate
// --eval --strict --json does. What is unknown is an object {"«unknown»":
// reason}; a set that may have more attributes has that key beside those that
// are known, and a list an element of that form where further ones may stand.
// Unknown parts of strings read «unknown: reason». A function in it is an error.
func (ev *Evaluator) PrintJSON(v Value) (string, *Error) {
	p := jsonPrinter{ev: ev}
	if err := p.value(v); err != nil {
		return "", err
	}
	return p.b.String(), nil
}

type jsonPrinter struct {
	ev   *Evaluator
	b    strings.Builder
	path []string // of what is being printed
}

func (p *jsonPrinter) value(v Value) *Error {
	if p.b.Len() > maxPrinted {
		return &Error{Kind: ErrorOther, Message: "the value is too long to be printed"}
	}
	switch v := v.(type) {
	case *Unknown:
		p.unknown(v)
	case *Text:
		p.text(v)
	case *List:
		return p.list(v)
	case *Attrs:
		return p.attrs(v)
	default:
		switch s := p.ev.JSON(v).(type) {
		case String:
			p.b.WriteString(string(s))
		case *Error:
			if isFunction(v) && len(p.path) > 0 {
				s.Message += ": `" + strings.Join(p.path, ".") + "` is one"
			}
			return s
		}
	}
	return nil
}

func (p *jsonPrinter) thunk(name string, t *Thunk) *Error {
	p.path = append(p.path, name)
	defer func() { p.path = p.path[:len(p.path)-1] }()
	tooDeep := true
	err := p.ev.inside(t, func() *Error {
		tooDeep = false
		return p.value(p.ev.Force(t))
	})
	if tooDeep {
		p.unknown(p.ev.exceeded[limitDepth])
	}
	return err
}

func (p *jsonPrinter) unknown(u *Unknown) {
	p.b.WriteByte('{')
	p.key(unknownKey)
	p.b.WriteString(QuoteJSON(u.String()))
	p.b.WriteByte('}')
}

func (p *jsonPrinter) key(name string) {
	p.b.WriteString(QuoteJSON(name))
	p.b.WriteByte(':')
}

func (p *jsonPrinter) text(t *Text) {
	var b strings.Builder
	for _, s := range t.Segments {
		b.WriteString(s.Known)
		if s.Unknown != nil {
			b.WriteString("«unknown: " + s.Unknown.String() + "»")
		}
	}
	p.b.WriteString(QuoteJSON(b.String()))
}

func (p *jsonPrinter) list(l *List) *Error {
	p.b.WriteByte('[')
	count := 0
	separate := func() {
		if count++; count > 1 {
			p.b.WriteByte(',')
		}
	}
	var err *Error
	l.Each(func(e *Thunk) Value {
		separate()
		if err = p.thunk(strconv.Itoa(count-1), e); err != nil {
			return err
		}
		return nil
	}, func(u *Unknown) {
		separate()
		p.unknown(u)
	})
	p.b.WriteByte(']')
	return err
}

func (p *jsonPrinter) attrs(a *Attrs) *Error {
	if a.Get("__toString") != nil || a.Get("outPath") != nil {
		v, _ := p.ev.peel(a, Place{})
		return p.value(v)
	}
	p.b.WriteByte('{')
	for i, e := range a.Entries {
		if i > 0 {
			p.b.WriteByte(',')
		}
		p.key(e.Name)
		if err := p.thunk(attrText(e.Name), e.Value); err != nil {
			return err
		}
	}
	if a.Rest != nil {
		if len(a.Entries) > 0 {
			p.b.WriteByte(',')
		}
		p.key(unknownKey)
		p.b.WriteString(QuoteJSON(a.Rest.String()))
	}
	p.b.WriteByte('}')
	return nil
}
