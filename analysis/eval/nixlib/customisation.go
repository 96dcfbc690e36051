package nixlib

import "github.com/nixlint/nixlint/analysis/eval"

// customisation is the area of functions whose arguments can be overridden.
var customisation = area{
	functions: map[string]function{
		"makeOverridable": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Force(overridable(a[0], at))
		}},
		"callPackageWith": {3, callPackage},
		"callPackagesWith": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			fn := importable(ev, a[1], at)
			args := eval.Done(autoArgs(ev, a[0], fn, a[2], at))
			pkgs := eval.LaterCall(a[1], fn, at, args)
			return ev.Builtin("mapAttrs", at, native("lib.callPackagesWith", 2, func(ev *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
				name, fail := ev.WantString(b[0], at)
				if fail != nil {
					return fail
				}
				one := native("lib.callPackagesWith", 1, func(ev *eval.Evaluator, c []*eval.Thunk, _ eval.Place) eval.Value {
					return ev.Select(call(ev, fn, at, c[0]), name, at)
				})
				return call(ev, overridable(mirrored(fn, one, at), at), at, args)
			}), pkgs)
		}},
		"makeScope": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Force(makeScope(a[0], a[1], at))
		}},
	},
}

// mirrored is a function that says it takes the arguments another does.
func mirrored(fn, by *eval.Thunk, at eval.Place) *eval.Thunk {
	return eval.Later(func(ev *eval.Evaluator) eval.Value { return mirrorFunctionArgs(ev, []*eval.Thunk{fn, by}, at) })
}

// overridable is a function the results of which have functions that call it
// again with other arguments.
func overridable(fn *eval.Thunk, at eval.Place) *eval.Thunk {
	return mirrored(fn, native("lib.makeOverridable", 1, func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value {
		result := call(ev, fn, at, a[0])
		override := mirrored(fn, native("override", 1, func(ev *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
			is := eval.Done(isFunction(ev, b, at))
			more := eval.Done(cond(ev, is, at, eval.LaterCall(b[0], b[0], at, a[0]), b[0]))
			args := eval.Later(func(ev *eval.Evaluator) eval.Value { return ev.Update(ev.Force(a[0]), ev.Force(more), at, at) })
			return call(ev, overridable(fn, at), at, args)
		}), at)
		switch result.(type) {
		case *eval.Attrs:
		case *eval.Lambda, *eval.Native:
			args := eval.Later(func(ev *eval.Evaluator) eval.Value { return functionArgs(ev, []*eval.Thunk{eval.Done(result)}, at) })
			return ev.Update(functor(eval.Done(result), args), set(eval.Attr{Name: "override", Value: override}), at, at)
		default:
			return result
		}
		// again is the function with something done to each of its results.
		again := func(name string, change func(ev *eval.Evaluator, result, how *eval.Thunk) eval.Value) eval.Attr {
			return eval.Attr{Name: name, Value: native(name, 1, func(ev *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
				changed := native(name, 1, func(ev *eval.Evaluator, c []*eval.Thunk, _ eval.Place) eval.Value {
					return change(ev, eval.LaterCall(c[0], fn, at, c[0]), b[0])
				})
				return call(ev, overridable(mirrored(fn, changed, at), at), at, a[0])
			})}
		}
		more := []eval.Attr{
			{Name: "override", Value: override},
			again("overrideDerivation", func(*eval.Evaluator, *eval.Thunk, *eval.Thunk) eval.Value {
				return eval.NewUnknown("derivations are not instantiated", "lib", "overrideDerivation")
			}),
		}
		if result.(*eval.Attrs).Get("overrideAttrs") != nil {
			more = append(more, again("overrideAttrs", func(ev *eval.Evaluator, result, how *eval.Thunk) eval.Value {
				return ev.Call(ev.Select(ev.Force(result), "overrideAttrs", at), how, at)
			}))
		}
		return ev.Update(result, eval.SetOf(more...), at, at)
	}), at)
}

// importable is a function, or that in a file.
func importable(ev *eval.Evaluator, fn *eval.Thunk, at eval.Place) *eval.Thunk {
	is := eval.Done(isFunction(ev, []*eval.Thunk{fn}, at))
	return eval.Done(cond(ev, is, at, fn, eval.Later(func(ev *eval.Evaluator) eval.Value { return ev.Builtin("import", at, fn) })))
}

// autoArgs are the arguments for a function: those it takes out of a set, and
// others.
func autoArgs(ev *eval.Evaluator, auto, fn, args *eval.Thunk, at eval.Place) eval.Value {
	takes := eval.Done(functionArgs(ev, []*eval.Thunk{fn}, at))
	return ev.Update(ev.Builtin("intersectAttrs", at, takes, auto), ev.Force(args), at, at)
}

func callPackage(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	fn := importable(ev, a[1], at)
	return call(ev, overridable(fn, at), at, eval.Done(autoArgs(ev, a[0], fn, a[2], at)))
}

// makeScope ties a set of packages that are called with each other.
func makeScope(newScope, fn *eval.Thunk, at eval.Place) *eval.Thunk {
	var self *eval.Thunk
	scope := native("newScope", 1, func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value {
		all := eval.Later(func(ev *eval.Evaluator) eval.Value { return ev.Update(ev.Force(self), ev.Force(a[0]), at, at) })
		return call(ev, newScope, at, all)
	})
	override := native("overrideScope", 1, func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value {
		extended := native("overrideScope", 1, func(ev *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
			prev := eval.LaterCall(b[0], fn, at, b[0])
			return overlay(ev, a[0], b[0], prev, at)
		})
		return ev.Force(makeScope(newScope, extended, at))
	})
	self = eval.Later(func(ev *eval.Evaluator) eval.Value {
		first := set(eval.Attr{Name: "callPackage", Value: eval.Later(func(ev *eval.Evaluator) eval.Value {
			return ev.Call(ev.Select(ev.Force(self), "newScope", at), emptyAttrs, at)
		})})
		last := set(eval.Attr{Name: "newScope", Value: scope}, eval.Attr{Name: "overrideScope", Value: override}, eval.Attr{Name: "packages", Value: fn})
		return ev.Update(ev.Update(first, call(ev, fn, at, self), at, at), last, at, at)
	})
	return self
}
