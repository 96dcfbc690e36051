package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var unusedBinding = &Rule{
	Name:     "unused-binding",
	Group:    "names",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a `let` binds a name that nothing uses",
	Why: `A binding that is never used is never evaluated: it is left over from a change, or its name is misspelt somewhere.
Bindings that only unused bindings use are found too. Names that begin with an underscore are left alone.`,
	Bad:  "{ pkgs, ... }:\nlet\n  port = 8080;\n  editor = pkgs.vim;\nin\n{\n  environment.systemPackages = [ editor ];\n}\n",
	Good: "{ pkgs, ... }:\nlet\n  editor = pkgs.vim;\nin\n{\n  environment.systemPackages = [ editor ];\n}\n",
	Fix:  UnsafeFix,
	File: func(f *File) {
		names := f.Names()
		for _, d := range names.Unreachable() {
			def := names.Definitions()[d]
			name := names.Name(d)
			if def.Kind != scope.Binding || strings.HasPrefix(name, "_") {
				continue
			}
			var entries []parser.Node
			for place := range names.Places(d) {
				entries = append(entries, place.Parent().Parent())
			}
			found := diagnostic.Diagnostic{
				Span: f.Tree.Node(def.Node).Span(), Message: unusedMessage(name, def.Uses), Tags: diagnostic.Unnecessary,
			}
			if f.usedOnlyIn(d, entries) {
				found.Fix = fix("remove the binding", false, removeEntries(entries)...)
			}
			f.Report(found)
		}
	},
}

func unusedMessage(name string, uses int32) string {
	if uses > 0 {
		return fmt.Sprintf("`%s` is used only by what is never used itself", name)
	}
	return fmt.Sprintf("`%s` is never used", name)
}

// usedOnlyIn reports whether all uses of a definition, if it has any, stand in
// the given nodes, so that these can go without leaving a use behind.
func (f *File) usedOnlyIn(d scope.DefID, nodes []parser.Node) bool {
	for u := range f.Names().UsesOf(d) {
		use := f.Tree.Node(f.Names().Uses()[u].Node).Span()
		if !slices.ContainsFunc(nodes, func(n parser.Node) bool { return n.Span().Covers(use) }) {
			return false
		}
	}
	return true
}

// removeEntries returns edits that remove bindings or inherits of one let, and
// the let with them if it has no others.
func removeEntries(entries []parser.Node) []diagnostic.Edit {
	let := parser.Let{Node: entries[0].Parent()}
	src := let.Tree().Source()
	if len(entries) == let.ChildCount()-1 {
		head := parser.Span{Start: let.Span().Start, End: let.Body().Span().Start}
		if !hasCommentBeside(let, entries) {
			return []diagnostic.Edit{edit.Cut(src, head)}
		}
	}
	var edits []diagnostic.Edit
	for _, e := range entries {
		edits = append(edits, edit.Remove(src, e.Span()))
	}
	return edits
}

// hasCommentBeside reports whether there is a comment between `let` and the
// body, but not in one of the entries.
func hasCommentBeside(let parser.Let, entries []parser.Node) bool {
	at := let.Span().Start
	for _, e := range entries {
		if edit.CommentIn(let.Tree(), parser.Span{Start: at, End: e.Span().Start}) {
			return true
		}
		at = e.Span().End
	}
	return edit.CommentIn(let.Tree(), parser.Span{Start: at, End: let.Body().Span().Start})
}
