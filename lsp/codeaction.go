package lsp

import (
	"context"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/parser"
)

// kindFixAll is the kind of the action that applies all safe fixes of a file.
const kindFixAll protocol.CodeActionKind = "source.fixAll.nixlint"

// CodeAction offers what can be done about the findings at a range, their fixes and
// comments that keep them back, and how the code there can be rewritten.
func (s *server) CodeAction(ctx context.Context, p *protocol.CodeActionParams) ([]protocol.CommandOrCodeAction, error) {
	q, err := s.queryNix(ctx, p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	wants := func(kind protocol.CodeActionKind) bool {
		for _, k := range p.Context.Only {
			if k == kind || k == "" || strings.HasPrefix(string(kind), string(k)+".") {
				return true
			}
		}
		return len(p.Context.Only) == 0
	}
	out := []protocol.CommandOrCodeAction{}
	found := q.folder.findings(q.Snapshot, q.path)
	span := s.mapper.toSpan(q.Lines(q.path), p.Range)
	if wants(protocol.CodeActionKindQuickFix) {
		for _, d := range found {
			if d.Span.Start <= span.End && span.Start <= d.Span.End {
				out = append(out, q.quickFixes(d)...)
			}
		}
		out = append(out, q.declaration(span, found)...)
	}
	if wants(protocol.CodeActionKindRefactorRewrite) {
		out = append(out, q.graphicsCards(span.Start)...)
	}
	out = append(out, q.refactorings(span, wants)...)
	if wants(kindFixAll) {
		if a := q.fixAll(found); a != nil {
			out = append(out, a)
		}
	}
	return out, nil
}

// quickFixes returns what can be done about a finding.
func (q *query) quickFixes(d diagnostic.Diagnostic) []protocol.CommandOrCodeAction {
	told := []protocol.Diagnostic{q.server.diagnostic(q.folder, q.Snapshot, d)}
	var out []protocol.CommandOrCodeAction
	makes := d.Fix != nil && slices.ContainsFunc(d.Fix.Edits, func(e diagnostic.Edit) bool { return e.Create })
	if makes {
		out = q.creations(d) // what they make is more than an empty file
	}
	if d.Fix != nil {
		if edit := q.server.workspaceEdit(q.folder, q.Snapshot, d.Fix.Edits); edit != nil {
			out = append(out, &protocol.CodeAction{
				Title: capital(d.Fix.Title), Kind: ptr(protocol.CodeActionKindQuickFix), Diagnostics: told, Edit: edit,
				IsPreferred: ptr(d.Fix.Safe),
			})
		}
	}
	if !makes {
		out = append(out, q.creations(d)...)
	}
	if edit, ok := q.suppression(d); ok {
		out = append(out, &protocol.CodeAction{
			Title: "Keep `" + d.Rule + "` back on this line", Kind: ptr(protocol.CodeActionKindQuickFix), Diagnostics: told,
			Edit: q.server.workspaceEdit(q.folder, q.Snapshot, []diagnostic.Edit{edit}),
		})
	}
	return out
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// suppression returns a comment above the line of a finding that keeps it back. ok is
// false for syntax errors, and on lines that begin in a text.
func (q *query) suppression(d diagnostic.Diagnostic) (out diagnostic.Edit, ok bool) {
	tree := q.tree()
	if d.Rule == "syntax" || len(tree.Errors()) > 0 {
		return out, false
	}
	lines := q.Lines(q.path)
	start := lines.Start(lines.Line(d.Span.Start))
	comment := edit.Indentation(q.text(), start) + "# nixlint-ignore " + d.Rule + ": \n"
	out = diagnostic.Edit{File: q.path, Span: parser.Span{Start: start, End: start}, Text: comment}
	return out, !inText(tree, start)
}

// inText reports whether a comment in a line before an offset would be part of a text, a path
// or another comment.
func inText(tree *parser.Tree, offset uint32) bool {
	if offset == 0 {
		return false
	}
	next := tree.Token(tree.TokenCount() - 1)
	for tok := range edit.TokensIn(tree, parser.Span{Start: offset, End: uint32(len(tree.Source()))}) {
		next = tok
		break
	}
	for v := range tree.TriviaBefore(next) {
		if v.Kind != parser.TriviaSpace && v.Span.Start < offset && offset < v.Span.End {
			return true
		}
	}
	n := tree.NodeCovering(parser.Span{Start: offset - 1, End: offset})
	return n.Is(parser.KindString) || n.Is(parser.KindIndString) || n.Is(parser.KindPath)
}

// fixAll returns the action that applies all safe fixes in the file that do not touch
// each other; nil if there are none.
func (q *query) fixAll(found []diagnostic.Diagnostic) protocol.CommandOrCodeAction {
	var own []diagnostic.Diagnostic
	for _, d := range found {
		if d.Fix == nil {
			continue
		}
		inside := true
		for _, e := range d.Fix.Edits {
			inside = inside && e.File == q.path && !e.Create
		}
		if inside {
			own = append(own, d)
		}
	}
	var edits []diagnostic.Edit
	for _, fix := range diagnostic.Chosen(own, false) {
		edits = append(edits, fix.Edits...)
	}
	if len(edits) == 0 {
		return nil
	}
	return &protocol.CodeAction{
		Title: "Apply all safe fixes of nixlint in this file", Kind: ptr(kindFixAll),
		Edit: q.server.workspaceEdit(q.folder, q.Snapshot, edits),
	}
}
