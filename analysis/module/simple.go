package module

import (
	"math"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

// checker makes the check of a type that looks at nothing but the value.
func checker(ok func(v eval.Value) bool) func(*eval.Evaluator, eval.Value) Verdict {
	return func(_ *eval.Evaluator, v eval.Value) Verdict {
		if ok(v) {
			return Yes
		}
		return No
	}
}

// words makes a fixed description.
func words(s string) func(*eval.Evaluator) string { return func(*eval.Evaluator) string { return s } }

// scalar makes a type whose definitions have to be equal.
func scalar(name, description string, check func(*eval.Evaluator, eval.Value) Verdict) *Type {
	return &Type{Name: name, text: words(description), class: "noun", check: check, merge: merging.equal, single: true}
}

func always(*eval.Evaluator, eval.Value) Verdict { return Yes }

func isString(v eval.Value) bool {
	switch v := v.(type) {
	case eval.String:
		return true
	case *eval.Text:
		return !v.IsPath
	}
	return false
}

func isInt(v eval.Value) bool   { _, ok := v.(eval.Int); return ok }
func isBool(v eval.Value) bool  { _, ok := v.(eval.Bool); return ok }
func isAttrs(v eval.Value) bool { _, ok := v.(*eval.Attrs); return ok }
func isList(v eval.Value) bool  { _, ok := v.(*eval.List); return ok }

// The types without parameters.
var (
	rawType = &Type{Name: "raw", text: words("raw value"), class: "noun", check: always, merge: merging.one, asIs: true}

	unspecifiedType = &Type{Name: "unspecified", text: words("unspecified value"), class: "noun", check: always, merge: merging.anyhow, asIs: true}

	boolType = scalar("bool", "boolean", checker(isBool))
	intType  = scalar("int", "signed integer", checker(isInt))
	strType  = scalar("str", "string", checker(isString))

	floatType = scalar("float", "floating point number", checker(func(v eval.Value) bool { _, ok := v.(eval.Float); return ok }))

	attrsType = &Type{
		Name: "attrs", text: words("attribute set"), check: checker(isAttrs), empty: emptySet,
		merge: func(m merging, defs []Definition) eval.Value {
			v := eval.Value(&eval.Attrs{})
			for _, d := range defs {
				v = m.e.ev.Update(v, m.e.ev.Force(d.Value), d.At, d.At)
			}
			return v
		},
	}

	boolByOrType = &Type{
		Name: "boolByOr", text: words("boolean (merged using or)"), class: "noun", check: checker(isBool), merge: merging.anyhow,
	}

	singleLineType = &Type{
		Name: "singleLineStr", text: words("(optionally newline-terminated) single-line string"), class: "noun",
		check: matching("[^\n\r]*\n?").check, single: true,
		merge: func(m merging, defs []Definition) eval.Value {
			v := m.equal(defs)
			if s, ok := v.(eval.String); ok {
				return eval.String(strings.TrimSuffix(string(s), "\n"))
			}
			return v
		},
	}

	packageType = &Type{
		Name: "package", text: words("package"), class: "noun", merge: merging.one, asIs: true,
		check: func(ev *eval.Evaluator, v eval.Value) Verdict {
			switch v := v.(type) {
			case *eval.Attrs:
				if v.Get("outPath") != nil || v.Get("__toString") != nil {
					return Yes
				}
				if v.Rest != nil {
					return Maybe
				}
				if t := v.Get("type"); t != nil {
					return isEqual(ev, ev.Force(t.Value), eval.String("derivation"))
				}
				return No
			case eval.String:
				return storePath(string(v))
			case eval.Path:
				return storePath(string(v))
			case *eval.Text:
				return Maybe
			}
			return No
		},
	}

	luaType  = tagged("luaInline", "inline lua", "lua-inline", merging.equal)
	pkgsType = tagged("pkgs", "Nixpkgs package set", "pkgs", merging.one)

	optionTypeType = tagged("optionType", "optionType", "option-type", func(m merging, defs []Definition) eval.Value {
		ev := m.e.ev
		t := TypeOf(ev, ev.Force(defs[0].Value))
		for _, d := range defs[1:] {
			if t = mergeTypes(ev, t, TypeOf(ev, ev.Force(d.Value))); t == nil {
				return m.conflict(defs, m.differ())
			}
		}
		return t.Value(ev)
	})

	optionDeclarationType = tagged("optionDeclaration", "option declaration", "option", merging.anyhow)

	filesetType = &Type{
		Name: "fileset", text: words("fileset"), class: "noun",
		check: func(ev *eval.Evaluator, v eval.Value) Verdict {
			switch v.(type) {
			case eval.Path:
				return Yes
			case *eval.Attrs:
				return Maybe
			case *eval.Text:
				return Maybe
			}
			return No
		},
		merge: func(m merging, defs []Definition) eval.Value {
			if len(defs) == 1 {
				return m.e.ev.Force(defs[0].Value)
			}
			return eval.NewUnknown("file sets are not merged")
		},
	}
)

func emptySet(merging) eval.Value { return &eval.Attrs{} }

// tagged makes a type of sets whose _type says what they are.
func tagged(name, description, tag string, merge func(merging, []Definition) eval.Value) *Type {
	return &Type{Name: name, text: words(description), class: "noun", merge: merge, check: func(ev *eval.Evaluator, v eval.Value) Verdict {
		a, ok := v.(*eval.Attrs)
		if !ok {
			return No
		}
		if a.Get("_type") == nil && a.Rest != nil || tag == "pkgs" && a.Get("_type") == nil {
			return Maybe
		}
		if propertyOf(ev, a) == tag {
			return Yes
		}
		return No
	}}
}

func isEqual(ev *eval.Evaluator, a, b eval.Value) Verdict {
	switch v := ev.Equal(a, b).(type) {
	case eval.Bool:
		if v {
			return Yes
		}
		return No
	}
	return Maybe
}

func storePath(p string) Verdict {
	if strings.HasPrefix(p, "/nix/store/") && !strings.Contains(strings.TrimPrefix(p, "/nix/store/"), "/") {
		return Yes
	}
	return No
}

// between makes a type of integers in a range.
func between(name, description string, lowest, highest int64) *Type {
	return &Type{
		Name: name, text: words(description), class: "noun", merge: merging.equal, single: true,
		check: checker(func(v eval.Value) bool { i, ok := v.(eval.Int); return ok && int64(i) >= lowest && int64(i) <= highest }),
	}
}

func inclusive(lowest, highest int64) string {
	return strconv.FormatInt(lowest, 10) + " and " + strconv.FormatInt(highest, 10) + " (both inclusive)"
}

func unsignedBits(bits int) *Type {
	high := int64(1)<<bits - 1
	n := strconv.Itoa(bits)
	return between("unsignedInt"+n, n+" bit unsigned integer; between "+inclusive(0, high), 0, high)
}

func signedBits(bits int) *Type {
	low, high := -(int64(1) << (bits - 1)), int64(1)<<(bits-1)-1
	n := strconv.Itoa(bits)
	return between("signedInt"+n, n+" bit signed integer; between "+inclusive(low, high), low, high)
}

// clause marks a description that ends in a clause.
func clause(t *Type) *Type {
	t.class = "nonRestrictiveClause"
	return t
}

// numbersBetween makes a type of numbers in a range.
func numbersIn(name, description string, ok func(f float64) bool) *Type {
	return &Type{
		Name: name, text: words(description), class: "conjunction", merge: merging.equal, single: true,
		check: checker(func(v eval.Value) bool {
			switch n := v.(type) {
			case eval.Int:
				return ok(float64(n))
			case eval.Float:
				return ok(float64(n))
			}
			return false
		}),
	}
}

var intTypes = map[string]*Type{
	"unsigned": clause(between("unsignedInt", "unsigned integer, meaning >=0", 0, math.MaxInt64)),
	"positive": clause(between("positiveInt", "positive integer, meaning >0", 1, math.MaxInt64)),
	"u8":       unsignedBits(8), "u16": unsignedBits(16), "u32": unsignedBits(32),
	"s8": signedBits(8), "s16": signedBits(16), "s32": signedBits(32),
}

var numberTypes = map[string]*Type{
	"nonnegative": clause(numbersIn("numberNonnegative", "nonnegative integer or floating point number, meaning >=0", func(f float64) bool { return f >= 0 })),
	"positive":    clause(numbersIn("numberPositive", "positive integer or floating point number, meaning >0", func(f float64) bool { return f > 0 })),
}

// matching makes the type strMatching of a regular expression.
func matching(pattern string) *Type {
	t := scalar("strMatching "+strconv.Quote(pattern), "string matching the pattern "+pattern, nil)
	t.check = func(ev *eval.Evaluator, v eval.Value) Verdict {
		if !isString(v) {
			return No
		}
		switch got := ev.Builtin("match", eval.Place{}, eval.Done(eval.String(pattern)), eval.Done(v)).(type) {
		case eval.Null:
			return No
		case *eval.List:
			_ = got
			return Yes
		}
		return Maybe
	}
	return t
}

// separated makes the type of strings joined by a separator.
func separated(sep string) *Type {
	return &Type{
		Name: "separatedString", text: words("strings concatenated with " + eval.QuoteJSON(sep)), class: "noun",
		check: checker(isString),
		merge: func(m merging, defs []Definition) eval.Value {
			list := &eval.List{}
			for _, d := range defs {
				list.Elems = append(list.Elems, d.Value)
			}
			if len(defs) == 1 {
				return m.e.ev.Force(defs[0].Value)
			}
			return m.e.ev.Builtin("concatStringsSep", defs[0].At, eval.Done(eval.String(sep)), eval.Done(list))
		},
	}
}

// pathsWith makes the type pathWith; nil is for what is not asked.
func pathsWith(absolute, inStore *bool) *Type {
	description := "path"
	if absolute != nil {
		description = map[bool]string{true: "absolute path", false: "relative path"}[*absolute]
	}
	if inStore != nil {
		description += map[bool]string{true: " in the Nix store", false: " not in the Nix store"}[*inStore]
	}
	return scalar("path", description, func(ev *eval.Evaluator, v eval.Value) Verdict {
		switch x := v.(type) {
		case *eval.Attrs:
			if x.Get("outPath") == nil && x.Get("__toString") == nil {
				if x.Rest != nil {
					return Maybe
				}
				return No
			}
			s, ok := ev.Coerce(x, eval.Place{}).(eval.String)
			switch {
			case !ok:
				return Maybe
			case absolute != nil && strings.HasPrefix(string(s), "/") != *absolute, inStore != nil && inNixStore(string(s)) != *inStore:
				return No
			}
			return Yes
		case eval.Path:
			if inStore != nil {
				// A path outside of the store may be copied there: it is never known
				// to stay outside.
				if !*inStore || !inNixStore(string(x)) {
					return No
				}
			}
			if absolute != nil && !*absolute {
				return No
			}
			return Yes
		case *eval.Text:
			first := x.Segments[0]
			if first.Unknown == nil && absolute != nil && strings.HasPrefix(first.Known, "/") != *absolute {
				return No
			}
			return Maybe
		case eval.String:
			if absolute != nil && strings.HasPrefix(string(x), "/") != *absolute {
				return No
			}
			if inStore != nil && inNixStore(string(x)) != *inStore {
				return No
			}
			return Yes
		}
		return No
	})
}

// inNixStore reports whether a path is in the store: below a name that begins
// with a hash of 32 characters.
func inNixStore(p string) bool {
	name, ok := strings.CutPrefix(p, "/nix/store/")
	if !ok || len(name) < 34 || name[32] != '-' || name[33] == '/' {
		return false
	}
	return !strings.ContainsFunc(name[:32], func(c rune) bool { return (c < '0' || c > '9') && (c < 'a' || c > 'z') })
}
