package eval

import (
	"path"
	"slices"
	"strings"
)

// Lib returns a model of nixpkgs' lib: the functions on the way from a flake
// to its modules, natively; everything else in it is unknown. It is extended
// as the real one is, by `lib.extend`.
func (ev *Evaluator) Lib() *Attrs {
	if ev.lib == nil {
		ev.lib = ev.makeLib(nil)
	}
	return ev.lib
}

// makeLib ties lib to itself with the overlays applied in order.
func (ev *Evaluator) makeLib(overlays []*Thunk) *Attrs {
	set := make(map[string]Value)
	for name, b := range libNatives {
		set[name] = &Native{Name: "lib." + name, Arity: b.arity, Call: b.call}
	}
	for _, name := range libBuiltins {
		if b := ev.builtins.Get(name); b != nil {
			set[name] = ev.Force(b.Value)
		}
	}
	out := NewAttrs(set)
	out.Rest = NewUnknown("this part of nixpkgs' lib is not modelled", "lib")
	// The functions are also found in the files they come from.
	flat := out.Entries
	for _, area := range []string{"attrsets", "lists", "strings", "trivial", "filesystem", "fixedPoints", "modules", "options", "path"} {
		sub := &Attrs{Entries: flat, Rest: NewUnknown("this part of nixpkgs' lib is not modelled", "lib", area)}
		out = Update(out, &Attrs{Entries: []Attr{{Name: area, Value: Done(sub)}}})
	}
	extend := &Native{Name: "lib.extend", Arity: 1, Call: func(ev *Evaluator, args []*Thunk, _ Place) Value {
		return ev.makeLib(append(slices.Clone(overlays), args[0]))
	}}
	out = Update(out, &Attrs{Entries: []Attr{{Name: "extend", Value: Done(extend)}}})
	if len(overlays) == 0 {
		return out
	}
	// The result refers to itself through final, so it is made first and its
	// attributes are filled in afterwards.
	final := &Attrs{}
	result := out
	for _, o := range overlays {
		add := ev.Apply(ev.Force(o), Place{}, Done(final), Done(result))
		switch a := add.(type) {
		case *Attrs:
			result = Update(result, a)
		case *Unknown:
			result = &Attrs{Rest: a}
		default:
			result = &Attrs{Rest: NewUnknown("an overlay of lib fails")}
		}
		*final = *result
	}
	*final = *result
	return final
}

// libBuiltins are the builtins that lib hands on under their own names.
var libBuiltins = []string{
	"add", "all", "any", "attrNames", "attrValues", "baseNameOf", "catAttrs", "concatLists", "concatMap",
	"concatStringsSep", "deepSeq", "dirOf", "elem", "elemAt", "filter", "foldl'", "functionArgs", "genList", "getAttr",
	"hasAttr", "head", "intersectAttrs", "isAttrs", "isBool", "isFloat", "isFunction", "isInt", "isList", "isPath",
	"isString", "length", "lessThan", "listToAttrs", "map", "mapAttrs", "pathExists", "readFile", "removeAttrs",
	"replaceStrings", "seq", "stringLength", "substring", "tail", "trace", "typeOf", "warn",
}

// property makes one of the sets by which modules mark definitions.
func property(kind string, attrs map[string]*Thunk) Value {
	a := &Attrs{Entries: []Attr{{Name: "_type", Value: Done(String(kind))}}}
	for name, t := range attrs {
		a.Entries = append(a.Entries, Attr{Name: name, Value: t})
	}
	a.sort()
	return a
}

// override makes lib.mkDefault and its like, each a fixed priority.
func override(priority int) nativeFunc {
	return nativeFunc{1, func(_ *Evaluator, args []*Thunk, _ Place) Value {
		return property("override", map[string]*Thunk{"priority": Done(Int(priority)), "content": args[0]})
	}}
}

func order(priority int) nativeFunc {
	return nativeFunc{1, func(_ *Evaluator, args []*Thunk, _ Place) Value {
		return property("order", map[string]*Thunk{"priority": Done(Int(priority)), "content": args[0]})
	}}
}

