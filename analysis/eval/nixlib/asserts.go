package nixlib

import (
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

var asserts = area{
	functions: map[string]function{
		"assertMsg": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return cond(ev, a[0], at, yes, throwing(a[1], at))
		}},
		"assertOneOf": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return cond(ev, eval.Done(ev.Builtin("elem", at, a[1], a[2])), at, yes, notAmong(a, at))
		}},
		"assertEachOneOf": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			in := native("lib.assertEachOneOf", 1, func(ev *eval.Evaluator, b []*eval.Thunk, at eval.Place) eval.Value {
				return ev.Builtin("elem", at, b[0], a[2])
			})
			return cond(ev, eval.Done(ev.Builtin("all", at, in, a[1])), at, yes, notAmong(a, at))
		}},
		"checkAssertWarn": {3, checkAssertWarn},
	},
	hidden: []string{"assertEachOneOf", "checkAssertWarn"},
}

// notAmong is the error of a value that is none of those allowed.
func notAmong(a []*eval.Thunk, at eval.Place) *eval.Thunk {
	return eval.Later(func(ev *eval.Evaluator) eval.Value {
		name, _ := ev.WantText(a[0], at)
		return &eval.Error{
			Kind: eval.ErrorThrow, At: at,
			Message: name + " must be one of " + ev.Print(ev.Force(a[2])) + ", but is: " + ev.Print(ev.Force(a[1])),
		}
	})
}

// checkAssertWarn throws the messages of the assertions that do not hold.
func checkAssertWarn(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	failed := where(ev, a[0], at, func(ev *eval.Evaluator, e *eval.Thunk) eval.Value {
		return not(ev.Select(ev.Force(e), "assertion", at))
	})
	l, ok := failed.(*eval.List)
	switch {
	case !ok:
		return failed
	case len(l.Elems) == 0:
		return ev.Force(a[2])
	}
	var b strings.Builder
	b.WriteString("\nFailed assertions:")
	for _, e := range l.Elems {
		if s, ok := ev.Select(ev.Force(e), "message", at).(eval.String); ok {
			b.WriteString("\n- " + string(s))
		}
	}
	return &eval.Error{Kind: eval.ErrorThrow, Message: b.String(), At: at}
}
