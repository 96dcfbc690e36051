package module

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/eval"
)

// The priorities of definitions and their order, as in lib/modules.nix: the
// lower number wins and comes first.
const (
	DefaultPriority       = 100  // of a plain definition
	OptionDefaultPriority = 1500 // of an option's own default
	defaultOrder          = 1000
	lowestPriority        = 9999
)

// Definition is a value that a module gives to an option, conditions decided
// and properties taken off.
type Definition struct {
	Value    *eval.Thunk
	Module   *Module    // nil for an option's own default
	At       eval.Place // the attribute that defines it; invalid if no file says
	Priority int
	Order    int
	// Certain is unset if the condition it stands under, or its module, is not
	// known to hold.
	Certain bool
	// Default is set for the default that the option's declaration gives.
	Default bool

	failed *eval.Error // what its condition comes to
}

// set is the definition as functions that merge get it.
func (d Definition) set() *eval.Attrs {
	name := unknownModule
	if d.Module != nil {
		name = d.Module.Name
	}
	attrs := []eval.Attr{{Name: "file", Value: eval.Done(eval.String(name))}, {Name: "value", Value: d.Value}}
	if d.Order != defaultOrder {
		attrs = append(attrs, eval.Attr{Name: "priority", Value: eval.Done(eval.Int(d.Order))})
	}
	return eval.SetOf(attrs...)
}

// raw is a definition as it is written: a value with the properties that sets
// around it have pushed down to it, the outermost first.
type raw struct {
	value     *eval.Thunk
	props     []property
	module    *Module
	at        eval.Place
	certain   bool
	byDefault bool
	failed    *eval.Error // what a condition around it comes to
}

// property is one of mkIf, mkOverride and mkOrder.
type property struct {
	kind string      // the _type of its set: "if", "override" or "order"
	arg  *eval.Thunk // the condition or the priority
}

// propertyOf returns the _type of a set that marks a definition, or "".
func propertyOf(ev *eval.Evaluator, v eval.Value) string {
	a, ok := v.(*eval.Attrs)
	if !ok {
		return ""
	}
	t := a.Get("_type")
	if t == nil {
		return ""
	}
	s, _ := ev.Force(t.Value).(eval.String)
	return string(s)
}

func attrOf(a *eval.Attrs, name string) *eval.Thunk {
	if x := a.Get(name); x != nil {
		return x.Value
	}
	return eval.Done(eval.NewUnknown("it is not given"))
}

// with returns the definition with another value and one more property inside
// of those it has.
func (r raw) with(value *eval.Thunk, props ...property) raw {
	r.value = value
	if len(props) > 0 {
		r.props = append(slices.Clip(r.props), props...)
	}
	return r
}

// layer is a set of definitions at one level of the option tree: what a module
// defines there, properties pushed down to its attributes.
type layer struct {
	attrs *eval.Attrs
	raw
}

// maxUncertain bounds how many definitions at one level are made of values that
// may be one of several: such values can hold themselves. What is certain is
// never left out.
const maxUncertain = 300

// bytesPerProperty is about what taking a property off takes.
const bytesPerProperty = 128

// pushing takes the properties off sets of definitions. What is no set is kept
// apart: an unknown that may define anything, or a value that stands where a set
// has to.
type pushing struct {
	ev        *eval.Evaluator
	layers    *[]layer
	other     *[]raw
	uncertain int
}

func (p *pushing) down(r raw) {
	v := p.ev.Force(r.value)
	a, ok := v.(*eval.Attrs)
	if !ok {
		if u, ok := v.(*eval.Unknown); ok && len(u.Maybe) > 0 {
			for _, m := range u.Maybe {
				maybe := r.with(m)
				maybe.certain = false
				p.inside(maybe)
			}
			if u.Closed {
				return
			}
		}
		*p.other = append(*p.other, r)
		return
	}
	switch propertyOf(p.ev, a) {
	case "merge":
		eachElement(p.ev, r, attrOf(a, "contents"), p.inside, p.other)
	case "if":
		p.inside(r.with(attrOf(a, "content"), property{"if", attrOf(a, "condition")}))
	case "override":
		p.inside(r.with(attrOf(a, "content"), property{"override", attrOf(a, "priority")}))
	default:
		*p.layers = append(*p.layers, layer{a, r})
	}
}

// inside goes on with what is inside of a property, or is one of the values that
// another may be.
func (p *pushing) inside(r raw) {
	if !r.certain {
		if p.uncertain++; p.uncertain == maxUncertain {
			*p.other = append(*p.other, r.with(eval.Done(eval.NewUnknown("there are too many possibilities"))))
		}
		if p.uncertain >= maxUncertain {
			return
		}
	}
	fail := p.ev.Reserve(bytesPerProperty)
	if fail == nil {
		fail, _ = p.ev.Nested(func() eval.Value { p.down(r); return nil }).(*eval.Unknown)
	}
	if fail != nil {
		// What is inside was not looked at: it may define anything.
		r = r.with(eval.Done(fail))
		r.certain = false
		*p.other = append(*p.other, r)
	}
}

