package rules

import (
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// needsOf tells what of a module is computed in an evaluation: conditions that
// read options or arguments have the values that they have there.
func (r *Repo) needsOf(f *repo.File, e *repo.Evaluation, fn *repo.Function) needs {
	c := &conditions{
		ev: e.Evaluator(), evaluation: e, function: fn,
		file: &File{File: f, Repo: r.Repo, names: r.Names(f)},
	}
	return needs{names: r.Names(f), whole: fn.Lambda.At().Syntax(), holds: func(cond parser.Node) (value, known bool) { return c.value(cond, 0) }}
}

// conditions evaluates the conditions of a module as far as they are made of
// options, arguments and Boolean operators.
type conditions struct {
	ev         *eval.Evaluator
	file       *File
	evaluation *repo.Evaluation
	function   *repo.Function
}

func (c *conditions) value(n parser.Node, depth int) (value, known bool) {
	if depth > 10 {
		return false, false
	}
	switch n = parser.Unparen(n); n.Kind() {
	case parser.KindUnary:
		if u := (parser.Unary{Node: n}); u.Op() == parser.TokenNot {
			value, known = c.value(u.Expr(), depth+1)
			return !value, known
		}
	case parser.KindBinary:
		b := parser.Binary{Node: n}
		left, leftKnown := c.value(b.Left(), depth+1)
		switch b.Op() {
		case parser.TokenAndAnd:
			if leftKnown && !left {
				return false, true
			}
			right, rightKnown := c.value(b.Right(), depth+1)
			return left && right, leftKnown && rightKnown || rightKnown && !right
		case parser.TokenOrOr:
			if leftKnown && left {
				return true, true
			}
			right, rightKnown := c.value(b.Right(), depth+1)
			return left || right, leftKnown && rightKnown || rightKnown && right
		}
	case parser.KindIdent, parser.KindSelect:
		if value, ok := c.file.boolLiteral(n); ok {
			return value, true
		}
		return c.read(n)
	}
	return false, false
}

// read returns the value of an argument of the module, or of what is selected
// from it: an option, mostly.
func (c *conditions) read(n parser.Node) (value, known bool) {
	names := c.file.selectedPath(n, 0)
	if len(names) == 0 || !c.isArgument(n, 0) {
		return false, false
	}
	v := c.evaluation.Config.Arg(names[0])
	for _, name := range names[1:] {
		v = c.ev.Select(v, name, eval.Place{})
	}
	b, ok := v.(eval.Bool)
	return bool(b), ok
}

// isArgument reports whether an expression begins with a parameter of the
// module, let bindings on the way included.
func (c *conditions) isArgument(n parser.Node, depth int) bool {
	switch n = parser.Unparen(n); n.Kind() {
	case parser.KindSelect:
		return depth < 10 && c.isArgument(parser.Select{Node: n}.Expr(), depth+1)
	case parser.KindIdent:
		if value := c.file.letValue(n); value.IsValid() {
			return depth < 10 && c.isArgument(value, depth+1)
		}
		if from, ok := c.file.inheritedFrom(n); ok {
			return depth < 10 && c.isArgument(from, depth+1)
		}
		d := c.file.definitionOf(n)
		if d == scope.None {
			return false
		}
		def := c.file.Names().Definitions()[d]
		pattern := c.file.Tree.Node(def.Node).Parent().Parent()
		return def.Kind == scope.Formal && pattern.Parent() == c.function.Lambda.At().Syntax()
	}
	return false
}
