package refactor

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// addFormal asks for a name that nothing defines: it becomes a formal of the outermost
// function with formals around it.
func addFormal(p *Place) []Action {
	if !p.at.Is(parser.KindIdent) {
		return nil
	}
	u := p.Names.UseAt(p.at)
	if u == scope.None || p.Names.Uses()[u].Target != scope.Nothing {
		return nil
	}
	var pattern parser.Pattern
	for n := range p.at.Ancestors() {
		if !n.Is(parser.KindLambda) {
			continue
		}
		if pat, ok := (parser.Lambda{Node: n}).Pattern(); ok && (parser.Lambda{Node: n}).Body().Span().Covers(p.at.Span()) {
			pattern = pat
		}
	}
	if !pattern.IsValid() || !pattern.Open().IsValid() {
		return nil
	}
	return []Action{{
		Title: fmt.Sprintf("add `%s` to the parameters", p.at.Text()),
		edits: []diagnostic.Edit{edit.AddFormal(pattern, p.at.Text())},
	}}
}
