// Package precedence says where an expression needs parentheses: how tightly
// it holds together, and how tightly its place wants it to.
package precedence

import "github.com/nixlint/nixlint/parser"

// Level says how tightly an expression holds together, as in Nix's grammar. An
// expression can stand without parentheses where its level is at least the one
// wanted there.
type Level int

// The levels, loosest first.
const (
	Any      Level = iota // functions, let, with, assert, if
	Pipe                  // |> <|
	Implies               // ->
	Or                    // ||
	And                   // &&
	Equal                 // == !=
	Compare               // < <= > >=
	Update                // //
	Not                   // !
	Add                   // + -
	Multiply              // * /
	Concat                // ++
	HasAttr               // ?
	Negate                // unary -
	Apply                 // f x
	Select                // a.b, a.b or c
	Simple                // names, literals, brackets of all kinds
)

// Of returns the level of an expression; nodes that are none are Simple.
func Of(n parser.Node) Level {
	switch n.Kind() {
	case parser.KindLambda, parser.KindLet, parser.KindWith, parser.KindAssert, parser.KindIf:
		return Any
	case parser.KindBinary:
		return OfOperator(parser.Binary{Node: n}.Op())
	case parser.KindUnary:
		if (parser.Unary{Node: n}).Op() == parser.TokenNot {
			return Not
		}
		return Negate
	case parser.KindHasAttr:
		return HasAttr
	case parser.KindApply:
		return Apply
	case parser.KindSelect:
		return Select
	}
	return Simple
}

// OfOperator returns the level of two operands joined by an operator.
func OfOperator(op parser.TokenKind) Level {
	switch op {
	case parser.TokenImplies:
		return Implies
	case parser.TokenOrOr:
		return Or
	case parser.TokenAndAnd:
		return And
	case parser.TokenEqual, parser.TokenNotEqual:
		return Equal
	case parser.TokenLess, parser.TokenLessEqual, parser.TokenGreater, parser.TokenGreaterEqual:
		return Compare
	case parser.TokenUpdate:
		return Update
	case parser.TokenPlus, parser.TokenMinus:
		return Add
	case parser.TokenMul, parser.TokenDiv:
		return Multiply
	case parser.TokenConcat:
		return Concat
	}
	return Pipe
}

// Slot returns the Level an expression needs to stand where n stands.
func Slot(n parser.Node) Level {
	p := n.Parent()
	switch p.Kind() {
	case parser.KindList:
		return Select
	case parser.KindApply:
		if (parser.Apply{Node: p}).Func() == n {
			return Apply
		}
		return Select
	case parser.KindSelect:
		if (parser.Select{Node: p}).Expr() == n {
			return Simple
		}
		return Select
	case parser.KindHasAttr:
		return Negate
	case parser.KindUnary:
		if (parser.Unary{Node: p}).Op() == parser.TokenNot {
			return Not
		}
		return Negate
	case parser.KindBinary:
		b := parser.Binary{Node: p}
		l := OfOperator(b.Op())
		if b.Left() == n && groupsLeft(b.Op()) || b.Right() == n && groupsRight(b.Op()) {
			return l
		}
		return l + 1
	}
	return Any
}

// groupsLeft reports whether `a op b op c` means `(a op b) op c`. Pipes do and
// are left out: the two of them share a level and cannot be mixed.
func groupsLeft(op parser.TokenKind) bool {
	switch op {
	case parser.TokenOrOr, parser.TokenAndAnd, parser.TokenPlus, parser.TokenMinus, parser.TokenMul, parser.TokenDiv:
		return true
	}
	return false
}

// groupsRight reports whether `a op b op c` means `a op (b op c)`.
func groupsRight(op parser.TokenKind) bool {
	switch op {
	case parser.TokenImplies, parser.TokenUpdate, parser.TokenConcat:
		return true
	}
	return false
}
