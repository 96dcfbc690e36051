package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var etaReduction = &Rule{
	Name:     "eta-reduction",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a function does nothing but call another with its argument",
	Why: "`x: f x` can be `f`" + `. The rule speaks up only if ` + "`f`" + ` is a builtin, or a function of one plain argument that a ` + "`let`" + ` in the
same file binds. Of others it is not known whether they are functions, whether evaluating them early does harm, and
whether somebody asks with ` + "`functionArgs`" + ` which arguments they take; and a definition such as ` + "`f = x: f x`" + ` has no end
otherwise.`,
	Bad:   "numbers:\nlet\n  double = n: n * 2;\nin\nmap (x: double x) numbers\n",
	Good:  "numbers:\nlet\n  double = n: n * 2;\nin\nmap double numbers\n",
	Fix:   UnsafeFix,
	Kinds: []parser.Kind{parser.KindLambda},
	Node: func(f *File, n parser.Node) {
		fn, ok := etaTarget(parser.Lambda{Node: n})
		if !ok || !f.isPlainFunction(fn) {
			return
		}
		d := diagnostic.Diagnostic{Span: n.Span(), Message: fmt.Sprintf("this function is `%s`", fn.Text())}
		if !edit.CommentOutside(n, fn) {
			d.Fix = fix(fmt.Sprintf("replace by `%s`", fn.Text()), false, edit.ReplaceBy(n, fn))
		}
		f.Report(d)
	},
}

// etaTarget returns f of a function `x: f x`.
func etaTarget(l parser.Lambda) (fn parser.Node, ok bool) {
	body := parser.Unparen(l.Body())
	if !l.Param().Is(parser.KindName) || !body.Is(parser.KindApply) {
		return parser.Node{}, false
	}
	a := parser.Apply{Node: body}
	fn = a.Func()
	arg := l.Param().Text()
	if a.ArgCount() != 1 || !a.Arg(0).Is(parser.KindIdent) || a.Arg(0).Text() != arg {
		return parser.Node{}, false
	}
	switch fn.Kind() {
	case parser.KindIdent, parser.KindSelect:
		return fn, !usesName(fn, arg)
	}
	return parser.Node{}, false
}

// isPlainFunction reports whether an expression is certainly a function that
// takes one plain argument and is there without evaluation.
func (f *File) isPlainFunction(fn parser.Node) bool {
	if name := f.builtinName(fn); name != "" {
		return scope.BuiltinOf(name) != scope.Constant && scope.BuiltinOf(name) != scope.Foreign && !constantBuiltins[name]
	}
	names := f.Names()
	if !fn.Is(parser.KindIdent) || names.UseAt(fn) == scope.None {
		return false
	}
	use := names.Uses()[names.UseAt(fn)]
	if use.Def == scope.None {
		return false
	}
	def := names.Definitions()[use.Def]
	if def.Kind != scope.Binding || def.More || names.Scopes()[def.Scope].Kind != scope.Let {
		return false
	}
	b := parser.Binding{Node: f.Tree.Node(def.Node).Parent().Parent()}
	value := parser.Unparen(b.Value())
	if b.Path().ChildCount() != 1 || !value.Is(parser.KindLambda) {
		return false
	}
	l := parser.Lambda{Node: value}
	_, itself := etaTarget(l)
	return l.Param().Is(parser.KindName) && !itself
}

// constantBuiltins are builtins that are no functions.
var constantBuiltins = map[string]bool{
	"currentSystem": true, "currentTime": true, "langVersion": true, "nixPath": true, "nixVersion": true, "storeDir": true,
}
