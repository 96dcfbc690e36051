package eval

import (
	"slices"

	"github.com/nixlint/nixlint/parser"
)

// ShareCalls makes calls of a function have in common what does not depend on
// the arguments that differ. It is to be called before anything is evaluated.
//
// Each host calls the same modules, of which most use nothing but lib for the
// options they declare. An attribute whose value depends on nothing but parameters
// that are the same as when the function was called last keeps its thunk then:
// what is declared is computed once, and not once for each host and user.
//
// Values are the same as without. But what is printed of one that has not been
// evaluated whole is no longer what Nix prints: more of it may have been.
func (ev *Evaluator) ShareCalls() { ev.shares = true }

// maxKeys is how many parameters the value of a shared attribute may depend on.
const maxKeys = 2

// paramKey is a parameter of a function around an expression.
type paramKey struct {
	scope *scope
	slot  int
}

// isConfig reports whether the parameter is, as modules call it, the configuration that
// they are part of: each evaluation has one of its own.
func (k paramKey) isConfig() bool {
	return k.slot < len(k.scope.names) && k.scope.names[k.slot] == "config"
}

// needs are the parameters that an expression depends on, of all functions
// around it.
type needs struct{ keys []paramKey }

// add adds a parameter. It reports whether the needs are still few.
func (n *needs) add(k paramKey) bool {
	if !slices.Contains(n.keys, k) {
		n.keys = append(n.keys, k)
	}
	return len(n.keys) <= maxKeys
}

// sharedExpr is the thunk of an expression that calls of the functions around it
// have in common.
type sharedExpr struct {
	keys []local // the parameters it depends on
	slot int     // where evaluators keep the thunk, of those of the file
}

// sharedSlot is what one evaluator keeps of a shared expression.
type sharedSlot struct {
	// values are what the parameters were when thunk was made.
	values [maxKeys]*Attrs
	thunk  *Thunk
}

// slots returns the slots of a file's shared expressions.
func (ev *Evaluator) slots(f *File) []sharedSlot {
	o := ev.last
	if o == nil || o.file != f {
		if o = ev.opened[f]; o == nil {
			o = &opened{file: f}
			ev.opened[f] = o
		}
		ev.last = o
	}
	// More expressions are found as the file is compiled, a few at a time.
	if n := int(f.shared.Load()); n > cap(o.slots) {
		grown := make([]sharedSlot, n, 2*n)
		copy(grown, o.slots)
		o.slots = grown
	} else if n > len(o.slots) {
		o.slots = o.slots[:n]
	}
	return o.slots
}

// of returns the thunk of the expression x in an env. Only parameters that have
// been computed and are sets can be compared.
func (s *sharedExpr) of(kept *sharedSlot, x *expr, e *env) *Thunk {
	var values [maxKeys]*Attrs
	for i := range s.keys {
		set, ok := s.keys[i].slot(e).done().(*Attrs)
		if !ok {
			return &Thunk{expr: x, env: e}
		}
		values[i] = set
	}
	if kept.thunk == nil || values != kept.values {
		kept.values, kept.thunk = values, &Thunk{expr: x, env: e}
	}
	return kept.thunk
}

// share tells how the thunk of an attribute is shared, or returns nil if it
// cannot be: if its value depends on more than a few parameters, or on one that no two
// calls have in common.
func (c *compiler) share(def *attrDef, d *setDef, s *scope) *sharedExpr {
	if c.file.broken || c.file.passing || !s.inFunction() {
		return nil
	}
	f := finder{scope: s}
	if !f.def(def, d, s) || slices.ContainsFunc(f.needs.keys, paramKey.isConfig) {
		return nil
	}
	out := &sharedExpr{keys: make([]local, len(f.needs.keys)), slot: int(c.file.shared.Add(1)) - 1}
	for i, k := range f.needs.keys {
		out.keys[i] = local{s.distance(k.scope), k.slot}
	}
	return out
}

// inFunction reports whether there is a function around the scope.
func (s *scope) inFunction() bool {
	for ; s != nil; s = s.parent {
		if s.isParam {
			return true
		}
	}
	return false
}

// distance is how many scopes up another is.
func (s *scope) distance(to *scope) int {
	up := 0
	for ; s != to; s = s.parent {
		up++
	}
	return up
}

// bindingNeeds finds out which bindings of a let or recursive set depend on
// parameters alone. A few passes are enough for bindings that need each other.
func (c *compiler) bindingNeeds(d *setDef, outer, inner *scope) {
	const passes = 3
	if c.file.broken || !outer.inFunction() {
		return
	}
	inner.needs = make([]*needs, len(d.defs))
	for range passes {
		changed := false
		for i := range d.defs {
			if inner.needs[i] != nil {
				continue
			}
			if f := (finder{scope: inner}); f.def(&d.defs[i], d, outer) {
				inner.needs[i] = &needs{f.needs.keys}
				changed = true
			}
		}
		if !changed {
			return
		}
	}
}

// finder finds what an expression depends on. Its methods return false once
// that is more than a few parameters.
type finder struct {
	scope *scope
	bound []string // names that are bound inside of the expression
	needs needs
}

