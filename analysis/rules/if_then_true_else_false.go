package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/parser"
)

var ifThenTrueElseFalse = &Rule{
	Name:     "if-then-true-else-false",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "an `if` chooses between `true` and `false`",
	Why: `The condition is that value, or its opposite is. The fix is applied unasked unless the ` + "`if`" + ` may be there to make sure that the
condition is a truth value.`,
	Bad:   "{ config, ... }:\n{\n  services.a.enable = if config.b == 1 then true else false;\n}\n",
	Good:  "{ config, ... }:\n{\n  services.a.enable = config.b == 1;\n}\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindIf},
	Node: func(f *File, n parser.Node) {
		i := parser.If{Node: n}
		then, ok1 := f.boolLiteral(parser.Unparen(i.Then()))
		otherwise, ok2 := f.boolLiteral(parser.Unparen(i.Else()))
		if !ok1 || !ok2 || then == otherwise {
			return
		}
		if p := n.Parent(); p.Is(parser.KindIf) && (parser.If{Node: p}).Else() == n {
			return // a chain of conditions reads better as it is
		}
		cond := parser.Unparen(i.Cond())
		d := diagnostic.Diagnostic{Span: n.Span(), Message: "the condition is the value"}
		if !then {
			d.Message = "the value is the opposite of the condition"
		}
		if !edit.CommentOutside(n, cond) {
			switch u := (parser.Unary{Node: cond}); {
			case then:
				d.Fix = fix("use the condition", f.typeOf(cond) == typeBool, edit.ReplaceBy(n, cond))
			case cond.Is(parser.KindUnary) && u.Op() == parser.TokenNot:
				value := parser.Unparen(u.Expr())
				d.Fix = fix("use what is negated", f.typeOf(value) == typeBool, edit.ReplaceBy(n, value))
			default:
				d.Fix = fix("negate the condition", true, edit.Replace(n, "!"+asOperand(cond, precedence.Not), precedence.Not))
			}
		}
		f.Report(d)
	},
}
