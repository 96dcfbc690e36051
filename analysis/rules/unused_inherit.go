package rules

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var unusedInherit = &Rule{
	Name:     "unused-inherit",
	Group:    "names",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a `let` inherits a name that nothing uses",
	Why: `As with other bindings of a ` + "`let`" + `, an inherited name that nothing uses does nothing. What a set inherits is never
reported: it becomes one of the set's attributes. Names that begin with an underscore are left alone.`,
	Bad:  "{ lib, ... }:\nlet\n  inherit (lib) mkIf mkForce;\nin\n{\n  networking.wireless = mkIf true { };\n}\n",
	Good: "{ lib, ... }:\nlet\n  inherit (lib) mkIf;\nin\n{\n  networking.wireless = mkIf true { };\n}\n",
	Fix:  UnsafeFix,
	File: func(f *File) {
		names := f.Names()
		dead := names.Unreachable()
		for _, d := range dead {
			def := names.Definitions()[d]
			name := names.Name(d)
			if def.Kind != scope.Inherit && def.Kind != scope.InheritFrom || strings.HasPrefix(name, "_") {
				continue
			}
			node := f.Tree.Node(def.Node)
			in := parser.Inherit{Node: node.Parent()}
			all := true // names of the line can go
			for other := range in.Names() {
				o := names.DefinitionAt(other)
				all = all && slices.Contains(dead, o) && names.Definitions()[o].Uses == 0
			}
			found := diagnostic.Diagnostic{
				Span: node.Span(), Message: unusedMessage(name, def.Uses), Tags: diagnostic.Unnecessary,
			}
			switch {
			case def.Uses > 0:
			case all:
				found.Fix = fix("remove the line", false, removeEntries([]parser.Node{in.Node})...)
			default:
				found.Fix = fix("remove the name", false, edit.Remove(f.Text, node.Span()))
			}
			f.Report(found)
		}
	},
}
