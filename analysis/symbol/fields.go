package symbol

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// Code looks at what sets hold by their code alone, without evaluation: for variables of a
// file, and files that it imports, which no module need get as an argument.
type Code struct {
	File  *repo.File
	Names *scope.Names
	// Other returns another file of the repository with its names; nil if there is none.
	Other func(path string) (*repo.File, *scope.Names)
}

// Field is an attribute that code gives to a set.
type Field struct {
	Name string
	At   Place // its name
	// Value is what it is bound to; invalid if that is said in pieces, or inherited.
	Value parser.Node
}

// maxFieldSteps bounds how many expressions are looked at for one question.
const maxFieldSteps = 2000

// fieldReader answers one question.
type fieldReader struct {
	other func(path string) (*repo.File, *scope.Names)
	left  int
}

// piece is a binding in a set, or what remains of one below a name.
type piece struct {
	file  *repo.File
	names *scope.Names
	path  []parser.Node // of names, at least one
	value parser.Node   // invalid for a name that is inherited
}

// in is a file with its names.
type in struct {
	file  *repo.File
	names *scope.Names
}

func (c Code) reader() (*fieldReader, in) {
	return &fieldReader{c.Other, maxFieldSteps}, in{c.File, c.Names}
}

// Before returns the attributes of what stands before a cursor, be it joined to it by dots,
// the set of an inherit, or what `with` opens around it.
func (c Code) Before(cursor Cursor) []Field {
	r, here := c.reader()
	switch {
	case cursor.From.IsValid():
		return fieldsOf(r.through(r.of(here, cursor.From), cursor.Before))
	case len(cursor.Before) > 0:
		return fieldsOf(r.through(r.named(here, cursor.Scope, cursor.Before[0]), cursor.Before[1:]))
	}
	var out []Field
	for w := range c.Names.Withs(cursor.Scope) {
		out = append(out, fieldsOf(r.of(here, parser.With{Node: c.File.Tree.Node(c.Names.Scopes()[w].Node)}.Namespace()))...)
	}
	return out
}

// At returns the attributes that a name at an offset selects, with the name's place.
func (c Code) At(offset uint32) (out []Field, at parser.Span) {
	n := c.File.Tree.NodeAt(offset)
	name, ok := parser.StaticName(n)
	r, here := c.reader()
	var from []piece
	switch parent := n.Parent(); {
	case n.Is(parser.KindIdent):
		u := c.Names.UseAt(n)
		if u == scope.None || c.Names.Uses()[u].Target != scope.FromWith {
			return nil, at
		}
		name = n.Text()
		from = r.ofWiths(here, c.Names.Uses()[u].With, name)
	case !ok:
		return nil, at
	case parent.Is(parser.KindInherit) && (parser.Inherit{Node: parent}).From().IsValid():
		from = r.of(here, parser.Inherit{Node: parent}.From())
	case parent.Is(parser.KindAttrPath) && (parent.Parent().Is(parser.KindSelect) || parent.Parent().Is(parser.KindHasAttr)):
		var before []string
		for o := range parent.Children() {
			if o == n {
				break
			}
			text, _ := parser.StaticName(o)
			before = append(before, text)
		}
		from = r.through(r.of(here, parent.Parent().Child(0)), before)
	}
	for _, f := range fieldsOf(from) {
		if f.Name == name {
			out = append(out, f)
		}
	}
	return out, n.Span()
}

// Function returns how the function is called that an expression stands for, as far as code
// tells; nil if it is none.
func (c Code) Function(n parser.Node) *Signature {
	r, here := c.reader()
	n = parser.Unparen(n)
	var pieces []piece
	name := n.Text()
	switch n.Kind() {
	case parser.KindSelect:
		path, ok := (parser.Select{Node: n}).Path().Static()
		if !ok {
			return nil
		}
		name = path[len(path)-1]
		pieces = r.through(r.of(here, parser.Select{Node: n}.Expr()), path[:len(path)-1])
	case parser.KindIdent:
		u := c.Names.UseAt(n)
		if u == scope.None {
			return nil
		}
		use := c.Names.Uses()[u]
		if use.Target == scope.FromWith {
			pieces = r.ofWiths(here, use.With, name)
			break
		}
		if use.Target != scope.Local {
			return nil
		}
		return c.FunctionOf(use.Def)
	}
	return functionIn(pieces, name)
}

