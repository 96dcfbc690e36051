package eval

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// builtin is a function of the set `builtins`.
type builtin struct {
	arity int
	call  func(ev *Evaluator, a []*Thunk, at Place) Value
}

// builtinTables are the functions by subject, each in a file of its own.
var builtinTables = []map[string]builtin{
	typeBuiltins, controlBuiltins, attrBuiltins, listBuiltins, mathBuiltins, textBuiltins, regexBuiltins,
	versionBuiltins, hashBuiltins, jsonBuiltins, tomlBuiltins, xmlBuiltins, fileBuiltins, copyBuiltins, importBuiltins,
	derivationBuiltins, contextBuiltins,
}

// impure are the builtins whose results depend on more than the files.
var impure = map[string]string{
	"currentSystem":     "it depends on the machine that evaluates",
	"currentTime":       "it depends on the time",
	"getEnv":            "it depends on the environment",
	"nixPath":           "search paths are not looked up",
	"fetchGit":          "nothing is fetched",
	"fetchMercurial":    "nothing is fetched",
	"fetchTarball":      "nothing is fetched",
	"fetchTree":         "nothing is fetched",
	"fetchurl":          "nothing is fetched",
	"fetchClosure":      "nothing is fetched",
	"getFlake":          "nothing is fetched",
	"parseFlakeRef":     "references of flakes are not looked into",
	"flakeRefToString":  "references of flakes are not looked into",
	"outputOf":          "nothing is built",
	"storePath":         "the store is not looked at",
	"toFile":            "nothing is written",
	"unsafeTrackedPath": "nothing is copied",
}

// unprefixed are the builtins that are in scope by their own names; the others
// are so with two underscores before them.
var unprefixed = []string{
	"abort", "baseNameOf", "break", "builtins", "derivation", "derivationStrict", "dirOf", "false", "fetchGit",
	"fetchMercurial", "fetchTarball", "fetchTree", "fromTOML", "import", "isNull", "map", "null",
	"placeholder", "removeAttrs", "scopedImport", "throw", "toString", "true",
}

// pureBuiltins are the values of `builtins`, the same for all evaluators.
var pureBuiltins = sync.OnceValue(func() map[string]Value {
	values := map[string]Value{
		"true": Bool(true), "false": Bool(false), "null": Null{},
		"langVersion": Int(6), "nixVersion": String("2.36.0"), "storeDir": String("/nix/store"),
	}
	for _, table := range builtinTables {
		for name, b := range table {
			values[name] = &Native{Name: name, Arity: b.arity, Call: b.call}
		}
	}
	for name, reason := range impure {
		values[name] = NewUnknown(reason, "builtins", name)
	}
	return values
})

// initBuiltins makes the builtins and the names that are always in scope.
func (ev *Evaluator) initBuiltins() { ev.setBuiltins(NewAttrs(pureBuiltins())) }

func (ev *Evaluator) setBuiltins(a *Attrs) {
	self := &Thunk{state: done}
	a.Entries = slices.DeleteFunc(a.Entries, func(e Attr) bool { return e.Name == "builtins" })
	a.Entries = append(a.Entries, Attr{Name: "builtins", Value: self})
	a.sort()
	self.value = a
	ev.builtins = a
	names := globalNames()
	ev.globals = make([]*Thunk, len(names))
	for i, name := range names {
		b := a.Get(strings.TrimPrefix(name, "__"))
		ev.globals[i] = b.Value
	}
}

// globalNames returns the names that are always in scope, sorted.
var globalNames func() []string

func init() {
	globalNames = sync.OnceValue(func() []string {
		var out []string
		for _, name := range append(slices.Collect(maps.Keys(pureBuiltins())), "builtins") {
			if !slices.Contains(unprefixed, name) {
				name = "__" + name
			}
			out = append(out, name)
		}
		slices.Sort(out)
		return out
	})
}

// Provide gives builtins values, for example nixPath, currentSystem or getFlake,
// which are unknown otherwise. Others are attributes of `builtins` alone. It must be called before anything is evaluated.
func (ev *Evaluator) Provide(values map[string]Value) {
	all := maps.Clone(pureBuiltins())
	maps.Copy(all, values)
	ev.setBuiltins(NewAttrs(all))
}

// Builtins returns the set `builtins`.
func (ev *Evaluator) Builtins() *Attrs { return ev.builtins }

// Builtin calls a builtin by its name, for natives that are made of others.
func (ev *Evaluator) Builtin(name string, at Place, args ...*Thunk) Value {
	return ev.Apply(ev.Force(ev.builtins.Get(name).Value), at, args...)
}

// LaterCall returns a thunk of a function's result, with the place of another.
func LaterCall(place *Thunk, fn *Thunk, at Place, args ...*Thunk) *Thunk {
	return LaterAt(place, func(ev *Evaluator) Value { return ev.Apply(ev.Force(fn), at, args...) })
}

func isType[T Value](v Value) bool { _, ok := v.(T); return ok }

func isFunction(v Value) bool { return isType[*Lambda](v) || isType[*Native](v) }

func isString(v Value) bool {
	switch v := v.(type) {
	case String:
		return true
	case *Text:
		return !v.IsPath
	}
	return false
}

