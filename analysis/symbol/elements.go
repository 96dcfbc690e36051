package symbol

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// anyName stands in the path of an option for each name that a set of its values has, as in
// the paths of options inside of submodules.
const anyName = "<name>"

// part is a part of an argument of a module: what rootOf finds. root is empty if it is none.
type part struct {
	root string
	path []string
	def  scope.DefID
}

func (p part) isValid() bool { return p.root != "" }

func (p part) is(other part) bool {
	return p.root == other.root && p.def == other.def && slices.Equal(p.path, other.path)
}

// below is the part that a name selects.
func (p part) below(name string) part {
	if p.root != "" {
		p.path = append(slices.Clip(p.path), name)
	}
	return p
}

// partOf is rootOf as one value.
func partOf(names *scope.Names, n parser.Node, depth int) part {
	root, path, def := rootOf(names, n, depth)
	return part{root, path, def}
}

// walk says how a library function goes through a collection: which of its arguments are the
// function that it calls and the collection, and which parameter of that function is an
// element.
type walk struct {
	fn, of, param int
	isSet         bool // the elements are the values of a set
}

var walks = map[string]walk{
	"mapAttrs": {0, 1, 1, true}, "mapAttrs'": {0, 1, 1, true}, "mapAttrsToList": {0, 1, 1, true}, "filterAttrs": {0, 1, 1, true},
	"concatMapAttrs": {0, 1, 1, true}, "concatMapAttrsStringSep": {1, 2, 1, true}, "foldlAttrs": {0, 2, 2, true},
	"map": {0, 1, 0, false}, "concatMap": {0, 1, 0, false}, "filter": {0, 1, 0, false}, "any": {0, 1, 0, false}, "all": {0, 1, 0, false},
	"count": {0, 1, 0, false}, "partition": {0, 1, 0, false}, "groupBy": {0, 1, 0, false}, "concatMapStrings": {0, 1, 0, false},
	"forEach": {1, 0, 0, false}, "concatMapStringsSep": {1, 2, 0, false}, "imap0": {0, 1, 1, false}, "imap1": {0, 1, 1, false},
	"foldl": {0, 2, 1, false}, "foldl'": {0, 2, 1, false}, "foldr": {0, 2, 0, false}, "findFirst": {0, 2, 0, false}, "sortOn": {0, 1, 0, false},
}

// passing are the library functions that hand on some elements of one of their arguments, by
// its index.
var passing = map[string]int{
	"filterAttrs": 1, "filter": 1, "sort": 1, "sortOn": 1, "unique": 0, "reverseList": 0, "optionals": 1, "optionalAttrs": 1, "take": 1, "drop": 1,
	"tail": 0, "init": 0,
}

// choosing are the library functions that return an element of a list, by its index among
// their arguments.
var choosing = map[string]int{"head": 0, "last": 0, "elemAt": 0, "findFirst": 2}

// argumentOf returns an argument of a call, which may come through a pipe.
func argumentOf(call parser.Apply, i int) parser.Node {
	if i < call.ArgCount() {
		return call.Arg(i)
	}
	whole := parser.WithParens(call.Node)
	if b := (parser.Binary{Node: whole.Parent()}); i == call.ArgCount() && b.Is(parser.KindBinary) {
		switch {
		case b.Op() == parser.TokenPipeInto && b.Right() == whole:
			return b.Left()
		case b.Op() == parser.TokenPipeFrom && b.Left() == whole:
			return b.Right()
		}
	}
	return parser.Node{}
}

// partOfCall is the part of an argument that a call of a library function returns.
func partOfCall(names *scope.Names, call parser.Apply, depth int) part {
	name := LastName(call.Func())
	if i, ok := choosing[name]; ok {
		return elementsOf(names, argumentOf(call, i), depth)
	}
	if i, ok := passing[name]; ok {
		return partOf(names, argumentOf(call, i), depth)
	}
	return part{}
}

