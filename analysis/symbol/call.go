package symbol

import (
	"strings"

	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// Call is a function that is being called at a place.
type Call struct {
	Func parser.Node
	// Apply is the call as far as it is written; invalid if no argument is yet.
	Apply parser.Apply
	// Arg is the index of the argument at the place.
	Arg int
	// Set is the argument there if it is a set, and Attr the name of the attribute
	// whose value is there; empty before a value.
	Set  parser.AttrSet
	Attr string
}

// CallAt finds the innermost call around an offset of which an argument stands there, or
// is to be written there. It does not look out of functions and bindings of bindings. ok is
// false if there is none.
func CallAt(t *parser.Tree, offset uint32) (c Call, ok bool) {
	tok := t.TokenBefore(offset)
	if !tok.IsValid() || tok.Kind() == parser.TokenSemicolon && !inSet(t, offset) {
		return c, false
	}
	n := t.NodeCovering(tok.Span())
	if c, ok = callee(n, tok, offset); ok {
		return c, true
	}
	bindings := 0
	for n.IsValid() {
		switch n.Kind() {
		case parser.KindApply:
			if c, ok = callIn(parser.Apply{Node: n}, offset); ok {
				return c, true
			}
		case parser.KindBinding:
			if offset <= n.Span().End || bindings > 0 {
				bindings++
			}
		case parser.KindLambda, parser.KindLet, parser.KindWith:
			return c, false
		}
		if bindings > 1 {
			return c, false
		}
		n = n.Parent()
	}
	return c, false
}

// inSet reports whether an offset is directly in a set.
func inSet(t *parser.Tree, offset uint32) bool {
	n := enclosing(t.NodeAt(offset), parser.KindAttrSet, parser.KindLet, parser.KindFile)
	return n.Is(parser.KindAttrSet)
}

// callee finds a function behind which there is only a blank yet, as in `x = f |;`.
func callee(n parser.Node, tok parser.Token, offset uint32) (c Call, ok bool) {
	if tok.Kind() != parser.TokenIdent || tok.Span().End >= offset || strings.Contains(n.Tree().Source()[tok.Span().End:offset], "\n") {
		return c, false
	}
	if path := n.Parent(); path.Is(parser.KindAttrPath) && path.Parent().Is(parser.KindSelect) {
		n = path.Parent()
	}
	if !n.Is(parser.KindIdent) && !n.Is(parser.KindSelect) || n.Span().End != tok.Span().End {
		return c, false
	}
	switch p := n.Parent(); p.Kind() {
	case parser.KindList, parser.KindInherit, parser.KindAttrPath:
		return c, false
	case parser.KindApply:
		if (parser.Apply{Node: p}).Func() != n {
			return c, false
		}
	}
	return Call{Func: n}, true
}

// callIn tells which argument of a call an offset is at; ok is false before the first.
func callIn(a parser.Apply, offset uint32) (c Call, ok bool) {
	if offset <= a.Func().Span().End {
		return c, false
	}
	c = Call{Func: a.Func(), Apply: a, Arg: a.ArgCount()}
	for i := range a.ArgCount() {
		arg := a.Arg(i)
		// Right behind a closing bracket the argument is complete; a name may go on.
		if end := arg.Span().End; offset > end || offset == end && arg.Is(parser.KindAttrSet) {
			continue
		}
		c.Arg = i
		if set := parser.Unparen(arg); set.Is(parser.KindAttrSet) && set.Span().Contains(offset) {
			c.Set = parser.AttrSet{Node: set}
			c.Attr = attrAt(c.Set, offset)
		}
		break
	}
	return c, true
}

// attrAt returns the name of the attribute of a set in whose value, or before whose end, an
// offset is.
func attrAt(set parser.AttrSet, offset uint32) string {
	for b := range set.Children() {
		if !b.Is(parser.KindBinding) || !b.Span().Contains(offset) {
			continue
		}
		name, _ := parser.StaticName(parser.Binding{Node: b}.Path().Child(0))
		return name
	}
	return ""
}

// Given returns the names that a set defines already.
func Given(set parser.AttrSet) (out []string) {
	if !set.IsValid() {
		return nil
	}
	for c := range set.Children() {
		switch c.Kind() {
		case parser.KindBinding:
			name, _ := parser.StaticName(parser.Binding{Node: c}.Path().Child(0))
			out = append(out, name)
		case parser.KindInherit:
			for n := range (parser.Inherit{Node: c}).Names() {
				name, _ := parser.StaticName(n)
				out = append(out, name)
			}
		}
	}
	return out
}

// lambdaOf returns the function that a definition of the file is bound to, or an invalid
// node, with the binding.
func lambdaOf(names *scope.Names, d scope.DefID) (lambda parser.Lambda, binding parser.Node) {
	def := names.Definitions()[d]
	node := names.Tree().Node(def.Node)
	if def.Kind != scope.Binding || node.Parent().ChildCount() != 1 {
		return lambda, binding
	}
	b := node.Parent().Parent()
	if !b.Is(parser.KindBinding) {
		return lambda, binding
	}
	if v := parser.Unparen(parser.Binding{Node: b}.Value()); v.Is(parser.KindLambda) {
		return parser.Lambda{Node: v}, b
	}
	return lambda, binding
}
