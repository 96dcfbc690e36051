package parser

import (
	"iter"
	"strconv"
)

// The typed views below wrap a Node of the kind they are named after and name
// its parts. Wrapping a node of another kind is a mistake of the caller;
// n.Is(KindX) or a switch over n.Kind() comes first.

// Unparen strips parentheses from around an expression.
func Unparen(n Node) Node {
	for n.Is(KindParen) {
		n = n.Child(0)
	}
	return n
}

// WithParens returns the outermost parentheses around an expression and nothing else, or
// the expression itself.
func WithParens(n Node) Node {
	for n.Parent().Is(KindParen) {
		n = n.Parent()
	}
	return n
}

// IntValue returns the value of a KindInt node; ok is false if it does not fit
// 64 bits.
func IntValue(n Node) (value int64, ok bool) {
	v, err := strconv.ParseInt(n.Text(), 10, 64)
	return v, err == nil
}

// FloatValue returns the value of a KindFloat node; ok is false if it is out
// of range.
func FloatValue(n Node) (value float64, ok bool) {
	v, err := strconv.ParseFloat(n.Text(), 64)
	return v, err == nil
}

// Interp is `${expr}`.
type Interp struct{ Node }

// Expr returns the expression between the braces.
func (n Interp) Expr() Node { return n.Child(0) }

// Paren is `(expr)`.
type Paren struct{ Node }

// Expr returns the expression between the parentheses.
func (n Paren) Expr() Node { return n.Child(0) }

// List is `[ … ]`; its children are the elements.
type List struct{ Node }

// Open returns `[`.
func (n List) Open() Token { return n.FirstToken() }

// Close returns `]`, invalid if it is missing.
func (n List) Close() Token { return closer(n.Node, TokenRBracket) }

func closer(n Node, kind TokenKind) Token {
	if last := n.LastToken(); last.IsValid() && last.Kind() == kind && !ownedByLastChild(n, last) {
		return last
	}
	return Token{}
}

func ownedByLastChild(n Node, t Token) bool {
	last := n.LastChild()
	return last.IsValid() && last.raw().tokEnd > t.index
}

// AttrSet is `{ … }`, `rec { … }` or the legacy `let { … }`; its children are
// bindings, inherits and error nodes.
type AttrSet struct{ Node }

// IsRec reports whether the bindings see each other: `rec { … }` and `let { … }`.
func (n AttrSet) IsRec() bool { return n.raw().aux != 0 }

// IsLegacyLet reports whether the set is `let { … }`, whose value is its
// attribute `body`.
func (n AttrSet) IsLegacyLet() bool { return n.raw().aux == TokenLet }

// Keyword returns `rec` or `let`, invalid if there is none.
func (n AttrSet) Keyword() Token {
	if n.raw().aux == 0 {
		return Token{}
	}
	return n.FirstToken()
}

// Open returns `{`.
func (n AttrSet) Open() Token { return n.ownToken(TokenLBrace, 0) }

// Close returns `}`, invalid if it is missing.
func (n AttrSet) Close() Token { return closer(n.Node, TokenRBrace) }

// Let is `let … in body`.
type Let struct{ Node }

// Entries yields the bindings, inherits and error nodes between `let` and `in`.
func (n Let) Entries() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for i := range n.ChildCount() - 1 {
			if !yield(n.Child(i)) {
				return
			}
		}
	}
}

// In returns `in`, invalid if it is missing.
func (n Let) In() Token { return n.ownToken(TokenIn, 0) }

// Body returns the expression behind `in`.
func (n Let) Body() Node { return n.LastChild() }

// Binding is `attrpath = value;`.
type Binding struct{ Node }

// Path returns the names left of `=`.
func (n Binding) Path() AttrPath { return AttrPath{n.Child(0)} }

// Value returns the expression right of `=`.
func (n Binding) Value() Node { return n.Child(1) }

