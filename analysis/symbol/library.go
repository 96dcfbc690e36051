package symbol

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/manual"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// LibraryAt describes the function of nixpkgs' library that is named at an offset where the
// library is no argument of a module: the parameter `lib` of a function, and what `lib.extend`
// and `lib // { … }` make. It returns nil for others.
func LibraryAt(f *repo.File, names *scope.Names, offset uint32) *manual.Entry {
	n := f.Tree.NodeAt(offset)
	for _, with := range WithsOf(f, names, offset) {
		if isLibrary(names, with.Namespace(), maxAliases) {
			return manual.Lib(n.Text())
		}
	}
	name, ok := parser.StaticName(n)
	if !ok {
		return nil
	}
	path := n.Parent()
	switch owner := path.Parent(); {
	case path.Is(parser.KindInherit):
		if from := (parser.Inherit{Node: path}).From(); from.IsValid() && isLibrary(names, from, maxAliases) {
			return manual.Lib(name)
		}
	case path.Is(parser.KindAttrPath) && (owner.Is(parser.KindSelect) || owner.Is(parser.KindHasAttr)):
		if isLibrary(names, owner.Child(0), maxAliases) {
			var below []string
			for _, name := range upTo(path, n) {
				text, _ := parser.StaticName(name)
				below = append(below, text)
			}
			return manual.Lib(below...)
		}
	}
	return nil
}

// LibraryOf describes the function of the library that a variable takes over by `inherit`, as
// LibraryAt does.
func LibraryOf(names *scope.Names, d scope.DefID) *manual.Entry {
	def := names.Definitions()[d]
	if def.Kind != scope.InheritFrom || !isLibrary(names, parser.Inherit{Node: names.Tree().Node(def.Node).Parent()}.From(), maxAliases) {
		return nil
	}
	return manual.Lib(names.Name(d))
}

// IsLibrary reports whether a variable is nixpkgs' library, or that with more in it.
func IsLibrary(names *scope.Names, d scope.DefID) bool {
	return d != scope.None && isLibraryVariable(names, d, maxAliases)
}

// isLibrary is IsLibrary for an expression.
func isLibrary(names *scope.Names, n parser.Node, depth int) bool {
	if depth == 0 {
		return false
	}
	switch n = parser.Unparen(n); n.Kind() {
	case parser.KindIdent:
		u := names.UseAt(n)
		return u != scope.None && names.Uses()[u].Target == scope.Local && isLibraryVariable(names, names.Uses()[u].Def, depth-1)
	case parser.KindSelect:
		root, path, _ := rootOf(names, n, depth)
		return isLibraryPath(root, path)
	case parser.KindBinary:
		b := parser.Binary{Node: n}
		return b.Op() == parser.TokenUpdate && (isLibrary(names, b.Left(), depth-1) || isLibrary(names, b.Right(), depth-1))
	case parser.KindApply:
		callee := parser.Select{Node: parser.Unparen(parser.Apply{Node: n}.Func())}
		return callee.Is(parser.KindSelect) && callee.Path().Text() == "extend" && isLibrary(names, callee.Expr(), depth-1) ||
			callee.Is(parser.KindSelect) && callee.Path().Text() == "lib.extend"
	}
	return false
}

// LibraryBelow returns what names below an argument are below the library; ok is false if they
// do not lead into it.
func LibraryBelow(root string, path []string) (below []string, ok bool) {
	if root == "inputs" && len(path) > 0 {
		root, path = path[0], path[1:]
	}
	switch {
	case root == "lib":
		return path, true
	case root != "pkgs" && root != "nixpkgs":
		return nil, false
	case len(path) > 0 && path[0] == "lib":
		return path[1:], true
	case len(path) > 2 && path[0] == "legacyPackages" && path[2] == "lib":
		return path[3:], true
	}
	return nil, false
}

// isLibraryPath reports whether names below an argument are the library as a whole.
func isLibraryPath(root string, path []string) bool {
	below, ok := LibraryBelow(root, path)
	return ok && len(below) == 0
}

func isLibraryVariable(names *scope.Names, d scope.DefID, depth int) bool {
	node := names.Tree().Node(names.Definitions()[d].Node)
	switch names.Definitions()[d].Kind {
	case scope.Formal, scope.Argument:
		return names.Name(d) == "lib"
	case scope.Binding:
		b := node.Parent().Parent()
		return node.Parent().ChildCount() == 1 && b.Is(parser.KindBinding) && isLibrary(names, parser.Binding{Node: b}.Value(), depth)
	case scope.InheritFrom:
		root, path, _ := rootOf(names, parser.Inherit{Node: node.Parent()}.From(), max(depth, 1))
		return root != "" && isLibraryPath(root, append(slices.Clone(path), names.Name(d)))
	case scope.Inherit:
		if u := names.Definitions()[d].Inherits; u != scope.None {
			outer := names.Uses()[u]
			return outer.Target == scope.Local && depth > 0 && isLibraryVariable(names, outer.Def, depth-1)
		}
	}
	return false
}
