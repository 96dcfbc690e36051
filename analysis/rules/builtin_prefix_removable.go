package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var builtinPrefixRemovable = &Rule{
	Name:     "builtin-prefix-removable",
	Group:    "names",
	Severity: diagnostic.Info,
	Since:    "0.1.0",
	Summary:  "`builtins.` stands before a name that does not need it",
	Why: `Some builtins, such as ` + "`map`, `import`, `toString` and `throw`" + `, are names of their own. Whether the prefix makes them
clearer is a matter of taste, so the rule is off by default. It is silent where the file gives the bare name another
meaning. ` + "`let inherit (builtins) map;`" + ` does nothing either.`,
	Bad:   "numbers: {\n  names = builtins.map builtins.toString numbers;\n}\n",
	Good:  "numbers: {\n  names = map toString numbers;\n}\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindSelect, parser.KindInherit},
	Node: func(f *File, n parser.Node) {
		if n.Is(parser.KindInherit) {
			f.globalsInherited(parser.Inherit{Node: n})
			return
		}
		s := parser.Select{Node: n}
		name := f.builtinName(n)
		if !scope.IsGlobal(name) || s.Path().ChildCount() != 1 || !s.Path().Child(0).Is(parser.KindName) {
			return
		}
		names := f.Names()
		if names.Lookup(names.At(n.Span().Start), name) != scope.None {
			return
		}
		d := diagnostic.Diagnostic{Span: n.Span(), Message: fmt.Sprintf("`%s` needs no `builtins.`", name)}
		if !n.HasComments() {
			d.Fix = fix("remove `builtins.`", true, edit.Replace(n, name, precedence.Simple))
		}
		f.Report(d)
	},
}

// globalsInherited reports the names that a let inherits from `builtins` and
// that mean the same without it.
func (f *File) globalsInherited(in parser.Inherit) {
	from := in.From()
	if !from.IsValid() || !f.isGlobal(from, "builtins") || !in.Parent().Is(parser.KindLet) {
		return
	}
	names := f.Names()
	outside := names.Scopes()[names.ScopeOf(in.Parent())].Parent
	var removable []parser.Node
	count := 0
	for node := range in.Names() {
		count++
		d := names.DefinitionAt(node)
		if name := node.Text(); scope.IsGlobal(name) && d != scope.None && names.Definitions()[d].Uses > 0 && names.Lookup(outside, name) == scope.None {
			removable = append(removable, node)
		}
	}
	for _, node := range removable {
		d := diagnostic.Diagnostic{Span: node.Span(), Message: fmt.Sprintf("`%s` need not be inherited", node.Text())}
		if count > len(removable) {
			d.Fix = fix("remove the name", true, edit.Remove(f.Text, node.Span()))
		} else if !in.HasComments() {
			d.Fix = fix("remove the line", true, removeEntries([]parser.Node{in.Node})...)
		}
		f.Report(d)
	}
}
