package eval

import (
	"slices"
	"strings"
)

var attrBuiltins = map[string]builtin{
	"attrNames": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
		return ev.listOf(a[0], at, func(e Attr) *Thunk { return Done(String(e.Name)) })
	}},
	"attrValues": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
		return ev.listOf(a[0], at, func(e Attr) *Thunk { return e.Value })
	}},
	"hasAttr": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
		name, fail := ev.WantString(a[0], at)
		if fail != nil {
			return fail
		}
		set, fail := ev.WantAttrs(a[1], at)
		if fail != nil {
			return fail
		}
		if set.Get(name) != nil {
			return Bool(true)
		}
		return set.lacks(name)
	}},
	"getAttr": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
		name, fail := ev.WantString(a[0], at)
		if fail != nil {
			return fail
		}
		return ev.Select(ev.Force(a[1]), name, at)
	}},
	"mapAttrs":       {2, mapAttrs},
	"removeAttrs":    {2, removeAttrs},
	"listToAttrs":    {1, listToAttrs},
	"intersectAttrs": {2, intersectAttrs},
	"catAttrs":       {2, catAttrs},
	"functionArgs":   {1, functionArgs},
	"zipAttrsWith":   {2, zipAttrsWith},
	"unsafeGetAttrPos": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
		name, fail := ev.WantString(a[0], at)
		if fail != nil {
			return fail
		}
		set, fail := ev.WantAttrs(a[1], at)
		if fail != nil {
			return fail
		}
		x := set.Get(name)
		switch {
		case x == nil && set.Rest != nil:
			return set.Rest.Derive()
		case x == nil || !x.At.IsValid():
			return Null{}
		}
		ev.positions = true
		return positionOf(x.At)
	}},
}

// positionOf is a place as Nix code sees it: with line and column from 1, the
// column in bytes.
func positionOf(at Place) Value {
	line, col := at.File.Tree.Lines().Position(at.Span().Start)
	return NewAttrs(map[string]Value{
		"file": String(at.File.Path), "line": Int(line + 1), "column": Int(col + 1),
	})
}

// listOf makes a list of the attributes of a set.
func (ev *Evaluator) listOf(set *Thunk, at Place, elem func(Attr) *Thunk) Value {
	a, fail := ev.WantAttrs(set, at)
	if fail != nil {
		if u, ok := ev.Force(set).(*Unknown); ok {
			return u.Map(func(ev *Evaluator, v Value) Value { return ev.listOf(Done(v), at, elem) })
		}
		return fail
	}
	if u := ev.Reserve(len(a.Entries) * (wordSize + thunkSize)); u != nil {
		return u
	}
	l := &List{Elems: make([]*Thunk, len(a.Entries))}
	for i, e := range a.Entries {
		l.Elems[i] = elem(e)
	}
	if a.Rest != nil {
		l.More = a.Rest.Map(func(ev *Evaluator, v Value) Value { return ev.listOf(Done(v), at, elem) })
		for _, v := range a.Rest.Values {
			x := elem(Attr{Value: v})
			if x != v { // the name is not known
				x = Done(&Unknown{Reason: a.Rest.Reason, Of: a.Rest})
			}
			l.More.Maybe = append(l.More.Maybe, Done(&List{Elems: []*Thunk{x}}))
		}
	}
	return l
}

func mapAttrs(ev *Evaluator, a []*Thunk, at Place) Value {
	set, fail := ev.WantAttrs(a[1], at)
	if fail != nil {
		if u, ok := ev.Force(a[1]).(*Unknown); ok {
			return mapRest(u, a[0], at)
		}
		return fail
	}
	if u := ev.Reserve(len(set.Entries) * (attrSize + 3*thunkSize)); u != nil {
		return u
	}
	out := &Attrs{Entries: make([]Attr, len(set.Entries))}
	names := make([]Thunk, len(set.Entries))
	thunks := lateCalls(len(set.Entries), a[0], at, func(i int, args *[2]*Thunk) *Thunk {
		e := &set.Entries[i]
		names[i] = Thunk{value: String(e.Name), state: done}
		*args = [2]*Thunk{&names[i], e.Value}
		return e.Value
	})
	for i, e := range set.Entries {
		out.Entries[i] = Attr{e.Name, &thunks[i], e.At}
	}
	if set.Rest != nil {
		out.Rest = mapRest(set.Rest, a[0], at)
	}
	return out
}

