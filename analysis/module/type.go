package module

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

// Verdict says whether a value is of a type.
type Verdict uint8

// The verdicts. Maybe is that of values and types that are not wholly known.
const (
	No Verdict = iota
	Maybe
	Yes
)

// Type is an option type, as lib.types makes it.
type Type struct {
	// Name is the name it has in nixpkgs, such as "listOf".
	Name string
	// Enum holds the values of an enum.
	Enum []eval.Value

	check func(ev *eval.Evaluator, v eval.Value) Verdict
	merge func(m merging, defs []Definition) eval.Value
	// empty is the value of an option without definitions; nil if it has none.
	empty func(m merging) eval.Value
	// emptyOf is set if that value is the one of another type.
	emptyOf *part
	// joins is set if merge copes with definitions that are not certain.
	joins bool
	// single is set if all definitions have to be equal.
	single bool
	// asIs is set if the value of a single definition is what was defined.
	asIs bool
	// unknown is set if it is not known what type it is.
	unknown *eval.Unknown

	text  func(ev *eval.Evaluator) string // the description
	class string                          // its grammar: nixpkgs' descriptionClass
	parts []*part                         // the types it is made of
	sub   *submodule
	made  *eval.Attrs // as a value
	// busy is how often it is being looked at just now; only for types with
	// parts, which no other evaluator has.
	busy int
}

// part is a type that another is made of. It is looked at when it is needed:
// types may hold themselves.
type part struct {
	name  string // in nestedTypes
	value *eval.Thunk
	kind  *Type
}

func (p *part) Type(ev *eval.Evaluator) *Type {
	if p.kind == nil {
		p.kind = TypeOf(ev, ev.Force(p.value))
	}
	return p.kind
}

// Check reports whether a value is of the type, as far as nixpkgs looks at one
// definition by itself: not at elements.
func (t *Type) Check(ev *eval.Evaluator, v eval.Value) Verdict {
	switch v.(type) {
	case *eval.Unknown:
		return Maybe
	case *eval.Error:
		return Maybe
	}
	if len(t.parts) == 0 {
		return t.check(ev, v)
	}
	// A type may be one of its own alternatives, which Nix would never be done
	// with.
	if t.busy > maxTypeDepth {
		return Maybe
	}
	t.busy++
	defer func() { t.busy-- }()
	return t.check(ev, v)
}

// Description describes the type in words, as nixpkgs does. Where a type holds
// itself, of which nixpkgs has no description, it says "…".
func (t *Type) Description(ev *eval.Evaluator) string {
	switch {
	case t.text == nil:
		return t.Name
	case len(t.parts) == 0:
		return t.text(ev)
	case t.busy > 0:
		return "…"
	}
	t.busy++
	defer func() { t.busy-- }()
	// A function may make the types inside anew each time.
	text, ok := ev.Nested(func() eval.Value { return eval.String(t.text(ev)) }).(eval.String)
	if !ok {
		return "…"
	}
	return string(text)
}

// Known reports whether it is known what type it is.
func (t *Type) Known() bool { return t.unknown == nil }

// Elem returns the type of the elements of a list, of the attributes of a set, or
// of what may be null beside; nil if there is none.
func (t *Type) Elem(ev *eval.Evaluator) *Type {
	if len(t.parts) == 1 {
		return t.parts[0].Type(ev)
	}
	return nil
}

// Alternatives returns the types that a value may have one of, or nil.
func (t *Type) Alternatives(ev *eval.Evaluator) []*Type {
	if len(t.parts) != 2 {
		return nil
	}
	return []*Type{t.parts[0].Type(ev), t.parts[1].Type(ev)}
}

// grammar is nixpkgs' descriptionClass.
func (t *Type) grammar(ev *eval.Evaluator) string {
	for range maxTypeDepth {
		if t.Name != "unique" || len(t.parts) != 1 {
			break
		}
		t = t.parts[0].Type(ev)
	}
	return t.class
}

// phrase is the description, in parentheses unless its grammar is one of those
// given.
func (t *Type) phrase(ev *eval.Evaluator, classes ...string) string {
	d := t.Description(ev)
	if slices.Contains(classes, t.grammar(ev)) {
		return d
	}
	return "(" + d + ")"
}

