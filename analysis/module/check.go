package module

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/eval"
)

// Bounds on how deep a value is looked through, and on how many values.
const (
	maxCheckDepth = 40
	maxChecked    = 200_000
)

// usualSets is about how many sets a module defines for options that are not declared by
// modules at hand.
const usualSets = 2

// Check evaluates what an evaluation declares and defines, and those inside it,
// so that Problems returns all that is wrong with it.
//
// Only options that a file for which own is true declares or defines are looked
// at: those that modules of others leave alone are theirs.
//
// Needed are the paths of what a system, or a home, certainly needs: what fails on
// the way to these fails for certain.
func (e *Evaluation) Check(own func(file string) bool, needed ...[]string) {
	c := &walker{e: e, own: own, sets: make(map[*eval.Attrs]need, usualSets*len(e.Modules))}
	c.needs(e, needed)
	c.all(e)
	for i := 0; i < len(e.session.nested); i++ {
		if inner := e.session.nested[i]; inner.isWhole() {
			c.needs(inner, needed)
		}
		c.all(e.session.nested[i])
	}
}

// walker walks through values.
type walker struct {
	e     *Evaluation
	own   func(file string) bool
	sets  map[*eval.Attrs]need // looked through, as what
	count int

	needer *Evaluation // whose definitions are looked through
	used   bool        // they certainly are needed
}

// all looks at all options of one evaluation.
func (c *walker) all(e *Evaluation) {
	e.CheckDeclared()
	for _, o := range e.Declared() {
		if o.weak() && o.Path[len(o.Path)-1] != "specialisation" {
			continue
		}
		if !c.concerns(o) {
			continue
		}
		o.checkDefault()
		c.typed(eval.Done(o.Value()), o.Type(), 0)
	}
}

// concerns reports whether an option is declared or defined in an own file.
func (c *walker) concerns(o *Option) bool {
	in := func(at eval.Place, m *Module) bool {
		return at.IsValid() && c.own(at.File.Path) || m != nil && m.File != "" && c.own(m.File)
	}
	return slices.ContainsFunc(o.Declarations, func(d Declaration) bool { return in(d.At, d.Module) }) ||
		slices.ContainsFunc(o.defs, func(d raw) bool { return in(d.at, d.module) })
}

// typed looks at a value as far as its type says what is inside.
func (c *walker) typed(t *eval.Thunk, kind *Type, depth int) {
	if c.count++; depth > maxCheckDepth || c.count > maxChecked {
		return
	}
	ev := c.e.ev
	v := ev.Force(t)
	if len(kind.parts) == 0 {
		return // nothing inside, or a type of nixpkgs' own library
	}
	switch kind.Name {
	case "listOf":
		if l, ok := v.(*eval.List); ok {
			for _, e := range l.Elems {
				c.typed(e, kind.parts[0].Type(ev), depth+1)
			}
		}
	case "attrsOf", "lazyAttrsOf":
		c.attributes(v, kind.parts[0].Type(ev), depth)
	case "nullOr", "unique", "either", "coercedTo":
		for _, p := range kind.parts {
			if inner := p.Type(ev); inner.Check(ev, v) == Yes {
				c.typed(t, inner, depth+1)
				return
			}
		}
	}
}

func (c *walker) attributes(v eval.Value, kind *Type, depth int) {
	var rest *eval.Unknown
	switch v := v.(type) {
	case *eval.Attrs:
		for _, a := range v.Entries {
			c.typed(a.Value, kind, depth+1)
		}
		rest = v.Rest
	case *eval.Unknown:
		rest = v
	}
	if rest != nil && depth < maxCheckDepth {
		for _, m := range rest.Maybe {
			c.attributes(c.e.ev.Force(m), kind, depth+1)
		}
	}
}

// deep evaluates all of a value.
func (c *walker) deep(t *eval.Thunk, depth int) {
	if c.count++; depth > maxCheckDepth || c.count > maxChecked {
		return
	}
	switch v := c.e.ev.Force(t).(type) {
	case *eval.Error:
		c.meet(v)
	case *eval.List:
		for _, e := range v.Elems {
			c.deep(e, depth+1)
		}
	case *eval.Attrs:
		if a := v.Get("assertion"); a != nil && v.Get("message") != nil {
			c.deep(a.Value, depth+1) // the message of one that holds is not needed
			return
		}
		if c.sets[v] >= c.need() || propertyOf(c.e.ev, v) == "option-type" {
			return
		}
		c.sets[v] = c.need()
		if v.Get("outPath") != nil {
			return // a package or a flake: its path is what counts
		}
		if propertyOf(c.e.ev, v) == "if" {
			if c.e.ev.Force(attrOf(v, "condition")) != eval.Value(eval.Bool(true)) {
				return
			}
		}
		for _, a := range v.Entries {
			if !isHandedOn(a.Name) {
				c.deep(a.Value, depth+1)
			}
		}
	}
}
