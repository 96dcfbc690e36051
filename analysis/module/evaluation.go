package module

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

// Input is what modules are evaluated with.
type Input struct {
	Modules *eval.List
	At      eval.Place // where Modules stands
	// Special are the special arguments, which win over all others and may be
	// used in imports.
	Special *eval.Attrs
	// Given are arguments that `_module.args` may replace, such as pkgs.
	Given *eval.Attrs
	// Prefix is the path of the option whose value the evaluation is.
	Prefix []string
	Class  string
	// Lib is the argument lib of modules.
	Lib *eval.Thunk
	// Strict makes the configuration an error if Nix would refuse a module or a
	// definition. Else what is wrong is left out.
	Strict bool
	// Open is set if there are modules that are not at hand whatever Modules
	// holds, such as those that nixosSystem adds.
	Open bool
	// Extended is set if modules that are not at hand may declare options at any
	// place.
	Extended bool
	// MayDeclare reports whether a module that is not at hand may declare options
	// below a name that is not among those of NixOS and its like, although others
	// do. It may be nil.
	MayDeclare func(u *eval.Unknown, root string) bool
	// Stubs are modules that stand for those not at hand. Their options yield
	// to declarations of the same options, and others may define them too.
	Stubs *eval.List
}

// Evaluation is one evaluation of modules. It is used by one goroutine at a time.
type Evaluation struct {
	Modules []*Module // in the order nixpkgs visits them
	Imports []*Import // the elements of the list it began with
	// Unknown are modules, or lists of them, that are not at hand.
	Unknown []*eval.Unknown
	// Unsure is set if modules of the repository may be imported that could
	// not be known.
	Unsure bool
	// Broken is set if an import failed: what the module would have declared and
	// defined is missing.
	Broken bool
	// Doubts are the reasons for Unsure.
	Doubts []*eval.Unknown
	Input  Input

	ev      *eval.Evaluator
	more    []source // modules that it began with, beside those of Input
	args    *eval.Attrs
	asked   []asked
	root    *group
	config  *eval.Thunk // what the result has
	inner   *eval.Thunk // what modules get
	options *eval.Thunk
	ready   bool            // modules are collected
	hasty   bool            // a place was made while definitions for it were still being found
	early   bool            // something needed the configuration before that
	refused *eval.Error     // why Nix refuses the modules as a whole; only if Input.Strict
	free    **Type          // the freeform type, once it has been looked for
	checked bool            // CheckDeclared has run
	all     []*Option       // of the whole tree; nil until asked for
	shared  map[string]bool // what isShared has found
	making  []making        // places that are being made, the outermost first
	way     []*group        // to the place that find has found last
	session *session
}

// Evaluate collects modules. Options and their values are computed when they
// are asked for.
func Evaluate(ev *eval.Evaluator, in Input) *Evaluation {
	return evaluate(ev, in, nil, newSession())
}

func evaluate(ev *eval.Evaluator, in Input, more []source, s *session) *Evaluation {
	e := &Evaluation{Input: in, ev: ev, more: more, session: s}
	if in.Special == nil {
		e.Input.Special = &eval.Attrs{}
	}
	early := func(name string, f func() eval.Value) *eval.Thunk {
		return eval.Later(func(ev *eval.Evaluator) eval.Value {
			if !e.ready {
				// Nix recurses here: imports must not depend on it.
				ev.Forget()
				e.early = true
				return eval.NewUnknown("`imports` cannot depend on it", name)
			}
			return f()
		})
	}
	e.config = early("config", func() eval.Value { return e.root.config() })
	e.inner = early("config", e.innerConfig)
	e.options = early("options", func() eval.Value { return e.root.optionSet() })
	own := eval.SetOf(
		eval.Attr{Name: "_class", Value: eval.Done(eval.String(in.Class))},
		eval.Attr{Name: "_prefix", Value: eval.Done(stringList(in.Prefix))},
		eval.Attr{Name: "config", Value: e.inner},
		eval.Attr{Name: "options", Value: e.options},
		eval.Attr{Name: "specialArgs", Value: eval.Done(e.Input.Special)},
	)
	if in.Class == "" {
		own.Entries[0].Value = eval.Done(eval.Null{})
	}
	if in.Lib != nil {
		own = eval.Update(own, eval.SetOf(eval.Attr{Name: "lib", Value: in.Lib}))
	}
	e.args = eval.Update(own, e.Input.Special)
	sources := []source{{modules: in.Modules, at: in.At, certain: true}}
	sources = append(sources, more...)
	if in.Stubs != nil {
		sources = append(sources, source{modules: in.Stubs, certain: true, weak: true})
	}
	e.collect(sources)
	if u := ev.Reserve(len(e.Modules) * bytesPerModule); u != nil {
		e.Modules, e.Unsure = nil, true
	}
	if !e.Open() {
		// All is at hand that stubs could stand for.
		e.Modules = slices.DeleteFunc(e.Modules, (*Module).IsStub)
	}
	e.root = e.newRoot()
	e.ready = true
	return e
}

