package nixlib

import (
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

// meta is the area of functions about what packages say of themselves.
var meta = area{
	values: map[string]eval.Value{"defaultPriority": eval.Int(5)},
	functions: map[string]function{
		"addMetaAttrs": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return addMeta(ev, a[0], a[1], at)
		}},
		"dontDistribute": metaMarked(eval.Attr{Name: "hydraPlatforms", Value: emptyList}),
		"setPrio": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return addMeta(ev, eval.Done(set(eval.Attr{Name: "priority", Value: a[0], At: a[0].At()})), a[1], at)
		}},
		"lowPrio": metaMarked(attr("priority", eval.Int(10))),
		"hiPrio":  metaMarked(attr("priority", eval.Int(-10))),
		"lowPrioSet": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return mapDerivations(ev, native("lib.lowPrio", 1, metaMarked(attr("priority", eval.Int(10))).call), a[0], at)
		}},
		"hiPrioSet": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return mapDerivations(ev, native("lib.hiPrio", 1, metaMarked(attr("priority", eval.Int(-10))).call), a[0], at)
		}},
		"mapDerivationAttrset": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return mapDerivations(ev, a[0], a[1], at)
		}},
		"getExe": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			name := eval.Later(func(ev *eval.Evaluator) eval.Value {
				v := ev.Force(a[0])
				byName := eval.Later(func(ev *eval.Evaluator) eval.Value { return texts.functions["getName"].call(ev, a, at) })
				if u, ok := v.(*eval.Unknown); ok {
					return ev.Select(ev.Select(u, "meta", at), "mainProgram", at)
				}
				return ev.Force(attrOr(ev, ev.Force(attrOr(ev, v, "meta", emptyAttrs)), "mainProgram", byName))
			})
			return program(ev, a[0], name, at)
		}},
		"getExe'": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return program(ev, a[0], a[1], at)
		}},
	},
	hidden: []string{"defaultPriority"},
}

// addMeta adds to what a package says of itself.
func addMeta(ev *eval.Evaluator, more, pkg *eval.Thunk, at eval.Place) eval.Value {
	v := ev.Force(pkg)
	merged := eval.Later(func(ev *eval.Evaluator) eval.Value {
		return ev.Update(ev.Force(attrOr(ev, v, "meta", emptyAttrs)), ev.Force(more), at, at)
	})
	return ev.Update(v, set(eval.Attr{Name: "meta", Value: merged}), at, at)
}

// metaMarked makes a function that adds an attribute to what a package says of
// itself.
func metaMarked(a eval.Attr) function {
	return function{1, func(ev *eval.Evaluator, args []*eval.Thunk, at eval.Place) eval.Value {
		return addMeta(ev, eval.Done(set(a)), args[0], at)
	}}
}

// mapDerivations applies a function to the packages in a set.
func mapDerivations(ev *eval.Evaluator, fn, in *eval.Thunk, at eval.Place) eval.Value {
	return ev.Builtin("mapAttrs", at, native("lib.mapDerivationAttrset", 2, func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value {
		derivation := eval.Done(attrsets.functions["isDerivation"].call(ev, a[1:], at))
		return cond(ev, derivation, at, eval.LaterCall(a[1], fn, at, a[1]), a[1])
	}), in)
}

// program is the path of a program in a package.
func program(ev *eval.Evaluator, pkg, name *eval.Thunk, at eval.Place) eval.Value {
	switch n := ev.Force(name).(type) {
	case eval.String:
		if strings.Contains(string(n), "/") {
			return eval.Errorf(at, "`%s` is no name of a program: it has a slash", n)
		}
	case *eval.Text, *eval.Unknown:
	default:
		return eval.Mismatch("a string", n, at)
	}
	bin := ev.Force(pkg)
	if _, ok := bin.(*eval.Unknown); !ok {
		is, fail := ev.WantBool(eval.Done(attrsets.functions["isDerivation"].call(ev, []*eval.Thunk{pkg}, at)), at)
		if err, ok := fail.(*eval.Error); ok {
			return err
		}
		if !is && fail == nil {
			return eval.Mismatch("a derivation", bin, at)
		}
		bin = output(ev, pkg, at, "bin")
	}
	return plus(ev, at, bin, eval.String("/bin/"), ev.Force(name))
}
