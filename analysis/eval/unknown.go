package eval

import (
	"slices"
	"strings"
)

// Unknown is a value that cannot be known. It remembers how it came about, so
// that a caller can recognise what it stands for, and so that what is possible
// is not lost.
type Unknown struct {
	// Reason says in a clause why the value is not known.
	Reason string
	// Path names what it stands for, as far as it has a name: the attributes
	// selected from a named unknown such as `inputs`, or, if Func is set, from
	// the result of the call. A file below an unknown folder has a last
	// element that starts with a slash.
	Path []string
	// Func and Args are set for the result of calling an unknown function.
	Func *Unknown
	Args []*Thunk
	// Of is the unknown that this one, which has no name of its own, was
	// computed from; nil if it is the first.
	Of *Unknown
	// Maybe holds values of which it may be one, for example the branches of
	// a condition that is unknown. Some may fail or be unknown themselves.
	Maybe []*Thunk
	// Closed is set if there are no other possibilities than those of Maybe.
	// For the rest of a set or list it means that whatever is in the rest
	// comes from the sets or lists in Maybe, from one of them or several.
	Closed bool
	// Values holds, for the rest of a set, the values of attributes whose
	// names are not known.
	Values []*Thunk
	// Holds reports, for the rest of a set whose names are known by and large, whether it may
	// have one that something else certainly has; nil if it may have any. A name that nothing
	// else has may be in the rest whatever Holds says.
	Holds func(name string) bool
}

// holds reports whether the rest of a set may have a name that something else certainly has.
func (u *Unknown) holds(name string) bool {
	switch {
	case u.Holds != nil:
		return u.Holds(name)
	case !u.isSum() || len(u.Values) > 0:
		return true
	}
	return slices.ContainsFunc(u.Maybe, func(m *Thunk) bool {
		switch v := m.done().(type) {
		case *Unknown:
			return v.holds(name)
		case *Attrs:
			return v.Get(name) != nil || v.Rest != nil && v.Rest.holds(name)
		}
		return true
	})
}

// NewUnknown returns an unknown with a reason and a name to remember.
func NewUnknown(reason string, path ...string) *Unknown { return &Unknown{Reason: reason, Path: path} }

// String names what the unknown stands for, or says why it is unknown.
func (u *Unknown) String() string {
	path := strings.Join(u.Path, ".")
	switch {
	case u.Func != nil:
		f := u.Func.String()
		if u.Func.Func == nil && len(u.Func.Path) == 0 {
			return f
		}
		if path != "" {
			return "(" + f + " …)." + path
		}
		return f + " …"
	case path != "":
		return path
	}
	return u.Reason
}

// Cause returns the unknown that made this one so: itself if it has a name, is
// a call, or was computed from nothing unknown.
func (u *Unknown) Cause() *Unknown {
	for len(u.Path) == 0 && u.Func == nil && u.Of != nil {
		u = u.Of
	}
	return u
}

// Derive returns the result of an operation on an unknown. It has no name.
func (u *Unknown) Derive() *Unknown { return &Unknown{Reason: u.Reason, Of: u} }

// Map is Derive for an operation of which it is known what it makes of each
// value that the unknown may be: f.
func (u *Unknown) Map(f func(ev *Evaluator, v Value) Value) *Unknown {
	out := &Unknown{Reason: u.Reason, Of: u, Closed: u.Closed}
	out.Maybe = deriveAll(u.Maybe, f)
	return out
}

func deriveAll(maybe []*Thunk, f func(ev *Evaluator, v Value) Value) []*Thunk {
	if len(maybe) == 0 {
		return nil
	}
	out := make([]*Thunk, len(maybe))
	for i, m := range maybe {
		out[i] = LaterAt(m, func(ev *Evaluator) Value { return f(ev, ev.Force(m)) })
	}
	return out
}

// Either combines two unknown parts of a set or list; either may be nil.
func Either(a, b *Unknown) *Unknown {
	switch {
	case a == nil || a == b:
		return b
	case b == nil:
		return a
	}
	out := &Unknown{Reason: a.Reason, Of: a, Closed: true}
	for _, u := range [...]*Unknown{a, b} {
		if u.isSum() {
			out.Maybe = append(out.Maybe, u.Maybe...)
		} else {
			out.Maybe = append(out.Maybe, Done(u))
		}
		out.Values = append(out.Values, u.Values...)
	}
	return out
}

// isSum reports whether an unknown is no more than the sum of its
// possibilities.
func (u *Unknown) isSum() bool { return u.Closed && len(u.Path) == 0 && u.Func == nil }

// attr is the attribute of an unknown set.
func (u *Unknown) attr(name string) *Unknown {
	out := &Unknown{Reason: u.Reason, Closed: u.Closed}
	if len(u.Path) > 0 || u.Func != nil {
		out.Path = append(slices.Clip(u.Path), name)
		out.Func, out.Args = u.Func, u.Args
	} else {
		out.Of = u
	}
	out.Maybe = deriveAll(u.Maybe, func(ev *Evaluator, v Value) Value { return ev.Select(v, name, Place{}) })
	return out
}

// attrOfRest is the attribute of the given name in the unknown rest of a set.
// possible is false if there can be none.
func (u *Unknown) attrOfRest(name string) (value *Unknown, possible bool) {
	if len(u.Values) > 0 || !u.Closed {
		out := u.attr(name)
		out.Maybe, out.Closed = nil, false
		for _, m := range u.Maybe {
			if v := attrOfPossible(m, name); v != nil {
				out.Maybe = append(out.Maybe, v)
			}
		}
		out.Maybe = append(out.Maybe, u.Values...)
		return out, true
	}
	out := &Unknown{Reason: u.Reason, Of: u, Closed: true}
	for _, m := range u.Maybe {
		if v := attrOfPossible(m, name); v != nil {
			out.Maybe = append(out.Maybe, v)
		}
	}
	return out, len(out.Maybe) > 0
}

// attrOfPossible is the attribute of a set that may be part of a rest, or nil
// if it certainly has none of that name. A set that has not been evaluated
// yet may have it.
func attrOfPossible(m *Thunk, name string) *Thunk {
	switch v := m.done().(type) {
	case nil:
		return Later(func(ev *Evaluator) Value { return ev.Select(ev.Force(m), name, Place{}) })
	case *Attrs:
		if a := v.Get(name); a != nil {
			return a.Value
		}
		if v.Rest != nil {
			if u, possible := v.Rest.attrOfRest(name); possible {
				return Done(u)
			}
		}
	case *Unknown:
		if u, possible := v.attrOfRest(name); possible {
			return Done(u)
		}
	}
	return nil
}

// call is the result of applying an unknown function.
func (u *Unknown) call(arg *Thunk, at Place) *Unknown {
	out := &Unknown{Reason: u.Reason, Func: u, Args: []*Thunk{arg}, Closed: u.Closed}
	if u.Func != nil && len(u.Path) == 0 {
		out.Func, out.Args = u.Func, append(slices.Clip(u.Args), arg)
	}
	out.Maybe = deriveAll(u.Maybe, func(ev *Evaluator, v Value) Value { return ev.Call(v, arg, at) })
	return out
}
