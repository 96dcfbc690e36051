package nixlib

import "github.com/nixlint/nixlint/analysis/eval"

// modules are the functions that mark definitions for the module system. Each
// makes a set whose attribute _type says what it means.
var modules = area{
	functions: map[string]function{
		"mkIf": {2, func(_ *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value {
			return property("if", eval.Attr{Name: "condition", Value: a[0]}, content(a[1]))
		}},
		"mkAssert": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			failed := eval.Later(func(ev *eval.Evaluator) eval.Value {
				message := ev.ToString(ev.Force(a[1]), at)
				if s, ok := message.(eval.String); ok {
					message = "\nFailed assertion: " + s
				}
				return ev.Builtin("throw", at, eval.Done(message))
			})
			condition := eval.Later(func(ev *eval.Evaluator) eval.Value { return cond(ev, a[0], at, yes, failed) })
			return property("if", eval.Attr{Name: "condition", Value: condition}, content(a[2]))
		}},
		"mkMerge": {1, func(_ *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value {
			return property("merge", eval.Attr{Name: "contents", Value: a[0]})
		}},
		"mkOverride": {2, func(_ *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value {
			return property("override", content(a[1]), eval.Attr{Name: "priority", Value: a[0]})
		}},
		"mkOrder": {2, func(_ *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value {
			return property("order", content(a[1]), eval.Attr{Name: "priority", Value: a[0]})
		}},
		"mkDefinition": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Update(ev.Force(a[0]), set(attr("_type", eval.String("definition"))), at, at)
		}},
		"mkOptionDefault": prioritised("override", 1500), "mkDefault": prioritised("override", 1000),
		"mkImageMediaOverride": prioritised("override", 60), "mkForce": prioritised("override", 50),
		"mkVMOverride": prioritised("override", 10),
		"mkBefore":     prioritised("order", 500), "mkAfter": prioritised("order", 1500),
		"mkFixStrictness": {1, func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value { return ev.Force(a[0]) }},
		// What mkAliasDefinitions and its like make depends on whether an option
		// is defined, which only the module system knows.
	},
	values: map[string]eval.Value{
		"defaultOverridePriority": eval.Int(100), "defaultOrderPriority": eval.Int(1000),
	},
	hidden: []string{"defaultOverridePriority", "defaultOrderPriority"},
}

func content(t *eval.Thunk) eval.Attr { return eval.Attr{Name: "content", Value: t} }

// property makes one of the sets by which modules mark definitions. Its
// attributes are in the order of their names.
func property(kind string, attrs ...eval.Attr) eval.Value {
	return set(append([]eval.Attr{attr("_type", eval.String(kind))}, attrs...)...)
}

// prioritised makes a function that gives definitions a fixed priority.
func prioritised(kind string, priority int) function {
	return function{1, func(_ *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value {
		return property(kind, content(a[0]), attr("priority", eval.Int(priority)))
	}}
}
