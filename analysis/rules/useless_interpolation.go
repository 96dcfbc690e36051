package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/parser"
)

var uselessInterpolation = &Rule{
	Name:     "useless-interpolation",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a string holds nothing but an interpolated string",
	Why: "`\"${x}\"` is `x`, if `x`" + ` is a string. If it is a path or a derivation the two differ, and nobody can tell from the name; so the
rule speaks up only where it is certain, as with ` + "`toString x`" + `, a string, or strings joined by ` + "`+`" + `.`,
	Bad:   "{ port, ... }:\n{\n  listen = \"${toString port}\";\n}\n",
	Good:  "{ port, ... }:\n{\n  listen = toString port;\n}\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindString, parser.KindIndString},
	Node: func(f *File, n parser.Node) {
		if n.ChildCount() != 1 || isName(n) {
			return
		}
		interp := parser.Interp{Node: n.Child(0)}
		for e := range n.Elements() {
			if e.Token.IsValid() && e.Token.Kind() == parser.TokenStringText {
				return
			}
		}
		inner := parser.Unparen(interp.Expr())
		if f.typeOf(inner) != typeString {
			return
		}
		d := diagnostic.Diagnostic{Span: n.Span(), Message: "the string is nothing but the string in it"}
		if !edit.CommentOutside(n, inner) {
			d.Fix = fix("remove the quotes", true, edit.ReplaceBy(n, inner))
		}
		f.Report(d)
	},
}

// isName reports whether a string is, or computes, the name of an attribute.
// Nix tells computed names from others by their form.
func isName(n parser.Node) bool {
	p := n.Parent()
	if p.Is(parser.KindInterp) {
		p = p.Parent()
	}
	return p.Is(parser.KindAttrPath) || p.Is(parser.KindInherit)
}
