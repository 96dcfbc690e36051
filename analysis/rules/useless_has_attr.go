package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/parser"
)

var uselessHasAttr = &Rule{
	Name:     "useless-has-attr",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "an `if` asks for an attribute in order to give a default",
	Why: "`set.name or default` says the same as `if set ? name then set.name else default`" + `. If the set is itself an attribute, as
in ` + "`if a.b ? c then a.b.c else d`" + `, the short form also gives the default where ` + "`a.b`" + ` is missing, which the long form
does not; then the fix is made on request.`,
	Bad:   "args:\n{\n  port = if args ? port then args.port else 80;\n}\n",
	Good:  "args:\n{\n  port = args.port or 80;\n}\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindIf},
	Node: func(f *File, n parser.Node) {
		i := parser.If{Node: n}
		cond, then := parser.Unparen(i.Cond()), parser.Unparen(i.Then())
		if !cond.Is(parser.KindHasAttr) || !then.Is(parser.KindSelect) || (parser.Select{Node: then}).Default().IsValid() {
			return
		}
		same, exact := asksFor(parser.HasAttr{Node: cond}, parser.Select{Node: then})
		if !same || i.Else().Is(parser.KindIf) {
			return // a chain of conditions reads better as it is
		}
		d := diagnostic.Diagnostic{Span: n.Span(), Message: "`or` gives a default to an attribute"}
		if !edit.CommentOutside(n, then, i.Else()) {
			text := then.Text() + " or " + asOperand(i.Else(), precedence.Select)
			d.Fix = fix("use `or`", exact, edit.Replace(n, text, precedence.Select))
		}
		f.Report(d)
	},
}

// asksFor reports whether `a ? b` asks for what `a.b` selects. It is exact if
// both have the set and the path in common, and not only their names: `a.b ? c`
// and `a.b.c` differ where `a.b` is missing.
func asksFor(h parser.HasAttr, s parser.Select) (same, exact bool) {
	if sameText(h.Expr(), s.Expr()) && sameText(h.Path().Node, s.Path().Node) {
		return true, true
	}
	th, ts := h.FirstToken(), s.FirstToken()
	lh, ls := h.LastToken().Index(), s.LastToken().Index()
	if lh-th.Index() != ls-ts.Index() {
		return false, false
	}
	for op := h.Operator(); ; th, ts = th.Next(), ts.Next() {
		if th.Text() != ts.Text() && (th != op || ts.Kind() != parser.TokenDot) {
			return false, false
		}
		if th.Index() == lh {
			return true, false
		}
	}
}
