package nixlib

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

// generators is the area of functions that write file formats.
var generators = area{
	apart: true,
	functions: map[string]function{
		"mkValueStringDefault": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			if _, fail := settingsOf(ev, a[0], at); fail != nil {
				return fail
			}
			return valueString(ev, a[1], at)
		}},
		"mkKeyValueDefault": {4, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			s, fail := settingsOf(ev, a[0], at, "mkValueString")
			if fail != nil {
				return fail
			}
			return keyValue(ev, s.get(ev, "mkValueString", defaultValueString), a[1], a[2], a[3], at)
		}},
		"toKeyValue": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			s, fail := settingsOf(ev, a[0], at, "mkKeyValue", "listsAsDuplicateKeys", "indent")
			if fail != nil {
				return fail
			}
			return s.lines(ev, a[1], at)
		}},
		"toINI": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			s, fail := settingsOf(ev, a[0], at, iniSettings...)
			if fail != nil {
				return fail
			}
			return s.sections(ev, a[1], at)
		}},
		"toINIWithGlobalSection": {2, toINIWithGlobalSection},
		"toGitINI":               {1, toGitINI},
		"toJSON":                 {2, toJSON},
		"toYAML":                 {2, toJSON}, // every JSON text is a YAML text
		"toPretty":               {2, toPretty},
		"toLua":                  {2, toLua},
		"toPlist":                {2, toPlist},
		"toDhall": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			if _, fail := settingsOf(ev, a[0], at); fail != nil {
				return fail
			}
			return toDhall(ev, a[1], at)
		}},
		"mkLuaInline": {1, func(_ *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value {
			return set(attr("_type", eval.String("lua-inline")), eval.Attr{Name: "expr", Value: a[0], At: a[0].At()})
		}},
		"withRecursion": {2, withRecursion},
	},
}

var iniSettings = []string{"mkSectionName", "mkKeyValue", "listsAsDuplicateKeys"}

// settings are the first argument of a generator: a set of some attributes, for
// each of which there is a default.
type settings struct{ set *eval.Attrs }

// settingsOf forces the settings of a generator, which may be of the given
// names.
func settingsOf(ev *eval.Evaluator, t *eval.Thunk, at eval.Place, names ...string) (settings, eval.Value) {
	s, fail := ev.WantAttrs(t, at)
	if fail != nil {
		return settings{}, fail
	}
	for _, e := range s.Entries {
		if !slices.Contains(names, e.Name) {
			return settings{}, &eval.Error{
				Kind: eval.ErrorArgument, Message: "the function is called with the argument `" + e.Name + "`, which it does not take",
				Attr: e.Name, Set: s, At: at,
			}
		}
	}
	return settings{s}, nil
}

// get returns a setting.
func (s settings) get(ev *eval.Evaluator, name string, fallback *eval.Thunk) *eval.Thunk {
	return attrOr(ev, s.set, name, fallback)
}

// yes is a setting that must be a Boolean.
func (s settings) yes(ev *eval.Evaluator, name string, fallback *eval.Thunk, at eval.Place) (bool, eval.Value) {
	return ev.WantBool(s.get(ev, name, fallback), at)
}

// unsupported is the error of a value that has no form in the format.
func unsupported(generator string, v eval.Value, at eval.Place) eval.Value {
	return &eval.Error{
		Kind: eval.ErrorAbort, Message: "lib.generators." + generator + " cannot write " + eval.TypeName(v), At: at,
	}
}

// valueString writes a value as is usual in configuration files.
func valueString(ev *eval.Evaluator, t *eval.Thunk, at eval.Place) eval.Value {
	switch v := ev.Force(t).(type) {
	case eval.String, *eval.Unknown, *eval.Error:
		return v
	case eval.Int, eval.Float:
		return ev.ToString(v, at)
	case eval.Bool:
		if v {
			return eval.String("true")
		}
		return eval.String("false")
	case eval.Null:
		return eval.String("null")
	case *eval.Text:
		if v.IsPath {
			return unsupported("mkValueStringDefault", v, at)
		}
		return v
	case *eval.Attrs:
		derivation := attrsets.functions["isDerivation"].call(ev, []*eval.Thunk{t}, at)
		no := eval.Later(func(*eval.Evaluator) eval.Value { return unsupported("mkValueStringDefault", v, at) })
		yes := eval.Later(func(ev *eval.Evaluator) eval.Value { return ev.ToString(v, at) })
		return cond(ev, eval.Done(derivation), at, yes, no)
	default:
		return unsupported("mkValueStringDefault", v, at)
	}
}

var defaultValueString = native("lib.generators.mkValueStringDefault", 1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	return valueString(ev, a[0], at)
})

