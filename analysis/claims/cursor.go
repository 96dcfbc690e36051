package claims

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/vfio"
)

// cursor stands at a value inside of a guest's description.
type cursor struct {
	r  *reader
	v  eval.Value
	t  *eval.Thunk
	at eval.Place // the attribute or element that it is the value of
}

// plain is a name without what writers vary: case, dashes, underscores.
func plain(name string) string { return dashes.Replace(strings.ToLower(name)) }

var dashes = strings.NewReplacer("-", "", "_", "")

// in goes to an attribute, by its plain name; a value of null counts as none.
func (c cursor) in(names ...string) (cursor, bool) {
	for _, name := range names {
		a, ok := c.v.(*eval.Attrs)
		if !ok {
			return cursor{}, false
		}
		i := slices.IndexFunc(a.Entries, func(a eval.Attr) bool { return plain(a.Name) == name })
		if i < 0 {
			return cursor{}, false
		}
		c = c.of(a.Entries[i])
	}
	_, null := c.v.(eval.Null)
	return c, !null
}

// first goes to the first of several paths that there is; names in a path are
// separated by dots.
func (c cursor) first(paths ...string) (cursor, bool) {
	for _, p := range paths {
		if x, ok := c.in(strings.Split(p, ".")...); ok {
			return x, true
		}
	}
	return cursor{}, false
}

func (c cursor) of(a eval.Attr) cursor {
	at := a.At
	if !at.IsValid() {
		at = c.at
	}
	return cursor{c.r, c.r.ev.Force(a.Value), a.Value, at}
}

// elements are those of a list, as far as they are known.
func (c cursor) elements() (out []cursor, whole bool) {
	l, ok := c.v.(*eval.List)
	if !ok {
		return nil, false
	}
	for _, e := range l.Elems {
		at := e.At()
		if !at.IsValid() {
			at = c.at
		}
		out = append(out, cursor{c.r, c.r.ev.Force(e), e, at})
	}
	return out, l.More == nil
}

func (c cursor) source() *Source { return c.r.source(c.t, c.v, c.at) }

// as makes a fact of the value if it is of the given type.
func as[T any](c cursor, ok bool, of func(eval.Value) (T, bool)) *vfio.Fact[T] {
	if !ok {
		return nil
	}
	v, ok := of(c.v)
	if !ok {
		return nil
	}
	f := fact(c.r, v, c.source(), false)
	return &f
}

func (c cursor) text(paths ...string) *vfio.Fact[string] {
	x, ok := c.first(paths...)
	return as(x, ok, asText)
}

func (c cursor) number(paths ...string) *vfio.Fact[int] {
	x, ok := c.first(paths...)
	return as(x, ok, asInt)
}

func (c cursor) flag(paths ...string) *vfio.Fact[bool] {
	x, ok := c.first(paths...)
	return as(x, ok, asBool)
}

// off reports whether the value is a set that is switched off.
func (c cursor) off() bool {
	f := c.flag("enable", "enabled")
	return f != nil && !f.Value
}