// when makes lib.optional and its like: the value if the condition holds,
// empty if not, and perhaps the value if the condition is unknown.
func when(empty Value, value func(ev *Evaluator, t *Thunk) Value) nativeFunc {
	return nativeFunc{2, func(ev *Evaluator, args []*Thunk, at Place) Value {
		yes, out := ev.truth(ev.Force(args[0]), at)
		switch u := out.(type) {
		case nil:
		case *Unknown:
			return &Unknown{Reason: u.Reason, Maybe: []*Thunk{{fn: func(ev *Evaluator) Value { return value(ev, args[1]) }}}}
		default:
			return out
		}
		if yes {
			return value(ev, args[1])
		}
		return empty
	}}
}

func stringTest(test func(affix, s string) bool) nativeFunc {
	return nativeFunc{2, func(ev *Evaluator, args []*Thunk, at Place) Value {
		affix, out := ev.wantString(args[0], at)
		if out != nil {
			return out
		}
		s, out := ev.wantString(args[1], at)
		if out != nil {
			return out
		}
		return Bool(test(affix, s))
	}}
}

func stringCut(cut func(s, affix string) string) nativeFunc {
	return nativeFunc{2, func(ev *Evaluator, args []*Thunk, at Place) Value {
		affix, out := ev.wantString(args[0], at)
		if out != nil {
			return out
		}
		s, out := ev.wantString(args[1], at)
		if out != nil {
			return out
		}
		return String(cut(s, affix))
	}}
}

var libNatives map[string]nativeFunc

