package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

var emptyPattern = &Rule{
	Name:     "empty-pattern",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a function takes any set and uses nothing of it",
	Why: "`_: …` says that the argument does not matter. It differs from `{ ... }: …`" + ` in that it takes anything, not only sets,
and does not evaluate it; so the fix is made on request. Modules are left alone, where ` + "`{ ... }:`" + ` is the custom, with all
functions whose value may be a module; and so are the function that a file is, since ` + "`nix-build`" + ` calls it only if it takes a
set, and ` + "`{ }:`" + `, which refuses all other sets.`,
	Bad:   "{\n  overrides = map ({ ... }: 1) [ ];\n}\n",
	Good:  "{\n  overrides = map (_: 1) [ ];\n}\n",
	Fix:   UnsafeFix,
	Kinds: []parser.Kind{parser.KindPattern},
	Node: func(f *File, n parser.Node) {
		p := parser.Pattern{Node: n}
		if n.ChildCount() > 0 || !p.Ellipsis().IsValid() || f.mayBeModule(parser.Lambda{Node: n.Parent()}) || f.isWholeFile(n.Parent()) {
			return
		}
		d := diagnostic.Diagnostic{Span: n.Span(), Message: "the pattern takes nothing from its argument"}
		if !n.HasComments() {
			d.Fix = fix("replace by `_`", false, diagnostic.Edit{Span: n.Span(), Text: "_"})
		}
		f.Report(d)
	},
}

// mayBeModule reports whether a function may be a module: its value is a set,
// or comes from elsewhere.
func (f *File) mayBeModule(l parser.Lambda) bool {
	body := resultOf(l.Body())
	if f.typeOf(body) != typeUnknown {
		return false
	}
	switch body.Kind() {
	case parser.KindIdent, parser.KindSelect, parser.KindApply, parser.KindIf, parser.KindPath:
		return true
	}
	return isModuleResult(body)
}

// isWholeFile reports whether a function is the value of its file. Commands of
// Nix call such a function with the arguments they are given if it takes a set,
// and hand it on as it is otherwise.
func (f *File) isWholeFile(lambda parser.Node) bool { return resultOf(f.Tree.Expr()) == lambda }
