package eval

import "slices"

// List is a list. If More is set there may be further elements, which stand at
// any place from index Lead on.
type List struct {
	Elems []*Thunk
	More  *Unknown
	Lead  int // meaningful if More is set
}

var emptyList = &List{}

// NewList makes a list of values.
func NewList(values ...Value) *List {
	l := &List{Elems: make([]*Thunk, len(values))}
	for i, v := range values {
		l.Elems[i] = Done(v)
	}
	return l
}

// lead returns the number of elements whose index is known.
func (l *List) lead() int {
	if l.More == nil {
		return len(l.Elems)
	}
	return l.Lead
}

// Each calls elem for the elements in order, until it returns something, and
// more where others may stand.
func (l *List) Each(elem func(e *Thunk) Value, more func(u *Unknown)) Value {
	lead := l.lead()
	for i, e := range l.Elems {
		if i == lead {
			more(l.More)
		}
		if v := elem(e); v != nil {
			return v
		}
	}
	if l.More != nil && lead == len(l.Elems) {
		more(l.More)
	}
	return nil
}

// Concat is `a ++ b` of two values, each of which should be a list.
func Concat(a, b Value, at Place) Value {
	var l, r *List
	switch v := a.(type) {
	case *List:
		l = v
	case *Unknown:
		l = &List{More: v}
	default:
		return Mismatch("a list", a, at)
	}
	switch v := b.(type) {
	case *List:
		r = v
	case *Unknown:
		r = &List{More: v}
	default:
		return Mismatch("a list", b, at)
	}
	switch {
	case len(r.Elems) == 0 && r.More == nil:
		return a
	case len(l.Elems) == 0 && l.More == nil:
		return b
	}
	out := &List{Elems: slices.Concat(l.Elems, r.Elems), More: Either(l.More, r.More), Lead: l.lead()}
	if l.More == nil {
		out.Lead += r.lead()
	}
	return out
}

// ListBuilder collects the elements of a list, some of which may be unknown. The
// zero builder is empty.
type ListBuilder struct{ list List }

// Add adds an element.
func (b *ListBuilder) Add(t *Thunk) {
	if b.list.More == nil {
		b.list.Lead++
	}
	b.list.Elems = append(b.list.Elems, t)
}

// Perhaps adds something unknown: there may be any elements in its place.
func (b *ListBuilder) Perhaps(u *Unknown) { b.list.More = Either(b.list.More, u) }

// Maybe adds an element of which it is not known whether it is there.
func (b *ListBuilder) Maybe(t *Thunk, why *Unknown) {
	b.Perhaps(&Unknown{Reason: why.Reason, Of: why, Maybe: []*Thunk{Done(&List{Elems: []*Thunk{t}})}, Closed: true})
}

// Splice adds all elements of a list.
func (b *ListBuilder) Splice(l *List) {
	if b.list.More == nil {
		b.list.Lead += l.lead()
	}
	b.list.Elems = append(b.list.Elems, l.Elems...)
	b.list.More = Either(b.list.More, l.More)
}

// List returns the list.
func (b *ListBuilder) List() *List { return &b.list }