func init() {
	libNatives = map[string]nativeFunc{
		"mkIf": {2, func(_ *Evaluator, a []*Thunk, _ Place) Value {
			return property("if", map[string]*Thunk{"condition": a[0], "content": a[1]})
		}},
		"mkMerge": {1, func(_ *Evaluator, a []*Thunk, _ Place) Value {
			return property("merge", map[string]*Thunk{"contents": a[0]})
		}},
		"mkOverride": {2, func(_ *Evaluator, a []*Thunk, _ Place) Value {
			return property("override", map[string]*Thunk{"priority": a[0], "content": a[1]})
		}},
		"mkOrder": {2, func(_ *Evaluator, a []*Thunk, _ Place) Value {
			return property("order", map[string]*Thunk{"priority": a[0], "content": a[1]})
		}},
		"mkOptionDefault": override(1500), "mkDefault": override(1000), "mkImageMediaOverride": override(60),
		"mkForce": override(50), "mkVMOverride": override(10), "mkBefore": order(500), "mkAfter": order(1500),
		"mkOption": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
			set, out := ev.wantAttrs(a[0], at)
			if out != nil {
				return out
			}
			return Update(set, &Attrs{Entries: []Attr{{Name: "_type", Value: Done(String("option"))}}})
		}},

		"id":         {1, func(ev *Evaluator, a []*Thunk, _ Place) Value { return ev.Force(a[0]) }},
		"const":      {2, func(ev *Evaluator, a []*Thunk, _ Place) Value { return ev.Force(a[0]) }},
		"flip":       {3, func(ev *Evaluator, a []*Thunk, at Place) Value { return ev.Apply(ev.Force(a[0]), at, a[2], a[1]) }},
		"pipe":       {2, pipe},
		"fix":        {1, fix},
		"importJSON": {1, func(*Evaluator, []*Thunk, Place) Value { return NewUnknown("it is not supported") }},

		"optional":       when(&List{}, func(_ *Evaluator, t *Thunk) Value { return &List{Elems: []*Thunk{t}} }),
		"optionals":      when(&List{}, (*Evaluator).Force),
		"optionalAttrs":  when(&Attrs{}, (*Evaluator).Force),
		"optionalString": when(String(""), (*Evaluator).Force),

		"hasPrefix":    stringTest(func(a, s string) bool { return strings.HasPrefix(s, a) }),
		"hasSuffix":    stringTest(func(a, s string) bool { return strings.HasSuffix(s, a) }),
		"hasInfix":     stringTest(func(a, s string) bool { return strings.Contains(s, a) }),
		"removePrefix": stringCut(strings.TrimPrefix),
		"removeSuffix": stringCut(strings.TrimSuffix),
		"splitString":  {2, splitString},
		"toLower":      {1, mapString(strings.ToLower)},
		"toUpper":      {1, mapString(strings.ToUpper)},
		"concatMapStringsSep": {3, func(ev *Evaluator, a []*Thunk, at Place) Value {
			return concatStringsSep(ev, []*Thunk{a[0], Done(mapList(ev, a[1:], at))}, at)
		}},
		"concatMapStrings": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
			return concatStringsSep(ev, []*Thunk{Done(String("")), Done(mapList(ev, a, at))}, at)
		}},
		"concatStrings": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
			return concatStringsSep(ev, []*Thunk{Done(String("")), a[0]}, at)
		}},

		"last": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
			l, out := ev.wantList(a[0], at)
			if out != nil {
				return out
			}
			return elemAt(ev, []*Thunk{a[0], Done(Int(len(l.Elems) - 1))}, at)
		}},
		"init": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
			l, out := ev.wantList(a[0], at)
			if out != nil {
				return out
			}
			if l.More != nil || len(l.Elems) == 0 {
				return &Unknown{Reason: "the list is not wholly known"}
			}
			return &List{Elems: l.Elems[:len(l.Elems)-1]}
		}},
		"singleton": {1, func(_ *Evaluator, a []*Thunk, _ Place) Value { return &List{Elems: []*Thunk{a[0]}} }},
		"toList": {1, func(ev *Evaluator, a []*Thunk, _ Place) Value {
			switch v := ev.Force(a[0]).(type) {
			case *List, *Unknown, *Error:
				return v
			}
			return &List{Elems: []*Thunk{a[0]}}
		}},
		"flatten": {1, flatten},
		"unique":  {1, unique},
		"foldl":   {3, foldl},
		"foldr":   {3, foldr},
		"imap0":   {2, func(ev *Evaluator, a []*Thunk, at Place) Value { return imap(ev, a, at, 0) }},
		"imap1":   {2, func(ev *Evaluator, a []*Thunk, at Place) Value { return imap(ev, a, at, 1) }},
		"forEach": {2, func(ev *Evaluator, a []*Thunk, at Place) Value { return mapList(ev, []*Thunk{a[1], a[0]}, at) }},
		"range": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
			from, out := ev.wantInt(a[0], at)
			if out != nil {
				return out
			}
			to, out := ev.wantInt(a[1], at)
			if out != nil {
				return out
			}
			res := &List{}
			for i := from; i <= to && i-from < 1_000_000; i++ {
				res.Elems = append(res.Elems, Done(Int(i)))
			}
			return res
		}},

		"nameValuePair": {2, func(_ *Evaluator, a []*Thunk, _ Place) Value {
			return &Attrs{Entries: []Attr{{Name: "name", Value: a[0]}, {Name: "value", Value: a[1], At: a[1].At()}}}
		}},
		"genAttrs":       {2, genAttrs},
		"mapAttrs'":      {2, mapAttrsPrime},
		"mapAttrsToList": {2, mapAttrsToList},
		"filterAttrs":    {2, filterAttrs},
		"concatMapAttrs": {2, concatMapAttrs},
		"mergeAttrs": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
			return mergeAll(ev, &List{Elems: a}, at)
		}},
		"mergeAttrsList": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
			l, out := ev.wantList(a[0], at)
			if out != nil {
				return out
			}
			return mergeAll(ev, l, at)
		}},
		"recursiveUpdate": {2, recursiveUpdate},
		"attrByPath":      {3, attrByPath},
		"hasAttrByPath": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
			missing := &Native{}
			if v := attrByPath(ev, []*Thunk{a[0], Done(missing), a[1]}, at); v == Value(missing) {
				return Bool(false)
			} else if u, ok := v.(*Unknown); ok {
				return &Unknown{Reason: u.Reason}
			}
			return Bool(true)
		}},
		"setAttrByPath": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
			names, out := ev.wantStrings(a[0], at)
			if out != nil {
				return out
			}
			t := a[1]
			for _, n := range slices.Backward(names) {
				t = Done(&Attrs{Entries: []Attr{{Name: n, Value: t}}})
			}
			return ev.Force(t)
		}},
		"mapAttrsRecursive": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
			return mapRecursive(ev, ev.Force(a[0]), a[1], nil, at)
		}},
		"collect":            {2, collectAttrs},
		"listFilesRecursive": {1, listFilesRecursive},
		"fileContents": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
			v := readFile(ev, a, at)
			if s, ok := v.(String); ok {
				return String(strings.TrimSuffix(string(s), "\n"))
			}
			return v
		}},
		"append": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
			p, out := ev.wantPath(a[0], at)
			if out != nil {
				return out
			}
			s, out := ev.wantString(a[1], at)
			if out != nil {
				return out
			}
			return Path(path.Join(p, s))
		}},
	}
}

