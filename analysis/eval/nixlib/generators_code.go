package nixlib

import (
	"regexp"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/analysis/eval"
)

// Generators of formats in which sets and lists stand inside of each other.

// writer writes such a format. fail is the first error, or the unknown of which
// the whole text depends.
type writer struct {
	ev   *eval.Evaluator
	at   eval.Place
	out  eval.TextBuilder
	fail eval.Value
}

func (w *writer) known(parts ...string) {
	for _, p := range parts {
		w.out.Known(p)
	}
}

// add appends a value that is a string.
func (w *writer) add(v eval.Value) {
	if err := w.out.Add(v); err != nil && w.fail == nil {
		w.fail = err
	}
}

// value forces a value. It returns nil, and appends what there is to append, if
// that is unknown or fails.
func (w *writer) value(t *eval.Thunk) eval.Value {
	v := w.ev.Force(t)
	switch u := v.(type) {
	case *eval.Unknown:
		w.out.Unknown(u.Derive())
		return nil
	case *eval.Error:
		w.add(u)
		return nil
	case *eval.Text:
		w.out.Unknown(u.Derive()) // its parts may need quotes
		return nil
	case *eval.List:
		if u.More != nil {
			w.out.Unknown(u.More.Derive())
			return nil
		}
	case *eval.Attrs:
		if u.Rest != nil {
			w.out.Unknown(u.Rest.Derive())
			return nil
		}
	}
	if w.fail != nil {
		return nil
	}
	return v
}

// nested calls f for a value inside of another.
func (w *writer) nested(f func()) {
	if u, ok := w.ev.Nested(func() eval.Value { f(); return nil }).(*eval.Unknown); ok {
		w.out.Unknown(u)
	}
}

func (w *writer) result() eval.Value {
	if w.fail != nil {
		return w.fail
	}
	return w.out.Value()
}

// is reports whether a Boolean holds. What is not known counts as false and
// makes the text unknown.
func (w *writer) is(v eval.Value) bool {
	holds, fail := w.ev.WantBool(eval.Done(v), w.at)
	if fail != nil && w.fail == nil {
		w.fail = fail
	}
	return holds
}

func (w *writer) isDerivation(v eval.Value) bool {
	return w.is(attrsets.functions["isDerivation"].call(w.ev, []*eval.Thunk{eval.Done(v)}, w.at))
}

func (w *writer) isFunction(v eval.Value) bool {
	return w.is(isFunction(w.ev, []*eval.Thunk{eval.Done(v)}, w.at))
}

// layout says where the parts of a value stand.
type layout struct{ multiline bool }

// layoutOf reads the settings of a layout, and what stands before each line.
func (s settings) layoutOf(ev *eval.Evaluator, at eval.Place) (layout, string, eval.Value) {
	multiline, fail := s.yes(ev, "multiline", yes, at)
	if fail != nil {
		return layout{}, "", fail
	}
	indent, fail := ev.WantString(s.get(ev, "indent", emptyText), at)
	return layout{multiline: multiline}, indent, fail
}

// around returns what stands before the first and behind the last part of a
// value.
func (l layout) around(indent string) (intro, outro string) {
	if l.multiline {
		return "\n" + indent + "  ", "\n" + indent
	}
	return " ", " "
}

// pretty writes values as Nix code.
type pretty struct {
	writer
	layout
	custom bool // sets may say how they are written
}

func toPretty(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	s, fail := settingsOf(ev, a[0], at, "allowPrettyValues", "multiline", "indent")
	if fail != nil {
		return fail
	}
	p := pretty{writer: writer{ev: ev, at: at}}
	if p.custom, fail = s.yes(ev, "allowPrettyValues", no, at); fail != nil {
		return fail
	}
	var indent string
	if p.layout, indent, fail = s.layoutOf(ev, at); fail != nil {
		return fail
	}
	p.write(indent, a[1])
	return p.result()
}

func (p *pretty) write(indent string, t *eval.Thunk) {
	intro, outro := p.around(indent)
	switch v := p.value(t).(type) {
	case nil:
	case eval.Int, eval.Path:
		p.add(p.ev.ToString(v, p.at))
	case eval.Float:
		p.add(p.ev.JSON(v))
	case eval.Bool, eval.Null:
		p.add(valueString(p.ev, t, p.at))
	case eval.String:
		p.text(intro, outro, string(v))
	case *eval.List:
		if len(v.Elems) == 0 {
			p.known("[ ]")
			return
		}
		p.known("[")
		for _, e := range v.Elems {
			p.known(intro)
			p.nested(func() { p.write(indent+"  ", e) })
		}
		p.known(outro, "]")
	case *eval.Attrs:
		if p.isFunction(v) {
			p.function(v)
			return
		}
		p.set(indent, v)
	default:
		p.function(v)
	}
}