// mapRest applies a function to the names and values of an unknown set.
func mapRest(u *Unknown, fn *Thunk, at Place) *Unknown {
	out := u.Map(func(ev *Evaluator, v Value) Value { return mapAttrs(ev, []*Thunk{fn, Done(v)}, at) })
	for _, v := range u.Values {
		name := Done(&Unknown{Reason: u.Reason, Of: u})
		out.Values = append(out.Values, LaterCall(v, fn, at, name, v))
	}
	return out
}

func removeAttrs(ev *Evaluator, a []*Thunk, at Place) Value {
	set, fail := ev.WantAttrs(a[0], at)
	if fail != nil {
		if u, ok := ev.Force(a[0]).(*Unknown); ok && len(u.Path) > 0 {
			// What is left of inputs are still inputs.
			set = &Attrs{Rest: u}
		} else {
			return fail
		}
	}
	l, fail := ev.WantList(a[1], at)
	if fail != nil {
		return fail
	}
	if l.More != nil {
		return &Attrs{Rest: &Unknown{Reason: l.More.Reason, Of: l.More, Maybe: []*Thunk{Done(set)}, Closed: true}}
	}
	names, fail := ev.WantStrings(a[1], at)
	if fail != nil {
		return fail
	}
	if set.Rest == nil {
		return set.Without(names...)
	}
	out := set.Without(names...)
	rest := set.Rest
	if rest.Closed && rest.isSum() {
		rest = rest.Map(func(ev *Evaluator, v Value) Value { return removeAttrs(ev, []*Thunk{Done(v), a[1]}, at) })
		rest.Values = set.Rest.Values
	}
	out.Rest = rest
	return out
}

func listToAttrs(ev *Evaluator, a []*Thunk, at Place) Value {
	l, fail := ev.WantList(a[0], at)
	if fail != nil {
		if u, ok := ev.Force(a[0]).(*Unknown); ok {
			return u.Map(func(ev *Evaluator, v Value) Value { return listToAttrs(ev, []*Thunk{Done(v)}, at) })
		}
		return fail
	}
	if u := ev.Reserve(len(l.Elems) * attrSize); u != nil {
		return u
	}
	out := &Attrs{Entries: make([]Attr, 0, len(l.Elems))}
	if l.More != nil {
		out.Rest = l.More.Map(func(ev *Evaluator, v Value) Value { return listToAttrs(ev, []*Thunk{Done(v)}, at) })
	}
	for _, e := range l.Elems {
		pair, fail := ev.WantAttrs(e, at)
		switch u := fail.(type) {
		case nil:
		case *Unknown:
			out.Rest = Either(out.Rest, u)
			continue
		default:
			return fail
		}
		name := pair.Get("name")
		if name == nil {
			if v, ok := ev.Select(pair, "name", at).(*Unknown); ok {
				out.Rest = Either(out.Rest, v.Derive())
				continue
			}
			return ev.Select(pair, "name", argAt(e, at))
		}
		var x Attr
		if v := pair.Get("value"); v != nil {
			x.Value, x.At = v.Value, v.At
		} else if pair.Rest == nil {
			return ev.Select(pair, "value", argAt(e, at))
		} else {
			x.Value = Later(func(ev *Evaluator) Value { return ev.Select(pair, "value", argAt(e, at)) })
		}
		s, fail := ev.WantString(name.Value, at)
		switch u := fail.(type) {
		case nil:
			x.Name = s
			out.Entries = append(out.Entries, x)
		case *Unknown:
			out.Rest = Either(out.Rest, &Unknown{Reason: u.Reason, Of: u, Closed: true, Values: []*Thunk{x.Value}})
		default:
			return fail
		}
	}
	out.sort()
	// Of attributes with the same name the first counts.
	out.Entries = slices.CompactFunc(out.Entries, func(x, y Attr) bool { return x.Name == y.Name })
	return out
}

