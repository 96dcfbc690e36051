package nixlib

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/eval"
)

// byPath looks a path of attributes up. It is what found makes of the value, or
// else other.
func byPath(ev *eval.Evaluator, path, in *eval.Thunk, at eval.Place, found func(*eval.Thunk) *eval.Thunk, other *eval.Thunk) eval.Value {
	names, fail := ev.WantStrings(path, at)
	if fail != nil {
		return fail
	}
	t := in
	for _, n := range names {
		switch s := ev.Force(t).(type) {
		case *eval.Error:
			return s
		case *eval.Attrs:
			if x := s.Get(n); x != nil {
				t = x.Value
				continue
			}
			if _, missing := ev.Select(s, n, at).(*eval.Error); missing {
				return ev.Force(other)
			}
			return perhaps(ev.Select(s, n, at).(*eval.Unknown), found, other)
		case *eval.Unknown:
			return perhaps(ev.Select(s, n, at).(*eval.Unknown), found, other)
		default:
			return ev.Force(other)
		}
	}
	return ev.Force(found(t))
}

// perhaps is one of two values, depending on whether an unknown attribute is
// there.
func perhaps(u *eval.Unknown, found func(*eval.Thunk) *eval.Thunk, other *eval.Thunk) eval.Value {
	return &eval.Unknown{Reason: u.Reason, Of: u, Maybe: []*eval.Thunk{found(eval.Done(u)), other}, Closed: true}
}

func longestValidPathPrefix(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	names, fail := ev.WantStrings(a[0], at)
	if fail != nil {
		return fail
	}
	v := ev.Force(a[1])
	n := 0
	for ; n < len(names); n++ {
		s, ok := v.(*eval.Attrs)
		if u, unknown := v.(*eval.Unknown); unknown {
			return u.Derive()
		}
		if !ok || s.Get(names[n]) == nil {
			if ok && s.Rest != nil {
				return s.Rest.Derive()
			}
			break
		}
		v = ev.Force(s.Get(names[n]).Value)
	}
	values := make([]eval.Value, n)
	for i := range values {
		values[i] = eval.String(names[i])
	}
	return eval.NewList(values...)
}

// collect gathers the outermost values that a predicate holds for.
func collect(ev *eval.Evaluator, pred, t *eval.Thunk, at eval.Place, b *eval.ListBuilder) eval.Value {
	return ev.Nested(func() eval.Value {
		holds, fail := ev.WantBool(eval.Done(call(ev, pred, at, t)), at)
		switch u := fail.(type) {
		case nil:
		case *eval.Unknown:
			b.Maybe(t, u)
			return nil
		default:
			return fail
		}
		if holds {
			b.Add(t)
			return nil
		}
		s, ok := ev.Force(t).(*eval.Attrs)
		if !ok {
			return nil
		}
		for _, e := range s.Entries {
			if fail := collect(ev, pred, e.Value, at, b); fail != nil {
				return fail
			}
		}
		if s.Rest != nil {
			b.Perhaps(s.Rest.Derive())
		}
		return nil
	})
}

// isSet reports whether a value is a set, and for which a predicate holds if
// there is one. fail is what there is instead.
func isSet(ev *eval.Evaluator, pred *eval.Thunk, t *eval.Thunk, at eval.Place, args ...*eval.Thunk) (is bool, fail eval.Value) {
	switch v := ev.Force(t).(type) {
	case *eval.Attrs:
		if pred == nil {
			return true, nil
		}
		return ev.WantBool(eval.Done(call(ev, pred, at, args...)), at)
	case *eval.Unknown:
		return false, v.Derive()
	case *eval.Error:
		return false, v
	}
	return false, nil
}

// mapRecursive applies a function to the paths and values of the leaves of a
// set. If there is a predicate, sets it does not hold for are leaves too.
func mapRecursive(ev *eval.Evaluator, pred, fn, in *eval.Thunk, path []*eval.Thunk, at eval.Place) eval.Value {
	return ev.Builtin("mapAttrs", at, native("lib.mapAttrsRecursive", 2, func(ev *eval.Evaluator, b []*eval.Thunk, at eval.Place) eval.Value {
		here := append(slices.Clip(path), b[0])
		inner, fail := isSet(ev, pred, b[1], at, b[1])
		switch {
		case fail != nil:
			return fail
		case inner:
			return mapRecursive(ev, pred, fn, b[1], here, at)
		}
		return call(ev, fn, at, eval.Done(list(here...)), b[1])
	}), in)
}

