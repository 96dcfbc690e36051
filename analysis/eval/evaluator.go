package eval

import (
	"path"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// File is a Nix file that is evaluated.
type File struct {
	Path string // absolute
	Tree *parser.Tree

	code  code
	value *Thunk
}

// Source is where files come from. Paths are absolute, slash-separated and
// clean. Only what Allowed reports true for is ever asked for.
type Source interface {
	// Allowed reports whether a path may be looked at. What lies elsewhere is
	// unknown to the evaluator.
	Allowed(path string) bool
	// Parse returns the syntax tree of a file.
	Parse(path string) (*parser.Tree, error)
	ReadFile(path string) (string, error)
	// ReadDir returns the names in a folder with their kinds as in Nix:
	// regular, directory, symlink or unknown.
	ReadDir(path string) (map[string]string, error)
	// Kind returns the kind of what is at a path, links followed: "regular",
	// "directory", or "" if there is nothing.
	Kind(path string) string
}

// Limits bound an evaluation. What exceeds them is unknown.
type Limits struct {
	Steps int // thunks forced and functions called
	Depth int // of evaluations inside each other
}

// DefaultLimits are ample for a repository of many hosts.
var DefaultLimits = Limits{Steps: 20_000_000, Depth: 4000}

// Evaluator evaluates the files of one source. It is used by one goroutine at
// a time.
type Evaluator struct {
	source   Source
	limits   Limits
	files    map[string]*File
	builtins *Attrs
	globals  map[string]*Thunk
	lib      *Attrs
	steps    int
	depth    int
}

// New returns an evaluator.
func New(source Source, limits Limits) *Evaluator {
	ev := &Evaluator{source: source, limits: limits, files: make(map[string]*File)}
	ev.initBuiltins()
	return ev
}

// Reset gives the evaluator fresh budgets.
func (ev *Evaluator) Reset() { ev.steps, ev.depth = 0, 0 }

// Files returns the files evaluated so far, by path.
func (ev *Evaluator) Files() map[string]*File { return ev.files }

// Resolve returns the Nix file that importing a path reads: itself, or
// default.nix in it. It returns "" if there is none.
func (ev *Evaluator) Resolve(p string) string {
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

// Import evaluates the file at a path, as `import` does.
func (ev *Evaluator) Import(p string, at Place) Value {
	p = path.Clean(p)
	if !ev.source.Allowed(p) {
		return NewUnknown("`" + p + "` is outside of the repository")
	}
	target := ev.Resolve(p)
	if target == "" {
		return &Error{Kind: ErrorMissingFile, Message: "path `" + p + "` does not exist", Attr: p, At: at}
	}
	f := ev.files[target]
	if f == nil {
		tree, err := ev.source.Parse(target)
		if err != nil {
			return NewUnknown("`" + target + "` cannot be read: " + err.Error())
		}
		f = &File{Path: target, Tree: tree}
		ev.files[target] = f
		if tree.HasSyntaxErrors() {
			f.value = Done(NewUnknown("`" + target + "` has syntax errors"))
		} else {
			f.code = compile(f, tree.Expr())
			f.value = &Thunk{code: f.code, env: &env{}, at: Place{f, tree.Expr().ID()}}
		}
	}
	return ev.Force(f.value)
}

// Eval evaluates the text of an expression as if it stood in a file at the
// given path.
func (ev *Evaluator) Eval(name, text string) Value {
	tree := parser.Parse(text)
	if errs := tree.Errors(); len(errs) > 0 {
		return &Error{Kind: ErrorSyntax, Message: errs[0].Message}
	}
	f := &File{Path: name, Tree: tree}
	return compile(f, tree.Expr()).eval(ev, &env{})
}

// Call applies a function to an argument.
func (ev *Evaluator) Call(fn Value, arg *Thunk, at Place) Value {
	if u := ev.spend(); u != nil {
		return u
	}
	switch fn := fn.(type) {
	case *Lambda:
		ev.depth++
		defer func() { ev.depth-- }()
		return fn.call(ev, arg, at)
	case *Native:
		args := append(append([]*Thunk{}, fn.Args...), arg)
		if len(args) < fn.Arity {
			return &Native{Name: fn.Name, Arity: fn.Arity, Call: fn.Call, Args: args}
		}
		ev.depth++
		defer func() { ev.depth-- }()
		return fn.Call(ev, args, at)
	case *Attrs:
		if f := fn.Get("__functor"); f != nil {
			return ev.Call(ev.Call(ev.Force(f.Value), Done(fn), at), arg, at)
		}
		if fn.Rest != nil {
			return &Unknown{Reason: fn.Rest.Reason, Func: fn.Rest, Args: []*Thunk{arg}}
		}
	case *Unknown:
		if fn.Func != nil {
			return &Unknown{Reason: fn.Reason, Func: fn.Func, Args: append(append([]*Thunk{}, fn.Args...), arg)}
		}
		return &Unknown{Reason: fn.Reason, Func: fn, Args: []*Thunk{arg}}
	case *Error:
		return fn
	}
	return &Error{Kind: ErrorType, Message: "attempt to call " + fn.typeName() + ", which is not a function", At: at}
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
			return v.Rest.attr(name)
		}
		return &Error{Kind: ErrorMissingAttr, Message: "attribute `" + name + "` is missing", Attr: name, Set: v, At: at}
	case *Unknown:
		return v.attr(name)
	case *Error:
		return v
	}
	return &Error{Kind: ErrorType, Message: "expected a set but found " + v.typeName(), At: at}
}

// cleanPath makes an absolute path of a path literal's or string's text.
func cleanPath(dir, text string) string {
	if strings.HasPrefix(text, "/") {
		return path.Clean(text)
	}
	return path.Join(dir, text)
}
