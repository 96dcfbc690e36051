package eval

import (
	"path"
	"strings"
)

var textBuiltins = map[string]builtin{
	"toString": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
		return ev.ToString(ev.Force(a[0]), argAt(a[0], at))
	}},
	"stringLength": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
		s, fail := ev.WantText(a[0], at)
		if fail != nil {
			return fail
		}
		return Int(len(s))
	}},
	"substring":        {3, substring},
	"concatStringsSep": {2, concatStringsSep},
	"replaceStrings":   {3, replaceStrings},
	"baseNameOf":       {1, baseNameOf},
	"dirOf":            {1, dirOfValue},
	"toPath": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
		p, fail := ev.WantPath(a[0], at)
		if fail != nil {
			return fail
		}
		return String(p)
	}},
}

func substring(ev *Evaluator, a []*Thunk, at Place) Value {
	start, fail := ev.WantInt(a[0], at)
	if fail != nil {
		return fail
	}
	if start < 0 {
		return Errorf(argAt(a[0], at), "a substring cannot start at `%d`", start)
	}
	n, fail := ev.WantInt(a[1], at)
	if fail != nil {
		return fail
	}
	switch s := ev.Coerce(ev.Force(a[2]), argAt(a[2], at)).(type) {
	case String:
		start = min(start, len(s))
		if n < 0 || n > len(s)-start {
			n = len(s) - start
		}
		return s[start : start+n]
	case *Text:
		if p := s.Prefix(); n >= 0 && start <= len(p) && n <= len(p)-start {
			return String(p[start : start+n])
		}
		return s.Derive()
	case *Unknown:
		return s.Derive()
	default:
		return s
	}
}

func concatStringsSep(ev *Evaluator, a []*Thunk, at Place) Value {
	sep, fail := ev.WantString(a[0], at)
	if fail != nil {
		return fail
	}
	l, fail := ev.WantList(a[1], at)
	if fail != nil {
		return fail
	}
	if l.More != nil {
		return l.More.Derive()
	}
	var b TextBuilder
	for i, e := range l.Elems {
		if i > 0 {
			b.Known(sep)
		}
		if err := b.Add(ev.Coerce(ev.Force(e), argAt(e, at))); err != nil {
			return err
		}
	}
	if u := ev.Reserve(len(b.text)); u != nil {
		return u
	}
	return b.Value()
}

func replaceStrings(ev *Evaluator, a []*Thunk, at Place) Value {
	from, fail := ev.WantStrings(a[0], at)
	if fail != nil {
		return fail
	}
	to, fail := ev.WantList(a[1], at)
	if fail != nil {
		return fail
	}
	if to.More != nil {
		return to.More.Derive()
	}
	if len(from) != len(to.Elems) {
		return Errorf(at, "the lists given to replaceStrings have %d and %d elements", len(from), len(to.Elems))
	}
	s, fail := ev.WantString(a[2], at)
	if fail != nil {
		return fail
	}
	// Of the replacements only those that are used are evaluated.
	used := make([]Value, len(from))
	var b TextBuilder
	for i := 0; i <= len(s); {
		j := matchAt(from, s[i:])
		if j < 0 {
			if i < len(s) {
				b.text = append(b.text, s[i])
			}
			i++
			continue
		}
		if used[j] == nil {
			used[j] = ev.Force(to.Elems[j])
			if !isString(used[j]) && !isType[*Unknown](used[j]) {
				return Mismatch("a string", used[j], argAt(to.Elems[j], at))
			}
		}
		b.Add(used[j])
		if u := ev.Reserve(16); u != nil {
			return u
		}
		if from[j] == "" {
			if i < len(s) {
				b.text = append(b.text, s[i])
			}
			i++
		}
		i += len(from[j])
	}
	if u := ev.Reserve(len(b.text)); u != nil {
		return u
	}
	return b.Value()
}

// matchAt returns the index of the first prefix that s starts with, or -1.
func matchAt(prefixes []string, s string) int {
	for i, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return i
		}
	}
	return -1
}

func baseNameOf(ev *Evaluator, a []*Thunk, at Place) Value {
	switch s := ev.coerce(ev.Force(a[0]), argAt(a[0], at), false).(type) {
	case String:
		return String(baseName(string(s)))
	case *Text:
		if last := s.Suffix(); strings.Contains(strings.TrimSuffix(last, "/"), "/") {
			return String(baseName(last))
		}
		return s.Derive()
	case *Unknown:
		return s.Derive()
	default:
		return s
	}
}

// baseName is what follows the last slash, one at the end not counted.
func baseName(s string) string {
	if len(s) > 1 {
		s = strings.TrimSuffix(s, "/")
	}
	return s[strings.LastIndexByte(s, '/')+1:]
}

func dirOfValue(ev *Evaluator, a []*Thunk, at Place) Value {
	v := ev.Force(a[0])
	if p, ok := v.(Path); ok {
		return Path(path.Dir(string(p)))
	}
	switch s := ev.coerce(v, argAt(a[0], at), false).(type) {
	case String:
		return String(dirName(string(s)))
	case *Text:
		last := len(s.Segments) - 1
		i := strings.LastIndexByte(s.Segments[last].Known, '/')
		if i < 0 {
			return s.Derive()
		}
		var b TextBuilder
		b.Add(&Text{Segments: s.Segments[:last]})
		b.Known(s.Segments[last].Known[:i])
		if isPath(v) {
			return b.Path("/")
		}
		return b.Value()
	case *Unknown:
		return s.Derive()
	default:
		return s
	}
}

// dirName is what stands before the last slash.
func dirName(s string) string {
	switch i := strings.LastIndexByte(s, '/'); i {
	case -1:
		return "."
	case 0:
		return "/"
	default:
		return s[:i]
	}
}
