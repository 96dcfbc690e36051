package eval

import (
	"path"
	"sync"
	"sync/atomic"

	"github.com/nixlint/nixlint/parser"
)

// File is a Nix file that is evaluated.
type File struct {
	Path string // absolute
	Tree *parser.Tree

	dir     string // that relative paths in the file start from
	broken  bool   // it has syntax errors
	passing bool   // see EvalPassing
	root    *expr
	mu      sync.Mutex   // held to compile its expressions
	shared  atomic.Int32 // how many expressions calls may have in common
}

// opened is what one evaluator keeps of a file.
type opened struct {
	file  *File
	value *Thunk       // nil if it was not imported
	slots []sharedSlot // see Evaluator.slots
}

// Evaluator evaluates the files of one source. It is used by one goroutine at
// a time.
type Evaluator struct {
	budget
	following
	source   Source
	files    map[string]*File
	resolved map[string]string // which file importing a path reads
	assumed  map[string]Value  // what importing some files gives
	// assumedUnknown tells what importing a file of an unknown folder gives, or
	// nil; itself nil if nothing is known.
	assumedUnknown func(file *Unknown) Value

	builtins *Attrs
	globals  []*Thunk // by the index of their names in globalNames
	opened   map[*File]*opened
	last     *opened // the one that slots has found last
	code     *Code   // see Keep
	regexps  map[string]*regex
	frames   []Place // what is being evaluated, outermost first
	shares   bool    // see ShareCalls
	// positions is set if a value may depend on where in a file something stands.
	positions bool
}

// New returns an evaluator.
func New(source Source, limits Limits) *Evaluator {
	ev := &Evaluator{source: source, files: make(map[string]*File), opened: make(map[*File]*opened), resolved: make(map[string]string), budget: budget{limits: limits, taint: untainted}}
	ev.initBuiltins()
	return ev
}

// KnowsPositions reports whether what has been evaluated may depend on where in a
// file something stands, and not only on what it says.
func (ev *Evaluator) KnowsPositions() bool { return ev.positions }

// Files returns the files evaluated so far, by path.
func (ev *Evaluator) Files() map[string]*File { return ev.files }

// Resolve returns the Nix file that importing a path reads: itself, what it is
// a link to, or default.nix in it. It returns "" if there is none.
func (ev *Evaluator) Resolve(p string) string {
	if target, ok := ev.resolved[p]; ok {
		return target
	}
	target := ev.resolve(p)
	if target != "" {
		ev.resolved[p] = target // as the file is read once, too
	}
	return target
}

func (ev *Evaluator) resolve(p string) string {
	const maxLinks = 40
	for range maxLinks {
		target := ev.readLink(p)
		if target == "" || !ev.source.Allowed(target) {
			break
		}
		p = target
	}
	switch ev.source.Kind(p) {
	case "regular":
		return p
	case "directory":
		if f := path.Join(p, "default.nix"); ev.source.Kind(f) == "regular" {
			return f
		}
	}
	return ""
}

// Assume makes importing the file at a path give a value, whatever is in it.
func (ev *Evaluator) Assume(p string, v Value) {
	if ev.assumed == nil {
		ev.assumed = make(map[string]Value)
	}
	ev.assumed[p] = v
}

// AssumeUnknown makes importing a file below an unknown folder give what f says,
// if that is not nil.
func (ev *Evaluator) AssumeUnknown(f func(file *Unknown) Value) { ev.assumedUnknown = f }

// Import evaluates the file at a path, as `import` does.
func (ev *Evaluator) Import(p string, at Place) Value {
	if len(ev.assumed) > 0 {
		if v := ev.assumed[ev.Resolve(path.Clean(p))]; v != nil {
			return v
		}
	}
	f, fail := ev.open(p, at)
	if fail != nil {
		return fail
	}
	return ev.Force(ev.valueOf(f))
}

// open finds and reads the file that importing a path reads.
func (ev *Evaluator) open(p string, at Place) (*File, Value) {
	p = path.Clean(p)
	if !ev.source.Allowed(p) {
		return nil, outside(p)
	}
	target := ev.Resolve(p)
	if target == "" {
		if ev.source.Kind(p) == "symlink" || ev.source.Kind(path.Join(p, "default.nix")) == "symlink" {
			return nil, outside(p)
		}
		return nil, missingFile(p, at)
	}
	if f := ev.files[target]; f != nil {
		return f, nil
	}
	tree, err := ev.source.Parse(target)
	if err != nil {
		return nil, NewUnknown("`" + target + "` cannot be read: " + err.Error())
	}
	var f *File
	if ev.code != nil {
		f = ev.code.file(target, tree)
	} else {
		f = newFile(target, tree)
	}
	ev.files[target] = f
	return f, nil
}

