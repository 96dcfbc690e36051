package eval

import "slices"

type constant struct{ thunk Thunk }

func constantOf(v Value) *constant { return &constant{Thunk{value: v, state: done}} }

func (c *constant) eval(*Evaluator, *env) Value { return c.thunk.value }

// local is a variable of a let, rec or function.
type local struct{ up, index int }

func (c *local) slot(e *env) *Thunk { return e.up(c.up).slots[c.index] }

func (c *local) eval(ev *Evaluator, e *env) Value { return ev.Force(c.slot(e)) }

func (c *local) target(_ *Evaluator, e *env) (*Thunk, Value) { return c.slot(e), nil }

// global is a name that is always in scope.
type global struct{ index int } // in globalNames

func (c *global) eval(ev *Evaluator, _ *env) Value { return ev.Force(ev.globals[c.index]) }

// withVariable is a variable that nothing binds but, perhaps, a with.
type withVariable struct {
	name    string
	withs   []int // how many envs up the namespaces are, innermost first
	missing *Unknown
	at      Place
}

func (c *withVariable) eval(ev *Evaluator, e *env) Value { return forceTarget(ev, e, c) }

func (c *withVariable) target(ev *Evaluator, e *env) (*Thunk, Value) {
	var set *Attrs
	var unlikely *Unknown // what a set gives that has the name only if none further out has
	for i, up := range c.withs {
		switch ns := ev.Force(e.up(up).slots[0]).(type) {
		case *Attrs:
			if a := ns.Get(c.name); a != nil {
				if a.Value.mark != 0 {
					ev.take(a.Value.mark, c.at)
				}
				return a.Value, nil
			}
			if ns.Rest != nil {
				if u, possible := ns.Rest.attrOfRest(c.name); possible && ns.Rest.holds(c.name) {
					return nil, c.orOuter(u, i, e)
				} else if possible && unlikely == nil {
					unlikely = u
				}
			}
			set = ns
		case *Unknown:
			return nil, c.orOuter(ns.attr(c.name), i, e)
		case *Error:
			return nil, ns
		default:
			return nil, Mismatch("a set", ns, c.at)
		}
	}
	if unlikely != nil {
		return nil, unlikely
	}
	if c.missing != nil {
		return nil, c.missing
	}
	if len(c.withs) == 1 {
		return nil, missingAttr(c.name, set, c.at)
	}
	return nil, &Error{Kind: ErrorUndefined, Message: "undefined variable `" + c.name + "`", Attr: c.name, At: c.at}
}

// orOuter adds to the unknown attribute of the i-th namespace what the name
// means if there is no such attribute: that of a namespace further out.
func (c *withVariable) orOuter(u *Unknown, i int, e *env) *Unknown {
	for i++; i < len(c.withs); i++ {
		switch ns := e.up(c.withs[i]).slots[0].done().(type) {
		case *Attrs:
			if a := ns.Get(c.name); a != nil {
				u.Maybe = append(u.Maybe, a.Value)
				return u
			}
			if ns.Rest == nil {
				continue
			}
		case *Error:
			return u
		}
		outer := &withVariable{c.name, c.withs[i:], c.missing, c.at}
		u.Maybe = append(u.Maybe, &Thunk{expr: newExpr(c.at, outer, 1), env: e})
		return u
	}
	return u
}

func forceTarget(ev *Evaluator, e *env, r reference) Value {
	t, v := r.target(ev, e)
	if t != nil {
		return ev.Force(t)
	}
	return v
}

// textCode is a string with interpolations.
type textCode struct {
	parts []textPart
	size  int // about as long the text will be
}

// newTextCode makes the code of a string.
func newTextCode(parts []textPart) *textCode {
	const unknown = 16 // bytes, of a part that is computed
	c := &textCode{parts: parts}
	for _, p := range parts {
		c.size += len(p.text)
		if p.code != nil {
			c.size += unknown
		}
	}
	return c
}

type textPart struct {
	text string
	code code // nil for literal text
	at   Place
}

func (c *textCode) eval(ev *Evaluator, e *env) Value {
	b := TextBuilder{text: make([]byte, 0, c.size)}
	if fail := b.parts(ev, e, c.parts, true); fail != nil {
		return fail
	}
	return b.Value()
}

func (b *TextBuilder) parts(ev *Evaluator, e *env, parts []textPart, copied bool) Value {
	for i := range parts {
		p := &parts[i]
		if p.code == nil {
			b.Known(p.text)
		} else if err := b.Add(ev.coerce(p.code.eval(ev, e), p.at, copied)); err != nil {
			return err
		}
	}
	if u := ev.Reserve(len(b.text)); u != nil {
		return u
	}
	return nil
}

