package eval

import (
	"path"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

type binaryCode struct {
	op                  parser.TokenKind
	left, right         code
	leftAt, rightAt, at Place
}

func (c *binaryCode) eval(ev *Evaluator, e *env) Value {
	left := c.left.eval(ev, e)
	if err, ok := left.(*Error); ok {
		return err
	}
	switch c.op {
	case parser.TokenAndAnd, parser.TokenOrOr, parser.TokenImplies:
		return c.logic(ev, e, left)
	case parser.TokenPipeInto:
		right := c.right.eval(ev, e)
		return ev.Call(right, Done(left), c.at)
	case parser.TokenPipeFrom:
		return ev.Call(left, thunkCode{c.right, c.rightAt}.thunk(e), c.at)
	}
	right := c.right.eval(ev, e)
	if err, ok := right.(*Error); ok {
		return err
	}
	switch c.op {
	case parser.TokenEqual, parser.TokenNotEqual:
		eq := ev.Equal(left, right)
		if b, ok := eq.(Bool); ok && c.op == parser.TokenNotEqual {
			return !b
		}
		return eq
	case parser.TokenLess:
		return ev.less(left, right, c.at)
	case parser.TokenGreater:
		return ev.less(right, left, c.at)
	case parser.TokenLessEqual, parser.TokenGreaterEqual:
		a, b := right, left
		if c.op == parser.TokenGreaterEqual {
			a, b = left, right
		}
		v := ev.less(a, b, c.at)
		if t, ok := v.(Bool); ok {
			return !t
		}
		return v
	case parser.TokenUpdate:
		return c.update(left, right)
	case parser.TokenConcat:
		return concat(left, right, c.at)
	case parser.TokenPlus:
		return ev.plus(left, right, c.leftAt, c.rightAt)
	}
	return ev.arithmetic(c.op, left, right, c.at)
}

func (c *binaryCode) logic(ev *Evaluator, e *env, left Value) Value {
	truth, known, out := ev.condition(left, c.leftAt)
	if !known {
		if u, ok := out.(*Unknown); ok {
			return &Unknown{Reason: u.Reason}
		}
		return out
	}
	switch {
	case c.op == parser.TokenAndAnd && !truth:
		return Bool(false)
	case c.op == parser.TokenOrOr && truth, c.op == parser.TokenImplies && !truth:
		return Bool(true)
	}
	truth, known, out = ev.condition(c.right.eval(ev, e), c.rightAt)
	if !known {
		return out
	}
	return Bool(truth)
}

func (c *binaryCode) update(left, right Value) Value {
	l, lok := left.(*Attrs)
	r, rok := right.(*Attrs)
	lu, luk := left.(*Unknown)
	ru, ruk := right.(*Unknown)
	switch {
	case lok && rok:
		return Update(l, r)
	case luk && rok:
		return Update(&Attrs{Rest: lu}, r)
	case ruk && (lok || luk):
		return &Attrs{Rest: ru}
	case !lok && !luk:
		return &Error{Kind: ErrorType, Message: "expected a set but found " + left.typeName(), At: c.leftAt}
	}
	return &Error{Kind: ErrorType, Message: "expected a set but found " + right.typeName(), At: c.rightAt}
}

// concat is `a ++ b`.
func concat(left, right Value, at Place) Value {
	out := &List{}
	for _, v := range []Value{left, right} {
		switch v := v.(type) {
		case *List:
			out.Elems = append(out.Elems, v.Elems...)
			if out.More == nil {
				out.More = v.More
			}
		case *Unknown:
			more := &Unknown{Reason: v.Reason, Maybe: v.Maybe}
			if out.More != nil {
				more.Maybe = append(more.Maybe, out.More.Maybe...)
			}
			out.More = more
		case *Error:
			return v
		default:
			return &Error{Kind: ErrorType, Message: "expected a list but found " + v.typeName(), At: at}
		}
	}
	return out
}

func (ev *Evaluator) plus(left, right Value, leftAt, rightAt Place) Value {
	switch l := left.(type) {
	case Int, Float:
		return ev.arithmetic(parser.TokenPlus, left, right, leftAt)
	case *Unknown:
		if u, ok := right.(*Unknown); ok {
			return &Unknown{Reason: u.Reason}
		}
		// The sum of an unknown and a string is a string with a known end.
		if s, ok := right.(String); ok {
			return &Text{Segments: []Segment{{Unknown: l}, {Known: string(s)}}}
		}
		return &Unknown{Reason: l.Reason}
	case Path:
		var b textBuilder
		b.known(string(l))
		if err := b.add(ev.Coerce(right, rightAt)); err != nil {
			return err
		}
		switch v := b.value().(type) {
		case String:
			return Path(path.Clean(string(v)))
		case *Text:
			v.IsPath = true
			return v
		}
	}
	var b textBuilder
	if err := b.add(ev.Coerce(left, leftAt)); err != nil {
		return err
	}
	if err := b.add(ev.Coerce(right, rightAt)); err != nil {
		return err
	}
	v := b.value()
	if t, ok := left.(*Text); ok && t.IsPath {
		if s, ok := v.(*Text); ok {
			s.IsPath = true
		}
	}
	return v
}

func (ev *Evaluator) arithmetic(op parser.TokenKind, left, right Value, at Place) Value {
	if u, ok := left.(*Unknown); ok {
		return &Unknown{Reason: u.Reason}
	}
	if u, ok := right.(*Unknown); ok {
		return &Unknown{Reason: u.Reason}
	}
	if err, ok := right.(*Error); ok {
		return err
	}
	l, lok := left.(Int)
	r, rok := right.(Int)
	if lok && rok {
		switch op {
		case parser.TokenPlus:
			return l + r
		case parser.TokenMinus:
			return l - r
		case parser.TokenMul:
			return l * r
		case parser.TokenDiv:
			if r == 0 {
				return &Error{Kind: ErrorOther, Message: "division by zero", At: at}
			}
			return l / r
		}
	}
	x, xok := number(left)
	y, yok := number(right)
	if !xok || !yok {
		bad := left
		if xok {
			bad = right
		}
		return &Error{Kind: ErrorType, Message: "expected a number but found " + bad.typeName(), At: at}
	}
	switch op {
	case parser.TokenPlus:
		return x + y
	case parser.TokenMinus:
		return x - y
	case parser.TokenMul:
		return x * y
	}
	if y == 0 {
		return &Error{Kind: ErrorOther, Message: "division by zero", At: at}
	}
	return x / y
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

// less is `a < b`.
func (ev *Evaluator) less(a, b Value, at Place) Value {
	for _, v := range []Value{a, b} {
		switch v := v.(type) {
		case *Unknown:
			return &Unknown{Reason: v.Reason}
		case *Text:
			return &Unknown{Reason: "a part of the text is not known"}
		}
	}
	if x, ok := number(a); ok {
		if y, ok := number(b); ok {
			if i, ok := a.(Int); ok {
				if j, ok := b.(Int); ok {
					return Bool(i < j)
				}
			}
			return Bool(x < y)
		}
	}
	switch x := a.(type) {
	case String:
		if y, ok := b.(String); ok {
			return Bool(x < y)
		}
	case Path:
		if y, ok := b.(Path); ok {
			return Bool(x < y)
		}
	case *List:
		if y, ok := b.(*List); ok {
			if x.More != nil || y.More != nil {
				return &Unknown{Reason: "a list is not wholly known"}
			}
			for i := range x.Elems {
				if i >= len(y.Elems) {
					return Bool(false)
				}
				l, r := ev.Force(x.Elems[i]), ev.Force(y.Elems[i])
				switch eq := ev.Equal(l, r).(type) {
				case Bool:
					if !eq {
						return ev.less(l, r, at)
					}
				default:
					return eq
				}
			}
			return Bool(len(x.Elems) < len(y.Elems))
		}
	}
	return &Error{Kind: ErrorType, Message: "cannot compare " + a.typeName() + " with " + b.typeName(), At: at}
}

// Equal is `a == b`: a Bool, an Unknown or an Error.
func (ev *Evaluator) Equal(a, b Value) Value {
	for _, v := range []Value{a, b} {
		switch v := v.(type) {
		case *Error:
			return v
		case *Unknown:
			return &Unknown{Reason: v.Reason}
		}
	}
	if x, ok := number(a); ok {
		y, ok := number(b)
		return Bool(ok && x == y)
	}
	switch x := a.(type) {
	case Null, Bool, String, Path:
		if t, ok := b.(*Text); ok && a.typeName() == b.typeName() {
			return ev.textEqual(t, a)
		}
		return Bool(a == b)
	case *Text:
		if x.typeName() != b.typeName() {
			return Bool(false)
		}
		return ev.textEqual(x, b)
	case *List:
		y, ok := b.(*List)
		if !ok {
			return Bool(false)
		}
		if x.More != nil || y.More != nil {
			return &Unknown{Reason: "a list is not wholly known"}
		}
		if len(x.Elems) != len(y.Elems) {
			return Bool(false)
		}
		for i := range x.Elems {
			if eq := ev.Equal(ev.Force(x.Elems[i]), ev.Force(y.Elems[i])); eq != Value(Bool(true)) {
				return eq
			}
		}
		return Bool(true)
	case *Attrs:
		y, ok := b.(*Attrs)
		if !ok {
			return Bool(false)
		}
		if x.Rest != nil || y.Rest != nil {
			return &Unknown{Reason: "a set is not wholly known"}
		}
		if len(x.Entries) != len(y.Entries) {
			return Bool(false)
		}
		for i := range x.Entries {
			if x.Entries[i].Name != y.Entries[i].Name {
				return Bool(false)
			}
		}
		for i := range x.Entries {
			if eq := ev.Equal(ev.Force(x.Entries[i].Value), ev.Force(y.Entries[i].Value)); eq != Value(Bool(true)) {
				return eq
			}
		}
		return Bool(true)
	}
	return Bool(false) // functions are never equal
}

// textEqual compares a partly known text: it differs for certain if what is
// known of it does.
func (ev *Evaluator) textEqual(t *Text, other Value) Value {
	var s string
	switch o := other.(type) {
	case String:
		s = string(o)
	case Path:
		s = string(o)
	default:
		return &Unknown{Reason: "a part of the text is not known"}
	}
	first, last := t.Segments[0], t.Segments[len(t.Segments)-1]
	if !strings.HasPrefix(s, first.Known) || !strings.HasSuffix(s, last.Known) {
		return Bool(false)
	}
	return &Unknown{Reason: "a part of the text is not known"}
}
