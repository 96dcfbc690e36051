package lsp

import (
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/parser"
)

// TestResolveAction asks for the edit of an action when the file is as it was, after it has
// changed, and with data that nobody gave.
func TestResolveAction(t *testing.T) {
	c := connect(t, example(t))
	const file = "hosts/toaster/new.nix"
	c.openText(file, "{\n  a = { b = 1; };\n}\n")
	place := protocol.Position{Line: 1, Character: 3}
	ask := func() *protocol.CodeAction {
		t.Helper()
		r, err := c.server.CodeAction(c.ctx, &protocol.CodeActionParams{
			TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(file)}, Range: protocol.Range{Start: place, End: place},
			Context: protocol.CodeActionContext{Only: []protocol.CodeActionKind{protocol.CodeActionKindRefactorRewrite}},
		})
		must(t, err)
		if len(r) == 0 {
			t.Fatal("nothing is offered")
		}
		action := r[0].(*protocol.CodeAction)
		action.Title, action.Data = strings.Clone(action.Title), slices.Clone(action.Data)
		if action.Edit != nil {
			t.Error("the edit is made before the action is chosen")
		}
		return action
	}
	offered := ask()
	resolved, err := c.server.CodeActionResolve(c.ctx, offered)
	must(t, err)
	if resolved.Edit == nil || len(resolved.Edit.DocumentChanges) != 1 {
		t.Fatalf("resolved to %v", resolved.Edit)
	}
	var edits []protocol.TextEdit
	for _, e := range resolved.Edit.DocumentChanges[0].(*protocol.TextDocumentEdit).Edits {
		edits = append(edits, *e.(*protocol.TextEdit))
	}
	if got := applyEdits(t, mapper{protocol.PositionEncodingKindUTF16}, c.open[c.uri(file)].Text, edits); got != "{\n  a.b = 1;\n}\n" {
		t.Errorf("the action makes %q", got)
	}

	offered = ask()
	c.edit(file, parser.Span{Start: 0, End: 0}, "# x\n")
	if _, err := c.server.CodeActionResolve(c.ctx, offered); err == nil || !strings.Contains(err.Error(), "changed") {
		t.Errorf("an action for an older text: %v", err)
	}
	for _, data := range []string{`{}`, `[]`, `{"uri":"file:///nowhere","span":{"Start":9,"End":3}}`} {
		if _, err := c.server.CodeActionResolve(c.ctx, &protocol.CodeAction{Title: "x", Data: protocol.LSPAny(data)}); err == nil {
			t.Errorf("data %s is taken", data)
		}
	}
	place.Line++
	wrong := slices.Clone(ask().Data)
	wrong = protocol.LSPAny(strings.Replace(string(wrong), `"Start":`, `"Start":99`, 1))
	if _, err := c.server.CodeActionResolve(c.ctx, &protocol.CodeAction{Title: "x", Data: wrong}); err == nil {
		t.Error("a span outside of the file is taken")
	}
	whole, err := c.server.CodeActionResolve(c.ctx, &protocol.CodeAction{Title: "whole"})
	if err != nil || whole.Title != "whole" {
		t.Errorf("an action that is whole: %v, %v", whole, err)
	}
}