// listRecursive is mapRecursive for a list of the results.
func listRecursive(ev *eval.Evaluator, pred, fn, in *eval.Thunk, path []*eval.Thunk, at eval.Place, b *eval.ListBuilder) eval.Value {
	s, fail := ev.WantAttrs(in, at)
	if fail != nil {
		return fail
	}
	for _, e := range s.Entries {
		here := append(slices.Clip(path), eval.Done(eval.String(e.Name)))
		way := eval.Done(list(here...))
		inner, fail := isSet(ev, pred, e.Value, at, way, e.Value)
		switch u := fail.(type) {
		case nil:
		case *eval.Unknown:
			b.Perhaps(u)
			continue
		default:
			return fail
		}
		if !inner {
			b.Add(eval.LaterCall(e.Value, fn, at, way, e.Value))
			continue
		}
		fail = ev.Nested(func() eval.Value { return listRecursive(ev, pred, fn, e.Value, here, at, b) })
		if fail != nil {
			return fail
		}
	}
	if s.Rest != nil {
		b.Perhaps(s.Rest.Derive())
	}
	return nil
}

// updateRecursively is a set put over another, sets inside of both treated in
// the same way, or, if there is a predicate, what it does not hold for.
func updateRecursively(ev *eval.Evaluator, until, left, right *eval.Thunk, path []*eval.Thunk, at eval.Place) eval.Value {
	a, fail := ev.WantAttrs(left, at)
	if fail != nil && !isUnknown(fail) {
		return fail
	}
	b, fail2 := ev.WantAttrs(right, at)
	if fail2 != nil && !isUnknown(fail2) {
		return fail2
	}
	merged := ev.Update(ev.Force(left), ev.Force(right), at, at)
	out, ok := merged.(*eval.Attrs)
	if !ok || fail != nil || fail2 != nil {
		return merged
	}
	entries := slices.Clone(out.Entries)
	for i, e := range entries {
		x, y := a.Get(e.Name), b.Get(e.Name)
		if x == nil || y == nil {
			continue
		}
		here := append(slices.Clip(path), eval.Done(eval.String(e.Name)))
		entries[i].Value = eval.LaterAt(y.Value, func(ev *eval.Evaluator) eval.Value {
			stop, fail := stops(ev, until, x.Value, y.Value, here, at)
			switch u := fail.(type) {
			case nil:
			case *eval.Unknown:
				both := eval.Later(func(ev *eval.Evaluator) eval.Value {
					return updateRecursively(ev, until, x.Value, y.Value, here, at)
				})
				return &eval.Unknown{Reason: u.Reason, Of: u, Maybe: []*eval.Thunk{y.Value, both}, Closed: true}
			default:
				return fail
			}
			if stop {
				return ev.Force(y.Value)
			}
			return updateRecursively(ev, until, x.Value, y.Value, here, at)
		})
	}
	return &eval.Attrs{Entries: entries, Rest: out.Rest}
}

// stops reports whether the right one of two values is taken as it is.
func stops(ev *eval.Evaluator, until, x, y *eval.Thunk, path []*eval.Thunk, at eval.Place) (bool, eval.Value) {
	if until != nil {
		return ev.WantBool(eval.Done(call(ev, until, at, eval.Done(list(path...)), x, y)), at)
	}
	for _, t := range [...]*eval.Thunk{x, y} {
		if is, fail := isSet(ev, nil, t, at); fail != nil || !is {
			return true, fail
		}
	}
	return false, nil
}

func matchAttrs(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	pattern, fail := ev.WantAttrs(a[0], at)
	if fail != nil {
		return fail
	}
	if pattern.Rest != nil {
		return pattern.Rest.Derive()
	}
	var result eval.Value = eval.Bool(true)
	for _, e := range pattern.Entries {
		holds := ev.Nested(func() eval.Value { return matchAttr(ev, e, a[1], at) })
		if holds != eval.Value(eval.Bool(true)) {
			if !isUnknown(holds) {
				return holds
			}
			result = holds
		}
	}
	return result
}

func matchAttr(ev *eval.Evaluator, e eval.Attr, in *eval.Thunk, at eval.Place) eval.Value {
	x := attrOr(ev, ev.Force(in), e.Name, nil)
	if x == nil {
		return eval.Bool(false)
	}
	want, got := ev.Force(e.Value), ev.Force(x)
	if _, ok := want.(*eval.Attrs); !ok {
		return ev.Equal(want, got)
	}
	switch got := got.(type) {
	case *eval.Attrs:
		return matchAttrs(ev, []*eval.Thunk{e.Value, x}, at)
	case *eval.Unknown:
		return got.Derive()
	case *eval.Error:
		return got
	}
	return eval.Bool(false)
}
