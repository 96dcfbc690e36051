package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var manualInheritFrom = &Rule{
	Name:     "manual-inherit-from",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "an attribute is bound to the attribute of its own name in another set",
	Why: "`inherit (set) name;` says the same as `name = set.name;`" + `, and several names can share one. An attribute with a default,
` + "`name = set.name or null;`" + `, is left alone, for ` + "`inherit`" + ` has none.`,
	Bad:   "{ lib, ... }:\nlet\n  mkIf = lib.mkIf;\n  mkForce = lib.mkForce;\nin\n{\n  services.a = mkIf true (mkForce { });\n}\n",
	Good:  "{ lib, ... }:\nlet\n  inherit (lib) mkIf mkForce;\nin\n{\n  services.a = mkIf true (mkForce { });\n}\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindAttrSet, parser.KindLet},
	Node: func(f *File, n parser.Node) {
		inheritRuns(n, func(b parser.Binding) (string, bool) {
			if !b.Value().Is(parser.KindSelect) {
				return "", false
			}
			name, ok := plainName(b)
			if !ok {
				return "", false
			}
			s := parser.Select{Node: b.Value()}
			path := s.Path()
			if s.Default().IsValid() || path.ChildCount() != 1 || !path.Child(0).Is(parser.KindName) || path.Text() != name {
				return "", false
			}
			return s.Expr().Text(), s.Expr().Is(parser.KindIdent) && f.Names().UseAt(s.Expr()) != scope.None
		}, func(run []parser.Binding, from string) {
			f.Report(diagnostic.Diagnostic{
				Span:    parser.Span{Start: run[0].Span().Start, End: run[len(run)-1].Span().End},
				Message: fmt.Sprintf("%s can be inherited from `%s`", quotedNames(run), from),
				Fix:     inheritInstead(run, from),
			})
		})
	},
}
