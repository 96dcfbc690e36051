package eval

import (
	"math/bits"
	"slices"

	"github.com/nixlint/nixlint/parser"
)

// binary compiles an operation. Nix writes some operators as calls of
// builtins by their global names, which can be bound like any other.
func (c *compiler) binary(b parser.Binary, s *scope) code {
	switch b.Op() {
	case parser.TokenLess:
		return c.compare("__lessThan", b.Left(), b.Right(), false, b.Node, s)
	case parser.TokenGreater:
		return c.compare("__lessThan", b.Right(), b.Left(), false, b.Node, s)
	case parser.TokenLessEqual:
		return c.compare("__lessThan", b.Right(), b.Left(), true, b.Node, s)
	case parser.TokenGreaterEqual:
		return c.compare("__lessThan", b.Left(), b.Right(), true, b.Node, s)
	}
	left := c.expr(b.Left(), s)
	switch b.Op() {
	case parser.TokenAndAnd, parser.TokenOrOr, parser.TokenImplies:
		return &logicCode{b.Op(), left, c.later(b.Right(), s), c.at(b.Left()), c.at(b.Right())}
	case parser.TokenPipeFrom:
		return &applyCode{left, []*expr{c.later(b.Right(), s)}, c.at(b.Node)}
	case parser.TokenPipeInto:
		return &applyCode{c.expr(b.Right(), s), []*expr{c.later(b.Left(), s)}, c.at(b.Node)}
	}
	right := c.expr(b.Right(), s)
	switch b.Op() {
	case parser.TokenMinus:
		return c.arithmetic("__sub", left, right, b.Node, s)
	case parser.TokenMul:
		return c.arithmetic("__mul", left, right, b.Node, s)
	case parser.TokenDiv:
		return c.arithmetic("__div", left, right, b.Node, s)
	}
	return &binaryCode{b.Op(), left, right, c.at(b.Left()), c.at(b.Right())}
}

// binaryCode is an operation that evaluates both operands.
type binaryCode struct {
	op              parser.TokenKind
	left, right     code
	leftAt, rightAt Place
}

func (c *binaryCode) eval(ev *Evaluator, e *env) Value {
	left := c.left.eval(ev, e)
	if err, ok := left.(*Error); ok {
		return err
	}
	right := c.right.eval(ev, e)
	if err, ok := right.(*Error); ok {
		return err
	}
	switch c.op {
	case parser.TokenEqual:
		return ev.Equal(left, right)
	case parser.TokenNotEqual:
		eq := ev.Equal(left, right)
		if b, ok := eq.(Bool); ok {
			return !b
		}
		return eq
	case parser.TokenUpdate:
		return ev.Update(left, right, c.leftAt, c.rightAt)
	case parser.TokenConcat:
		at := c.leftAt
		switch left.(type) {
		case *List, *Unknown:
			at = c.rightAt
		}
		v := Concat(left, right, at)
		if l, ok := v.(*List); ok {
			if u := ev.Reserve(len(l.Elems) * wordSize); u != nil {
				return u
			}
		}
		return v
	}
	return ev.Plus(left, right, c.leftAt, c.rightAt)
}

// logicCode is an operation on Booleans.
type logicCode struct {
	op              parser.TokenKind
	left            code
	right           *expr
	leftAt, rightAt Place
}

func (c *logicCode) eval(ev *Evaluator, e *env) Value {
	holds, fail := truth(c.left.eval(ev, e), c.leftAt)
	if fail != nil {
		return fail
	}
	switch {
	case c.op == parser.TokenAndAnd && !holds:
		return Bool(false)
	case c.op == parser.TokenOrOr && holds, c.op == parser.TokenImplies && !holds:
		return Bool(true)
	}
	holds, fail = truth(c.right.run(ev, e), c.rightAt)
	if fail != nil {
		return fail
	}
	return Bool(holds)
}

// Update is `a // b` of two values, each of which should be a set.
func (ev *Evaluator) Update(a, b Value, aAt, bAt Place) Value {
	for i, v := range [...]Value{a, b} {
		switch v.(type) {
		case *Attrs, *Unknown:
		default:
			return Mismatch("a set", v, [...]Place{aAt, bAt}[i])
		}
	}
	l, lok := a.(*Attrs)
	r, rok := b.(*Attrs)
	switch {
	case lok && len(l.Entries) == 0 && l.Rest == nil:
		return b
	case rok && len(r.Entries) == 0 && r.Rest == nil:
		return a
	}
	if !lok {
		l = ev.asAttrs(a.(*Unknown))
	}
	if !rok {
		r = ev.asAttrs(b.(*Unknown))
	}
	ev.bytes += (len(l.Entries) + len(r.Entries)) * attrSize
	return Update(l, r)
}

