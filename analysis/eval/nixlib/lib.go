// Package nixlib models nixpkgs' library of Nix functions, `lib`, in Go: the
// functions that configurations use on the way from a flake to its modules and
// inside of modules, one file for each area of the library.
//
// Everything else of the library is unknown, with its name. Unknown arguments
// make no more of a result unknown than they must.
//
// What the functions do is taken from nixpkgs' lib as of June 2026. The tests
// compare them with what Nix printed for the library itself.
package nixlib

import (
	"maps"
	"slices"
	"sync"

	"github.com/nixlint/nixlint/analysis/eval"
)

// function is a function of the library.
type function struct {
	arity int
	call  func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value
}

// area is a file of the library, which is a set of its own.
type area struct {
	functions map[string]function
	builtins  []string // names of builtins that the area hands on
	values    map[string]eval.Value
	hidden    []string // names that lib itself does not hand on
	apart     bool     // lib itself hands nothing of it on
}

// areas are those modelled, by the names of their sets.
var areas = map[string]area{
	"attrsets": attrsets, "lists": lists, "strings": texts, "trivial": trivial, "fixedPoints": fixedPoints,
	"modules": modules, "options": options, "filesystem": filesystem, "path": paths, "versions": versions,
	"asserts": asserts, "debug": debug, "generators": generators,
	"meta": meta, "cli": cli, "sources": sources, "fileset": fileset, "systems": systems, "misc": misc, "customisation": customisation, "types": types,
}

// builtins are those that lib hands on beside what its areas do.
var builtins = []string{
	"addErrorContext", "attrValues", "concatLists", "convertHash", "deepSeq", "elem", "filter", "fromTOML",
	"genericClosure", "getContext", "hasContext", "hashFile", "hashString", "head", "isList", "length", "map",
	"placeholder", "seq", "sort", "tail", "toFile", "toString", "toXML", "trace", "tryEval", "unsafeGetAttrPos",
}

const notModelled = "this part of nixpkgs' lib is not modelled"

// shared is the library without what New adds. It is the same for all
// evaluators: nothing in it remains to be evaluated.
var shared = sync.OnceValue(func() *eval.Attrs {
	ev := eval.New(nil, eval.DefaultLimits)
	all := make(map[string]eval.Value)
	handOn := func(to map[string]eval.Value, names []string) {
		for _, name := range names {
			to[name] = ev.Force(ev.Builtins().Get(name).Value)
		}
	}
	handOn(all, builtins)
	sets := make(map[string]eval.Value, len(areas))
	for name, a := range areas {
		values := maps.Clone(a.values)
		if values == nil {
			values = make(map[string]eval.Value)
		}
		for name, f := range a.functions {
			values[name] = &eval.Native{Name: "lib." + name, Arity: f.arity, Call: f.call}
		}
		handOn(values, a.builtins)
		for name, v := range values {
			if !a.apart && !slices.Contains(a.hidden, name) {
				all[name] = v
			}
		}
		set := eval.NewAttrs(values)
		set.Rest = rest(name)
		sets[name] = set
	}
	maps.Copy(all, sets)
	all["platforms"] = platforms
	lib := eval.NewAttrs(all)
	lib.Rest = rest()
	return lib
})

// rest is what is not modelled of lib, or of a set in it.
func rest(path ...string) *eval.Unknown {
	u := eval.NewUnknown(notModelled, append([]string{"lib"}, path...)...)
	if names := Names(path...); names != nil {
		u.Holds = func(name string) bool { return Has(name, path...) }
	}
	return u
}

// New returns the library with further attributes, such as the nixosSystem
// that nixpkgs' flake adds. It can be extended as the real one is.
func New(ev *eval.Evaluator, more map[string]eval.Value) *eval.Attrs {
	base := eval.Update(shared(), eval.NewAttrs(more))
	made := Extensible(func(*eval.Evaluator, *eval.Thunk) eval.Value { return base }, "extend")
	return ev.Force(made).(*eval.Attrs)
}

// cond evaluates to one of two values. If the condition is unknown it is
// unknown which.
func cond(ev *eval.Evaluator, t *eval.Thunk, at eval.Place, yes, no *eval.Thunk) eval.Value {
	holds, fail := ev.WantBool(t, at)
	switch u := fail.(type) {
	case nil:
	case *eval.Unknown:
		return &eval.Unknown{Reason: u.Reason, Of: u.Of, Maybe: []*eval.Thunk{yes, no}, Closed: true}
	default:
		return fail
	}
	if holds {
		return ev.Force(yes)
	}
	return ev.Force(no)
}

// call applies a function that is an argument.
func call(ev *eval.Evaluator, fn *eval.Thunk, at eval.Place, args ...*eval.Thunk) eval.Value {
	return ev.Apply(ev.Force(fn), at, args...)
}

// set makes a set of attributes in the order of their names.
func set(attrs ...eval.Attr) *eval.Attrs { return &eval.Attrs{Entries: attrs} }

// attr makes an attribute of a native value.
func attr(name string, v eval.Value) eval.Attr { return eval.Attr{Name: name, Value: eval.Done(v)} }

// list makes a list of thunks.
func list(elems ...*eval.Thunk) *eval.List { return &eval.List{Elems: elems} }

var (
	emptyList  = eval.Done(&eval.List{})
	emptyAttrs = eval.Done(&eval.Attrs{})
	emptyText  = eval.Done(eval.String(""))
	null       = eval.Done(eval.Null{})
)

// alias makes a function that is a builtin with the arguments in another order.
func alias(name string, arity int, args func(a []*eval.Thunk) []*eval.Thunk) function {
	return function{arity, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		return ev.Builtin(name, at, args(a)...)
	}}
}