// FunctionOf is Function for a definition of the file.
func (c Code) FunctionOf(d scope.DefID) *Signature {
	def := c.Names.Definitions()[d]
	if def.Kind != scope.InheritFrom {
		return SignatureOfDefinition(c.File, c.Names, d)
	}
	r, here := c.reader()
	return functionIn(r.of(here, parser.Inherit{Node: c.File.Tree.Node(def.Node).Parent()}.From()), c.Names.Name(d))
}

// functionIn returns how a function among pieces is called.
func functionIn(pieces []piece, name string) *Signature {
	for _, p := range pieces {
		text, ok := parser.StaticName(p.path[0])
		if value := parser.Unparen(p.value); ok && text == name && len(p.path) == 1 && value.Is(parser.KindLambda) {
			s := ofLambda(p.file.Path, parser.Lambda{Node: value}, name, Comment(p.value.Parent()))
			s.At.Span = p.path[0].Span()
			return s
		}
	}
	return nil
}

// fieldsOf returns the first names of pieces.
func fieldsOf(pieces []piece) (out []Field) {
	for _, p := range pieces {
		name, ok := parser.StaticName(p.path[0])
		if !ok {
			continue
		}
		f := Field{Name: name, At: Place{p.file.Path, p.path[0].Span()}}
		if len(p.path) == 1 {
			f.Value = p.value
		}
		out = append(out, f)
	}
	return out
}

// through follows names into pieces.
func (r *fieldReader) through(pieces []piece, names []string) []piece {
	for _, name := range names {
		var out []piece
		for _, p := range pieces {
			if text, ok := parser.StaticName(p.path[0]); !ok || text != name {
				continue
			}
			here := in{p.file, p.names}
			switch {
			case len(p.path) > 1:
				p.path = p.path[1:]
				out = append(out, p)
			case p.value.IsValid():
				out = append(out, r.of(here, p.value)...)
			default:
				out = append(out, r.inherited(here, p.path[0])...)
			}
		}
		pieces = out
	}
	return pieces
}

// inherited returns what a name in an inherit holds.
func (r *fieldReader) inherited(here in, n parser.Node) []piece {
	if from := (parser.Inherit{Node: n.Parent()}).From(); from.IsValid() {
		name, _ := parser.StaticName(n)
		return r.through(r.of(here, from), []string{name})
	}
	if u := here.names.UseAt(n); u != scope.None {
		return r.ofUse(here, here.names.Uses()[u], n.Text())
	}
	return nil
}

// of returns what the set that an expression makes holds, as far as code tells.
func (r *fieldReader) of(here in, n parser.Node) (out []piece) {
	if r.left--; r.left < 0 {
		return nil
	}
	switch n = parser.Unparen(n); n.Kind() {
	case parser.KindInheritFrom:
		return r.of(here, n.Child(0))
	case parser.KindAttrSet:
		for c := range n.Children() {
			switch c.Kind() {
			case parser.KindBinding:
				b := parser.Binding{Node: c}
				out = append(out, piece{here.file, here.names, slices.Collect(b.Path().Children()), b.Value()})
			case parser.KindInherit:
				for name := range (parser.Inherit{Node: c}).Names() {
					out = append(out, piece{here.file, here.names, []parser.Node{name}, parser.Node{}})
				}
			}
		}
	case parser.KindLet:
		return r.of(here, parser.Let{Node: n}.Body())
	case parser.KindWith:
		return r.of(here, parser.With{Node: n}.Body())
	case parser.KindAssert:
		return r.of(here, parser.Assert{Node: n}.Body())
	case parser.KindIf:
		return append(r.of(here, parser.If{Node: n}.Then()), r.of(here, parser.If{Node: n}.Else())...)
	case parser.KindBinary:
		if b := (parser.Binary{Node: n}); b.Op() == parser.TokenUpdate {
			return append(r.of(here, b.Left()), r.of(here, b.Right())...)
		}
	case parser.KindIdent:
		if u := here.names.UseAt(n); u != scope.None {
			return r.ofUse(here, here.names.Uses()[u], n.Text())
		}
	case parser.KindSelect:
		if names, ok := (parser.Select{Node: n}).Path().Static(); ok {
			return r.through(r.of(here, parser.Select{Node: n}.Expr()), names)
		}
	case parser.KindApply:
		return r.ofImport(here, parser.Apply{Node: n})
	}
	return out
}

