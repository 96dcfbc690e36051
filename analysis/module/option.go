package module

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/eval"
)

// Option is one option of an evaluation.
type Option struct {
	Path         []string // from the root of the outermost evaluation
	Declarations []Declaration
	// Attrs is what mkOption was given, of several declarations together.
	Attrs *eval.Attrs

	e     *Evaluation
	defs  []raw
	kind  *Type
	wrong *eval.Error // why Nix refuses the declarations; only if Input.Strict
	value optionValue
	res   *resolved
}

// optionValue is the value of an option and how to compute it.
type optionValue struct {
	eval.Pending
	option *Option
	thunk  eval.Thunk
}

// Compute computes the value.
func (v *optionValue) Compute(ev *eval.Evaluator) eval.Value { return v.option.compute(ev) }

// Declaration is one declaration of an option.
type Declaration struct {
	Module *Module
	At     eval.Place // its name where it is declared
	Attrs  *eval.Attrs
}

// newOption merges the declarations of one option. Sets of further options are
// merged into it if it is a submodule.
func newOption(g *group, options, sets []declared) *Option {
	slabs := g.e.slabs()
	o := slabs.options.one()
	o.Path, o.e, o.Declarations = g.loc, g.e, slabs.declares.take(len(options))[:0]
	for i, d := range options {
		o.Declarations = append(o.Declarations, Declaration{d.module, d.at, d.attrs})
		if i == 0 {
			o.Attrs = d.attrs
			continue
		}
		merged := o.mergeType(d)
		for _, name := range []string{"default", "example", "description", "apply"} {
			if o.Attrs.Get(name) != nil && d.attrs.Get(name) != nil {
				merged = nil
			}
		}
		if merged == nil {
			o.twice(d)
			o.kind = unknownType(eval.NewUnknown("the option is declared twice"))
			continue
		}
		o.kind = merged
		o.Attrs = eval.Update(d.attrs, o.Attrs)
	}
	if len(sets) > 0 {
		t := o.Type()
		if t.Name != "submodule" {
			at := sets[0].at
			g.e.problem(Problem{
				Kind: BadOption, Path: o.Path, At: at, Option: o, Module: sets[0].module, Certain: t.unknown == nil && sets[0].module.Certain,
				Message: "`" + ShowOption(o.Path) + "` is an option, of a type that has no options inside",
				Related: []eval.Place{o.Declarations[0].At},
			})
		} else {
			for _, d := range sets {
				t = t.withModule(eval.Done(eval.SetOf(eval.Attr{Name: "options", Value: eval.Done(d.attrs), At: d.at})))
			}
			o.kind = t
		}
	}
	o.defs = g.defs
	if d := o.Attrs.Get("default"); d != nil {
		o.defs = slabs.raws.take(1 + len(g.defs))
		o.defs[0] = raw{
			value: d.Value, props: ofDefault, module: o.Declarations[0].Module, at: d.At, certain: true, byDefault: true,
		}
		copy(o.defs[1:], g.defs)
		g.defs = o.defs[1:]
	}
	o.value.option = o
	o.value.thunk = eval.LaterOf(&o.value)
	g.e.ev.Follow(&o.value.thunk, o.Declarations[0].At)
	return o
}

// ofDefault is the property of an option's own default.
var ofDefault = []property{{"override", eval.Done(eval.Int(OptionDefaultPriority))}}

// mergeType merges the type of a further declaration, or returns nil.
func (o *Option) mergeType(d declared) *Type {
	t := d.attrs.Get("type")
	if t == nil {
		return o.Type()
	}
	other := TypeOf(o.e.ev, o.e.ev.Force(t.Value))
	if o.kind == nil && o.Attrs.Get("type") == nil {
		return other
	}
	return mergeTypes(o.e.ev, o.Type(), other)
}

// twice reports a declaration that cannot be merged with the others.
func (o *Option) twice(d declared) {
	message := "option `" + ShowOption(o.Path) + "` is already declared"
	o.refuse(message, d.at)
	o.e.problem(Problem{
		Kind: DeclaredTwice, Path: o.Path, At: d.at, Option: o, Module: d.module,
		Certain: d.module.Certain && o.Declarations[0].Module.Certain && d.module != o.Declarations[0].Module,
		Message: message,
		Related: []eval.Place{o.Declarations[0].At},
	})
}

// refuse remembers that Nix refuses the declarations.
func (o *Option) refuse(message string, at eval.Place) {
	if o.e.Input.Strict && o.wrong == nil {
		o.wrong = &eval.Error{Kind: eval.ErrorRefused, Message: message, At: at}
	}
}

