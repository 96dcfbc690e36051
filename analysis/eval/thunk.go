package eval

import "fmt"

// Thunk is a value that may not have been computed yet. Each is computed at
// most once.
type Thunk struct {
	value Value // nil until computed
	code  code
	env   *env
	fn    func(ev *Evaluator) Value
	busy  bool
	at    Place
}

// Done returns a thunk of a value at hand.
func Done(v Value) *Thunk { return &Thunk{value: v} }

// Later returns a thunk that calls fn when it is forced.
func Later(fn func(ev *Evaluator) Value) *Thunk { return &Thunk{fn: fn} }

// At returns the expression the thunk was made for; it is invalid for native
// values.
func (t *Thunk) At() Place { return t.at }

// Force computes the value of a thunk.
func (ev *Evaluator) Force(t *Thunk) Value {
	if t.value != nil {
		return t.value
	}
	if t.busy {
		return &Error{Kind: ErrorRecursion, Message: "infinite recursion", At: t.at}
	}
	if u := ev.spend(); u != nil {
		return u // not kept: the next query has a budget of its own
	}
	t.busy = true
	ev.depth++
	var v Value
	if t.fn != nil {
		v = t.fn(ev)
	} else {
		v = t.code.eval(ev, t.env)
	}
	ev.depth--
	t.busy = false
	t.value = v
	t.code, t.env, t.fn = nil, nil, nil
	return v
}

// spend counts a step and returns an unknown if a budget is used up.
func (ev *Evaluator) spend() *Unknown {
	ev.steps++
	if ev.steps > ev.limits.Steps {
		return NewUnknown(fmt.Sprintf("evaluation took more than %d steps", ev.limits.Steps))
	}
	if ev.depth > ev.limits.Depth {
		return NewUnknown(fmt.Sprintf("evaluation is nested more than %d levels deep", ev.limits.Depth))
	}
	return nil
}

// env holds the values of one scope: the bindings of a let or rec, the
// parameters of a function, or the namespace of a with.
type env struct {
	slots  []*Thunk
	parent *env
}

func (e *env) up(n int) *env {
	for ; n > 0; n-- {
		e = e.parent
	}
	return e
}
