package nixlib

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

var attrsets = area{
	builtins: []string{
		"attrNames", "attrValues", "catAttrs", "getAttr", "hasAttr", "intersectAttrs", "isAttrs", "listToAttrs",
		"mapAttrs", "removeAttrs", "zipAttrsWith",
	},
	functions: map[string]function{
		"attrByPath": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return byPath(ev, a[0], a[2], at, func(v *eval.Thunk) *eval.Thunk { return v }, a[1])
		}},
		"hasAttrByPath": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return byPath(ev, a[0], a[1], at, func(*eval.Thunk) *eval.Thunk { return yes }, no)
		}},
		"getAttrFromPath": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			missing := eval.Later(func(ev *eval.Evaluator) eval.Value {
				names, _ := ev.WantStrings(a[0], at)
				return &eval.Error{
					Kind: eval.ErrorAbort, Message: "cannot find attribute '" + strings.Join(names, ".") + "'", At: at,
				}
			})
			return byPath(ev, a[0], a[1], at, func(v *eval.Thunk) *eval.Thunk { return v }, missing)
		}},
		"setAttrByPath": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			names, fail := ev.WantStrings(a[0], at)
			if fail != nil {
				return fail
			}
			t := a[1]
			for _, n := range slices.Backward(names) {
				t = eval.Done(set(eval.Attr{Name: n, Value: t}))
			}
			return ev.Force(t)
		}},
		"longestValidPathPrefix": {2, longestValidPathPrefix},
		"attrVals": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Builtin("map", at, native("lib.attrVals", 1, func(ev *eval.Evaluator, b []*eval.Thunk, at eval.Place) eval.Value {
				return ev.Builtin("getAttr", at, b[0], a[1])
			}), a[0])
		}},
		"getAttrs": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return genAttrs(ev, a[0], at, func(_ string, name *eval.Thunk) *eval.Thunk {
				return eval.Later(func(ev *eval.Evaluator) eval.Value { return ev.Builtin("getAttr", at, name, a[1]) })
			})
		}},
		"genAttrs": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return genAttrs(ev, a[0], at, func(_ string, name *eval.Thunk) *eval.Thunk { return eval.LaterCall(name, a[1], at, name) })
		}},
		"genAttrs'": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Builtin("listToAttrs", at, eval.Done(ev.Builtin("map", at, a[1], a[0])))
		}},
		"nameValuePair": {2, func(_ *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value { return pair(a[0], a[1]) }},
		"mapAttrs'": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Builtin("listToAttrs", at, eval.Done(mapAttrsToList(ev, a, at)))
		}},
		"mapAttrsToList": {2, mapAttrsToList},
		"attrsToList": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return mapAttrsToList(ev, []*eval.Thunk{native("lib.nameValuePair", 2, func(_ *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
				return pair(b[0], b[1])
			}), a[0]}, at)
		}},
		"concatMapAttrs": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return mergeList(ev, eval.Done(mapAttrsToList(ev, a, at)), at)
		}},
		"mergeAttrsList": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return mergeList(ev, a[0], at)
		}},
		"filterAttrs": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return filterAttrs(ev, a[0], a[1], at, false)
		}},
		"filterAttrsRecursive": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return filterAttrs(ev, a[0], a[1], at, true)
		}},
		"foldlAttrs": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			s, fail := ev.WantAttrs(a[2], at)
			if fail != nil {
				return fail
			}
			if s.Rest != nil {
				return s.Rest.Derive()
			}
			acc := a[1]
			for _, e := range s.Entries {
				acc = eval.Done(call(ev, a[0], at, acc, eval.Done(eval.String(e.Name)), e.Value))
			}
			return ev.Force(acc)
		}},
		"foldAttrs": {3, foldAttrs},
		"collect": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			var b eval.ListBuilder
			if fail := collect(ev, a[0], a[1], at, &b); fail != nil {
				return fail
			}
			return b.List()
		}},
		"cartesianProduct": {1, cartesianProduct},
		"mapCartesianProduct": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Builtin("map", at, a[0], eval.Done(cartesianProduct(ev, a[1:], at)))
		}},
		"mapAttrsRecursive": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return mapRecursive(ev, nil, a[0], a[1], nil, at)
		}},
		"mapAttrsRecursiveCond": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return mapRecursive(ev, a[0], a[1], a[2], nil, at)
		}},
		"mapAttrsToListRecursive": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			var b eval.ListBuilder
			if fail := listRecursive(ev, nil, a[0], a[1], nil, at, &b); fail != nil {
				return fail
			}
			return b.List()
		}},
		"mapAttrsToListRecursiveCond": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			var b eval.ListBuilder
			if fail := listRecursive(ev, a[0], a[1], a[2], nil, at, &b); fail != nil {
				return fail
			}
			return b.List()
		}},
		"isDerivation": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			t := attrOr(ev, ev.Force(a[0]), "type", null)
			return ev.Equal(ev.Force(t), eval.String("derivation"))
		}},
		"optionalAttrs": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return cond(ev, a[0], at, a[1], emptyAttrs)
		}},
		"zipAttrsWithNames": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return genAttrs(ev, a[0], at, func(_ string, name *eval.Thunk) *eval.Thunk {
				values := eval.Later(func(ev *eval.Evaluator) eval.Value { return ev.Builtin("catAttrs", at, name, a[2]) })
				return eval.LaterCall(name, a[1], at, name, values)
			})
		}},
		"zipAttrs": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			values := native("lib.zipAttrs", 2, func(ev *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value { return ev.Force(b[1]) })
			return ev.Builtin("zipAttrsWith", at, values, a[0])
		}},
		"recursiveUpdateUntil": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return updateRecursively(ev, a[0], a[1], a[2], nil, at)
		}},
		"recursiveUpdate": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return updateRecursively(ev, nil, a[0], a[1], nil, at)
		}},
		"matchAttrs": {2, matchAttrs},
		"overrideExisting": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Builtin("mapAttrs", at, native("lib.overrideExisting", 2, func(ev *eval.Evaluator, b []*eval.Thunk, at eval.Place) eval.Value {
				name, fail := ev.WantString(b[0], at)
				if fail != nil {
					return fail
				}
				return ev.Force(attrOr(ev, ev.Force(a[1]), name, b[1]))
			}), a[0])
		}},
		"showAttrPath": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			names, fail := ev.WantStrings(a[0], at)
			if fail != nil {
				return fail
			}
			if len(names) == 0 {
				return eval.String("<root attribute path>")
			}
			for i, n := range names {
				names[i] = escapeIdentifier(n)
			}
			return eval.String(strings.Join(names, "."))
		}},
		"getOutput": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			name, fail := ev.WantString(a[0], at)
			if fail != nil {
				return fail
			}
			return output(ev, a[1], at, name)
		}},
		"getFirstOutput": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			names, fail := ev.WantStrings(a[0], at)
			if fail != nil {
				return fail
			}
			return firstOutput(ev, a[1], at, names...)
		}},
		"getBin": outputOf("bin"), "getLib": outputOf("lib"), "getDev": outputOf("dev"), "getMan": outputOf("man"),
		"getStatic":  firstOutputOf("static", "lib", "out"),
		"getInclude": firstOutputOf("include", "dev", "out"),
		"chooseDevOutputs": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Builtin("map", at, native("lib.getDev", 1, outputOf("dev").call), a[0])
		}},
		"recurseIntoAttrs":     marked("recurseForDerivations", true),
		"dontRecurseIntoAttrs": marked("recurseForDerivations", false),
		"unionOfDisjoint": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			both, ok := ev.Builtin("intersectAttrs", at, a...).(*eval.Attrs)
			union := ev.Update(ev.Force(a[0]), ev.Force(a[1]), at, at)
			if !ok || len(both.Entries) == 0 {
				return union
			}
			mask := make(map[string]eval.Value)
			for _, e := range both.Entries {
				mask[e.Name] = &eval.Error{Kind: eval.ErrorThrow, Message: "unionOfDisjoint: collision on " + e.Name, At: at}
			}
			return ev.Update(union, eval.NewAttrs(mask), at, at)
		}},
	},
	hidden: []string{"unionOfDisjoint", "longestValidPathPrefix"},
}