// weak reports whether only stubs declare the option.
func (o *Option) weak() bool {
	return !slices.ContainsFunc(o.Declarations, func(d Declaration) bool { return !d.Module.weak })
}

// IsStub reports whether the option only stands for one that is not at hand.
func (o *Option) IsStub() bool { return o.weak() }

// IsHidden reports whether manuals leave the option out: `visible` is false.
func (o *Option) IsHidden() bool {
	t := o.attr("visible")
	return t != nil && o.e.ev.Force(t) == eval.Value(eval.Bool(false))
}

// IsShallow reports whether manuals leave out the options inside of its values:
// `visible` is "shallow".
func (o *Option) IsShallow() bool {
	t := o.attr("visible")
	return t != nil && o.e.ev.Force(t) == eval.Value(eval.String("shallow"))
}

// extends reports whether the declarations may only add to one that is not at
// hand. That one has a description, and Nix refuses a second.
func (o *Option) extends() bool {
	if !o.e.Open() || len(o.Path) == 0 {
		return false
	}
	return o.weak() || upstream[o.Path[len(o.e.Input.Prefix)]] && o.Attrs.Get("description") == nil
}

// Type returns the option's type; unspecified if it has none.
func (o *Option) Type() *Type {
	if o.kind == nil {
		if t := o.Attrs.Get("type"); t != nil {
			v := o.e.ev.Force(t.Value)
			o.kind = TypeOf(o.e.ev, v)
			o.checkType(t, v)
		} else if o.Attrs.Rest != nil {
			o.kind = unknownType(o.Attrs.Rest)
		} else {
			o.kind = unspecifiedType
		}
	}
	return o.kind
}

// checkType reports a type that is none: mostly one that wants an argument, such as
// `listOf`, and has not been given it.
func (o *Option) checkType(a *eval.Attr, v eval.Value) {
	d := o.Declarations[0]
	p := Problem{Kind: BadType, Path: o.Path, At: a.Value.At(), Option: o, Module: d.Module, Certain: d.Module.Certain}
	if !p.At.IsValid() {
		p.At = a.At
	}
	switch v := v.(type) {
	case *eval.Lambda, *eval.Native:
		p.Message = "the type of `" + ShowOption(o.Path) + "` is a function: it is to be given an argument"
	case eval.String, eval.Int, eval.Bool, *eval.List:
		p.Message = "the type of `" + ShowOption(o.Path) + "` is " + eval.TypeName(v) + ", and no type"
	case *eval.Error:
		o.refuse(v.Message, v.At)
		if v.Kind != eval.ErrorType {
			return
		}
		p.Message, p.Error = v.Message, v
	default:
		return
	}
	o.refuse(p.Message, p.At)
	o.e.problem(p)
}

// Value computes the option's value.
func (o *Option) Value() eval.Value { return o.e.ev.Force(&o.value.thunk) }

// Default returns the default that the declaration gives, or nil.
func (o *Option) Default() *eval.Thunk { return o.attr("default") }

func (o *Option) attr(name string) *eval.Thunk {
	if a := o.Attrs.Get(name); a != nil {
		return a.Value
	}
	return nil
}

// Flag returns an attribute of the declaration that is true or false, such as
// readOnly or internal.
func (o *Option) Flag(name string) bool {
	t := o.attr(name)
	return t != nil && o.e.ev.Force(t) == eval.Value(eval.Bool(true))
}

// Text returns an attribute of the declaration that is text: description, or
// the text of defaultText and its like.
func (o *Option) Text(name string) string {
	t := o.attr(name)
	if t == nil {
		return ""
	}
	v := o.e.ev.Force(t)
	if a, ok := v.(*eval.Attrs); ok {
		v = o.e.ev.Select(a, "text", eval.Place{})
	}
	s, _ := v.(eval.String)
	return string(s)
}

// resolved decides which definitions count.
func (o *Option) resolved() resolved {
	if o.res == nil {
		res := o.e.resolve(o.defs)
		o.res = &res
	}
	return *o.res
}

// Definitions returns the definitions that decide the value, in order, its
// default among them if nothing else does.
func (o *Option) Definitions() []Definition { return o.resolved().all() }

// AllDefinitions returns the definitions of all priorities, also those that are
// overridden, but not those under conditions that do not hold.
func (o *Option) AllDefinitions() []Definition {
	var out []Definition
	for _, r := range o.defs {
		discharge(o.e.ev, r, &out)
	}
	for i, d := range out {
		out[i] = ordered(o.e.ev, d)
	}
	return out
}

