package precedence_test

import (
	"strings"
	"testing"

	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/parser"
)

// expressions has some of every level.
var expressions = []string{
	"x: x", "let x = 1; in x", "with x; x", "assert x; x", "if x then x else x",
	"x |> x", "x <| x", "x -> x", "x || x", "x && x", "x == x", "x != x", "x < x", "x >= x", "x // x", "!x",
	"x + x", "x - x", "x * x", "x / x", "x ++ x", "x ? x", "-x", "x x", "x.x", "x.x or x",
	"x", "1", "\"x\"", "''x''", "./x", "<x>", "[ x ]", "{ x = 1; }", "rec { }", "(x)",
}

// places has an `_` in every place for an expression.
var places = []string{
	"_", "x: _", "{ x ? _ }: x", "let x = _; in x", "let x = x; in _", "with _; x", "with x; _", "assert _; x", "assert x; _",
	"if _ then x else x", "if x then _ else x", "if x then x else _",
	"_ |> x", "x |> _", "_ <| x", "x <| _", "_ -> x", "x -> _", "_ || x", "x || _", "_ && x", "x && _", "_ == x", "x == _",
	"_ < x", "x < _", "_ // x", "x // _", "!_", "_ + x", "x + _", "_ - x", "x - _", "_ * x", "x * _", "_ ++ x", "x ++ _",
	"_ ? x", "- _", "_ x", "x _", "x _ x", "_ .x", "x.x or _", "\"${_}\"", "x.${_}", "[ _ ]", "[ x _ x ]", "{ x = _; }", "(_)",
}

// TestPlaces puts every expression into every place and looks whether the
// parser finds it there again: it must exactly where its level is that of the
// place.
func TestPlaces(t *testing.T) {
	for _, place := range places {
		before, after, _ := strings.Cut(place, "_")
		at := uint32(len(before))
		hole := parser.Parse(place).NodeCovering(parser.Span{Start: at, End: at + 1})
		slot := precedence.Slot(hole)
		for _, text := range expressions {
			level := precedence.Of(parser.Parse(text).Expr())
			tree := parser.Parse(before + text + after)
			span := parser.Span{Start: at, End: at + uint32(len(text))}
			// A function with arguments and more of them make one node.
			found := level == precedence.Apply && place == "_ x"
			for n := range tree.Root().Preorder() {
				found = found || n.Span() == span && precedence.Of(n) == level && !n.Is(parser.KindFile)
			}
			ok := found && !tree.HasSyntaxErrors()
			if level >= slot && !ok {
				t.Errorf("`%s` does not fit into `%s`", text, place)
			}
			// Prefix operators can stand behind tighter ones, and pipes beside
			// their like; both get parentheses all the same.
			lenient := level == precedence.Not || level == precedence.Negate || level == precedence.HasAttr || level == precedence.Pipe
			if level < slot && ok && !lenient {
				t.Errorf("`%s` fits into `%s` without parentheses", text, place)
			}
		}
	}
}
