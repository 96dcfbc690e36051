package eval

import (
	"slices"
	"strings"
)

// Attrs is an attribute set: the attributes that it certainly has, sorted by
// name, and, if Rest is set, what else may be in it. Sets are never changed
// once evaluation has seen them.
type Attrs struct {
	Entries []Attr
	Rest    *Unknown
}

// Attr is one attribute.
type Attr struct {
	Name  string
	Value *Thunk
	At    Place // the name where it is defined; invalid for native sets
}

var emptyAttrs = &Attrs{}

// fewAttrs is the number of attributes up to which looking at each is as quick as halving:
// names are told apart by their lengths, mostly.
const fewAttrs = 8

// Get returns an attribute, or nil if the set is not known to have one of that
// name.
func (a *Attrs) Get(name string) *Attr {
	entries := a.Entries
	if len(entries) <= fewAttrs {
		for i := range entries {
			if entries[i].Name == name {
				return &entries[i]
			}
		}
		return nil
	}
	lo, hi := 0, len(entries)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		switch n := entries[mid].Name; {
		case n == name: // interned or not, equal names are mostly one string
			return &entries[mid]
		case n < name:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return nil
}

// Names returns the names of the attributes that are known.
func (a *Attrs) Names() []string {
	names := make([]string, len(a.Entries))
	for i, e := range a.Entries {
		names[i] = e.Name
	}
	return names
}

// NewAttrs makes a set of native values.
func NewAttrs(values map[string]Value) *Attrs {
	a := &Attrs{Entries: make([]Attr, 0, len(values))}
	for name, v := range values {
		a.Entries = append(a.Entries, Attr{Name: name, Value: Done(v)})
	}
	a.sort()
	return a
}

// SetOf makes a set of attributes in any order. Of those with the same name
// the first counts.
func SetOf(entries ...Attr) *Attrs {
	a := &Attrs{Entries: entries}
	a.sort()
	a.Entries = slices.CompactFunc(a.Entries, func(x, y Attr) bool { return x.Name == y.Name })
	return a
}

func compareAttrs(x, y Attr) int { return strings.Compare(x.Name, y.Name) }

// sort orders the entries by name; those with the same name stay in order.
func (a *Attrs) sort() {
	if !slices.IsSortedFunc(a.Entries, compareAttrs) {
		slices.SortStableFunc(a.Entries, compareAttrs)
	}
}

// Update is `a // b`. What is not known of b may replace what a has.
func Update(a, b *Attrs) *Attrs {
	switch {
	case len(b.Entries) == 0 && b.Rest == nil:
		return a
	case len(a.Entries) == 0 && a.Rest == nil:
		return b
	}
	out := &Attrs{Entries: make([]Attr, 0, len(a.Entries)+len(b.Entries)), Rest: Either(a.Rest, b.Rest)}
	const few = 8
	switch {
	case b.Rest == nil && len(b.Entries) < len(a.Entries)/few:
		out.Entries = insertAttrs(out.Entries, a.Entries, b.Entries, true)
		return out
	case b.Rest == nil && len(a.Entries) < len(b.Entries)/few:
		out.Entries = insertAttrs(out.Entries, b.Entries, a.Entries, false)
		return out
	}
	i, j := 0, 0
	for i < len(a.Entries) && j < len(b.Entries) {
		switch x, y := &a.Entries[i], &b.Entries[j]; {
		case x.Name == y.Name:
			out.Entries = append(out.Entries, *y)
			i++
			j++
		case x.Name < y.Name:
			out.Entries = append(out.Entries, b.shadow(x))
			i++
		default:
			out.Entries = append(out.Entries, *y)
			j++
		}
	}
	for ; i < len(a.Entries); i++ {
		out.Entries = append(out.Entries, b.shadow(&a.Entries[i]))
	}
	out.Entries = append(out.Entries, b.Entries[j:]...)
	return out
}

// insertAttrs appends the attributes of two sets, of which one has few. Those
// in between are copied as one. Of two with the same name that of the few is
// taken if they win.
func insertAttrs(out, many, few []Attr, win bool) []Attr {
	for _, x := range few {
		i, found := slices.BinarySearchFunc(many, x.Name, func(a Attr, name string) int { return strings.Compare(a.Name, name) })
		out = append(out, many[:i]...)
		many = many[i:]
		switch {
		case !found:
			out = append(out, x)
		case win:
			out = append(out, x)
			many = many[1:]
		}
	}
	return append(out, many...)
}

// shadow returns the attribute x of a set that b, which is not known to have
// one of that name, is put over.
func (b *Attrs) shadow(x *Attr) Attr {
	if b.Rest == nil || !b.Rest.holds(x.Name) {
		return *x
	}
	over, possible := b.Rest.attrOfRest(x.Name)
	if !possible {
		return *x
	}
	u := &Unknown{Reason: b.Rest.Reason, Of: b.Rest, Maybe: []*Thunk{Done(over), x.Value}, Closed: true}
	return Attr{x.Name, Done(u), x.At}
}

// Without returns the set without some attributes.
func (a *Attrs) Without(names ...string) *Attrs {
	if a.Rest == nil && !slices.ContainsFunc(names, func(n string) bool { return a.Get(n) != nil }) {
		return a
	}
	slices.Sort(names)
	out := &Attrs{Entries: make([]Attr, 0, len(a.Entries)), Rest: a.Rest}
	for _, e := range a.Entries {
		if _, found := slices.BinarySearch(names, e.Name); !found {
			out.Entries = append(out.Entries, e)
		}
	}
	return out
}
