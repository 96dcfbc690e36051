package module

import (
	_ "embed"
	"maps"
	"math"
	"slices"
	"strconv"
	"sync"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/eval/nixlib"
	"github.com/nixlint/nixlint/parser"
)

//go:embed lib.nix
var libText string

var libTree = sync.OnceValue(func() *parser.Tree { return parser.Parse(libText) })

// Lib returns nixpkgs' lib with the module system: nixlib's model with option
// types, evalModules and what declares options. More are further attributes of
// lib.
func Lib(ev *eval.Evaluator, more map[string]eval.Value) *eval.Attrs {
	var lib *eval.Attrs
	self := eval.Later(func(*eval.Evaluator) eval.Value { return lib })
	kinds := typeSet(self)
	evalModules := evalModules(self)
	own := map[string]eval.Value{"types": kinds, "evalModules": evalModules, "mkOptionType": mkOptionType}
	base := nixlib.New(ev, own)
	args := eval.NewAttrs(map[string]eval.Value{"base": base, "types": kinds})
	declared, ok := ev.Call(ev.EvalTree("/lib.nix", libTree()), eval.Done(args), eval.Place{}).(*eval.Attrs)
	if !ok {
		panic("module: lib.nix is no set")
	}
	for _, a := range declared.Entries {
		own[a.Name] = ev.Force(a.Value)
	}
	for area, names := range areas {
		v := ev.Select(base, area, eval.Place{})
		set, ok := v.(*eval.Attrs)
		if !ok {
			set = &eval.Attrs{Rest: asUnknown(v)} // a file that has nothing else
		}
		added := make(map[string]eval.Value)
		for _, n := range names {
			if own[n] != nil {
				added[n] = own[n]
			}
		}
		own[area] = eval.Update(set, eval.NewAttrs(added))
	}
	// Of these lib itself has none, or one that returns what the file says.
	for _, n := range []string{"importApply", "importJSON", "importTOML"} {
		delete(own, n)
	}
	maps.Copy(own, more)
	lib = nixlib.New(ev, own)
	return lib
}

// areas are the files of nixpkgs' lib that have functions of this package.
var areas = map[string][]string{
	"options": {
		"mkEnableOption", "mkPackageOption", "mergeOneOption", "mergeEqualOption", "mergeDefaultOption", "mergeUniqueOption",
	},
	"modules": {
		"evalModules", "doRename", "mkRenamedOptionModule", "mkRenamedOptionModuleWith", "mkAliasOptionModule", "mkAliasOptionModuleMD",
		"mkRemovedOptionModule", "mkMergedOptionModule", "mkChangedOptionModule", "mkAliasDefinitions", "mkAliasAndWrapDefinitions",
		"mkAliasAndWrapDefsWithPriority", "mkAliasIfDef", "mkDerivedConfig", "setDefaultModuleLocation", "importApply", "importJSON",
		"importTOML", "fixMergeModules", "dischargeProperties", "pushDownProperties", "filterOverrides", "filterOverrides'", "sortProperties",
		"mergeDefinitions",
	},
	"stringsWithDeps": {"noDepEntry", "fullDepEntry", "packEntry", "stringAfter", "textClosureMap", "textClosureList"},
}

// evalModules is lib.evalModules, which gives modules their lib.
func evalModules(lib *eval.Thunk) eval.Value {
	return &eval.Native{Name: "lib.evalModules", Arity: 1, Call: func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		args, fail := ev.WantAttrs(a[0], at)
		if fail != nil {
			return fail
		}
		in := Input{At: at, Lib: lib, Strict: true}
		switch m := ev.Select(args, "modules", at).(type) {
		case *eval.List:
			in.Modules = m
		case *eval.Unknown:
			in.Modules = &eval.List{More: m}
		default:
			return eval.Mismatch("a list of modules", m, at)
		}
		in.Modules = withLegacy(in.Modules, args)
		if x := args.Get("specialArgs"); x != nil {
			switch s := ev.Force(x.Value).(type) {
			case *eval.Attrs:
				in.Special = s
			case *eval.Unknown:
				in.Special = &eval.Attrs{Rest: s}
			}
		}
		if x := args.Get("prefix"); x != nil {
			in.Prefix, _ = ev.WantStrings(x.Value, at)
		}
		if x := args.Get("class"); x != nil {
			class, _ := ev.Force(x.Value).(eval.String)
			in.Class = string(class)
		}
		return Evaluate(ev, in).Result()
	}}
}

