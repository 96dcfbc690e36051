package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/pattern"
	"github.com/nixlint/nixlint/parser"
)

// Search looks for code in a file that is free of syntax errors and returns the
// places in source order, without the name of the file; of those that begin
// together the longest comes first.
func Search(t *parser.Tree, q *pattern.Query) []diagnostic.Diagnostic {
	var wanted [parser.KindCount]bool
	for _, k := range q.Kinds() {
		wanted[k] = true
	}
	var out []diagnostic.Diagnostic
	for n := range t.Root().Preorder() {
		if !wanted[n.Kind()] {
			continue
		}
		if m, ok := q.Find(n); ok {
			out = append(out, diagnostic.Diagnostic{Span: m.Span, Fix: fixOf(q, m, true)})
		}
	}
	return out
}

// Rewrite puts other code in the place of what a query looks for, until there is
// nothing left to do, and returns the new text with the number of changes. A
// text that is not free of syntax errors stays as it is.
func Rewrite(text string, q *pattern.Query) (out string, changes int) {
	for range maxRounds {
		t := parser.Parse(text)
		if t.HasSyntaxErrors() {
			break
		}
		made, n := rewriteOnce(text, diagnostic.Chosen(Search(t, q), true))
		if n == 0 {
			break
		}
		text, changes = made, changes+n
	}
	return text, changes
}

// rewriteOnce applies those of the fixes that leave a text that can be parsed.
func rewriteOnce(text string, fixes []*diagnostic.Fix) (out string, changes int) {
	apply := func(fixes []*diagnostic.Fix) (string, bool) {
		var edits []diagnostic.Edit
		for _, f := range fixes {
			edits = append(edits, f.Edits...)
		}
		made, err := diagnostic.Apply(text, edits)
		return made, err == nil && !parser.Parse(made).HasSyntaxErrors()
	}
	if made, ok := apply(fixes); ok {
		return made, len(fixes)
	}
	out = text
	var good []*diagnostic.Fix
	for _, f := range fixes {
		if made, ok := apply(append(good, f)); ok {
			good, out = append(good, f), made
		}
	}
	return out, len(good)
}
