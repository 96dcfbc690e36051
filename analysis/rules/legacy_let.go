package rules

import (
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var legacyLet = &Rule{
	Name:     "legacy-let",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "the old form `let { …; body = …; }` is used",
	Why: `This form has been deprecated for many years, few people know it, and some tools do not. It means
` + "`rec { …; body = …; }.body`" + `; if nothing else uses ` + "`body`, a plain `let … in`" + ` says the same.
Without a ` + "`body`" + ` it has no value, and the finding is an error.`,
	Bad:   "let {\n  a = 1;\n  body = a + 1;\n}\n",
	Good:  "let\n  a = 1;\nin\na + 1\n",
	Fix:   UnsafeFix,
	Kinds: []parser.Kind{parser.KindAttrSet},
	Node: func(f *File, n parser.Node) {
		set := parser.AttrSet{Node: n}
		if !set.IsLegacyLet() {
			return
		}
		d := diagnostic.Diagnostic{Span: set.Keyword().Span(), Message: "`let { … }` is deprecated", Tags: diagnostic.Deprecated}
		if !mayHaveBody(set) {
			d.Severity, d.Message = diagnostic.Error, "this `let { … }` has no `body`"
			d.Help = "write `let … in` and the value behind it"
		} else if body, ok := f.onlyBody(set); ok && !edit.CommentIn(f.Tree, parser.Span{Start: body.Span().End, End: n.Span().End}) {
			value := body.Value()
			gap := parser.Span{Start: body.Span().Start, End: value.Span().Start}
			edits := []diagnostic.Edit{
				{Span: parser.Span{Start: set.Keyword().Span().End, End: set.Open().Span().End}},
				{Span: gap, Text: "in "},
				{Span: parser.Span{Start: value.Span().End, End: n.Span().End}},
			}
			gap.Start = uint32(len(strings.TrimRight(f.Text[:gap.Start], " \t")))
			if strings.HasSuffix(f.Text[:gap.Start], "\n") {
				edits[1].Span = gap
				indent := edit.Indentation(f.Text, n.Span().Start)
				edits[1].Text = indent + "in\n" + indent
			}
			if precedence.Slot(n) > precedence.Any {
				edits = append(edits, diagnostic.Edit{Span: parser.Span{Start: n.Span().Start, End: n.Span().Start}, Text: "("})
				edits[2].Text = ")"
			}
			if !edit.CommentIn(f.Tree, gap) && !edit.CommentIn(f.Tree, edits[0].Span) {
				d.Fix = fix("write `let … in`", false, edits...)
			}
		} else {
			d.Fix = fix("write `rec { … }.body`", false,
				diagnostic.Edit{Span: set.Keyword().Span(), Text: "rec"},
				diagnostic.Edit{Span: parser.Span{Start: n.Span().End, End: n.Span().End}, Text: ".body"})
		}
		f.Report(d)
	},
}

// mayHaveBody reports whether a set has an attribute `body`, or one whose name
// is computed.
func mayHaveBody(set parser.AttrSet) bool {
	for entry := range set.Children() {
		switch entry.Kind() {
		case parser.KindBinding:
			if name, ok := parser.StaticName((parser.Binding{Node: entry}).Path().Child(0)); !ok || name == "body" {
				return true
			}
		case parser.KindInherit:
			for n := range (parser.Inherit{Node: entry}).Names() {
				if name, ok := parser.StaticName(n); !ok || name == "body" {
					return true
				}
			}
		}
	}
	return false
}

// onlyBody returns the binding of `body` if it is the last of a set, nothing
// uses it, and all other names are known without evaluation.
func (f *File) onlyBody(set parser.AttrSet) (parser.Binding, bool) {
	var body parser.Binding
	for entry := range set.Children() {
		if !entry.Is(parser.KindBinding) {
			continue
		}
		b := parser.Binding{Node: entry}
		names, ok := b.Path().Static()
		if len(names) == 0 {
			return body, false
		}
		if ok && len(names) == 1 && names[0] == "body" {
			body = b
		}
	}
	if !body.IsValid() || body.Node != set.LastChild() {
		return body, false
	}
	names := f.Names()
	d := names.DefinitionAt(body.Path().Child(0))
	return body, d != scope.None && names.Definitions()[d].Uses == 0
}