// pathCode is a path with interpolations.
type pathCode struct {
	parts []textPart
	dir   string
}

func (c *pathCode) eval(ev *Evaluator, e *env) Value {
	var b TextBuilder
	if fail := b.parts(ev, e, c.parts, false); fail != nil {
		return fail
	}
	return b.Path(c.dir)
}

type selectCode struct {
	expr code
	path []nameCode
	or   *expr // nil if there is none
	at   Place
}

func (c *selectCode) eval(ev *Evaluator, e *env) Value { return forceTarget(ev, e, c) }

func (c *selectCode) target(ev *Evaluator, e *env) (*Thunk, Value) {
	v := c.expr.eval(ev, e)
	var t *Thunk
	for i := range c.path {
		n := &c.path[i]
		if t != nil {
			v = ev.Force(t)
		}
		name, fail := ev.attrName(*n, e)
		if fail != nil {
			return nil, Mismatch("a string for the name of an attribute", fail, n.at)
		}
		if s, ok := v.(*Attrs); ok {
			if a := s.Get(name); a != nil {
				if t = a.Value; t.mark != 0 {
					ev.take(t.mark, n.at)
				}
				continue
			}
		}
		t = nil
		if c.or == nil {
			v = ev.Select(v, name, n.at)
			continue
		}
		switch s := v.(type) {
		case *Attrs:
			if s.Rest != nil {
				if u, possible := s.Rest.attrOfRest(name); possible {
					return nil, c.orDefault(ev, u, e, c.path[i+1:])
				}
			}
		case *Unknown:
			return nil, c.orDefault(ev, s.attr(name), e, c.path[i+1:])
		case *Error:
			return nil, s
		}
		return nil, c.or.run(ev, e)
	}
	return t, v
}

// orDefault is what may be the selection of further names from an unknown, and
// else is the default.
func (c *selectCode) orDefault(ev *Evaluator, u *Unknown, e *env, path []nameCode) Value {
	for i := range path {
		name, fail := ev.attrName(path[i], e)
		if fail != nil {
			return Mismatch("a string for the name of an attribute", fail, path[i].at)
		}
		u = u.attr(name)
	}
	return &Unknown{Reason: u.Reason, Of: u, Maybe: []*Thunk{Done(u), c.or.own(e)}, Closed: true}
}

type hasAttrCode struct {
	expr code
	path []nameCode
}

func (c *hasAttrCode) eval(ev *Evaluator, e *env) Value {
	v := c.expr.eval(ev, e)
	for i := range c.path {
		name, fail := ev.attrName(c.path[i], e)
		if fail != nil {
			return Mismatch("a string for the name of an attribute", fail, c.path[i].at)
		}
		set, ok := v.(*Attrs)
		if !ok {
			switch v := v.(type) {
			case *Unknown:
				return v.Derive()
			case *Error:
				return v
			}
			return Bool(false)
		}
		a := set.Get(name)
		if a == nil {
			return set.lacks(name)
		}
		if a.Value.mark != 0 {
			ev.take(a.Value.mark, c.path[i].at)
		}
		if i < len(c.path)-1 {
			v = ev.Force(a.Value)
		}
	}
	return Bool(true)
}

// lacks is `set ? name` for a name that is not among the known attributes.
func (a *Attrs) lacks(name string) Value {
	if a.Rest != nil {
		if u, possible := a.Rest.attrOfRest(name); possible {
			return u.Derive()
		}
	}
	return Bool(false)
}

type applyCode struct {
	fn   code
	args []*expr
	at   Place
}

func (c *applyCode) eval(ev *Evaluator, e *env) Value {
	v := c.fn.eval(ev, e)
	for i := 0; i < len(c.args); i++ {
		// A native that gets all its arguments at once needs no partial
		// application in between.
		if n, ok := v.(*Native); ok && len(n.Args) == 0 && n.Arity <= len(c.args)-i {
			args := make([]*Thunk, n.Arity)
			for j := range args {
				args[j] = c.args[i+j].thunk(ev, e)
			}
			v = ev.callNative(n, args, c.at)
			i += n.Arity - 1
			continue
		}
		v = ev.Call(v, c.args[i].thunk(ev, e), c.at)
	}
	return v
}

func (c *lambdaCode) eval(_ *Evaluator, e *env) Value { return &Lambda{c, e} }

// paramEnv is an env with a slot for a single parameter.
type paramEnv struct {
	env
	slot [1]*Thunk
}

