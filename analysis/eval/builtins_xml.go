package eval

import (
	"strconv"
	"strings"
)

var xmlBuiltins = map[string]builtin{
	"toXML": {1, func(ev *Evaluator, a []*Thunk, _ Place) Value {
		return ev.XML(ev.Force(a[0]))
	}},
}

// XML writes a value as builtins.toXML does. The result is a String, an
// *Unknown or an *Error.
func (ev *Evaluator) XML(v Value) Value {
	w := &xmlWriter{ev: ev, drvs: make(map[string]bool)}
	w.b.WriteString("<?xml version='1.0' encoding='utf-8'?>\n")
	w.open("expr")
	if fail := w.value(v); fail != nil {
		return fail
	}
	w.close("expr")
	return String(w.b.String())
}

type xmlWriter struct {
	ev     *Evaluator
	b      strings.Builder
	indent int
	drvs   map[string]bool // paths of the derivations written so far
}

// tag writes a tag with attributes, given as names and values in turn.
func (w *xmlWriter) tag(name, end string, attrs []string) {
	w.b.WriteString(strings.Repeat("  ", w.indent) + "<" + name)
	for i := 0; i < len(attrs); i += 2 {
		w.b.WriteString(" " + attrs[i] + `="`)
		for j := range len(attrs[i+1]) {
			switch c := attrs[i+1][j]; c {
			case '"':
				w.b.WriteString("&quot;")
			case '<':
				w.b.WriteString("&lt;")
			case '>':
				w.b.WriteString("&gt;")
			case '&':
				w.b.WriteString("&amp;")
			case '\n':
				w.b.WriteString("&#xA;")
			default:
				w.b.WriteByte(c)
			}
		}
		w.b.WriteByte('"')
	}
	w.b.WriteString(end + "\n")
}

func (w *xmlWriter) empty(name string, attrs ...string) { w.tag(name, " />", attrs) }

func (w *xmlWriter) open(name string, attrs ...string) {
	w.tag(name, ">", attrs)
	w.indent++
}

func (w *xmlWriter) close(name string) {
	w.indent--
	w.b.WriteString(strings.Repeat("  ", w.indent) + "</" + name + ">\n")
}

// value writes a value. It returns what the whole is instead, if something in
// the value fails or is unknown.
func (w *xmlWriter) value(v Value) Value {
	if u := w.ev.Reserve(64 + 2*w.indent); u != nil {
		return u
	}
	switch v := v.(type) {
	case Null:
		w.empty("null")
	case Bool:
		w.empty("bool", "value", strconv.FormatBool(bool(v)))
	case Int:
		w.empty("int", "value", strconv.FormatInt(int64(v), 10))
	case Float:
		w.empty("float", "value", formatFloat(float64(v)))
	case String:
		w.empty("string", "value", string(v))
	case Path:
		w.empty("path", "value", string(v))
	case *Text:
		return v.Derive()
	case *List:
		if v.More != nil {
			return v.More.Derive()
		}
		return w.ev.Nested(func() Value {
			w.open("list")
			for _, e := range v.Elems {
				if fail := w.value(w.ev.Force(e)); fail != nil {
					return fail
				}
			}
			w.close("list")
			return nil
		})
	case *Attrs:
		if v.Rest != nil {
			return v.Rest.Derive()
		}
		return w.ev.Nested(func() Value { return w.attrs(v) })
	case *Lambda:
		w.lambda(v)
	case *Native:
		w.empty("unevaluated")
	case *Unknown:
		return v.Derive()
	case *Error:
		return v
	}
	return nil
}

func (w *xmlWriter) attrs(a *Attrs) Value {
	name, attrs := "attrs", []string(nil)
	if w.ev.isDerivation(a) {
		name = "derivation"
		for _, n := range [...]string{"drvPath", "outPath"} {
			if x := a.Get(n); x != nil {
				switch v := w.ev.Force(x.Value).(type) {
				case String:
					attrs = append(attrs, n, string(v))
				case *Unknown:
					return v.Derive()
				case *Error:
					return v
				}
			}
		}
		drv := ""
		if len(attrs) > 0 && attrs[0] == "drvPath" {
			drv = attrs[1]
		}
		if drv == "" || w.drvs[drv] {
			w.open(name, attrs...)
			w.empty("repeated")
			w.close(name)
			return nil
		}
		w.drvs[drv] = true
	}
	w.open(name, attrs...)
	for _, e := range a.Entries {
		w.open("attr", "name", e.Name)
		if fail := w.value(w.ev.Force(e.Value)); fail != nil {
			return fail
		}
		w.close("attr")
	}
	w.close(name)
	return nil
}

func (w *xmlWriter) lambda(l *Lambda) {
	w.open("function")
	if c := l.code; c.pattern {
		var attrs []string
		if c.ellipsis {
			attrs = append(attrs, "ellipsis", "1")
		}
		if c.param != "" {
			attrs = append(attrs, "name", c.param)
		}
		w.open("attrspat", attrs...)
		for _, f := range c.formals {
			w.empty("attr", "name", f.name)
		}
		w.close("attrspat")
	} else {
		w.empty("varpat", "name", c.param)
	}
	w.close("function")
}
