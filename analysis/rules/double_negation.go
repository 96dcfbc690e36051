package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/parser"
)

var doubleNegation = &Rule{
	Name:     "double-negation",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a truth value is negated twice",
	Why: "`!!x` is `x`" + `. Nix does not convert other values to truth values, so that the two signs have no effect but to make sure that
` + "`x`" + ` is one; where it may not be, the fix is made on request.`,
	Bad:   "{ config, ... }:\n{\n  services.a.enable = !(!(config ? b));\n}\n",
	Good:  "{ config, ... }:\n{\n  services.a.enable = config ? b;\n}\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindUnary},
	Node: func(f *File, n parser.Node) {
		inner := parser.Unparen(parser.Unary{Node: n}.Expr())
		if (parser.Unary{Node: n}).Op() != parser.TokenNot || !inner.Is(parser.KindUnary) || (parser.Unary{Node: inner}).Op() != parser.TokenNot {
			return
		}
		value := parser.Unparen(parser.Unary{Node: inner}.Expr())
		d := diagnostic.Diagnostic{Span: n.Span(), Message: "two negations cancel each other out"}
		if !edit.CommentOutside(n, value) {
			d.Fix = fix("remove both", f.typeOf(value) == typeBool, edit.ReplaceBy(n, value))
		}
		f.Report(d)
	},
}
