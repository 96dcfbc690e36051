package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

var unusedInterfaceFormal = &Rule{
	Name:     "unused-interface-formal",
	Group:    "names",
	Severity: diagnostic.Info,
	Since:    "0.1.0",
	Summary:  "a function names an attribute for others to see, and does not use it",
	Why: `What a function names in its pattern may be there for others: modules begin with ` + "`{ config, lib, pkgs, ... }:`" + ` by custom, a
pattern without ` + "`...`" + ` says all that callers may pass, and one with ` + "`@args`" + ` tells what ` + "`args`" + ` is expected to hold. The rule
` + "`unused-formal`" + ` leaves these alone. This one finds them for those who want such lists to hold nothing but what is used; it is off
by default. Callers of a pattern without ` + "`...`" + ` have to change with it, so that there is no fix for those.`,
	Bad:   "{ config, lib, pkgs, ... }:\n{\n  environment.systemPackages = [ pkgs.git ];\n}\n",
	Good:  "{ pkgs, ... }:\n{\n  environment.systemPackages = [ pkgs.git ];\n}\n",
	Fix:   SometimesFix,
	Kinds: []parser.Kind{parser.KindPattern},
	Node: func(f *File, n parser.Node) {
		p := parser.Pattern{Node: n}
		isOpen := p.Ellipsis().IsValid()
		f.unusedFormals(p, func(formal parser.Formal, name string, forOthers bool) {
			if !forOthers || !isOpen && f.Kind() == Flake && name == "self" {
				return // Nix itself passes `self` to a flake
			}
			d := diagnostic.Diagnostic{
				Span: formal.Name().Span(), Message: fmt.Sprintf("parameter `%s` is never used", name), Tags: diagnostic.Unnecessary,
			}
			if isOpen {
				d.Fix = fix("remove the parameter", false, removeFormal(formal))
			}
			f.Report(d)
		})
	},
}
