package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var withInScopeOfWith = &Rule{
	Name:     "with-in-scope-of-with",
	Group:    "names",
	Severity: diagnostic.Info,
	Since:    "0.1.0",
	Summary:  "a `with` stands inside another",
	Why: `A name in the inner one may come from either, the inner namespace first. Which it is depends on what the namespaces hold
at the time, so that a package or function added to one of them can change the meaning of code that nobody touched.`,
	Bad:   "{ lib, pkgs, ... }:\nwith lib;\n{\n  environment.systemPackages = with pkgs; optionals true [ git ];\n}\n",
	Good:  "{ lib, pkgs, ... }:\nwith lib;\n{\n  environment.systemPackages = optionals true [ pkgs.git ];\n}\n",
	Kinds: []parser.Kind{parser.KindWith},
	Node: func(f *File, n parser.Node) {
		names := f.Names()
		id := names.ScopeOf(n)
		if id == scope.None || !names.Scopes()[id].Reached {
			return // unused-with speaks of it
		}
		for outer := range names.Withs(names.Scopes()[id].Parent) {
			if !names.Scopes()[outer].Reached {
				continue
			}
			around := parser.With{Node: f.Tree.Node(names.Scopes()[outer].Node)}
			w := parser.With{Node: n}
			if sameText(w.Namespace(), around.Namespace()) {
				continue
			}
			f.Report(diagnostic.Diagnostic{
				Span: parser.Span{Start: n.Span().Start, End: w.Namespace().Span().End},
				Message: fmt.Sprintf("names may come from `%s` or from `%s` around it", shortText(w.Namespace()),
					shortText(around.Namespace())),
				Related: []diagnostic.Related{{
					Span: parser.Span{Start: around.Span().Start, End: around.Namespace().Span().End}, Message: "the outer `with`",
				}},
			})
			return
		}
	},
}
