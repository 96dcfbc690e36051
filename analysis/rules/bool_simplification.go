package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/parser"
)

var boolSimplification = &Rule{
	Name:     "bool-simplification",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a comparison is negated instead of turned round",
	Why:      "`!(a == b)` is `a != b`, and `!(a < b)` is `a >= b`" + `: Nix itself reads the second of each as the first.`,
	Bad:      "{ config, lib, ... }:\n{\n  services.a.enable = lib.mkIf (!(config.b == null)) true;\n}\n",
	Good:     "{ config, lib, ... }:\n{\n  services.a.enable = lib.mkIf (config.b != null) true;\n}\n",
	Fix:      SafeFix,
	Kinds:    []parser.Kind{parser.KindUnary},
	Node: func(f *File, n parser.Node) {
		u := parser.Unary{Node: n}
		inner := parser.Unparen(u.Expr())
		if u.Op() != parser.TokenNot || !inner.Is(parser.KindBinary) {
			return
		}
		b := parser.Binary{Node: inner}
		opposite, ok := opposites[b.Op()]
		if !ok {
			return
		}
		d := diagnostic.Diagnostic{Span: n.Span(), Message: fmt.Sprintf("negated `%s` is `%s`", b.Op(), opposite)}
		if !edit.CommentOutside(n, b.Left(), b.Right()) {
			// Both operators are equally tight, so the operands can stay.
			text := b.Left().Text() + " " + opposite + " " + b.Right().Text()
			d.Fix = fix(fmt.Sprintf("use `%s`", opposite), true, edit.Replace(n, text, precedence.Of(inner)))
		}
		f.Report(d)
	},
}

var opposites = map[parser.TokenKind]string{
	parser.TokenEqual: "!=", parser.TokenNotEqual: "==", parser.TokenLess: ">=", parser.TokenGreaterEqual: "<",
	parser.TokenGreater: "<=", parser.TokenLessEqual: ">",
}