// variable adds what a variable depends on.
func (f *finder) variable(name string, s *scope) bool {
	if slices.Contains(f.bound, name) {
		return true
	}
	for at := s; at != nil; at = at.parent {
		if at.isWith {
			continue
		}
		slot, ok := at.find(name)
		switch {
		case !ok:
		case at.isParam:
			return f.needs.add(paramKey{at, slot})
		case !at.inFunction():
			return true // there is but one of it
		default:
			return slot < len(at.needs) && f.all(at.needs[slot])
		}
	}
	if _, ok := slices.BinarySearch(globalNames(), name); ok {
		return true
	}
	// It may be an attribute of what stands behind a `with`.
	for at := s; at != nil; at = at.parent {
		if at.isWith && at.inFunction() && (len(at.needs) == 0 || !f.all(at.needs[0])) {
			return false
		}
	}
	return true
}

func (f *finder) all(n *needs) bool {
	if n == nil {
		return false
	}
	for _, k := range n.keys {
		if !f.needs.add(k) {
			return false
		}
	}
	return true
}

// def adds what the definition of an attribute of a set depends on. Names that
// are inherited belong to the scope outer.
func (f *finder) def(def *attrDef, d *setDef, outer *scope) bool {
	switch {
	case def.set != nil:
		return f.set(def.set, def.rec)
	case def.inherit.IsValid() && def.from >= 0:
		return f.expr(d.froms[def.from])
	case def.inherit.IsValid():
		return f.variable(def.name, outer)
	}
	return f.expr(def.value)
}

// set adds what a set in pieces depends on. What a recursive one inherits from the
// scope around it is none of its own names there.
func (f *finder) set(d *setDef, rec bool) bool {
	outer := len(f.bound)
	if rec {
		for i := range d.defs {
			if def := &d.defs[i]; def.inherit.IsValid() && def.from < 0 && !f.variable(def.name, f.scope) {
				return false
			}
		}
		for i := range d.defs {
			f.bound = append(f.bound, d.defs[i].name)
		}
	}
	ok := f.pieces(d)
	f.bound = f.bound[:outer]
	return ok
}

func (f *finder) pieces(d *setDef) bool {
	for i := range d.defs {
		if !f.def(&d.defs[i], d, f.scope) {
			return false
		}
	}
	for i := range d.dynamic {
		dyn := &d.dynamic[i]
		if !f.expr(dyn.name) || dyn.set != nil && !f.set(dyn.set, false) || dyn.set == nil && !f.expr(dyn.value) {
			return false
		}
	}
	return !d.errors
}

// expr adds what an expression depends on.
func (f *finder) expr(n parser.Node) bool {
	switch n.Kind() {
	case parser.KindIdent:
		return f.variable(n.Text(), f.scope)
	case parser.KindSearchPath:
		return f.variable("__findFile", f.scope) && f.variable("__nixPath", f.scope)
	case parser.KindInherit:
		return f.inherit(parser.Inherit{Node: n})
	case parser.KindLambda:
		l := parser.Lambda{Node: n}
		outer := len(f.bound)
		if p, ok := l.Pattern(); ok {
			for formal := range p.Formals() {
				f.bound = append(f.bound, formal.Name().Text())
			}
			if at := p.At(); at.IsValid() {
				f.bound = append(f.bound, at.Text())
			}
		} else {
			f.bound = append(f.bound, l.Param().Text())
		}
		return f.within(n, outer)
	case parser.KindLet:
		return f.recursive(n)
	case parser.KindAttrSet:
		if set := (parser.AttrSet{Node: n}); set.IsRec() || set.IsLegacyLet() {
			return f.recursive(n)
		}
	}
	return f.children(n)
}

func (f *finder) children(n parser.Node) bool {
	for child := range n.Children() {
		if !f.expr(child) {
			return false
		}
	}
	return true
}

// within adds what the parts of an expression depend on, in which the names from
// bound[outer] on are bound.
func (f *finder) within(n parser.Node, outer int) bool {
	ok := f.children(n)
	f.bound = f.bound[:outer]
	return ok
}

// recursive is expr for what binds the names of its own attributes. What it
// inherits from the scope around it is no such name there.
func (f *finder) recursive(n parser.Node) bool {
	outer := len(f.bound)
	var bound []string
	for entry := range n.Children() {
		switch entry.Kind() {
		case parser.KindInherit:
			i := parser.Inherit{Node: entry}
			if !i.From().IsValid() && !f.inherit(i) {
				return false
			}
			for name := range i.Names() {
				if text, ok := parser.StaticName(name); ok {
					bound = append(bound, text)
				}
			}
		case parser.KindBinding:
			if text, ok := parser.StaticName(parser.Binding{Node: entry}.Path().Child(0)); ok {
				bound = append(bound, text)
			}
		}
	}
	f.bound = append(f.bound, bound...)
	return f.within(n, outer)
}

func (f *finder) inherit(n parser.Inherit) bool {
	if from := n.From(); from.IsValid() {
		return f.expr(from)
	}
	for name := range n.Names() {
		if text, ok := parser.StaticName(name); ok && !f.variable(text, f.scope) {
			return false
		}
	}
	return true
}
