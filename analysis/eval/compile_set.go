package eval

import (
	"iter"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/nixlint/nixlint/parser"
)

// setDef collects the definitions of a set: its own, and those that other
// bindings add to it by dotted names or by further literals.
type setDef struct {
	defs    []attrDef
	index   map[string]int // of defs by name; nil while they are few
	dynamic []dynamicDef
	froms   []parser.Node // the expressions of `inherit (…)`
	errors  bool          // the text is not complete
}

// attrDef is the definition of one attribute.
type attrDef struct {
	name    string
	at      parser.Node
	value   parser.Node // the value, unless it is a set in pieces or inherited
	inherit parser.Node // the name inherited from the enclosing scope
	from    int         // with inherit: the index of the expression it is taken from, or -1
	set     *setDef     // a set in pieces
	rec     bool        // the first piece is `rec`
}

type dynamicDef struct {
	name  parser.Node
	value parser.Node
	set   *setDef
}

// find returns the definition of a name, or nil. It is valid until another is
// added.
func (d *setDef) find(name string) *attrDef {
	if d.index != nil {
		if i, ok := d.index[name]; ok {
			return &d.defs[i]
		}
		return nil
	}
	for i := range d.defs {
		if d.defs[i].name == name {
			return &d.defs[i]
		}
	}
	return nil
}

// add adds a definition unless the name has one; the parser has reported that.
func (d *setDef) add(def attrDef) {
	if d.find(def.name) != nil {
		return
	}
	d.defs = append(d.defs, def)
	const few = 12
	switch n := len(d.defs); {
	case d.index != nil:
		d.index[def.name] = n - 1
	case n > few:
		d.index = make(map[string]int, 2*n)
		for i := range d.defs {
			d.index[d.defs[i].name] = i
		}
	}
}

// collect adds the entries of a set or let.
func (d *setDef) collect(entries iter.Seq[parser.Node]) {
	for entry := range entries {
		switch entry.Kind() {
		case parser.KindInherit:
			d.inherit(parser.Inherit{Node: entry})
		case parser.KindBinding:
			d.binding(parser.Binding{Node: entry})
		default:
			d.errors = true
		}
	}
}

func (d *setDef) inherit(n parser.Inherit) {
	from := -1
	if f := n.From(); f.IsValid() {
		from = len(d.froms)
		d.froms = append(d.froms, f)
	}
	for name := range n.Names() {
		if text, ok := parser.StaticName(name); ok {
			d.add(attrDef{name: text, at: name, inherit: name, from: from})
		}
	}
}

func (d *setDef) binding(b parser.Binding) {
	path := b.Path()
	last := path.ChildCount() - 1
	for i := 0; i < last; i++ {
		if d = d.inner(path.Child(i)); d == nil {
			return
		}
	}
	n := path.Child(last)
	if !n.IsValid() || n.Is(parser.KindMissing) {
		d.errors = true
		return
	}
	name, static := parser.StaticName(n)
	if !static {
		d.dynamic = append(d.dynamic, dynamicDef{name: n, value: b.Value()})
		return
	}
	value := parser.Unparen(b.Value())
	if !value.Is(parser.KindAttrSet) || (parser.AttrSet{Node: value}).IsLegacyLet() {
		d.add(attrDef{name: name, at: n, value: b.Value()})
		return
	}
	set := parser.AttrSet{Node: value}
	if d.find(name) == nil {
		d.add(attrDef{name: name, at: n, value: value, set: &setDef{}, rec: set.IsRec()})
	}
	if pieces := d.find(name).set; pieces != nil {
		pieces.collect(set.Children())
	}
}

// inner returns the set that a name before the last of a path stands for, or
// nil if it is defined as something else.
func (d *setDef) inner(n parser.Node) *setDef {
	if n.Is(parser.KindMissing) {
		d.errors = true
		return nil
	}
	name, static := parser.StaticName(n)
	if !static {
		set := &setDef{}
		d.dynamic = append(d.dynamic, dynamicDef{name: n, set: set})
		return set
	}
	if d.find(name) == nil {
		d.add(attrDef{name: name, at: n, set: &setDef{}})
	}
	return d.find(name).set
}

// setCode is a set.
type setCode struct {
	rec bool
	// attrs are the attributes sorted by name; fresh is the number of those
	// that need a new thunk, shared that of those among them that calls may have
	// in common.
	attrs   []attrCode
	fresh   int
	shared  int
	file    *File
	dynamic []dynamicCode
	froms   []*expr
	rest    *Unknown
	// overrides is set if a recursive set has the attribute __overrides, the
	// attributes of which replace the set's own.
	overrides bool
}

type attrCode struct {
	name  string
	value *expr
	at    Place
	kind  attrKind
	// shared is set if calls of the functions around it have its thunk in common.
	shared *sharedExpr
}

// attrKind says where the value of an attribute is evaluated.
type attrKind uint8

const (
	attrPlain     attrKind = iota // in the scope of the set
	attrInherited                 // in the scope around the set
	attrFrom                      // in the env of the expressions of `inherit (…)`
)

