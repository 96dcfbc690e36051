package rules

import (
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// needed reports whether the value of a node is computed whenever that of a
// node around it is looked at as a whole: nothing on the way is a condition, a
// function that may never be called, or a name that is never used.
func needed(names *scope.Names, n, whole parser.Node) bool {
	return neededFor(names, n, whole, make(map[scope.DefID]bool))
}

func neededFor(names *scope.Names, n, whole parser.Node, seen map[scope.DefID]bool) bool {
	for child := n; child != whole; child = child.Parent() {
		p := child.Parent()
		if !p.IsValid() {
			return false
		}
		switch p.Kind() {
		case parser.KindIf:
			if (parser.If{Node: p}).Cond() != child {
				return false
			}
		case parser.KindBinary:
			switch b := (parser.Binary{Node: p}); b.Op() {
			case parser.TokenAndAnd, parser.TokenOrOr, parser.TokenImplies:
				if b.Right() == child {
					return false
				}
			}
		case parser.KindSelect:
			if s := (parser.Select{Node: p}); s.Default().IsValid() {
				return false
			}
		case parser.KindHasAttr, parser.KindFormal:
			return false
		case parser.KindWith:
			if (parser.With{Node: p}).Body() != child {
				return false // only names that nothing else defines need it
			}
		case parser.KindLambda:
			if p != whole {
				return false
			}
		case parser.KindApply:
			if a := (parser.Apply{Node: p}); a.Func() != child && isLazy(a, child) {
				return false
			}
		case parser.KindBinding, parser.KindInherit:
			if set := p.Parent(); set.Is(parser.KindLet) || set.Is(parser.KindAttrSet) && (parser.AttrSet{Node: set}).IsLegacyLet() {
				return usesNeeded(names, p, child, whole, seen)
			}
		}
	}
	return true
}

// usesNeeded reports whether one of the names that an entry of a let defines
// is needed.
func usesNeeded(names *scope.Names, entry, child, whole parser.Node, seen map[scope.DefID]bool) bool {
	check := func(name parser.Node) bool {
		d := names.DefinitionAt(name)
		if d == scope.None || seen[d] {
			return false
		}
		seen[d] = true
		for u := range names.UsesOf(d) {
			if neededFor(names, names.Tree().Node(names.Uses()[u].Node), whole, seen) {
				return true
			}
		}
		return false
	}
	if entry.Is(parser.KindBinding) {
		path := parser.Binding{Node: entry}.Path()
		return path.ChildCount() == 1 && check(path.Child(0))
	}
	for name := range (parser.Inherit{Node: entry}).Names() {
		if (child == name || child.Is(parser.KindInheritFrom)) && check(name) {
			return true
		}
	}
	return false
}

// isLazy reports whether a function may leave an argument alone: it makes the
// argument depend on a condition, is no more than a description of an option,
// or is not known to need it.
func isLazy(a parser.Apply, arg parser.Node) bool {
	switch lastName(a.Func()) {
	case "mkIf", "optional", "optionals", "optionalString", "optionalAttrs":
		return a.Arg(0) != arg
	case "mkForce", "mkDefault", "mkOverride", "mkBefore", "mkAfter", "mkOrder", "mkMerge", "toString", "concatStringsSep",
		"concatLists", "attrNames", "attrValues", "removeAttrs", "import", "readFile", "length", "head", "fromJSON",
		"concatStrings", "concatLines", "unique", "flatten", "map", "genAttrs", "mapAttrs", "mapAttrs'", "mapAttrsToList", "concatMap":
		return false
	}
	return true
}
