package symbol

import (
	"slices"

	"github.com/nixlint/nixlint/parser"
)

// BindingPath returns the names under which a binding is found from the
// outermost set on: its own path after those of the bindings whose values are
// the sets it is in. Names that are not plain are empty.
func BindingPath(n parser.Node) []string { return bindingPath(n, IsTransparent) }

// isInLists is IsTransparent for sets that may be elements of lists.
func isInLists(n parser.Node) bool {
	return IsTransparent(n) || n.Is(parser.KindList) || n.Is(parser.KindBinary) && parser.Binary{Node: n}.Op() == parser.TokenConcat
}

// bindingPath is BindingPath, where through says what passes a set on.
func bindingPath(n parser.Node, through func(parser.Node) bool) []string {
	const usual = 8
	var memory [usual]parser.Node
	paths, names := memory[:0], 0 // from the innermost on
	for n.Is(parser.KindBinding) {
		path := (parser.Binding{Node: n}).Path().Node
		paths = append(paths, path)
		names += path.ChildCount()
		set := n.Parent()
		if !set.Is(parser.KindAttrSet) {
			break
		}
		n = set.Parent()
		for through(n) {
			n = n.Parent()
		}
	}
	out := make([]string, 0, names)
	for _, path := range slices.Backward(paths) {
		for i := range path.ChildCount() {
			text, _ := parser.StaticName(path.Child(i))
			out = append(out, text)
		}
	}
	return out
}

// IsTransparent reports whether an expression passes a set on to the option
// that it defines: parentheses, `//`, mkIf and the like, and lists of mkMerge.
func IsTransparent(n parser.Node) bool {
	switch n.Kind() {
	case parser.KindParen:
		return true
	case parser.KindBinary:
		return parser.Binary{Node: n}.Op() == parser.TokenUpdate
	case parser.KindApply:
		switch LastName(parser.Apply{Node: n}.Func()) {
		case "mkIf", "mkForce", "mkDefault", "mkOverride", "mkBefore", "mkAfter", "mkOrder", "mkMerge", "optionalAttrs":
			return true
		}
	case parser.KindList:
		p := n.Parent()
		return p.Is(parser.KindApply) && LastName(parser.Apply{Node: p}.Func()) == "mkMerge"
	}
	return false
}

// LastName returns the name of what is called: `mkIf` of `lib.mkIf`.
func LastName(n parser.Node) string {
	switch n = parser.Unparen(n); n.Kind() {
	case parser.KindIdent:
		return n.Text()
	case parser.KindSelect:
		name, _ := parser.StaticName(parser.Select{Node: n}.Path().LastChild())
		return name
	}
	return ""
}