// elementsOf is the part of an argument that each element of a list is.
func elementsOf(names *scope.Names, n parser.Node, depth int) part {
	if depth == 0 || !n.IsValid() {
		return part{}
	}
	n = parser.Unparen(n)
	switch n.Kind() {
	case parser.KindApply:
		call := parser.Apply{Node: n}
		name := LastName(call.Func())
		if i, ok := passing[name]; ok {
			return elementsOf(names, argumentOf(call, i), depth-1)
		}
		switch fn := parser.Unparen(argumentOf(call, 0)); {
		case name == "attrValues":
			return partOf(names, fn, depth-1).below(anyName)
		case name == "map" && fn.Is(parser.KindLambda):
			return partOf(names, parser.Lambda{Node: fn}.Body(), depth-1)
		case name == "concatMap" && fn.Is(parser.KindLambda):
			return elementsOf(names, parser.Lambda{Node: fn}.Body(), depth-1)
		}
	case parser.KindIdent:
		if value := boundTo(names, n); value.IsValid() {
			return elementsOf(names, value, depth-1)
		}
	case parser.KindBinary:
		if b := (parser.Binary{Node: n}); b.Op() == parser.TokenPipeInto && parser.Unparen(b.Right()).Is(parser.KindApply) {
			return elementsOf(names, b.Right(), depth-1)
		}
	}
	return partOf(names, n, depth-1) // an option that is a list of them
}

// boundTo returns the value that a variable is bound to as a whole; it is invalid for others.
func boundTo(names *scope.Names, ident parser.Node) parser.Node {
	u := names.UseAt(ident)
	if u == scope.None || names.Uses()[u].Target != scope.Local {
		return parser.Node{}
	}
	def := names.Definitions()[names.Uses()[u].Def]
	path := names.Tree().Node(def.Node).Parent()
	if def.Kind != scope.Binding || path.ChildCount() != 1 || !path.Parent().Is(parser.KindBinding) {
		return parser.Node{}
	}
	return parser.Binding{Node: path.Parent()}.Value()
}

// partOfParameter is the part of an argument that a parameter of a function stands for in all
// of its calls.
func partOfParameter(names *scope.Names, d scope.DefID, depth int) part {
	fn := names.Tree().Node(names.Scopes()[names.Definitions()[d].Scope].Node)
	for param := 0; ; param++ {
		around := parser.WithParens(fn).Parent()
		if !around.Is(parser.KindLambda) {
			return partInCalls(names, fn, param, depth)
		}
		fn = around
	}
}

// manyCalls is how much of the depth it takes to look at all calls of a function that has a
// name.
const manyCalls = 6

// partInCalls is what a parameter stands for where an expression is that gives the function.
func partInCalls(names *scope.Names, fn parser.Node, param, depth int) part {
	if depth == 0 {
		return part{}
	}
	fn = parser.WithParens(fn)
	switch around := fn.Parent(); around.Kind() {
	case parser.KindApply:
		call := parser.Apply{Node: around}
		if call.Func() == fn {
			if arg := argumentOf(call, param); arg.IsValid() {
				return partOf(names, arg, depth-1)
			}
			return part{}
		}
		w, ok := walks[LastName(call.Func())]
		if !ok || w.param != param || argumentOf(call, w.fn) != fn {
			return part{}
		}
		if of := argumentOf(call, w.of); w.isSet && of.IsValid() {
			return partOf(names, of, depth-1).below(anyName)
		} else {
			return elementsOf(names, of, depth-1)
		}
	case parser.KindBinding:
		path := parser.Binding{Node: around}.Path()
		if !around.Parent().Is(parser.KindLet) || path.ChildCount() != 1 {
			return part{} // others may call it
		}
		var all part
		for u := range names.UsesOf(names.DefinitionAt(path.Child(0))) {
			p := partInCalls(names, names.Tree().Node(names.Uses()[u].Node), param, max(0, depth-manyCalls))
			if !p.isValid() || all.isValid() && !all.is(p) {
				return part{}
			}
			all = p
		}
		return all
	}
	return part{}
}
