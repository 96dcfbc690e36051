package eval

import (
	"cmp"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// lessCode is `a < b`, or its opposite.
type lessCode struct {
	left, right code
	negate      bool
	at          Place
}

// compare compiles a comparison, which Nix takes for a call of __lessThan.
func (c *compiler) compare(name string, left, right parser.Node, negate bool, n parser.Node, s *scope) code {
	var out code
	if fn := c.named(name, s); fn != nil {
		out = &applyCode{fn, []*expr{c.later(left, s), c.later(right, s)}, c.at(n)}
		if negate {
			out = &notCode{out, c.at(n)}
		}
		return out
	}
	return &lessCode{c.expr(left, s), c.expr(right, s), negate, c.at(n)}
}

func (c *lessCode) eval(ev *Evaluator, e *env) Value {
	left := c.left.eval(ev, e)
	if err, ok := left.(*Error); ok {
		return err
	}
	right := c.right.eval(ev, e)
	if err, ok := right.(*Error); ok {
		return err
	}
	v := ev.Less(left, right, c.at)
	if b, ok := v.(Bool); ok {
		return Bool(bool(b) != c.negate)
	}
	return v
}

// Less is `a < b`: a Bool, an *Unknown or an *Error.
func (ev *Evaluator) Less(a, b Value, at Place) Value {
	order, fail := ev.order(a, b, at)
	if fail != nil {
		return fail
	}
	return Bool(order < 0)
}

// order compares two values: below 0 if a is less than b, 0 if neither is less
// than the other, above 0 else. fail is what there is instead.
func (ev *Evaluator) order(a, b Value, at Place) (order int, fail Value) {
	for _, v := range [...]Value{a, b} {
		switch v := v.(type) {
		case *Unknown:
			return 0, v.Derive()
		case *Text:
			return 0, v.Derive()
		case *Error:
			return 0, v
		}
	}
	switch x := a.(type) {
	case Int:
		if y, ok := b.(Int); ok {
			return cmp.Compare(x, y), nil
		}
		if y, ok := b.(Float); ok {
			return floatOrder(Float(x), y), nil
		}
	case Float:
		if y, ok := number(b); ok {
			return floatOrder(x, y), nil
		}
	case String:
		if y, ok := b.(String); ok {
			return strings.Compare(string(x), string(y)), nil
		}
	case Path:
		if y, ok := b.(Path); ok {
			return strings.Compare(string(x), string(y)), nil
		}
	case *List:
		if y, ok := b.(*List); ok {
			return ev.listOrder(x, y, at)
		}
	}
	return 0, &Error{Kind: ErrorType, Message: "cannot compare " + describe(a) + " with " + describe(b), At: at}
}

// floatOrder compares floats; one that is not a number is less than nothing.
func floatOrder(x, y Float) int {
	switch {
	case x < y:
		return -1
	case x == y:
		return 0
	}
	return 1
}

func (ev *Evaluator) listOrder(x, y *List, at Place) (order int, fail Value) {
	out := ev.Nested(func() Value {
		for i := range min(x.lead(), y.lead()) {
			l, r := ev.Force(x.Elems[i]), ev.Force(y.Elems[i])
			switch eq := ev.Equal(l, r).(type) {
			case Bool:
				if !eq {
					order, fail = ev.order(l, r, at)
					return fail
				}
			default:
				return eq
			}
		}
		for _, l := range [...]*List{x, y} {
			if l.More != nil {
				return l.More.Derive()
			}
		}
		order = cmp.Compare(len(x.Elems), len(y.Elems))
		return nil
	})
	return order, out
}

// Equal is `a == b`: a Bool, an *Unknown or an *Error.
func (ev *Evaluator) Equal(a, b Value) Value {
	for _, v := range [...]Value{a, b} {
		if err, ok := v.(*Error); ok {
			return err
		}
	}
	for _, v := range [...]Value{a, b} {
		if u, ok := v.(*Unknown); ok {
			return u.Derive()
		}
	}
	switch x := a.(type) {
	case Int:
		if y, ok := b.(Float); ok {
			return Bool(Float(x) == y)
		}
		return Bool(a == b)
	case Float:
		y, ok := number(b)
		return Bool(ok && x == y)
	case Null, Bool, String, Path:
		if t, ok := b.(*Text); ok && t.IsPath == isPath(a) && (t.IsPath || isString(a)) {
			return t.equal(a)
		}
		return Bool(a == b)
	case *Text:
		if x.IsPath != isPath(b) || !x.IsPath && !isString(b) {
			return Bool(false)
		}
		return x.equal(b)
	case *List:
		if y, ok := b.(*List); ok {
			return ev.Nested(func() Value { return ev.equalLists(x, y) })
		}
	case *Attrs:
		if y, ok := b.(*Attrs); ok {
			return ev.Nested(func() Value { return ev.equalAttrs(x, y) })
		}
	}
	return Bool(false) // functions are never equal
}

// equalThunks compares two values by what they are, and first by whether they
// are one.
func (ev *Evaluator) equalThunks(a, b *Thunk) Value {
	x, y := ev.Force(a), ev.Force(b)
	if a.variable() == b.variable() {
		if err, ok := x.(*Error); ok {
			return err
		}
		return Bool(true)
	}
	if u := ev.step(); u != nil {
		return u
	}
	return ev.Equal(x, y)
}

func (ev *Evaluator) equalLists(x, y *List) Value {
	switch {
	case x.More == nil && y.More == nil && len(x.Elems) != len(y.Elems),
		x.More == nil && len(y.Elems) > len(x.Elems),
		y.More == nil && len(x.Elems) > len(y.Elems):
		return Bool(false)
	}
	var parts comparison
	for i := range min(x.lead(), y.lead()) {
		if out := parts.add(ev.equalThunks(x.Elems[i], y.Elems[i])); out != nil {
			return out
		}
	}
	return parts.verdict(x.More, y.More)
}

func (ev *Evaluator) equalAttrs(x, y *Attrs) Value {
	if ev.isDerivation(x) && ev.isDerivation(y) {
		if a, b := x.Get("outPath"), y.Get("outPath"); a != nil && b != nil {
			return ev.equalThunks(a.Value, b.Value)
		}
	}
	var parts comparison
	for _, pair := range [...][2]*Attrs{{x, y}, {y, x}} {
		for _, e := range pair[0].Entries {
			if pair[1].Get(e.Name) == nil {
				switch v := pair[1].lacks(e.Name).(type) {
				case Bool:
					return Bool(false)
				case *Unknown:
					parts.unknown = v
				}
			}
		}
	}
	for i := range x.Entries {
		b := y.Get(x.Entries[i].Name)
		if b == nil {
			continue
		}
		if out := parts.add(ev.equalThunks(x.Entries[i].Value, b.Value)); out != nil {
			return out
		}
	}
	return parts.verdict(x.Rest, y.Rest)
}

// comparison is what comparing the parts of two values has told so far: that
// none differs, but for one that may.
type comparison struct{ unknown *Unknown }

// add takes in how two parts compare. It returns the result of the whole if
// that is known by now, else nil.
func (c *comparison) add(eq Value) Value {
	switch eq := eq.(type) {
	case Bool:
		if !eq {
			return eq
		}
	case *Unknown:
		c.unknown = eq
	default:
		if c.unknown == nil {
			return eq
		}
	}
	return nil
}

// verdict is the result when all known parts have been compared; rest are the
// parts that are not known, if there are any.
func (c *comparison) verdict(rest ...*Unknown) Value {
	for _, u := range rest {
		if u != nil && c.unknown == nil {
			c.unknown = u.Derive()
		}
	}
	if c.unknown != nil {
		return c.unknown
	}
	return Bool(true)
}

// isDerivation reports whether a set is known to be what builds a package.
func (ev *Evaluator) isDerivation(a *Attrs) bool {
	t := a.Get("type")
	return t != nil && ev.Force(t.Value) == Value(String("derivation"))
}

// equal compares a partly known text: it differs for certain if what is known
// of it does.
func (t *Text) equal(other Value) Value {
	prefix, suffix := t.Prefix(), t.Suffix()
	switch o := other.(type) {
	case String:
		if len(o) < len(prefix)+len(suffix) || !strings.HasPrefix(string(o), prefix) || !strings.HasSuffix(string(o), suffix) {
			return Bool(false)
		}
	case *Text:
		if t.IsPath {
			break // an unknown segment may lead to another folder
		}
		p, s := o.Prefix(), o.Suffix()
		if !strings.HasPrefix(p, prefix) && !strings.HasPrefix(prefix, p) ||
			!strings.HasSuffix(s, suffix) && !strings.HasSuffix(suffix, s) {
			return Bool(false)
		}
	}
	return t.Derive()
}
