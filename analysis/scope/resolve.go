package scope

import (
	"slices"
	"sync"

	"github.com/nixlint/nixlint/parser"
)

// resolver walks a tree once. It keeps, for every name, the innermost
// definition in force where the walk is, so that looking a name up costs one
// probe of a hash table.
type resolver struct {
	Names   // its slices are used again for the next file
	symbols symbols
	symOf   []symbol // of each definition

	scope ID    // the scope the walk is in
	with  ID    // the innermost with the walk is in
	owner DefID // the innermost let definition whose value the walk is in
}

// maxPooledNodes is the size of a tree from which on the memory of a resolver is not kept
// for the next one.
const maxPooledNodes = 1 << 20

var resolvers = sync.Pool{New: func() any { return new(resolver) }}

// Resolve resolves the names of a file.
func Resolve(t *parser.Tree) *Names {
	r := resolvers.Get().(*resolver)
	r.reset(t)
	r.expr(t.Root())
	n := r.take()
	if cap(r.links) <= maxPooledNodes {
		resolvers.Put(r)
	}
	return n
}

// reset makes a resolver ready for a file.
func (r *resolver) reset(t *parser.Tree) {
	r.tree = t
	r.links = slices.Grow(r.links[:0], t.NodeCount())[:t.NodeCount()]
	clear(r.links)
	r.scopes, r.defs, r.uses, r.places = r.scopes[:0], r.defs[:0], r.uses[:0], r.places[:0]
	r.merges = merges{}
	if hasRecValue(t) {
		r.merges = mergedSets(t)
	}
	r.symbols.reset()
	r.symOf = r.symOf[:0]
	r.scope, r.with, r.owner = None, None, None
}

// take returns what has been found out, in memory of its own.
func (r *resolver) take() *Names {
	n := &Names{
		tree: r.tree, links: exactly(r.links), scopes: exactly(r.scopes), defs: exactly(r.defs), uses: exactly(r.uses), places: exactly(r.places),
		merges: r.merges,
	}
	r.tree, r.merges = nil, merges{}
	r.symbols.forget()
	return n
}

// exactly returns a copy that has no room for more.
func exactly[T any](s []T) []T {
	if len(s) == 0 {
		return nil
	}
	return append(make([]T, 0, len(s)), s...)
}

// hasRecValue reports whether the value of a binding is a `rec` set, which may be merged
// with other definitions of the same attribute.
func hasRecValue(t *parser.Tree) bool {
	if !t.MayHaveRec() {
		return false
	}
	for id := range t.NodeCount() {
		n := t.Node(parser.NodeID(id))
		if !n.Is(parser.KindAttrSet) || !(parser.AttrSet{Node: n}).IsRec() {
			continue
		}
		p := parser.WithParens(n).Parent()
		if p.Is(parser.KindBinding) {
			return true
		}
	}
	return false
}

// expr resolves the names in a node and below it.
func (r *resolver) expr(n parser.Node) {
	switch n.Kind() {
	case parser.KindIdent:
		if text := n.Text(); text != "__curPos" {
			r.use(n, text, None)
		}
	case parser.KindLambda:
		r.lambda(parser.Lambda{Node: n})
	case parser.KindLet:
		r.let(parser.Let{Node: n})
	case parser.KindAttrSet:
		r.set(parser.AttrSet{Node: n})
	case parser.KindWith:
		w := parser.With{Node: n}
		r.expr(w.Namespace())
		outer, outerWith := r.scope, r.with
		r.with = r.open(With, n)
		r.expr(w.Body())
		r.scope, r.with = outer, outerWith
	default:
		for i := range n.ChildCount() {
			r.expr(n.Child(i))
		}
	}
}

// open opens a scope at a node. The definitions that follow belong to it.
func (r *resolver) open(kind Kind, n parser.Node) ID {
	id := ID(len(r.scopes))
	r.scopes = append(r.scopes, Scope{Kind: kind, Node: n.ID(), Parent: r.scope, First: DefID(len(r.defs))})
	if r.links[n.ID()] == 0 {
		r.links[n.ID()] = int32(id) + 1
	}
	r.scope = id
	return id
}

// define adds a definition to the scope opened last, or a piece to one that is
// in it already.
func (r *resolver) define(kind DefKind, name parser.Node) {
	text := nameText(name)
	sym := r.symbols.intern(text)
	scope := &r.scopes[r.scope]
	top := &r.symbols.entries[sym].top
	if *top >= scope.First {
		r.defs[*top].More = true
		r.places = append(r.places, place{*top, name.ID()})
		r.links[name.ID()] = int32(*top) + 1
		return
	}
	d := DefID(len(r.defs))
	r.defs = append(r.defs, Definition{Node: name.ID(), Scope: r.scope, Shadows: *top, Inherits: None, Kind: kind,
		firstUse: None, lastUse: None, owner: r.owner})
	r.symOf = append(r.symOf, sym)
	r.links[name.ID()] = int32(d) + 1
	scope.Count++
	*top = d
}

// leave puts the names back in force that a scope hides.
func (r *resolver) leave(id ID) {
	s := &r.scopes[id]
	for d := s.First; d < s.First+DefID(s.Count); d++ {
		r.symbols.entries[r.symOf[d]].top = r.defs[d].Shadows
	}
	r.scope = s.Parent
}

// reenter puts a scope's names in force again, for another piece of the set
// that opened it.
func (r *resolver) reenter(id ID) {
	s := &r.scopes[id]
	for d := s.First; d < s.First+DefID(s.Count); d++ {
		r.symbols.entries[r.symOf[d]].top = d
	}
	r.scope = id
}