// withLegacy adds what evalModules still takes beside modules: `args` and `check`.
func withLegacy(modules *eval.List, args *eval.Attrs) *eval.List {
	out := *modules
	out.Elems = slices.Clip(out.Elems)
	add := func(name string, value *eval.Thunk) {
		inner := eval.SetOf(eval.Attr{Name: name, Value: value})
		out.Elems = append(out.Elems, eval.Done(eval.SetOf(eval.Attr{Name: "_module", Value: eval.Done(inner)})))
	}
	if x := args.Get("args"); x != nil {
		add("args", x.Value)
	}
	if x := args.Get("check"); x != nil {
		const byDefault = 1000 // the priority of mkDefault
		add("check", rewrap(x.Value, []property{{"override", eval.Done(eval.Int(byDefault))}}))
	}
	return &out
}

// Result is what lib.evalModules returns.
func (e *Evaluation) Result() *eval.Attrs {
	return resultOf(e.Input.Class, func() *Evaluation { return e }, submodule{extends: e})
}

// resultOf is the result of an evaluation that need not have happened: asking for
// its type alone does not make it happen.
func resultOf(class string, evaluation func() *Evaluation, kind submodule) *eval.Attrs {
	later := func(f func() eval.Value) *eval.Thunk {
		return eval.Later(func(*eval.Evaluator) eval.Value { return f() })
	}
	name := eval.Value(eval.Null{})
	if class != "" {
		name = eval.String(class)
	}
	return eval.SetOf(
		eval.Attr{Name: "_type", Value: eval.Done(eval.String("configuration"))},
		eval.Attr{Name: "class", Value: eval.Done(name)},
		eval.Attr{Name: "config", Value: later(func() eval.Value { return evaluation().checkedConfig() })},
		eval.Attr{Name: "options", Value: later(func() eval.Value { e := evaluation(); return e.ev.Force(e.options) })},
		eval.Attr{Name: "_module", Value: later(func() eval.Value { return evaluation().internal() })},
		eval.Attr{Name: "graph", Value: eval.Done(eval.NewUnknown("it is not modelled", "graph"))},
		eval.Attr{Name: "type", Value: later(func() eval.Value { return submoduleWith(kind).Value(nil) })},
		eval.Attr{Name: "extendModules", Value: eval.Done(&eval.Native{
			Name: "extendModules", Arity: 1, Call: func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
				return evaluation().extend(ev, a, at)
			},
		})},
	)
}

// Type is the type of submodules that begin with the evaluation's modules.
func (e *Evaluation) Type() *Type { return submoduleWith(submodule{extends: e}) }

// extend is the function extendModules.
func (e *Evaluation) extend(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	args, fail := ev.WantAttrs(a[0], at)
	if fail != nil {
		return fail
	}
	in := e.Input
	if x := args.Get("specialArgs"); x != nil {
		if s, ok := ev.Force(x.Value).(*eval.Attrs); ok {
			in.Special = eval.Update(in.Special, s)
		}
	}
	if x := args.Get("prefix"); x != nil {
		in.Prefix, _ = ev.WantStrings(x.Value, at)
	}
	kind := submodule{extends: e}
	more := slices.Clip(e.more)
	if x := args.Get("modules"); x != nil {
		l, ok := ev.Force(x.Value).(*eval.List)
		if !ok {
			l = &eval.List{More: asUnknown(ev.Force(x.Value))}
		}
		more = append(more, source{modules: l, at: x.At, certain: true})
		kind.modules = l.Elems
	}
	var made *Evaluation
	evaluation := func() *Evaluation {
		if made == nil {
			made = evaluate(ev, in, more, newSession())
		}
		return made
	}
	return resultOf(in.Class, evaluation, kind)
}