// text writes a string, one of several lines as indented string.
func (p *pretty) text(intro, outro, s string) {
	lines := strings.Split(s, "\n")
	if !p.multiline || len(lines) == 1 {
		quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "${", `\${`, "\n", `\n`)
		p.known(`"`, quote.Replace(s), `"`)
		return
	}
	p.known("''", intro)
	quote := strings.NewReplacer("${", "''${", "''", "'''")
	for i, l := range lines[:len(lines)-1] {
		if i > 0 {
			p.known(intro)
		}
		p.known(quote.Replace(l))
	}
	if last := lines[len(lines)-1]; last == "" {
		p.known(outro)
	} else {
		p.known(intro, quote.Replace(last))
	}
	p.known("''")
}

func (p *pretty) function(v eval.Value) {
	args, ok := functionArgs(p.ev, []*eval.Thunk{eval.Done(v)}, p.at).(*eval.Attrs)
	if !ok || len(args.Entries) == 0 {
		p.known("<function>")
		return
	}
	names := args.Names()
	for i, e := range args.Entries {
		if p.is(p.ev.Force(e.Value)) {
			names[i] += "?"
		}
	}
	p.known("<function, args: {", strings.Join(names, ", "), "}>")
}

func (p *pretty) set(indent string, v *eval.Attrs) {
	if how, val := v.Get("__pretty"), v.Get("val"); p.custom && how != nil && val != nil {
		p.add(p.ev.Coerce(p.ev.Apply(p.ev.Force(how.Value), p.at, val.Value), p.at))
		return
	}
	if len(v.Entries) == 0 {
		p.known("{ }")
		return
	}
	if p.isDerivation(v) {
		p.known("<derivation ")
		p.add(p.ev.Coerce(p.ev.Force(attrOr(p.ev, v, "name", eval.Done(eval.String("???")))), p.at))
		p.known(">")
		return
	}
	intro, outro := p.around(indent)
	p.known("{")
	for _, e := range v.Entries {
		p.known(intro, escapeIdentifier(e.Name), " = ")
		p.nested(func() { p.write(indent+"  ", e.Value) })
		p.known(";")
	}
	p.known(outro, "}")
}

// lua writes values as Lua code.
type lua struct {
	writer
	layout
}

var luaName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[[:alpha:]_][[:alnum:]_]*(\.[[:alpha:]_][[:alnum:]_]*)*$`)
})

func toLua(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	s, fail := settingsOf(ev, a[0], at, "multiline", "indent", "asBindings")
	if fail != nil {
		return fail
	}
	l := lua{writer: writer{ev: ev, at: at}}
	bindings, fail := s.yes(ev, "asBindings", no, at)
	if fail != nil {
		return fail
	}
	var indent string
	if l.layout, indent, fail = s.layoutOf(ev, at); fail != nil {
		return fail
	}
	if !bindings {
		l.write(indent, a[1])
		return l.result()
	}
	vars, fail := ev.WantAttrs(a[1], at)
	if fail != nil {
		return fail
	}
	for _, e := range vars.Entries {
		if !luaName().MatchString(e.Name) {
			return eval.Errorf(at, "`%s` cannot be the name of a variable in Lua", e.Name)
		}
		l.known(indent, e.Name, " = ")
		l.write(indent, e.Value)
		l.known("\n")
	}
	if vars.Rest != nil {
		l.out.Unknown(vars.Rest.Derive())
	}
	return l.result()
}

func (l *lua) write(indent string, t *eval.Thunk) {
	intro, outro := l.around(indent)
	switch v := l.value(t).(type) {
	case nil:
	case eval.Null:
		l.known("nil")
	case eval.Int, eval.Float, eval.String, eval.Bool:
		l.add(l.ev.JSON(v))
	case eval.Path:
		l.path(v)
	case *eval.List:
		if len(v.Elems) == 0 {
			l.known("{}")
			return
		}
		l.known("{")
		for i, e := range v.Elems {
			if i > 0 {
				l.known(",")
			}
			l.known(intro)
			l.nested(func() { l.write(indent+"  ", e) })
		}
		l.known(outro, "}")
	case *eval.Attrs:
		l.table(indent, v)
	default:
		l.add(unsupported("toLua", v, l.at))
	}
}

// path writes what makes a path as a string.
func (l *lua) path(v eval.Value) {
	switch s := l.ev.Coerce(v, l.at).(type) {
	case eval.String:
		l.known(eval.QuoteJSON(string(s)))
	default:
		l.add(s)
	}
}

func (l *lua) table(indent string, v *eval.Attrs) {
	kind := l.ev.Force(attrOr(l.ev, v, "_type", null))
	switch {
	case l.isDerivation(v):
		l.path(v)
	case l.is(l.ev.Equal(kind, eval.String("lua-inline"))):
		l.known("(")
		l.add(l.ev.Coerce(l.ev.Select(v, "expr", l.at), l.at))
		l.known(")")
	case len(v.Entries) == 0:
		l.known("{}")
	default:
		intro, outro := l.around(indent)
		l.known("{")
		for i, e := range v.Entries {
			if i > 0 {
				l.known(",")
			}
			l.known(intro, "[", eval.QuoteJSON(e.Name), "] = ")
			l.nested(func() { l.write(indent+"  ", e.Value) })
		}
		l.known(outro, "}")
	}
}

// plist writes values as property lists of macOS.
type plist struct {
	writer
	escape bool
}

func toPlist(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	s, fail := settingsOf(ev, a[0], at, "escape")
	if fail != nil {
		return fail
	}
	p := plist{writer: writer{ev: ev, at: at}}
	if p.escape, fail = s.yes(ev, "escape", no, at); fail != nil {
		return fail
	}
	p.known(`<?xml version="1.0" encoding="UTF-8"?>`, "\n",
		`<!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">`, "\n",
		`<plist version="1.0">`, "\n")
	p.write("", a[1])
	p.known("\n</plist>")
	return p.result()
}

