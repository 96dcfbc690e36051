package rules

import (
	"slices"

	"github.com/nixlint/nixlint/parser"
)

// bindingPath returns the names under which a binding is found from the
// outermost set on: its own path after those of the bindings whose values are
// the sets it is in. Names that are not plain are empty.
func bindingPath(n parser.Node) []string {
	var parts [][]string
	for n.Is(parser.KindBinding) {
		var names []string
		for name := range (parser.Binding{Node: n}).Path().Children() {
			text, _ := parser.StaticName(name)
			names = append(names, text)
		}
		parts = append(parts, names)
		set := n.Parent()
		if !set.Is(parser.KindAttrSet) {
			break
		}
		n = set.Parent()
		for isTransparent(n) {
			n = n.Parent()
		}
	}
	slices.Reverse(parts)
	return slices.Concat(parts...)
}

// isTransparent reports whether an expression passes a set on to the option
// that it defines: parentheses, `//`, mkIf and the like, and lists of mkMerge.
func isTransparent(n parser.Node) bool {
	switch n.Kind() {
	case parser.KindParen:
		return true
	case parser.KindBinary:
		return parser.Binary{Node: n}.Op() == parser.TokenUpdate
	case parser.KindApply:
		switch lastName(parser.Apply{Node: n}.Func()) {
		case "mkIf", "mkForce", "mkDefault", "mkOverride", "mkBefore", "mkAfter", "mkOrder", "mkMerge", "optionalAttrs":
			return true
		}
	case parser.KindList:
		p := n.Parent()
		return p.Is(parser.KindApply) && lastName(parser.Apply{Node: p}.Func()) == "mkMerge"
	}
	return false
}