// mkOptionType is lib.mkOptionType: code that makes a type of its own.
var mkOptionType = &eval.Native{Name: "lib.mkOptionType", Arity: 1, Call: func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	base := eval.SetOf(
		eval.Attr{Name: "_type", Value: eval.Done(eval.String("option-type"))},
		eval.Attr{Name: "deprecationMessage", Value: eval.Done(eval.Null{})},
		eval.Attr{Name: "descriptionClass", Value: eval.Done(eval.Null{})},
		eval.Attr{Name: "emptyValue", Value: eval.Done(&eval.Attrs{})},
		eval.Attr{Name: "getSubModules", Value: eval.Done(eval.Null{})},
		eval.Attr{Name: "nestedTypes", Value: eval.Done(&eval.Attrs{})},
	)
	return ev.Update(base, ev.Force(a[0]), at, at)
}}

// native makes a function that makes a type.
func native(name string, arity int, f func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) (*Type, eval.Value)) eval.Value {
	return &eval.Native{Name: "lib.types." + name, Arity: arity, Call: func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		t, fail := f(ev, a, at)
		if fail != nil {
			return fail
		}
		return t.Value(ev)
	}}
}

// of makes a function of one type. What it makes of a type without parts is made
// once: modules ask for a list of strings again and again.
func of(name string, f func(elem *eval.Thunk) *Type) eval.Value {
	made := make(map[*Type]*Type)
	return native(name, 1, func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) (*Type, eval.Value) {
		if !isNamedType(a[0].At()) {
			return f(a[0]), nil
		}
		elem := TypeOf(ev, ev.Force(a[0]))
		if len(elem.parts) > 0 || elem.sub != nil || elem.unknown != nil || elem.made == nil {
			return f(a[0]), nil
		}
		if made[elem] == nil {
			made[elem] = f(a[0])
		}
		return made[elem], nil
	})
}

// isNamedType reports whether an expression is written as the name of a simple
// type: looking at it makes no type need itself.
func isNamedType(at eval.Place) bool {
	if !at.IsValid() {
		return false
	}
	n := parser.Unparen(at.Syntax())
	if n.Is(parser.KindSelect) {
		n = n.LastChild().LastChild()
	} else if !n.Is(parser.KindIdent) {
		return false
	}
	return simpleTypes[n.Text()]
}

var simpleTypes = namesOf("anything", "attrs", "bool", "float", "int", "lines", "package", "path", "port", "raw", "singleLineStr", "str", "unspecified")

