package nixlib

import (
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

var versions = area{
	builtins: []string{"compareVersions", "splitVersion"},
	functions: map[string]function{
		"major": versionPart(0), "minor": versionPart(1), "patch": versionPart(2),
		"majorMinor": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			parts := eval.Done(ev.Builtin("splitVersion", at, a[0]))
			return joined(ev, eval.Done(eval.String(".")), sublist(ev, eval.Done(eval.Int(0)), eval.Done(eval.Int(2)), parts, at), at)
		}},
		"pad": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			n, fail := ev.WantInt(a[0], at)
			if fail != nil {
				return fail
			}
			version, fail := ev.WantString(a[1], at)
			if fail != nil {
				return fail
			}
			number, _, _ := strings.Cut(version, "-")
			parts, fail := ev.WantStrings(eval.Done(ev.Builtin("splitVersion", at, eval.Done(eval.String(number)))), at)
			if fail != nil {
				return fail
			}
			if u := ev.Reserve(2 * n); u != nil {
				return u
			}
			for len(parts) < n {
				parts = append(parts, "0")
			}
			return eval.String(strings.Join(parts[:max(n, 0)], ".") + strings.TrimPrefix(version, number))
		}},
	},
	hidden: []string{"major", "minor", "patch", "majorMinor", "pad"},
}

func versionPart(i int) function {
	return function{1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		return ev.Builtin("elemAt", at, eval.Done(ev.Builtin("splitVersion", at, a[0])), eval.Done(eval.Int(i)))
	}}
}