// native makes a function to hand to another.
func native(name string, arity int, f func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value) *eval.Thunk {
	return eval.Done(&eval.Native{Name: name, Arity: arity, Call: f})
}

func pair(name, value *eval.Thunk) eval.Value {
	return set(eval.Attr{Name: "name", Value: name}, eval.Attr{Name: "value", Value: value, At: value.At()})
}

// attrOr is `v.name or other`.
func attrOr(ev *eval.Evaluator, v eval.Value, name string, other *eval.Thunk) *eval.Thunk {
	switch v := v.(type) {
	case *eval.Attrs:
		if x := v.Get(name); x != nil {
			return x.Value
		}
		if v.Rest == nil {
			return other
		}
	case *eval.Unknown:
	case *eval.Error:
		return eval.Done(v)
	default:
		return other
	}
	switch x := ev.Select(v, name, eval.Place{}).(type) {
	case *eval.Unknown:
		return eval.Done(&eval.Unknown{Reason: x.Reason, Of: x, Maybe: []*eval.Thunk{eval.Done(x), other}, Closed: true})
	default:
		return other
	}
}

// genAttrs makes a set of names, each with a value made of it.
func genAttrs(ev *eval.Evaluator, names *eval.Thunk, at eval.Place, value func(name string, t *eval.Thunk) *eval.Thunk) eval.Value {
	l, fail := ev.WantList(names, at)
	if fail != nil {
		return fail
	}
	var rest *eval.Unknown
	if l.More != nil {
		rest = l.More.Map(func(ev *eval.Evaluator, v eval.Value) eval.Value {
			return genAttrs(ev, eval.Done(v), at, value)
		})
	}
	entries := make([]eval.Attr, 0, len(l.Elems))
	for _, e := range l.Elems {
		name, fail := ev.WantString(e, at)
		switch u := fail.(type) {
		case nil:
			entries = append(entries, eval.Attr{Name: name, Value: value(name, e), At: e.At()})
		case *eval.Unknown:
			rest = eval.Either(rest, &eval.Unknown{Reason: u.Reason, Of: u, Closed: true, Values: []*eval.Thunk{value("", e)}})
		default:
			return fail
		}
	}
	out := eval.SetOf(entries...)
	out.Rest = rest
	return out
}

