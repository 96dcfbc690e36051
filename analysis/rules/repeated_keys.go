package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/parser"
)

var repeatedKeys = &Rule{
	Name:     "repeated-keys",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Since:    "0.1.0",
	Summary:  "a set is spread over three or more bindings",
	Why: "`a.b = 1; a.c = 2; a.d = 3;` can be written `a = { b = 1; c = 2; d = 3; };`" + `. Many prefer the first in NixOS modules, so
the rule is off by default. There is a fix if the bindings follow one another.`,
	Bad:   "{\n  boot.kernelModules = [ ];\n  boot.initrd.enable = true;\n  boot.loader.timeout = 1;\n}\n",
	Good:  "{\n  boot = {\n    kernelModules = [ ];\n    initrd.enable = true;\n    loader.timeout = 1;\n  };\n}\n",
	Fix:   SometimesFix,
	Kinds: []parser.Kind{parser.KindAttrSet},
	Node: func(f *File, n parser.Node) {
		const few = 3
		if n.ChildCount() < few || (parser.AttrSet{Node: n}).IsRec() || !hasLongPath(n) {
			return
		}
		byKey := make(map[string][]parser.Node)
		for entry := range n.Children() {
			if entry.Is(parser.KindBinding) && entry.Child(0).Child(0).Is(parser.KindName) {
				key := entry.Child(0).Child(0).Text()
				byKey[key] = append(byKey[key], entry)
			}
		}
		for _, entries := range byKey {
			if len(entries) < few || entries[0].Child(0).ChildCount() == 1 {
				continue
			}
			shared := sharedNames(entries)
			path := entries[0].Child(0)
			key := f.Text[path.Span().Start:path.Child(shared-1).Span().End]
			first, last := entries[0], entries[len(entries)-1]
			d := diagnostic.Diagnostic{
				Span:    first.Child(0).Child(0).Span(),
				Message: fmt.Sprintf("`%s` is spread over %d bindings", key, len(entries)),
			}
			s := parser.Span{Start: first.Span().Start, End: last.Span().End}
			_, comment := last.TrailingComment()
			if !comment && neighbours(entries) && !edit.CommentIn(f.Tree, s) {
				d.Fix = fix("write one set", false, diagnostic.Edit{Span: s, Text: f.oneSet(key, shared, entries)})
			}
			f.Report(d)
		}
	},
}

// hasLongPath reports whether a binding of a set says what is in another set.
func hasLongPath(set parser.Node) bool {
	for i := range set.ChildCount() {
		if entry := set.Child(i); entry.Is(parser.KindBinding) && entry.Child(0).ChildCount() > 1 {
			return true
		}
	}
	return false
}

// sharedNames returns how many names the paths of bindings begin with in
// common, as far as each path goes on after them; at least the first.
func sharedNames(entries []parser.Node) int {
	first := entries[0].Child(0)
	for n := 1; ; n++ {
		for _, e := range entries {
			path := e.Child(0)
			if path.ChildCount() <= n+1 || !path.Child(n).Is(parser.KindName) || path.Child(n).Text() != first.Child(n).Text() {
				return n
			}
		}
	}
}

// oneSet writes bindings whose paths share their first names, the key, as a
// binding of a set. Blank lines between them stay.
func (f *File) oneSet(key string, shared int, entries []parser.Node) string {
	indent := edit.Indentation(f.Text, entries[0].Span().Start)
	var b strings.Builder
	b.WriteString(key + " = {\n")
	for i, e := range entries {
		if i > 0 && strings.Count(f.Text[entries[i-1].Span().End:e.Span().Start], "\n") > 1 {
			b.WriteByte('\n')
		}
		b.WriteString(indent + "  " + f.Text[e.Child(0).Child(shared).Span().Start:e.Span().End] + "\n")
	}
	b.WriteString(indent + "};")
	return b.String()
}

// neighbours reports whether bindings follow one another and all lead into
// their set.
func neighbours(entries []parser.Node) bool {
	for i, e := range entries {
		if e.Child(0).ChildCount() == 1 || i > 0 && entries[i-1].LastToken().Next() != e.FirstToken() {
			return false
		}
	}
	return true
}