// keyValue writes a key and its value with a separator, which is escaped in the
// key.
func keyValue(ev *eval.Evaluator, mkValueString, sep, key, value *eval.Thunk, at eval.Place) eval.Value {
	s, fail := ev.WantString(sep, at)
	if fail != nil {
		return fail
	}
	k := escapeAll(ev, key, at, []string{s}, func(c string) string { return `\` + c })
	return plus(ev, at, k, eval.String(s), call(ev, mkValueString, at, value))
}

// keyValueWith makes a function that writes a key and its value.
func keyValueWith(sep string, mkValueString *eval.Thunk) *eval.Thunk {
	return native("lib.generators.mkKeyValueDefault", 2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		return keyValue(ev, mkValueString, eval.Done(eval.String(sep)), a[0], a[1], at)
	})
}

var defaultKeyValue = keyValueWith("=", defaultValueString)

// lines writes a line for each attribute, or for each element of those that are
// lists if the settings say so.
func (s settings) lines(ev *eval.Evaluator, attrs *eval.Thunk, at eval.Place) eval.Value {
	duplicate, fail := s.yes(ev, "listsAsDuplicateKeys", no, at)
	if fail != nil {
		return fail
	}
	mkKeyValue, indent := s.get(ev, "mkKeyValue", defaultKeyValue), s.get(ev, "indent", emptyText)
	line := func(key, value *eval.Thunk) *eval.Thunk {
		return eval.LaterAt(value, func(ev *eval.Evaluator) eval.Value {
			return plus(ev, at, ev.Force(indent), call(ev, mkKeyValue, at, key, value), eval.String("\n"))
		})
	}
	linesOf := native("lib.generators.toKeyValue", 2, func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value {
		if !duplicate {
			return list(line(a[0], a[1]))
		}
		switch v := ev.Force(a[1]).(type) {
		case *eval.List:
			each := native("lib.generators.toKeyValue", 1, func(ev *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
				return ev.Force(line(a[0], b[0]))
			})
			return ev.Builtin("map", at, each, a[1])
		case *eval.Unknown:
			return v.Derive() // there may be any number of lines
		default:
			return list(line(a[0], a[1]))
		}
	})
	lists := mapAttrsToList(ev, []*eval.Thunk{linesOf, attrs}, at)
	return joined(ev, emptyText, ev.Builtin("concatLists", at, eval.Done(lists)), at)
}

var defaultSectionName = native("lib.generators.toINI", 1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	return escapeAll(ev, a[0], at, []string{"[", "]"}, func(c string) string { return `\` + c })
})

// sections writes a section for each attribute, with an empty line between them.
func (s settings) sections(ev *eval.Evaluator, attrs *eval.Thunk, at eval.Place) eval.Value {
	name := s.get(ev, "mkSectionName", defaultSectionName)
	section := native("lib.generators.toINI", 2, func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value {
		return plus(ev, at, eval.String("["), call(ev, name, at, a[0]), eval.String("]\n"), s.lines(ev, a[1], at))
	})
	return joined(ev, eval.Done(eval.String("\n")), mapAttrsToList(ev, []*eval.Thunk{section, attrs}, at), at)
}

func toINIWithGlobalSection(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	s, fail := settingsOf(ev, a[0], at, iniSettings...)
	if fail != nil {
		return fail
	}
	parts, fail := settingsOf(ev, a[1], at, "globalSection", "sections")
	if fail != nil {
		return fail
	}
	global := eval.Done(ev.Select(parts.set, "globalSection", at))
	isEmpty := eval.Done(ev.Equal(ev.Force(global), &eval.Attrs{}))
	head := cond(ev, isEmpty, at, emptyText, eval.Later(func(ev *eval.Evaluator) eval.Value {
		return plus(ev, at, s.lines(ev, global, at), eval.String("\n"))
	}))
	return plus(ev, at, head, s.sections(ev, parts.get(ev, "sections", emptyAttrs), at))
}

func toJSON(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	if _, fail := settingsOf(ev, a[0], at); fail != nil {
		return fail
	}
	return ev.Builtin("toJSON", at, a[1])
}

// gitSettings are those by which toINI writes files for Git.
var gitSettings = settings{eval.NewAttrs(map[string]eval.Value{
	"mkSectionName": &eval.Native{Name: "lib.generators.toGitINI", Arity: 1, Call: gitSection},
	"mkKeyValue":    &eval.Native{Name: "lib.generators.toGitINI", Arity: 2, Call: gitLines},
})}

// gitSection writes the name of a section; what follows its first dot is that
// of a subsection.
func gitSection(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	return onText(ev, a[0], at, func(name string) string {
		section, sub, ok := strings.Cut(name, ".")
		if !ok || strings.Contains(name, `"`) {
			return name
		}
		return section + ` "` + sub + `"`
	})
}

