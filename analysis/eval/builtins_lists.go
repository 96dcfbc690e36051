package eval

import (
	"slices"
)

var listBuiltins = map[string]builtin{
	"head": {1, func(ev *Evaluator, a []*Thunk, at Place) Value { return ev.elemAt(a[0], 0, at) }},
	"elemAt": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
		i, fail := ev.WantInt(a[1], at)
		if fail != nil {
			return fail
		}
		return ev.elemAt(a[0], i, at)
	}},
	"tail": {1, tail},
	"length": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
		l, fail := ev.WantList(a[0], at)
		if fail != nil {
			return fail
		}
		if l.More != nil {
			return l.More.Derive()
		}
		return Int(len(l.Elems))
	}},
	"map":         {2, mapList},
	"filter":      {2, filter},
	"elem":        {2, elem},
	"concatLists": {1, concatLists},
	"concatMap": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
		return concatLists(ev, []*Thunk{Done(mapList(ev, a, at))}, at)
	}},
	"genList":        {2, genList},
	"foldl'":         {3, foldl},
	"all":            {2, func(ev *Evaluator, a []*Thunk, at Place) Value { return ev.quantify(a, at, false) }},
	"any":            {2, func(ev *Evaluator, a []*Thunk, at Place) Value { return ev.quantify(a, at, true) }},
	"sort":           {2, sortList},
	"partition":      {2, partition},
	"groupBy":        {2, groupBy},
	"genericClosure": {1, genericClosure},
}

func (ev *Evaluator) elemAt(list *Thunk, i int, at Place) Value {
	l, fail := ev.WantList(list, at)
	if fail != nil {
		return fail
	}
	switch {
	case 0 <= i && i < l.lead():
		return ev.Force(l.Elems[i])
	case l.More != nil:
		return l.More.Derive()
	case len(l.Elems) == 0:
		return Errorf(argAt(list, at), "the list is empty")
	}
	return Errorf(argAt(list, at), "the list has %d elements, none with the index %d", len(l.Elems), i)
}

func tail(ev *Evaluator, a []*Thunk, at Place) Value {
	l, fail := ev.WantList(a[0], at)
	switch {
	case fail != nil:
		return fail
	case l.More != nil && l.Lead == 0:
		return l.More.Derive()
	case len(l.Elems) == 0:
		return Errorf(argAt(a[0], at), "the list is empty")
	}
	return &List{Elems: l.Elems[1:], More: l.More, Lead: max(l.Lead-1, 0)}
}

func mapList(ev *Evaluator, a []*Thunk, at Place) Value {
	l, fail := ev.WantList(a[1], at)
	if fail != nil {
		if u, ok := ev.Force(a[1]).(*Unknown); ok {
			return u.Map(func(ev *Evaluator, v Value) Value { return mapList(ev, []*Thunk{a[0], Done(v)}, at) })
		}
		return fail
	}
	if u := ev.Reserve(len(l.Elems) * (wordSize + 3*thunkSize)); u != nil {
		return u
	}
	out := &List{Elems: make([]*Thunk, len(l.Elems)), Lead: l.Lead}
	thunks := lateCalls(len(l.Elems), a[0], at, func(i int, args *[2]*Thunk) *Thunk {
		args[0] = l.Elems[i]
		return l.Elems[i]
	})
	for i := range thunks {
		out.Elems[i] = &thunks[i]
	}
	if l.More != nil {
		out.More = l.More.Map(func(ev *Evaluator, v Value) Value { return mapList(ev, []*Thunk{a[0], Done(v)}, at) })
	}
	return out
}

func filter(ev *Evaluator, a []*Thunk, at Place) Value {
	l, fail := ev.WantList(a[1], at)
	if fail != nil {
		if u, ok := ev.Force(a[1]).(*Unknown); ok {
			return u.Map(func(ev *Evaluator, v Value) Value { return filter(ev, []*Thunk{a[0], Done(v)}, at) })
		}
		return fail
	}
	if len(l.Elems) == 0 && l.More == nil {
		return l
	}
	fn, fail := ev.WantFunction(a[0], at)
	if fail != nil {
		return fail
	}
	var b ListBuilder
	fail = l.Each(func(e *Thunk) Value {
		keep, fail := truth(ev.Call(fn, e, at), at)
		switch u := fail.(type) {
		case nil:
			if keep {
				b.Add(e)
			}
		case *Unknown:
			b.Maybe(e, u)
		default:
			return fail
		}
		return nil
	}, func(more *Unknown) {
		b.Perhaps(more.Map(func(ev *Evaluator, v Value) Value { return filter(ev, []*Thunk{a[0], Done(v)}, at) }))
	})
	if fail != nil {
		return fail
	}
	return b.List()
}

func elem(ev *Evaluator, a []*Thunk, at Place) Value {
	l, fail := ev.WantList(a[1], at)
	if fail != nil {
		return fail
	}
	var unknown *Unknown
	for _, e := range l.Elems {
		switch eq := ev.equalThunks(a[0], e).(type) {
		case Bool:
			if eq {
				return eq
			}
		case *Unknown:
			unknown = eq
		default:
			return eq
		}
	}
	if unknown == nil && l.More != nil {
		unknown = l.More.Derive()
	}
	if unknown != nil {
		return unknown
	}
	return Bool(false)
}