// eachElement calls f for the definitions that mkMerge joins.
func eachElement(ev *eval.Evaluator, r raw, list *eval.Thunk, f func(raw), other *[]raw) {
	switch l := ev.Force(list).(type) {
	case *eval.List:
		for _, e := range l.Elems {
			f(r.with(e))
		}
		if l.More == nil {
			return
		}
		for _, m := range l.More.Maybe {
			maybe := r
			maybe.certain = false
			eachElement(ev, maybe, m, f, other)
		}
		if !l.More.Closed {
			unknown := r.with(eval.Done(l.More.Derive()))
			unknown.certain = false
			*other = append(*other, unknown)
		}
	case *eval.Unknown:
		for _, m := range l.Maybe {
			maybe := r
			maybe.certain = false
			eachElement(ev, maybe, m, f, other)
		}
		if !l.Closed {
			unknown := r.with(eval.Done(l.Derive()))
			unknown.certain = false
			*other = append(*other, unknown)
		}
	default:
		*other = append(*other, r.with(eval.Done(eval.Mismatch("a list", l, r.at))))
	}
}

// attr returns the definition of an attribute of a layer; ok is false if it has
// none of that name.
func (l *layer) attr(ev *eval.Evaluator, name string) (r raw, ok bool) {
	if a := l.attrs.Get(name); a != nil {
		return l.of(a), true
	}
	r = l.raw
	if l.attrs.Rest == nil {
		return r, false
	}
	// What is not known of the set may hold it.
	u, ok := ev.Select(&eval.Attrs{Rest: l.attrs.Rest}, name, eval.Place{}).(*eval.Unknown)
	if !ok {
		return r, false
	}
	r.value, r.certain = eval.Done(u), false
	return r, true
}

// of returns the definition that an attribute of a layer is.
func (l *layer) of(a *eval.Attr) raw {
	r := l.raw
	r.value = a.Value
	if a.At.IsValid() {
		r.at = a.At
	}
	return r
}

// discharge decides the conditions around a definition and takes its
// properties off, in the order of lib/modules.nix: mkIf and mkMerge from outside
// until something else stands there, then one mkOverride, then one mkOrder.
func discharge(ev *eval.Evaluator, r raw, out *[]Definition) {
	d := Definition{
		Module: r.module, At: r.at, Priority: DefaultPriority, Order: defaultOrder, Certain: r.certain, Default: r.byDefault, failed: r.failed,
	}
	props := r.props
	for len(props) > 0 && props[0].kind == "if" {
		if !holds(ev, props[0].arg, &d) {
			return
		}
		props = props[1:]
	}
	if len(props) == 0 {
		dischargeValue(ev, r, d, out)
		return
	}
	if props[0].kind == "override" {
		d.Priority = number(ev, props[0].arg, DefaultPriority, &d)
		props = props[1:]
	}
	// Properties inside of a priority are part of the value, as in nixpkgs.
	d.Value = rewrap(r.value, props)
	*out = append(*out, d)
}

// dischargeValue goes on with the properties that the value itself has.
func dischargeValue(ev *eval.Evaluator, r raw, d Definition, out *[]Definition) {
	v := ev.Force(r.value)
	if u, ok := v.(*eval.Unknown); ok && len(u.Maybe) > 0 && anyProperty(ev, u.Maybe) {
		r.props = nil
		r.certain = false
		for _, m := range u.Maybe {
			discharge(ev, r.with(m), out)
		}
		if !u.Closed {
			d.Value, d.Certain = eval.Done(u.Derive()), false
			*out = append(*out, d)
		}
		return
	}
	switch a, _ := v.(*eval.Attrs); propertyOf(ev, v) {
	case "merge":
		r.props, r.certain = nil, d.Certain
		var other []raw
		eachElement(ev, r, attrOf(a, "contents"), func(r raw) { discharge(ev, r, out) }, &other)
		for _, o := range other {
			d := d
			d.Value, d.Certain = o.value, o.certain
			*out = append(*out, d)
		}
	case "if":
		if holds(ev, attrOf(a, "condition"), &d) {
			r.props, r.certain, r.failed = nil, d.Certain, d.failed
			discharge(ev, r.with(attrOf(a, "content")), out)
		}
	case "definition":
		r.value = attrOf(a, "value")
		d.Value = r.value
		if propertyOf(ev, ev.Force(r.value)) == "override" {
			d.Priority = number(ev, attrOf(ev.Force(r.value).(*eval.Attrs), "priority"), DefaultPriority, &d)
			d.Value = attrOf(ev.Force(r.value).(*eval.Attrs), "content")
		}
		*out = append(*out, d)
	case "override":
		d.Priority = number(ev, attrOf(a, "priority"), DefaultPriority, &d)
		d.Value = attrOf(a, "content")
		*out = append(*out, d)
	default:
		d.Value = r.value
		*out = append(*out, d)
	}
}

