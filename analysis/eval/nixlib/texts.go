package nixlib

import (
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

// texts is the area strings.
var texts = area{
	builtins: []string{
		"appendContext", "compareVersions", "concatStringsSep", "elem", "elemAt", "filter", "fromJSON", "genList",
		"head", "isAttrs", "isInt", "isList", "isPath", "isString", "match", "parseDrvName", "readFile",
		"replaceStrings", "split", "storeDir", "stringLength", "substring", "tail", "toJSON", "typeOf",
		"unsafeDiscardStringContext",
	},
	functions: map[string]function{
		"join": alias("concatStringsSep", 2, func(a []*eval.Thunk) []*eval.Thunk { return a }),
		"concatStrings": alias("concatStringsSep", 1, func(a []*eval.Thunk) []*eval.Thunk {
			return []*eval.Thunk{emptyText, a[0]}
		}),
		"concatMapStrings": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return joined(ev, emptyText, ev.Builtin("map", at, a...), at)
		}},
		"concatImapStrings": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return joined(ev, emptyText, imap(ev, a, at, 1), at)
		}},
		"concatMapStringsSep": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return joined(ev, a[0], ev.Builtin("map", at, a[1:]...), at)
		}},
		"concatImapStringsSep": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return joined(ev, a[0], imap(ev, a[1:], at, 1), at)
		}},
		"concatMapAttrsStringSep": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return joined(ev, a[0], mapAttrsToList(ev, a[1:], at), at)
		}},
		"concatLines": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			lines := native("lib.concatLines", 1, func(ev *eval.Evaluator, b []*eval.Thunk, at eval.Place) eval.Value {
				return plus(ev, at, ev.Coerce(ev.Force(b[0]), at), eval.String("\n"))
			})
			return joined(ev, emptyText, ev.Builtin("map", at, lines, a[0]), at)
		}},
		"intersperse": {2, intersperse},
		"replicate": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return joined(ev, emptyText, lists.functions["replicate"].call(ev, a, at), at)
		}},
		"replaceString": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Builtin("replaceStrings", at, eval.Done(list(a[0])), eval.Done(list(a[1])), a[2])
		}},
		"trim": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return onText(ev, a[0], at, func(s string) string { return strings.Trim(s, blanks) })
		}},
		"trimWith": {2, trimWith},
		"makeSearchPath": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return searchPath(ev, a[0], a[1], at)
		}},
		"makeSearchPathOutput": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return outputsPath(ev, a[0], a[1], a[2], at)
		}},
		"makeLibraryPath": searchPathOf("lib", "lib"), "makeIncludePath": searchPathOf("dev", "include"),
		"makeBinPath": searchPathOf("bin", "bin"),
		"normalizePath": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return onText(ev, a[0], at, func(s string) string {
				for strings.Contains(s, "//") {
					s = strings.ReplaceAll(s, "//", "/")
				}
				return s
			})
		}},
		"optionalString": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return cond(ev, a[0], at, a[1], emptyText)
		}},
		"hasPrefix": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return affix(ev, a, at, hasPrefix)
		}},
		"hasSuffix": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return affix(ev, a, at, hasSuffix)
		}},
		"hasInfix": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return affix(ev, a, at, func(_ *eval.Evaluator, infix string, s eval.Value) eval.Value {
				if s, ok := s.(eval.String); ok {
					return eval.Bool(strings.Contains(string(s), infix))
				}
				for _, seg := range s.(*eval.Text).Segments {
					if strings.Contains(seg.Known, infix) {
						return eval.Bool(true)
					}
				}
				return s.(*eval.Text).Derive()
			})
		}},
		"removePrefix": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return affix(ev, a, at, removePrefix)
		}},
		"removeSuffix": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return affix(ev, a, at, removeSuffix)
		}},
		"stringToCharacters": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			s, fail := ev.WantText(a[0], at)
			if fail != nil {
				return fail
			}
			return characters(s)
		}},
		"stringAsChars": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			s, fail := ev.WantText(a[1], at)
			if fail != nil {
				return fail
			}
			return joined(ev, emptyText, ev.Builtin("map", at, a[0], eval.Done(characters(s))), at)
		}},
		"charToInt": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			s, fail := ev.WantString(a[0], at)
			if fail != nil {
				return fail
			}
			if len(s) != 1 {
				return eval.Errorf(at, "`%s` is not a single byte", s)
			}
			return eval.Int(s[0])
		}},
		"escape": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			chars, fail := ev.WantStrings(a[0], at)
			if fail != nil {
				return fail
			}
			return escapeAll(ev, a[1], at, chars, func(c string) string { return `\` + c })
		}},
		"escapeC": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			chars, fail := ev.WantStrings(a[0], at)
			if fail != nil {
				return fail
			}
			return escapeAll(ev, a[1], at, chars, func(c string) string { return `\x` + hexByte(c, "0123456789abcdef") })
		}},
		"escapeRegex": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return escapeAll(ev, a[0], at, strings.Split(`\[{()^$?*+|.`, ""), func(c string) string { return `\` + c })
		}},
		"escapeURL": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return onText(ev, a[0], at, escapeURL)
		}},
		"escapeXML": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return escapeAll(ev, a[0], at, []string{`"`, `'`, `<`, `>`, `&`}, func(c string) string {
				return map[string]string{`"`: "&quot;", `'`: "&apos;", `<`: "&lt;", `>`: "&gt;", `&`: "&amp;"}[c]
			})
		}},
		"escapeShellArg": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return shellArg(ev, a[0], at)
		}},
		"escapeShellArgs": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return shellArgs(ev, a[0], at)
		}},
		"escapeNixString": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return escapeAll(ev, eval.Done(ev.Builtin("toJSON", at, a[0])), at, []string{"$"}, func(c string) string { return `\` + c })
		}},
		"escapeNixIdentifier": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return onText(ev, a[0], at, escapeIdentifier)
		}},
		"isValidPosixName": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			s, fail := ev.WantString(a[0], at)
			if fail != nil {
				return fail
			}
			return eval.Bool(isPosixName(s))
		}},
		"toShellVar": {2, toShellVar},
		"toShellVars": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			vars := mapAttrsToList(ev, []*eval.Thunk{native("lib.toShellVar", 2, toShellVar), a[0]}, at)
			return joined(ev, eval.Done(eval.String("\n")), vars, at)
		}},
		"sanitizeDerivationName": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return onText(ev, a[0], at, sanitizeName)
		}},
		"toLower": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return onText(ev, a[0], at, lower)
		}},
		"toUpper": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return onText(ev, a[0], at, upper)
		}},
		"toSentenceCase": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return onText(ev, a[0], at, sentenceCase)
		}},
		"toCamelCase": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return onText(ev, a[0], at, camelCase)
		}},
		"addContextFrom": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			if err, ok := ev.Coerce(ev.Force(a[0]), at).(*eval.Error); ok {
				return err
			}
			return ev.Coerce(ev.Force(a[1]), at)
		}},
		"splitString":   {2, splitString},
		"splitStringBy": {3, splitStringBy},
		"versionOlder": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.Equal(ev.Builtin("compareVersions", at, a[1], a[0]), eval.Int(1))
		}},
		"versionAtLeast": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return not(ev.Equal(ev.Builtin("compareVersions", at, a[1], a[0]), eval.Int(1)))
		}},
		"getName":    drvPart("pname", "name"),
		"getVersion": drvPart("version", "version"),
		"nameFromURL": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			url, fail := ev.WantString(a[0], at)
			if fail != nil {
				return fail
			}
			sep, fail := ev.WantString(a[1], at)
			if fail != nil {
				return fail
			}
			file := url[strings.LastIndexByte(url, '/')+1:]
			name, _, found := strings.Cut(file, sep)
			if !found {
				return &eval.Error{Kind: eval.ErrorAssert, Message: "assertion failed", At: at}
			}
			return eval.String(name)
		}},
		"mesonOption": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return plus(ev, at, eval.String("-D"), ev.Force(a[0]), eval.String("="), ev.Force(a[1]))
		}},
		"mesonBool": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return plus(ev, at, eval.String("-D"), ev.Force(a[0]), eval.String("="), ev.Force(choose(a[1], at, "true", "false")))
		}},
		"mesonEnable": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return plus(ev, at, eval.String("-D"), ev.Force(a[0]), eval.String("="), ev.Force(choose(a[1], at, "enabled", "disabled")))
		}},
		"cmakeOptionType": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return plus(ev, at, eval.String("-D"), ev.Force(a[1]), eval.String(":"), onText(ev, a[0], at, upper), eval.String("="), ev.Force(a[2]))
		}},
		"cmakeBool": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return plus(ev, at, eval.String("-D"), ev.Force(a[0]), eval.String(":BOOL="), ev.Force(choose(a[1], at, "TRUE", "FALSE")))
		}},
		"cmakeFeature": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return plus(ev, at, eval.String("-D"), ev.Force(a[0]), eval.String(":STRING="), ev.Force(a[1]))
		}},
		"enableFeature":   feature("--enable-", "--disable-", false),
		"enableFeatureAs": feature("--enable-", "--disable-", true),
		"withFeature":     feature("--with-", "--without-", false),
		"withFeatureAs":   feature("--with-", "--without-", true),
		"fixedWidthString": {3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			filler, fail := ev.WantString(a[1], at)
			if fail != nil {
				return fail
			}
			s, fail := ev.WantString(a[2], at)
			if fail != nil {
				return fail
			}
			return fixedWidth(ev, a[0], filler, s, at)
		}},
		"fixedWidthNumber": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			s, fail := ev.WantString(eval.Done(ev.ToString(ev.Force(a[1]), at)), at)
			if fail != nil {
				return fail
			}
			return fixedWidth(ev, a[0], "0", s, at)
		}},
		"floatToString": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return ev.ToString(ev.Force(a[0]), at)
		}},
		"isStringLike": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return isStringLike(ev.Force(a[0]))
		}},
		"isConvertibleWithToString": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return isConvertible(ev, a[0], at)
		}},
		"isStorePath": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			if like := isStringLike(ev.Force(a[0])); like != eval.Value(eval.Bool(true)) {
				return like
			}
			s, fail := ev.WantString(eval.Done(ev.ToString(ev.Force(a[0]), at)), at)
			if fail != nil {
				return fail
			}
			rest, ok := strings.CutPrefix(s, "/nix/store/")
			return eval.Bool(ok && !strings.Contains(rest, "/"))
		}},
		"toInt":       {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value { return toInt(ev, a[0], at, false) }},
		"toIntBase10": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value { return toInt(ev, a[0], at, true) }},
		"fileContents": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return onText(ev, eval.Done(ev.Builtin("readFile", at, a[0])), at, func(s string) string { return strings.TrimSuffix(s, "\n") })
		}},
		"levenshtein": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			x, fail := ev.WantString(a[0], at)
			if fail != nil {
				return fail
			}
			y, fail := ev.WantString(a[1], at)
			if fail != nil {
				return fail
			}
			if u := ev.Reserve(len(x) * len(y)); u != nil {
				return u
			}
			return eval.Int(levenshtein(x, y))
		}},
	},
	values: map[string]eval.Value{
		"lowerChars": characters("abcdefghijklmnopqrstuvwxyz"),
		"upperChars": characters("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
	},
	hidden: []string{
		"replicate", "charToInt", "escapeC", "escapeNixString", "escapeNixIdentifier", "normalizePath", "floatToString",
		"isConvertibleWithToString", "levenshtein", "sanitizeDerivationName", "storeDir",
	},
}

const blanks = " \t\r\n"

// characters makes a list of the bytes of a string.
func characters(s string) *eval.List {
	l := &eval.List{Elems: make([]*eval.Thunk, len(s))}
	for i := range len(s) {
		l.Elems[i] = eval.Done(eval.String(s[i : i+1]))
	}
	return l
}

// joined joins the strings of a list.
func joined(ev *eval.Evaluator, sep *eval.Thunk, l eval.Value, at eval.Place) eval.Value {
	return ev.Builtin("concatStringsSep", at, sep, eval.Done(l))
}

// plus joins strings, some of which may be unknown.
func plus(ev *eval.Evaluator, at eval.Place, parts ...eval.Value) eval.Value {
	var b eval.TextBuilder
	for _, p := range parts {
		if err := b.Add(ev.Coerce(p, at)); err != nil {
			return err
		}
	}
	return b.Value()
}

// onText applies a function to a string that is wholly known.
func onText(ev *eval.Evaluator, t *eval.Thunk, at eval.Place, f func(s string) string) eval.Value {
	s, fail := ev.WantText(t, at)
	if fail != nil {
		return fail
	}
	return eval.String(f(s))
}

// choose is one of two texts.
func choose(condition *eval.Thunk, at eval.Place, ifTrue, ifFalse string) *eval.Thunk {
	return eval.Later(func(ev *eval.Evaluator) eval.Value {
		return cond(ev, condition, at, eval.Done(eval.String(ifTrue)), eval.Done(eval.String(ifFalse)))
	})
}

// drvPart makes getName or getVersion: of a string, or of a package that has an
// attribute of that name.
func drvPart(attribute, part string) function {
	return function{1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		parse := func(ev *eval.Evaluator, name *eval.Thunk) eval.Value {
			return ev.Select(ev.Builtin("parseDrvName", at, name), part, at)
		}
		v := ev.Force(a[0])
		switch v.(type) {
		case eval.String, *eval.Text:
			return parse(ev, a[0])
		}
		return ev.Force(attrOr(ev, v, attribute, eval.Later(func(ev *eval.Evaluator) eval.Value {
			return parse(ev, eval.Done(ev.Select(v, "name", at)))
		})))
	}}
}

// feature makes a function that writes an option of a configure script.
func feature(on, off string, valued bool) function {
	arity := 2
	if valued {
		arity = 3
	}
	return function{arity, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		flag := plus(ev, at, ev.Force(choose(a[0], at, on, off)), ev.Force(a[1]))
		if !valued {
			return flag
		}
		value := eval.Later(func(ev *eval.Evaluator) eval.Value { return plus(ev, at, eval.String("="), ev.Force(a[2])) })
		return plus(ev, at, flag, cond(ev, a[0], at, value, emptyText))
	}}
}

// fixedWidth puts fillers before a string until it is as wide as wanted.
func fixedWidth(ev *eval.Evaluator, width *eval.Thunk, filler, s string, at eval.Place) eval.Value {
	n, fail := ev.WantInt(width, at)
	if fail != nil {
		return fail
	}
	missing := n - len(s)
	if missing < 0 || missing > 0 && (filler == "" || missing%len(filler) != 0) {
		return &eval.Error{
			Kind: eval.ErrorThrow, Message: "`" + s + "` cannot be made " + strconv.Itoa(n) + " characters wide", At: at,
		}
	}
	if u := ev.Reserve(missing); u != nil {
		return u
	}
	if missing > 0 {
		s = strings.Repeat(filler, missing/len(filler)) + s
	}
	return eval.String(s)
}

// isStringLike tells whether something can stand where a string is wanted.
func isStringLike(v eval.Value) eval.Value {
	switch v := v.(type) {
	case eval.String, eval.Path, *eval.Text:
		return eval.Bool(true)
	case *eval.Attrs:
		if v.Get("outPath") != nil || v.Get("__toString") != nil {
			return eval.Bool(true)
		}
		if v.Rest != nil {
			return v.Rest.Derive()
		}
	case *eval.Unknown:
		return v.Derive()
	case *eval.Error:
		return v
	}
	return eval.Bool(false)
}

func isConvertible(ev *eval.Evaluator, t *eval.Thunk, at eval.Place) eval.Value {
	switch v := ev.Force(t).(type) {
	case eval.Null, eval.Int, eval.Float, eval.Bool:
		return eval.Bool(true)
	case *eval.List:
		return ev.Nested(func() eval.Value {
			return ev.Builtin("all", at, native("lib.isConvertibleWithToString", 1,
				func(ev *eval.Evaluator, b []*eval.Thunk, at eval.Place) eval.Value {
					return isConvertible(ev, b[0], at)
				}), t)
		})
	default:
		return isStringLike(v)
	}
}

// toInt reads an integer, with leading zeros only if they cannot mislead.
func toInt(ev *eval.Evaluator, t *eval.Thunk, at eval.Place, zeros bool) eval.Value {
	s, fail := ev.WantString(t, at)
	if fail != nil {
		return fail
	}
	text := strings.Trim(s, " \t\n\v\f\r")
	if zeros {
		text = strings.TrimLeft(text, "0")
		if text == "" && strings.Contains(s, "0") {
			text = "0"
		}
	}
	digits := strings.TrimPrefix(text, "-")
	i, err := strconv.ParseInt(text, 10, 64)
	if err != nil || digits == "" || digits[0] == '+' || len(digits) > 1 && digits[0] == '0' && !zeros {
		return &eval.Error{Kind: eval.ErrorThrow, Message: "`" + s + "` is no integer", At: at}
	}
	return eval.Int(i)
}