// Assign returns `=`, invalid if it is missing.
func (n Binding) Assign() Token { return n.ownToken(TokenAssign, 0) }

// Semicolon returns `;`, invalid if it is missing.
func (n Binding) Semicolon() Token { return closer(n.Node, TokenSemicolon) }

// AttrPath is a sequence of attribute names joined by dots. Its children are
// KindName, KindString, KindInterp or, for a name not yet typed, KindMissing.
type AttrPath struct{ Node }

// Static returns the names as text. ok is false if one of them is missing or
// known only by evaluation; the names before it are returned then.
func (n AttrPath) Static() (names []string, ok bool) {
	names = make([]string, 0, n.ChildCount())
	for c := range n.Children() {
		name, static := StaticName(c)
		if !static {
			return names, false
		}
		names = append(names, name)
	}
	return names, true
}

// StaticName returns the text of an attribute name. ok is false if the name is
// missing or must be computed. Like Nix it takes `${"x"}` for `x`.
func StaticName(n Node) (name string, ok bool) {
	switch n.Kind() {
	case KindName:
		return n.Text(), true
	case KindString:
		return String{n}.Static()
	case KindInterp:
		e := Unparen(Interp{n}.Expr())
		if e.Is(KindString) || e.Is(KindIndString) {
			return String{e}.Static()
		}
	}
	return "", false
}

// Inherit is `inherit names…;` or `inherit (from) names…;`.
type Inherit struct{ Node }

// From returns the expression in parentheses, or an invalid node.
func (n Inherit) From() Node {
	if c := n.Child(0); c.Is(KindInheritFrom) {
		return c.Child(0)
	}
	return Node{}
}

// Names yields the attribute names.
func (n Inherit) Names() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for c := range n.Children() {
			switch c.Kind() {
			case KindName, KindString, KindInterp:
				if !yield(c) {
					return
				}
			}
		}
	}
}

// Semicolon returns `;`, invalid if it is missing.
func (n Inherit) Semicolon() Token { return closer(n.Node, TokenSemicolon) }

// Select is `expr.attrpath` with an optional default.
type Select struct{ Node }

// Expr returns the expression selected from.
func (n Select) Expr() Node { return n.Child(0) }

// Path returns the names behind the dot.
func (n Select) Path() AttrPath { return AttrPath{n.Child(1)} }

// Default returns the expression behind `or`, or an invalid node.
func (n Select) Default() Node { return n.Child(2) }

// Or returns the `or` before the default, invalid if there is none.
func (n Select) Or() Token { return n.ownToken(TokenOr, 0) }

// HasAttr is `expr ? attrpath`.
type HasAttr struct{ Node }

// Expr returns the expression asked.
func (n HasAttr) Expr() Node { return n.Child(0) }

// Path returns the names asked for.
func (n HasAttr) Path() AttrPath { return AttrPath{n.Child(1)} }

// Operator returns `?`.
func (n HasAttr) Operator() Token { return n.ownToken(TokenQuestion, 0) }

// Apply is a function with all arguments applied to it in a row.
type Apply struct{ Node }

// Func returns the function.
func (n Apply) Func() Node { return n.Child(0) }

// ArgCount returns the number of arguments, at least one.
func (n Apply) ArgCount() int { return n.ChildCount() - 1 }

// Arg returns the i-th argument, counting from 0.
func (n Apply) Arg(i int) Node { return n.Child(i + 1) }

// Unary is `-expr` or `!expr`.
type Unary struct{ Node }

// Op returns TokenMinus or TokenNot.
func (n Unary) Op() TokenKind { return n.raw().aux }

// Operator returns the operator's token.
func (n Unary) Operator() Token { return n.FirstToken() }

// Expr returns the operand.
func (n Unary) Expr() Node { return n.Child(0) }

// Binary is two operands joined by an operator.
type Binary struct{ Node }

