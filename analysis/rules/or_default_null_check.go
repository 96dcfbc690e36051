package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/parser"
)

var orDefaultNullCheck = &Rule{
	Name:     "or-default-null-check",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "an attribute is asked for, and then compared with `null`",
	Why: "`set.name or null != null` says the same as `set ? name && set.name != null`" + `. If the set is itself an attribute, as in
` + "`a.b ? c && a.b.c != null`" + `, the short form does not mind if ` + "`a.b`" + ` is missing; then the fix is made on request.`,
	Bad:   "args:\n{\n  enable = args ? port && args.port != null;\n}\n",
	Good:  "args:\n{\n  enable = args.port or null != null;\n}\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindBinary},
	Node: func(f *File, n parser.Node) {
		b := parser.Binary{Node: n}
		wanted := parser.TokenNotEqual
		switch b.Op() {
		case parser.TokenAndAnd:
		case parser.TokenOrOr:
			wanted = parser.TokenEqual
		default:
			return
		}
		// In `x && s ? a && s.a != null` the test stands right of the first `&&`.
		left := b.Left()
		if left.Is(parser.KindBinary) && (parser.Binary{Node: left}).Op() == b.Op() {
			left = parser.Binary{Node: left}.Right()
		}
		test := parser.Unparen(left)
		if b.Op() == parser.TokenOrOr {
			if !test.Is(parser.KindUnary) || (parser.Unary{Node: test}).Op() != parser.TokenNot {
				return
			}
			test = parser.Unparen(parser.Unary{Node: test}.Expr())
		}
		compared := parser.Unparen(b.Right())
		if !test.Is(parser.KindHasAttr) || !compared.Is(parser.KindBinary) {
			return
		}
		c := parser.Binary{Node: compared}
		if c.Op() != wanted || !c.Left().Is(parser.KindSelect) || (parser.Select{Node: c.Left()}).Default().IsValid() || !f.isGlobal(c.Right(), "null") {
			return
		}
		same, exact := asksFor(parser.HasAttr{Node: test}, parser.Select{Node: c.Left()})
		if !same {
			return
		}
		s := parser.Span{Start: left.Span().Start, End: n.Span().End}
		d := diagnostic.Diagnostic{Span: s, Message: "`or null` makes one test of the two"}
		if !edit.CommentIn(f.Tree, s) {
			op := " != null"
			if wanted == parser.TokenEqual {
				op = " == null"
			}
			d.Fix = fix("use `or null`", exact, edit.ReplaceSpan(f.Text, s, c.Left().Text()+" or null"+op))
		}
		f.Report(d)
	},
}
