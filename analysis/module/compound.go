package module

import (
	"fmt"
	"slices"

	"github.com/nixlint/nixlint/analysis/eval"
)

// remake gives a type of the same make but with other parts the behaviour that
// fits them.
func remake(t *Type) *Type {
	switch t.Name {
	case "listOf":
		return listOf(t.parts[0].value)
	case "attrsOf", "lazyAttrsOf":
		return attrsOf(t.parts[0].value, t.Name == "lazyAttrsOf")
	case "nullOr":
		return nullOr(t.parts[0].value)
	case "unique":
		return unique(t.parts[0].value)
	case "functionTo":
		return functionTo(t.parts[0].value)
	case "either":
		return either(t.parts[0].value, t.parts[1].value)
	}
	return t
}

func element(t *eval.Thunk) *part { return &part{name: "elemType", value: t} }

func listOf(elem *eval.Thunk) *Type {
	p := element(elem)
	return &Type{
		Name: "listOf", class: "composite", check: checker(isList), joins: true, parts: []*part{p},
		text:  func(ev *eval.Evaluator) string { return "list of " + p.Type(ev).phrase(ev, "noun", "composite") },
		empty: func(merging) eval.Value { return &eval.List{} },
		merge: func(m merging, defs []Definition) eval.Value {
			if err := failed(m.e.ev, defs); err != nil {
				return err
			}
			out := &eval.ListBuilder{}
			for n, d := range defs {
				l, ok := m.e.ev.Force(d.Value).(*eval.List)
				if !ok {
					out.Perhaps(asUnknown(m.e.ev.Force(d.Value)))
					continue
				}
				merged := m.elements(p.Type(m.e.ev), l, d, n)
				if d.Certain {
					out.Splice(merged)
				} else {
					out.Perhaps(&eval.Unknown{Reason: uncertain, Maybe: []*eval.Thunk{eval.Done(merged)}, Closed: true})
				}
			}
			return out.List()
		},
	}
}

// failed returns the error that is all there is of a value. Beside others it is
// taken for something not known, for the others tell something.
func failed(ev *eval.Evaluator, defs []Definition) *eval.Error {
	if len(defs) != 1 || !defs[0].Certain {
		return nil
	}
	err, _ := ev.Force(defs[0].Value).(*eval.Error)
	return err
}

func asUnknown(v eval.Value) *eval.Unknown {
	switch v := v.(type) {
	case *eval.Unknown:
		return v
	case *eval.Error:
		return eval.NewUnknown(v.Message)
	}
	return eval.NewUnknown("it is not known")
}

// elements merges the elements of one definition of a list.
func (m merging) elements(t *Type, l *eval.List, d Definition, n int) *eval.List {
	ev := m.e.ev
	out := &eval.ListBuilder{}
	i := 0
	l.Each(func(e *eval.Thunk) eval.Value {
		i++
		v := ev.Force(e)
		if a, ok := v.(*eval.Attrs); t.plainly(ev, v) && (!ok || a.Get("_type") == nil) {
			out.Add(e)
			return nil
		}
		at := e.At()
		if !at.IsValid() {
			at = d.At
		}
		inner := m.at(fmt.Sprintf("[definition %d-entry %d]", n+1, i))
		res := m.e.resolve([]raw{{value: e, module: d.Module, at: at, certain: d.Certain, byDefault: d.Default}})
		switch {
		case len(res.sure)+len(res.unsure) == 0 && t.whenEmpty(ev) == nil:
		case len(res.sure) == 0 && d.Certain:
			out.Maybe(eval.LaterAt(e, func(*eval.Evaluator) eval.Value { return inner.checked(t, res) }), eval.NewUnknown(uncertain))
		default:
			out.Add(eval.LaterAt(e, func(*eval.Evaluator) eval.Value { v, _ := inner.result(t, res); return v }))
		}
		return nil
	}, out.Perhaps)
	return out.List()
}

// plainly reports whether a value is certainly of a type that leaves values as
// they are.
func (t *Type) plainly(ev *eval.Evaluator, v eval.Value) bool {
	return (t.single || t.asIs) && len(t.parts) == 0 && t.Check(ev, v) == Yes
}

func attrsOf(elem *eval.Thunk, lazy bool) *Type {
	p := element(elem)
	name, prefix := "attrsOf", "attribute set of "
	if lazy {
		name, prefix = "lazyAttrsOf", "lazy attribute set of "
	}
	return &Type{
		Name: name, class: "composite", check: checker(isAttrs), joins: true, parts: []*part{p}, empty: emptySet,
		text:  func(ev *eval.Evaluator) string { return prefix + p.Type(ev).phrase(ev, "noun", "composite") },
		merge: func(m merging, defs []Definition) eval.Value { return m.attributes(p.Type(m.e.ev), defs, lazy) },
	}
}