// valueOf returns the thunk of what a file says.
func (ev *Evaluator) valueOf(f *File) *Thunk {
	o := ev.opened[f]
	if o == nil {
		o = &opened{file: f}
		ev.opened[f] = o
	}
	if o.value == nil {
		o.value = &Thunk{expr: f.root, env: &env{}}
	}
	return o.value
}

func newFile(name string, tree *parser.Tree) *File {
	f := &File{Path: name, Tree: tree, dir: path.Dir(name), broken: tree.HasSyntaxErrors()}
	f.root = &expr{file: f, node: tree.Expr().ID()}
	return f
}

func outside(p string) *Unknown { return NewUnknown("`" + p + "` is outside of the repository") }

// Eval evaluates the text of an expression as if it stood in a file at the
// given path.
func (ev *Evaluator) Eval(name, text string) Value {
	tree := parser.Parse(text)
	if errs := tree.Errors(); len(errs) > 0 {
		return &Error{Kind: ErrorSyntax, Message: errs[0].Message}
	}
	return ev.EvalTree(name, tree)
}

// EvalPassing is Eval for an evaluator that is asked for values again and again: of the text
// nothing stays behind.
func (ev *Evaluator) EvalPassing(name, text string) Value {
	f := newFile(name, parser.Parse(text))
	f.passing = true
	return ev.Force(&Thunk{expr: f.root, env: &env{}})
}

// EvalTree evaluates the tree of an expression as if it stood in a file at the
// given path.
func (ev *Evaluator) EvalTree(name string, tree *parser.Tree) Value {
	return ev.Force(&Thunk{expr: newFile(name, tree).root, env: &env{}})
}

// Call applies a function to an argument.
func (ev *Evaluator) Call(fn Value, arg *Thunk, at Place) Value {
	switch fn := fn.(type) {
	case *Lambda:
		if u := ev.step(); u != nil {
			return u
		}
		if u := ev.enter(1); u != nil {
			return u
		}
		ev.frames = append(ev.frames, at)
		v := fn.call(ev, arg, at)
		ev.unwind(v)
		ev.leave(1)
		return v
	case *Native:
		args := make([]*Thunk, len(fn.Args)+1)
		args[copy(args, fn.Args)] = arg
		if len(args) < fn.Arity {
			return &Native{Name: fn.Name, Arity: fn.Arity, Call: fn.Call, Args: args, Data: fn.Data}
		}
		return ev.callNative(fn, args, at)
	case *Attrs:
		if f := fn.Get("__functor"); f != nil {
			if u := ev.enter(1); u != nil {
				return u
			}
			v := ev.Call(ev.Call(ev.Force(f.Value), Done(fn), at), arg, at)
			ev.leave(1)
			return v
		}
		if fn.Rest != nil {
			return fn.Rest.Derive().call(arg, at)
		}
	case *Unknown:
		return fn.call(arg, at)
	case *Error:
		return fn
	}
	return &Error{Kind: ErrorType, Message: "attempt to call " + describe(fn) + ", which is not a function", At: at}
}

// callNative calls a native with all its arguments.
func (ev *Evaluator) callNative(fn *Native, args []*Thunk, at Place) Value {
	if u := ev.step(); u != nil {
		return u
	}
	if u := ev.enter(2); u != nil {
		return u
	}
	ev.frames = append(ev.frames, at)
	v := fn.Call(ev, args, at)
	ev.unwind(v)
	ev.leave(2)
	return v
}

// Apply applies a function to several arguments.
func (ev *Evaluator) Apply(fn Value, at Place, args ...*Thunk) Value {
	for _, a := range args {
		fn = ev.Call(fn, a, at)
	}
	return fn
}

// Select returns the attribute of a value, as `value.name` does.
func (ev *Evaluator) Select(v Value, name string, at Place) Value {
	switch v := v.(type) {
	case *Attrs:
		if a := v.Get(name); a != nil {
			return ev.Force(a.Value)
		}
		if v.Rest != nil {
			if u, possible := v.Rest.attrOfRest(name); possible {
				return u
			}
		}
		return missingAttr(name, v, at)
	case *Unknown:
		return v.attr(name)
	}
	return Mismatch("a set", v, at)
}
