package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var redundantWithSingleUse = &Rule{
	Name:     "redundant-with-single-use",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Since:    "0.1.0",
	Summary:  "a `with` serves a single name",
	Why: "`set.name`" + ` is shorter than a ` + "`with set;`" + ` that is used once, says where the name comes from, and does not change its meaning
when somebody defines a variable of that name.`,
	Bad:  "{ lib, ... }:\n{\n  a = with lib; mkForce true;\n}\n",
	Good: "{ lib, ... }:\n{\n  a = lib.mkForce true;\n}\n",
	Fix:  SometimesFix,
	File: func(f *File) {
		names := f.Names()
		users := make(map[scope.ID][]scope.UseID)
		for i, u := range names.Uses() {
			if u.Target == scope.FromWith {
				for w := range names.Withs(u.With) {
					users[w] = append(users[w], scope.UseID(i))
				}
			}
		}
		for id, s := range names.Scopes() {
			if s.Kind != scope.With || len(users[scope.ID(id)]) != 1 {
				continue
			}
			w := parser.With{Node: f.Tree.Node(s.Node)}
			use := names.Uses()[users[scope.ID(id)][0]]
			n := f.Tree.Node(use.Node)
			d := diagnostic.Diagnostic{
				Span:    parser.Span{Start: w.Span().Start, End: w.Namespace().Span().End},
				Message: fmt.Sprintf("this `with` serves `%s` alone", n.Text()),
				Related: []diagnostic.Related{{Span: n.Span(), Message: "the only use"}},
			}
			head := parser.Span{Start: w.Span().Start, End: w.Body().Span().Start}
			if f.canPrefix(w, use) && !edit.CommentIn(f.Tree, head) {
				d.Fix = fix(fmt.Sprintf("write `%s.%s`", w.Namespace().Text(), n.Text()), true,
					edit.Cut(f.Text, head), edit.ReplaceSpan(f.Text, n.Span(), w.Namespace().Text()+"."+n.Text()))
			}
			f.Report(d)
		}
	},
}

// canPrefix reports whether the namespace of a with can be written in front of
// the only name that comes from it, with no other with in play.
func (f *File) canPrefix(w parser.With, use scope.Use) bool {
	names := f.Names()
	n := f.Tree.Node(use.Node)
	ns := w.Namespace()
	withs := 0
	for range names.Withs(use.With) {
		withs++
	}
	base := names.UseAt(ns)
	if withs != 1 || !n.Is(parser.KindIdent) || n.Text() == "or" || !ns.Is(parser.KindIdent) || base == scope.None {
		return false
	}
	// `with a; b.c or d` is an error if there is no `a.b`; `a.b.c or d` is not.
	if p := n.Parent(); p.Is(parser.KindSelect) && (parser.Select{Node: p}).Default().IsValid() && (parser.Select{Node: p}).Expr() == n {
		return false
	}
	b := names.Uses()[base]
	return b.Target != scope.FromWith && names.Lookup(names.At(n.Span().Start), ns.Text()) == b.Def
}
