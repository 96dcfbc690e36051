package eval

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// code is an expression made ready for evaluation: its variables are resolved
// to places in the chain of scopes.
type code interface {
	eval(ev *Evaluator, e *env) Value
}

// scope is what is known about an env when code is compiled.
type scope struct {
	names  map[string]int // slots; nil for the scope of a with
	parent *scope
}

// compiler turns the tree of one file into code. Code is compiled when it is
// first needed, a binding at a time, so that what is never evaluated costs
// nothing.
type compiler struct {
	file *File
}

func compile(f *File, n parser.Node) code { return (&compiler{f}).expr(n, nil) }

func (c *compiler) at(n parser.Node) Place { return Place{c.file, n.ID()} }

// lazy is code that is compiled when it is first evaluated.
type lazy struct {
	c     *compiler
	node  parser.Node
	scope *scope
	code  code
}

func (l *lazy) eval(ev *Evaluator, e *env) Value {
	if l.code == nil {
		l.code = l.c.expr(l.node, l.scope)
	}
	return l.code.eval(ev, e)
}

// later returns code for an expression that becomes a thunk: constants and
// variables at once, the rest lazily.
func (c *compiler) later(n parser.Node, s *scope) code {
	switch n.Kind() {
	case parser.KindIdent, parser.KindInt, parser.KindFloat, parser.KindString, parser.KindPath:
		return c.expr(n, s)
	}
	return &lazy{c: c, node: n, scope: s}
}

// expr compiles an expression.
func (c *compiler) expr(n parser.Node, s *scope) code {
	switch n.Kind() {
	case parser.KindParen:
		return c.expr(n.Child(0), s)
	case parser.KindIdent:
		return c.variable(n, n.Text(), s)
	case parser.KindInt:
		v, _ := parser.IntValue(n)
		return constant{Int(v)}
	case parser.KindFloat:
		v, _ := parser.FloatValue(n)
		return constant{Float(v)}
	case parser.KindURI:
		return constant{String(n.Text())}
	case parser.KindSearchPath:
		return constant{NewUnknown("search paths are not looked up", n.Text())}
	case parser.KindString, parser.KindIndString:
		return c.text(parser.String{Node: n}.Parts(), n, s, false)
	case parser.KindPath:
		return c.path(parser.Path{Node: n}, s)
	case parser.KindList:
		l := &listCode{}
		for e := range n.Children() {
			l.elems = append(l.elems, thunkCode{c.later(e, s), c.at(e)})
		}
		return l
	case parser.KindAttrSet:
		return c.attrSet(parser.AttrSet{Node: n}, s)
	case parser.KindLet:
		return c.let(parser.Let{Node: n}, s)
	case parser.KindSelect:
		sel := parser.Select{Node: n}
		out := &selectCode{expr: c.expr(sel.Expr(), s), path: c.names(sel.Path(), s)}
		if d := sel.Default(); d.IsValid() {
			out.or = c.later(d, s)
		}
		return out
	case parser.KindHasAttr:
		h := parser.HasAttr{Node: n}
		return &hasAttrCode{c.expr(h.Expr(), s), c.names(h.Path(), s)}
	case parser.KindApply:
		out := &applyCode{fn: c.expr(n.Child(0), s), at: c.at(n)}
		for i := range (parser.Apply{Node: n}).ArgCount() {
			arg := parser.Apply{Node: n}.Arg(i)
			out.args = append(out.args, thunkCode{c.later(arg, s), c.at(arg)})
		}
		return out
	case parser.KindUnary:
		u := parser.Unary{Node: n}
		return &unaryCode{u.Op(), c.expr(u.Expr(), s), c.at(n)}
	case parser.KindBinary:
		b := parser.Binary{Node: n}
		return &binaryCode{
			op: b.Op(), left: c.expr(b.Left(), s), right: c.later(b.Right(), s),
			leftAt: c.at(b.Left()), rightAt: c.at(b.Right()), at: c.at(n),
		}
	case parser.KindIf:
		i := parser.If{Node: n}
		return &ifCode{c.expr(i.Cond(), s), c.later(i.Then(), s), c.later(i.Else(), s), c.at(i.Cond())}
	case parser.KindWith:
		w := parser.With{Node: n}
		return &withCode{
			thunkCode{c.later(w.Namespace(), s), c.at(w.Namespace())},
			c.later(w.Body(), &scope{parent: s}),
		}
	case parser.KindAssert:
		a := parser.Assert{Node: n}
		return &assertCode{c.expr(a.Cond(), s), c.later(a.Body(), s), c.at(a.Cond())}
	case parser.KindLambda:
		return c.lambda(parser.Lambda{Node: n}, s)
	}
	return constant{NewUnknown("the text here is not complete")}
}

