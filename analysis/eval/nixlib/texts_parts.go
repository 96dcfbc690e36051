package nixlib

import (
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

func intersperse(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	l, fail := known(ev, a[1], at)
	if fail != nil {
		return fail
	}
	var out []*eval.Thunk
	for i, e := range l {
		if i > 0 {
			out = append(out, a[0])
		}
		out = append(out, e)
	}
	return list(out...)
}

func trimWith(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	how := ev.Force(a[0])
	start, fail := ev.WantBool(attrOr(ev, how, "start", no), at)
	if fail != nil {
		return fail
	}
	end, fail := ev.WantBool(attrOr(ev, how, "end", no), at)
	if fail != nil {
		return fail
	}
	return onText(ev, a[1], at, func(s string) string {
		if start {
			s = strings.TrimLeft(s, blanks)
		}
		if end {
			s = strings.TrimRight(s, blanks)
		}
		return s
	})
}

// searchPath joins paths of folders inside of others by colons. Null is none.
func searchPath(ev *eval.Evaluator, sub, in *eval.Thunk, at eval.Place) eval.Value {
	some := where(ev, in, at, func(ev *eval.Evaluator, e *eval.Thunk) eval.Value { return not(ev.Equal(ev.Force(e), eval.Null{})) })
	inside := native("lib.makeSearchPath", 1, func(ev *eval.Evaluator, b []*eval.Thunk, at eval.Place) eval.Value {
		return plus(ev, at, ev.Force(b[0]), eval.String("/"), ev.Force(sub))
	})
	return joined(ev, eval.Done(eval.String(":")), ev.Builtin("map", at, inside, eval.Done(some)), at)
}

func outputsPath(ev *eval.Evaluator, out, sub, pkgs *eval.Thunk, at eval.Place) eval.Value {
	name, fail := ev.WantString(out, at)
	if fail != nil {
		return fail
	}
	outputs := ev.Builtin("map", at, native("lib.getOutput", 1, outputOf(name).call), pkgs)
	return searchPath(ev, sub, eval.Done(outputs), at)
}

func searchPathOf(out, sub string) function {
	return function{1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		return outputsPath(ev, eval.Done(eval.String(out)), eval.Done(eval.String(sub)), a[0], at)
	}}
}

// affix applies a function to a known affix and a string, which may be partly
// unknown.
func affix(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place, f func(ev *eval.Evaluator, affix string, s eval.Value) eval.Value) eval.Value {
	x, fail := ev.WantText(a[0], at)
	if fail != nil {
		return fail
	}
	switch s := ev.Coerce(ev.Force(a[1]), at).(type) {
	case eval.String, *eval.Text:
		return f(ev, x, s)
	case *eval.Unknown:
		return s.Derive()
	default:
		return s
	}
}

func hasPrefix(_ *eval.Evaluator, prefix string, s eval.Value) eval.Value {
	switch s := s.(type) {
	case eval.String:
		return eval.Bool(strings.HasPrefix(string(s), prefix))
	case *eval.Text:
		start := s.Prefix()
		if len(start) >= len(prefix) || !strings.HasPrefix(prefix, start) {
			return eval.Bool(strings.HasPrefix(start, prefix))
		}
		return s.Derive()
	}
	return s
}

func hasSuffix(_ *eval.Evaluator, suffix string, s eval.Value) eval.Value {
	switch s := s.(type) {
	case eval.String:
		return eval.Bool(strings.HasSuffix(string(s), suffix))
	case *eval.Text:
		end := s.Suffix()
		if len(end) >= len(suffix) || !strings.HasSuffix(suffix, end) {
			return eval.Bool(strings.HasSuffix(end, suffix))
		}
		return s.Derive()
	}
	return s
}

func removePrefix(ev *eval.Evaluator, prefix string, s eval.Value) eval.Value {
	t, partly := s.(*eval.Text)
	if !partly {
		return eval.String(strings.TrimPrefix(string(s.(eval.String)), prefix))
	}
	has, ok := hasPrefix(ev, prefix, s).(eval.Bool)
	switch {
	case !ok:
		return t.Derive()
	case !bool(has) || prefix == "":
		return t
	}
	var b eval.TextBuilder
	b.Known(t.Prefix()[len(prefix):])
	b.Add(&eval.Text{Segments: t.Segments[1:]})
	return b.Value()
}

func removeSuffix(ev *eval.Evaluator, suffix string, s eval.Value) eval.Value {
	t, partly := s.(*eval.Text)
	if !partly {
		return eval.String(strings.TrimSuffix(string(s.(eval.String)), suffix))
	}
	has, ok := hasSuffix(ev, suffix, s).(eval.Bool)
	switch {
	case !ok:
		return t.Derive()
	case !bool(has) || suffix == "":
		return t
	}
	var b eval.TextBuilder
	b.Add(&eval.Text{Segments: t.Segments[:len(t.Segments)-1]})
	b.Known(strings.TrimSuffix(t.Suffix(), suffix))
	return b.Value()
}

func splitString(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	sep, fail := ev.WantString(eval.Done(ev.ToString(ev.Force(a[0]), at)), at)
	if fail != nil {
		return fail
	}
	switch s := ev.ToString(ev.Force(a[1]), at).(type) {
	case eval.String:
		return splitOf(string(s), sep)
	case *eval.Text:
		if sep == "" {
			return s.Derive()
		}
		// What stands before the first unknown segment and behind the last is
		// known, but for the pieces next to them.
		first, last := strings.Split(s.Prefix(), sep), strings.Split(s.Suffix(), sep)
		var b eval.ListBuilder
		for _, p := range first[:len(first)-1] {
			b.Add(eval.Done(eval.String(p)))
		}
		b.Perhaps(s.Derive())
		for _, p := range last[1:] {
			b.Add(eval.Done(eval.String(p)))
		}
		return b.List()
	case *eval.Unknown:
		return &eval.List{More: s.Derive()}
	default:
		return s
	}
}

// splitOf splits a string. An empty separator stands before each character and
// at the end.
func splitOf(s, sep string) *eval.List {
	parts := strings.Split(s, sep)
	if sep == "" {
		parts = []string{""}
		for i := range len(s) {
			parts = append(parts, s[i:i+1])
		}
		parts = append(parts, "")
	}
	l := &eval.List{Elems: make([]*eval.Thunk, len(parts))}
	for i, p := range parts {
		l.Elems[i] = eval.Done(eval.String(p))
	}
	return l
}

// splitStringBy splits where a predicate holds for two characters in a row.
func splitStringBy(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	keep, fail := ev.WantBool(a[1], at)
	if fail != nil {
		return fail
	}
	s, fail := ev.WantText(a[2], at)
	if fail != nil {
		return fail
	}
	var parts []eval.Value
	part := ""
	for i := range len(s) {
		prev := ""
		if i > 0 {
			prev = s[i-1 : i]
		}
		c := s[i : i+1]
		split, fail := ev.WantBool(eval.Done(call(ev, a[0], at, eval.Done(eval.String(prev)), eval.Done(eval.String(c)))), at)
		if fail != nil {
			return fail
		}
		if split {
			parts = append(parts, eval.String(part))
			part = ""
		}
		if keep || !split {
			part += c
		}
	}
	return eval.NewList(append(parts, eval.String(part))...)
}