// checkDefault reports a default of another type than the option's that other definitions
// hide.
func (o *Option) checkDefault() {
	d := o.Default()
	if d == nil || o.weak() || !o.Type().Known() || slices.ContainsFunc(o.resolved().all(), func(d Definition) bool { return d.Default }) {
		return
	}
	if v := o.e.ev.Force(d); o.Type().Check(o.e.ev, v) == No {
		m := merging{e: o.e, loc: o.Path, option: o}
		m.wrong(o.Type(), Definition{Value: d, Module: o.Declarations[0].Module, At: o.Attrs.Get("default").At, Default: true})
	}
}

// IsSet reports whether a module certainly defines the option.
func (o *Option) IsSet() bool {
	return slices.ContainsFunc(o.resolved().sure, func(d Definition) bool { return !d.Default })
}

// MaySet reports whether any module defines the option under any condition.
func (o *Option) MaySet() bool {
	return slices.ContainsFunc(o.defs, func(r raw) bool { return !r.byDefault })
}

// Written returns the places of all definitions that modules give, whatever
// condition they stand under; a place is invalid if no file says it.
func (o *Option) Written() (out []Place) {
	for _, r := range o.defs {
		if !r.byDefault {
			out = append(out, Place{r.module, r.at})
		}
	}
	return out
}

// Place is a place in a module.
type Place struct {
	Module *Module
	At     eval.Place
}

// compute merges the definitions and applies `apply`.
func (o *Option) compute(ev *eval.Evaluator) eval.Value {
	m := merging{e: o.e, loc: o.Path, option: o}
	if o.e.Input.Strict {
		if o.Type(); o.wrong != nil {
			return o.wrong
		}
	}
	if o.Flag("readOnly") && len(o.defs) > 1 {
		if e := o.readOnly(); e != nil {
			return e
		}
	}
	if apply := o.attr("apply"); apply != nil {
		// It need not look at what is defined.
		merged := eval.Later(func(*eval.Evaluator) eval.Value { return o.merged(m) })
		return ev.Call(ev.Force(apply), merged, o.Declarations[0].At)
	}
	v := o.merged(m)
	switch v.(type) {
	case eval.String, eval.Int, eval.Bool, eval.Float, eval.Path:
		if res := o.resolved(); len(res.sure) > 0 {
			o.value.thunk.Refer(res.sure[0].Value)
		}
	}
	return v
}

// merged is the value without what `apply` makes of it.
func (o *Option) merged(m merging) eval.Value {
	res := o.resolved()
	v, ok := m.result(o.Type(), res)
	if !ok {
		message := "option `" + ShowOption(o.Path) + "` is used but has no value"
		err := &eval.Error{Kind: eval.ErrorRefused, Message: message, At: o.Declarations[0].At}
		o.e.problem(Problem{
			Kind: Unset, Path: o.Path, At: o.Declarations[0].At, Option: o, Message: message, Error: err,
			Certain: !o.e.Unsure && !o.e.Broken && !o.e.hasty && !o.weak() && o.Type().unknown == nil,
		})
		return err
	}
	switch {
	case o.weak() && !o.Flag("complete"):
		return m.addUnknown(v, res)
	case !o.weak() && o.isShared() && len(o.e.Unknown) > 0:
		if l, ok := v.(*eval.List); ok {
			return &eval.List{Elems: append(slices.Clip(l.Elems), eval.Done(Shared)), More: l.More, Lead: l.Lead}
		}
	case o.extends() && !o.Flag("complete"):
		if set, ok := v.(*eval.Attrs); ok {
			return m.addUnknown(set, res)
		}
	}
	return v
}

// Shared stands among the modules of a home for those that modules for NixOS,
// which are not at hand, may add.
var Shared = eval.NewUnknown("a module that is not at hand may add modules", "home-manager", "sharedModules")

// isShared reports whether the option holds modules for other evaluations, which
// modules for NixOS that come with modules for home-manager set.
func (o *Option) isShared() bool {
	return slices.Equal(o.Path, []string{"home-manager", "sharedModules"})
}

