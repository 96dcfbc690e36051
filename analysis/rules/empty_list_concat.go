package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/parser"
)

var emptyListConcat = &Rule{
	Name:     "empty-list-concat",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "an empty list is joined to another",
	Why: `Joining ` + "`[ ]`" + ` to a list changes nothing. The fix is applied unasked if the other side is certainly a list: if it is not, the
` + "`++`" + ` is an error, which would go away. A list that holds nothing but a comment is left alone.`,
	Bad:   "{\n  imports = [ ] ++ [ ./hardware.nix ];\n}\n",
	Good:  "{\n  imports = [ ./hardware.nix ];\n}\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindBinary},
	Node: func(f *File, n parser.Node) {
		b := parser.Binary{Node: n}
		if b.Op() != parser.TokenConcat {
			return
		}
		empty, other := b.Left(), b.Right()
		if !isEmptyList(empty) {
			empty, other = other, empty
		}
		if !isEmptyList(empty) || empty.HasComments() {
			return
		}
		d := diagnostic.Diagnostic{Span: n.Span(), Message: "joining an empty list changes nothing", Tags: diagnostic.Unnecessary}
		if !edit.CommentOutside(n, other) {
			d.Fix = fix("remove the empty list", f.typeOf(other) == typeList, edit.ReplaceBy(n, other))
		}
		f.Report(d)
	},
}

func isEmptyList(n parser.Node) bool { return n.Is(parser.KindList) && n.ChildCount() == 0 }