// attributes merges definitions that are sets, attribute by attribute.
func (m merging) attributes(t *Type, defs []Definition, lazy bool) eval.Value {
	ev := m.e.ev
	out := &eval.Attrs{}
	var names []string
	var sets []*eval.Attrs
	for _, d := range defs {
		a, ok := ev.Force(d.Value).(*eval.Attrs)
		if !ok {
			out.Rest = eval.Either(out.Rest, asUnknown(ev.Force(d.Value)))
			a = &eval.Attrs{}
		} else if a.Rest != nil {
			out.Rest = eval.Either(out.Rest, a.Rest)
		}
		sets = append(sets, a)
		names = append(names, a.Names()...)
	}
	slices.Sort(names)
	var perhaps []eval.Attr
	for _, name := range slices.Compact(names) {
		raws := m.e.slabs().raws.take(len(sets))[:0]
		at := eval.Place{}
		for i, a := range sets {
			x := a.Get(name)
			if x == nil {
				continue
			}
			r := raw{value: x.Value, module: defs[i].Module, at: x.At, certain: defs[i].Certain, byDefault: defs[i].Default}
			if !r.at.IsValid() {
				r.at = defs[i].At
			}
			if !at.IsValid() {
				at = r.at
			}
			raws = append(raws, r)
		}
		inner := m.at(name)
		from := raws[0].value
		value := func(f func() eval.Value) *eval.Thunk {
			return eval.LaterAt(from, func(*eval.Evaluator) eval.Value { return f() })
		}
		if lazy {
			out.Entries = append(out.Entries, eval.Attr{Name: name, At: at, Value: value(func() eval.Value {
				v, ok := inner.merged(t, raws)
				if !ok {
					return &eval.Error{Kind: eval.ErrorRefused, Message: "`" + ShowOption(inner.loc) + "` is used but has no value", At: at}
				}
				return v
			})})
			continue
		}
		res := m.e.resolve(raws)
		a := eval.Attr{Name: name, At: at, Value: value(func() eval.Value { return inner.checked(t, res) })}
		switch {
		case len(res.sure) > 0:
			out.Entries = append(out.Entries, a)
		case len(res.unsure) > 0:
			perhaps = append(perhaps, a)
		}
	}
	if len(perhaps) > 0 {
		out.Rest = eval.Either(out.Rest, &eval.Unknown{
			Reason: uncertain, Maybe: []*eval.Thunk{eval.Done(&eval.Attrs{Entries: perhaps})}, Closed: true,
		})
	}
	return out
}

func nullOr(elem *eval.Thunk) *Type {
	p := element(elem)
	isNull := func(v eval.Value) bool { _, ok := v.(eval.Null); return ok }
	return &Type{
		Name: "nullOr", class: "conjunction", parts: []*part{p}, single: true,
		text: func(ev *eval.Evaluator) string { return "null or " + p.Type(ev).phrase(ev, "noun", "conjunction") },
		check: func(ev *eval.Evaluator, v eval.Value) Verdict {
			if isNull(v) {
				return Yes
			}
			return p.Type(ev).Check(ev, v)
		},
		empty: func(merging) eval.Value { return eval.Null{} },
		merge: func(m merging, defs []Definition) eval.Value {
			nulls := 0
			for _, d := range defs {
				if isNull(m.e.ev.Force(d.Value)) {
					nulls++
				}
			}
			switch {
			case nulls == 0:
				return p.Type(m.e.ev).merge(m, defs)
			case nulls == len(defs):
				return eval.Null{}
			}
			return m.conflict(defs, "option `"+ShowOption(m.loc)+"` is defined both null and not null")
		},
	}
}

// either is the type of values of one of two types. Which one is that of which
// all definitions are.
func either(left, right *eval.Thunk) *Type {
	l, r := &part{name: "left", value: left}, &part{name: "right", value: right}
	t := &Type{Name: "either", class: "conjunction", parts: []*part{l, r}}
	t.text = func(ev *eval.Evaluator) string {
		t1, t2 := l.Type(ev), r.Type(ev)
		if t1.class == "nonRestrictiveClause" {
			return t1.Description(ev) + ", or " + t2.phrase(ev, "noun", "conjunction")
		}
		return t1.phrase(ev, "noun", "conjunction") + " or " + t2.phrase(ev, "noun", "conjunction", "composite")
	}
	t.check = func(ev *eval.Evaluator, v eval.Value) Verdict {
		return max(l.Type(ev).Check(ev, v), r.Type(ev).Check(ev, v))
	}
	t.merge = func(m merging, defs []Definition) eval.Value {
		ev := m.e.ev
		for _, t := range []*Type{l.Type(ev), r.Type(ev)} {
			switch t.checkAll(ev, defs) {
			case Yes:
				return t.merge(m, defs)
			case Maybe:
				if len(defs) == 1 {
					return ev.Force(defs[0].Value)
				}
				out := eval.NewUnknown("it is not known of which type the definitions are")
				for _, d := range defs {
					out.Maybe = append(out.Maybe, d.Value)
				}
				return out
			}
		}
		return m.one(defs)
	}
	return t
}