// Value returns the type as a value, which code can take apart.
func (t *Type) Value(*eval.Evaluator) *eval.Attrs {
	if t.made == nil {
		t.made = t.asValue()
	}
	return t.made
}

func (t *Type) asValue() *eval.Attrs {
	check := &eval.Native{Name: t.Name + ".check", Arity: 1, Data: t, Call: func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value {
		switch v := ev.Force(a[0]); t.Check(ev, v) {
		case Yes:
			return eval.Bool(true)
		case No:
			return eval.Bool(false)
		default:
			if err, ok := v.(*eval.Error); ok {
				return err
			}
			return eval.NewUnknown("it is not known whether the value has the type")
		}
	}}
	merge := &eval.Native{Name: t.Name + ".merge", Arity: 2, Data: t, Call: func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		loc, fail := ev.WantStrings(a[0], at)
		if fail != nil {
			return fail
		}
		list, fail := ev.WantList(a[1], at)
		if fail != nil {
			return fail
		}
		m := merging{e: bare(ev), loc: loc}
		var defs []Definition
		for _, e := range list.Elems {
			d, fail := ev.WantAttrs(e, at)
			if fail != nil {
				return fail
			}
			defs = append(defs, Definition{Value: attrOf(d, "value"), At: e.At(), Priority: DefaultPriority, Certain: true})
		}
		if list.More != nil || len(defs) == 0 {
			return eval.NewUnknown("definitions are not known")
		}
		return m.checked(t, resolved{sure: defs, priority: DefaultPriority})
	}}
	nested := &eval.Attrs{}
	for _, p := range t.parts {
		nested.Entries = append(nested.Entries, eval.Attr{Name: p.name, Value: p.value})
	}
	nested = eval.SetOf(nested.Entries...)
	empty := eval.Later(func(ev *eval.Evaluator) eval.Value {
		value := t.whenEmpty(ev)
		if value == nil {
			return &eval.Attrs{}
		}
		return eval.SetOf(eval.Attr{Name: "value", Value: eval.Later(func(ev *eval.Evaluator) eval.Value { return value(merging{e: bare(ev)}) })})
	})
	class := eval.Later(func(ev *eval.Evaluator) eval.Value {
		if class := t.grammar(ev); class != "" {
			return eval.String(class)
		}
		return eval.Null{}
	})
	out := eval.SetOf(
		eval.Attr{Name: "_type", Value: eval.Done(eval.String("option-type"))},
		eval.Attr{Name: "name", Value: eval.Done(eval.String(t.Name))},
		eval.Attr{Name: "check", Value: eval.Done(check)},
		eval.Attr{Name: "merge", Value: eval.Done(merge)},
		eval.Attr{Name: "deprecationMessage", Value: eval.Done(eval.Null{})},
		eval.Attr{Name: "description", Value: eval.Later(func(ev *eval.Evaluator) eval.Value { return eval.String(t.Description(ev)) })},
		eval.Attr{Name: "descriptionClass", Value: class},
		eval.Attr{Name: "emptyValue", Value: empty},
		eval.Attr{Name: "nestedTypes", Value: eval.Done(nested)},
		eval.Attr{Name: "getSubModules", Value: eval.Later(func(ev *eval.Evaluator) eval.Value { return t.subModules(ev) })},
		eval.Attr{Name: "getSubOptions", Value: eval.Done(&eval.Native{Name: t.Name + ".getSubOptions", Arity: 1, Call: t.subOptions})},
		eval.Attr{Name: "typeMerge", Value: eval.Done(&eval.Native{Name: t.Name + ".typeMerge", Arity: 1, Call: t.typeMerge})},
		eval.Attr{Name: "functor", Value: eval.Later(func(ev *eval.Evaluator) eval.Value {
			return &eval.Attrs{
				Entries: []eval.Attr{
					{Name: "name", Value: eval.Done(eval.String(t.Name))},
					{Name: "type", Value: eval.Done(&eval.Native{Name: t.Name, Arity: 1, Data: t, Call: nothing})},
				},
				Rest: eval.NewUnknown("the functor of a type is not wholly modelled"),
			}
		})},
	)
	out.Rest = eval.NewUnknown("not all of a type is modelled")
	return out
}

