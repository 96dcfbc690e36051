package rules

import "github.com/nixlint/nixlint/parser"

// level says how tightly an expression holds together, as in Nix's grammar. An
// expression can stand without parentheses where its level is at least the one
// wanted there.
type level int

const (
	levelAny      level = iota // functions, let, with, assert, if
	levelPipe                  // |> <|
	levelImplies               // ->
	levelOr                    // ||
	levelAnd                   // &&
	levelEqual                 // == !=
	levelCompare               // < <= > >=
	levelUpdate                // //
	levelNot                   // !
	levelAdd                   // + -
	levelMultiply              // * /
	levelConcat                // ++
	levelHasAttr               // ?
	levelNegate                // unary -
	levelApply                 // f x
	levelSelect                // a.b, a.b or c
	levelSimple                // names, literals, brackets of all kinds
)

// levelOf returns the level of an expression.
func levelOf(n parser.Node) level {
	switch n.Kind() {
	case parser.KindLambda, parser.KindLet, parser.KindWith, parser.KindAssert, parser.KindIf:
		return levelAny
	case parser.KindBinary:
		return operatorLevel(parser.Binary{Node: n}.Op())
	case parser.KindUnary:
		if (parser.Unary{Node: n}).Op() == parser.TokenNot {
			return levelNot
		}
		return levelNegate
	case parser.KindHasAttr:
		return levelHasAttr
	case parser.KindApply:
		return levelApply
	case parser.KindSelect:
		return levelSelect
	}
	return levelSimple
}

func operatorLevel(op parser.TokenKind) level {
	switch op {
	case parser.TokenImplies:
		return levelImplies
	case parser.TokenOrOr:
		return levelOr
	case parser.TokenAndAnd:
		return levelAnd
	case parser.TokenEqual, parser.TokenNotEqual:
		return levelEqual
	case parser.TokenLess, parser.TokenLessEqual, parser.TokenGreater, parser.TokenGreaterEqual:
		return levelCompare
	case parser.TokenUpdate:
		return levelUpdate
	case parser.TokenPlus, parser.TokenMinus:
		return levelAdd
	case parser.TokenMul, parser.TokenDiv:
		return levelMultiply
	case parser.TokenConcat:
		return levelConcat
	}
	return levelPipe
}

// slotOf returns the level an expression needs to stand where n stands.
func slotOf(n parser.Node) level {
	p := n.Parent()
	switch p.Kind() {
	case parser.KindList:
		return levelSelect
	case parser.KindApply:
		if (parser.Apply{Node: p}).Func() == n {
			return levelApply
		}
		return levelSelect
	case parser.KindSelect:
		if (parser.Select{Node: p}).Expr() == n {
			return levelSimple
		}
		return levelSelect
	case parser.KindHasAttr:
		return levelNegate
	case parser.KindUnary:
		if (parser.Unary{Node: p}).Op() == parser.TokenNot {
			return levelNot
		}
		return levelNegate
	case parser.KindBinary:
		b := parser.Binary{Node: p}
		l := operatorLevel(b.Op())
		if b.Left() == n && groupsLeft(b.Op()) || b.Right() == n && groupsRight(b.Op()) {
			return l
		}
		return l + 1
	}
	return levelAny
}

// groupsLeft reports whether `a op b op c` means `(a op b) op c`.
func groupsLeft(op parser.TokenKind) bool {
	switch op {
	case parser.TokenOrOr, parser.TokenAndAnd, parser.TokenPlus, parser.TokenMinus, parser.TokenMul, parser.TokenDiv, parser.TokenPipeInto:
		return true
	}
	return false
}

// groupsRight reports whether `a op b op c` means `a op (b op c)`.
func groupsRight(op parser.TokenKind) bool {
	switch op {
	case parser.TokenImplies, parser.TokenUpdate, parser.TokenConcat, parser.TokenPipeFrom:
		return true
	}
	return false
}