// typeSet is lib.types of a lib.
func typeSet(lib *eval.Thunk) *eval.Attrs {
	yes, no := true, false
	path := pathsWith(&yes, nil)
	number := either(eval.Done(intType.changed().Value(nil)), eval.Done(floatType.changed().Value(nil)))
	nonEmptyStr := scalar("nonEmptyStr", "non-empty string", nil)
	blank := matching("[ \t\n]*")
	nonEmptyStr.check = func(ev *eval.Evaluator, v eval.Value) Verdict {
		if !isString(v) {
			return No
		}
		return Yes + No - blank.check(ev, v)
	}
	shell := packageType.changed()
	shell.check = func(ev *eval.Evaluator, v eval.Value) Verdict {
		a, ok := v.(*eval.Attrs)
		if ok && a.Get("shellPath") == nil && a.Rest == nil {
			return No
		}
		return packageType.check(ev, v)
	}
	out := map[string]eval.Value{}
	for _, t := range []*Type{
		rawType, anythingType, unspecifiedType, boolType, boolByOrType, intType, floatType, strType, singleLineType, nonEmptyStr, attrsType,
		packageType, luaType, pkgsType, optionTypeType, optionDeclarationType, filesetType, path,
	} {
		// Values hold thunks, which belong to one evaluator.
		out[t.Name] = t.changed().Value(nil)
	}
	ints := map[string]eval.Value{"between": native("ints.between", 2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) (*Type, eval.Value) {
		lowest, fail := ev.WantInt(a[0], at)
		if fail != nil {
			return nil, fail
		}
		highest, fail := ev.WantInt(a[1], at)
		if fail != nil {
			return nil, fail
		}
		if lowest > highest {
			return nil, eval.Errorf(at, "ints.between: %d is higher than %d", lowest, highest)
		}
		return between("intBetween", "integer between "+inclusive(int64(lowest), int64(highest)), int64(lowest), int64(highest)), nil
	})}
	for name, t := range intTypes {
		ints[name] = t.changed().Value(nil)
	}
	numbers := map[string]eval.Value{"between": native("numbers.between", 2, numbersBetween)}
	for name, t := range numberTypes {
		numbers[name] = t.changed().Value(nil)
	}
	maps.Copy(out, map[string]eval.Value{
		"ints": eval.NewAttrs(ints), "numbers": eval.NewAttrs(numbers), "port": ints["u16"], "number": number.Value(nil),
		"lines": separated("\n").Value(nil), "commas": separated(",").Value(nil), "envVar": separated(":").Value(nil),
		"string": separated("").Value(nil), "shellPackage": shell.Value(nil), "pathInStore": pathsWith(nil, &yes).Value(nil),
		"externalPath": pathsWith(&yes, &no).Value(nil), "deferredModule": deferredModule(nil).Value(nil),
		// What mergeEqualOption does, for lib.nix.
		"equal":          scalar("equal", "equal values", always).Value(nil),
		"listOf":         of("listOf", listOf),
		"attrsOf":        of("attrsOf", func(e *eval.Thunk) *Type { return attrsOf(e, false) }),
		"lazyAttrsOf":    of("lazyAttrsOf", func(e *eval.Thunk) *Type { return attrsOf(e, true) }),
		"loaOf":          of("loaOf", func(e *eval.Thunk) *Type { return attrsOf(e, false) }),
		"nonEmptyListOf": of("nonEmptyListOf", nonEmptyListOf),
		"nullOr":         of("nullOr", nullOr),
		"uniq":           of("uniq", unique),
		"functionTo":     of("functionTo", functionTo),
		"unique":         native("unique", 2, func(_ *eval.Evaluator, a []*eval.Thunk, _ eval.Place) (*Type, eval.Value) { return unique(a[1]), nil }),
		"either": native("either", 2, func(_ *eval.Evaluator, a []*eval.Thunk, _ eval.Place) (*Type, eval.Value) {
			return either(a[0], a[1]), nil
		}),
		"coercedTo": native("coercedTo", 3, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) (*Type, eval.Value) {
			if from := TypeOf(ev, ev.Force(a[0])); from.sub != nil {
				return nil, eval.Errorf(at, "coercedTo: what is converted must be no submodule")
			}
			return coercedTo(a[0], a[1], a[2]), nil
		}),
		"addCheck": native("addCheck", 2, func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) (*Type, eval.Value) {
			return checkedType(TypeOf(ev, ev.Force(a[0])), a[1]), nil
		}),
		"passwdEntry":     of("passwdEntry", passwdEntry),
		"oneOf":           native("oneOf", 1, oneOf),
		"enum":            native("enum", 1, enum),
		"strMatching":     text("strMatching", matching),
		"separatedString": text("separatedString", separated),
		"attrsWith":       native("attrsWith", 1, attrsWith),
		"pathWith":        native("pathWith", 1, pathWith),
		"attrTag": native("attrTag", 1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) (*Type, eval.Value) {
			tags, fail := ev.WantAttrs(a[0], at)
			return attrTag(tags), fail
		}),
		"submodule": native("submodule", 1, func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) (*Type, eval.Value) {
			modules := a
			if l, ok := ev.Force(a[0]).(*eval.List); ok && l.More == nil {
				modules = l.Elems
			}
			return submoduleWith(submodule{modules: modules, shorthand: true, lib: lib}), nil
		}),
		"submoduleWith": native("submoduleWith", 1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) (*Type, eval.Value) {
			return submodules(ev, a[0], lib, at)
		}),
		"deferredModuleWith": native("deferredModuleWith", 1, deferredModuleWith),
		"json":               serializable("JSON", true).Value(nil), "toml": serializable("TOML", false).Value(nil),
		"mergeTypes": &eval.Native{Name: "lib.types.mergeTypes", Arity: 2, Call: func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value {
			if t := mergeTypes(ev, TypeOf(ev, ev.Force(a[0])), TypeOf(ev, ev.Force(a[1]))); t != nil {
				return t.Value(ev)
			}
			return eval.NewAttrs(map[string]eval.Value{"_type": eval.String("merge-error"), "error": eval.String("Cannot merge types")})
		}},
		"mkOptionType": mkOptionType,
		"isOptionType": &eval.Native{Name: "lib.isOptionType", Arity: 1, Call: func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value {
			v := ev.Force(a[0])
			if u, ok := v.(*eval.Unknown); ok {
				return u.Derive()
			}
			return eval.Bool(propertyOf(ev, v) == "option-type")
		}},
	})
	set := eval.NewAttrs(out)
	set.Rest = eval.NewUnknown("this option type is not modelled", "lib", "types")
	return set
}

