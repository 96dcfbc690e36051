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

func intersperse(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	l, fail := known(ev, a[1], at)
	if fail != nil {
		return fail
	}
	var out []*eval.Thunk
	for i, e := range l {
		if i > 0 {
			out = append(out, a[0])
		}
		out = append(out, e)
	}
	return list(out...)
}

func trimWith(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	how := ev.Force(a[0])
	start, fail := ev.WantBool(attrOr(ev, how, "start", no), at)
	if fail != nil {
		return fail
	}
	end, fail := ev.WantBool(attrOr(ev, how, "end", no), at)
	if fail != nil {
		return fail
	}
	return onText(ev, a[1], at, func(s string) string {
		if start {
			s = strings.TrimLeft(s, blanks)
		}
		if end {
			s = strings.TrimRight(s, blanks)
		}
		return s
	})
}

// searchPath joins paths of folders inside of others by colons. Null is none.
func searchPath(ev *eval.Evaluator, sub, in *eval.Thunk, at eval.Place) eval.Value {
	some := where(ev, in, at, func(ev *eval.Evaluator, e *eval.Thunk) eval.Value { return not(ev.Equal(ev.Force(e), eval.Null{})) })
	inside := native("lib.makeSearchPath", 1, func(ev *eval.Evaluator, b []*eval.Thunk, at eval.Place) eval.Value {
		return plus(ev, at, ev.Force(b[0]), eval.String("/"), ev.Force(sub))
	})
	return joined(ev, eval.Done(eval.String(":")), ev.Builtin("map", at, inside, eval.Done(some)), at)
}

func outputsPath(ev *eval.Evaluator, out, sub, pkgs *eval.Thunk, at eval.Place) eval.Value {
	name, fail := ev.WantString(out, at)
	if fail != nil {
		return fail
	}
	outputs := ev.Builtin("map", at, native("lib.getOutput", 1, outputOf(name).call), pkgs)
	return searchPath(ev, sub, eval.Done(outputs), at)
}

func searchPathOf(out, sub string) function {
	return function{1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		return outputsPath(ev, eval.Done(eval.String(out)), eval.Done(eval.String(sub)), a[0], at)
	}}
}

// affix applies a function to a known affix and a string, which may be partly
// unknown.
func affix(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place, f func(ev *eval.Evaluator, affix string, s eval.Value) eval.Value) eval.Value {
	x, fail := ev.WantText(a[0], at)
	if fail != nil {
		return fail
	}
	switch s := ev.Coerce(ev.Force(a[1]), at).(type) {
	case eval.String, *eval.Text:
		return f(ev, x, s)
	case *eval.Unknown:
		return s.Derive()
	default:
		return s
	}
}

func hasPrefix(_ *eval.Evaluator, prefix string, s eval.Value) eval.Value {
	switch s := s.(type) {
	case eval.String:
		return eval.Bool(strings.HasPrefix(string(s), prefix))
	case *eval.Text:
		start := s.Prefix()
		if len(start) >= len(prefix) || !strings.HasPrefix(prefix, start) {
			return eval.Bool(strings.HasPrefix(start, prefix))
		}
		return s.Derive()
	}
	return s
}

func hasSuffix(_ *eval.Evaluator, suffix string, s eval.Value) eval.Value {
	switch s := s.(type) {
	case eval.String:
		return eval.Bool(strings.HasSuffix(string(s), suffix))
	case *eval.Text:
		end := s.Suffix()
		if len(end) >= len(suffix) || !strings.HasSuffix(suffix, end) {
			return eval.Bool(strings.HasSuffix(end, suffix))
		}
		return s.Derive()
	}
	return s
}

func removePrefix(ev *eval.Evaluator, prefix string, s eval.Value) eval.Value {
	t, partly := s.(*eval.Text)
	if !partly {
		return eval.String(strings.TrimPrefix(string(s.(eval.String)), prefix))
	}
	has, ok := hasPrefix(ev, prefix, s).(eval.Bool)
	switch {
	case !ok:
		return t.Derive()
	case !bool(has) || prefix == "":
		return t
	}
	var b eval.TextBuilder
	b.Known(t.Prefix()[len(prefix):])
	b.Add(&eval.Text{Segments: t.Segments[1:]})
	return b.Value()
}

