package lsp

import (
	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/generator"
	"github.com/nixlint/nixlint/parser"
)

// declaration offers to declare an input of the flake that is named at a span and that
// flake.nix does not have.
func (q *query) declaration(span parser.Span, found []diagnostic.Diagnostic) []protocol.CommandOrCodeAction {
	in := q.folder.inputs.of(q.Repo)
	if in == nil {
		return nil
	}
	want, at, ok := generator.Input{}, parser.Span{}, false
	if way, where := in.At(q.File(q.path), q.Names(q.path), span.Start); len(way) == 1 && way[0] != "self" {
		want.Name, at, ok = way[0], where, true
	} else if q.path == flakeFile {
		// A name that means nothing in the outputs, and that inputs often have.
		n := q.tree().NodeAt(span.Start)
		u := q.Names(q.path).UseAt(n)
		if u != scope.None && q.Names(q.path).Uses()[u].Target == scope.Nothing && in.HasOutputsAt(span.Start) && generator.IsKnownInput(n.Text()) {
			want, at, ok = generator.Input{Name: n.Text(), Formal: true}, n.Span(), true
		}
	}
	if !ok || in.Find(want.Name) != nil {
		return nil
	}
	// Of the repository only the text of flake.nix is asked for.
	g := &generator.Generator{Model: &repo.Model{Repo: q.Repo}, Layout: q.layout, Quick: true}
	plan, err := g.Input(want)
	if err != nil || plan.IsEmpty() {
		return nil
	}
	edit := q.server.workspaceEdit(q.folder, q.Snapshot, editsOf(plan))
	if edit == nil {
		return nil
	}
	action := &protocol.CodeAction{Title: "Declare the input " + want.Name, Kind: ptr(protocol.CodeActionKindQuickFix), Edit: edit}
	for _, d := range found {
		if d.File == q.path && d.Span == at && (d.Rule == "flake-input-undeclared" || d.Rule == "undefined-variable") {
			action.Diagnostics = append(action.Diagnostics, q.server.diagnostic(q.folder, q.Snapshot, d))
		}
	}
	return []protocol.CommandOrCodeAction{action}
}