// ordered takes mkOrder off a definition. It is the first to look at what has a
// priority: values that others override are never computed.
func ordered(ev *eval.Evaluator, d Definition) Definition {
	if v := ev.Force(d.Value); propertyOf(ev, v) == "order" {
		a := v.(*eval.Attrs)
		d.Order = number(ev, attrOf(a, "priority"), defaultOrder, &d)
		d.Value = attrOf(a, "content")
	}
	return d
}

// rewrap puts properties around a value again.
func rewrap(value *eval.Thunk, props []property) *eval.Thunk {
	for _, p := range slices.Backward(props) {
		name := "priority"
		if p.kind == "if" {
			name = "condition"
		}
		value = eval.Done(eval.SetOf(eval.Attr{Name: "_type", Value: eval.Done(eval.String(p.kind))},
			eval.Attr{Name: "content", Value: value}, eval.Attr{Name: name, Value: p.arg}))
	}
	return value
}

func anyProperty(ev *eval.Evaluator, maybe []*eval.Thunk) bool {
	return slices.ContainsFunc(maybe, func(t *eval.Thunk) bool { return propertyOf(ev, ev.Force(t)) != "" })
}

// holds reports whether a condition may hold. A definition under one that is
// not known is not certain.
func holds(ev *eval.Evaluator, cond *eval.Thunk, d *Definition) bool {
	switch v := ev.Force(cond).(type) {
	case eval.Bool:
		return bool(v)
	case *eval.Unknown:
	case *eval.Error:
		d.failed = v
	default:
		d.failed = &eval.Error{Kind: eval.ErrorRefused, Message: "the condition of mkIf is " + eval.TypeName(v), At: cond.At()}
	}
	d.Certain = false
	return true
}

func number(ev *eval.Evaluator, t *eval.Thunk, otherwise int, d *Definition) int {
	if i, ok := ev.Force(t).(eval.Int); ok {
		return int(i)
	}
	d.Certain = false
	return otherwise
}

// resolved are the definitions that decide the value of an option.
type resolved struct {
	// sure are those that certainly count if none of unsure does, in order.
	sure []Definition
	// unsure may count beside them, or instead of them.
	unsure   []Definition
	priority int         // of the best certain definition
	failed   *eval.Error // what a condition comes to, if that is not put up with
}

// resolve discharges definitions and keeps those of the best priority, in
// their order.
func (e *Evaluation) resolve(defs []raw) resolved {
	slabs := e.slabs()
	bottom := len(slabs.found)
	for i := range defs {
		discharge(e.ev, defs[i], &slabs.found)
	}
	res := resolved{priority: lowestPriority}
	sure, unsure := 0, 0
	for i := bottom; i < len(slabs.found); i++ {
		if d := &slabs.found[i]; d.Certain {
			res.priority = min(res.priority, d.Priority)
		} else {
			unsure++
			if e.Input.Strict && res.failed == nil {
				res.failed = d.failed
			}
		}
	}
	for i := bottom; i < len(slabs.found); i++ {
		if d := &slabs.found[i]; d.Certain && d.Priority == res.priority {
			sure++
		}
	}
	res.sure, res.unsure = slabs.defs.take(sure)[:0], slabs.defs.take(unsure)[:0]
	for i := bottom; i < len(slabs.found); i++ {
		switch d := slabs.found[i]; {
		case d.Certain && d.Priority == res.priority:
			res.sure = append(res.sure, ordered(e.ev, d))
		case !d.Certain && d.Priority <= res.priority:
			res.unsure = append(res.unsure, ordered(e.ev, d))
		}
	}
	clear(slabs.found[bottom:])
	slabs.found = slabs.found[:bottom]
	sortDefinitions(res.sure)
	sortDefinitions(res.unsure)
	return res
}

// sortDefinitions puts definitions in their order.
func sortDefinitions(defs []Definition) {
	if len(defs) > 1 {
		slices.SortStableFunc(defs, func(a, b Definition) int { return a.Order - b.Order })
	}
}

// all returns the definitions in their order, certain or not. They must not be
// changed.
func (r resolved) all() []Definition {
	if len(r.unsure) == 0 {
		return r.sure[:len(r.sure):len(r.sure)]
	}
	out := slices.Concat(r.sure, r.unsure)
	sortDefinitions(out)
	return out
}
