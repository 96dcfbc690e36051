package eval

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

var jsonBuiltins = map[string]builtin{
	"toJSON": {1, func(ev *Evaluator, a []*Thunk, _ Place) Value { return ev.JSON(ev.Force(a[0])) }},
	"fromJSON": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
		s, fail := ev.WantString(a[0], at)
		if fail != nil {
			return fail
		}
		v, err := ParseJSON(s)
		if err != nil {
			return Errorf(argAt(a[0], at), "invalid JSON: %s", err)
		}
		return v
	}},
}

// JSON writes a value as builtins.toJSON does. The result is a string, an
// *Unknown or an *Error; parts of it that are unknown make it a *Text.
func (ev *Evaluator) JSON(v Value) Value {
	var b TextBuilder
	if fail := ev.writeJSON(&b, v); fail != nil {
		return fail
	}
	return b.Value()
}

func (ev *Evaluator) writeJSON(b *TextBuilder, v Value) Value {
	if u := ev.Reserve(16); u != nil {
		return u
	}
	switch v := v.(type) {
	case Null:
		b.Known("null")
	case Bool:
		b.Known(strconv.FormatBool(bool(v)))
	case Int:
		b.text = strconv.AppendInt(b.text, int64(v), 10)
	case Float:
		b.Known(jsonFloat(float64(v)))
	case String:
		if !utf8.ValidString(string(v)) {
			return Errorf(Place{}, "the string is not valid UTF-8, as JSON must be")
		}
		b.text = appendJSONString(b.text, string(v))
	case Path:
		text := ev.Coerce(v, Place{})
		if err, ok := text.(*Error); ok {
			return err
		}
		b.text = appendJSONString(b.text, string(v))
	case *Text:
		b.Known(`"`)
		for _, s := range v.Segments {
			if s.Unknown != nil {
				b.Unknown(s.Unknown)
			} else {
				q := appendJSONString(nil, s.Known)
				b.Known(string(q[1 : len(q)-1]))
			}
		}
		b.Known(`"`)
	case *List:
		return ev.Nested(func() Value { return ev.writeJSONList(b, v) })
	case *Attrs:
		if v.Rest != nil {
			b.Unknown(v.Rest)
			return nil
		}
		return ev.Nested(func() Value { return ev.writeJSONAttrs(b, v) })
	case *Unknown:
		b.Unknown(v)
	case *Error:
		return v
	default:
		return &Error{Kind: ErrorType, Message: "cannot write " + v.typeName() + " as JSON"}
	}
	return nil
}

func (ev *Evaluator) writeJSONList(b *TextBuilder, l *List) Value {
	if l.More != nil {
		b.Unknown(l.More)
		return nil
	}
	b.Known("[")
	for i, e := range l.Elems {
		if i > 0 {
			b.Known(",")
		}
		if fail := ev.writeJSON(b, ev.Force(e)); fail != nil {
			return fail
		}
	}
	b.Known("]")
	return nil
}

func (ev *Evaluator) writeJSONAttrs(b *TextBuilder, a *Attrs) Value {
	switch v, made := ev.peel(a, Place{}); v := v.(type) {
	case *Attrs:
		if made {
			return Mismatch("a string as the result of __toString", v, Place{})
		}
		a = v
	case String, Path, *Text, *Unknown, *Error:
		return ev.writeJSON(b, v)
	default:
		if made {
			return Mismatch("a string as the result of __toString", v, Place{})
		}
		return ev.writeJSON(b, v)
	}
	b.Known("{")
	for i, e := range a.Entries {
		if i > 0 {
			b.Known(",")
		}
		b.text = append(appendJSONString(b.text, e.Name), ':')
		if fail := ev.writeJSON(b, ev.Force(e.Value)); fail != nil {
			return fail
		}
	}
	b.Known("}")
	return nil
}

// QuoteJSON writes a string as JSON does.
func QuoteJSON(s string) string { return string(appendJSONString(nil, s)) }

func appendJSONString(b []byte, s string) []byte {
	const digits = "0123456789abcdef"
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\t':
			b = append(b, `\t`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\b':
			b = append(b, `\b`...)
		case c == '\f':
			b = append(b, `\f`...)
		case c < 0x20:
			b = append(b, `\u00`...)
			b = append(b, digits[c>>4], digits[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

// jsonFloat writes a float in the fewest digits that give it back, with a
// fraction or exponent to tell it from an integer.
func jsonFloat(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "null"
	}
	exp := 0
	if f != 0 {
		exp = int(math.Floor(math.Log10(math.Abs(f))))
	}
	if exp < -5 || exp >= 15 {
		s := strconv.FormatFloat(f, 'e', -1, 64)
		return s
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// ParseJSON makes a value of JSON text.
func ParseJSON(text string) (Value, error) {
	if !utf8.ValidString(text) {
		return nil, errors.New("the text is not valid UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	v, err := jsonValue(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("there is more text behind the value")
	}
	return v, nil
}

// maxDataDepth bounds the nesting of data read from JSON or TOML.
const maxDataDepth = 1000

var errNesting = errors.New("it is nested too deeply")

func jsonValue(d *json.Decoder, depth int) (Value, error) {
	if depth > maxDataDepth {
		return nil, errNesting
	}
	t, err := d.Token()
	if err == io.EOF {
		err = errors.New("the text ends too early")
	}
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case bool:
		return Bool(t), nil
	case json.Number:
		return jsonNumber(t)
	case string:
		if strings.IndexByte(t, 0) >= 0 {
			return nil, errors.New("a string has a character that is zero")
		}
		return String(t), nil
	case json.Delim:
		if t == '[' {
			return jsonList(d, depth)
		}
		return jsonAttrs(d, depth)
	}
	return Null{}, nil
}

func jsonNumber(n json.Number) (Value, error) {
	s := n.String()
	if strings.ContainsAny(s, ".eE") {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return nil, errors.New("the number `" + s + "` is out of range")
		}
		return Float(f), nil
	}
	if i, err := strconv.ParseInt(s, 10, 64); err == nil {
		return Int(i), nil
	}
	if _, err := strconv.ParseUint(s, 10, 64); err == nil {
		return nil, errors.New("the number `" + s + "` has more than 64 bits with its sign")
	}
	f, err := strconv.ParseFloat(s, 64)
	return Float(f), err
}

func jsonList(d *json.Decoder, depth int) (Value, error) {
	out := &List{}
	for d.More() {
		v, err := jsonValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		out.Elems = append(out.Elems, Done(v))
	}
	_, err := d.Token()
	return out, err
}

// jsonAttrs reads an object. Of attributes with the same name the last counts.
func jsonAttrs(d *json.Decoder, depth int) (Value, error) {
	values := make(map[string]Value)
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		v, err := jsonValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		name, _ := key.(string)
		if strings.IndexByte(name, 0) >= 0 {
			return nil, errors.New("a name has a character that is zero")
		}
		values[name] = v
	}
	_, err := d.Token()
	return NewAttrs(values), err
}
