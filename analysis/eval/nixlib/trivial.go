package nixlib

import (
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

var trivial = area{
	builtins: []string{
		"add", "bitAnd", "bitOr", "bitXor", "ceil", "deepSeq", "div", "floor", "genericClosure", "isBool", "isFloat",
		"isInt", "lessThan", "mul", "pathExists", "readFile", "seq", "sub",
	},
	functions: map[string]function{
		"id":    {1, func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value { return ev.Force(a[0]) }},
		"const": {2, func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value { return ev.Force(a[0]) }},
		"pipe": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			l, fail := ev.WantList(a[1], at)
			if fail != nil {
				return fail
			}
			if l.More != nil {
				return l.More.Derive()
			}
			v := a[0]
			for _, f := range l.Elems {
				v = eval.Done(call(ev, f, at, v))
			}
			return ev.Force(v)
		}},
		"flip": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return call(ev, a[0], at, a[2], a[1])
		}},
		"concat": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return eval.Concat(ev.Force(a[0]), ev.Force(a[1]), at)
		}},
		"mergeAttrs": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Update(ev.Force(a[0]), ev.Force(a[1]), at, at)
		}},
		"and": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return cond(ev, a[0], at, a[1], no)
		}},
		"or": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return cond(ev, a[0], at, yes, a[1])
		}},
		"xor": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			x, fail := ev.WantBool(a[0], at)
			if fail != nil {
				return fail
			}
			y, fail := ev.WantBool(a[1], at)
			if fail != nil {
				return fail
			}
			return eval.Bool(x != y)
		}},
		"bitNot": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Builtin("sub", at, eval.Done(eval.Int(-1)), a[0])
		}},
		"boolToString": choice("true", "false"),
		"boolToYesNo":  choice("yes", "no"),
		"defaultTo": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ifNull(ev, a[1], a[0], a[1])
		}},
		"mapNullable": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ifNull(ev, a[1], a[1], eval.LaterCall(a[1], a[0], at, a[1]))
		}},
		"min": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return cond(ev, eval.Done(ev.Less(ev.Force(a[0]), ev.Force(a[1]), at)), at, a[0], a[1])
		}},
		"max": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return cond(ev, eval.Done(ev.Less(ev.Force(a[1]), ev.Force(a[0]), at)), at, a[0], a[1])
		}},
		"mod": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			quotient := eval.Done(ev.Builtin("div", at, a...))
			return ev.Builtin("sub", at, a[0], eval.Done(ev.Builtin("mul", at, a[1], quotient)))
		}},
		"compare": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			x, y := ev.Force(a[0]), ev.Force(a[1])
			less := eval.Done(ev.Less(x, y, at))
			greater := eval.Later(func(ev *eval.Evaluator) eval.Value { return ev.Less(y, x, at) })
			return cond(ev, less, at, eval.Done(eval.Int(-1)), eval.Later(func(ev *eval.Evaluator) eval.Value {
				return cond(ev, greater, at, eval.Done(eval.Int(1)), eval.Done(eval.Int(0)))
			}))
		}},
		"splitByAndCompare": {5, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			first, fail := ev.WantBool(eval.LaterCall(a[3], a[0], at, a[3]), at)
			if fail != nil {
				return fail
			}
			second, fail := ev.WantBool(eval.LaterCall(a[4], a[0], at, a[4]), at)
			switch {
			case fail != nil:
				return fail
			case first && second:
				return call(ev, a[1], at, a[3], a[4])
			case first:
				return eval.Int(-1)
			case second:
				return eval.Int(1)
			}
			return call(ev, a[2], at, a[3], a[4])
		}},
		"importJSON": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Builtin("fromJSON", at, eval.Done(ev.Builtin("readFile", at, a[0])))
		}},
		"importTOML": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Builtin("fromTOML", at, eval.Done(ev.Builtin("readFile", at, a[0])))
		}},
		"warn": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Builtin("warn", at, a...)
		}},
		"info": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value { return ev.Force(a[1]) }},
		// A warning is for people; a condition that is not known changes no value.
		"warnIf":    {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value { return unlessError(ev, a, at) }},
		"warnIfNot": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value { return unlessError(ev, a, at) }},
		"throwIf": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return cond(ev, a[0], at, throwing(a[1], at), a[2])
		}},
		"throwIfNot": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return cond(ev, a[0], at, a[2], throwing(a[1], at))
		}},
		"showWarnings": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value { return ev.Force(a[1]) }},
		"checkListOfEnum": {4, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			unexpected := subtractLists(ev, a[1:3], at)
			none := eval.Done(ev.Equal(unexpected, &eval.List{}))
			return cond(ev, none, at, a[3], eval.Later(func(ev *eval.Evaluator) eval.Value {
				sep := eval.Done(eval.String(", "))
				names := joined(ev, sep, ev.Builtin("map", at, ev.Builtins().Get("toString").Value, eval.Done(unexpected)), at)
				return ev.Builtin("throw", at, eval.Done(plus(ev, at, ev.Force(a[0]), eval.String(": "), names, eval.String(" unexpected"))))
			}))
		}},
		"setFunctionArgs": {2, func(_ *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value {
			return functor(a[0], a[1])
		}},
		"functionArgs":       {1, functionArgs},
		"isFunction":         {1, isFunction},
		"mirrorFunctionArgs": {2, mirrorFunctionArgs},
		"toFunction": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			constant := &eval.Native{Name: "lib.toFunction", Arity: 1, Call: func(ev *eval.Evaluator, _ []*eval.Thunk, _ eval.Place) eval.Value {
				return ev.Force(a[0])
			}}
			return cond(ev, eval.Done(isFunction(ev, a, at)), at, a[0], eval.Done(constant))
		}},
		"fromHexString": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			s, fail := ev.WantString(a[0], at)
			if fail != nil {
				return fail
			}
			i, err := strconv.ParseInt(strings.TrimPrefix(strings.ToLower(s), "0x"), 16, 64)
			if err != nil {
				return eval.Errorf(at, "`%s` is no hexadecimal number", s)
			}
			return eval.Int(i)
		}},
		"toHexString": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			i, fail := ev.WantInt(a[0], at)
			if fail != nil {
				return fail
			}
			if i < 0 {
				return eval.Errorf(at, "`%d` is negative", i)
			}
			return eval.String(strings.ToUpper(strconv.FormatInt(int64(i), 16)))
		}},
		"toBaseDigits": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			base, fail := ev.WantInt(a[0], at)
			if fail != nil {
				return fail
			}
			i, fail := ev.WantInt(a[1], at)
			if fail != nil {
				return fail
			}
			if base < 2 || i < 0 {
				return eval.Errorf(at, "the number `%d` cannot be written in base `%d`", i, base)
			}
			var digits []eval.Value
			for ; i >= base; i /= base {
				digits = append([]eval.Value{eval.Int(i % base)}, digits...)
			}
			return eval.NewList(append([]eval.Value{eval.Int(i)}, digits...)...)
		}},
	},
	values: map[string]eval.Value{
		"inNixShell":     eval.NewUnknown("it depends on the environment", "lib", "inNixShell"),
		"inPureEvalMode": eval.NewUnknown("it depends on how Nix is called", "lib", "inPureEvalMode"),
	},
}

