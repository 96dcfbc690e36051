package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/parser"
)

var emptyInherit = &Rule{
	Name:     "empty-inherit",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "an `inherit` names nothing",
	Why: "`inherit;` and `inherit (set);`" + ` do nothing; the source of the second is not even evaluated. They are left over from names that
were removed. The rule is silent if there is a comment among them, which may be a name that is to come back.`,
	Bad:   "{ lib, ... }:\n{\n  inherit (lib);\n  imports = [ ];\n}\n",
	Good:  "{ lib, ... }:\n{\n  imports = [ ];\n}\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindInherit},
	Node: func(f *File, n parser.Node) {
		for range (parser.Inherit{Node: n}).Names() {
			return
		}
		if n.HasComments() {
			return
		}
		f.Report(diagnostic.Diagnostic{
			Span: n.Span(), Message: "this `inherit` names nothing", Tags: diagnostic.Unnecessary,
			Fix: fix("remove it", true, edit.Remove(f.Text, n.Span())),
		})
	},
}