// checkAll is the verdict on all of some definitions.
func (t *Type) checkAll(ev *eval.Evaluator, defs []Definition) Verdict {
	v := Yes
	for _, d := range defs {
		v = min(v, t.Check(ev, ev.Force(d.Value)))
	}
	return v
}

func coercedTo(from, convert, to *eval.Thunk) *Type {
	source, final := &part{name: "coercedType", value: from}, &part{name: "finalType", value: to}
	coerce := func(ev *eval.Evaluator, v *eval.Thunk) *eval.Thunk {
		return eval.LaterAt(v, func(ev *eval.Evaluator) eval.Value { return ev.Call(ev.Force(convert), v, v.At()) })
	}
	t := &Type{Name: "coercedTo", parts: []*part{source, final}, emptyOf: final, joins: true}
	t.text = func(ev *eval.Evaluator) string {
		return final.Type(ev).phrase(ev, "noun") + " or " + source.Type(ev).phrase(ev, "noun") + " convertible to it"
	}
	t.check = func(ev *eval.Evaluator, v eval.Value) Verdict {
		if final.Type(ev).Check(ev, v) == Yes {
			return Yes
		}
		switch source.Type(ev).Check(ev, v) {
		case Yes:
			return final.Type(ev).Check(ev, ev.Force(coerce(ev, eval.Done(v))))
		case Maybe:
			return Maybe
		}
		return final.Type(ev).Check(ev, v)
	}
	t.merge = func(m merging, defs []Definition) eval.Value {
		ev := m.e.ev
		var out []Definition
		for _, d := range defs {
			switch source.Type(ev).Check(ev, ev.Force(d.Value)) {
			case Yes:
				d.Value = coerce(ev, d.Value)
			case Maybe:
				if final.Type(ev).Check(ev, ev.Force(d.Value)) != Yes {
					d.Value = eval.Done(asUnknown(ev.Force(d.Value)).Derive())
				}
			}
			out = append(out, d)
		}
		return m.checkedAs(final.Type(ev), out)
	}
	return t
}

// checkedAs merges definitions, some of which may not be certain, as another
// type.
func (m merging) checkedAs(t *Type, defs []Definition) eval.Value {
	res := resolved{priority: DefaultPriority}
	for _, d := range defs {
		d.Priority = DefaultPriority
		if d.Certain {
			res.sure = append(res.sure, d)
		} else {
			res.unsure = append(res.unsure, d)
		}
	}
	return m.checked(t, res)
}

// checkedType adds a check to a type: lib.types.addCheck.
func checkedType(elem *Type, check *eval.Thunk) *Type {
	t := elem.changed()
	more := customCheck(check)
	t.check = func(ev *eval.Evaluator, v eval.Value) Verdict {
		if first := elem.Check(ev, v); first != Yes {
			return first
		}
		return more(ev, v)
	}
	return t
}

func unique(elem *eval.Thunk) *Type {
	p := element(elem)
	t := &Type{Name: "unique", parts: []*part{p}, emptyOf: p, single: true}
	t.text = func(ev *eval.Evaluator) string { return p.Type(ev).Description(ev) }
	t.check = func(ev *eval.Evaluator, v eval.Value) Verdict { return p.Type(ev).Check(ev, v) }
	t.merge = func(m merging, defs []Definition) eval.Value {
		if len(defs) > 1 {
			return m.one(defs)
		}
		return p.Type(m.e.ev).merge(m, defs)
	}
	return t
}

func functionTo(elem *eval.Thunk) *Type {
	p := element(elem)
	return &Type{
		Name: "functionTo", class: "composite", parts: []*part{p},
		text: func(ev *eval.Evaluator) string {
			return "function that evaluates to a(n) " + p.Type(ev).phrase(ev, "noun", "composite")
		},
		check: checker(func(v eval.Value) bool {
			switch v := v.(type) {
			case *eval.Lambda, *eval.Native:
				return true
			case *eval.Attrs:
				return v.Get("__functor") != nil || v.Rest != nil
			}
			return false
		}),
		merge: func(m merging, defs []Definition) eval.Value {
			return m.function(p.Type(m.e.ev), defs)
		},
	}
}