func mapString(f func(string) string) func(*Evaluator, []*Thunk, Place) Value {
	return func(ev *Evaluator, args []*Thunk, at Place) Value {
		s, out := ev.wantString(args[0], at)
		if out != nil {
			return out
		}
		return String(f(s))
	}
}

func pipe(ev *Evaluator, args []*Thunk, at Place) Value {
	l, out := ev.wantList(args[1], at)
	if out != nil {
		return out
	}
	if l.More != nil {
		return &Unknown{Reason: l.More.Reason}
	}
	v := ev.Force(args[0])
	for _, f := range l.Elems {
		v = ev.Call(ev.Force(f), Done(v), at)
	}
	return v
}

func fix(ev *Evaluator, args []*Thunk, at Place) Value {
	t := &Thunk{}
	t.fn = func(ev *Evaluator) Value { return ev.Call(ev.Force(args[0]), t, at) }
	return ev.Force(t)
}

func splitString(ev *Evaluator, args []*Thunk, at Place) Value {
	sep, out := ev.wantString(args[0], at)
	if out != nil {
		return out
	}
	var text string
	switch s := ev.Coerce(ev.Force(args[1]), at).(type) {
	case String:
		text = string(s)
	case *Text:
		// The pieces behind the last unknown segment are known.
		last := s.Segments[len(s.Segments)-1].Known
		pieces := strings.Split(last, sep)
		res := &List{More: &Unknown{Reason: "a part of the text is not known"}}
		for _, p := range pieces[1:] {
			res.Elems = append(res.Elems, Done(String(p)))
		}
		return res
	case *Unknown:
		return &Unknown{Reason: s.Reason}
	default:
		return s
	}
	res := &List{}
	for _, p := range strings.Split(text, sep) {
		res.Elems = append(res.Elems, Done(String(p)))
	}
	return res
}

func flatten(ev *Evaluator, args []*Thunk, at Place) Value {
	switch v := ev.Force(args[0]).(type) {
	case *List:
		var res Value = &List{More: v.More}
		for _, e := range v.Elems {
			switch inner := ev.Force(e).(type) {
			case *List:
				res = concat(res, flatten(ev, []*Thunk{e}, at), at)
			case *Error:
				return inner
			default:
				res = concat(res, &List{Elems: []*Thunk{e}}, at)
			}
		}
		return res
	case *Unknown, *Error:
		return v
	default:
		return &List{Elems: []*Thunk{args[0]}}
	}
}

func unique(ev *Evaluator, args []*Thunk, at Place) Value {
	l, out := ev.wantList(args[0], at)
	if out != nil {
		return out
	}
	res := &List{More: l.More}
	for _, e := range l.Elems {
		if elem(ev, []*Thunk{e, Done(&List{Elems: res.Elems})}, at) != Value(Bool(true)) {
			res.Elems = append(res.Elems, e)
		}
	}
	return res
}

