package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

var optionalWithList = &Rule{
	Name:     "optional-with-list",
	Group:    "simplify",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "`optional` is given a list, and makes a list of a list of it",
	Why: "`lib.optional condition x` is `[ x ]` or `[ ]`, so that with a list it gives `[ [ … ] ]`. `lib.optionals`" + ` gives the list itself.
Some options flatten what they get and hide the mistake. The fix changes the value, and is made on request.`,
	Bad:   "{ lib, pkgs, config, ... }:\n{\n  environment.systemPackages = lib.optional config.a.enable [ pkgs.git ];\n}\n",
	Good:  "{ lib, pkgs, config, ... }:\n{\n  environment.systemPackages = lib.optionals config.a.enable [ pkgs.git ];\n}\n",
	Fix:   UnsafeFix,
	Kinds: []parser.Kind{parser.KindApply},
	Node: func(f *File, n parser.Node) {
		a := parser.Apply{Node: n}
		if a.ArgCount() != 2 || symbol.LastName(a.Func()) != "optional" || !parser.Unparen(a.Arg(1)).Is(parser.KindList) {
			return
		}
		name := parser.Unparen(a.Func()).LastToken()
		f.Report(diagnostic.Diagnostic{
			Span: name.Span(), Message: "`optional` makes a list of this list", Help: "use `optionals`",
			Fix: fix("use `optionals`", false, diagnostic.Edit{Span: name.Span(), Text: "optionals"}),
		})
	},
}
