package eval

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// Value is the result of evaluating an expression: one of the types below. An
// Unknown stands for a value that cannot be known without running Nix, an
// Error for one that Nix would fail to compute.
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

// Text is a string or path some segments of which are unknown. It has at least
// one unknown segment.
type Text struct {
	Segments []Segment
	IsPath   bool
}

// Segment is a piece of a Text: known text, or an unknown.
type Segment struct {
	Known   string
	Unknown *Unknown
}

// List is a list. If More is set there may be further elements, at any place.
type List struct {
	Elems []*Thunk
	More  *Unknown
}

// Attrs is an attribute set, its entries sorted by name. If Rest is set there
// may be further attributes.
type Attrs struct {
	Entries []Attr
	Rest    *Unknown
}

// Attr is one attribute.
type Attr struct {
	Name  string
	Value *Thunk
	At    Place // the name where it is defined; invalid for native sets
}

// Lambda is a function written in Nix.
type Lambda struct {
	code *lambdaCode
	env  *env
}

// Native is a function written in Go. It is called with exactly Arity
// arguments; fewer give a partial application.
type Native struct {
	Name  string
	Arity int
	Call  func(ev *Evaluator, args []*Thunk, at Place) Value
	Args  []*Thunk // the arguments applied so far
}

// Unknown is a value that cannot be known. It remembers how it came about, so
// that the caller can recognise what it stands for.
type Unknown struct {
	// Reason says in a clause why the value is not known.
	Reason string
	// Path names what it stands for, as far as it has a name: the attributes
	// selected from a named unknown such as `inputs`.
	Path []string
	// Func and Args are set for the result of calling an unknown function.
	Func *Unknown
	Args []*Thunk
	// Maybe holds values of which it may be one: the branches of a condition
	// that is unknown.
	Maybe []*Thunk
}

// ErrorKind tells errors apart.
type ErrorKind uint8

// The kinds of errors.
const (
	ErrorThrow ErrorKind = iota // throw or abort
	ErrorAssert
	ErrorType
	ErrorMissingAttr
	ErrorMissingFile
	ErrorUndefined // a variable that nothing defines
	ErrorArgument  // a function called with the wrong attributes
	ErrorRecursion
	ErrorSyntax
	ErrorOther
)

// Error is a failure that Nix would certainly meet too. It is a value, so that
// one failing attribute does not hide the others.
type Error struct {
	Kind    ErrorKind
	Message string
	At      Place
	// Attr and Set are, for ErrorMissingAttr, the name and the set that lacks
	// it; Attr is the path for ErrorMissingFile and the name for
	// ErrorUndefined and ErrorArgument.
	Attr string
	Set  *Attrs
}

// Error makes it a Go error.
func (e *Error) Error() string { return e.Message }

func (Null) typeName() string     { return "null" }
func (Bool) typeName() string     { return "a Boolean" }
func (Int) typeName() string      { return "an integer" }
func (Float) typeName() string    { return "a float" }
func (String) typeName() string   { return "a string" }
func (Path) typeName() string     { return "a path" }
func (t *Text) typeName() string  { return map[bool]string{false: "a string", true: "a path"}[t.IsPath] }
func (*List) typeName() string    { return "a list" }
func (*Attrs) typeName() string   { return "a set" }
func (*Lambda) typeName() string  { return "a function" }
func (*Native) typeName() string  { return "a function" }
func (*Unknown) typeName() string { return "unknown" }
func (*Error) typeName() string   { return "an error" }

// Place is a node of a file.
type Place struct {
	File *File
	Node parser.NodeID
}

// IsValid reports whether the place is one.
func (p Place) IsValid() bool { return p.File != nil }

// Span returns the byte range of the place in its file.
func (p Place) Span() parser.Span { return p.File.Tree.Node(p.Node).Span() }

// Syntax returns the node itself.
func (p Place) Syntax() parser.Node { return p.File.Tree.Node(p.Node) }

// Get returns an attribute, or nil if the set has none of that name.
func (a *Attrs) Get(name string) *Attr {
	i, ok := slices.BinarySearchFunc(a.Entries, name, func(e Attr, n string) int { return strings.Compare(e.Name, n) })
	if !ok {
		return nil
	}
	return &a.Entries[i]
}

// Names returns the names of the attributes that are known.
func (a *Attrs) Names() []string {
	names := make([]string, len(a.Entries))
	for i, e := range a.Entries {
		names[i] = e.Name
	}
	return names
}

// NewAttrs makes a set of native values.
func NewAttrs(values map[string]Value) *Attrs {
	a := &Attrs{}
	for name, v := range values {
		a.Entries = append(a.Entries, Attr{Name: name, Value: Done(v)})
	}
	a.sort()
	return a
}

func (a *Attrs) sort() {
	slices.SortFunc(a.Entries, func(x, y Attr) int { return strings.Compare(x.Name, y.Name) })
}

// Update is `a // b`.
func Update(a, b *Attrs) *Attrs {
	if b.Rest != nil {
		// What b does not show may still replace what a has.
		return &Attrs{Entries: b.Entries, Rest: b.Rest}
	}
	out := &Attrs{Entries: make([]Attr, 0, len(a.Entries)+len(b.Entries)), Rest: a.Rest}
	i, j := 0, 0
	for i < len(a.Entries) && j < len(b.Entries) {
		switch c := strings.Compare(a.Entries[i].Name, b.Entries[j].Name); {
		case c < 0:
			out.Entries = append(out.Entries, a.Entries[i])
			i++
		case c > 0:
			out.Entries = append(out.Entries, b.Entries[j])
			j++
		default:
			out.Entries = append(out.Entries, b.Entries[j])
			i++
			j++
		}
	}
	out.Entries = append(out.Entries, a.Entries[i:]...)
	out.Entries = append(out.Entries, b.Entries[j:]...)
	return out
}

// String names what the unknown stands for, or says why it is unknown.
func (u *Unknown) String() string {
	if len(u.Path) > 0 {
		return strings.Join(u.Path, ".")
	}
	if u.Func != nil {
		return u.Func.String() + " …"
	}
	return u.Reason
}

// NewUnknown returns an unknown with a reason and a name to remember.
func NewUnknown(reason string, path ...string) *Unknown { return &Unknown{Reason: reason, Path: path} }

// attr is the attribute of an unknown set.
func (u *Unknown) attr(name string) *Unknown {
	out := &Unknown{Reason: u.Reason}
	if len(u.Path) > 0 {
		out.Path = append(slices.Clone(u.Path), name)
	}
	return out
}