type dynamicCode struct {
	name  nameCode
	value *expr
}

func (c *compiler) attrSet(n parser.AttrSet, s *scope) code {
	d := &setDef{}
	d.collect(n.Children())
	set, _ := c.set(d, n.IsRec(), s)
	if n.IsLegacyLet() {
		return &selectCode{expr: set, path: []nameCode{{name: "body", at: c.at(n.Node)}}, at: c.at(n.Node)}
	}
	return set
}

func (c *compiler) let(n parser.Let, s *scope) code {
	d := &setDef{}
	d.collect(n.Entries())
	set, inner := c.set(d, true, s)
	set.overrides = false
	return &letCode{set, c.later(n.Body(), inner)}
}

// scope is the scope of a recursive set or let.
func (s *setCode) scope(parent *scope) *scope {
	names := make([]string, len(s.attrs))
	for i, a := range s.attrs {
		names[i] = a.name
	}
	return &scope{names: names, parent: parent}
}

// set compiles a set from its collected definitions. It returns the scope of its
// values, too.
func (c *compiler) set(d *setDef, rec bool, s *scope) (*setCode, *scope) {
	d.index = nil // the definitions change places
	slices.SortFunc(d.defs, func(a, b attrDef) int { return strings.Compare(a.name, b.name) })
	out := &setCode{rec: rec, file: c.file, attrs: make([]attrCode, len(d.defs)), rest: c.broken()}
	if d.errors {
		out.rest = c.incomplete()
	}
	for i := range d.defs {
		out.attrs[i].name = d.defs[i].name
		out.overrides = out.overrides || rec && d.defs[i].name == "__overrides"
	}
	inner := s
	if rec {
		inner = out.scope(s)
		if !out.overrides {
			c.bindingNeeds(d, s, inner)
		}
	}
	for _, from := range d.froms {
		out.froms = append(out.froms, c.later(from, inner))
	}
	for i := range d.defs {
		c.attr(&out.attrs[i], &d.defs[i], s, inner)
		if a := &out.attrs[i]; !a.value.simple || a.isAlias(rec) {
			out.fresh++
			if a.kind == attrPlain && !a.isAlias(rec) {
				a.shared = c.share(&d.defs[i], d, inner)
				if a.shared != nil {
					out.shared++
				}
			}
		}
	}
	for _, dyn := range d.dynamic {
		a := dynamicCode{name: c.name(dyn.name, inner)}
		if dyn.set != nil {
			a.value = c.pieces(dyn.name, dyn.set, false, inner)
		} else {
			a.value = c.later(dyn.value, inner)
		}
		out.dynamic = append(out.dynamic, a)
	}
	return out, inner
}

// isAlias reports whether an attribute is but another name for a variable that
// may be a sibling, whose thunk is not made yet.
func (a *attrCode) isAlias(rec bool) bool {
	return rec && a.kind == attrPlain && a.value.variable() != nil
}

// attr compiles one attribute. Names inherited without an expression belong to
// the scope around the set.
func (c *compiler) attr(a *attrCode, def *attrDef, outer, inner *scope) {
	a.at = c.at(def.at)
	switch {
	case def.set != nil:
		n := def.at
		if def.value.IsValid() {
			n = def.value
		}
		a.value = c.pieces(n, def.set, def.rec, inner)
	case def.inherit.IsValid() && def.from >= 0:
		a.kind = attrFrom
		a.value = newExpr(a.at, &selectCode{
			expr: &local{0, def.from}, path: []nameCode{{name: a.name, at: a.at}}, at: a.at,
		}, 2)
	case def.inherit.IsValid():
		a.kind = attrInherited
		a.value = newExpr(a.at, c.variable(def.inherit, a.name, outer), 1)
	default:
		a.value = c.later(def.value, inner)
	}
}

// pieces compiles a set that is defined in pieces when it is first evaluated.
func (c *compiler) pieces(n parser.Node, d *setDef, rec bool, s *scope) *expr {
	return newExpr(c.at(n), &piecesCode{file: c.file, def: d, rec: rec, scope: s}, 1)
}

// piecesCode is a set in pieces. Like an expr it is compiled when it is first
// needed.
type piecesCode struct {
	file   *File
	def    *setDef
	rec    bool
	ready  atomic.Bool
	scope  *scope
	set    *setCode
	height int
}

func (p *piecesCode) compile() {
	p.file.mu.Lock()
	defer p.file.mu.Unlock()
	if !p.ready.Load() {
		c := compiler{file: p.file}
		p.set, _ = c.set(p.def, p.rec, p.scope)
		p.height = c.height
		p.def, p.scope = nil, nil
		p.ready.Store(true)
	}
}

func (p *piecesCode) eval(ev *Evaluator, e *env) Value {
	if !p.ready.Load() {
		p.compile()
	}
	if u := ev.enter(p.height); u != nil {
		return u
	}
	v := p.set.eval(ev, e)
	ev.leave(p.height)
	return v
}
