package eval

import (
	"slices"
	"strings"
	"sync/atomic"

	"github.com/nixlint/nixlint/parser"
)

// code is an expression made ready for evaluation: its variables are resolved
// to places in the chain of scopes.
type code interface {
	eval(ev *Evaluator, e *env) Value
}

// reference is code that does no more than name a thunk. target returns that,
// or the value if there is no such thunk.
type reference interface {
	code
	target(ev *Evaluator, e *env) (*Thunk, Value)
}

// expr is an expression whose evaluation is put off: the value of a binding,
// an argument, the body of a function. It is compiled when it is first needed,
// so that what is never evaluated costs nothing. Several evaluators may use it at
// once.
type expr struct {
	file  *File
	scope *scope
	code  code // to be looked at only if ready or simple
	node  parser.NodeID
	// height is how deep eval may call itself for the expression without
	// going through another expr, see [Limits].
	height int32
	ready  atomic.Bool // it is compiled
	// simple is set, from the beginning, if thunk makes no new thunk: for
	// constants and variables.
	simple bool
}

// newExpr makes an expression that is compiled already.
func newExpr(at Place, code code, height int) *expr {
	x := &expr{file: at.File, node: at.Node}
	x.set(code, height)
	switch code.(type) {
	case *constant, *local, *global:
		x.simple = true
	}
	return x
}

func (x *expr) set(code code, height int) {
	x.code, x.height, x.scope = code, int32(height), nil
	x.ready.Store(true)
}

func (x *expr) at() Place { return Place{x.file, x.node} }

func (x *expr) compile() {
	x.file.mu.Lock()
	defer x.file.mu.Unlock()
	if !x.ready.Load() {
		c := compiler{file: x.file}
		code := c.expr(x.file.Tree.Node(x.node), x.scope)
		x.set(code, c.height)
	}
}

// run evaluates the expression in the course of another.
func (x *expr) run(ev *Evaluator, e *env) Value {
	if !x.ready.Load() {
		x.compile()
	}
	height := int(x.height) + 1
	if u := ev.enter(height); u != nil {
		return u
	}
	v := x.code.eval(ev, e)
	ev.leave(height)
	return v
}

// thunk puts the evaluation off. Constants and variables have a thunk already.
func (x *expr) thunk(ev *Evaluator, e *env) *Thunk {
	if x.simple {
		switch c := x.code.(type) {
		case *constant:
			return &c.thunk
		case *local:
			return c.slot(e)
		case *global:
			return ev.globals[c.index]
		}
	}
	return &Thunk{expr: x, env: e}
}

// own is thunk where the thunks of variables may not be there yet, or where
// the place of the expression matters even if it is a variable.
func (x *expr) own(e *env) *Thunk {
	if x.simple {
		if c, ok := x.code.(*constant); ok {
			return &c.thunk
		}
	}
	return &Thunk{expr: x, env: e}
}

// variable returns the variable that the expression is no more than, or nil.
func (x *expr) variable() *local {
	if !x.simple {
		return nil
	}
	v, _ := x.code.(*local)
	return v
}

// isPlainText reports whether the expression is text without interpolations.
func (x *expr) isPlainText() bool {
	switch n := x.at().Syntax(); n.Kind() {
	case parser.KindIndString, parser.KindURI:
		return n.ChildCount() == 0
	}
	return false
}

// scope is what is known of an env when code is compiled: the names in the
// order of their slots.
type scope struct {
	names  []string // sorted, but for last
	last   string   // the name of the slot behind those of names; may be empty
	isWith bool
	// isParam is set for the parameters of a function.
	isParam bool
	// needs says of each slot what it depends on, of a let or recursive set that is
	// in a function, or of a with; nil if that is more than a few parameters.
	needs  []*needs
	parent *scope
}

// find returns the slot of a name.
func (s *scope) find(name string) (slot int, ok bool) {
	if s.last == name && name != "" {
		return len(s.names), true
	}
	return slices.BinarySearch(s.names, name)
}

// compiler compiles one expr.
type compiler struct {
	file          *File
	depth, height int
}

func (c *compiler) at(n parser.Node) Place { return Place{c.file, n.ID()} }

// later puts off the compilation of an expression, but for what is as cheap to
// compile as to remember.
func (c *compiler) later(n parser.Node, s *scope) *expr {
	n = parser.Unparen(n)
	var code code
	switch n.Kind() {
	case parser.KindIdent, parser.KindInt, parser.KindFloat:
		code = c.expr(n, s)
	case parser.KindString, parser.KindPath:
		if n.ChildCount() == 0 {
			code = c.expr(n, s)
		}
	}
	if code == nil {
		return &expr{file: c.file, node: n.ID(), scope: s}
	}
	x := newExpr(c.at(n), code, 1)
	if k, ok := code.(*constant); ok {
		k.thunk.expr = x
	}
	return x
}