func (l *Lambda) call(ev *Evaluator, arg *Thunk, at Place) Value {
	c := l.code
	if !c.pattern {
		p := &paramEnv{slot: [1]*Thunk{arg}}
		p.slots, p.parent = p.slot[:], l.env
		return c.body.run(ev, &p.env)
	}
	var set *Attrs
	switch v := ev.Force(arg).(type) {
	case *Attrs:
		set = v
	case *Unknown:
		set = &Attrs{Rest: v}
	case *Error:
		return v
	default:
		return Mismatch("a set as the function's argument", v, at)
	}
	inner := newEnv(len(c.formals)+1, l.env)
	inner.slots[len(c.formals)] = arg
	taken := 0
	rest := set.Entries // both are in the order of their names
	for i := range c.formals {
		f := &c.formals[i]
		for len(rest) > 0 && rest[0].Name < f.name {
			rest = rest[1:]
		}
		if len(rest) > 0 && rest[0].Name == f.name {
			inner.slots[i] = rest[0].Value
			if mark := rest[0].Value.mark; mark != 0 {
				ev.take(mark, f.at)
			}
			rest = rest[1:]
			taken++
			continue
		}
		t, err := l.absent(f, set, inner, at)
		if err != nil {
			return err
		}
		inner.slots[i] = t
	}
	if !c.ellipsis && taken < len(set.Entries) {
		for _, a := range set.Entries {
			if !slices.ContainsFunc(c.formals, func(f formalCode) bool { return f.name == a.Name }) {
				return &Error{
					Kind: ErrorArgument, Message: "the function is called with the argument `" + a.Name + "`, which it does not take",
					Attr: a.Name, Set: set, At: at,
				}
			}
		}
	}
	return c.body.run(ev, inner)
}

// absent is the value of a formal that the argument is not known to have.
func (l *Lambda) absent(f *formalCode, set *Attrs, inner *env, at Place) (*Thunk, *Error) {
	if set.Rest != nil {
		u, possible := set.Rest.attrOfRest(f.name)
		switch {
		case possible && f.fallback != nil:
			return Done(&Unknown{Reason: u.Reason, Of: u, Maybe: []*Thunk{Done(u), f.fallback.own(inner)}, Closed: true}), nil
		case possible:
			return Done(u), nil
		}
	}
	if f.fallback != nil {
		return f.fallback.own(inner), nil
	}
	return nil, &Error{
		Kind: ErrorArgument, Message: "the function is called without its argument `" + f.name + "`",
		Attr: f.name, Set: set, At: at,
	}
}

// truth tells whether a condition holds. fail is what the whole expression is
// if that is not known.
func truth(v Value, at Place) (holds bool, fail Value) {
	if b, ok := v.(Bool); ok {
		return bool(b), nil
	}
	return false, Mismatch("a Boolean", v, at)
}

type ifCode struct {
	cond            code
	then, otherwise *expr
	at              Place
}

func (c *ifCode) eval(ev *Evaluator, e *env) Value {
	holds, fail := truth(c.cond.eval(ev, e), c.at)
	if fail != nil {
		if u, ok := fail.(*Unknown); ok {
			u.Maybe, u.Closed = []*Thunk{c.then.own(e), c.otherwise.own(e)}, true
		}
		return fail
	}
	if holds {
		return c.then.run(ev, e)
	}
	return c.otherwise.run(ev, e)
}

type withCode struct{ namespace, body *expr }

func (c *withCode) eval(ev *Evaluator, e *env) Value {
	p := &paramEnv{slot: [1]*Thunk{c.namespace.thunk(ev, e)}}
	p.slots, p.parent = p.slot[:], e
	return c.body.run(ev, &p.env)
}

type assertCode struct {
	cond code
	body *expr
	at   Place
}

func (c *assertCode) eval(ev *Evaluator, e *env) Value {
	holds, fail := truth(c.cond.eval(ev, e), c.at)
	if fail != nil {
		if u, ok := fail.(*Unknown); ok {
			u.Maybe, u.Closed = []*Thunk{c.body.own(e)}, true
		}
		return fail
	}
	if !holds {
		return &Error{Kind: ErrorAssert, Message: "assertion failed", At: c.at}
	}
	return c.body.run(ev, e)
}

type notCode struct {
	expr code
	at   Place
}

func (c *notCode) eval(ev *Evaluator, e *env) Value {
	holds, fail := truth(c.expr.eval(ev, e), c.at)
	if fail != nil {
		return fail
	}
	return Bool(!holds)
}
