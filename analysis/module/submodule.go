package module

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/eval"
)

// submodule is what makes a type the type of evaluations of modules.
type submodule struct {
	modules []*eval.Thunk
	special *eval.Attrs
	class   string
	lib     *eval.Thunk // the argument lib of the modules
	// shorthand is set if a definition that is a set is the configuration
	// itself; else it is a module.
	shorthand bool
	// extends is set for evaluations that begin with all modules of another
	// one, as specialisations do.
	extends *Evaluation
}

// maxDepth bounds the length of an option's path: submodules may hold
// themselves without end.
const maxDepth = 100

// withModule returns the type of submodules with one more module.
func (t *Type) withModule(m *eval.Thunk) *Type {
	sub := *t.sub
	sub.modules = append(slices.Clip(sub.modules), m)
	out := submoduleWith(sub)
	out.text = t.text
	return out
}

func submoduleWith(sub submodule) *Type {
	t := &Type{Name: "submodule", sub: &sub, joins: true, text: words("submodule")}
	t.check = func(ev *eval.Evaluator, v eval.Value) Verdict {
		switch v := v.(type) {
		case *eval.Attrs, *eval.Lambda, *eval.Native, eval.Path:
			return Yes
		case eval.String:
			if len(v) > 0 && v[0] == '/' {
				return Yes
			}
			return No
		case *eval.Text:
			return Maybe
		}
		return No
	}
	t.empty = func(m merging) eval.Value { return t.evaluation(m, nil).checkedConfig() }
	t.merge = func(m merging, defs []Definition) eval.Value {
		if len(m.loc) > maxDepth {
			return eval.NewUnknown("submodules are nested too deeply")
		}
		e := t.evaluation(m, defs)
		m.e.nest(e)
		return e.checkedConfig()
	}
	return t
}

// evaluation evaluates the type's modules together with definitions.
func (t *Type) evaluation(m merging, defs []Definition) *Evaluation {
	name := "‹name›"
	if len(m.loc) > 0 {
		name = m.loc[len(m.loc)-1]
	}
	in := Input{
		Modules: &eval.List{Elems: t.sub.modules}, Special: t.sub.special, Prefix: m.loc, Class: t.sub.class,
		Lib: t.sub.lib, Strict: m.e.Input.Strict,
		Given: eval.SetOf(eval.Attr{Name: "name", Value: eval.Done(eval.String(name))}),
	}
	if m.option != nil && m.option.extends() || m.e.Input.Extended {
		in.Open = true
		// Modules that are not at hand may come with modules for homes, which add to the
		// options of home-manager, but not to those of a name that is the repository's own.
		in.Extended = m.e.Input.Extended || !m.option.Flag("complete")
	}
	if len(defs) > 0 {
		in.At = defs[0].At
	}
	var more []source
	if base := t.sub.extends; base != nil {
		in = base.Input
		in.Prefix = m.loc
		more = append(slices.Clip(base.more), source{modules: &eval.List{Elems: t.sub.modules}, certain: true})
	}
	for _, d := range defs {
		file, name := "", ""
		if d.Module != nil {
			name = d.Module.Name
		}
		if d.At.IsValid() {
			file = d.At.File.Path
		} else if d.Module != nil {
			file = d.Module.File
		}
		value := d.Value
		if t.sub.shorthand {
			switch m.e.ev.Force(d.Value).(type) {
			case *eval.Attrs, *eval.Unknown: // what is not known may define any option
				value = eval.LaterAt(d.Value, func(*eval.Evaluator) eval.Value {
					return eval.SetOf(eval.Attr{Name: "config", Value: d.Value, At: d.At})
				})
			}
		}
		more = append(more, source{modules: &eval.List{Elems: []*eval.Thunk{value}}, at: d.At, file: file, name: name, certain: d.Certain})
	}
	found := m.e.session
	if in.Strict {
		found = newSession()
	}
	return evaluate(m.e.ev, in, more, found)
}

// subModules is a type's getSubModules.
func (t *Type) subModules(ev *eval.Evaluator) eval.Value {
	switch {
	case t.sub != nil:
		return &eval.List{Elems: t.sub.modules}
	case t.unknown != nil:
		return t.unknown.Derive()
	case len(t.parts) == 1:
		return t.parts[0].Type(ev).subModules(ev)
	case t.Name == "coercedTo":
		return t.parts[1].Type(ev).subModules(ev)
	}
	return eval.Null{}
}

// subOptions is a type's getSubOptions.
func (t *Type) subOptions(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	loc, fail := ev.WantStrings(a[0], at)
	if fail != nil {
		return fail
	}
	if sub := t.Inside(ev, loc); sub != nil {
		return sub.root.optionSet()
	}
	return &eval.Attrs{}
}

// maxTypes bounds how many types Inside looks at: a type that a function makes
// anew each time may hold itself.
const maxTypes = 100

// Inside returns the evaluation that tells which options a value of the type has
// inside, at a place of the given name; nil if it has none.
func (t *Type) Inside(ev *eval.Evaluator, loc []string) *Evaluation {
	return t.inside(ev, loc, make(map[*Type]bool))
}

func (t *Type) inside(ev *eval.Evaluator, loc []string, seen map[*Type]bool) *Evaluation {
	if seen[t] || len(seen) == maxTypes {
		return nil
	}
	seen[t] = true
	in := func(i int, name ...string) *Evaluation {
		return t.parts[i].Type(ev).inside(ev, append(slices.Clip(loc), name...), seen)
	}
	switch {
	case t.sub != nil:
		return t.evaluation(merging{e: bare(ev), loc: loc}, nil)
	case len(t.parts) == 0: // or a type that code made
		return nil
	case t.Name == "attrsOf" || t.Name == "lazyAttrsOf":
		return in(0, "<name>")
	case t.Name == "listOf":
		return in(0, "*")
	case len(t.parts) == 1:
		return in(0)
	case t.Name == "coercedTo":
		return in(1)
	case t.Name == "either":
		if e := in(0); e != nil {
			return e
		}
		return in(1)
	}
	return nil
}

// deferredModule is the type of modules that some other evaluation imports.
func deferredModule(static []*eval.Thunk) *Type {
	t := &Type{Name: "deferredModule", text: words("module"), class: "noun"}
	t.check = submoduleWith(submodule{}).check
	t.merge = func(m merging, defs []Definition) eval.Value {
		imports := &eval.ListBuilder{}
		for _, s := range static {
			imports.Add(s)
		}
		for _, d := range defs {
			if d.Certain {
				imports.Add(d.Value)
			} else {
				imports.Maybe(d.Value, eval.NewUnknown(uncertain))
			}
		}
		return eval.SetOf(eval.Attr{Name: "imports", Value: eval.Done(imports.List())})
	}
	t.joins = true
	return t
}
