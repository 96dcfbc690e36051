package nixlib

import (
	"slices"
	"strconv"

	"github.com/nixlint/nixlint/analysis/eval"
)

var lists = area{
	builtins: []string{
		"all", "any", "concatLists", "concatMap", "elem", "elemAt", "filter", "foldl'", "genList", "groupBy", "head",
		"isList", "length", "map", "partition", "sort", "tail",
	},
	functions: map[string]function{
		"listDfs": {3, listDfs}, "toposort": {2, toposort},
		"singleton": {1, func(_ *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value { return list(a[0]) }},
		"forEach":   alias("map", 2, func(a []*eval.Thunk) []*eval.Thunk { return []*eval.Thunk{a[1], a[0]} }),
		"foldr":     {3, foldr}, "fold": {3, foldr},
		"foldl": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			l, fail := known(ev, a[2], at)
			if fail != nil {
				return fail
			}
			acc := a[1]
			for _, e := range l {
				acc = eval.LaterCall(e, a[0], at, acc, e)
			}
			return ev.Force(acc)
		}},
		"imap0":    {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value { return imap(ev, a, at, 0) }},
		"imap1":    {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value { return imap(ev, a, at, 1) }},
		"ifilter0": {2, ifilter},
		"flatten": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			switch v := ev.Force(a[0]).(type) {
			case *eval.List:
				var b eval.ListBuilder
				if fail := flatten(ev, v, &b); fail != nil {
					return fail
				}
				return b.List()
			case *eval.Error:
				return v
			case *eval.Unknown:
				return &eval.List{More: v.Derive()}
			}
			return list(a[0])
		}},
		"remove": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return where(ev, a[1], at, func(ev *eval.Evaluator, e *eval.Thunk) eval.Value {
				return not(ev.Equal(ev.Force(e), ev.Force(a[0])))
			})
		}},
		"findSingle": {4, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			l, fail := known(ev, eval.Done(ev.Builtin("filter", at, a[0], a[3])), at)
			switch {
			case fail != nil:
				return fail
			case len(l) == 0:
				return ev.Force(a[1])
			case len(l) > 1:
				return ev.Force(a[2])
			}
			return ev.Force(l[0])
		}},
		"findFirst": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return findFirst(ev, a, at, func(_ int, e *eval.Thunk) eval.Value { return ev.Force(e) })
		}},
		"findFirstIndex": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return findFirst(ev, a, at, func(i int, _ *eval.Thunk) eval.Value { return eval.Int(i) })
		}},
		"count": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Builtin("length", at, eval.Done(ev.Builtin("filter", at, a...)))
		}},
		"optional": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return cond(ev, a[0], at, eval.Done(list(a[1])), emptyList)
		}},
		"optionals": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return cond(ev, a[0], at, a[1], emptyList)
		}},
		"toList": {1, func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value {
			switch v := ev.Force(a[0]).(type) {
			case *eval.List, *eval.Error:
				return v
			case *eval.Unknown:
				return &eval.Unknown{Reason: v.Reason, Of: v, Maybe: []*eval.Thunk{a[0], eval.Done(list(a[0]))}, Closed: true}
			}
			return list(a[0])
		}},
		"range": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			from, fail := ev.WantInt(a[0], at)
			if fail != nil {
				return fail
			}
			to, fail := ev.WantInt(a[1], at)
			if fail != nil {
				return fail
			}
			n := 0
			if from <= to {
				n = max(to-from+1, 0)
			}
			plus := native("lib.range", 1, func(ev *eval.Evaluator, b []*eval.Thunk, at eval.Place) eval.Value {
				return ev.Builtin("add", at, a[0], b[0])
			})
			return ev.Builtin("genList", at, plus, eval.Done(eval.Int(n)))
		}},
		"replicate": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			same := native("lib.replicate", 1, func(ev *eval.Evaluator, _ []*eval.Thunk, _ eval.Place) eval.Value { return ev.Force(a[1]) })
			return ev.Builtin("genList", at, same, a[0])
		}},
		"groupBy'": {4, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			fold := native("lib.groupBy'", 2, func(ev *eval.Evaluator, b []*eval.Thunk, at eval.Place) eval.Value {
				return ev.Builtin("foldl'", at, a[0], a[1], b[1])
			})
			return ev.Builtin("mapAttrs", at, fold, eval.Done(ev.Builtin("groupBy", at, a[2], a[3])))
		}},
		"zipListsWith": {3, zipListsWith},
		"zipLists": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			both := native("lib.zipLists", 2, func(_ *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
				return set(eval.Attr{Name: "fst", Value: b[0]}, eval.Attr{Name: "snd", Value: b[1]})
			})
			return zipListsWith(ev, []*eval.Thunk{both, a[0], a[1]}, at)
		}},
		"reverseList": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			l, fail := ev.WantList(a[0], at)
			if fail != nil {
				return fail
			}
			out := slices.Clone(l.Elems)
			slices.Reverse(out)
			return &eval.List{Elems: out, More: l.More}
		}},
		"sortOn": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return sortBy(ev, a[1], at, func(e *eval.Thunk) eval.Value { return call(ev, a[0], at, e) },
				func(ev *eval.Evaluator, x, y eval.Value) eval.Value { return ev.Less(x, y, at) })
		}},
		"naturalSort":  {1, naturalSort},
		"compareLists": {3, compareLists},
		"take": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return sublist(ev, eval.Done(eval.Int(0)), a[0], a[1], at)
		}},
		"drop": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return sublist(ev, a[0], nil, a[1], at)
		}},
		"takeEnd": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value { return fromEnd(ev, a, at, true) }},
		"dropEnd": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value { return fromEnd(ev, a, at, false) }},
		"sublist": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return sublist(ev, a[0], a[1], a[2], at)
		}},
		"hasPrefix": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			_, holds := listPrefix(ev, a, at)
			return holds
		}},
		"removePrefix": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			n, holds := listPrefix(ev, a, at)
			switch h := holds.(type) {
			case eval.Bool:
				if h {
					return sublist(ev, eval.Done(eval.Int(n)), nil, a[1], at)
				}
				return &eval.Error{Kind: eval.ErrorThrow, Message: "the first list is not the start of the second", At: at}
			default:
				return h
			}
		}},
		"commonPrefix": {2, commonPrefix},
		"last": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			l, fail := nonEmpty(ev, a[0], at)
			if fail != nil {
				return fail
			}
			return ev.Force(l[len(l)-1])
		}},
		"init": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			l, fail := nonEmpty(ev, a[0], at)
			if fail != nil {
				return fail
			}
			return list(l[:len(l)-1]...)
		}},
		"unique": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value { return unique(ev, a[0], at) }},
		"uniqueStrings": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Builtin("attrNames", at, eval.Done(genAttrs(ev, a[0], at, func(_ string, t *eval.Thunk) *eval.Thunk { return t })))
		}},
		"allUnique": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			l, fail := known(ev, a[0], at)
			if fail != nil {
				return fail
			}
			u, fail := known(ev, eval.Done(unique(ev, a[0], at)), at)
			if fail != nil {
				return fail
			}
			return eval.Bool(len(u) == len(l))
		}},
		"intersectLists": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return where(ev, a[1], at, func(ev *eval.Evaluator, e *eval.Thunk) eval.Value { return ev.Builtin("elem", at, e, a[0]) })
		}},
		"subtractLists": {2, subtractLists},
		"mutuallyExclusive": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			in := native("lib.mutuallyExclusive", 1, func(ev *eval.Evaluator, b []*eval.Thunk, at eval.Place) eval.Value {
				return ev.Builtin("elem", at, b[0], a[0])
			})
			return not(ev.Builtin("any", at, in, a[1]))
		}},
		"concatAttrValues": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Builtin("concatLists", at, eval.Done(ev.Builtin("attrValues", at, a[0])))
		}},
		"replaceElemAt": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			l, fail := known(ev, a[0], at)
			if fail != nil {
				return fail
			}
			i, fail := ev.WantInt(a[1], at)
			if fail != nil {
				return fail
			}
			if i < 0 || i >= len(l) {
				return &eval.Error{Kind: eval.ErrorThrow, Message: "the list has no element `" + strconv.Itoa(i) + "`", At: at}
			}
			out := slices.Clone(l)
			out[i] = a[2]
			return list(out...)
		}},
		"crossLists": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			l, fail := known(ev, a[1], at)
			if fail != nil {
				return fail
			}
			fs := eval.Done(list(a[0]))
			for _, args := range l {
				apply := native("lib.crossLists", 1, func(ev *eval.Evaluator, b []*eval.Thunk, at eval.Place) eval.Value {
					return ev.Builtin("map", at, b[0], args)
				})
				fs = eval.Done(ev.Builtin("concatMap", at, apply, fs))
			}
			return ev.Force(fs)
		}},
	},
	hidden: []string{"hasPrefix", "removePrefix", "commonPrefix", "findFirstIndex"},
}