func text(name string, f func(string) *Type) eval.Value {
	return native(name, 1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) (*Type, eval.Value) {
		s, fail := ev.WantString(a[0], at)
		return f(s), fail
	})
}

func nonEmptyListOf(elem *eval.Thunk) *Type {
	t := listOf(elem)
	list := t.text
	t.text = func(ev *eval.Evaluator) string { return "non-empty (" + list(ev) + ")" }
	t.empty = nil
	t.check = func(_ *eval.Evaluator, v eval.Value) Verdict {
		l, ok := v.(*eval.List)
		switch {
		case !ok:
			return No
		case len(l.Elems) > 0:
			return Yes
		case l.More != nil:
			return Maybe
		}
		return No
	}
	return t
}

func passwdEntry(elem *eval.Thunk) *Type {
	p := element(elem)
	one := matching("[^:\n]*")
	return &Type{
		Name: "passwdEntry", class: "nonRestrictiveClause", parts: []*part{p}, single: true,
		text: func(ev *eval.Evaluator) string {
			return p.Type(ev).phrase(ev, "noun") + ", not containing newlines or colons"
		},
		check: func(ev *eval.Evaluator, v eval.Value) Verdict {
			if ok := p.Type(ev).Check(ev, v); ok != Yes {
				return ok
			}
			return one.check(ev, v)
		},
		merge: func(m merging, defs []Definition) eval.Value { return p.Type(m.e.ev).merge(m, defs) },
	}
}