func intersectAttrs(ev *Evaluator, a []*Thunk, at Place) Value {
	left, fail := ev.WantAttrs(a[0], at)
	if fail != nil {
		return fail
	}
	right, fail := ev.WantAttrs(a[1], at)
	if fail != nil {
		return fail
	}
	out := &Attrs{}
	for _, e := range right.Entries {
		if left.Get(e.Name) != nil {
			out.Entries = append(out.Entries, e)
			continue
		}
		if u, ok := left.lacks(e.Name).(*Unknown); ok {
			out.Rest = Either(out.Rest, &Unknown{
				Reason: u.Reason, Of: u, Closed: true, Maybe: []*Thunk{Done(&Attrs{Entries: []Attr{e}})},
			})
		}
	}
	if right.Rest != nil {
		if left.Rest != nil {
			out.Rest = Either(out.Rest, right.Rest)
		} else {
			for _, e := range left.Entries {
				if u, possible := right.Rest.attrOfRest(e.Name); possible && right.Get(e.Name) == nil {
					out.Rest = Either(out.Rest, &Unknown{
						Reason: u.Reason, Of: u, Closed: true,
						Maybe: []*Thunk{Done(&Attrs{Entries: []Attr{{Name: e.Name, Value: Done(u)}}})},
					})
				}
			}
		}
	}
	return out
}

func catAttrs(ev *Evaluator, a []*Thunk, at Place) Value {
	name, fail := ev.WantString(a[0], at)
	if fail != nil {
		return fail
	}
	l, fail := ev.WantList(a[1], at)
	if fail != nil {
		return fail
	}
	var b ListBuilder
	for _, e := range l.Elems {
		set, fail := ev.WantAttrs(e, at)
		switch u := fail.(type) {
		case nil:
		case *Unknown:
			b.Perhaps(u)
			continue
		default:
			return fail
		}
		if v := set.Get(name); v != nil {
			b.Add(v.Value)
		} else if u, ok := set.lacks(name).(*Unknown); ok {
			b.Perhaps(u)
		}
	}
	if l.More != nil {
		b.Perhaps(l.More.Map(func(ev *Evaluator, v Value) Value { return catAttrs(ev, []*Thunk{a[0], Done(v)}, at) }))
	}
	return b.List()
}

func functionArgs(ev *Evaluator, a []*Thunk, at Place) Value {
	switch f := ev.Force(a[0]).(type) {
	case *Lambda:
		out := &Attrs{Entries: make([]Attr, len(f.code.formals))}
		for i, x := range f.code.formals {
			out.Entries[i] = Attr{x.name, Done(Bool(x.fallback != nil)), x.at}
		}
		return out
	case *Native:
		return emptyAttrs
	default:
		return Mismatch("a function", f, argAt(a[0], at))
	}
}

func zipAttrsWith(ev *Evaluator, a []*Thunk, at Place) Value {
	l, fail := ev.WantList(a[1], at)
	if fail != nil {
		return fail
	}
	values := make(map[string]*ListBuilder)
	var names []string
	var rest *Unknown
	for _, e := range l.Elems {
		set, fail := ev.WantAttrs(e, at)
		switch u := fail.(type) {
		case nil:
		case *Unknown:
			rest = Either(rest, u)
			continue
		default:
			return fail
		}
		rest = Either(rest, set.Rest)
		for _, x := range set.Entries {
			b := values[x.Name]
			if b == nil {
				b = new(ListBuilder)
				values[x.Name] = b
				names = append(names, x.Name)
			}
			b.Add(x.Value)
		}
	}
	rest = Either(rest, l.More)
	if parts := rest; rest != nil {
		rest = rest.Derive()
		rest.Holds = parts.holds
	}
	slices.Sort(names)
	out := &Attrs{Entries: make([]Attr, len(names)), Rest: rest}
	for i, name := range names {
		list := values[name].List()
		if rest != nil && rest.holds(name) {
			list.More, list.Lead = rest, 0
		}
		out.Entries[i] = Attr{Name: name, Value: LaterCall(list.Elems[0], a[0], at, Done(String(name)), Done(list))}
	}
	return out
}

// AttrPathString writes names joined by dots, those quoted that must be.
func AttrPathString(names []string) string {
	var b strings.Builder
	for i, n := range names {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(attrText(n))
	}
	return b.String()
}