// readOnly reports the definitions of a read-only option if they are too many.
func (o *Option) readOnly() eval.Value {
	var sure []Definition
	for _, r := range o.defs {
		// Nixpkgs counts what is written, whatever its condition.
		if _, unknown := o.e.ev.Force(r.value).(*eval.Unknown); unknown && !r.certain {
			continue
		}
		sure = append(sure, Definition{Module: r.module, At: r.at, Certain: r.certain, Default: r.byDefault})
	}
	if len(sure) < 2 {
		return nil
	}
	at := sure[len(sure)-1].At
	message := "option `" + ShowOption(o.Path) + "` is read-only but set more than once"
	if sure[0].Default {
		message = "option `" + ShowOption(o.Path) + "` is read-only and has a default: it cannot be set"
	}
	var related []eval.Place
	for _, d := range sure[:len(sure)-1] {
		related = append(related, d.At)
	}
	err := &eval.Error{Kind: eval.ErrorRefused, Message: message, At: at}
	o.e.problem(Problem{
		Kind: ReadOnlySet, Path: o.Path, At: at, Option: o, Message: message, Related: related, Error: err,
		Certain: sure[len(sure)-1].Certain, Module: sure[len(sure)-1].Module, Definition: sure[len(sure)-1],
	})
	return err
}

// addUnknown is the value of an option that modules not at hand may add to.
func (m merging) addUnknown(v eval.Value, res resolved) eval.Value {
	why := eval.NewUnknown("it may be set by a module that is not at hand", append([]string{"config"}, m.loc...)...)
	switch v := v.(type) {
	case *eval.List:
		return &eval.List{Elems: v.Elems, More: eval.Either(v.More, why), Lead: 0}
	case *eval.Attrs:
		if v.Get("_type") != nil || v.Get("outPath") != nil {
			return v
		}
		return &eval.Attrs{Entries: v.Entries, Rest: eval.Either(v.Rest, why)}
	}
	if res.priority > DefaultPriority {
		why.Maybe = []*eval.Thunk{eval.Done(v)}
		return why
	}
	return v
}

// set is the option as modules see it in `options`.
func (o *Option) set() eval.Value {
	ev := o.e.ev
	res := func(f func() eval.Value) *eval.Thunk {
		return eval.Later(func(*eval.Evaluator) eval.Value { return f() })
	}
	// of makes the list of something of the definitions that count.
	of := func(f func(d Definition) *eval.Thunk) *eval.Thunk {
		return res(func() eval.Value {
			l := &eval.ListBuilder{}
			r := o.resolved()
			for _, d := range r.sure {
				l.Add(f(d))
			}
			for _, d := range r.unsure {
				l.Maybe(f(d), eval.NewUnknown(uncertain))
			}
			return l.List()
		})
	}
	own := eval.SetOf(
		eval.Attr{Name: "value", Value: &o.value.thunk},
		eval.Attr{Name: "loc", Value: eval.Done(stringList(o.Path))},
		eval.Attr{Name: "type", Value: res(func() eval.Value { return o.Type().Value(ev) })},
		eval.Attr{Name: "isDefined", Value: res(func() eval.Value {
			r := o.resolved()
			if len(r.sure) == 0 && len(r.unsure) > 0 {
				return eval.NewUnknown(uncertain)
			}
			return eval.Bool(len(r.sure) > 0)
		})},
		eval.Attr{Name: "highestPrio", Value: res(func() eval.Value { return eval.Int(o.resolved().priority) })},
		eval.Attr{Name: "definitions", Value: of(func(d Definition) *eval.Thunk { return d.Value })},
		eval.Attr{Name: "definitionsWithLocations", Value: of(func(d Definition) *eval.Thunk { return eval.Done(d.set()) })},
		eval.Attr{Name: "files", Value: of(func(d Definition) *eval.Thunk { return d.set().Get("file").Value })},
		eval.Attr{Name: "declarations", Value: res(func() eval.Value {
			var names []string
			for _, d := range o.Declarations {
				names = append(names, d.Module.Name)
			}
			return stringList(names)
		})},
		eval.Attr{Name: "declarationPositions", Value: eval.Done(eval.NewUnknown("it is not modelled", "declarationPositions"))},
		eval.Attr{Name: "valueMeta", Value: eval.Done(eval.NewUnknown("it is not modelled", "valueMeta"))},
		eval.Attr{Name: "options", Value: eval.Done(&eval.List{})},
		eval.Attr{Name: "__toString", Value: eval.Done(&eval.Native{
			Name: "showOption", Arity: 1, Call: func(*eval.Evaluator, []*eval.Thunk, eval.Place) eval.Value {
				return eval.String(ShowOption(o.Path))
			},
		})},
	)
	return eval.Update(o.Attrs, own)
}
