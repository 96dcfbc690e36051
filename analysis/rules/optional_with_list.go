package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

var optionalWithList = &Rule{
	Name:     "optional-with-list",
	Group:    "simplify",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "`optional` is given a list, and makes a list of a list of it",
	Why: "`lib.optional condition x` is `[ x ]` or `[ ]`, so that with a list it gives `[ [ … ] ]`. `lib.optionals`" + ` gives the list itself.
Some options flatten what they get and hide the mistake. The fix changes the value, and is made on request.

The rule is silent within an argument of ` + "`flatten`" + `, and where the list beside it is a list of lists too.`,
	Bad:   "{ lib, pkgs, config, ... }:\n{\n  environment.systemPackages = lib.optional config.a.enable [ pkgs.git ];\n}\n",
	Good:  "{ lib, pkgs, config, ... }:\n{\n  environment.systemPackages = lib.optionals config.a.enable [ pkgs.git ];\n}\n",
	Fix:   UnsafeFix,
	Kinds: []parser.Kind{parser.KindApply},
	Node: func(f *File, n parser.Node) {
		a := parser.Apply{Node: n}
		if a.ArgCount() != 2 || symbol.LastName(a.Func()) != "optional" || !parser.Unparen(a.Arg(1)).Is(parser.KindList) {
			return
		}
		if isFlattened(n) || hasListsBeside(n) {
			return
		}
		name := parser.Unparen(a.Func()).LastToken()
		f.Report(diagnostic.Diagnostic{
			Span: name.Span(), Message: "`optional` makes a list of this list", Help: "use `optionals`",
			Fix: fix("use `optionals`", false, diagnostic.Edit{Span: name.Span(), Text: "optionals"}),
		})
	},
}

// isFlattened reports whether an expression is part of what is given to
// `flatten`, which makes lists of lists plain.
func isFlattened(n parser.Node) bool {
	for p := n.Parent(); p.IsValid(); n, p = p, p.Parent() {
		switch p.Kind() {
		case parser.KindApply:
			if a := (parser.Apply{Node: p}); a.Func() != n && symbol.LastName(a.Func()) == "flatten" {
				return true
			}
		case parser.KindBinding, parser.KindLambda:
			return false
		}
	}
	return false
}

// hasListsBeside reports whether an expression is joined to a list that is
// written out and holds lists.
func hasListsBeside(n parser.Node) bool {
	holdsList := func(n parser.Node) bool {
		n = parser.Unparen(n)
		return n.Is(parser.KindList) && n.ChildCount() > 0 && parser.Unparen(n.Child(0)).Is(parser.KindList)
	}
	for p := n.Parent(); ; p = p.Parent() {
		switch p.Kind() {
		case parser.KindParen:
		case parser.KindBinary:
			b := parser.Binary{Node: p}
			if b.Op() != parser.TokenConcat {
				return false
			}
			right := b.Right()
			if right.Is(parser.KindBinary) && (parser.Binary{Node: right}).Op() == parser.TokenConcat {
				right = parser.Binary{Node: right}.Left()
			}
			if holdsList(b.Left()) || holdsList(right) {
				return true
			}
		default:
			return false
		}
	}
}
