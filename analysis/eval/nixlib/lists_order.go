package nixlib

import "github.com/nixlint/nixlint/analysis/eval"

// sortBy sorts a list by a key of each element.
func sortBy(ev *eval.Evaluator, in *eval.Thunk, at eval.Place, key func(e *eval.Thunk) eval.Value,
	less func(ev *eval.Evaluator, x, y eval.Value) eval.Value) eval.Value {
	l, fail := known(ev, in, at)
	if fail != nil {
		return fail
	}
	pairs := make([]eval.Value, len(l))
	for i, e := range l {
		pairs[i] = list(eval.Later(func(*eval.Evaluator) eval.Value { return key(e) }), e)
	}
	compare := native("lib.sortOn", 2, func(ev *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
		x, y := ev.Force(b[0]).(*eval.List), ev.Force(b[1]).(*eval.List)
		return less(ev, ev.Force(x.Elems[0]), ev.Force(y.Elems[0]))
	})
	result := ev.Builtin("sort", at, compare, eval.Done(eval.NewList(pairs...)))
	sorted, ok := result.(*eval.List)
	if !ok {
		return result
	}
	out := &eval.List{Elems: make([]*eval.Thunk, len(l)), More: sorted.More}
	for i, p := range sorted.Elems {
		out.Elems[i] = ev.Force(p).(*eval.List).Elems[1]
	}
	return out
}

// naturalSort sorts strings, digits in them by the numbers they make.
func naturalSort(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	pattern := eval.Done(eval.String("(0|[1-9][0-9]*)"))
	return sortBy(ev, a[0], at, func(e *eval.Thunk) eval.Value {
		result := ev.Builtin("split", at, pattern, e)
		parts, ok := result.(*eval.List)
		if !ok {
			return result
		}
		out := make([]eval.Value, len(parts.Elems))
		for i, p := range parts.Elems {
			out[i] = ev.Force(p)
			if digits, ok := out[i].(*eval.List); ok {
				out[i] = ev.Builtin("fromJSON", at, digits.Elems[0])
			}
		}
		return eval.NewList(out...)
	}, func(ev *eval.Evaluator, x, y eval.Value) eval.Value { return ev.Less(x, y, at) })
}

// compareLists compares lists by a function that compares their elements.
func compareLists(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	x, fail := known(ev, a[1], at)
	if fail != nil {
		return fail
	}
	y, fail := known(ev, a[2], at)
	if fail != nil {
		return fail
	}
	for i := range min(len(x), len(y)) {
		order := call(ev, a[0], at, x[i], y[i])
		if order != eval.Value(eval.Int(0)) {
			return order
		}
	}
	switch {
	case len(x) < len(y):
		return eval.Int(-1)
	case len(x) > len(y):
		return eval.Int(1)
	}
	return eval.Int(0)
}

// sublist is a part of a list: count elements from start on, or all if there is
// no count.
func sublist(ev *eval.Evaluator, start, count, in *eval.Thunk, at eval.Place) eval.Value {
	from, fail := ev.WantInt(start, at)
	if fail != nil {
		return fail
	}
	l, fail := ev.WantList(in, at)
	if fail != nil {
		return fail
	}
	n := len(l.Elems)
	if count != nil {
		if n, fail = ev.WantInt(count, at); fail != nil {
			return fail
		}
	}
	if from < 0 || n < 0 {
		return eval.Errorf(at, "a list has no element `%d`", min(from, n))
	}
	if l.More != nil {
		if count != nil && from+n <= l.Lead {
			return list(l.Elems[from : from+n]...)
		}
		if count == nil && from <= l.Lead {
			return &eval.List{Elems: l.Elems[from:], More: l.More, Lead: l.Lead - from}
		}
		return l.More.Derive()
	}
	from = min(from, len(l.Elems))
	return list(l.Elems[from : from+min(n, len(l.Elems)-from)]...)
}

// fromEnd takes or drops elements at the end.
func fromEnd(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place, take bool) eval.Value {
	n, fail := ev.WantInt(a[0], at)
	if fail != nil {
		return fail
	}
	l, fail := known(ev, a[1], at)
	if fail != nil {
		return fail
	}
	cut := min(max(0, len(l)-n), len(l))
	if take {
		return list(l[cut:]...)
	}
	return list(l[:cut]...)
}

// listPrefix reports whether a list starts with another, and how long that is.
func listPrefix(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) (n int, holds eval.Value) {
	prefix, fail := known(ev, a[0], at)
	if fail != nil {
		return 0, fail
	}
	start := sublist(ev, eval.Done(eval.Int(0)), eval.Done(eval.Int(len(prefix))), a[1], at)
	return len(prefix), ev.Equal(start, list(prefix...))
}

func commonPrefix(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	x, fail := known(ev, a[0], at)
	if fail != nil {
		return fail
	}
	y, fail := known(ev, a[1], at)
	if fail != nil {
		return fail
	}
	n := 0
	for ; n < min(len(x), len(y)); n++ {
		same, fail := ev.WantBool(eval.Done(ev.Equal(ev.Force(x[n]), ev.Force(y[n]))), at)
		if fail != nil {
			return fail
		}
		if !same {
			break
		}
	}
	return list(x[:n]...)
}

func unique(ev *eval.Evaluator, in *eval.Thunk, at eval.Place) eval.Value {
	l, fail := ev.WantList(in, at)
	if fail != nil {
		return fail
	}
	var b eval.ListBuilder
	texts := make(map[eval.String]bool)
	var others []*eval.Thunk
	fail = l.Each(func(e *eval.Thunk) eval.Value {
		v := ev.Force(e)
		if s, ok := v.(eval.String); ok {
			if !texts[s] {
				texts[s] = true
				b.Add(e)
			}
			return nil
		}
		switch seen := ev.Builtin("elem", at, e, eval.Done(list(others...))).(type) {
		case eval.Bool:
			if !seen {
				others = append(others, e)
				b.Add(e)
			}
		case *eval.Unknown:
			others = append(others, e)
			b.Maybe(e, seen)
		default:
			return seen
		}
		return nil
	}, b.Perhaps)
	if fail != nil {
		return fail
	}
	return b.List()
}

func subtractLists(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	return where(ev, a[1], at, func(ev *eval.Evaluator, e *eval.Thunk) eval.Value {
		return not(ev.Builtin("elem", at, e, a[0]))
	})
}
