package rules

import (
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// need says whether the value of a part of a file is computed.
type need uint8

// The needs, weakest first.
const (
	neverNeeded   need = iota // it stands under a condition that does not hold
	perhapsNeeded             // it stands under one that is not known, or in a function that may not be called
	alwaysNeeded              // it is computed whenever the whole is looked at
)

// needs tells what of a file is computed.
type needs struct {
	names *scope.Names
	whole parser.Node // the part of the file that is evaluated
	// holds tells the value of a condition, if it is known; it may be nil.
	holds func(cond parser.Node) (value, known bool)
}

// needed reports whether the value of a node is computed whenever that of a
// node around it is looked at as a whole.
func needed(names *scope.Names, n, whole parser.Node) bool {
	return needs{names: names, whole: whole}.of(n) == alwaysNeeded
}

// of tells whether the value of a node is computed when that of the whole is
// looked at, all of it.
func (w needs) of(n parser.Node) need { return w.find(n, make(map[scope.DefID]bool)) }

func (w needs) find(n parser.Node, seen map[scope.DefID]bool) need {
	out := alwaysNeeded
	for child := n; child != w.whole; child = child.Parent() {
		p := child.Parent()
		if !p.IsValid() {
			return min(out, perhapsNeeded)
		}
		step := alwaysNeeded
		switch p.Kind() {
		case parser.KindIf:
			switch i := (parser.If{Node: p}); child {
			case i.Then():
				step = w.under(i.Cond(), true)
			case i.Else():
				step = w.under(i.Cond(), false)
			}
		case parser.KindBinary:
			if b := (parser.Binary{Node: p}); b.Right() == child {
				switch b.Op() {
				case parser.TokenAndAnd, parser.TokenImplies:
					step = w.under(b.Left(), true)
				case parser.TokenOrOr:
					step = w.under(b.Left(), false)
				}
			}
		case parser.KindSelect:
			if s := (parser.Select{Node: p}); s.Default().IsValid() {
				step = perhapsNeeded
			}
		case parser.KindHasAttr, parser.KindFormal:
			step = perhapsNeeded
		case parser.KindWith:
			if (parser.With{Node: p}).Body() != child {
				step = perhapsNeeded // only names that nothing else defines need it
			}
		case parser.KindLambda:
			if p != w.whole {
				step = perhapsNeeded
			}
		case parser.KindApply:
			if a := (parser.Apply{Node: p}); a.Func() != child {
				step = w.argument(a, child)
			}
		case parser.KindBinding, parser.KindInherit:
			if set := p.Parent(); set.Is(parser.KindLet) || set.Is(parser.KindAttrSet) && (parser.AttrSet{Node: set}).IsLegacyLet() {
				return min(out, w.uses(p, child, seen))
			}
		}
		if out = min(out, step); out == neverNeeded {
			return out
		}
	}
	return out
}

// under tells the need of what stands under a condition that has to have the
// given value.
func (w needs) under(cond parser.Node, want bool) need {
	if w.holds != nil {
		if value, known := w.holds(cond); known && value == want {
			return alwaysNeeded
		} else if known {
			return neverNeeded
		}
	}
	return perhapsNeeded
}

// uses tells the need of the names that an entry of a let defines.
func (w needs) uses(entry, child parser.Node, seen map[scope.DefID]bool) need {
	out := neverNeeded
	add := func(name parser.Node) {
		d := w.names.DefinitionAt(name)
		if d == scope.None || seen[d] {
			return
		}
		seen[d] = true
		for u := range w.names.UsesOf(d) {
			out = max(out, w.find(w.names.Tree().Node(w.names.Uses()[u].Node), seen))
		}
		delete(seen, d)
	}
	if entry.Is(parser.KindBinding) {
		if path := (parser.Binding{Node: entry}).Path(); path.ChildCount() == 1 {
			add(path.Child(0))
			return out
		}
		return perhapsNeeded
	}
	for name := range (parser.Inherit{Node: entry}).Names() {
		if child == name || child.Is(parser.KindInheritFrom) {
			add(name)
		}
	}
	return out
}

// argument tells the need of an argument of a function. One that is not known
// may leave it alone.
func (w needs) argument(a parser.Apply, arg parser.Node) need {
	switch symbol.LastName(a.Func()) {
	case "mkIf", "optional", "optionals", "optionalString", "optionalAttrs":
		if a.Arg(0) == arg {
			return alwaysNeeded
		}
		return w.under(a.Arg(0), true)
	case "mkForce", "mkDefault", "mkOverride", "mkBefore", "mkAfter", "mkOrder", "mkMerge", "toString", "concatStringsSep",
		"concatLists", "attrNames", "attrValues", "removeAttrs", "import", "readFile", "length", "head", "fromJSON",
		"concatStrings", "concatLines", "unique", "flatten", "map", "genAttrs", "mapAttrs", "mapAttrs'", "mapAttrsToList", "concatMap":
		return alwaysNeeded
	}
	return perhapsNeeded
}