// bytesPerModule is about what a module takes in an evaluation, beside values.
const bytesPerModule = 4096

// Evaluator returns the evaluator of the evaluation's values.
func (e *Evaluation) Evaluator() *eval.Evaluator { return e.ev }

// Config returns the merged configuration.
func (e *Evaluation) Config() eval.Value { return e.ev.Force(e.config) }

// Is reports whether a value is the evaluation's configuration.
func (e *Evaluation) Is(config eval.Value) bool {
	a, ok := config.(*eval.Attrs)
	own, _ := e.Config().(*eval.Attrs)
	inner, _ := e.ev.Force(e.inner).(*eval.Attrs)
	return ok && (a == own || a == inner)
}

// innerConfig is the configuration as modules get it: with `_module`, which the
// result is without (lib/modules.nix of nixpkgs).
func (e *Evaluation) innerConfig() eval.Value {
	config := e.Config()
	set, ok := config.(*eval.Attrs)
	if !ok {
		return config
	}
	internal := eval.Later(func(*eval.Evaluator) eval.Value { return e.internal() })
	return eval.Update(set, eval.SetOf(eval.Attr{Name: "_module", Value: internal}))
}

// internal is `_module` of the configuration.
func (e *Evaluation) internal() *eval.Attrs {
	later := func(f func() eval.Value) *eval.Thunk {
		return eval.Later(func(*eval.Evaluator) eval.Value { return f() })
	}
	return eval.SetOf(
		eval.Attr{Name: "args", Value: later(e.moduleArgs)},
		eval.Attr{Name: "check", Value: later(e.checks)},
		eval.Attr{Name: "freeformType", Value: later(func() eval.Value {
			if t := e.freeformType(); t != nil {
				return t.Value(e.ev)
			}
			return eval.Null{}
		})},
		eval.Attr{Name: "specialArgs", Value: eval.Done(e.Input.Special)},
	)
}

// checks is `_module.check`: whether definitions without an option are refused.
func (e *Evaluation) checks() eval.Value {
	res := e.resolve(e.written([]string{"_module", "check"}))
	if len(res.sure)+len(res.unsure) == 0 {
		return eval.Bool(true)
	}
	m := merging{e: e, loc: append(slices.Clip(e.Input.Prefix), "_module", "check")}
	return m.checked(boolType, res)
}

// moduleArgs is `_module.args`.
func (e *Evaluation) moduleArgs() eval.Value {
	g := e.root.child("_module").child("args")
	names := append(g.definedNames(), "extendModules", "moduleType")
	if e.Input.Given != nil {
		names = append(names, e.Input.Given.Names()...)
	}
	slices.Sort(names)
	args := &eval.Attrs{}
	if e.Open() || g.pushed.open || len(g.other) > 0 {
		args.Rest = eval.NewUnknown("it may be given by a module that is not at hand", "args")
	}
	for _, name := range slices.Compact(names) {
		args.Entries = append(args.Entries, eval.Attr{Name: name, Value: eval.Later(func(*eval.Evaluator) eval.Value { return e.Arg(name) })})
	}
	return args
}

// checkedConfig is the configuration, or the first reason for which Nix would
// refuse it.
func (e *Evaluation) checkedConfig() eval.Value {
	if e.Input.Strict {
		e.CheckDeclared()
		if e.refused != nil {
			return e.refused
		}
		for _, p := range e.session.problems {
			whole := p.Kind == BadModule || p.Kind == Undeclared || p.Kind == BadOption || p.Kind == WrongType && p.Type == nil
			if p.Certain && whole && len(p.Path) >= len(e.Input.Prefix) {
				return &eval.Error{Kind: eval.ErrorRefused, Message: p.Message, At: p.At}
			}
		}
	}
	return e.Config()
}

// refuse remembers that Nix refuses the modules as a whole.
func (e *Evaluation) refuse(err *eval.Error) {
	if e.Input.Strict && e.refused == nil {
		e.refused = err
	}
}

// Args returns the arguments that modules get whatever they ask for.
func (e *Evaluation) Args() *eval.Attrs { return e.args }

// Open reports whether modules that are not at hand take part.
func (e *Evaluation) Open() bool { return e.Input.Open || e.Unsure || len(e.Unknown) > 0 }

// asked is the argument of modules that ask for the same names.
type asked struct {
	names []string // those that are no special arguments, sorted
	args  *eval.Thunk
}