// Op returns the operator's kind. A `=` that was taken for `==` is TokenEqual.
func (n Binary) Op() TokenKind { return n.raw().aux }

// Operator returns the operator's token.
func (n Binary) Operator() Token { return Token{n.tree, n.Left().raw().tokEnd} }

// Left returns the operand before the operator.
func (n Binary) Left() Node { return n.Child(0) }

// Right returns the operand behind the operator.
func (n Binary) Right() Node { return n.Child(1) }

// If is `if cond then a else b`.
type If struct{ Node }

// Cond returns the condition.
func (n If) Cond() Node { return n.Child(0) }

// Then returns the first branch.
func (n If) Then() Node { return n.Child(1) }

// Else returns the second branch.
func (n If) Else() Node { return n.Child(2) }

// ThenToken returns `then`, invalid if it is missing.
func (n If) ThenToken() Token { return n.ownToken(TokenThen, 0) }

// ElseToken returns `else`, invalid if it is missing.
func (n If) ElseToken() Token { return n.ownToken(TokenElse, 0) }

// With is `with namespace; body`.
type With struct{ Node }

// Namespace returns the set whose attributes come into scope.
func (n With) Namespace() Node { return n.Child(0) }

// Body returns the expression behind the semicolon.
func (n With) Body() Node { return n.Child(1) }

// Semicolon returns `;`, invalid if it is missing.
func (n With) Semicolon() Token { return n.ownToken(TokenSemicolon, 0) }

// Assert is `assert cond; body`.
type Assert struct{ Node }

// Cond returns the condition.
func (n Assert) Cond() Node { return n.Child(0) }

// Body returns the expression behind the semicolon.
func (n Assert) Body() Node { return n.Child(1) }

// Semicolon returns `;`, invalid if it is missing.
func (n Assert) Semicolon() Token { return n.ownToken(TokenSemicolon, 0) }

// Lambda is a function of one parameter.
type Lambda struct{ Node }

// Param returns the parameter: a KindName or a KindPattern.
func (n Lambda) Param() Node { return n.Child(0) }

// Pattern returns the parameter if it is a pattern.
func (n Lambda) Pattern() (Pattern, bool) {
	p := n.Child(0)
	return Pattern{p}, p.Is(KindPattern)
}

// Colon returns `:`, invalid if it is missing.
func (n Lambda) Colon() Token { return n.ownToken(TokenColon, 0) }

// Body returns the function's body.
func (n Lambda) Body() Node { return n.Child(1) }

// Pattern is `{ a, b ? x, ... }` with an optional name for the whole.
type Pattern struct{ Node }

// Formals yields the names with their defaults.
func (n Pattern) Formals() iter.Seq[Formal] {
	return func(yield func(Formal) bool) {
		for c := range n.Children() {
			if c.Kind() == KindFormal && !yield(Formal{c}) {
				return
			}
		}
	}
}

// Ellipsis returns `...`, invalid if the pattern is closed.
func (n Pattern) Ellipsis() Token { return n.ownToken(TokenEllipsis, 0) }

// At returns the KindName that stands for the whole argument, or an invalid
// node.
func (n Pattern) At() Node {
	for c := range n.Children() {
		if c.Kind() == KindName {
			return c
		}
	}
	return Node{}
}

// AtToken returns `@`, invalid if there is none.
func (n Pattern) AtToken() Token { return n.ownToken(TokenAt, 0) }

// Open returns `{`, invalid if it is missing.
func (n Pattern) Open() Token { return n.ownToken(TokenLBrace, 0) }

// Close returns `}`, invalid if it is missing.
func (n Pattern) Close() Token { return n.ownToken(TokenRBrace, 0) }

// Formal is one name of a pattern.
type Formal struct{ Node }

// Name returns the name.
func (n Formal) Name() Node { return n.Child(0) }

// Default returns the expression behind `?`, or an invalid node.
func (n Formal) Default() Node { return n.Child(1) }