// variable compiles the use of a name.
func (c *compiler) variable(n parser.Node, name string, s *scope) code {
	up := 0
	var withs []int
	for at := s; at != nil; at = at.parent {
		if at.names == nil {
			withs = append(withs, up)
		} else if slot, ok := at.names[name]; ok {
			return &localCode{up, slot}
		}
		up++
	}
	if name == "__curPos" {
		line, col := c.file.Tree.Lines().Character(n.Span().Start)
		return constant{NewAttrs(map[string]Value{
			"file": String(c.file.Path), "line": Int(line + 1), "column": Int(col + 1),
		})}
	}
	return &freeCode{name: name, withs: withs, at: c.at(n)}
}

// text compiles a string, or a path with interpolations.
func (c *compiler) text(parts []parser.Part, n parser.Node, s *scope, isPath bool) code {
	if len(parts) == 0 {
		return constant{String("")}
	}
	if len(parts) == 1 && parts[0].Text != "" {
		return constant{String(parts[0].Text)}
	}
	out := &textCode{isPath: isPath, at: c.at(n), dir: dirOf(c.file.Path)}
	for _, p := range parts {
		if p.Interp.IsValid() {
			inner := parser.Interp{Node: p.Interp}.Expr()
			out.parts = append(out.parts, textPart{code: c.expr(inner, s), at: c.at(inner)})
		} else {
			out.parts = append(out.parts, textPart{text: p.Text})
		}
	}
	return out
}

func (c *compiler) path(p parser.Path, s *scope) code {
	if p.IsHome() {
		return constant{NewUnknown("the home directory is not known", p.Text())}
	}
	if text, ok := p.Static(); ok {
		return constant{Path(cleanPath(dirOf(c.file.Path), text))}
	}
	return c.text(p.Parts(), p.Node, s, true)
}

func dirOf(p string) string {
	if i := strings.LastIndexByte(p, '/'); i > 0 {
		return p[:i]
	}
	return "/"
}

// nameCode is an attribute name: fixed, or computed.
type nameCode struct {
	name string
	code code // nil for a fixed name
	at   Place
}

func (c *compiler) name(n parser.Node, s *scope) nameCode {
	if name, ok := parser.StaticName(n); ok {
		return nameCode{name: name, at: c.at(n)}
	}
	switch n.Kind() {
	case parser.KindInterp:
		return nameCode{code: c.expr(parser.Interp{Node: n}.Expr(), s), at: c.at(n)}
	case parser.KindString:
		return nameCode{code: c.expr(n, s), at: c.at(n)}
	}
	return nameCode{code: constant{NewUnknown("the name is missing")}, at: c.at(n)}
}

func (c *compiler) names(p parser.AttrPath, s *scope) []nameCode {
	out := make([]nameCode, 0, p.ChildCount())
	for n := range p.Children() {
		out = append(out, c.name(n, s))
	}
	return out
}

// setDef collects the definitions of a set: its own, and those that other
// bindings add to it by dotted names or by further literals.
type setDef struct {
	names   []string
	defs    map[string]*attrDef
	dynamic []dynamicDef
}

type attrDef struct {
	at      Place
	value   parser.Node // the value, unless it is a set in pieces or inherited
	inherit parser.Node // the name inherited from the enclosing scope
	from    parser.Node // with inherit: the expression it is taken from
	set     *setDef     // a set in pieces
	rec     bool        // the first piece is `rec`
	literal parser.Node // the set literal that came first, for its place
}

type dynamicDef struct {
	name  parser.Node
	value parser.Node
	set   *setDef
}

func newSetDef() *setDef { return &setDef{defs: make(map[string]*attrDef)} }

func (d *setDef) add(name string, def *attrDef) {
	if _, ok := d.defs[name]; !ok {
		d.names = append(d.names, name)
		d.defs[name] = def
	}
}

// collect adds the entries of a set or let to d.
func (c *compiler) collect(d *setDef, entries func(func(parser.Node) bool)) {
	for entry := range entries {
		switch entry.Kind() {
		case parser.KindInherit:
			inh := parser.Inherit{Node: entry}
			for n := range inh.Names() {
				if name, ok := parser.StaticName(n); ok {
					d.add(name, &attrDef{at: c.at(n), inherit: n, from: inh.From()})
				}
			}
		case parser.KindBinding:
			b := parser.Binding{Node: entry}
			at := d
			last := b.Path().ChildCount() - 1
			for i := 0; i <= last; i++ {
				n := b.Path().Child(i)
				name, static := parser.StaticName(n)
				if !static {
					if n.Kind() == parser.KindMissing {
						break
					}
					dyn := dynamicDef{name: n}
					if i == last {
						dyn.value = b.Value()
						at.dynamic = append(at.dynamic, dyn)
						break
					}
					dyn.set = newSetDef()
					at.dynamic = append(at.dynamic, dyn)
					at = dyn.set
					continue
				}
				if i < last {
					def := at.defs[name]
					if def == nil {
						def = &attrDef{at: c.at(n), set: newSetDef()}
						at.add(name, def)
					}
					if def.set == nil {
						break // defined twice; reported by the parser
					}
					at = def.set
					continue
				}
				value := parser.Unparen(b.Value())
				if value.Is(parser.KindAttrSet) && !(parser.AttrSet{Node: value}).IsLegacyLet() {
					def := at.defs[name]
					if def == nil {
						def = &attrDef{at: c.at(n), set: newSetDef(), rec: parser.AttrSet{Node: value}.IsRec(), literal: value}
						at.add(name, def)
					}
					if def.set != nil {
						c.collect(def.set, value.Children())
					}
					break
				}
				at.add(name, &attrDef{at: c.at(n), value: b.Value()})
			}
		}
	}
}