// argsFor makes the argument of a module that is a function: for the names of its
// pattern that are no special arguments, what `_module.args` says. Most modules
// ask for the same few.
func (e *Evaluation) argsFor(fn *eval.Lambda) *eval.Thunk {
	var room [8]string
	names := room[:0]
	formals, _, _ := fn.Formals()
	for i := range formals {
		if name := formals[i].Name; e.args.Get(name) == nil {
			names = append(names, name)
		}
	}
	for i := range e.asked {
		if slices.Equal(e.asked[i].names, names) {
			return e.asked[i].args
		}
	}
	args := e.args
	if len(names) > 0 {
		attrs := make([]eval.Attr, len(names))
		for i, name := range names {
			attrs[i] = eval.Attr{Name: name, Value: e.moduleArg(name)}
		}
		args = eval.Update(e.args, &eval.Attrs{Entries: attrs})
	}
	out := asked{slices.Clone(names), eval.Done(args)}
	e.asked = append(e.asked, out)
	return out.args
}

// moduleArg is an argument that `_module.args` may give. Nixpkgs asks there even
// for names that have a default in the pattern.
func (e *Evaluation) moduleArg(name string) *eval.Thunk {
	return eval.Later(func(ev *eval.Evaluator) eval.Value {
		if !e.ready {
			if given := e.given(name); given != nil {
				if name == "pkgs" {
					ev.Forget()
					e.early = true // it comes by _module.args, out of the configuration
				}
				return ev.Force(given)
			}
			ev.Forget()
			if e.args.Rest == nil {
				e.refuse(eval.Errorf(eval.Place{}, "`imports` depends on the module argument `%s`, which is no special argument", name))
			}
			return eval.NewUnknown("`imports` cannot depend on it", "args", name)
		}
		return e.Arg(name)
	})
}

func (e *Evaluation) given(name string) *eval.Thunk {
	if e.Input.Given != nil {
		if a := e.Input.Given.Get(name); a != nil {
			return a.Value
		}
	}
	return nil
}

// Arg returns the value of a module argument, or an *eval.Error if nothing
// gives it.
func (e *Evaluation) Arg(name string) eval.Value {
	if a := e.args.Get(name); a != nil {
		return e.ev.Force(a.Value)
	}
	switch name {
	case "extendModules":
		return &eval.Native{Name: name, Arity: 1, Call: e.extend}
	case "moduleType":
		return e.Type().Value(e.ev)
	}
	if args := e.root.child("_module").child("args"); args.defined(name) {
		m := merging{e: e, loc: []string{"_module", "args", name}}
		if v, ok := m.merged(rawType, args.child(name).defs); ok {
			return v
		}
	}
	if given := e.given(name); given != nil {
		return e.ev.Force(given)
	}
	if e.args.Rest != nil || e.Open() {
		return eval.NewUnknown("it may be given by a module that is not at hand", "args", name)
	}
	return &eval.Error{Kind: eval.ErrorMissingAttr, Message: "nothing gives the module argument `" + name + "`", Attr: name}
}

// Problems returns what Nix would refuse, as far as it has been met in
// evaluation. Options without a value count only if Check has found that the
// value is needed; these and defaults of the wrong type are certain only if it
// certainly is.
func (e *Evaluation) Problems() []Problem {
	var out []Problem
	for _, p := range e.session.problems {
		need := e.session.met[p.Error]
		if p.Kind == Unset && (need == 0 || !p.Certain) {
			continue
		}
		if p.Kind == WrongDefault || p.Kind == Unset {
			p.Certain = p.Certain && need == certainlyNeeded
		}
		out = append(out, p)
	}
	return out
}

// Nested returns the evaluations of submodules, as far as their values have been
// asked for.
func (e *Evaluation) Nested() []*Evaluation { return slices.Clone(e.session.nested) }

// session is what an evaluation and those inside it have found so far.
type session struct {
	problems []Problem
	seen     map[string]bool
	nested   []*Evaluation
	// met are the errors that what a system needs comes to, and failures the same in
	// the order in which they were met.
	met      map[*eval.Error]need
	failures []Failure
	slabs    slabs
}

// bare makes an evaluation without modules, for the merging of definitions that a
// function is given. What it finds is forgotten.
func bare(ev *eval.Evaluator) *Evaluation { return &Evaluation{ev: ev, session: newSession()} }

// slabs are where to allocate from.
func (e *Evaluation) slabs() *slabs { return &e.session.slabs }

func newSession() *session {
	return &session{seen: make(map[string]bool), met: make(map[*eval.Error]need)}
}

func (e *Evaluation) nest(inner *Evaluation) {
	e.session.nested = append(e.session.nested, inner)
}

func stringList(parts []string) *eval.List {
	l := &eval.List{}
	for _, p := range parts {
		l.Elems = append(l.Elems, eval.Done(eval.String(p)))
	}
	return l
}

// ShowOption writes the path of an option as nixpkgs does.
func ShowOption(path []string) string {
	parts := make([]string, len(path))
	for i, p := range path {
		if p == "*" || len(p) > 1 && p[0] == '<' && p[len(p)-1] == '>' {
			parts[i] = p
		} else {
			parts[i] = eval.AttrPathString([]string{p})
		}
	}
	return strings.Join(parts, ".")
}

// Hasty reports whether a module asked for a part of the configuration while the
// definitions of that were still being found, so that values may lack some of them.
func (e *Evaluation) Hasty() bool { return e.hasty }