func isPath(v Value) bool {
	switch v := v.(type) {
	case Path:
		return true
	case *Text:
		return v.IsPath
	}
	return false
}

// typeTest makes a builtin that tests the type of its argument.
func typeTest(is func(Value) bool) builtin {
	return builtin{1, func(ev *Evaluator, a []*Thunk, _ Place) Value {
		switch v := ev.Force(a[0]).(type) {
		case *Unknown:
			return v.Derive()
		case *Error:
			return v
		default:
			return Bool(is(v))
		}
	}}
}

var typeBuiltins = map[string]builtin{
	"isNull": typeTest(isType[Null]), "isBool": typeTest(isType[Bool]), "isInt": typeTest(isType[Int]),
	"isFloat": typeTest(isType[Float]), "isString": typeTest(isString), "isPath": typeTest(isPath),
	"isList": typeTest(isType[*List]), "isAttrs": typeTest(isType[*Attrs]), "isFunction": typeTest(isFunction),
	"typeOf": {1, func(ev *Evaluator, a []*Thunk, _ Place) Value {
		switch v := ev.Force(a[0]).(type) {
		case *Unknown:
			return v.Derive()
		case *Error:
			return v
		default:
			return String(typeOf(v))
		}
	}},
}

func typeOf(v Value) string {
	switch v.(type) {
	case Null:
		return "null"
	case Bool:
		return "bool"
	case Int:
		return "int"
	case Float:
		return "float"
	case *List:
		return "list"
	case *Attrs:
		return "set"
	case *Lambda, *Native:
		return "lambda"
	}
	if isPath(v) {
		return "path"
	}
	return "string"
}

// second evaluates to the second argument.
func second(ev *Evaluator, a []*Thunk, _ Place) Value { return ev.Force(a[1]) }

// afterFirst evaluates to the second argument if the first does not fail.
func afterFirst(ev *Evaluator, a []*Thunk, _ Place) Value {
	if err, ok := ev.Force(a[0]).(*Error); ok {
		return err
	}
	return ev.Force(a[1])
}

var controlBuiltins = map[string]builtin{
	"seq":             {2, afterFirst},
	"trace":           {2, afterFirst}, // nothing is printed
	"traceVerbose":    {2, second},
	"addErrorContext": {2, second},
	"warn": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
		switch _, fail := ev.WantString(a[0], at); fail := fail.(type) {
		case *Error:
			return fail
		}
		return ev.Force(a[1])
	}},
	"deepSeq": {2, func(ev *Evaluator, a []*Thunk, _ Place) Value {
		if err := ev.Deep(a[0]); err != nil {
			return err
		}
		return ev.Force(a[1])
	}},
	"break": {1, func(ev *Evaluator, a []*Thunk, _ Place) Value { return ev.Force(a[0]) }},
	"throw": {1, func(ev *Evaluator, a []*Thunk, at Place) Value { return ev.throw(ErrorThrow, a[0], at) }},
	"abort": {1, func(ev *Evaluator, a []*Thunk, at Place) Value { return ev.throw(ErrorAbort, a[0], at) }},
	"tryEval": {1, func(ev *Evaluator, a []*Thunk, _ Place) Value {
		switch v := ev.Force(a[0]).(type) {
		case *Error:
			if v.Kind != ErrorThrow && v.Kind != ErrorAssert && v.Kind != ErrorRefused {
				return v
			}
			return NewAttrs(map[string]Value{"success": Bool(false), "value": Bool(false)})
		case *Unknown:
			// It may be an error that is caught.
			return NewAttrs(map[string]Value{"success": v.Derive(), "value": v})
		default:
			return &Attrs{Entries: []Attr{
				{Name: "success", Value: Done(Bool(true))},
				{Name: "value", Value: a[0]},
			}}
		}
	}},
}

// throw makes an error of a message, some of which may be unknown.
func (ev *Evaluator) throw(kind ErrorKind, message *Thunk, at Place) Value {
	switch s := ev.Coerce(ev.Force(message), at).(type) {
	case String:
		return &Error{Kind: kind, Message: string(s), At: at}
	case *Text:
		var b strings.Builder
		for _, p := range s.Segments {
			b.WriteString(p.Known)
			if p.Unknown != nil {
				b.WriteString("…")
			}
		}
		return &Error{Kind: kind, Message: b.String(), At: at}
	case *Unknown:
		return &Error{Kind: kind, Message: "an error is thrown, its message is not known", At: at}
	default:
		return s
	}
}

// Deep evaluates everything inside of a value and returns the first error in
// it, or nil.
func (ev *Evaluator) Deep(t *Thunk) *Error { return ev.deep(t, make(map[any]bool)) }

func (ev *Evaluator) deep(t *Thunk, seen map[any]bool) *Error {
	return ev.inside(t, func() *Error {
		switch v := ev.Force(t).(type) {
		case *Error:
			return v
		case *List:
			if seen[v] {
				break
			}
			seen[v] = true
			for _, e := range v.Elems {
				if err := ev.deep(e, seen); err != nil {
					return err
				}
			}
		case *Attrs:
			if seen[v] {
				break
			}
			seen[v] = true
			for _, e := range v.Entries {
				if err := ev.deep(e.Value, seen); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
