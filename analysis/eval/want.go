package eval

import (
	"path"
	"strings"
)

// The Want methods force an argument of a native to a type. The second result
// is nil if it has that type. Else it is what the native has to return: an
// *Error, or an *Unknown derived from the argument.

// WantList forces t to a list. It may have unknown elements and More.
func (ev *Evaluator) WantList(t *Thunk, at Place) (*List, Value) {
	v := ev.Force(t)
	if l, ok := v.(*List); ok {
		return l, nil
	}
	return nil, Mismatch("a list", v, argAt(t, at))
}

// WantAttrs forces t to a set, which may have a Rest.
func (ev *Evaluator) WantAttrs(t *Thunk, at Place) (*Attrs, Value) {
	v := ev.Force(t)
	if a, ok := v.(*Attrs); ok {
		return a, nil
	}
	return nil, Mismatch("a set", v, argAt(t, at))
}

// WantString forces t to a string that is wholly known.
func (ev *Evaluator) WantString(t *Thunk, at Place) (string, Value) {
	switch v := ev.Force(t).(type) {
	case String:
		return string(v), nil
	case *Text:
		if v.IsPath {
			return "", Mismatch("a string", v, argAt(t, at))
		}
		return "", v.Derive()
	default:
		return "", Mismatch("a string", v, argAt(t, at))
	}
}

// WantText forces t and makes a string of it as interpolation does, which must
// be wholly known.
func (ev *Evaluator) WantText(t *Thunk, at Place) (string, Value) {
	return ev.coerced(ev.Force(t), argAt(t, at))
}

func (ev *Evaluator) coerced(v Value, at Place) (string, Value) {
	switch s := ev.Coerce(v, at).(type) {
	case String:
		return string(s), nil
	case *Text:
		return "", s.Derive()
	case *Unknown:
		return "", s.Derive()
	default:
		return "", s
	}
}

// WantStrings forces t to a list of strings that is wholly known.
func (ev *Evaluator) WantStrings(t *Thunk, at Place) ([]string, Value) {
	l, fail := ev.WantList(t, at)
	if fail != nil {
		return nil, fail
	}
	if l.More != nil {
		return nil, l.More.Derive()
	}
	out := make([]string, len(l.Elems))
	for i, e := range l.Elems {
		if out[i], fail = ev.WantString(e, at); fail != nil {
			return nil, fail
		}
	}
	return out, nil
}

// WantInt forces t to an integer.
func (ev *Evaluator) WantInt(t *Thunk, at Place) (int, Value) {
	v := ev.Force(t)
	if i, ok := v.(Int); ok {
		return int(i), nil
	}
	return 0, Mismatch("an integer", v, argAt(t, at))
}

// WantBool forces t to a Boolean.
func (ev *Evaluator) WantBool(t *Thunk, at Place) (bool, Value) {
	return truth(ev.Force(t), argAt(t, at))
}

// WantFunction forces t to something that can be called.
func (ev *Evaluator) WantFunction(t *Thunk, at Place) (Value, Value) {
	switch v := ev.Force(t).(type) {
	case *Lambda, *Native, *Unknown:
		return v, nil
	case *Attrs:
		if v.Get("__functor") != nil || v.Rest != nil {
			return v, nil
		}
		return nil, Mismatch("a function", v, argAt(t, at))
	default:
		return nil, Mismatch("a function", v, argAt(t, at))
	}
}

// WantPath forces t to a path, or to what makes a string that is an absolute
// path, and returns it cleaned.
func (ev *Evaluator) WantPath(t *Thunk, at Place) (string, Value) {
	s, fail := ev.wantRawPath(t, at)
	if fail != nil {
		return "", fail
	}
	return path.Clean(s), nil
}

// wantRawPath is WantPath for those who care for a slash at the end.
func (ev *Evaluator) wantRawPath(t *Thunk, at Place) (string, Value) {
	at = argAt(t, at)
	switch v := ev.Force(t).(type) {
	case Path:
		return string(v), nil
	case *Unknown:
		return "", v
	case *Text:
		return "", v.file()
	default:
		switch s := ev.coerce(v, at, false).(type) {
		case String:
			if !strings.HasPrefix(string(s), "/") {
				return "", &Error{Kind: ErrorType, Message: "`" + string(s) + "` is no absolute path", At: at}
			}
			return string(s), nil
		case *Text:
			return "", s.file()
		default:
			return "", s
		}
	}
}

// argAt returns the place of an argument, or that of the call if it has none.
func argAt(t *Thunk, call Place) Place {
	if t.expr != nil {
		return t.At()
	}
	return call
}