// known returns the elements of a list that is wholly known.
func known(ev *eval.Evaluator, t *eval.Thunk, at eval.Place) ([]*eval.Thunk, eval.Value) {
	l, fail := ev.WantList(t, at)
	if fail != nil {
		return nil, fail
	}
	if l.More != nil {
		return nil, l.More.Derive()
	}
	return l.Elems, nil
}

func nonEmpty(ev *eval.Evaluator, t *eval.Thunk, at eval.Place) ([]*eval.Thunk, eval.Value) {
	l, fail := known(ev, t, at)
	if fail == nil && len(l) == 0 {
		fail = &eval.Error{Kind: eval.ErrorThrow, Message: "the list must not be empty", At: at}
	}
	return l, fail
}

// not is the opposite of a Boolean; anything else it leaves as it is.
func not(v eval.Value) eval.Value {
	if b, ok := v.(eval.Bool); ok {
		return !b
	}
	return v
}

// where keeps the elements that a condition holds for.
func where(ev *eval.Evaluator, in *eval.Thunk, at eval.Place, holds func(ev *eval.Evaluator, e *eval.Thunk) eval.Value) eval.Value {
	return ev.Builtin("filter", at, native("lib.filter", 1, func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value {
		return holds(ev, a[0])
	}), in)
}

