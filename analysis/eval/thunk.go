package eval

// Thunk is a value that may not have been computed yet. Each is computed at
// most once.
type Thunk struct {
	value Value // what was computed; for a pending native thunk, its function
	env   *env
	expr  *expr  // the expression; kept for the place when it is computed
	from  *Thunk // the thunk that this one only refers to
	state int32
	mark  uint32 // as what it is followed; see Evaluator.Follow
}

// The states of a thunk. While it is computed the state is the level of
// nesting at which that began, from 1 on.
const (
	pending int32 = 0
	done    int32 = -1
)

// lazy is the function of a native thunk that is pending.
type lazy func(ev *Evaluator) Value

func (lazy) typeName() string { return "something not evaluated" }

// lateCall is a call of a function with one or two arguments, for thunks that
// are made many at once.
type lateCall struct {
	fn   *Thunk
	args [2]*Thunk
	at   Place
}

func (*lateCall) typeName() string { return "something not evaluated" }

func (c *lateCall) run(ev *Evaluator) Value {
	v := ev.Call(ev.Force(c.fn), c.args[0], c.at)
	if c.args[1] != nil {
		v = ev.Call(v, c.args[1], c.at)
	}
	return v
}

// lateCalls makes thunks that call a function, one for each of n elements. set
// says what the i-th call's arguments are, and of which thunk it has the place.
func lateCalls(n int, fn *Thunk, at Place, set func(i int, args *[2]*Thunk) (place *Thunk)) []Thunk {
	thunks, calls := make([]Thunk, n), make([]lateCall, n)
	for i := range thunks {
		c := &calls[i]
		c.fn, c.at = fn, at
		place := set(i, &c.args)
		thunks[i] = Thunk{value: c, expr: place.expr}
	}
	return thunks
}

// Deferred is what a thunk can be made of by [LaterOf]: a value with Pending
// embedded, so that a caller that makes many can make both at once.
type Deferred interface {
	Value
	Compute(ev *Evaluator) Value
}

// Pending is embedded in what implements [Deferred].
type Pending struct{}

func (Pending) typeName() string { return "something not evaluated" }

// LaterOf returns a thunk that calls d's Compute when it is forced.
func LaterOf(d Deferred) Thunk { return Thunk{value: d} }

// Done returns a thunk of a value at hand.
func Done(v Value) *Thunk { return &Thunk{value: v, state: done} }

// Later returns a thunk that calls f when it is forced.
func Later(f func(ev *Evaluator) Value) *Thunk { return &Thunk{value: lazy(f)} }

// LaterAt returns a thunk that calls f when it is forced and that has the
// place of another thunk.
func LaterAt(other *Thunk, f func(ev *Evaluator) Value) *Thunk {
	return &Thunk{value: lazy(f), expr: other.expr}
}

// LaterFrom is LaterAt for what hands on the value of the other thunk, and changes no
// more of it than what is unknown.
func LaterFrom(other *Thunk, f func(ev *Evaluator) Value) *Thunk {
	return &Thunk{value: lazy(f), expr: other.expr, from: other}
}

// At returns the expression the thunk was made for; it is invalid for native
// values.
func (t *Thunk) At() Place {
	if t.expr == nil {
		return Place{}
	}
	return t.expr.at()
}

// Origin returns the thunk of the expression that gave the value its form. For
// a thunk that only names a variable or selects an attribute, and that has
// been forced, it is the origin of that; the place of `modules.gpu` is where
// it is used, the place of its origin where the registry says what it is.
//
// Values that no file holds, such as true, have their origin where they are
// named.
func (t *Thunk) Origin() *Thunk {
	last := t
	for t.from != nil {
		t = t.from
		if t.expr != nil || last.expr == nil {
			last = t
		}
	}
	return last
}

// Refer makes the origin of another thunk that of a thunk without a place of its
// own, which hands on the other's value as it is.
func (t *Thunk) Refer(other *Thunk) {
	if t.expr == nil && t.from == nil && other.end() != t {
		t.from = other
	}
}

// end is the last of the thunks that each refer to the next.
func (t *Thunk) end() *Thunk {
	for t.from != nil {
		t = t.from
	}
	return t
}

