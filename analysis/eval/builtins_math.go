package eval

import "math"

var mathBuiltins = map[string]builtin{
	"add": {2, func(ev *Evaluator, a []*Thunk, at Place) Value { return ev.calculate(opAdd, a, at) }},
	"sub": {2, func(ev *Evaluator, a []*Thunk, at Place) Value { return ev.calculate(opSub, a, at) }},
	"mul": {2, func(ev *Evaluator, a []*Thunk, at Place) Value { return ev.calculate(opMul, a, at) }},
	"div": {2, func(ev *Evaluator, a []*Thunk, at Place) Value { return ev.calculate(opDiv, a, at) }},
	"lessThan": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
		return ev.Less(ev.Force(a[0]), ev.Force(a[1]), at)
	}},
	"bitAnd": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
		return ev.bitwise(a, at, func(x, y int) int { return x & y })
	}},
	"bitOr": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
		return ev.bitwise(a, at, func(x, y int) int { return x | y })
	}},
	"bitXor": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
		return ev.bitwise(a, at, func(x, y int) int { return x ^ y })
	}},
	"ceil":  {1, func(ev *Evaluator, a []*Thunk, at Place) Value { return ev.round(a[0], at, math.Ceil) }},
	"floor": {1, func(ev *Evaluator, a []*Thunk, at Place) Value { return ev.round(a[0], at, math.Floor) }},
}

func (ev *Evaluator) calculate(op arithOp, a []*Thunk, at Place) Value {
	left := ev.Force(a[0])
	if err, ok := left.(*Error); ok {
		return err
	}
	return arithmetic(op, left, ev.Force(a[1]), argAt(a[0], at), argAt(a[1], at))
}

func (ev *Evaluator) bitwise(a []*Thunk, at Place, f func(x, y int) int) Value {
	x, fail := ev.WantInt(a[0], at)
	if fail != nil {
		return fail
	}
	y, fail := ev.WantInt(a[1], at)
	if fail != nil {
		return fail
	}
	return Int(f(x, y))
}

func (ev *Evaluator) round(t *Thunk, at Place, f func(float64) float64) Value {
	switch v := ev.Force(t).(type) {
	case Int:
		return v
	case Float:
		r := f(float64(v))
		if !(r >= math.MinInt64 && r < -math.MinInt64) {
			return Errorf(argAt(t, at), "the number `%s` does not fit into an integer", formatFloat(float64(v)))
		}
		return Int(r)
	default:
		return Mismatch("a number", v, argAt(t, at))
	}
}