// whenEmpty makes the value of an option without definitions; it is nil if there is none.
func (t *Type) whenEmpty(ev *eval.Evaluator) func(m merging) eval.Value {
	for range maxTypeDepth {
		if t.emptyOf == nil {
			return t.empty
		}
		t = t.emptyOf.Type(ev)
	}
	return nil
}

func nothing(*eval.Evaluator, []*eval.Thunk, eval.Place) eval.Value {
	return eval.NewUnknown("the functor of a type is not modelled")
}

// typeMerge merges the type with one given by its functor.
func (t *Type) typeMerge(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	f, fail := ev.WantAttrs(a[0], at)
	if fail != nil {
		return fail
	}
	n, ok := ev.Select(f, "type", at).(*eval.Native)
	if !ok {
		return eval.NewUnknown("the other type is not known")
	}
	other, ok := n.Data.(*Type)
	if !ok {
		return eval.NewUnknown("the other type is not known")
	}
	if merged := mergeTypes(ev, t, other); merged != nil {
		return merged.Value(ev)
	}
	return eval.Null{}
}

// TypeOf reads a type from a value.
func TypeOf(ev *eval.Evaluator, v eval.Value) *Type {
	switch v := v.(type) {
	case *eval.Attrs:
		if propertyOf(ev, v) != "option-type" {
			break
		}
		return typeOfSet(ev, v)
	case *eval.Unknown:
		return unknownType(v)
	case *eval.Error:
		return unknownType(eval.NewUnknown(v.Message))
	}
	return unknownType(eval.NewUnknown("it is no option type"))
}

// typeOfSet reads a type of ours, perhaps changed by code, or one that code made
// by mkOptionType.
func typeOfSet(ev *eval.Evaluator, a *eval.Attrs) *Type {
	var t *Type
	switch m := ev.Force(attrOf(a, "merge")).(type) {
	case *eval.Native:
		if base, ok := m.Data.(*Type); ok {
			if base.made == a {
				return base
			}
			t = base.changed()
		}
	}
	if t == nil {
		t = customType(ev, a)
	}
	if c := a.Get("check"); c != nil {
		if n, ok := ev.Force(c.Value).(*eval.Native); !ok || n.Data == nil {
			t.check = customCheck(c.Value)
			// An inner check that does not hold would be met before.
		}
	}
	if n, ok := ev.Select(a, "name", eval.Place{}).(eval.String); ok {
		t.Name = string(n)
	}
	if d := a.Get("description"); d != nil {
		t.text = func(ev *eval.Evaluator) string {
			if s, ok := ev.Force(d.Value).(eval.String); ok {
				return string(s)
			}
			return t.Name
		}
	}
	if c, ok := ev.Select(a, "descriptionClass", eval.Place{}).(eval.String); ok {
		t.class = string(c)
	}
	t.made = a
	return t
}

// changed returns a copy that differs from the type.
func (t *Type) changed() *Type {
	c := *t
	c.made, c.busy = nil, 0
	return &c
}

func customCheck(check *eval.Thunk) func(*eval.Evaluator, eval.Value) Verdict {
	return func(ev *eval.Evaluator, v eval.Value) Verdict {
		switch ok := ev.Call(ev.Force(check), eval.Done(v), check.At()).(type) {
		case eval.Bool:
			if ok {
				return Yes
			}
			return No
		}
		return Maybe
	}
}

// customType is a type that mkOptionType makes.
func customType(ev *eval.Evaluator, a *eval.Attrs) *Type {
	t := &Type{Name: "custom"}
	t.check = func(*eval.Evaluator, eval.Value) Verdict { return Yes }
	if a.Rest != nil && a.Get("check") == nil {
		t.check = func(*eval.Evaluator, eval.Value) Verdict { return Maybe }
	}
	merge := a.Get("merge")
	t.merge = func(m merging, defs []Definition) eval.Value {
		if merge == nil {
			return m.anyhow(defs)
		}
		list := &eval.List{}
		for _, d := range defs {
			list.Elems = append(list.Elems, eval.Done(d.set()))
		}
		return m.e.ev.Apply(m.e.ev.Force(merge.Value), defs[0].At, eval.Done(stringList(m.loc)), eval.Done(list))
	}
	if e, ok := ev.Select(a, "emptyValue", eval.Place{}).(*eval.Attrs); ok {
		if v := e.Get("value"); v != nil {
			t.empty = func(m merging) eval.Value { return m.e.ev.Force(v.Value) }
		}
	}
	return t
}

