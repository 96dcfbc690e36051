package pattern

import (
	"slices"

	"github.com/nixlint/nixlint/parser"
)

// equal reports whether two nodes, perhaps of two trees, say the same: comments,
// layout, parentheses and the order of bindings and formals do not count, nor
// how a string or a name is quoted.
func equal(a, b parser.Node) bool {
	a, b = parser.Unparen(a), parser.Unparen(b)
	if a.Kind() != b.Kind() {
		return equalNames(a, b)
	}
	switch a.Kind() {
	case parser.KindIdent, parser.KindName, parser.KindInt, parser.KindFloat, parser.KindURI, parser.KindSearchPath:
		return a.Text() == b.Text()
	case parser.KindString, parser.KindIndString:
		return equalParts(parser.String{Node: a}.Parts(), parser.String{Node: b}.Parts())
	case parser.KindPath:
		return equalParts(parser.Path{Node: a}.Parts(), parser.Path{Node: b}.Parts())
	case parser.KindAttrSet:
		return sameKeyword(a, b) && equalEntries(a, b)
	case parser.KindLet:
		return equalEntries(a, b) && equal(a.LastChild(), b.LastChild())
	case parser.KindPattern:
		pa, pb := parser.Pattern{Node: a}, parser.Pattern{Node: b}
		if pa.Ellipsis().IsValid() != pb.Ellipsis().IsValid() || pa.At().IsValid() != pb.At().IsValid() {
			return false
		}
		return (!pa.At().IsValid() || equal(pa.At(), pb.At())) && equalEntries(a, b)
	case parser.KindUnary:
		if (parser.Unary{Node: a}).Op() != (parser.Unary{Node: b}).Op() {
			return false
		}
	case parser.KindBinary:
		if (parser.Binary{Node: a}).Op() != (parser.Binary{Node: b}).Op() {
			return false
		}
	case parser.KindInterp:
		if x, ok := parser.StaticName(a); ok && isAttrName(a) {
			y, ok := parser.StaticName(b)
			return ok && x == y
		}
	}
	return a.ChildCount() == b.ChildCount() && sameChildren(a, b, a.ChildCount())
}

// equalNames compares nodes of two kinds: strings and names can be written in
// several ways, and a name may define a variable or use it.
func equalNames(a, b parser.Node) bool {
	switch {
	case isString(a) && isString(b):
		return equalParts(parser.String{Node: a}.Parts(), parser.String{Node: b}.Parts())
	case isAttrName(a) && isAttrName(b):
		x, ok := parser.StaticName(a)
		y, too := parser.StaticName(b)
		return ok && too && x == y
	case a.Is(parser.KindName) && b.Is(parser.KindIdent), a.Is(parser.KindIdent) && b.Is(parser.KindName):
		return a.Text() == b.Text()
	}
	return false
}

func equalParts(a, b []parser.Part) bool {
	return slices.EqualFunc(a, b, func(x, y parser.Part) bool {
		if x.Interp.IsValid() != y.Interp.IsValid() {
			return false
		}
		return x.Text == y.Text && (!x.Interp.IsValid() || equal(x.Interp.Child(0), y.Interp.Child(0)))
	})
}

// equalEntries reports whether two sets, lets or set patterns have the same
// entries.
func equalEntries(a, b parser.Node) bool {
	if countEntries(a) != countEntries(b) {
		return false
	}
	// Most often the order is the same as well.
	x, y := 0, 0
	for ; x < a.ChildCount() && y < b.ChildCount(); x, y = x+1, y+1 {
		for ; a.Child(x).IsValid() && !isEntry(a.Child(x)); x++ {
		}
		for ; b.Child(y).IsValid() && !isEntry(b.Child(y)); y++ {
		}
		if x < a.ChildCount() && y < b.ChildCount() && !equal(a.Child(x), b.Child(y)) {
			break
		}
	}
	if x >= a.ChildCount() || y >= b.ChildCount() {
		return true
	}
	taken := make([]bool, b.ChildCount())
	for x := range a.Children() {
		if isEntry(x) && !takeEqual(x, b, taken) {
			return false
		}
	}
	return true
}

// takeEqual takes the first entry of b that is equal to x and not taken.
func takeEqual(x, b parser.Node, taken []bool) bool {
	for i := range taken {
		if y := b.Child(i); !taken[i] && isEntry(y) && equal(x, y) {
			taken[i] = true
			return true
		}
	}
	return false
}