func removeSuffix(ev *eval.Evaluator, suffix string, s eval.Value) eval.Value {
	t, partly := s.(*eval.Text)
	if !partly {
		return eval.String(strings.TrimSuffix(string(s.(eval.String)), suffix))
	}
	has, ok := hasSuffix(ev, suffix, s).(eval.Bool)
	switch {
	case !ok:
		return t.Derive()
	case !bool(has) || suffix == "":
		return t
	}
	var b eval.TextBuilder
	b.Add(&eval.Text{Segments: t.Segments[:len(t.Segments)-1]})
	b.Known(strings.TrimSuffix(t.Suffix(), suffix))
	return b.Value()
}

// escapeAll replaces characters of a string, the unknown parts of which may
// have some too.
func escapeAll(ev *eval.Evaluator, t *eval.Thunk, at eval.Place, chars []string, escape func(c string) string) eval.Value {
	from, to := make([]eval.Value, len(chars)), make([]eval.Value, len(chars))
	for i, c := range chars {
		from[i], to[i] = eval.String(c), eval.String(escape(c))
	}
	return ev.Builtin("replaceStrings", at, eval.Done(eval.NewList(from...)), eval.Done(eval.NewList(to...)), t)
}

// hexByte writes the first byte of a string in two digits.
func hexByte(c, digits string) string {
	if c == "" {
		return "00"
	}
	return string([]byte{digits[c[0]>>4], digits[c[0]&15]})
}

func escapeURL(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; isWordByte(c) || strings.IndexByte("-_.~", c) >= 0 || c >= 0x80 {
			b.WriteByte(c)
		} else {
			b.WriteString("%" + hexByte(s[i:], "0123456789ABCDEF"))
		}
	}
	return b.String()
}

func isWordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// escapeIdentifier quotes a name unless it is an identifier. `or` it quotes, too.
func escapeIdentifier(s string) string {
	if s != "or" && eval.IsIdentifier(s) {
		return s
	}
	return strings.ReplaceAll(eval.QuoteJSON(s), "$", `\$`)
}

func shellArg(ev *eval.Evaluator, t *eval.Thunk, at eval.Place) eval.Value {
	switch s := ev.ToString(ev.Force(t), at).(type) {
	case eval.String:
		if s != "" && strings.IndexFunc(string(s), func(r rune) bool {
			return r >= 0x80 || !isWordByte(byte(r)) && !strings.ContainsRune(",._+:@%/-", r)
		}) < 0 {
			return s
		}
		return eval.String("'" + strings.ReplaceAll(string(s), "'", `'\''`) + "'")
	case *eval.Text:
		return s.Derive()
	case *eval.Unknown:
		return s.Derive()
	default:
		return s
	}
}

func shellArgs(ev *eval.Evaluator, t *eval.Thunk, at eval.Place) eval.Value {
	escape := native("lib.escapeShellArg", 1, func(ev *eval.Evaluator, b []*eval.Thunk, at eval.Place) eval.Value {
		return shellArg(ev, b[0], at)
	})
	return joined(ev, eval.Done(eval.String(" ")), ev.Builtin("map", at, escape, t), at)
}

func isPosixName(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isWordByte(c) && c != '_' || i == 0 && '0' <= c && c <= '9' {
			return false
		}
	}
	return s != ""
}

func toShellVar(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	name, fail := ev.WantString(a[0], at)
	if fail != nil {
		return fail
	}
	if !isPosixName(name) {
		return &eval.Error{Kind: eval.ErrorThrow, Message: "`" + name + "` is not a valid name of a shell variable", At: at}
	}
	v := ev.Force(a[1])
	if _, ok := v.(*eval.List); ok {
		return plus(ev, at, eval.String("declare -a "+name+"=("), shellArgs(ev, a[1], at), eval.String(")"))
	}
	if s, ok := v.(*eval.Attrs); ok && isStringLike(s) == eval.Value(eval.Bool(false)) {
		entry := native("lib.toShellVar", 2, func(ev *eval.Evaluator, b []*eval.Thunk, at eval.Place) eval.Value {
			return plus(ev, at, eval.String("["), shellArg(ev, b[0], at), eval.String("]="), shellArg(ev, b[1], at))
		})
		entries := joined(ev, eval.Done(eval.String(" ")), mapAttrsToList(ev, []*eval.Thunk{entry, a[1]}, at), at)
		return plus(ev, at, eval.String("declare -A "+name+"=("), entries, eval.String(")"))
	}
	return plus(ev, at, eval.String(name+"="), shellArg(ev, a[1], at))
}