// expr compiles an expression.
func (c *compiler) expr(n parser.Node, s *scope) code {
	c.depth++
	c.height = max(c.height, c.depth)
	defer func() { c.depth-- }()
	switch n.Kind() {
	case parser.KindParen:
		return c.expr(n.Child(0), s)
	case parser.KindIdent:
		return c.variable(n, n.Text(), s)
	case parser.KindInt:
		v, ok := parser.IntValue(n)
		if !ok {
			return c.constant(n, &Error{Kind: ErrorSyntax, Message: "the number is too large", At: c.at(n)})
		}
		return c.constant(n, Int(v))
	case parser.KindFloat:
		v, ok := parser.FloatValue(n)
		if !ok {
			return c.constant(n, &Error{Kind: ErrorSyntax, Message: "the number is too large", At: c.at(n)})
		}
		return c.constant(n, Float(v))
	case parser.KindURI:
		return c.constant(n, String(n.Text()))
	case parser.KindSearchPath:
		return c.searchPath(n, s)
	case parser.KindString, parser.KindIndString:
		return c.text(parser.String{Node: n}, s)
	case parser.KindPath:
		return c.path(parser.Path{Node: n}, s)
	case parser.KindList:
		l := &listCode{}
		for e := range n.Children() {
			if e.Is(parser.KindError) {
				l.more = c.incomplete()
				continue
			}
			l.elems = append(l.elems, c.later(e, s))
		}
		return l
	case parser.KindAttrSet:
		return c.attrSet(parser.AttrSet{Node: n}, s)
	case parser.KindLet:
		return c.let(parser.Let{Node: n}, s)
	case parser.KindSelect:
		sel := parser.Select{Node: n}
		out := &selectCode{expr: c.expr(sel.Expr(), s), path: c.names(sel.Path(), s), at: c.at(n)}
		if d := sel.Default(); d.IsValid() {
			out.or = c.later(d, s)
		}
		return out
	case parser.KindHasAttr:
		h := parser.HasAttr{Node: n}
		return &hasAttrCode{c.expr(h.Expr(), s), c.names(h.Path(), s)}
	case parser.KindApply:
		a := parser.Apply{Node: n}
		out := &applyCode{fn: c.expr(a.Func(), s), args: make([]*expr, a.ArgCount()), at: c.at(n)}
		for i := range out.args {
			out.args[i] = c.later(a.Arg(i), s)
		}
		return out
	case parser.KindUnary:
		u := parser.Unary{Node: n}
		if u.Op() == parser.TokenNot {
			return &notCode{c.expr(u.Expr(), s), c.at(u.Expr())}
		}
		return c.arithmetic("__sub", constantOf(Int(0)), c.expr(u.Expr(), s), n, s)
	case parser.KindBinary:
		return c.binary(parser.Binary{Node: n}, s)
	case parser.KindIf:
		i := parser.If{Node: n}
		return &ifCode{c.expr(i.Cond(), s), c.later(i.Then(), s), c.later(i.Else(), s), c.at(i.Cond())}
	case parser.KindWith:
		w := parser.With{Node: n}
		inner := &scope{isWith: true, parent: s}
		if f := (finder{scope: s}); f.expr(w.Namespace()) {
			inner.needs = []*needs{&f.needs}
		}
		return &withCode{c.later(w.Namespace(), s), c.later(w.Body(), inner)}
	case parser.KindAssert:
		a := parser.Assert{Node: n}
		return &assertCode{c.expr(a.Cond(), s), c.later(a.Body(), s), c.at(a.Cond())}
	case parser.KindLambda:
		return c.lambda(parser.Lambda{Node: n}, s)
	}
	return c.constant(n, c.incomplete())
}

// incomplete is the value of text that is not an expression yet.
func (c *compiler) incomplete() *Unknown { return NewUnknown("the text is not complete") }

// broken returns the unknown rest of sets and scopes in a file with syntax
// errors, or nil. What seems to be missing there may only be misplaced.
func (c *compiler) broken() *Unknown {
	if c.file.broken {
		return NewUnknown("the file has syntax errors")
	}
	return nil
}

func (c *compiler) constant(n parser.Node, v Value) code {
	k := constantOf(v)
	k.thunk.expr = newExpr(c.at(n), k, 1)
	return k
}