func (p *plist) text(s string) string {
	if p.escape {
		return strings.NewReplacer(`"`, "&quot;", "'", "&apos;", "<", "&lt;", ">", "&gt;", "&", "&amp;").Replace(s)
	}
	return s
}

func (p *plist) write(indent string, t *eval.Thunk) {
	switch v := p.value(t).(type) {
	case nil, eval.Null:
	case eval.Bool:
		if v {
			p.known(indent, "<true/>")
		} else {
			p.known(indent, "<false/>")
		}
	case eval.Int:
		p.known(indent, "<integer>")
		p.add(p.ev.ToString(v, p.at))
		p.known("</integer>")
	case eval.Float:
		p.known(indent, "<real>")
		p.add(p.ev.ToString(v, p.at))
		p.known("</real>")
	case eval.String:
		p.known(indent, "<string>", p.text(string(v)), "</string>")
	case eval.Path:
		p.known(indent, "<string>", p.text(string(v)), "</string>")
	case *eval.List:
		p.known(indent, "<array>\n")
		for i, e := range v.Elems {
			if i > 0 {
				p.known("\n")
			}
			p.nested(func() { p.write("\t"+indent, e) })
		}
		p.known("\n", indent, "</array>")
	case *eval.Attrs:
		p.known(indent, "<dict>\n")
		first := true
		for _, e := range v.Entries {
			if _, isNull := p.ev.Force(e.Value).(eval.Null); isNull || e.Name == "_module" {
				continue
			}
			if !first {
				p.known("\n")
			}
			first = false
			p.known("\t"+indent, "<key>", p.text(e.Name), "</key>\n")
			p.nested(func() { p.write("\t"+indent, e.Value) })
		}
		p.known("\n", indent, "</dict>")
	default:
		p.add(unsupported("toPlist", v, p.at))
	}
}

// toDhall writes a value as Dhall code.
func toDhall(ev *eval.Evaluator, t *eval.Thunk, at eval.Place) eval.Value {
	w := writer{ev: ev, at: at}
	inner := func(e *eval.Thunk) {
		w.nested(func() { w.add(toDhall(ev, e, at)) })
	}
	switch v := w.value(t).(type) {
	case nil:
	case *eval.Attrs:
		w.known("{ ")
		for i, e := range v.Entries {
			if i > 0 {
				w.known(", ")
			}
			w.known(e.Name, " = ")
			inner(e.Value)
		}
		w.known(" }")
	case *eval.List:
		w.known("[ ")
		for i, e := range v.Elems {
			if i > 0 {
				w.known(", ")
			}
			inner(e)
		}
		w.known(" ]")
	case eval.Int:
		if v >= 0 {
			w.known("+")
		}
		w.add(ev.ToString(v, at))
	case eval.Bool:
		if v {
			w.known("True")
		} else {
			w.known("False")
		}
	case eval.Null, *eval.Lambda, *eval.Native:
		w.add(unsupported("toDhall", v, at))
	default:
		w.add(ev.JSON(v))
	}
	return w.result()
}