func mapAttrsToList(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	return ev.Builtin("attrValues", at, eval.Done(ev.Builtin("mapAttrs", at, a...)))
}

// mergeList is the sets of a list put over each other.
func mergeList(ev *eval.Evaluator, sets *eval.Thunk, at eval.Place) eval.Value {
	l, fail := ev.WantList(sets, at)
	if fail != nil {
		return fail
	}
	var out eval.Value = &eval.Attrs{}
	fail = l.Each(func(e *eval.Thunk) eval.Value {
		out = ev.Update(out, ev.Force(e), at, at)
		if err, ok := out.(*eval.Error); ok {
			return err
		}
		return nil
	}, func(more *eval.Unknown) {
		out = ev.Update(out, &eval.Attrs{Rest: more.Map(func(ev *eval.Evaluator, v eval.Value) eval.Value {
			return mergeList(ev, eval.Done(v), at)
		})}, at, at)
	})
	if fail != nil {
		return fail
	}
	return out
}

// filterAttrs keeps the attributes that a predicate holds for.
func filterAttrs(ev *eval.Evaluator, pred, in *eval.Thunk, at eval.Place, recursive bool) eval.Value {
	s, fail := ev.WantAttrs(in, at)
	if fail != nil {
		if u, ok := ev.Force(in).(*eval.Unknown); ok {
			return u.Map(func(ev *eval.Evaluator, v eval.Value) eval.Value {
				return filterAttrs(ev, pred, eval.Done(v), at, recursive)
			})
		}
		return fail
	}
	out := &eval.Attrs{Entries: make([]eval.Attr, 0, len(s.Entries))}
	if s.Rest != nil {
		out.Rest = s.Rest.Map(func(ev *eval.Evaluator, v eval.Value) eval.Value {
			return filterAttrs(ev, pred, eval.Done(v), at, recursive)
		})
		out.Rest.Values = s.Rest.Values
	}
	for _, e := range s.Entries {
		keep, fail := ev.WantBool(eval.Done(call(ev, pred, at, eval.Done(eval.String(e.Name)), e.Value)), at)
		if err, ok := fail.(*eval.Error); ok {
			return err
		}
		if recursive {
			inner := e.Value
			e.Value = eval.LaterAt(inner, func(ev *eval.Evaluator) eval.Value {
				if v, ok := ev.Force(inner).(*eval.Attrs); ok {
					return ev.Nested(func() eval.Value { return filterAttrs(ev, pred, eval.Done(v), at, true) })
				}
				return ev.Force(inner)
			})
		}
		if u, ok := fail.(*eval.Unknown); ok {
			out.Rest = eval.Either(out.Rest, &eval.Unknown{
				Reason: u.Reason, Of: u.Of, Maybe: []*eval.Thunk{eval.Done(set(e))}, Closed: true,
			})
		} else if keep {
			out.Entries = append(out.Entries, e)
		}
	}
	return out
}

