package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/parser"
)

var uselessParens = &Rule{
	Name:     "useless-parens",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "parentheses hold together what holds together anyway",
	Why: `Parentheses around the whole value of a binding, around the body of a ` + "`let`" + `, or around a name, string, list or set say nothing.
Those that make an operator's operands plain to see are never reported.`,
	Bad:   "{ lib, ... }:\n{\n  services.a = (lib.mkIf (true) { });\n}\n",
	Good:  "{ lib, ... }:\n{\n  services.a = lib.mkIf true { };\n}\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindParen},
	Node: func(f *File, n parser.Node) {
		inner := parser.Paren{Node: n}.Expr()
		if !isWholeValue(n) && !isAtom(n, inner) {
			return
		}
		d := diagnostic.Diagnostic{Span: n.Span(), Message: "these parentheses are not needed"}
		if !edit.CommentOutside(n, inner) {
			open := parser.Span{Start: n.Span().Start, End: inner.Span().Start}
			end := parser.Span{Start: inner.Span().End, End: n.Span().End}
			e1, e2 := edit.Cut(f.Text, open), edit.Cut(f.Text, end)
			d.Fix = fix("remove the parentheses", true, e1, e2)
		}
		f.Report(d)
	},
}

// isWholeValue reports whether a node is all of a binding's value or of the
// body of a let.
func isWholeValue(n parser.Node) bool {
	p := n.Parent()
	return p.Is(parser.KindBinding) || p.Is(parser.KindLet) && parser.Let{Node: p}.Body() == n
}

// isAtom reports whether an expression in parentheses can stand where these
// stand, whatever is around it.
func isAtom(paren, inner parser.Node) bool {
	if next := paren.LastToken().Next(); next.IsValid() && next.Kind() == parser.TokenOr {
		return false
	}
	switch inner.Kind() {
	case parser.KindIdent:
		return inner.Text() != "or"
	case parser.KindParen, parser.KindList, parser.KindString, parser.KindIndString:
		return true
	case parser.KindAttrSet:
		return !(parser.AttrSet{Node: inner}).IsLegacyLet()
	case parser.KindSelect:
		if (parser.Select{Node: inner}).Default().IsValid() {
			return false
		}
		p := paren.Parent()
		// `(a.b).c or d` is an error if there is no `a.b`; `a.b.c or d` is not.
		return !p.Is(parser.KindSelect) || !parser.Select{Node: p}.Default().IsValid() || parser.Select{Node: p}.Expr() != paren
	}
	return false
}
