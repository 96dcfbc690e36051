package eval

import "unsafe"

type listCode struct {
	elems []*expr
	more  *Unknown // what the text does not say, if it is not complete
}

const (
	thunkSize = int(unsafe.Sizeof(Thunk{}))
	attrSize  = int(unsafe.Sizeof(Attr{}))
	wordSize  = int(unsafe.Sizeof(uintptr(0)))
)

func (c *listCode) eval(ev *Evaluator, e *env) Value {
	if len(c.elems) == 0 && c.more == nil {
		return emptyList
	}
	ev.bytes += len(c.elems) * (thunkSize + wordSize)
	l := &List{Elems: make([]*Thunk, len(c.elems)), More: c.more}
	for i, x := range c.elems {
		l.Elems[i] = x.own(e)
	}
	return l
}

// bind makes the thunks of the attributes and hands each to put, which is
// called in the order of names. It returns the scope that the bindings see.
func (c *setCode) bind(ev *Evaluator, e *env, put func(i int, t *Thunk)) *env {
	inner := e
	if c.rec {
		inner = newEnv(len(c.attrs), e)
	}
	var froms *env
	if len(c.froms) > 0 {
		froms = newEnv(len(c.froms), inner)
		for i, x := range c.froms {
			froms.slots[i] = x.own(inner)
		}
	}
	n := c.fresh
	var slots []sharedSlot
	if c.shared > 0 && ev.shares {
		n -= c.shared
		slots = ev.slots(c.file)
	}
	fresh := make([]Thunk, n)
	ev.bytes += len(c.attrs)*(attrSize+wordSize) + len(fresh)*thunkSize
	for i := range c.attrs {
		a := &c.attrs[i]
		at := inner
		switch a.kind {
		case attrInherited:
			at = e
		case attrFrom:
			at = froms
		}
		var t *Thunk
		if a.shared != nil && slots != nil {
			t = a.shared.of(&slots[a.shared.slot], a.value, at)
		} else if a.value.simple && !a.isAlias(c.rec) {
			t = a.value.thunk(ev, at)
		} else {
			t, fresh = &fresh[0], fresh[1:]
			t.expr, t.env = a.value, at
		}
		if c.rec {
			inner.slots[i] = t
		}
		if put != nil {
			put(i, t)
		}
	}
	return inner
}

func (c *setCode) eval(ev *Evaluator, e *env) Value {
	if len(c.attrs) == 0 && len(c.dynamic) == 0 && c.rest == nil {
		return emptyAttrs
	}
	out := &Attrs{Entries: make([]Attr, len(c.attrs), len(c.attrs)+len(c.dynamic)), Rest: c.rest}
	inner := c.bind(ev, e, func(i int, t *Thunk) {
		out.Entries[i] = Attr{c.attrs[i].name, t, c.attrs[i].at}
	})
	if c.overrides {
		if v := c.override(ev, out, inner); v != nil {
			return v
		}
	}
	for i := range c.dynamic {
		if err := c.dynamic[i].add(ev, out, inner); err != nil {
			return err
		}
	}
	if len(c.dynamic) > 0 {
		out.sort()
		for i := 1; i < len(out.Entries); i++ {
			if a := &out.Entries[i]; a.Name == out.Entries[i-1].Name {
				return &Error{Kind: ErrorOther, Message: "attribute `" + a.Name + "` is defined twice", Attr: a.Name, At: a.At}
			}
		}
	}
	return out
}

// override replaces attributes of a recursive set, and what the others see of
// them, by those of its attribute __overrides.
func (c *setCode) override(ev *Evaluator, out *Attrs, inner *env) Value {
	over, fail := ev.WantAttrs(out.Get("__overrides").Value, Place{})
	if u, ok := fail.(*Unknown); ok {
		over = &Attrs{Rest: u}
	} else if fail != nil {
		return fail
	}
	for i := range out.Entries { // in the order of the slots
		if o := over.Get(out.Entries[i].Name); o != nil {
			inner.slots[i] = o.Value
		} else {
			inner.slots[i] = over.shadow(&out.Entries[i]).Value
		}
	}
	*out = *Update(out, over)
	return nil
}

// add adds an attribute whose name is computed. One whose name is null is left
// out; one whose name is not known may be any.
func (d *dynamicCode) add(ev *Evaluator, out *Attrs, e *env) Value {
	name, fail := ev.attrName(d.name, e)
	switch v := fail.(type) {
	case nil:
		out.Entries = append(out.Entries, Attr{name, d.value.thunk(ev, e), d.name.at})
	case Null:
	case *Unknown:
		out.Rest = Either(out.Rest, &Unknown{
			Reason: v.Reason, Of: v, Closed: true, Values: []*Thunk{d.value.own(e)},
		})
	default:
		return fail
	}
	return nil
}

// attrName computes an attribute name. The second result is nil if there is
// one; else it is what there is instead: null, an unknown or an error.
func (ev *Evaluator) attrName(n nameCode, e *env) (string, Value) {
	if n.code == nil {
		return n.name, nil
	}
	switch v := n.code.eval(ev, e).(type) {
	case String:
		return string(v), nil
	case Null:
		return "", v
	case *Text:
		if v.IsPath {
			return "", Mismatch("a string for the name of an attribute", v, n.at)
		}
		return "", v.Derive()
	case *Attrs:
		// Nix takes a set that makes a string for a name, too.
		s, fail := ev.coerced(v, n.at)
		return s, fail
	default:
		return "", Mismatch("a string for the name of an attribute", v, n.at)
	}
}

type letCode struct {
	set  *setCode
	body *expr
}

func (c *letCode) eval(ev *Evaluator, e *env) Value {
	return c.body.run(ev, c.set.bind(ev, e, nil))
}
