package rules

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// wrongDefault is a default that is written out and not of the type written beside it.
type wrongDefault struct {
	value parser.Node
	kind  parser.Node // the type
}

// wrongDefaults are those of each file, which no host need import.
var wrongDefaults = &perFile[[]wrongDefault]{func(_ *Repo, f *repo.File) (out []wrongDefault) {
	if !strings.Contains(f.Text, "mkOption") {
		return nil
	}
	for id := range f.Tree.NodeCount() {
		n := f.Tree.Node(parser.NodeID(id))
		if !n.Is(parser.KindApply) {
			continue
		}
		call := parser.Apply{Node: n}
		set := parser.Unparen(call.Arg(0))
		if !set.Is(parser.KindAttrSet) || symbol.LastName(call.Func()) != "mkOption" {
			continue
		}
		var d wrongDefault
		for entry := range set.Children() {
			if !entry.Is(parser.KindBinding) {
				continue
			}
			b := parser.Binding{Node: entry}
			switch b.Path().Text() {
			case "type":
				d.kind = b.Value()
			case "default":
				d.value = b.Value()
			}
		}
		if d.kind.IsValid() && d.value.IsValid() && isNot(d.value, d.kind) {
			out = append(out, d)
		}
	}
	return out
}}

// isNot reports whether a value that is written out is certainly not of a type.
func isNot(value, kind parser.Node) bool {
	value = parser.Unparen(value)
	form := formOf(value)
	if form == "" {
		return false
	}
	name, args := typeWritten(kind)
	in := func(forms ...string) bool { return slices.Contains(forms, form) }
	switch name {
	case "str", "singleLineStr", "nonEmptyStr", "lines", "commas", "envVar", "separatedString", "strMatching":
		return !in("string")
	case "bool":
		return !in("bool")
	case "int", "port", "ints":
		return !in("int")
	case "float":
		return !in("float")
	case "number", "numbers":
		return !in("int", "float")
	case "path":
		return !in("string", "path")
	case "package":
		return in("int", "float", "bool", "null", "list")
	case "submodule":
		return in("int", "float", "bool", "null", "list", "string")
	case "attrsOf", "lazyAttrsOf", "attrs":
		return !in("set")
	case "nullOr":
		return len(args) == 1 && !in("null") && isNot(value, args[0])
	case "enum":
		return len(args) == 1 && isNoneOf(value, form, parser.Unparen(args[0]))
	case "listOf", "nonEmptyListOf":
		if !in("list") {
			return true
		}
		for e := range value.Children() {
			if len(args) == 1 && isNot(e, args[0]) {
				return true
			}
		}
	}
	return false
}

// isNoneOf reports whether a value is none of those of a list of texts.
func isNoneOf(value parser.Node, form string, list parser.Node) bool {
	if !list.Is(parser.KindList) || list.ChildCount() == 0 {
		return false
	}
	text, static := "", false
	if form == "string" {
		if text, static = parser.StaticName(value); !static {
			return false
		}
	}
	for e := range list.Children() {
		choice, ok := parser.StaticName(parser.Unparen(e))
		if !ok || !parser.Unparen(e).Is(parser.KindString) || static && choice == text {
			return false
		}
	}
	return true
}

// typeWritten returns the name of a type of nixpkgs, and what it is made of; the name is
// empty if it may be another.
func typeWritten(n parser.Node) (name string, args []parser.Node) {
	n = parser.Unparen(n)
	for n.Is(parser.KindWith) {
		n = parser.Unparen(parser.With{Node: n}.Body())
	}
	if n.Is(parser.KindApply) {
		call := parser.Apply{Node: n}
		name, _ = typeWritten(call.Func())
		for i := range call.ArgCount() {
			args = append(args, call.Arg(i))
		}
		return name, args
	}
	names := namePath(n)
	for i, part := range names {
		if part == "types" && i+1 < len(names) && (i == 0 || i == 1 && names[0] == "lib") {
			return names[i+1], nil
		}
	}
	if len(names) != 1 {
		return "", nil
	}
	for a := range n.Ancestors() {
		if a.Is(parser.KindWith) {
			if from := namePath(parser.With{Node: a}.Namespace()); len(from) > 0 && from[len(from)-1] == "types" {
				return names[0], nil
			}
			return "", nil
		}
	}
	return "", nil
}

// formOf tells what a value is, if its form tells.
func formOf(n parser.Node) string {
	switch n.Kind() {
	case parser.KindString, parser.KindIndString:
		return "string"
	case parser.KindInt:
		return "int"
	case parser.KindFloat:
		return "float"
	case parser.KindPath:
		return "path"
	case parser.KindList:
		return "list"
	case parser.KindAttrSet:
		return "set"
	case parser.KindIdent:
		switch n.Text() {
		case "true", "false":
			return "bool"
		case "null":
			return "null"
		}
	}
	return ""
}
