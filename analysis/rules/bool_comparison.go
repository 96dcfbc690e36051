package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/parser"
)

var boolComparison = &Rule{
	Name:     "bool-comparison",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a truth value is compared with `true` or `false`",
	Why: `What is compared is a truth value already. The rule speaks up only where that is certain, as with ` + "`a == b`, `s ? a`" + `
or ` + "`builtins.elem x xs`" + `: an option may be ` + "`null`" + `, and then ` + "`option == true`" + ` is ` + "`false`" + `, while ` + "`if option`" + ` is an error.`,
	Bad:   "{ config, ... }:\n{\n  services.a.enable = (config ? b) == true;\n}\n",
	Good:  "{ config, ... }:\n{\n  services.a.enable = config ? b;\n}\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindBinary},
	Node: func(f *File, n parser.Node) {
		b := parser.Binary{Node: n}
		if b.Op() != parser.TokenEqual && b.Op() != parser.TokenNotEqual {
			return
		}
		other := b.Left()
		value, ok := f.boolLiteral(b.Right())
		if !ok {
			other = b.Right()
			if value, ok = f.boolLiteral(b.Left()); !ok {
				return
			}
		}
		if f.typeOf(other) != typeBool {
			return
		}
		d := diagnostic.Diagnostic{
			Span: n.Span(), Message: fmt.Sprintf("comparison of a truth value with `%t`", value),
		}
		if !edit.CommentOutside(n, other) {
			inner := parser.Unparen(other)
			if edit.CommentOutside(other, inner) {
				inner = other
			}
			if value == (b.Op() == parser.TokenEqual) {
				d.Fix = fix("remove the comparison", true, edit.ReplaceBy(n, inner))
			} else {
				d.Fix = fix("replace by `!`", true, edit.Replace(n, "!"+asOperand(inner, precedence.Not), precedence.Not))
			}
		}
		f.Report(d)
	},
}

// asOperand returns the text of an expression, in parentheses if it does not
// hold together tightly enough.
func asOperand(n parser.Node, want precedence.Level) string {
	if precedence.Of(n) < want {
		return "(" + n.Text() + ")"
	}
	return n.Text()
}
