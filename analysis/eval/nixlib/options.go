package nixlib

import (
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

var options = area{
	functions: map[string]function{
		"mkOption": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			s, fail := ev.WantAttrs(a[0], at)
			if fail != nil {
				if u, ok := fail.(*eval.Unknown); ok {
					s = &eval.Attrs{Rest: u}
				} else {
					return fail
				}
			}
			for _, e := range s.Entries {
				switch e.Name {
				case "default", "defaultText", "example", "description", "relatedPackages", "type", "apply", "internal",
					"visible", "readOnly":
				default:
					return &eval.Error{
						Kind: eval.ErrorArgument, Message: "mkOption is called with the argument `" + e.Name + "`, which it does not take",
						Attr: e.Name, Set: s, At: e.At,
					}
				}
			}
			return ev.Update(s, optionType, at, at)
		}},
		"mkEnableOption": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			description := eval.Later(func(ev *eval.Evaluator) eval.Value {
				return plus(ev, at, eval.String("Whether to enable "), ev.Force(a[0]), eval.String("."))
			})
			return set(attr("_type", eval.String("option")), attr("default", eval.Bool(false)),
				eval.Attr{Name: "description", Value: description}, attr("example", eval.Bool(true)), attr("type", unknownType("bool")))
		}},
		"mkPackageOption": {3, mkPackageOption},
		"mkSinkUndeclaredOptions": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			sink := set(attr("_type", eval.String("option")), attr("default", eval.Bool(false)),
				attr("description", eval.String("Sink for option definitions.")), attr("internal", eval.Bool(true)),
				attr("type", eval.NewUnknown(notModelled, "lib", "types", "sink")), attr("visible", eval.Bool(false)))
			return ev.Update(sink, ev.Force(a[0]), at, at)
		}},
		"isOption": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return isTyped(ev, eval.Done(eval.String("option")), a[0], at)
		}},
		"getValues":         attrsOf("value"),
		"getFiles":          attrsOf("file"),
		"literalExpression": literal("literalExpression"), "literalMD": literal("literalMD"),
		"showOption": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			parts, fail := ev.WantStrings(a[0], at)
			if fail != nil {
				return fail
			}
			for i, p := range parts {
				if p != "*" && !(len(p) > 1 && p[0] == '<' && p[len(p)-1] == '>') {
					parts[i] = escapeIdentifier(p)
				}
			}
			return eval.String(strings.Join(parts, "."))
		}},
		"showFiles": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			files, fail := ev.WantStrings(a[0], at)
			if fail != nil {
				return fail
			}
			for i, f := range files {
				files[i] = "`" + f + "'"
			}
			return eval.String(strings.Join(files, " and "))
		}},
	},
	values: map[string]eval.Value{"unknownModule": eval.String("<unknown-file>")},
}

var optionType = set(attr("_type", eval.String("option")))

// unknownType is a type of options. The module system knows what it means.
func unknownType(name string) eval.Value { return eval.NewUnknown(notModelled, "lib", "types", name) }

