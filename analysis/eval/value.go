package eval

import "github.com/nixlint/nixlint/parser"

// Value is the result of evaluating an expression: one of the types below. An
// *Unknown stands for a value that cannot be known without running Nix, an
// *Error for one that Nix would fail to compute.
type Value interface{ typeName() string }

// The plain values.
type (
	Null   struct{}
	Bool   bool
	Int    int64
	Float  float64
	String string
	// Path is an absolute path, cleaned.
	Path string
)

// Lambda is a function written in Nix.
type Lambda struct {
	code *lambdaCode
	env  *env
}

// Native is a function written in Go. Call is called with exactly Arity
// arguments; fewer give a partial application. Arguments are lazy: only those
// that Call forces are evaluated.
type Native struct {
	Name  string
	Arity int
	Call  func(ev *Evaluator, args []*Thunk, at Place) Value
	Args  []*Thunk // the arguments applied so far
	// Data is whatever its maker wants to find again.
	Data any
}

// Place is a node of a file.
type Place struct {
	File *File
	Node parser.NodeID
}

// IsValid reports whether the place is one.
func (p Place) IsValid() bool { return p.File != nil }

// Span returns the byte range of the place in its file.
func (p Place) Span() parser.Span { return p.File.Tree.Node(p.Node).Span() }

// Spot is a place that is the same in all evaluations of its file.
type Spot struct {
	Path string
	Node parser.NodeID
}

// Spot returns the place as it is the same in all evaluations of its file.
func (p Place) Spot() Spot {
	if p.File == nil {
		return Spot{}
	}
	return Spot{p.File.Path, p.Node}
}

// Syntax returns the node itself.
func (p Place) Syntax() parser.Node { return p.File.Tree.Node(p.Node) }

func (Null) typeName() string    { return "null" }
func (Bool) typeName() string    { return "a Boolean" }
func (Int) typeName() string     { return "an integer" }
func (Float) typeName() string   { return "a float" }
func (String) typeName() string  { return "a string" }
func (Path) typeName() string    { return "a path" }
func (*List) typeName() string   { return "a list" }
func (*Attrs) typeName() string  { return "a set" }
func (*Lambda) typeName() string { return "a function" }
func (*Native) typeName() string { return "a function" }

func (t *Text) typeName() string {
	if t.IsPath {
		return "a path"
	}
	return "a string"
}

func (*Unknown) typeName() string { return "something unknown" }
func (*Error) typeName() string   { return "an error" }

// TypeName says what kind of value v is, with its article: "a set".
func TypeName(v Value) string { return v.typeName() }

// At returns the function's expression.
func (l *Lambda) At() Place { return l.code.at }

// Formal is one name of a function's pattern.
type Formal struct {
	Name       string
	HasDefault bool
	At         Place
}

// Formals returns the formals of a function in the order of their names. ok is
// false if its parameter is no pattern. The slice must not be changed.
func (l *Lambda) Formals() (formals []Formal, ellipsis, ok bool) {
	c := l.code
	if !c.pattern {
		return nil, false, false
	}
	return c.listed, c.ellipsis, true
}