func foldr(ev *Evaluator, args []*Thunk, at Place) Value {
	l, out := ev.wantList(args[2], at)
	if out != nil {
		return out
	}
	if l.More != nil {
		return &Unknown{Reason: l.More.Reason}
	}
	fn := ev.Force(args[0])
	acc := args[1]
	for _, e := range slices.Backward(l.Elems) {
		acc = lazyCall(fn, at, e, acc)
	}
	return ev.Force(acc)
}

func imap(ev *Evaluator, args []*Thunk, at Place, from int) Value {
	l, out := ev.wantList(args[1], at)
	if out != nil {
		return out
	}
	fn := ev.Force(args[0])
	res := &List{More: l.More}
	for i, e := range l.Elems {
		t := lazyCall(fn, at, Done(Int(i+from)), e)
		t.at = e.at
		res.Elems = append(res.Elems, t)
	}
	return res
}

func genAttrs(ev *Evaluator, args []*Thunk, at Place) Value {
	l, out := ev.wantList(args[0], at)
	if out != nil {
		return out
	}
	fn := ev.Force(args[1])
	res := &Attrs{Rest: l.More}
	for _, e := range l.Elems {
		name, out := ev.wantString(e, at)
		if out != nil {
			if u, ok := out.(*Unknown); ok {
				res.Rest = u
				continue
			}
			return out
		}
		res.Entries = append(res.Entries, Attr{Name: name, Value: lazyCall(fn, at, e), At: e.At()})
	}
	res.sort()
	res.Entries = slices.CompactFunc(res.Entries, func(a, b Attr) bool { return a.Name == b.Name })
	return res
}

func mapAttrsPrime(ev *Evaluator, args []*Thunk, at Place) Value {
	l := mapAttrsToList(ev, args, at)
	return listToAttrs(ev, []*Thunk{Done(l)}, at)
}

func mapAttrsToList(ev *Evaluator, args []*Thunk, at Place) Value {
	a, out := ev.wantAttrs(args[1], at)
	if out != nil {
		return out
	}
	fn := ev.Force(args[0])
	res := &List{More: a.Rest}
	for _, e := range a.Entries {
		t := lazyCall(fn, at, Done(String(e.Name)), e.Value)
		t.at = e.At
		res.Elems = append(res.Elems, t)
	}
	return res
}

func filterAttrs(ev *Evaluator, args []*Thunk, at Place) Value {
	a, out := ev.wantAttrs(args[1], at)
	if out != nil {
		return out
	}
	fn := ev.Force(args[0])
	res := &Attrs{Rest: a.Rest}
	for _, e := range a.Entries {
		keep, out := ev.truth(ev.Apply(fn, at, Done(String(e.Name)), e.Value), at)
		if u, ok := out.(*Unknown); ok {
			res.Rest = u
			continue
		}
		if out != nil {
			return out
		}
		if keep {
			res.Entries = append(res.Entries, e)
		}
	}
	return res
}

func concatMapAttrs(ev *Evaluator, args []*Thunk, at Place) Value {
	l, ok := mapAttrsToList(ev, args, at).(*List)
	if !ok {
		return mapAttrsToList(ev, args, at)
	}
	return mergeAll(ev, l, at)
}

func mergeAll(ev *Evaluator, l *List, at Place) Value {
	res := &Attrs{}
	if l.More != nil {
		res.Rest = l.More
	}
	for _, e := range l.Elems {
		a, out := ev.wantAttrs(e, at)
		switch u := out.(type) {
		case nil:
			res = Update(res, a)
		case *Unknown:
			res = &Attrs{Rest: u}
		default:
			return out
		}
	}
	return res
}

