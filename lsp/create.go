package lsp

import (
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/generator"
)

// creations offers to make what a finding misses: the module of a path that no registry
// has, the user that is not defined.
func (q *query) creations(d diagnostic.Diagnostic) []protocol.CommandOrCodeAction {
	sym := symbol.At(q.File(q.path), q.Names(q.path), d.Span.Start)
	var command, title string
	var a arguments
	switch {
	case d.Rule == "module-path-unresolved" && sym.Kind == symbol.Argument && len(sym.Path) >= 3 && (sym.Path[0] == "nixos" || sym.Path[0] == "home"):
		var parts []string
		for _, name := range sym.Path[1:] {
			parts = append(parts, generator.Kebab(name))
		}
		command = commandNewModule
		a = arguments{Kind: sym.Path[0], Name: strings.Join(parts, "/")}
		title = "Create the module " + strings.Join(sym.Path[1:], ".")
	case d.Rule == "user-undefined":
		name := strings.Trim(q.text()[d.Span.Start:d.Span.End], `"`)
		command, a, title = commandNewUser, arguments{Name: name}, "Create the user "+name
	default:
		return nil
	}
	plan, err := q.plan(command, a)
	if err != nil || plan.IsEmpty() {
		return nil
	}
	// The path is to be what it says: a plan that registers another key would not help.
	edit := q.server.workspaceEdit(q.folder, q.Snapshot, editsOf(plan))
	if edit == nil || slices.ContainsFunc(plan.Edits, func(e diagnostic.Edit) bool { return e.File == q.path }) {
		return nil
	}
	return []protocol.CommandOrCodeAction{&protocol.CodeAction{
		Title: title, Kind: ptr(protocol.CodeActionKindQuickFix),
		Diagnostics: []protocol.Diagnostic{q.server.diagnostic(q.folder, q.Snapshot, d)}, Edit: edit,
	}}
}