func foldr(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	l, fail := known(ev, a[2], at)
	if fail != nil {
		return fail
	}
	acc := a[1]
	for _, e := range slices.Backward(l) {
		acc = eval.LaterCall(e, a[0], at, e, acc)
	}
	return ev.Force(acc)
}

func imap(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place, from int) eval.Value {
	l, fail := ev.WantList(a[1], at)
	if fail != nil {
		return fail
	}
	out := &eval.List{Elems: make([]*eval.Thunk, len(l.Elems)), Lead: l.Lead}
	for i, e := range l.Elems {
		index := eval.Value(eval.Int(i + from))
		if l.More != nil {
			if i >= l.Lead {
				index = l.More.Derive()
			}
			out.More = l.More.Derive()
		}
		out.Elems[i] = eval.LaterCall(e, a[0], at, eval.Done(index), e)
	}
	if l.More != nil {
		out.More = l.More.Derive()
	}
	return out
}

func ifilter(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	l, fail := known(ev, a[1], at)
	if fail != nil {
		return fail
	}
	var b eval.ListBuilder
	for i, e := range l {
		keep, fail := ev.WantBool(eval.Done(call(ev, a[0], at, eval.Done(eval.Int(i)), e)), at)
		switch u := fail.(type) {
		case nil:
			if keep {
				b.Add(e)
			}
		case *eval.Unknown:
			b.Maybe(e, u)
		default:
			return fail
		}
	}
	return b.List()
}

// flatten adds the elements of a list and of the lists in it.
func flatten(ev *eval.Evaluator, l *eval.List, b *eval.ListBuilder) eval.Value {
	return l.Each(func(e *eval.Thunk) eval.Value {
		switch v := ev.Force(e).(type) {
		case *eval.List:
			return ev.Nested(func() eval.Value { return flatten(ev, v, b) })
		case *eval.Unknown:
			// It may be a list or a single element.
			b.Perhaps(&eval.Unknown{Reason: v.Reason, Of: v, Maybe: []*eval.Thunk{eval.Done(list(e)), e}, Closed: true})
		case *eval.Error:
			return v
		default:
			b.Add(e)
		}
		return nil
	}, func(more *eval.Unknown) {
		b.Perhaps(more.Map(func(ev *eval.Evaluator, v eval.Value) eval.Value {
			inner, ok := v.(*eval.List)
			if !ok {
				return v
			}
			var b eval.ListBuilder
			if fail := flatten(ev, inner, &b); fail != nil {
				return fail
			}
			return b.List()
		}))
	})
}

// findFirst evaluates to what found makes of the first element that a predicate
// holds for, or to the default.
func findFirst(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place, found func(i int, e *eval.Thunk) eval.Value) eval.Value {
	l, fail := ev.WantList(a[2], at)
	if fail != nil {
		return fail
	}
	for i, e := range l.Elems {
		if l.More != nil && i >= l.Lead {
			break
		}
		holds, fail := ev.WantBool(eval.Done(call(ev, a[0], at, e)), at)
		if fail != nil {
			return fail
		}
		if holds {
			return found(i, e)
		}
	}
	if l.More != nil {
		return l.More.Derive()
	}
	return ev.Force(a[1])
}

func zipListsWith(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	x, fail := known(ev, a[1], at)
	if fail != nil {
		return fail
	}
	y, fail := known(ev, a[2], at)
	if fail != nil {
		return fail
	}
	out := make([]*eval.Thunk, min(len(x), len(y)))
	for i := range out {
		out[i] = eval.LaterCall(x[i], a[0], at, x[i], y[i])
	}
	return list(out...)
}