func mkPackageOption(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	args := ev.Force(a[2])
	names := attrOr(ev, args, "default", a[1])
	pkgsText := attrOr(ev, args, "pkgsText", eval.Done(eval.String("pkgs")))
	path := eval.Later(func(ev *eval.Evaluator) eval.Value {
		return lists.functions["toList"].call(ev, []*eval.Thunk{names}, at)
	})
	text := eval.Later(func(ev *eval.Evaluator) eval.Value {
		shown := attrsets.functions["showAttrPath"].call(ev, []*eval.Thunk{path}, at)
		return literalOf(ev, "literalExpression", eval.Done(plus(ev, at, ev.Force(pkgsText), eval.String("."), shown)), at)
	})
	value := eval.Later(func(ev *eval.Evaluator) eval.Value {
		missing := throwing(eval.Done(eval.String("the package of an option is not in pkgs")), at)
		return byPath(ev, path, a[0], at, func(t *eval.Thunk) *eval.Thunk { return t }, missing)
	})
	nullable := attrOr(ev, args, "nullable", no)
	defaults := eval.Later(func(ev *eval.Evaluator) eval.Value {
		nulled := eval.Later(func(ev *eval.Evaluator) eval.Value {
			return cond(ev, nullable, at, eval.Done(set(attr("default", eval.Null{}))), emptyAttrs)
		})
		given := set(eval.Attr{Name: "default", Value: value}, eval.Attr{Name: "defaultText", Value: text})
		return ifNull(ev, names, nulled, eval.Done(given))
	})
	description := eval.Later(func(ev *eval.Evaluator) eval.Value {
		name := ev.Force(a[1])
		if l, ok := name.(*eval.List); ok && l.More == nil && len(l.Elems) > 0 {
			name = ev.Force(l.Elems[len(l.Elems)-1])
		}
		extra := ev.Force(attrOr(ev, args, "extraDescription", emptyText))
		if extra != eval.Value(eval.String("")) {
			extra = plus(ev, at, eval.String(" "), extra)
		}
		return plus(ev, at, eval.String("The "), name, eval.String(" package to use."), extra)
	})
	kind := eval.Later(func(ev *eval.Evaluator) eval.Value {
		nullOr := ev.Call(unknownType("nullOr"), eval.Done(unknownType("package")), at)
		return cond(ev, nullable, at, eval.Done(nullOr), eval.Done(unknownType("package")))
	})
	example := attrOr(ev, args, "example", null)
	examples := eval.Later(func(ev *eval.Evaluator) eval.Value {
		return ifNull(ev, example, emptyAttrs, eval.Done(set(eval.Attr{Name: "example", Value: eval.Later(func(ev *eval.Evaluator) eval.Value {
			if _, ok := ev.Force(example).(*eval.List); ok {
				shown := attrsets.functions["showAttrPath"].call(ev, []*eval.Thunk{example}, at)
				return literalOf(ev, "literalExpression", eval.Done(plus(ev, at, ev.Force(pkgsText), eval.String("."), shown)), at)
			}
			return literalOf(ev, "literalExpression", example, at)
		})})))
	})
	fixed := set(attr("_type", eval.String("option")), eval.Attr{Name: "description", Value: description}, eval.Attr{Name: "type", Value: kind})
	return ev.Update(ev.Update(ev.Force(defaults), fixed, at, at), ev.Force(examples), at, at)
}

// types are the functions of the area types that make no types.
var types = area{functions: map[string]function{
	"isType": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		return isTyped(ev, a[0], a[1], at)
	}},
	"setType": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		return ev.Update(ev.Force(a[1]), set(eval.Attr{Name: "_type", Value: a[0]}), at, at)
	}},
	"isOptionType": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		return isTyped(ev, eval.Done(eval.String("option-type")), a[0], at)
	}},
}}

// isTyped reports whether the attribute _type of a value says what it is.
func isTyped(ev *eval.Evaluator, kind, t *eval.Thunk, at eval.Place) eval.Value {
	v := attrOr(ev, ev.Force(t), "_type", emptyText)
	return ev.Equal(ev.Force(v), ev.Force(kind))
}

func literal(kind string) function {
	return function{1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		return literalOf(ev, kind, a[0], at)
	}}
}

// literalOf is a text that documents a value.
func literalOf(ev *eval.Evaluator, kind string, t *eval.Thunk, at eval.Place) eval.Value {
	switch v := ev.Force(t).(type) {
	case eval.String, *eval.Text, *eval.Unknown:
		return set(attr("_type", eval.String(kind)), eval.Attr{Name: "text", Value: t})
	case *eval.Error:
		return v
	}
	return &eval.Error{Kind: eval.ErrorThrow, Message: kind + " expects a string.", At: at}
}

// attrsOf makes a function that takes an attribute of each set of a list.
func attrsOf(name string) function {
	return function{1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		return ev.Builtin("map", at, native("lib.getAttr", 1, func(ev *eval.Evaluator, b []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Select(ev.Force(b[0]), name, at)
		}), a[0])
	}}
}