// function merges functions: to one whose result is merged from theirs.
func (m merging) function(result *Type, defs []Definition) eval.Value {
	return &eval.Native{Name: ShowOption(m.loc), Arity: 1, Call: func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		inner := m.at("<function body>")
		var raws []raw
		for _, d := range defs {
			raws = append(raws, raw{
				value:  eval.Later(func(ev *eval.Evaluator) eval.Value { return ev.Call(ev.Force(d.Value), a[0], at) }),
				module: d.Module, at: d.At, certain: d.Certain,
			})
		}
		v, ok := inner.merged(result, raws)
		if !ok {
			return eval.Errorf(at, "`%s` is used but has no value", ShowOption(inner.loc))
		}
		return v
	}}
}

// enumOf makes the type of a few values.
func enumOf(ev *eval.Evaluator, values []eval.Value) *Type {
	show := func(v eval.Value) string {
		switch v := v.(type) {
		case eval.String:
			return "\"" + string(v) + "\""
		case eval.Int, eval.Bool:
			return ev.Print(v)
		}
		if name, ok := ev.Builtin("typeOf", eval.Place{}, eval.Done(v)).(eval.String); ok {
			return "<" + string(name) + ">"
		}
		return "<" + eval.TypeName(v) + ">"
	}
	t := &Type{Name: "enum", Enum: values, merge: merging.equal, single: true, class: "conjunction"}
	if len(values) < 2 {
		t.class = "noun"
	}
	t.text = func(*eval.Evaluator) string {
		switch len(values) {
		case 0:
			return "impossible (empty enum)"
		case 1:
			return "value " + show(values[0]) + " (singular enum)"
		}
		s := "one of "
		for i, v := range values {
			if i > 0 {
				s += ", "
			}
			s += show(v)
		}
		return s
	}
	t.check = func(ev *eval.Evaluator, v eval.Value) Verdict {
		best := No
		for _, x := range values {
			best = max(best, isEqual(ev, x, v))
		}
		return best
	}
	return t
}

// anythingType merges whatever it is given, sets attribute by attribute.
var anythingType = &Type{Name: "anything", text: words("anything"), class: "noun", check: always}

func init() {
	anythingType.merge = func(m merging, defs []Definition) eval.Value {
		ev := m.e.ev
		sets, packages, functions := 0, 0, 0
		for _, d := range defs {
			switch v := ev.Force(d.Value).(type) {
			case *eval.Attrs:
				if v.Get("outPath") != nil || v.Get("__toString") != nil {
					packages++
				} else {
					sets++
				}
			case *eval.Lambda, *eval.Native:
				functions++
			}
		}
		switch len(defs) {
		case sets:
			return m.attributes(anythingType, defs, false)
		case functions:
			return m.function(anythingType, defs)
		case packages:
			return m.one(defs)
		}
		return m.equal(defs)
	}
}

// attrTag makes the type of sets with one attribute of those that options are
// given for.
func attrTag(tags *eval.Attrs) *Type {
	t := &Type{Name: "attrTag", class: "noun"}
	t.text = func(*eval.Evaluator) string {
		s := "attribute-tagged union with choices: "
		for i, n := range tags.Names() {
			if i > 0 {
				s += ", "
			}
			s += n
		}
		return s
	}
	t.check = func(_ *eval.Evaluator, v eval.Value) Verdict {
		a, ok := v.(*eval.Attrs)
		switch {
		case !ok:
			return No
		case a.Rest != nil || tags.Rest != nil:
			return Maybe
		case len(a.Entries) == 1 && tags.Get(a.Entries[0].Name) != nil:
			return Yes
		}
		return No
	}
	t.merge = func(m merging, defs []Definition) eval.Value {
		ev := m.e.ev
		first, ok := ev.Force(defs[0].Value).(*eval.Attrs)
		if !ok || len(first.Entries) != 1 || tags.Get(first.Entries[0].Name) == nil {
			return eval.NewUnknown("it is not known which of the choices it is")
		}
		name := first.Entries[0].Name
		declaration, ok := ev.Force(tags.Get(name).Value).(*eval.Attrs)
		if !ok {
			return eval.NewUnknown("the options of a choice are not known")
		}
		var raws []raw
		for _, d := range defs {
			a, ok := ev.Force(d.Value).(*eval.Attrs)
			if !ok || a.Get(name) == nil {
				return m.conflict(defs, m.differ())
			}
			x := a.Get(name)
			raws = append(raws, raw{value: x.Value, module: d.Module, at: x.At, certain: d.Certain})
		}
		g := &group{e: m.e, loc: m.at(name).loc, defs: raws, declarations: nothingDeclared}
		o := newOption(g, []declared{{declaration, defs[0].Module, defs[0].At}}, nil)
		return eval.SetOf(eval.Attr{Name: name, Value: &o.value.thunk, At: raws[0].at})
	}
	return t
}