// variable compiles the use of a name.
func (c *compiler) variable(n parser.Node, name string, s *scope) code {
	if name == "__curPos" {
		return c.constant(n, positionOf(c.at(n)))
	}
	if code := c.named(name, s); code != nil {
		return code
	}
	if index, ok := slices.BinarySearch(globalNames(), name); ok {
		return &global{index}
	}
	out := &withVariable{name: name, at: c.at(n)}
	up := 0
	for at := s; at != nil; at = at.parent {
		if at.isWith {
			out.withs = append(out.withs, up)
		}
		up++
	}
	out.missing = c.broken()
	return out
}

// named compiles the use of a name that a let, rec or function binds, or
// returns nil.
func (c *compiler) named(name string, s *scope) code {
	up := 0
	for at := s; at != nil; at = at.parent {
		if !at.isWith {
			if slot, ok := at.find(name); ok {
				return &local{up, slot}
			}
		}
		up++
	}
	return nil
}

// searchPath compiles `<name>`, which is a call of __findFile: names that can
// be bound like any other.
func (c *compiler) searchPath(n parser.Node, s *scope) code {
	text := n.Text()
	return &applyCode{
		fn: c.variable(n, "__findFile", s),
		args: []*expr{
			newExpr(c.at(n), c.variable(n, "__nixPath", s), 1),
			newExpr(c.at(n), c.constant(n, String(text[1:len(text)-1])), 1),
		},
		at: c.at(n),
	}
}

// text compiles a string.
func (c *compiler) text(n parser.String, s *scope) code {
	parts := n.Parts()
	if text, ok := n.Static(); ok {
		return c.constant(n.Node, String(text))
	}
	return newTextCode(c.parts(parts, s))
}

func (c *compiler) parts(parts []parser.Part, s *scope) []textPart {
	out := make([]textPart, len(parts))
	for i, p := range parts {
		if p.Interp.IsValid() {
			inner := parser.Interp{Node: p.Interp}.Expr()
			out[i] = textPart{code: c.expr(inner, s), at: c.at(inner)}
		} else {
			out[i] = textPart{text: p.Text}
		}
	}
	return out
}

func (c *compiler) path(p parser.Path, s *scope) code {
	if p.IsHome() {
		return c.constant(p.Node, NewUnknown("the home directory is not known", p.Text()))
	}
	if text, ok := p.Static(); ok {
		return c.constant(p.Node, Path(cleanPath(c.file.dir, text)))
	}
	return &pathCode{parts: c.parts(p.Parts(), s), dir: c.file.dir}
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
	return nameCode{code: constantOf(c.incomplete()), at: c.at(n)}
}

func (c *compiler) names(p parser.AttrPath, s *scope) []nameCode {
	out := make([]nameCode, 0, p.ChildCount())
	for n := range p.Children() {
		out = append(out, c.name(n, s))
	}
	return out
}

// lambdaCode is a function. Its scope holds the parameter, or the formals in
// the order of their names and then the whole argument.
type lambdaCode struct {
	param    string // the name of the whole argument; may be empty
	formals  []formalCode
	pattern  bool
	ellipsis bool
	body     *expr
	at       Place
	listed   []Formal // see Lambda.Formals
}

type formalCode struct {
	name     string
	fallback *expr // nil if there is none
	at       Place
}

func (c *compiler) lambda(n parser.Lambda, s *scope) code {
	out := &lambdaCode{at: c.at(n.Node)}
	inner := &scope{parent: s, isParam: true}
	p, isPattern := n.Pattern()
	if !isPattern {
		out.param = n.Param().Text()
		inner.last = out.param
		out.body = c.later(n.Body(), inner)
		return out
	}
	out.pattern = true
	out.ellipsis = p.Ellipsis().IsValid() || c.file.broken
	if at := p.At(); at.IsValid() {
		out.param = at.Text()
		inner.last = out.param
	}
	for f := range p.Formals() {
		out.formals = append(out.formals, formalCode{name: f.Name().Text(), at: c.at(f.Name())})
		if d := f.Default(); d.IsValid() {
			// Compiled in the inner scope, whose names are filled in below.
			out.formals[len(out.formals)-1].fallback = &expr{file: c.file, node: d.ID(), scope: inner}
		}
	}
	slices.SortStableFunc(out.formals, func(a, b formalCode) int { return strings.Compare(a.name, b.name) })
	inner.names = make([]string, len(out.formals))
	out.listed = make([]Formal, len(out.formals))
	for i, f := range out.formals {
		inner.names[i] = f.name
		out.listed[i] = Formal{f.name, f.fallback != nil, f.at}
	}
	out.body = c.later(n.Body(), inner)
	return out
}
