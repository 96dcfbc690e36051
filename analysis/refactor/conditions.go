package refactor

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// argument returns an expression as the argument of a function.
func argument(n parser.Node) string {
	if precedence.Of(n) < precedence.Select {
		return "(" + n.Text() + ")"
	}
	return n.Text()
}

// mkIf turns `if a then b else { }` into `lib.mkIf a b`.
func mkIf(p *Place) []Action {
	n := p.around(parser.KindIf)
	if !n.IsValid() || p.at != n {
		return nil
	}
	i := parser.If{Node: n}
	if !i.Else().IsValid() || !(i.Else().Is(parser.KindAttrSet) || i.Else().Is(parser.KindList)) || i.Else().ChildCount() != 0 {
		return nil
	}
	function := "lib.mkIf"
	here := p.scopeAt(n)
	switch {
	case p.Names.Lookup(here, "mkIf") != scope.None:
		function = "mkIf"
	case p.Names.Lookup(here, "lib") == scope.None:
		return nil
	}
	if edit.CommentOutside(n, i.Cond(), i.Then()) {
		return nil
	}
	text := fmt.Sprintf("%s %s %s", function, argument(i.Cond()), argument(i.Then()))
	return []Action{{
		Title: fmt.Sprintf("use `%s`: the modules decide, not the value", function),
		edits: []diagnostic.Edit{edit.Replace(n, text, precedence.Apply)},
	}}
}

// ifInstead turns `lib.mkIf a { … }` into `if a then { … } else { }`.
func ifInstead(p *Place) []Action {
	n := p.around(parser.KindApply)
	if !n.IsValid() {
		return nil
	}
	call := parser.Apply{Node: n}
	f := call.Func()
	if call.ArgCount() != 2 || f.Text() != "lib.mkIf" && f.Text() != "mkIf" || !f.Span().Covers(p.at.Span()) && p.at != n || edit.CommentOutside(n, call.Arg(0), call.Arg(1)) {
		return nil
	}
	nothing := "{ }"
	if parser.Unparen(call.Arg(1)).Is(parser.KindList) {
		nothing = "[ ]"
	} else if !parser.Unparen(call.Arg(1)).Is(parser.KindAttrSet) {
		return nil
	}
	text := fmt.Sprintf("if %s then %s else %s", parser.Unparen(call.Arg(0)).Text(), call.Arg(1).Text(), nothing)
	return []Action{{
		Title: "use `if`: the value decides, not the modules",
		edits: []diagnostic.Edit{edit.Replace(n, text, precedence.Any)},
	}}
}