// unknownType is a type of which nothing is known.
func unknownType(u *eval.Unknown) *Type {
	return &Type{
		Name: "unknown", unknown: u,
		check: func(*eval.Evaluator, eval.Value) Verdict { return Maybe },
		merge: func(m merging, defs []Definition) eval.Value {
			res := resolved{sure: defs, priority: DefaultPriority}
			why := u.Derive()
			if list, ok := m.lists(res, why); ok {
				list.Perhaps(why)
				return list.List()
			}
			if len(defs) == 1 {
				if a, ok := m.e.ev.Force(defs[0].Value).(*eval.Attrs); ok {
					return &eval.Attrs{Entries: a.Entries, Rest: eval.Either(a.Rest, why)}
				}
			}
			return m.plain(res, why)
		},
	}
}

// maxTypeDepth bounds how deep types that hold themselves are looked into.
const maxTypeDepth = 20

// mergeTypes merges the types of two declarations of one option. It returns nil
// if they do not merge.
func mergeTypes(ev *eval.Evaluator, a, b *Type) *Type {
	return mergeTypesIn(ev, a, b, make(map[[2]*Type]bool))
}

// mergeTypesIn is mergeTypes for types of which those in seen are being merged:
// types may hold themselves.
func mergeTypesIn(ev *eval.Evaluator, a, b *Type, seen map[[2]*Type]bool) *Type {
	pair := [2]*Type{a, b}
	if seen[pair] || len(seen) == maxTypes {
		return a
	}
	seen[pair] = true
	switch {
	case a == b && len(a.parts) == 0 && a.sub == nil:
		return a
	case a.unknown != nil:
		return a
	case b.unknown != nil:
		return b
	case a.sub != nil && b.sub != nil:
		out := a
		for _, m := range b.sub.modules {
			out = out.withModule(m)
		}
		return out
	case a.Name != b.Name:
		return nil
	case a.Name == "enum":
		values := slices.Clone(a.Enum)
		for _, v := range b.Enum {
			if a.check(ev, v) != Yes {
				values = append(values, v)
			}
		}
		return enumOf(ev, values)
	case len(a.parts) == 0:
		if a.Name == "separatedString" && a.Description(ev) != b.Description(ev) {
			return nil
		}
		return a
	case len(a.parts) == len(b.parts) && a.Name != "coercedTo":
		out := a.changed()
		out.parts = nil
		for i := range a.parts {
			inner := mergeTypesIn(ev, a.parts[i].Type(ev), b.parts[i].Type(ev), seen)
			if inner == nil {
				return nil
			}
			out.parts = append(out.parts, &part{name: a.parts[i].name, value: eval.Done(inner.Value(ev)), kind: inner})
		}
		return remake(out)
	}
	return nil
}

// withArticle puts an article before a type's description if it wants one.
func withArticle(s string) string {
	for _, p := range []string{"one of", "null or", "anything", "impossible", "value ", "strings ", "list of", "lazy ", "raw "} {
		if strings.HasPrefix(s, p) {
			return s
		}
	}
	if strings.HasPrefix(s, "(") {
		return s
	}
	if strings.ContainsRune("aeioAEIO", rune(s[0])) || strings.HasPrefix(s, "unspecified") || strings.HasPrefix(s, "unsigned") {
		return "an " + s
	}
	return "a " + s
}

// describe names a value in a message.
func describe(ev *eval.Evaluator, v eval.Value) string {
	switch v := v.(type) {
	case eval.String, eval.Path, eval.Int, eval.Float, eval.Bool:
		s := ev.Print(v)
		if len(s) <= 60 && !strings.Contains(s, "\n") {
			return eval.TypeName(v) + " (`" + s + "`)"
		}
	}
	return eval.TypeName(v)
}
