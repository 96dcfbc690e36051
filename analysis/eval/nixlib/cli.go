package nixlib

import "github.com/nixlint/nixlint/analysis/eval"

// cli is the area of functions that write the arguments of commands.
var cli = area{
	apart: true,
	functions: map[string]function{
		"toGNUCommandLine": {2, gnuCommandLine},
		"toCommandLine":    {2, commandLine},
		"toCommandLineGNU": {2, commandLineGNU},
		"toGNUCommandLineShell": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return shellArgs(ev, eval.Done(gnuCommandLine(ev, a, at)), at)
		}},
		"toCommandLineShell": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return shellArgs(ev, eval.Done(commandLine(ev, a, at)), at)
		}},
		"toCommandLineShellGNU": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return shellArgs(ev, eval.Done(commandLineGNU(ev, a, at)), at)
		}},
	},
}

// concatAttrs joins the lists that a function makes of attributes.
func concatAttrs(ev *eval.Evaluator, in *eval.Thunk, at eval.Place, f func(ev *eval.Evaluator, key, value *eval.Thunk) eval.Value) eval.Value {
	fn := native("lib.cli", 2, func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value { return f(ev, a[0], a[1]) })
	return ev.Builtin("concatLists", at, eval.Done(mapAttrsToList(ev, []*eval.Thunk{fn, in}, at)))
}

// concatElems joins the lists that a function makes of elements.
func concatElems(ev *eval.Evaluator, in *eval.Thunk, at eval.Place, f func(ev *eval.Evaluator, e *eval.Thunk) eval.Value) eval.Value {
	fn := native("lib.cli", 1, func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value { return f(ev, a[0]) })
	return ev.Builtin("concatMap", at, fn, in)
}

// optionName writes an option with one dash if its name is one letter.
func optionName(ev *eval.Evaluator, name *eval.Thunk, at eval.Place) eval.Value {
	return onText(ev, name, at, func(s string) string {
		if len(s) == 1 {
			return "-" + s
		}
		return "--" + s
	})
}

func gnuCommandLine(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	s, fail := settingsOf(ev, a[0], at, "mkOptionName", "mkBool", "mkList", "mkOption", "optionValueSeparator")
	if fail != nil {
		return fail
	}
	mkName := s.get(ev, "mkOptionName", native("lib.cli.toGNUCommandLine", 1, func(ev *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
		return optionName(ev, b[0], at)
	}))
	name := func(key *eval.Thunk) *eval.Thunk { return eval.LaterCall(key, mkName, at, key) }
	sep := s.get(ev, "optionValueSeparator", null)
	mkOption := s.get(ev, "mkOption", native("lib.cli.toGNUCommandLine", 2, func(ev *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
		value := eval.LaterAt(b[1], func(ev *eval.Evaluator) eval.Value { return valueString(ev, b[1], at) })
		apart := eval.Done(list(name(b[0]), value))
		together := eval.Done(list(eval.LaterAt(b[1], func(ev *eval.Evaluator) eval.Value {
			return plus(ev, at, ev.Force(name(b[0])), ev.Force(sep), ev.Force(value))
		})))
		return ifNull(ev, b[1], emptyList, eval.Later(func(ev *eval.Evaluator) eval.Value { return ifNull(ev, sep, apart, together) }))
	}))
	mkBool := s.get(ev, "mkBool", native("lib.cli.toGNUCommandLine", 2, func(ev *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
		return cond(ev, b[1], at, eval.Done(list(name(b[0]))), emptyList)
	}))
	mkList := s.get(ev, "mkList", native("lib.cli.toGNUCommandLine", 2, func(ev *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
		return concatElems(ev, b[1], at, func(ev *eval.Evaluator, e *eval.Thunk) eval.Value {
			return call(ev, mkOption, at, b[0], e)
		})
	}))
	return concatAttrs(ev, a[1], at, func(ev *eval.Evaluator, key, value *eval.Thunk) eval.Value {
		switch v := ev.Force(value).(type) {
		case eval.Bool:
			return call(ev, mkBool, at, key, value)
		case *eval.List:
			return call(ev, mkList, at, key, value)
		case *eval.Unknown:
			return v.Derive() // any number of arguments
		}
		return call(ev, mkOption, at, key, value)
	})
}

func commandLineGNU(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	s, fail := settingsOf(ev, a[0], at, "isLong", "explicitBool", "formatArg")
	if fail != nil {
		return fail
	}
	isLong := s.get(ev, "isLong", native("lib.cli.toCommandLineGNU", 1, func(ev *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
		name, fail := ev.WantString(b[0], at)
		if fail != nil {
			return fail
		}
		return eval.Bool(len(name) > 1)
	}))
	format := native("lib.cli.toCommandLineGNU", 1, func(ev *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
		long := eval.LaterCall(b[0], isLong, at, b[0])
		option := eval.LaterAt(b[0], func(ev *eval.Evaluator) eval.Value {
			return plus(ev, at, ev.Force(choose(long, at, "--", "-")), ev.Force(b[0]))
		})
		return set(
			eval.Attr{Name: "explicitBool", Value: s.get(ev, "explicitBool", no)},
			eval.Attr{Name: "formatArg", Value: s.get(ev, "formatArg", defaultValueString)},
			eval.Attr{Name: "option", Value: option}, eval.Attr{Name: "sep", Value: choose(long, at, "=", "")},
		)
	})
	return commandLine(ev, []*eval.Thunk{format, a[1]}, at)
}

func commandLine(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	return concatAttrs(ev, a[1], at, func(ev *eval.Evaluator, key, value *eval.Thunk) eval.Value {
		if ev.Force(key) == eval.Value(eval.String("")) {
			return eval.Errorf(at, "the name of an option is empty")
		}
		option := func(ev *eval.Evaluator, v *eval.Thunk) eval.Value { return formatOption(ev, a[0], key, v, at) }
		switch v := ev.Force(value).(type) {
		case *eval.List:
			return concatElems(ev, value, at, option)
		case *eval.Unknown:
			return v.Derive()
		}
		return option(ev, value)
	})
}

// formatOption writes an option with its argument as a function of its name says.
func formatOption(ev *eval.Evaluator, format, key, value *eval.Thunk, at eval.Place) eval.Value {
	s, fail := settingsOf(ev, eval.Done(call(ev, format, at, key)), at, "option", "sep", "explicitBool", "formatArg")
	if fail != nil {
		return fail
	}
	explicit, fail := ev.WantBool(eval.Done(ev.Select(s.set, "explicitBool", at)), at)
	if fail != nil {
		return fail
	}
	option := ev.Select(s.set, "option", at)
	switch v := ev.Force(value).(type) {
	case eval.Null:
		return &eval.List{}
	case *eval.Unknown:
		return v.Derive()
	case eval.Bool:
		if !explicit && !bool(v) {
			return &eval.List{}
		}
		if !explicit {
			return eval.NewList(option)
		}
	}
	arg := eval.LaterCall(value, s.get(ev, "formatArg", defaultValueString), at, value)
	sep := ev.Select(s.set, "sep", at)
	together := eval.LaterAt(value, func(ev *eval.Evaluator) eval.Value { return plus(ev, at, option, sep, ev.Force(arg)) })
	return ifNull(ev, eval.Done(sep), eval.Done(list(eval.Done(option), arg)), eval.Done(list(together)))
}
