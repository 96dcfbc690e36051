package module

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/eval"
)

// openValue merges the definitions of what no module at hand declares, by
// their shape: sets by name, lists one after the other, equal values. Modules
// that are not at hand may add to it, and may have declared it as anything.
func (g *group) openValue() eval.Value {
	g.defs = prune(g.e.ev, g.defs)
	m := merging{e: g.e, loc: g.loc}
	return m.byShape(g)
}

// prune leaves out the definitions that one without a condition certainly
// overrides, without looking at their values.
func prune(ev *eval.Evaluator, defs []raw) []raw {
	if len(defs) < 2 {
		return defs
	}
	var room [8]int
	priorities := room[:]
	if len(defs) > len(room) {
		priorities = make([]int, len(defs))
	}
	best, worst := lowestPriority, 0
	for i, r := range defs {
		p, always := priorityOf(ev, r)
		priorities[i] = p
		worst = max(worst, p)
		if always && r.certain {
			best = min(best, p)
		}
	}
	if worst <= best {
		return defs
	}
	var out []raw
	for i, r := range defs {
		if priorities[i] <= best {
			out = append(out, r)
		}
	}
	return out
}

// priorityOf tells the priority of a definition, and whether there is no
// condition before it.
func priorityOf(ev *eval.Evaluator, r raw) (priority int, always bool) {
	always = true
	for _, p := range r.props {
		switch p.kind {
		case "if":
			always = false
		case "override":
			var d Definition
			return number(ev, p.arg, 0, &d), always
		}
	}
	value := r.value
	for {
		v := ev.Force(value)
		a, _ := v.(*eval.Attrs)
		switch propertyOf(ev, v) {
		case "if":
			always = false
			value = attrOf(a, "content")
		case "override":
			var d Definition
			return number(ev, attrOf(a, "priority"), 0, &d), always
		case "merge":
			return 0, false
		default:
			return DefaultPriority, always
		}
	}
}

// byShape is openValue.
func (m merging) byShape(g *group) eval.Value {
	why := eval.NewUnknown("it may be set by a module that is not at hand", append([]string{"config"}, m.loc...)...)
	if len(g.defs) == 0 {
		return why
	}
	if g.setsOnly() {
		out := &eval.Attrs{Rest: why}
		// Names count whatever condition they stand under, as declared options
		// do: to decide conditions here would make modules depend on themselves.
		for _, name := range g.definedNames() {
			c := g.child(name)
			out.Entries = append(out.Entries, eval.Attr{Name: name, Value: c.value(), At: c.at()})
		}
		return out
	}
	res := m.e.resolve(g.defs)
	if len(res.sure)+len(res.unsure) == 0 {
		return why
	}
	if list, ok := m.lists(res, why); ok {
		list.Perhaps(why)
		return list.List()
	}
	return m.plain(res, why)
}

// setsOnly reports whether all definitions are sets of further definitions: no
// packages, and nothing that says what it is.
func (g *group) setsOnly() bool {
	g.push()
	if len(g.layers) == 0 || slices.ContainsFunc(g.other, func(r raw) bool {
		_, unknown := g.e.ev.Force(r.value).(*eval.Unknown)
		return !unknown
	}) {
		return false
	}
	for _, l := range g.layers {
		if !isPlainSet(g.e.ev, l.attrs) {
			return false
		}
	}
	return true
}

// isPlainSet reports whether a set is no package, and nothing that says what it is.
func isPlainSet(ev *eval.Evaluator, set *eval.Attrs) bool {
	if set.Get("_type") != nil || set.Get("outPath") != nil || set.Get("__functor") != nil {
		return false
	}
	t := set.Get("type")
	return t == nil || ev.Force(t.Value) != eval.Value(eval.String("derivation"))
}

// openedList returns a list whose elements may have more attributes than are written:
// they may be submodules, with defaults.
func openedList(l *eval.List, why *eval.Unknown) *eval.List {
	out := &eval.List{Elems: make([]*eval.Thunk, len(l.Elems)), More: l.More, Lead: l.Lead}
	for i, e := range l.Elems {
		out.Elems[i] = opened(e, why)
	}
	return out
}

// opened is openedList for one value.
func opened(t *eval.Thunk, why *eval.Unknown) *eval.Thunk {
	return eval.LaterFrom(t, func(ev *eval.Evaluator) eval.Value {
		switch v := ev.Force(t).(type) {
		case *eval.List:
			return openedList(v, why)
		case *eval.Attrs:
			if !isPlainSet(ev, v) {
				return v
			}
			out := &eval.Attrs{Entries: make([]eval.Attr, len(v.Entries)), Rest: eval.Either(v.Rest, why)}
			for i, a := range v.Entries {
				out.Entries[i] = a
				out.Entries[i].Value = opened(a.Value, why)
			}
			return out
		default:
			return v
		}
	})
}

// lists joins definitions that are lists, whose elements may have more in them.
func (m merging) lists(res resolved, why *eval.Unknown) (*eval.ListBuilder, bool) {
	out := &eval.ListBuilder{}
	any := false
	for _, d := range res.all() {
		switch v := m.e.ev.Force(d.Value).(type) {
		case *eval.List:
			any = true
			if d.Certain && len(res.unsureBetter()) == 0 {
				out.Splice(openedList(v, why))
			} else {
				out.Perhaps(&eval.Unknown{Reason: uncertain, Maybe: []*eval.Thunk{d.Value}, Closed: true})
			}
		case *eval.Unknown:
			out.Perhaps(v.Derive())
		default:
			return nil, false
		}
	}
	return out, any
}

const uncertain = "it stands under a condition that is not known"

// unsureBetter are uncertain definitions that would replace the certain ones.
func (r resolved) unsureBetter() []Definition {
	return slices.DeleteFunc(slices.Clone(r.unsure), func(d Definition) bool { return d.Priority == r.priority })
}

// plain is the value of definitions that are neither sets nor lists. A plain
// definition is not overridden by modules that are not at hand: they would have
// to force it.
func (m merging) plain(res resolved, why *eval.Unknown) eval.Value {
	ev := m.e.ev
	var maybe []*eval.Thunk
	for _, d := range res.all() {
		maybe = append(maybe, d.Value)
	}
	if len(res.sure) > 0 && len(res.unsureBetter()) == 0 && res.priority <= DefaultPriority {
		first := ev.Force(res.sure[0].Value)
		same := true
		for _, d := range res.sure[1:] {
			same = same && ev.Equal(first, ev.Force(d.Value)) == eval.Value(eval.Bool(true))
		}
		if same {
			if set, ok := first.(*eval.Attrs); ok && isPlainSet(ev, set) {
				// Met while the definitions here are being found: else it would have been
				// merged by name.
				return eval.Update(&eval.Attrs{Rest: why}, set)
			}
			return first
		}
	}
	out := *why
	out.Maybe = maybe
	return &out
}