// lower and upper change ASCII letters only, as lib does.
func lower(s string) string { return mapBytes(s, 'A', 'Z', 'a'-'A') }

func upper(s string) string { return mapBytes(s, 'a', 'z', -('a' - 'A')) }

func mapBytes(s string, from, to byte, add int) string {
	out := []byte(s)
	for i, c := range out {
		if from <= c && c <= to {
			out[i] = byte(int(c) + add)
		}
	}
	return string(out)
}

func sentenceCase(s string) string {
	if s == "" {
		return ""
	}
	return upper(s[:1]) + lower(s[1:])
}

// camelCase joins the words of a text, which blanks, dashes, underscores or
// capital letters begin.
func camelCase(s string) string {
	var words []string
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("-_ ", r) }) {
		start := 0
		for i := 1; i < len(part); i++ {
			if 'a' <= part[i-1] && part[i-1] <= 'z' && 'A' <= part[i] && part[i] <= 'Z' {
				words = append(words, part[start:i])
				start = i
			}
		}
		words = append(words, part[start:])
	}
	out := ""
	for i, w := range words {
		if i == 0 && strings.HasPrefix(s, w) {
			out = lower(w)
		} else {
			out += sentenceCase(w)
		}
	}
	return out
}

func splitString(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	sep, fail := ev.WantString(eval.Done(ev.ToString(ev.Force(a[0]), at)), at)
	if fail != nil {
		return fail
	}
	switch s := ev.ToString(ev.Force(a[1]), at).(type) {
	case eval.String:
		return splitOf(string(s), sep)
	case *eval.Text:
		if sep == "" {
			return s.Derive()
		}
		// What stands before the first unknown segment and behind the last is
		// known, but for the pieces next to them.
		first, last := strings.Split(s.Prefix(), sep), strings.Split(s.Suffix(), sep)
		var b eval.ListBuilder
		for _, p := range first[:len(first)-1] {
			b.Add(eval.Done(eval.String(p)))
		}
		b.Perhaps(s.Derive())
		for _, p := range last[1:] {
			b.Add(eval.Done(eval.String(p)))
		}
		return b.List()
	case *eval.Unknown:
		return &eval.List{More: s.Derive()}
	default:
		return s
	}
}

// splitOf splits a string. An empty separator stands before each character and
// at the end.
func splitOf(s, sep string) *eval.List {
	parts := strings.Split(s, sep)
	if sep == "" {
		parts = []string{""}
		for i := range len(s) {
			parts = append(parts, s[i:i+1])
		}
		parts = append(parts, "")
	}
	l := &eval.List{Elems: make([]*eval.Thunk, len(parts))}
	for i, p := range parts {
		l.Elems[i] = eval.Done(eval.String(p))
	}
	return l
}

// splitStringBy splits where a predicate holds for two characters in a row.
func splitStringBy(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	keep, fail := ev.WantBool(a[1], at)
	if fail != nil {
		return fail
	}
	s, fail := ev.WantText(a[2], at)
	if fail != nil {
		return fail
	}
	var parts []eval.Value
	part := ""
	for i := range len(s) {
		prev := ""
		if i > 0 {
			prev = s[i-1 : i]
		}
		c := s[i : i+1]
		split, fail := ev.WantBool(eval.Done(call(ev, a[0], at, eval.Done(eval.String(prev)), eval.Done(eval.String(c)))), at)
		if fail != nil {
			return fail
		}
		if split {
			parts = append(parts, eval.String(part))
			part = ""
		}
		if keep || !split {
			part += c
		}
	}
	return eval.NewList(append(parts, eval.String(part))...)
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

// levenshtein is the number of single changes that make one string another.
func levenshtein(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			next := min(row[j]+1, row[j+1]+1)
			if a[i] == b[j] {
				next = min(next, diagonal)
			} else {
				next = min(next, diagonal+1)
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}

// sanitizeName makes a name that a derivation can have.
func sanitizeName(s string) string {
	s = strings.TrimLeft(s, ".")
	var b strings.Builder
	replaced := false
	for i := range len(s) {
		c := s[i]
		if isWordByte(c) || strings.IndexByte("+._?=-", c) >= 0 {
			b.WriteByte(c)
			replaced = false
		} else if !replaced {
			b.WriteByte('-')
			replaced = true
		}
	}
	const most = 207 // characters, without the extension .drv
	name := b.String()
	if len(name) > most {
		name = name[len(name)-most:]
	}
	if name == "" {
		return "unknown"
	}
	return name
}