// foldAttrs folds the values that the sets of a list have for each name, from
// the right.
func foldAttrs(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	l, fail := ev.WantList(a[2], at)
	if fail != nil {
		return fail
	}
	values := make(map[string]*eval.Thunk)
	var rest *eval.Unknown
	if l.More != nil {
		rest = l.More.Derive()
	}
	for _, e := range slices.Backward(l.Elems) {
		s, fail := ev.WantAttrs(e, at)
		switch u := fail.(type) {
		case nil:
		case *eval.Unknown:
			rest = eval.Either(rest, u)
			continue
		default:
			return fail
		}
		if s.Rest != nil {
			rest = eval.Either(rest, s.Rest.Derive())
		}
		for _, x := range s.Entries {
			acc := values[x.Name]
			if acc == nil {
				acc = a[1]
			}
			values[x.Name] = eval.LaterCall(x.Value, a[0], at, x.Value, acc)
		}
	}
	var entries []eval.Attr
	for name, v := range values {
		if rest != nil {
			v = eval.Done(rest.Derive())
		}
		entries = append(entries, eval.Attr{Name: name, Value: v})
	}
	out := eval.SetOf(entries...)
	out.Rest = rest
	return out
}

func cartesianProduct(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	s, fail := ev.WantAttrs(a[0], at)
	if fail != nil {
		return fail
	}
	if s.Rest != nil {
		return s.Rest.Derive()
	}
	rows := [][]eval.Attr{nil}
	for _, e := range s.Entries {
		l, fail := ev.WantList(e.Value, at)
		if fail != nil {
			return fail
		}
		if l.More != nil {
			return l.More.Derive()
		}
		const perRow = 64
		if u := ev.Reserve(len(rows) * len(l.Elems) * (len(s.Entries) + 1) * perRow); u != nil {
			return u
		}
		next := make([][]eval.Attr, 0, len(rows)*len(l.Elems))
		for _, row := range rows {
			for _, v := range l.Elems {
				next = append(next, append(slices.Clip(row), eval.Attr{Name: e.Name, Value: v}))
			}
		}
		rows = next
	}
	values := make([]eval.Value, len(rows))
	for i, row := range rows {
		values[i] = set(row...)
	}
	return eval.NewList(values...)
}

func isUnknown(v eval.Value) bool {
	_, ok := v.(*eval.Unknown)
	return ok
}

// output is an output of a package, or the package if it says which it is.
func output(ev *eval.Evaluator, pkg *eval.Thunk, at eval.Place, name string) eval.Value {
	v := ev.Force(pkg)
	chosen := attrOr(ev, v, "outputSpecified", no)
	other := eval.Later(func(ev *eval.Evaluator) eval.Value {
		out := eval.Later(func(ev *eval.Evaluator) eval.Value { return ev.Force(attrOr(ev, v, "out", pkg)) })
		return ev.Force(attrOr(ev, v, name, out))
	})
	return cond(ev, chosen, at, pkg, other)
}

func outputOf(name string) function {
	return function{1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		return output(ev, a[0], at, name)
	}}
}

// firstOutput is the first output that a package has of several.
func firstOutput(ev *eval.Evaluator, pkg *eval.Thunk, at eval.Place, names ...string) eval.Value {
	v := ev.Force(pkg)
	other := pkg
	for _, name := range slices.Backward(names) {
		rest := other
		other = eval.Later(func(ev *eval.Evaluator) eval.Value { return ev.Force(attrOr(ev, v, name, rest)) })
	}
	return cond(ev, attrOr(ev, v, "outputSpecified", no), at, pkg, other)
}

func firstOutputOf(names ...string) function {
	return function{1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		return firstOutput(ev, a[0], at, names...)
	}}
}

// marked makes a function that adds an attribute to a set.
func marked(name string, value bool) function {
	return function{1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		return ev.Update(ev.Force(a[0]), set(attr(name, eval.Bool(value))), at, at)
	}}
}
