package nixlib

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/eval"
)

// descent is a walk through a list from an element to one that has to stand
// before it, and on to one that nothing has to stand before.
type descent struct {
	end     *eval.Thunk
	visited []*eval.Thunk // those on the way, the last first
	rest    []*eval.Thunk
	loops   []*eval.Thunk // those on the way that have to stand before the end
	cyclic  bool          // the walk ended because of loops
}

// descend walks through a list that is not empty. If stop is not set it does not
// look for cycles, and may not end but at the limits of evaluation.
func descend(ev *eval.Evaluator, stop bool, before *eval.Thunk, elems []*eval.Thunk, at eval.Place) (*descent, eval.Value) {
	d := &descent{end: elems[0], rest: elems[1:]}
	// split parts elements into those that have to stand before the end and the
	// others.
	split := func(in []*eval.Thunk) (yes, no []*eval.Thunk, fail eval.Value) {
		for _, e := range in {
			holds, fail := ev.WantBool(eval.Done(call(ev, before, at, e, d.end)), at)
			if fail != nil {
				return nil, nil, fail
			}
			if holds {
				yes = append(yes, e)
			} else {
				no = append(no, e)
			}
		}
		return yes, no, nil
	}
	for {
		if stop {
			loops, _, fail := split(d.visited)
			if fail != nil {
				return nil, fail
			}
			if len(loops) > 0 {
				d.loops, d.cyclic = loops, true
				return d, nil
			}
		}
		first, others, fail := split(d.rest)
		if fail != nil {
			return nil, fail
		}
		if len(first) == 0 {
			return d, nil
		}
		d.visited = append([]*eval.Thunk{d.end}, d.visited...)
		d.end, d.rest = first[0], append(slices.Clip(first[1:]), others...)
	}
}

func listDfs(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	stop, fail := ev.WantBool(a[0], at)
	if fail != nil {
		return fail
	}
	elems, fail := nonEmpty(ev, a[2], at)
	if fail != nil {
		return fail
	}
	d, fail := descend(ev, stop, a[1], elems, at)
	if fail != nil {
		return fail
	}
	out := []eval.Attr{attr("rest", list(d.rest...)), attr("visited", list(d.visited...))}
	if d.cyclic {
		out = append(out, eval.Attr{Name: "cycle", Value: d.end}, attr("loops", list(d.loops...)))
	} else {
		out = append(out, eval.Attr{Name: "minimal", Value: d.end})
	}
	return eval.SetOf(out...)
}

// toposort sorts a list so that each element stands behind those that have to
// stand before it, or says which of them form a cycle.
func toposort(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	elems, fail := known(ev, a[1], at)
	if fail != nil {
		return fail
	}
	var sorted []*eval.Thunk
	for len(elems) > 1 {
		d, fail := descend(ev, true, a[0], elems, at)
		if fail != nil {
			return fail
		}
		if d.cyclic {
			cycle := append([]*eval.Thunk{d.end}, d.visited...)
			slices.Reverse(cycle)
			return set(attr("cycle", list(cycle...)), attr("loops", list(d.loops...)))
		}
		sorted = append(sorted, d.end)
		elems = append(d.visited, d.rest...)
	}
	return set(attr("result", list(append(sorted, elems...)...)))
}
