package rules

import (
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// strictness finds where the structure of an expression, the elements of a list or the
// names of a set, needs the value of an argument.
type strictness struct {
	names    *scope.Names
	argument scope.DefID
}

// maxStrictNames is how many names of lets are followed, one in the value of the other.
const maxStrictNames = 6

// structure returns the first place where the elements or attributes of an expression
// depend on the argument; invalid if none is seen. What stands in elements and attributes
// does not count.
func (s strictness) structure(n parser.Node) parser.Node {
	switch n.Kind() {
	case parser.KindParen:
		return s.structure(n.Child(0))
	case parser.KindLet:
		return s.structure(parser.Let{Node: n}.Body())
	case parser.KindWith:
		return s.structure(parser.With{Node: n}.Body())
	case parser.KindIf:
		i := parser.If{Node: n}
		return first(s.value(i.Cond(), maxStrictNames), s.structure(i.Then()), s.structure(i.Else()))
	case parser.KindBinary:
		if b := (parser.Binary{Node: n}); b.Op() == parser.TokenUpdate || b.Op() == parser.TokenConcat {
			return first(s.structure(b.Left()), s.structure(b.Right()))
		}
	case parser.KindSelect:
		return s.value(n, 0)
	case parser.KindList:
		for e := range n.Children() {
			if at := s.element(e); at.IsValid() {
				return at
			}
		}
	case parser.KindApply:
		a := parser.Apply{Node: n}
		switch symbol.LastName(a.Func()) {
		case "mkIf", "mkOverride":
			return s.structure(a.Arg(a.ArgCount() - 1)) // the condition is looked at later
		case "mkMerge", "mkForce", "mkDefault", "mkBefore", "mkAfter":
			return s.structure(a.Arg(0))
		case "optional", "optionals", "optionalAttrs":
			if a.ArgCount() == 2 {
				return first(s.value(a.Arg(0), maxStrictNames), s.structure(a.Arg(1)))
			}
		}
	}
	return parser.Node{}
}

// element is structure for what has to be known of an element of a list: whether it is a
// set, a function or a path, and which.
func (s strictness) element(n parser.Node) parser.Node {
	switch n = parser.Unparen(n); n.Kind() {
	case parser.KindSelect, parser.KindIdent, parser.KindBinary, parser.KindString, parser.KindPath, parser.KindInterp:
		if b := (parser.Binary{Node: n}); n.Is(parser.KindBinary) && b.Op() == parser.TokenUpdate {
			return s.structure(n)
		}
		return s.value(n, 0)
	case parser.KindIf:
		i := parser.If{Node: n}
		return first(s.value(i.Cond(), maxStrictNames), s.element(i.Then()), s.element(i.Else()))
	case parser.KindApply:
		if at := s.structure(n); at.IsValid() {
			return at
		}
		return s.value(parser.Apply{Node: n}.Func(), 0)
	}
	return parser.Node{}
}

// value returns the first use of the argument that the value of an expression needs. Names of lets
// are followed to the given depth.
func (s strictness) value(n parser.Node, depth int) parser.Node {
	switch n.Kind() {
	case parser.KindLambda, parser.KindAttrSet:
		return parser.Node{}
	case parser.KindSelect:
		sel := parser.Select{Node: n}
		if at := s.value(sel.Expr(), depth); at.IsValid() {
			if at == parser.Unparen(sel.Expr()) {
				return n // the whole path says more
			}
			return at
		}
	case parser.KindIdent:
		u := s.names.UseAt(n)
		if u == scope.None {
			return parser.Node{}
		}
		d := s.names.Uses()[u].Def
		if d == s.argument && d != scope.None {
			return n
		}
		if depth > 0 && d != scope.None && s.isOfArgument(d, depth-1) {
			return n
		}
		return parser.Node{}
	}
	for child := range n.Children() {
		if at := s.value(child, depth); at.IsValid() {
			return at
		}
	}
	return parser.Node{}
}

// isOfArgument reports whether the value of a name of a let needs the argument.
func (s strictness) isOfArgument(d scope.DefID, depth int) bool {
	def := s.names.Definitions()[d]
	node := s.names.Tree().Node(def.Node)
	switch def.Kind {
	case scope.Binding:
		b := node.Parent().Parent()
		return !def.More && b.Is(parser.KindBinding) && b.Parent().Is(parser.KindLet) && s.value((parser.Binding{Node: b}).Value(), depth).IsValid()
	case scope.InheritFrom:
		return s.value((parser.Inherit{Node: node.Parent()}).From(), depth).IsValid()
	}
	return false
}

// first returns the first node that is valid.
func first(nodes ...parser.Node) parser.Node {
	for _, n := range nodes {
		if n.IsValid() {
			return n
		}
	}
	return parser.Node{}
}
