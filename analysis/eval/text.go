package eval

import (
	"path"
	"strconv"
	"strings"
	"unsafe"
)

// Text is a string or path some segments of which are unknown. It has at least
// one unknown segment, and no two known ones stand side by side.
type Text struct {
	Segments []Segment
	IsPath   bool
}

// Segment is a piece of a Text: known text, or an unknown.
type Segment struct {
	Known   string
	Unknown *Unknown
}

// Prefix returns the known text before the first unknown segment.
func (t *Text) Prefix() string { return t.Segments[0].Known }

// Suffix returns the known text behind the last unknown segment.
func (t *Text) Suffix() string { return t.Segments[len(t.Segments)-1].Known }

// Derive is the result of an operation on the text that needs all of it.
func (t *Text) Derive() *Unknown {
	for _, s := range t.Segments {
		if s.Unknown != nil {
			return &Unknown{Reason: s.Unknown.Reason, Of: s.Unknown}
		}
	}
	return NewUnknown("a part of the text is not known")
}

// file is the unknown that a file with the text for its path is: the name of
// the unknown folder it lies in, if it has one, and the rest of the path.
func (t *Text) file() *Unknown {
	first := t.Segments[0].Unknown
	if first == nil || len(t.Segments) > 2 || len(first.Path) == 0 && first.Func == nil {
		return t.Derive()
	}
	out := &Unknown{Reason: first.Reason, Path: first.Path, Func: first.Func, Args: first.Args}
	if len(t.Segments) == 2 {
		out.Path = append(out.Path[:len(out.Path):len(out.Path)], t.Segments[1].Known)
	}
	return out
}

// TextBuilder joins known and unknown text. The zero builder is empty.
type TextBuilder struct {
	segments []Segment
	text     []byte
}

// Known appends known text.
func (b *TextBuilder) Known(s string) { b.text = append(b.text, s...) }

// Unknown appends a segment that is not known.
func (b *TextBuilder) Unknown(u *Unknown) {
	b.flush()
	b.segments = append(b.segments, Segment{Unknown: u})
}

// Add appends a value that Coerce or ToString returned. If that is an error, it
// is handed back and nothing is appended.
func (b *TextBuilder) Add(v Value) *Error {
	switch v := v.(type) {
	case String:
		b.Known(string(v))
	case *Text:
		for _, s := range v.Segments {
			if s.Unknown == nil {
				b.Known(s.Known)
			} else {
				b.Unknown(s.Unknown)
			}
		}
	case *Unknown:
		b.Unknown(v)
	case *Error:
		return v
	}
	return nil
}

func (b *TextBuilder) flush() {
	if len(b.text) > 0 {
		b.segments = append(b.segments, Segment{Known: string(b.text)})
		b.text = b.text[:0]
	}
}

// Value returns what was appended as a string: a String or a *Text. The builder
// is used up.
func (b *TextBuilder) Value() Value {
	if len(b.segments) == 0 {
		const spare = 32
		if cap(b.text) > len(b.text)+spare {
			return String(b.text)
		}
		return String(unsafe.String(unsafe.SliceData(b.text), len(b.text))) // never written again
	}
	b.flush()
	return &Text{Segments: b.segments}
}

// Path returns what was appended as a path. One that is not absolute lies
// below dir.
func (b *TextBuilder) Path(dir string) Value {
	if len(b.segments) == 0 {
		return Path(cleanPath(dir, string(b.text)))
	}
	b.flush()
	if first := &b.segments[0]; first.Unknown == nil {
		slash := strings.HasSuffix(first.Known, "/")
		first.Known = cleanPath(dir, first.Known)
		if slash && first.Known != "/" {
			first.Known += "/"
		}
	}
	return &Text{Segments: b.segments, IsPath: true}
}

// cleanPath makes an absolute path of a path literal's or string's text.
func cleanPath(dir, text string) string {
	if strings.HasPrefix(text, "/") {
		return path.Clean(text)
	}
	return path.Join(dir, text)
}

// Coerce makes a string of a value as interpolation does. The result is a
// String, a *Text, an *Unknown or an *Error. A path must exist, since Nix copies
// it to the store; it gives its own text here, where it is copied to being of
// no use.
func (ev *Evaluator) Coerce(v Value, at Place) Value { return ev.coerce(v, at, true) }

// coerce is Coerce for paths that are copied and for those that are not.
func (ev *Evaluator) coerce(v Value, at Place, copied bool) Value {
	if _, ok := v.(*Attrs); ok {
		v, _ = ev.peel(v, at)
	}
	switch v := v.(type) {
	case String, *Unknown, *Error:
		return v
	case Path:
		if copied && ev.source.Allowed(string(v)) && !ev.exists(string(v)) {
			return missingFile(string(v), at)
		}
		return String(v)
	case *Text:
		if v.IsPath {
			return &Text{Segments: v.Segments}
		}
		return v
	}
	return &Error{Kind: ErrorType, Message: "cannot make a string of " + describe(v), At: at}
}

// peel returns what a set says that is to be taken for it where a string is
// wanted, if it says so. made is set if one of its functions __toString did.
func (ev *Evaluator) peel(v Value, at Place) (out Value, made bool) {
	for {
		a, ok := v.(*Attrs)
		if !ok {
			return v, made
		}
		if u := ev.step(); u != nil {
			return u, made
		}
		switch f, o := a.Get("__toString"), a.Get("outPath"); {
		case f != nil:
			v, made = ev.Call(ev.Force(f.Value), Done(a), at), true
		case o != nil: // that there is no __toString in the rest is taken for granted
			v = ev.Force(o.Value)
		case a.Rest != nil:
			return a.Rest.attr("outPath"), made
		default:
			return v, made
		}
	}
}

// ToString makes a string of a value as builtins.toString does: of numbers,
// Booleans, null and lists too. Paths are not copied.
func (ev *Evaluator) ToString(v Value, at Place) Value {
	if _, ok := v.(*Attrs); ok {
		v, _ = ev.peel(v, at)
	}
	switch v := v.(type) {
	case Null:
		return String("")
	case Bool:
		if v {
			return String("1")
		}
		return String("")
	case Int:
		return String(strconv.FormatInt(int64(v), 10))
	case Float:
		return String(strconv.FormatFloat(float64(v), 'f', 6, 64))
	case *List:
		return ev.Nested(func() Value { return ev.listToString(v, at) })
	}
	return ev.coerce(v, at, false)
}

func (ev *Evaluator) listToString(l *List, at Place) Value {
	if l.More != nil {
		return l.More.Derive()
	}
	var b TextBuilder
	for i, e := range l.Elems {
		elem := ev.Force(e)
		if err := b.Add(ev.ToString(elem, at)); err != nil {
			return err
		}
		// Nix leaves out the blank behind an empty list.
		if inner, ok := elem.(*List); i < len(l.Elems)-1 && (!ok || len(inner.Elems) > 0) {
			b.Known(" ")
		}
		if u := ev.Reserve(len(b.text)); u != nil {
			return u
		}
	}
	return b.Value()
}
