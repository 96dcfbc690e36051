package nixfmt

import "github.com/nixlint/nixlint/parser"

// operation prints operands and the operators between them. Operations of the
// same operator on either side are one with it. With forceFirstWide, the first
// operand is a term that is printed bare.
func (p *printer) operation(n parser.Binary, forceFirstWide bool) {
	op := n.Op()
	if isComparison(op) {
		p.expr(n.Left())
		p.spacing(softspace)
		p.token(n.Operator())
		p.spacing(hardspace)
		p.expr(n.Right())
		return
	}
	sep := space
	if (op == parser.TokenPipeInto || op == parser.TokenPipeFrom) && countOperands(n.Node, op) >= 4 {
		sep = hardline
	}
	p.group(groupRegular)
	p.operands(n, op, sep, forceFirstWide)
	p.end()
}

// operands prints the operands of a chain of the operator, the first of them
// without the operator before it.
func (p *printer) operands(n parser.Binary, op parser.TokenKind, sep spacing, forceFirstWide bool) {
	if left := n.Left(); isOperation(left, op) {
		p.operands(parser.Binary{Node: left}, op, sep, forceFirstWide)
	} else if forceFirstWide {
		p.absorb(left, true)
	} else {
		p.expr(left)
	}
	operator, right := n.Operator(), n.Right()
	next := right
	for isOperation(next, op) {
		next = parser.Binary{Node: next}.Left()
	}
	p.spacing(sep)
	p.operand(operator, next)
	if next != right {
		// The right operand is a chain itself, whose first operand is done.
		p.operandsAfter(parser.Binary{Node: right}, op, sep)
	}
}

// operandsAfter prints the operands of a chain but the first.
func (p *printer) operandsAfter(n parser.Binary, op parser.TokenKind, sep spacing) {
	if left := n.Left(); isOperation(left, op) {
		p.operandsAfter(parser.Binary{Node: left}, op, sep)
	}
	right := n.Right()
	first := right
	for isOperation(first, op) {
		first = parser.Binary{Node: first}.Left()
	}
	p.spacing(sep)
	p.operand(n.Operator(), first)
	if first != right {
		p.operandsAfter(parser.Binary{Node: right}, op, sep)
	}
}

// operand prints an operator and the operand behind it.
func (p *printer) operand(operator parser.Token, n parser.Node) {
	p.moveUp(p.leaf(operator))
	p.token(operator)
	p.nest++
	switch {
	case p.isAbsorbable(n):
		p.spacing(hardspace)
		p.expr(n)
	case n.Is(parser.KindBinary), n.Is(parser.KindHasAttr):
		p.group(groupRegular)
		p.spacing(space)
		p.expr(n)
		p.end()
	case n.Is(parser.KindApply):
		p.group(groupRegular)
		p.spacing(hardspace)
		p.apply(n, space, noSpacing, false)
		p.end()
	default:
		p.spacing(hardspace)
		p.expr(n)
	}
	p.nest--
}

// hasAttr prints `expr ? path`.
func (p *printer) hasAttr(n parser.HasAttr) {
	p.expr(n.Expr())
	p.spacing(softspace)
	p.token(n.Operator())
	p.spacing(hardspace)
	p.attrPath(n.Path())
}

// leftOperand returns the first operand of a chain of the operator, as nixfmt
// sees it: it takes `+` for right-associative as `//` and `++` are.
func leftOperand(n parser.Binary) parser.Node {
	left := n.Left()
	if n.Op() == parser.TokenPlus {
		for isOperation(left, parser.TokenPlus) {
			left = parser.Binary{Node: left}.Left()
		}
	}
	return left
}

func isOperation(n parser.Node, op parser.TokenKind) bool {
	return n.Is(parser.KindBinary) && parser.Binary{Node: n}.Op() == op
}

// countOperands returns the number of operands in a chain of the operator.
func countOperands(n parser.Node, op parser.TokenKind) int {
	if !isOperation(n, op) {
		return 1
	}
	return countOperands(parser.Binary{Node: n}.Left(), op) + countOperands(parser.Binary{Node: n}.Right(), op)
}

func isComparison(op parser.TokenKind) bool {
	return op >= parser.TokenEqual && op <= parser.TokenGreaterEqual
}