func recursiveUpdate(ev *Evaluator, args []*Thunk, at Place) Value {
	a, out := ev.wantAttrs(args[0], at)
	if out != nil {
		return out
	}
	b, out := ev.wantAttrs(args[1], at)
	if out != nil {
		return out
	}
	res := Update(a, b)
	res.Entries = slices.Clone(res.Entries)
	for i, e := range res.Entries {
		l, r := a.Get(e.Name), b.Get(e.Name)
		if l == nil || r == nil {
			continue
		}
		res.Entries[i].Value = &Thunk{at: r.Value.at, fn: func(ev *Evaluator) Value {
			_, lset := ev.Force(l.Value).(*Attrs)
			v := ev.Force(r.Value)
			if _, rset := v.(*Attrs); lset && rset {
				return recursiveUpdate(ev, []*Thunk{l.Value, r.Value}, at)
			}
			return v
		}}
	}
	return res
}

func attrByPath(ev *Evaluator, args []*Thunk, at Place) Value {
	names, out := ev.wantStrings(args[0], at)
	if out != nil {
		return out
	}
	v := ev.Force(args[2])
	for _, n := range names {
		switch s := v.(type) {
		case *Attrs:
			if s.Get(n) == nil && s.Rest == nil {
				return ev.Force(args[1])
			}
		case *Unknown:
			return &Unknown{Reason: s.Reason, Maybe: []*Thunk{args[1]}}
		case *Error:
			return s
		default:
			return ev.Force(args[1])
		}
		v = ev.Select(v, n, at)
	}
	return v
}

func mapRecursive(ev *Evaluator, fn Value, t *Thunk, prefix []*Thunk, at Place) Value {
	a, out := ev.wantAttrs(t, at)
	if out != nil {
		return out
	}
	res := &Attrs{Entries: make([]Attr, len(a.Entries)), Rest: a.Rest}
	for i, e := range a.Entries {
		way := append(slices.Clone(prefix), Done(String(e.Name)))
		res.Entries[i] = Attr{e.Name, &Thunk{at: e.Value.at, fn: func(ev *Evaluator) Value {
			if _, ok := ev.Force(e.Value).(*Attrs); ok {
				return mapRecursive(ev, fn, e.Value, way, at)
			}
			return ev.Apply(fn, at, Done(&List{Elems: way}), e.Value)
		}}, e.At}
	}
	return res
}

func collectAttrs(ev *Evaluator, args []*Thunk, at Place) Value {
	pred := ev.Force(args[0])
	res := &List{}
	var walk func(t *Thunk) Value
	walk = func(t *Thunk) Value {
		v := ev.Force(t)
		if err, ok := v.(*Error); ok {
			return err
		}
		yes, out := ev.truth(ev.Call(pred, t, at), at)
		if u, ok := out.(*Unknown); ok {
			res.More = u
			return nil
		}
		if out != nil {
			return out
		}
		if yes {
			res.Elems = append(res.Elems, t)
			return nil
		}
		if a, ok := v.(*Attrs); ok {
			if a.Rest != nil {
				res.More = a.Rest
			}
			for _, e := range a.Entries {
				if out := walk(e.Value); out != nil {
					return out
				}
			}
		}
		return nil
	}
	if out := walk(args[1]); out != nil {
		return out
	}
	return res
}

func listFilesRecursive(ev *Evaluator, args []*Thunk, at Place) Value {
	dir, out := ev.wantPath(args[0], at)
	if out != nil {
		return out
	}
	entries, ok := readDir(ev, args, at).(*Attrs)
	if !ok {
		return readDir(ev, args, at)
	}
	res := &List{}
	for _, e := range entries.Entries {
		p := Path(path.Join(dir, e.Name))
		if ev.Force(e.Value) == Value(String("directory")) {
			inner := listFilesRecursive(ev, []*Thunk{Done(p)}, at)
			l, ok := inner.(*List)
			if !ok {
				return inner
			}
			res.Elems = append(res.Elems, l.Elems...)
			continue
		}
		res.Elems = append(res.Elems, Done(p))
	}
	return res
}