var gitKeyValue = keyValueWith(" = ", native("lib.generators.toGitINI", 1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	switch v := ev.Force(a[0]).(type) {
	case eval.String:
		return eval.String(`"` + strings.NewReplacer("\n", `\n`, "\t", `\t`, `"`, `\"`, `\`, `\\`).Replace(string(v)) + `"`)
	case *eval.Text:
		return v.Derive()
	}
	return valueString(ev, a[0], at)
}))

// gitLines writes a line, or one for each element of a list.
func gitLines(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	line := native("lib.generators.toGitINI", 1, func(ev *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
		return plus(ev, at, eval.String("\t"), call(ev, gitKeyValue, at, a[0], b[0]))
	})
	switch ev.Force(a[1]).(type) {
	case *eval.List:
		return joined(ev, eval.Done(eval.String("\n")), ev.Builtin("map", at, line, a[1]), at)
	}
	return call(ev, line, at, a[1])
}

// toGitINI writes sections, those that hold sets as sections with dots in their
// names.
func toGitINI(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	in, fail := ev.WantAttrs(a[0], at)
	if fail != nil {
		return fail
	}
	if in.Rest != nil {
		return in.Rest.Derive()
	}
	var kept []eval.Attr
	nested := &eval.Attrs{}
	for _, e := range in.Entries {
		deep := false
		section, isSet := ev.Force(e.Value).(*eval.Attrs)
		if isSet {
			for _, x := range section.Entries {
				is, fail := nestedSet(ev, x.Value, at)
				if fail != nil {
					return fail
				}
				deep = deep || is
			}
		}
		if !deep {
			kept = append(kept, e)
		} else if fail := flattenGit(ev, e.Value, []string{e.Name}, at, &nested); fail != nil {
			return fail
		}
	}
	return gitSettings.sections(ev, eval.Done(eval.Update(eval.SetOf(kept...), nested)), at)
}

// nestedSet reports whether a value is a set that is no derivation.
func nestedSet(ev *eval.Evaluator, t *eval.Thunk, at eval.Place) (bool, eval.Value) {
	switch v := ev.Force(t).(type) {
	case *eval.Attrs:
		is, fail := ev.WantBool(eval.Done(attrsets.functions["isDerivation"].call(ev, []*eval.Thunk{t}, at)), at)
		return !is, fail
	case *eval.Unknown:
		return false, v.Derive()
	case *eval.Error:
		return false, v
	}
	return false, nil
}

// flattenGit adds the attributes in a set at some path to the sections named by
// the paths that lead to them.
func flattenGit(ev *eval.Evaluator, t *eval.Thunk, path []string, at eval.Place, out **eval.Attrs) eval.Value {
	is, fail := nestedSet(ev, t, at)
	if fail != nil {
		return fail
	}
	if !is {
		last := len(path) - 1
		section := strings.Join(path[:last], ".")
		entry := set(eval.Attr{Name: path[last], Value: t})
		if x := (*out).Get(section); x != nil {
			entry = eval.Update(ev.Force(x.Value).(*eval.Attrs), entry)
		}
		*out = eval.Update(*out, set(attr(section, entry)))
		return nil
	}
	in := ev.Force(t).(*eval.Attrs)
	if in.Rest != nil {
		return in.Rest.Derive()
	}
	for _, e := range in.Entries {
		fail := ev.Nested(func() eval.Value {
			return flattenGit(ev, e.Value, append(slices.Clip(path), e.Name), at, out)
		})
		if fail != nil {
			return fail
		}
	}
	return nil
}

// withRecursion evaluates a value to some depth only.
func withRecursion(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	s, fail := settingsOf(ev, a[0], at, "depthLimit", "throwOnDepthLimit")
	if fail != nil {
		return fail
	}
	limit, fail := ev.WantInt(eval.Done(ev.Select(s.set, "depthLimit", at)), at)
	if fail != nil {
		return fail
	}
	throws := s.get(ev, "throwOnDepthLimit", yes)
	var walk func(depth int, t *eval.Thunk) *eval.Thunk
	// next is what stands one level below.
	next := func(depth int, t *eval.Thunk) *eval.Thunk {
		return eval.LaterAt(t, func(ev *eval.Evaluator) eval.Value {
			if depth <= limit {
				return ev.Force(walk(depth, t))
			}
			throw := eval.Later(func(*eval.Evaluator) eval.Value {
				return &eval.Error{Kind: eval.ErrorThrow, Message: "the value is nested deeper than lib.generators.withRecursion was to go", At: at}
			})
			return cond(ev, throws, at, throw, eval.Done(eval.String("<unevaluated>")))
		})
	}
	walk = func(depth int, t *eval.Thunk) *eval.Thunk {
		return eval.LaterAt(t, func(ev *eval.Evaluator) eval.Value {
			step := native("lib.generators.withRecursion", 2, func(ev *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
				switch ev.Force(b[0]) {
				case eval.String("__functor"), eval.String("__functionArgs"), eval.String("__toString"), eval.String("__pretty"):
					return ev.Force(b[1])
				}
				return ev.Force(next(depth+1, b[1]))
			})
			switch v := ev.Force(t).(type) {
			case *eval.Attrs:
				return ev.Builtin("mapAttrs", at, step, t)
			case *eval.List:
				each := native("lib.generators.withRecursion", 1, func(ev *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
					return ev.Force(next(depth+1, b[0]))
				})
				return ev.Builtin("map", at, each, t)
			default:
				if depth+1 > limit {
					return ev.Force(next(depth+1, t))
				}
				return v
			}
		})
	}
	return ev.Force(walk(0, a[1]))
}
