package eval

import (
	"crypto/sha256"
	"strings"
)

var derivationBuiltins = map[string]builtin{
	"derivation":       {1, derivation},
	"derivationStrict": {1, derivationStrict},
	"placeholder": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
		name, fail := ev.WantString(a[0], at)
		if fail != nil {
			return fail
		}
		h := sha256.Sum256([]byte("nix-output:" + name))
		return String("/" + nixBase32(h[:]))
	}},
}

// notBuilt is a path in the store that only instantiating would tell.
func notBuilt(name string) *Unknown {
	return NewUnknown("nothing is built, so where it would be is not known", name)
}

// derivation is what Nix defines in terms of derivationStrict: the attributes
// given and those of each output. The paths in the store are unknown.
func derivation(ev *Evaluator, a []*Thunk, at Place) Value {
	set, fail := ev.WantAttrs(a[0], at)
	if fail != nil {
		return fail
	}
	strict := Later(func(ev *Evaluator) Value { return derivationStrict(ev, a, at) })
	outputs := []string{"out"}
	if o := set.Get("outputs"); o != nil {
		if outputs, fail = ev.WantStrings(o.Value, at); fail != nil {
			return fail
		}
		if len(outputs) == 0 {
			return Errorf(argAt(o.Value, at), "a derivation needs an output")
		}
	}
	values := make([]*Thunk, len(outputs))
	common := Later(func(*Evaluator) Value {
		byName := make([]Attr, len(outputs))
		for i, name := range outputs {
			byName[i] = Attr{Name: name, Value: values[i]}
		}
		own := SetOf(Attr{Name: "all", Value: Done(&List{Elems: values})}, Attr{Name: "drvAttrs", Value: a[0]})
		return Update(Update(set, SetOf(byName...)), own)
	})
	for i, name := range outputs {
		values[i] = Later(func(ev *Evaluator) Value {
			base := ev.Force(common).(*Attrs)
			return Update(base, SetOf(
				Attr{Name: "outPath", Value: Later(func(ev *Evaluator) Value { return ev.Select(ev.Force(strict), name, at) })},
				Attr{Name: "drvPath", Value: Later(func(ev *Evaluator) Value { return ev.Select(ev.Force(strict), "drvPath", at) })},
				Attr{Name: "type", Value: Done(String("derivation"))},
				Attr{Name: "outputName", Value: Done(String(name))},
			))
		})
	}
	return ev.Force(values[0])
}

// derivationStrict gives the paths of a derivation and its outputs.
func derivationStrict(ev *Evaluator, a []*Thunk, at Place) Value {
	set, fail := ev.WantAttrs(a[0], at)
	if fail != nil {
		return fail
	}
	for _, needed := range [...]string{"name", "system", "builder"} {
		x := set.Get(needed)
		if x == nil {
			if set.Rest == nil {
				return missingAttr(needed, set, at)
			}
			continue
		}
		v := ev.Force(x.Value)
		if needed != "name" {
			v = ev.Coerce(v, argAt(x.Value, at))
		}
		switch v := v.(type) {
		case String:
			if needed == "name" && !isStoreName(string(v)) {
				return Errorf(argAt(x.Value, at), "`%s` cannot be the name of a derivation", v)
			}
		case *Text, *Unknown:
		default:
			return Mismatch("a string", v, argAt(x.Value, at))
		}
	}
	outputs := []string{"out"}
	if o := set.Get("outputs"); o != nil {
		if outputs, fail = ev.WantStrings(o.Value, at); fail != nil {
			return fail
		}
	}
	paths := map[string]Value{"drvPath": notBuilt("drvPath")}
	for _, name := range outputs {
		paths[name] = notBuilt("outPath")
	}
	return NewAttrs(paths)
}

// isStoreName reports whether a name can be that of a path in the store.
func isStoreName(name string) bool {
	const limit = 211
	if name == "" || len(name) > limit || name[0] == '.' {
		return false
	}
	for i := range len(name) {
		if c := name[i]; !isLetter(c) && !isDigit(c) && strings.IndexByte("+-._?=", c) < 0 {
			return false
		}
	}
	return true
}

// asText evaluates to the string that an argument makes.
func asText(ev *Evaluator, a []*Thunk, at Place) Value {
	return ev.Coerce(ev.Force(a[0]), argAt(a[0], at))
}

// contextBuiltins are about which store paths a string depends on. Strings do
// not remember that here: those known to the last character seldom have any.
var contextBuiltins = map[string]builtin{
	"unsafeDiscardStringContext":    {1, asText},
	"unsafeDiscardOutputDependency": {1, asText},
	"addDrvOutputDependencies":      {1, asText},
	"appendContext": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
		if _, fail := ev.WantAttrs(a[1], at); fail != nil {
			if err, ok := fail.(*Error); ok {
				return err
			}
		}
		return asText(ev, a, at)
	}},
	"hasContext": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
		if _, fail := ev.WantText(a[0], at); fail != nil {
			return fail
		}
		return Bool(false)
	}},
	"getContext": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
		if _, fail := ev.WantText(a[0], at); fail != nil {
			return fail
		}
		return emptyAttrs
	}},
}
