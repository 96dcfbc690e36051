package nixlib

import "github.com/nixlint/nixlint/analysis/eval"

var fixedPoints = area{
	functions: map[string]function{
		"fix": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			var x *eval.Thunk
			x = eval.Later(func(ev *eval.Evaluator) eval.Value { return call(ev, a[0], at, x) })
			return ev.Force(x)
		}},
		"fix'": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			var x *eval.Thunk
			x = eval.Later(func(ev *eval.Evaluator) eval.Value {
				return ev.Update(call(ev, a[0], at, x), set(eval.Attr{Name: "__unfix__", Value: a[0]}), at, at)
			})
			return ev.Force(x)
		}},
		"converge": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			for x := a[1]; ; {
				next := eval.Done(call(ev, a[0], at, x))
				same, fail := ev.WantBool(eval.Done(ev.Equal(ev.Force(next), ev.Force(x))), at)
				switch {
				case fail != nil:
					return fail
				case same:
					return ev.Force(x)
				}
				x = next
			}
		}},
		"extends": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			prev := eval.Later(func(ev *eval.Evaluator) eval.Value { return call(ev, a[1], at, a[2]) })
			return overlay(ev, a[0], a[2], prev, at)
		}},
		"composeExtensions": {4, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return compose(ev, []*eval.Thunk{a[0], a[1]}, a[2], a[3], at)
		}},
		"composeManyExtensions": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			l, fail := ev.WantList(a[0], at)
			if fail != nil {
				return fail
			}
			if l.More != nil {
				return l.More.Derive()
			}
			return compose(ev, l.Elems, a[1], a[2], at)
		}},
		"makeExtensible": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Force(makeExtensible(a[0], "extend", at))
		}},
		"makeExtensibleWithCustomName": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			name, fail := ev.WantString(a[0], at)
			if fail != nil {
				return fail
			}
			return ev.Force(makeExtensible(a[1], name, at))
		}},
		"toExtension": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return &eval.Native{Name: "lib.toExtension", Arity: 2, Call: func(ev *eval.Evaluator, b []*eval.Thunk, at eval.Place) eval.Value {
				switch f := ev.Force(a[0]).(type) {
				case *eval.Lambda, *eval.Native:
					switch g := ev.Call(f, b[1], at).(type) {
					case *eval.Lambda, *eval.Native:
						return ev.Apply(f, at, b...)
					default:
						return g
					}
				case *eval.Unknown:
					return ev.Apply(f, at, b...).(*eval.Unknown).Derive()
				default:
					return f
				}
			}}
		}},
	},
	hidden: []string{},
}

// overlay is what an overlay makes of a set: prev // overlay final prev.
func overlay(ev *eval.Evaluator, fn, final, prev *eval.Thunk, at eval.Place) eval.Value {
	return ev.Update(ev.Force(prev), call(ev, fn, at, final, prev), at, at)
}

// compose is what several overlays in turn add to a set.
func compose(ev *eval.Evaluator, overlays []*eval.Thunk, final, prev *eval.Thunk, at eval.Place) eval.Value {
	var added eval.Value = &eval.Attrs{}
	for _, fn := range overlays {
		more := eval.Done(call(ev, fn, at, final, prev))
		added = ev.Update(added, ev.Force(more), at, at)
		before := prev
		prev = eval.Later(func(ev *eval.Evaluator) eval.Value {
			return ev.Update(ev.Force(before), ev.Force(more), at, at)
		})
	}
	return added
}

// makeExtensible ties a function of its own result, an argument of Nix code.
func makeExtensible(fn *eval.Thunk, name string, at eval.Place) *eval.Thunk {
	return Extensible(func(ev *eval.Evaluator, self *eval.Thunk) eval.Value { return call(ev, fn, at, self) }, name)
}

// Extensible ties a set to itself: make is given the set it makes. The set gets
// an attribute of the given name, a function that applies an overlay to it.
func Extensible(make func(ev *eval.Evaluator, self *eval.Thunk) eval.Value, name string) *eval.Thunk {
	var self *eval.Thunk
	extend := &eval.Native{Name: "lib." + name, Arity: 1, Call: func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		return ev.Force(Extensible(func(ev *eval.Evaluator, final *eval.Thunk) eval.Value {
			prev := eval.Later(func(ev *eval.Evaluator) eval.Value { return make(ev, final) })
			return overlay(ev, a[0], final, prev, at)
		}, name))
	}}
	self = eval.Later(func(ev *eval.Evaluator) eval.Value {
		return ev.Update(make(ev, self), eval.SetOf(
			eval.Attr{Name: "__unfix__", Value: eval.Done(&eval.Native{
				Name: "lib.unfix", Arity: 1,
				Call: func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value { return make(ev, a[0]) },
			})},
			attr(name, extend),
		), eval.Place{}, eval.Place{})
	})
	return self
}
