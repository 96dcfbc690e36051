package eval

import "slices"

func sortList(ev *Evaluator, a []*Thunk, at Place) Value {
	l, fail := ev.WantList(a[1], at)
	if fail != nil {
		return fail
	}
	if len(l.Elems) == 0 {
		return l
	}
	fn, fail := ev.WantFunction(a[0], at)
	if fail != nil {
		return fail
	}
	native, _ := fn.(*Native)
	var unknown *Unknown
	var failed *Error
	less := func(x, y *Thunk) bool {
		var v Value
		if native != nil && native.Name == "lessThan" && len(native.Args) == 0 {
			v = ev.Less(ev.Force(x), ev.Force(y), at)
		} else {
			v = ev.Apply(fn, at, x, y)
		}
		holds, fail := truth(v, at)
		switch f := fail.(type) {
		case *Unknown:
			unknown = f
		case *Error:
			if failed == nil {
				failed = f
			}
		}
		return holds
	}
	elems := mergeSort(slices.Clone(l.Elems), func(x, y *Thunk) bool {
		return failed == nil && unknown == nil && less(x, y)
	})
	switch {
	case failed != nil:
		return failed
	case unknown != nil:
		// The elements are known, their order is not.
		return &List{Elems: l.Elems, More: Either(&Unknown{Reason: unknown.Reason, Of: unknown, Closed: true}, l.More)}
	case l.More != nil:
		return &List{Elems: elems, More: l.More}
	}
	return &List{Elems: elems}
}

// mergeSort sorts elements, those that are equal staying in order. Unlike the
// functions of package slices it asks for nothing but less, and is content
// with any answers.
func mergeSort(elems []*Thunk, less func(x, y *Thunk) bool) []*Thunk {
	if len(elems) < 2 {
		return elems
	}
	mid := len(elems) / 2
	left, right := mergeSort(elems[:mid], less), mergeSort(elems[mid:], less)
	out := make([]*Thunk, 0, len(elems))
	for len(left) > 0 && len(right) > 0 {
		if less(right[0], left[0]) {
			out, right = append(out, right[0]), right[1:]
		} else {
			out, left = append(out, left[0]), left[1:]
		}
	}
	return append(append(out, left...), right...)
}

func partition(ev *Evaluator, a []*Thunk, at Place) Value {
	l, fail := ev.WantList(a[1], at)
	if fail != nil {
		return fail
	}
	fn, fail := ev.WantFunction(a[0], at)
	if fail != nil {
		return fail
	}
	var right, wrong ListBuilder
	fail = l.Each(func(e *Thunk) Value {
		holds, fail := truth(ev.Call(fn, e, at), at)
		switch u := fail.(type) {
		case nil:
			if holds {
				right.Add(e)
			} else {
				wrong.Add(e)
			}
		case *Unknown:
			right.Maybe(e, u)
			wrong.Maybe(e, u)
		default:
			return fail
		}
		return nil
	}, func(more *Unknown) {
		right.Perhaps(more)
		wrong.Perhaps(more)
	})
	if fail != nil {
		return fail
	}
	return NewAttrs(map[string]Value{"right": right.List(), "wrong": wrong.List()})
}

func groupBy(ev *Evaluator, a []*Thunk, at Place) Value {
	l, fail := ev.WantList(a[1], at)
	if fail != nil {
		return fail
	}
	fn, fail := ev.WantFunction(a[0], at)
	if fail != nil {
		return fail
	}
	groups := make(map[string]Value)
	rest := l.More
	for _, e := range l.Elems {
		name, fail := ev.WantString(Done(ev.Call(fn, e, at)), at)
		switch u := fail.(type) {
		case nil:
			g, ok := groups[name].(*List)
			if !ok {
				g = &List{}
				groups[name] = g
			}
			g.Elems = append(g.Elems, e)
		case *Unknown:
			rest = Either(rest, u)
		default:
			return fail
		}
	}
	if rest != nil {
		rest = rest.Derive()
		for _, g := range groups {
			g.(*List).More = rest
		}
	}
	out := NewAttrs(groups)
	out.Rest = rest
	return out
}