// asAttrs makes a set of an unknown that should be one. If all the sets that it
// may be are at hand, then those attributes that all of them have are known to
// be there, and the others are its rest.
func (ev *Evaluator) asAttrs(u *Unknown) *Attrs {
	if !u.Closed || len(u.Maybe) == 0 || len(u.Maybe) > 8 {
		return &Attrs{Rest: u}
	}
	sets := make([]*Attrs, 0, len(u.Maybe))
	for _, m := range u.Maybe {
		v, ok := ev.speculate(m)
		switch v := v.(type) {
		case *Attrs:
			sets = append(sets, v)
		case *Error:
			if ok && v.Kind <= ErrorAssert {
				continue // if it is this one, then there is no value at all
			}
			return &Attrs{Rest: u}
		case *Unknown:
			inner := ev.asAttrs(v)
			if inner.Rest == v {
				return &Attrs{Rest: u}
			}
			sets = append(sets, inner)
		default:
			return &Attrs{Rest: u}
		}
	}
	if len(sets) == 0 {
		return &Attrs{Rest: u}
	}
	out := &Attrs{}
	var some []Attr
	for _, s := range sets {
		for _, e := range s.Entries {
			if out.Get(e.Name) != nil || slices.ContainsFunc(some, func(x Attr) bool { return x.Name == e.Name }) {
				continue
			}
			x := Attr{Name: e.Name, At: e.At}
			values := make([]*Thunk, 0, len(sets))
			for _, t := range sets {
				if a := t.Get(e.Name); a != nil {
					values = append(values, a.Value)
				}
			}
			x.Value = Done(&Unknown{Reason: u.Reason, Of: u, Maybe: values, Closed: true})
			if len(values) == len(sets) {
				out.Entries = append(out.Entries, x)
				out.sort()
			} else {
				some = append(some, x)
			}
		}
		out.Rest = Either(out.Rest, s.Rest)
	}
	if len(some) > 0 {
		rest := &Unknown{Reason: u.Reason, Of: u, Maybe: []*Thunk{Done(SetOf(some...))}, Closed: true}
		out.Rest = Either(out.Rest, rest)
	}
	return out
}

// Plus is `a + b`: a sum, a string or a path, depending on a.
func (ev *Evaluator) Plus(left, right Value, leftAt, rightAt Place) Value {
	switch l := left.(type) {
	case Int, Float:
		return arithmetic(opAdd, left, right, leftAt, rightAt)
	case *Unknown:
		if !isString(right) && !isPath(right) {
			return l.Derive()
		}
		// The sum of an unknown and a string is a string or path.
	}
	var b TextBuilder
	// Paths are copied when they are added to a string.
	copied := isString(left)
	if err := b.Add(ev.coerce(left, leftAt, copied)); err != nil {
		return err
	}
	if err := b.Add(ev.coerce(right, rightAt, copied)); err != nil {
		return err
	}
	if u := ev.Reserve(len(b.text)); u != nil {
		return u
	}
	if isPath(left) {
		return b.Path("/")
	}
	return b.Value()
}

// arithOp is an arithmetic operation.
type arithOp uint8

const (
	opAdd arithOp = iota
	opSub
	opMul
	opDiv
)

var arithNames = map[string]arithOp{"__sub": opSub, "__mul": opMul, "__div": opDiv}

// arithCode is `a - b`, `a * b` or `a / b`.
type arithCode struct {
	op          arithOp
	left, right code
	at          Place
}

// arithmetic compiles an operation that Nix takes for a call of the builtin of
// the given name.
func (c *compiler) arithmetic(name string, left, right code, n parser.Node, s *scope) code {
	if fn := c.named(name, s); fn != nil {
		args := make([]*expr, 2)
		for i, a := range [...]code{left, right} {
			args[i] = newExpr(c.at(n), a, c.height+1)
		}
		return &applyCode{fn, args, c.at(n)}
	}
	return &arithCode{arithNames[name], left, right, c.at(n)}
}

func (c *arithCode) eval(ev *Evaluator, e *env) Value {
	left := c.left.eval(ev, e)
	if err, ok := left.(*Error); ok {
		return err
	}
	return arithmetic(c.op, left, c.right.eval(ev, e), c.at, c.at)
}

func arithmetic(op arithOp, left, right Value, leftAt, rightAt Place) Value {
	l, lok := left.(Int)
	r, rok := right.(Int)
	if lok && rok {
		return integers(op, int64(l), int64(r), rightAt)
	}
	x, ok := number(left)
	if !ok {
		return Mismatch("a number", left, leftAt)
	}
	y, ok := number(right)
	if !ok {
		return Mismatch("a number", right, rightAt)
	}
	switch op {
	case opAdd:
		return x + y
	case opSub:
		return x - y
	case opMul:
		return x * y
	}
	if y == 0 {
		return Errorf(rightAt, "division by zero")
	}
	return x / y
}

func integers(op arithOp, x, y int64, at Place) Value {
	overflow := false
	var out int64
	switch op {
	case opAdd:
		out = x + y
		overflow = (x >= 0) == (y >= 0) && (out >= 0) != (x >= 0)
	case opSub:
		out = x - y
		overflow = (x >= 0) != (y >= 0) && (out >= 0) != (x >= 0)
	case opMul:
		out = x * y
		hi, lo := bits.Mul64(magnitude(x), magnitude(y))
		limit := uint64(1)<<63 - 1
		if (x < 0) != (y < 0) {
			limit++
		}
		overflow = hi != 0 || lo > limit
	case opDiv:
		if y == 0 {
			return Errorf(at, "division by zero")
		}
		overflow = y == -1 && x == -x && x != 0
		if !overflow {
			out = x / y
		}
	}
	if overflow {
		return Errorf(at, "integer overflow: the result of `%d` and `%d` has more than 64 bits", x, y)
	}
	return Int(out)
}

func magnitude(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}

func number(v Value) (Float, bool) {
	switch v := v.(type) {
	case Int:
		return Float(v), true
	case Float:
		return v, true
	}
	return 0, false
}