// variable returns the thunk that the name of a variable stands for, or else
// the thunk itself.
func (t *Thunk) variable() *Thunk {
	for t.from != nil && t.expr != nil && t.expr.variable() != nil {
		t = t.from
	}
	return t
}

// done returns the value if it has been computed, else nil.
func (t *Thunk) done() Value {
	if t.state != done {
		return nil
	}
	return t.value
}

// IsComputed reports whether the value has been computed.
func (t *Thunk) IsComputed() bool { return t.state == done }

// isAtHand reports whether the value has been computed or is a constant, or is
// that of a variable of which that is true.
func (t *Thunk) isAtHand() bool {
	const most = 32 // names of names; there may be no end to them
	for range most {
		if t.state != pending || t.expr == nil || t.value != nil {
			break // native ones have the place of what they are made of, but not its environment
		}
		variable := t.expr.variable()
		if variable == nil {
			return t.expr.isPlainText()
		}
		t = variable.slot(t.env)
	}
	return t.state == done
}

// Force computes the value of a thunk.
func (ev *Evaluator) Force(t *Thunk) Value {
	if t.state == done {
		return t.value
	}
	return ev.force(t)
}

// recursionSteps is what meeting an infinite recursion costs.
const recursionSteps = 1000

func (ev *Evaluator) force(t *Thunk) Value {
	if t.state > 0 {
		// Everything from that level on needs itself.
		ev.taint = min(ev.taint, t.state)
		// What needs itself is computed again wherever it is asked for.
		ev.steps += recursionSteps
		return &Error{Kind: ErrorRecursion, Message: "infinite recursion: the value needs itself", At: t.At()}
	}
	if u := ev.step(); u != nil {
		return u
	}
	if u := ev.enter(1); u != nil {
		return u
	}
	ev.level++
	level := ev.level
	t.state = level
	ev.frames = append(ev.frames, t.At())
	var v Value
	switch f := t.value.(type) {
	case nil:
		v = ev.forceExpr(t)
	case *lateCall:
		v = f.run(ev)
	case lazy:
		v = f(ev)
	case Deferred:
		v = f.Compute(ev)
	}
	ev.unwind(v)
	ev.level--
	ev.leave(1)
	if ev.taint < level {
		// The value is an accident of where evaluation began or of what it
		// had cost so far; another query may do better.
		t.state = pending
		if ev.level == 0 {
			ev.taint = untainted
		}
		return v
	}
	if ev.taint == level {
		ev.taint = untainted
	}
	t.value, t.env, t.state = v, nil, done
	return v
}

// forceExpr computes the value of a thunk made from Nix code. One that only
// refers to another remembers that.
func (ev *Evaluator) forceExpr(t *Thunk) Value {
	x := t.expr
	if !x.ready.Load() {
		x.compile()
	}
	height := int(x.height)
	if u := ev.enter(height); u != nil {
		return u
	}
	var v Value
	if ref, ok := x.code.(reference); ok {
		var target *Thunk
		if target, v = ref.target(ev, t.env); target != nil {
			v = ev.Force(target)
			if err, ok := v.(*Error); !ok || err.Kind != ErrorRecursion {
				t.from = target // and no circle
			}
		}
	} else {
		v = x.code.eval(ev, t.env)
	}
	ev.leave(height)
	return v
}

// env holds the values of one scope: the bindings of a let or rec, the
// parameters of a function, or the namespace of a with.
type env struct {
	slots  []*Thunk
	parent *env
}

// newEnv makes an env with n slots.
func newEnv(n int, parent *env) *env {
	switch {
	case n <= 2:
		e := &struct {
			env
			slots [2]*Thunk
		}{}
		e.env = env{e.slots[:n:n], parent}
		return &e.env
	case n <= 4:
		e := &struct {
			env
			slots [4]*Thunk
		}{}
		e.env = env{e.slots[:n:n], parent}
		return &e.env
	case n <= 8:
		e := &struct {
			env
			slots [8]*Thunk
		}{}
		e.env = env{e.slots[:n:n], parent}
		return &e.env
	}
	return &env{make([]*Thunk, n), parent}
}

func (e *env) up(n int) *env {
	for ; n > 0; n-- {
		e = e.parent
	}
	return e
}