func (c *compiler) attrSet(n parser.AttrSet, s *scope) code {
	d := newSetDef()
	c.collect(d, n.Children())
	set := c.set(d, n.IsRec(), s)
	if n.IsLegacyLet() {
		return &selectCode{expr: set, path: []nameCode{{name: "body", at: c.at(n.Node)}}}
	}
	return set
}

// set compiles a set from its collected definitions.
func (c *compiler) set(d *setDef, rec bool, s *scope) *setCode {
	out := &setCode{rec: rec}
	inner := s
	order := slices.Clone(d.names)
	slices.Sort(order)
	if rec {
		inner = &scope{names: make(map[string]int, len(order)), parent: s}
		for i, name := range order {
			inner.names[name] = i
		}
	}
	for _, name := range order {
		out.attrs = append(out.attrs, c.attr(name, d.defs[name], s, inner))
	}
	for _, dyn := range d.dynamic {
		a := dynamicCode{name: c.name(dyn.name, inner)}
		if dyn.set != nil {
			a.value = thunkCode{c.set(dyn.set, false, inner), c.at(dyn.name)}
		} else {
			a.value = thunkCode{c.later(dyn.value, inner), c.at(dyn.value)}
		}
		out.dynamic = append(out.dynamic, a)
	}
	return out
}

// attr compiles one attribute. Inherited names belong to the outer scope.
func (c *compiler) attr(name string, def *attrDef, outer, inner *scope) attrCode {
	a := attrCode{name: name, at: def.at}
	switch {
	case def.set != nil:
		at := def.at
		if def.literal.IsValid() {
			at = c.at(def.literal)
		}
		a.value = thunkCode{&lazySet{c: c, def: def, scope: inner}, at}
	case def.inherit.IsValid() && def.from.IsValid():
		a.value = thunkCode{&selectCode{expr: c.expr(def.from, inner), path: []nameCode{{name: name, at: def.at}}}, def.at}
	case def.inherit.IsValid():
		a.value = thunkCode{c.variable(def.inherit, name, outer), def.at}
		a.inherited = true
	default:
		a.value = thunkCode{c.later(def.value, inner), c.at(def.value)}
	}
	return a
}

// lazySet is a set in pieces that is compiled when it is first evaluated.
type lazySet struct {
	c     *compiler
	def   *attrDef
	scope *scope
	code  code
}

func (l *lazySet) eval(ev *Evaluator, e *env) Value {
	if l.code == nil {
		l.code = l.c.set(l.def.set, l.def.rec, l.scope)
	}
	return l.code.eval(ev, e)
}

func (c *compiler) let(n parser.Let, s *scope) code {
	d := newSetDef()
	c.collect(d, n.Entries())
	set := c.set(d, true, s)
	names := make(map[string]int, len(set.attrs))
	for i, a := range set.attrs {
		names[a.name] = i
	}
	return &letCode{set, c.later(n.Body(), &scope{names: names, parent: s})}
}

// lambdaCode is a function. Its scope holds the parameter, or the formals in
// order and then the name for the whole argument.
type lambdaCode struct {
	formals  []formalCode
	pattern  bool
	ellipsis bool
	hasAt    bool
	body     code
	at       Place
}

type formalCode struct {
	name     string
	fallback code // nil if there is none
	at       Place
}

func (c *compiler) lambda(n parser.Lambda, s *scope) code {
	out := &lambdaCode{at: c.at(n.Node)}
	names := make(map[string]int)
	inner := &scope{names: names, parent: s}
	p, isPattern := n.Pattern()
	if !isPattern {
		names[n.Param().Text()] = 0
		out.body = c.later(n.Body(), inner)
		return out
	}
	out.pattern = true
	out.ellipsis = p.Ellipsis().IsValid()
	for f := range p.Formals() {
		names[f.Name().Text()] = len(out.formals)
		out.formals = append(out.formals, formalCode{name: f.Name().Text(), at: c.at(f.Name())})
	}
	if at := p.At(); at.IsValid() {
		out.hasAt = true
		names[at.Text()] = len(out.formals)
	}
	i := 0
	for f := range p.Formals() {
		if d := f.Default(); d.IsValid() {
			out.formals[i].fallback = c.later(d, inner)
		}
		i++
	}
	out.body = c.later(n.Body(), inner)
	return out
}
