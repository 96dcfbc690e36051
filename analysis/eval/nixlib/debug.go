package nixlib

import "github.com/nixlint/nixlint/analysis/eval"

// debug are the functions that print, which evaluation here never does.
var debug = area{functions: map[string]function{
	"traceIf": passOn(3, 2), "traceValFn": passOn(2, 1), "traceVal": passOn(1, 0), "traceSeq": passOn(2, 1),
	"traceSeqN": passOn(3, 2), "traceValSeqFn": passOn(2, 1), "traceValSeq": passOn(1, 0),
	"traceValSeqNFn": passOn(3, 2), "traceValSeqN": passOn(2, 1),
}}

// passOn makes a function that evaluates to one of its arguments.
func passOn(arity, i int) function {
	return function{arity, func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value { return ev.Force(a[i]) }}
}
