package module

import (
	"github.com/nixlint/nixlint/analysis/eval"
)

// merging is the merging of the definitions of one option, or of one part of
// an option's value.
type merging struct {
	e      *Evaluation
	loc    []string
	option *Option // nil if there is none
}

func (m merging) at(name string) merging {
	m.loc = append(m.loc[:len(m.loc):len(m.loc)], name)
	return m
}

// merged merges definitions that have not been discharged. ok is false if there
// are none and the type has no value for that.
func (m merging) merged(t *Type, defs []raw) (v eval.Value, ok bool) {
	return m.result(t, m.e.resolve(defs))
}

// result merges the definitions that count.
func (m merging) result(t *Type, res resolved) (v eval.Value, ok bool) {
	if res.failed != nil {
		return res.failed, true
	}
	if len(res.sure) == 0 && len(res.unsure) == 0 {
		if empty := t.whenEmpty(m.e.ev); empty != nil {
			return empty(m), true
		}
		return nil, false
	}
	return m.checked(t, res), true
}

// checked holds definitions against the type and merges them.
func (m merging) checked(t *Type, res resolved) eval.Value {
	for _, d := range res.sure {
		if t.Check(m.e.ev, m.e.ev.Force(d.Value)) == No {
			return m.wrong(t, d)
		}
	}
	unsure := res.unsure[:0:0]
	for _, d := range res.unsure {
		if t.Check(m.e.ev, m.e.ev.Force(d.Value)) == No {
			m.wrong(t, d)
		} else {
			unsure = append(unsure, d)
		}
	}
	res.unsure = unsure
	switch {
	case len(unsure) == 0 && len(res.sure) == 0:
		return eval.NewUnknown(uncertain)
	case len(unsure) == 0:
		return t.merge(m, res.sure)
	}
	better := res.unsureBetter()
	if t.joins && (len(better) == 0 || samePriority(res.unsure) && m.allEmpty(res.sure)) {
		return t.merge(m, res.all())
	}
	if len(better) == 0 && t.single && len(res.sure) > 0 {
		// The others have to be equal, or Nix refuses them.
		return t.merge(m, res.sure)
	}
	out := &eval.Unknown{Reason: uncertain, Closed: len(res.sure) > 0}
	if len(res.sure) > 0 {
		out.Maybe = append(out.Maybe, eval.Done(t.merge(m, res.sure)))
	}
	for _, d := range unsure {
		out.Maybe = append(out.Maybe, eval.LaterAt(d.Value, func(*eval.Evaluator) eval.Value { return t.merge(m, []Definition{d}) }))
	}
	return out
}

// wrong reports a definition of the wrong type.
func (m merging) wrong(t *Type, d Definition) eval.Value {
	v := m.e.ev.Force(d.Value)
	if err, ok := v.(*eval.Error); ok {
		return err
	}
	at := d.Value.At()
	if !at.IsValid() {
		at = d.At
	}
	kind := WrongType
	if d.Default {
		kind = WrongDefault
	}
	message := "`" + ShowOption(m.loc) + "` wants " + withArticle(t.Description(m.e.ev)) + ", not " + describe(m.e.ev, v)
	err := &eval.Error{Kind: eval.ErrorRefused, Message: message, At: at}
	m.e.problem(Problem{
		Kind: kind, Path: m.loc, At: at, Message: message, Certain: d.Certain, Option: m.option,
		Module: d.Module, Definition: d, Type: t, Error: err,
	})
	return err
}

// conflict reports definitions that do not merge.
func (m merging) conflict(defs []Definition, message string) eval.Value {
	for _, d := range defs {
		if u, ok := m.e.ev.Force(d.Value).(*eval.Unknown); ok {
			return u.Derive()
		}
	}
	last := defs[len(defs)-1]
	at := last.At
	if !at.IsValid() {
		at = last.Value.At()
	}
	err := &eval.Error{Kind: eval.ErrorRefused, Message: message, At: at}
	p := Problem{
		Kind: Conflict, Path: m.loc, At: at, Message: message, Certain: true, Option: m.option,
		Module: last.Module, Definition: last, Error: err,
	}
	for _, d := range defs {
		p.Certain = p.Certain && d.Certain
	}
	for _, d := range defs[:len(defs)-1] {
		p.Related = append(p.Related, d.At)
	}
	m.e.problem(p)
	return err
}

// equal merges definitions that have to be equal: mergeEqualOption.
func (m merging) equal(defs []Definition) eval.Value {
	ev := m.e.ev
	first := ev.Force(defs[0].Value)
	if len(defs) == 1 {
		return first
	}
	for i, d := range defs[1:] {
		switch same := ev.Equal(first, ev.Force(d.Value)).(type) {
		case eval.Bool:
			if !same {
				return m.conflict([]Definition{defs[0], defs[i+1]}, m.differ())
			}
		default:
			out := &eval.Unknown{Reason: "definitions that must be equal are not wholly known"}
			for _, d := range defs {
				out.Maybe = append(out.Maybe, d.Value)
			}
			return out
		}
	}
	return first
}

func (m merging) differ() string {
	return "option `" + ShowOption(m.loc) + "` has definitions that differ"
}

// one takes the only definition: mergeOneOption.
func (m merging) one(defs []Definition) eval.Value {
	if len(defs) > 1 {
		return m.conflict(defs, "option `"+ShowOption(m.loc)+"` may be defined only once")
	}
	return m.e.ev.Force(defs[0].Value)
}

// anyhow merges as mergeDefaultOption does, by what the definitions are.
func (m merging) anyhow(defs []Definition) eval.Value {
	ev := m.e.ev
	if len(defs) == 1 {
		return ev.Force(defs[0].Value)
	}
	v := ev.Force(defs[0].Value)
	for _, d := range defs[1:] {
		next := ev.Force(d.Value)
		switch a := v.(type) {
		case *eval.List:
			v = eval.Concat(a, next, d.At)
		case *eval.Attrs:
			v = ev.Update(a, next, d.At, d.At)
		case eval.Bool:
			b, ok := next.(eval.Bool)
			if !ok {
				return m.mixed(defs)
			}
			v = a || b
		case eval.String, *eval.Text:
			v = ev.Plus(a, next, d.At, d.At)
		case eval.Int:
			if ev.Equal(v, next) != eval.Value(eval.Bool(true)) {
				return m.mixed(defs)
			}
		default:
			return m.mixed(defs)
		}
		if _, ok := v.(*eval.Error); ok {
			return m.mixed(defs)
		}
	}
	return v
}

// mixed is what comes of definitions of different kinds.
func (m merging) mixed(defs []Definition) eval.Value {
	return m.conflict(defs, m.differ())
}

func samePriority(defs []Definition) bool {
	for _, d := range defs {
		if d.Priority != defs[0].Priority {
			return false
		}
	}
	return true
}

// allEmpty reports whether definitions add nothing to others: empty lists and
// sets.
func (m merging) allEmpty(defs []Definition) bool {
	for _, d := range defs {
		switch v := m.e.ev.Force(d.Value).(type) {
		case *eval.List:
			if len(v.Elems) > 0 || v.More != nil {
				return false
			}
		case *eval.Attrs:
			if len(v.Entries) > 0 || v.Rest != nil {
				return false
			}
		default:
			return false
		}
	}
	return true
}
