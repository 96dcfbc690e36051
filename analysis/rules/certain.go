package rules

import (
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// The functions below tell what type an expression certainly has if it has a
// value at all. Only what Nix itself defines counts: a function of a library
// may do anything.

// isGlobal reports whether an expression is the given global of Nix, and not a
// name that the file defines.
func (f *File) isGlobal(n parser.Node, name string) bool {
	if !n.Is(parser.KindIdent) || n.Text() != name {
		return false
	}
	u := f.Names().UseAt(n)
	return u != scope.None && f.Names().Uses()[u].Target == scope.GlobalOf
}

// boolLiteral returns the value of `true` and `false`.
func (f *File) boolLiteral(n parser.Node) (value, ok bool) {
	if f.isGlobal(n, "true") {
		return true, true
	}
	return false, f.isGlobal(n, "false")
}

// builtinName returns the name of the builtin that an expression is, written
// as `builtins.x`, `x` or `__x`; empty if it is none.
func (f *File) builtinName(n parser.Node) string {
	switch n = parser.Unparen(n); n.Kind() {
	case parser.KindIdent:
		name := n.Text()
		if len(name) > 2 && name[:2] == "__" && scope.BuiltinOf(name[2:]) != scope.NoBuiltin {
			if f.isGlobal(n, name) {
				return name[2:]
			}
			return ""
		}
		if scope.IsGlobal(name) && f.isGlobal(n, name) {
			return name
		}
	case parser.KindSelect:
		s := parser.Select{Node: n}
		if s.Default().IsValid() || s.Path().ChildCount() != 1 || !f.isGlobal(s.Expr(), "builtins") {
			return ""
		}
		if name, ok := parser.StaticName(s.Path().Child(0)); ok && scope.BuiltinOf(name) != scope.NoBuiltin {
			return name
		}
	}
	return ""
}

// resultTypes gives the types of what builtins return when they have all their
// arguments.
var resultTypes = map[string]struct {
	args int
	typ  valueType
}{
	"all": {2, typeBool}, "any": {2, typeBool}, "elem": {2, typeBool}, "hasAttr": {2, typeBool}, "hasContext": {1, typeBool},
	"isAttrs": {1, typeBool}, "isBool": {1, typeBool}, "isFloat": {1, typeBool}, "isFunction": {1, typeBool},
	"isInt": {1, typeBool}, "isList": {1, typeBool}, "isNull": {1, typeBool}, "isPath": {1, typeBool},
	"isString": {1, typeBool}, "lessThan": {2, typeBool}, "pathExists": {1, typeBool},

	"attrNames": {1, typeList}, "attrValues": {1, typeList}, "catAttrs": {2, typeList}, "concatLists": {1, typeList},
	"concatMap": {2, typeList}, "filter": {2, typeList}, "genList": {2, typeList}, "genericClosure": {1, typeList},
	"map": {2, typeList}, "sort": {2, typeList}, "split": {2, typeList}, "splitVersion": {1, typeList}, "tail": {1, typeList},

	"concatStringsSep": {2, typeString}, "getEnv": {1, typeString}, "hashFile": {2, typeString},
	"hashString": {2, typeString}, "readFile": {1, typeString}, "replaceStrings": {3, typeString},
	"substring": {3, typeString}, "toJSON": {1, typeString}, "toString": {1, typeString}, "toXML": {1, typeString},
	"typeOf": {1, typeString}, "unsafeDiscardStringContext": {1, typeString},
}

type valueType uint8

const (
	typeUnknown valueType = iota
	typeBool
	typeList
	typeString
)

// typeOf returns the type that an expression certainly has if it has a value.
func (f *File) typeOf(n parser.Node) valueType {
	switch n = parser.Unparen(n); n.Kind() {
	case parser.KindIdent:
		if _, ok := f.boolLiteral(n); ok {
			return typeBool
		}
	case parser.KindString, parser.KindIndString, parser.KindURI:
		return typeString
	case parser.KindList:
		return typeList
	case parser.KindHasAttr:
		return typeBool
	case parser.KindUnary:
		if (parser.Unary{Node: n}).Op() == parser.TokenNot {
			return typeBool
		}
	case parser.KindBinary:
		b := parser.Binary{Node: n}
		switch b.Op() {
		case parser.TokenConcat:
			return typeList
		case parser.TokenEqual, parser.TokenNotEqual, parser.TokenLess, parser.TokenLessEqual, parser.TokenGreater,
			parser.TokenGreaterEqual, parser.TokenAndAnd, parser.TokenOrOr, parser.TokenImplies:
			return typeBool
		case parser.TokenPlus:
			// What follows a string is made a string.
			if f.typeOf(b.Left()) == typeString {
				return typeString
			}
		}
	case parser.KindApply:
		a := parser.Apply{Node: n}
		if r, ok := resultTypes[f.builtinName(a.Func())]; ok && r.args == a.ArgCount() {
			return r.typ
		}
	case parser.KindIf:
		i := parser.If{Node: n}
		if t := f.typeOf(i.Then()); t == f.typeOf(i.Else()) {
			return t
		}
	case parser.KindLet, parser.KindWith, parser.KindAssert:
		return f.typeOf(n.LastChild())
	}
	return typeUnknown
}