// use adds a use of a name. The definitions of the scope outside do not count,
// unless outside is None.
func (r *resolver) use(n parser.Node, name string, outside ID) UseID {
	u := UseID(len(r.uses))
	sym := &r.symbols.entries[r.symbols.intern(name)]
	d := sym.top
	if d != None && r.defs[d].Scope == outside && outside != None {
		d = r.defs[d].Shadows
	}
	use := Use{Node: n.ID(), Def: d, With: r.with, next: None, owner: r.owner}
	switch {
	case d != None:
		def := &r.defs[d]
		if def.lastUse == None {
			def.firstUse = u
		} else {
			r.uses[def.lastUse].next = u
		}
		def.lastUse = u
		def.Uses++
	case sym.isGlobal(name):
		use.Target = GlobalOf
	case r.with != None:
		use.Target = FromWith
		for w := r.with; w != None && !r.scopes[w].Reached; w = r.withAround(w) {
			r.scopes[w].Reached = true
		}
	default:
		use.Target = Nothing
	}
	r.uses = append(r.uses, use)
	if r.links[n.ID()] == 0 {
		r.links[n.ID()] = -int32(u) - 1
	}
	return u
}

// withAround returns the next with around a scope.
func (r *resolver) withAround(s ID) ID {
	for s = r.scopes[s].Parent; s != None && r.scopes[s].Kind != With; s = r.scopes[s].Parent {
	}
	return s
}

func (r *resolver) lambda(l parser.Lambda) {
	id := r.open(Lambda, l.Node)
	if p, ok := l.Pattern(); ok {
		for i := range p.ChildCount() {
			switch c := p.Child(i); c.Kind() {
			case parser.KindName:
				r.define(Whole, c)
			case parser.KindFormal:
				r.define(Formal, c.Child(0))
			}
		}
		for i := range p.ChildCount() {
			if c := p.Child(i); c.Kind() != parser.KindName {
				r.expr(c)
			}
		}
	} else if l.Param().Is(parser.KindName) {
		r.define(Argument, l.Param())
	}
	r.expr(l.Body())
	r.leave(id)
}

func (r *resolver) let(l parser.Let) {
	id := r.open(Let, l.Node)
	r.declare(l.Node)
	for entry := range l.Entries() {
		r.entry(entry, id, true)
	}
	r.expr(l.Body())
	r.leave(id)
}

func (r *resolver) set(s parser.AttrSet) {
	m := r.merges.pieces[s.ID()]
	switch {
	case m == nil && !s.IsRec(), m != nil && !m.rec:
		for i := range s.ChildCount() {
			r.entry(s.Child(i), None, false)
		}
	case m == nil:
		id := r.open(Rec, s.Node)
		r.declare(s.Node)
		for i := range s.ChildCount() {
			r.entry(s.Child(i), id, false)
		}
		r.leave(id)
	default:
		id := r.enterMerged(m)
		for i := range s.ChildCount() {
			r.entry(s.Child(i), id, false)
		}
		r.leave(id)
	}
}

// declare defines the names that the bindings of a let or `rec` set make.
func (r *resolver) declare(set parser.Node) {
	for i := range set.ChildCount() {
		switch entry := set.Child(i); entry.Kind() {
		case parser.KindBinding:
			if name := entry.Child(0).Child(0); isStatic(name) {
				r.define(Binding, name)
			}
		case parser.KindInherit:
			in := parser.Inherit{Node: entry}
			kind := Inherit
			if in.From().IsValid() {
				kind = InheritFrom
			}
			for name := range in.Names() {
				if isStatic(name) {
					r.define(kind, name)
				}
			}
		}
	}
}

// isStatic reports whether a node is a name that is known without evaluation.
func isStatic(n parser.Node) bool {
	if n.Is(parser.KindName) {
		return true
	}
	if !n.IsValid() {
		return false
	}
	_, ok := parser.StaticName(n)
	return ok
}

// entry resolves the names in a binding or inherit. The scope is that of the
// set, or None if its members do not see each other.
func (r *resolver) entry(entry parser.Node, scope ID, inLet bool) {
	outer := r.owner
	switch entry.Kind() {
	case parser.KindBinding:
		if inLet {
			if d := r.DefinitionAt(entry.Child(0).Child(0)); d != None {
				r.owner = d
			}
		}
		r.binding(parser.Binding{Node: entry})
	case parser.KindInherit:
		in := parser.Inherit{Node: entry}
		if from := in.From(); from.IsValid() {
			if inLet {
				if d := r.inheritOwner(in); d != None {
					r.owner = d
				}
			}
			r.expr(from)
			break
		}
		for name := range in.Names() {
			if !isStatic(name) {
				continue
			}
			d := r.DefinitionAt(name)
			if inLet && d != None {
				r.owner = d
			}
			u := r.use(name, nameText(name), scope)
			if d != None && scope != None && r.defs[d].Node == name.ID() {
				r.defs[d].Inherits = u
			}
		}
	default:
		r.expr(entry)
	}
	r.owner = outer
}

// binding resolves the computed names of a binding and its value.
func (r *resolver) binding(b parser.Binding) {
	path := b.Path().Node
	if through := r.merges.paths[b.ID()]; through != nil {
		r.pathThrough(b, through)
		return
	}
	for i := range path.ChildCount() {
		if name := path.Child(i); name.Kind() != parser.KindName {
			r.expr(name)
		}
	}
	r.expr(b.Value())
}