var (
	yes = eval.Done(eval.Bool(true))
	no  = eval.Done(eval.Bool(false))
)

// choice makes a function from a Boolean to one of two texts.
func choice(ifTrue, ifFalse string) function {
	return function{1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		return cond(ev, a[0], at, eval.Done(eval.String(ifTrue)), eval.Done(eval.String(ifFalse)))
	}}
}

// ifNull evaluates to one of two values, depending on whether t is null.
func ifNull(ev *eval.Evaluator, t, ifNull, ifNot *eval.Thunk) eval.Value {
	return cond(ev, eval.Done(ev.Equal(ev.Force(t), eval.Null{})), eval.Place{}, ifNull, ifNot)
}

// throwing is an error with a message.
func throwing(message *eval.Thunk, at eval.Place) *eval.Thunk {
	return eval.Later(func(ev *eval.Evaluator) eval.Value { return ev.Builtin("throw", at, message) })
}

// unlessError evaluates to the third argument if the first does not fail.
func unlessError(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	_, fail := ev.WantBool(a[0], at)
	if err, ok := fail.(*eval.Error); ok {
		return err
	}
	return ev.Force(a[2])
}

// functor makes a function of a set that says which arguments it takes.
func functor(fn, args *eval.Thunk) eval.Value {
	call := &eval.Native{Name: "lib.setFunctionArgs", Arity: 1, Call: func(ev *eval.Evaluator, _ []*eval.Thunk, _ eval.Place) eval.Value {
		return ev.Force(fn)
	}}
	return set(eval.Attr{Name: "__functionArgs", Value: args}, attr("__functor", call))
}

func functionArgs(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	f, ok := ev.Force(a[0]).(*eval.Attrs)
	if !ok || f.Get("__functor") == nil {
		return ev.Builtin("functionArgs", at, a[0])
	}
	if args := f.Get("__functionArgs"); args != nil {
		return ev.Force(args.Value)
	}
	return ev.Builtin("functionArgs", at, eval.LaterCall(a[0], f.Get("__functor").Value, at, a[0]))
}

func isFunction(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	f, ok := ev.Force(a[0]).(*eval.Attrs)
	if !ok {
		return ev.Builtin("isFunction", at, a[0])
	}
	if f.Get("__functor") == nil {
		return eval.Bool(false)
	}
	return isFunction(ev, []*eval.Thunk{eval.LaterCall(a[0], f.Get("__functor").Value, at, a[0])}, at)
}

func mirrorFunctionArgs(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	args := eval.Later(func(ev *eval.Evaluator) eval.Value { return functionArgs(ev, a[:1], at) })
	return functor(a[1], args)
}
