package eval

import (
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

type constant struct{ value Value }

func (c constant) eval(*Evaluator, *env) Value { return c.value }

// thunkCode is an expression whose evaluation is put off.
type thunkCode struct {
	code code
	at   Place
}

func (t thunkCode) thunk(e *env) *Thunk {
	switch c := t.code.(type) {
	case constant:
		return &Thunk{value: c.value, at: t.at}
	case *localCode:
		return c.thunk(e)
	}
	return &Thunk{code: t.code, env: e, at: t.at}
}

// localCode is a variable of a let, rec or function.
type localCode struct{ up, slot int }

func (c *localCode) thunk(e *env) *Thunk { return e.up(c.up).slots[c.slot] }

func (c *localCode) eval(ev *Evaluator, e *env) Value { return ev.Force(c.thunk(e)) }

// freeCode is a variable that no let, rec or function binds: a global, or an
// attribute of an enclosing with. Globals win.
type freeCode struct {
	name  string
	withs []int
	at    Place
}

func (c *freeCode) eval(ev *Evaluator, e *env) Value {
	if t := ev.globals[c.name]; t != nil {
		return ev.Force(t)
	}
	for _, up := range c.withs {
		switch ns := ev.Force(e.up(up).slots[0]).(type) {
		case *Attrs:
			if a := ns.Get(c.name); a != nil {
				return ev.Force(a.Value)
			}
			if ns.Rest != nil {
				return ns.Rest.attr(c.name)
			}
			if len(c.withs) == 1 {
				return &Error{Kind: ErrorMissingAttr, Message: "attribute `" + c.name + "` is missing", Attr: c.name, Set: ns, At: c.at}
			}
		case *Unknown:
			return ns.attr(c.name)
		case *Error:
			return ns
		default:
			return &Error{Kind: ErrorType, Message: "expected a set but found " + ns.typeName(), At: c.at}
		}
	}
	return &Error{Kind: ErrorUndefined, Message: "undefined variable `" + c.name + "`", Attr: c.name, At: c.at}
}

// textCode is a string or path with interpolations.
type textCode struct {
	parts  []textPart
	isPath bool
	dir    string
	at     Place
}

type textPart struct {
	text string
	code code // nil for literal text
	at   Place
}

func (c *textCode) eval(ev *Evaluator, e *env) Value {
	var b textBuilder
	for _, p := range c.parts {
		if p.code == nil {
			b.known(p.text)
			continue
		}
		if err := b.add(ev.Coerce(p.code.eval(ev, e), p.at)); err != nil {
			return err
		}
	}
	v := b.value()
	if !c.isPath {
		return v
	}
	switch v := v.(type) {
	case String:
		return Path(cleanPath(c.dir, string(v)))
	case *Text:
		if first := &v.Segments[0]; first.Unknown == nil && !strings.HasPrefix(first.Known, "/") {
			slash := strings.HasSuffix(first.Known, "/")
			first.Known = path.Join(c.dir, first.Known)
			if slash {
				first.Known += "/"
			}
		}
		v.IsPath = true
		return v
	}
	return v
}

// textBuilder joins known and unknown text.
type textBuilder struct {
	segments []Segment
	text     strings.Builder
}

func (b *textBuilder) known(s string) { b.text.WriteString(s) }

// add appends a value that Coerce returned; an error is handed back.
func (b *textBuilder) add(v Value) Value {
	switch v := v.(type) {
	case String:
		b.known(string(v))
	case *Text:
		for _, s := range v.Segments {
			if s.Unknown == nil {
				b.known(s.Known)
			} else {
				b.unknown(s.Unknown)
			}
		}
	case *Unknown:
		b.unknown(v)
	default:
		return v
	}
	return nil
}

func (b *textBuilder) unknown(u *Unknown) {
	b.flush()
	b.segments = append(b.segments, Segment{Unknown: u})
}

func (b *textBuilder) flush() {
	if b.text.Len() > 0 {
		b.segments = append(b.segments, Segment{Known: b.text.String()})
		b.text.Reset()
	}
}

func (b *textBuilder) value() Value {
	if len(b.segments) == 0 {
		return String(b.text.String())
	}
	b.flush()
	return &Text{Segments: b.segments}
}

// Coerce makes a string of a value as interpolation does. The result is a
// String, a Text, an Unknown or an Error. A path gives its own text: where in
// the store it would be copied to is of no use here.
func (ev *Evaluator) Coerce(v Value, at Place) Value {
	switch v := v.(type) {
	case String, *Unknown, *Error:
		return v
	case Path:
		return String(v)
	case *Text:
		return &Text{Segments: v.Segments}
	case *Attrs:
		if f := v.Get("__toString"); f != nil {
			return ev.Coerce(ev.Call(ev.Force(f.Value), Done(v), at), at)
		}
		if a := v.Get("outPath"); a != nil {
			return ev.Coerce(ev.Force(a.Value), at)
		}
		if v.Rest != nil {
			return v.Rest
		}
	}
	return &Error{Kind: ErrorType, Message: "cannot make a string of " + v.typeName(), At: at}
}

type listCode struct{ elems []thunkCode }

func (c *listCode) eval(_ *Evaluator, e *env) Value {
	l := &List{Elems: make([]*Thunk, len(c.elems))}
	for i, t := range c.elems {
		th := t.thunk(e)
		if _, ok := t.code.(*localCode); ok {
			// The place of an element is where it stands in the list.
			shared := th
			th = &Thunk{fn: func(ev *Evaluator) Value { return ev.Force(shared) }, at: t.at}
		}
		l.Elems[i] = th
	}
	return l
}

type setCode struct {
	rec     bool
	attrs   []attrCode // sorted by name
	dynamic []dynamicCode
}

type attrCode struct {
	name      string
	value     thunkCode
	at        Place
	inherited bool // evaluated in the scope around the set
}

type dynamicCode struct {
	name  nameCode
	value thunkCode
}

// bind makes the scope of a recursive set or let and its attributes.
func (c *setCode) bind(e *env) (*env, []Attr) {
	inner := e
	if c.rec {
		inner = &env{slots: make([]*Thunk, len(c.attrs)), parent: e}
	}
	attrs := make([]Attr, len(c.attrs), len(c.attrs)+len(c.dynamic))
	var aliases []int
	for i, a := range c.attrs {
		scope := inner
		if a.inherited {
			scope = e
		}
		if _, ok := a.value.code.(*localCode); ok && c.rec && !a.inherited {
			aliases = append(aliases, i)
			continue
		}
		attrs[i] = Attr{a.name, a.value.thunk(scope), a.at}
		if c.rec {
			inner.slots[i] = attrs[i].Value
		}
	}
	// An attribute that is but another name of a sibling needs a thunk of its
	// own, since the sibling's may not be there yet.
	for _, i := range aliases {
		a := c.attrs[i]
		attrs[i] = Attr{a.name, &Thunk{code: a.value.code, env: inner, at: a.value.at}, a.at}
		inner.slots[i] = attrs[i].Value
	}
	return inner, attrs
}

func (c *setCode) eval(ev *Evaluator, e *env) Value {
	inner, attrs := c.bind(e)
	out := &Attrs{Entries: attrs}
	for _, d := range c.dynamic {
		name, err := ev.attrName(d.name, inner)
		if err != nil {
			if u, ok := err.(*Unknown); ok {
				out.Rest = u
				continue
			}
			return err
		}
		if name == nil {
			continue
		}
		out.Entries = append(out.Entries, Attr{*name, d.value.thunk(inner), d.name.at})
	}
	if len(c.dynamic) > 0 {
		out.sort()
	}
	return out
}

// attrName computes an attribute name. A name that is null leaves the
// attribute out, which both results being nil says.
func (ev *Evaluator) attrName(n nameCode, e *env) (*string, Value) {
	if n.code == nil {
		return &n.name, nil
	}
	switch v := n.code.eval(ev, e).(type) {
	case String:
		s := string(v)
		return &s, nil
	case Null:
		return nil, nil
	case *Unknown, *Error:
		return nil, v
	case *Text:
		return nil, &Unknown{Reason: "the name of an attribute is not known"}
	default:
		return nil, &Error{Kind: ErrorType, Message: "an attribute name is " + v.typeName() + ", not a string", At: n.at}
	}
}

type letCode struct {
	set  *setCode
	body code
}

func (c *letCode) eval(ev *Evaluator, e *env) Value {
	inner, _ := c.set.bind(e)
	return c.body.eval(ev, inner)
}

type selectCode struct {
	expr code
	path []nameCode
	or   code
}

func (c *selectCode) eval(ev *Evaluator, e *env) Value {
	v := c.expr.eval(ev, e)
	for _, n := range c.path {
		name, err := ev.attrName(n, e)
		if err != nil {
			return err
		}
		if name == nil {
			return &Error{Kind: ErrorType, Message: "an attribute name is null, not a string", At: n.at}
		}
		if c.or != nil {
			switch s := v.(type) {
			case *Attrs:
				if s.Get(*name) == nil && s.Rest == nil {
					return c.or.eval(ev, e)
				}
			case *Unknown:
				return &Unknown{Reason: s.Reason, Maybe: []*Thunk{{code: c.or, env: e}}}
			case *Error:
				return s
			default:
				return c.or.eval(ev, e)
			}
		}
		v = ev.Select(v, *name, n.at)
	}
	return v
}

type hasAttrCode struct {
	expr code
	path []nameCode
}

func (c *hasAttrCode) eval(ev *Evaluator, e *env) Value {
	v := c.expr.eval(ev, e)
	for i, n := range c.path {
		if u, ok := v.(*Unknown); ok {
			return &Unknown{Reason: u.Reason}
		}
		if err, ok := v.(*Error); ok {
			return err
		}
		name, err := ev.attrName(n, e)
		if err != nil {
			return err
		}
		set, ok := v.(*Attrs)
		if !ok || name == nil {
			return Bool(false)
		}
		a := set.Get(*name)
		if a == nil {
			if set.Rest != nil {
				return &Unknown{Reason: set.Rest.Reason}
			}
			return Bool(false)
		}
		if i < len(c.path)-1 {
			v = ev.Force(a.Value)
		}
	}
	return Bool(true)
}

type applyCode struct {
	fn   code
	args []thunkCode
	at   Place
}

func (c *applyCode) eval(ev *Evaluator, e *env) Value {
	v := c.fn.eval(ev, e)
	for _, a := range c.args {
		v = ev.Call(v, a.thunk(e), c.at)
	}
	return v
}

func (l *Lambda) call(ev *Evaluator, arg *Thunk, at Place) Value {
	c := l.code
	if !c.pattern {
		return c.body.eval(ev, &env{slots: []*Thunk{arg}, parent: l.env})
	}
	inner := &env{slots: make([]*Thunk, len(c.formals)+1), parent: l.env}
	inner.slots[len(c.formals)] = arg
	var set *Attrs
	switch v := ev.Force(arg).(type) {
	case *Attrs:
		set = v
	case *Unknown:
		set = &Attrs{Rest: v}
	case *Error:
		return v
	default:
		return &Error{Kind: ErrorType, Message: "the function expects a set but is given " + v.typeName(), At: at}
	}
	for i, f := range c.formals {
		a := set.Get(f.name)
		switch {
		case a != nil:
			inner.slots[i] = a.Value
		case set.Rest != nil && f.fallback != nil:
			inner.slots[i] = Done(&Unknown{Reason: set.Rest.Reason, Maybe: []*Thunk{{code: f.fallback, env: inner, at: f.at}}})
		case set.Rest != nil:
			inner.slots[i] = Done(set.Rest.attr(f.name))
		case f.fallback != nil:
			inner.slots[i] = &Thunk{code: f.fallback, env: inner, at: f.at}
		default:
			return &Error{Kind: ErrorArgument, Message: "the function is called without its argument `" + f.name + "`", Attr: f.name, Set: set, At: f.at}
		}
	}
	if !c.ellipsis {
		for _, a := range set.Entries {
			if !slices.ContainsFunc(c.formals, func(f formalCode) bool { return f.name == a.Name }) {
				return &Error{Kind: ErrorArgument, Message: "the function is called with the argument `" + a.Name + "`, which it does not take", Attr: a.Name, Set: set, At: at}
			}
		}
	}
	return c.body.eval(ev, inner)
}

// Formals returns the names of a function's formals, true for those with a
// default. ok is false if the parameter is no pattern.
func (l *Lambda) Formals() (formals map[string]bool, ellipsis, ok bool) {
	if !l.code.pattern {
		return nil, false, false
	}
	formals = make(map[string]bool, len(l.code.formals))
	for _, f := range l.code.formals {
		formals[f.name] = f.fallback != nil
	}
	return formals, l.code.ellipsis, true
}

// At returns the function's expression.
func (l *Lambda) At() Place { return l.code.at }

func (c *lambdaCode) eval(_ *Evaluator, e *env) Value { return &Lambda{c, e} }

// condition evaluates a condition. known is false if v, an Unknown or Error, is
// the outcome.
func (ev *Evaluator) condition(v Value, at Place) (truth, known bool, out Value) {
	switch v := v.(type) {
	case Bool:
		return bool(v), true, nil
	case *Unknown, *Error:
		return false, false, v
	default:
		return false, false, &Error{Kind: ErrorType, Message: "expected a Boolean but found " + v.typeName(), At: at}
	}
}

type ifCode struct {
	cond, then, otherwise code
	at                    Place
}

func (c *ifCode) eval(ev *Evaluator, e *env) Value {
	truth, known, out := ev.condition(c.cond.eval(ev, e), c.at)
	switch {
	case !known:
		if u, ok := out.(*Unknown); ok {
			return &Unknown{Reason: u.Reason, Maybe: []*Thunk{{code: c.then, env: e}, {code: c.otherwise, env: e}}}
		}
		return out
	case truth:
		return c.then.eval(ev, e)
	}
	return c.otherwise.eval(ev, e)
}

type withCode struct {
	namespace thunkCode
	body      code
}

func (c *withCode) eval(ev *Evaluator, e *env) Value {
	return c.body.eval(ev, &env{slots: []*Thunk{c.namespace.thunk(e)}, parent: e})
}

type assertCode struct {
	cond, body code
	at         Place
}

func (c *assertCode) eval(ev *Evaluator, e *env) Value {
	truth, known, out := ev.condition(c.cond.eval(ev, e), c.at)
	switch {
	case !known:
		if u, ok := out.(*Unknown); ok {
			return &Unknown{Reason: u.Reason, Maybe: []*Thunk{{code: c.body, env: e}}}
		}
		return out
	case !truth:
		return &Error{Kind: ErrorAssert, Message: "assertion failed", At: c.at}
	}
	return c.body.eval(ev, e)
}

type unaryCode struct {
	op   parser.TokenKind
	expr code
	at   Place
}

func (c *unaryCode) eval(ev *Evaluator, e *env) Value {
	v := c.expr.eval(ev, e)
	if c.op == parser.TokenNot {
		truth, known, out := ev.condition(v, c.at)
		if !known {
			if u, ok := out.(*Unknown); ok {
				return &Unknown{Reason: u.Reason}
			}
			return out
		}
		return Bool(!truth)
	}
	return ev.arithmetic(parser.TokenMinus, Int(0), v, c.at)
}