// ofImport is of for a call of `import`, of a set or of a function that makes one.
func (r *fieldReader) ofImport(here in, call parser.Apply) []piece {
	arg := parser.Unparen(call.Arg(0))
	if name := call.Func().Text(); name != "import" && name != "builtins.import" || !arg.Is(parser.KindPath) {
		return nil
	}
	target, ok := repo.Target(here.file.Path, parser.Path{Node: arg})
	if !ok {
		return nil
	}
	f, names := r.other(target)
	if f == nil {
		return nil
	}
	n := parser.Unparen(f.Tree.Expr())
	for range call.ArgCount() - 1 {
		if !n.Is(parser.KindLambda) {
			return nil
		}
		n = parser.Unparen(parser.Lambda{Node: n}.Body())
	}
	return r.of(in{f, names}, n)
}

// ofUse returns what a variable holds.
func (r *fieldReader) ofUse(here in, use scope.Use, name string) []piece {
	switch use.Target {
	case scope.Local:
		return r.ofDefinition(here, use.Def)
	case scope.FromWith:
		return r.through(r.ofWiths(here, use.With, name), []string{name})
	}
	return nil
}

// ofWiths returns what the innermost `with` around a scope opens that has a name.
func (r *fieldReader) ofWiths(here in, s scope.ID, name string) []piece {
	for w := range here.names.Withs(s) {
		pieces := r.of(here, parser.With{Node: here.file.Tree.Node(here.names.Scopes()[w].Node)}.Namespace())
		if slices.ContainsFunc(fieldsOf(pieces), func(f Field) bool { return f.Name == name }) {
			return pieces
		}
	}
	return nil
}

// named returns what a name holds in a scope.
func (r *fieldReader) named(here in, s scope.ID, name string) []piece {
	if d := here.names.Lookup(s, name); d != scope.None {
		return r.ofDefinition(here, d)
	}
	return r.through(r.ofWiths(here, s, name), []string{name})
}

func (r *fieldReader) ofDefinition(here in, d scope.DefID) (out []piece) {
	if r.left--; r.left < 0 {
		return nil
	}
	switch def := here.names.Definitions()[d]; def.Kind {
	case scope.Binding:
		for n := range here.names.Places(d) {
			path := n.Parent()
			b := parser.Binding{Node: path.Parent()}
			if !path.Is(parser.KindAttrPath) || !b.Is(parser.KindBinding) || path.Child(0) != n {
				continue
			}
			if path.ChildCount() == 1 {
				out = append(out, r.of(here, b.Value())...)
			} else {
				out = append(out, piece{here.file, here.names, slices.Collect(path.Children())[1:], b.Value()})
			}
		}
	case scope.InheritFrom:
		return r.inherited(here, here.file.Tree.Node(def.Node))
	case scope.Inherit:
		if def.Inherits != scope.None {
			return r.ofUse(here, here.names.Uses()[def.Inherits], here.names.Name(d))
		}
	}
	return out
}