func numbersBetween(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) (*Type, eval.Value) {
	var ends [2]float64
	for i := range ends {
		switch n := ev.Force(a[i]).(type) {
		case eval.Int:
			ends[i] = float64(n)
		case eval.Float:
			ends[i] = float64(n)
		default:
			return nil, eval.Mismatch("a number", n, at)
		}
	}
	show := func(f float64) string {
		if f == math.Trunc(f) {
			return strconv.FormatFloat(f, 'f', -1, 64)
		}
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return numbersIn("numberBetween", "integer or floating point number between "+show(ends[0])+" and "+show(ends[1])+" (both inclusive)",
		func(f float64) bool { return f >= ends[0] && f <= ends[1] }), nil
}

func oneOf(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) (*Type, eval.Value) {
	l, fail := ev.WantList(a[0], at)
	switch {
	case fail != nil:
		return nil, fail
	case l.More != nil:
		return nil, l.More.Derive()
	case len(l.Elems) == 0:
		return nil, eval.Errorf(at, "types.oneOf needs at least one type")
	}
	t := TypeOf(ev, ev.Force(l.Elems[0]))
	for _, e := range l.Elems[1:] {
		t = either(eval.Done(t.Value(ev)), e)
	}
	return t, nil
}

func enum(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) (*Type, eval.Value) {
	l, fail := ev.WantList(a[0], at)
	if fail != nil {
		return nil, fail
	}
	var values []eval.Value
	for _, e := range l.Elems {
		values = append(values, ev.Force(e))
	}
	if l.More != nil {
		values = append(values, l.More)
	}
	return enumOf(ev, values), nil
}

func attrsWith(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) (*Type, eval.Value) {
	args, fail := ev.WantAttrs(a[0], at)
	if fail != nil {
		return nil, fail
	}
	lazy := args.Get("lazy")
	return attrsOf(attrOf(args, "elemType"), lazy != nil && ev.Force(lazy.Value) == eval.Value(eval.Bool(true))), nil
}

func pathWith(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) (*Type, eval.Value) {
	args, fail := ev.WantAttrs(a[0], at)
	if fail != nil {
		return nil, fail
	}
	flag := func(name string) *bool {
		if x := args.Get(name); x != nil {
			if b, ok := ev.Force(x.Value).(eval.Bool); ok {
				v := bool(b)
				return &v
			}
		}
		return nil
	}
	return pathsWith(flag("absolute"), flag("inStore")), nil
}

func submodules(ev *eval.Evaluator, arg, lib *eval.Thunk, at eval.Place) (*Type, eval.Value) {
	args, fail := ev.WantAttrs(arg, at)
	if fail != nil {
		return nil, fail
	}
	sub := submodule{lib: lib}
	if x := args.Get("modules"); x != nil {
		l, fail := ev.WantList(x.Value, at)
		if fail != nil {
			return nil, fail
		}
		sub.modules = l.Elems
		if l.More != nil {
			sub.modules = append(sub.modules[:len(sub.modules):len(sub.modules)], eval.Done(l.More))
		}
	}
	if x := args.Get("specialArgs"); x != nil {
		if s, ok := ev.Force(x.Value).(*eval.Attrs); ok {
			sub.special = s
		} else {
			sub.special = &eval.Attrs{Rest: asUnknown(ev.Force(x.Value))}
		}
	}
	if x := args.Get("shorthandOnlyDefinesConfig"); x != nil {
		sub.shorthand = ev.Force(x.Value) == eval.Value(eval.Bool(true))
	}
	if x := args.Get("class"); x != nil {
		class, _ := ev.Force(x.Value).(eval.String)
		sub.class = string(class)
	}
	t := submoduleWith(sub)
	if x := args.Get("description"); x != nil {
		if s, ok := ev.Force(x.Value).(eval.String); ok {
			t.text = words(string(s))
		}
	}
	return t, nil
}

func deferredModuleWith(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) (*Type, eval.Value) {
	args, fail := ev.WantAttrs(a[0], at)
	if fail != nil {
		return nil, fail
	}
	var static []*eval.Thunk
	if x := args.Get("staticModules"); x != nil {
		if l, ok := ev.Force(x.Value).(*eval.List); ok {
			static = l.Elems
		}
	}
	return deferredModule(static), nil
}

// serializable is the type of what a file format can hold.
func serializable(format string, nullable bool) *Type {
	var self *Type
	inner := eval.Later(func(*eval.Evaluator) eval.Value { return self.Value(nil) })
	yes := true
	t := boolType.changed()
	for _, next := range []*Type{intType, floatType, strType, pathsWith(&yes, nil), attrsOf(inner, false), listOf(inner)} {
		t = either(eval.Done(t.Value(nil)), eval.Done(next.changed().Value(nil)))
	}
	if nullable {
		t = nullOr(eval.Done(t.Value(nil)))
	}
	self = t
	t.text = words(format + " value")
	return t
}