func concatLists(ev *Evaluator, a []*Thunk, at Place) Value {
	l, fail := ev.WantList(a[0], at)
	if fail != nil {
		if u, ok := ev.Force(a[0]).(*Unknown); ok {
			return u.Map(func(ev *Evaluator, v Value) Value { return concatLists(ev, []*Thunk{Done(v)}, at) })
		}
		return fail
	}
	var b ListBuilder
	fail = l.Each(func(e *Thunk) Value {
		switch v := ev.Force(e).(type) {
		case *List:
			if u := ev.Reserve(len(v.Elems) * wordSize); u != nil {
				return u
			}
			b.Splice(v)
		case *Unknown:
			b.Perhaps(v)
		default:
			return Mismatch("a list", v, argAt(e, at))
		}
		return nil
	}, func(more *Unknown) {
		b.Perhaps(more.Map(func(ev *Evaluator, v Value) Value { return concatLists(ev, []*Thunk{Done(v)}, at) }))
	})
	if fail != nil {
		return fail
	}
	return b.List()
}

func genList(ev *Evaluator, a []*Thunk, at Place) Value {
	n, fail := ev.WantInt(a[1], at)
	if fail != nil {
		return fail
	}
	if n < 0 {
		return Errorf(argAt(a[1], at), "a list cannot have `%d` elements", n)
	}
	const perElem = wordSize + 3*thunkSize
	if n > ev.limits.Bytes/perElem {
		return ev.exceed(limitBytes)
	}
	if u := ev.Reserve(n * perElem); u != nil {
		return u
	}
	out := &List{Elems: make([]*Thunk, n)}
	numbers := make([]Thunk, n)
	thunks := lateCalls(n, a[0], at, func(i int, args *[2]*Thunk) *Thunk {
		numbers[i] = Thunk{value: Int(i), state: done}
		args[0] = &numbers[i]
		return a[0]
	})
	for i := range thunks {
		out.Elems[i] = &thunks[i]
	}
	return out
}

func foldl(ev *Evaluator, a []*Thunk, at Place) Value {
	l, fail := ev.WantList(a[2], at)
	if fail != nil {
		return fail
	}
	if l.More != nil {
		return l.More.Derive()
	}
	if len(l.Elems) == 0 {
		return ev.Force(a[1])
	}
	fn, fail := ev.WantFunction(a[0], at)
	if fail != nil {
		return fail
	}
	acc := a[1]
	for _, e := range l.Elems {
		v := ev.Apply(fn, at, acc, e)
		if err, ok := v.(*Error); ok {
			return err
		}
		acc = Done(v)
	}
	return ev.Force(acc)
}

// quantify is `any` if wanted is true, else `all`.
func (ev *Evaluator) quantify(a []*Thunk, at Place, wanted bool) Value {
	l, fail := ev.WantList(a[1], at)
	if fail != nil {
		return fail
	}
	if len(l.Elems) == 0 && l.More == nil {
		return Bool(!wanted)
	}
	fn, fail := ev.WantFunction(a[0], at)
	if fail != nil {
		return fail
	}
	var unknown *Unknown
	for _, e := range l.Elems {
		holds, fail := truth(ev.Call(fn, e, at), at)
		switch u := fail.(type) {
		case nil:
			if holds == wanted {
				return Bool(wanted)
			}
		case *Unknown:
			unknown = u
		default:
			if unknown != nil {
				return unknown // the one before may have decided it
			}
			return fail
		}
	}
	if unknown == nil && l.More != nil {
		unknown = l.More.Derive()
	}
	if unknown != nil {
		return unknown
	}
	return Bool(!wanted)
}

func genericClosure(ev *Evaluator, a []*Thunk, at Place) Value {
	arg := ev.Force(a[0])
	start, fail := ev.WantList(Done(ev.Select(arg, "startSet", at)), at)
	if fail != nil {
		return fail
	}
	if len(start.Elems) == 0 && start.More == nil {
		return start
	}
	operator, fail := ev.WantFunction(Done(ev.Select(arg, "operator", at)), at)
	if fail != nil {
		return fail
	}
	var b ListBuilder
	var keys []Value // sorted
	if start.More != nil {
		b.Perhaps(start.More.Derive())
	}
	for work := slices.Clone(start.Elems); len(work) > 0; {
		e := work[0]
		work = work[1:]
		if u := ev.step(); u != nil {
			return u
		}
		key := ev.Select(ev.Force(e), "key", argAt(e, at))
		switch k := key.(type) {
		case *Error:
			return k
		case *Unknown:
			b.Perhaps(k.Derive())
			continue
		}
		i, found, fail := ev.findKey(keys, key, at)
		switch u := fail.(type) {
		case nil:
		case *Unknown:
			b.Perhaps(u)
			continue
		default:
			return fail
		}
		if found {
			continue
		}
		keys = slices.Insert(keys, i, key)
		b.Add(e)
		switch next := ev.Call(operator, e, at).(type) {
		case *List:
			work = append(work, next.Elems...)
			if next.More != nil {
				b.Perhaps(next.More.Derive())
			}
		case *Unknown:
			b.Perhaps(next.Derive())
		default:
			return Mismatch("a list", next, at)
		}
	}
	return b.List()
}

// findKey looks a key up in sorted keys.
func (ev *Evaluator) findKey(keys []Value, key Value, at Place) (i int, found bool, fail Value) {
	lo, hi := 0, len(keys)
	for lo < hi {
		mid := (lo + hi) / 2
		order, fail := ev.order(keys[mid], key, at)
		switch {
		case fail != nil:
			return 0, false, fail
		case order == 0:
			return mid, true, nil
		case order < 0:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	if len(keys) == 0 {
		// A single key must be comparable, too.
		if _, fail := ev.order(key, key, at); fail != nil {
			if _, unknown := fail.(*Unknown); unknown {
				return 0, false, fail
			}
		}
	}
	return lo, false, nil
}
