package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var searchPathInFlake = &Rule{
	Name:     "search-path-in-flake",
	Group:    "modules",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a flake looks up `<nixpkgs>` or the like",
	Why: `Flakes are evaluated without ` + "`NIX_PATH`" + `: Nix stops at ` + "`<nixpkgs>`" + ` with "cannot look up in pure evaluation mode". What is
meant is an input of the flake, or ` + "`modulesPath`" + ` for modules of NixOS: ` + "`\"${modulesPath}/installer/scan/not-detected.nix\"`" + `.

It is an error in modules that a host imports, and in the flake itself. In other files that the flake imports it is a
warning. Files that the flake does not reach, such as ` + "`shell.nix`" + `, and parameters with a default such as ` + "`{ pkgs ? import <nixpkgs> { } }`" + `
are fine, and so is what stands under a condition.`,
	Bad: "-- flake.nix --\n" + exampleFlake + "-- nvidia.nix --\n{ }\n-- host.nix --\n{\n  imports = [ <nixpkgs/nixos/modules/installer/scan/not-detected.nix> ];\n}\n",
	Good: "-- flake.nix --\n" + exampleFlake + "-- nvidia.nix --\n{ }\n-- host.nix --\n{ modulesPath, ... }:\n{\n" +
		"  imports = [ \"${modulesPath}/installer/scan/not-detected.nix\" ];\n}\n",
	Fix: NoFix,
	Repo: func(r *Repo) {
		if r.File("flake.nix") == nil {
			return
		}
		modules := make(map[string]bool)
		for _, e := range r.Model.Evaluations() {
			for _, m := range e.Modules {
				if m.Certain {
					modules[m.File] = true
				}
			}
		}
		imported := r.Model.Imported()
		for f := range r.Checked() {
			if !imported[f.Path] || !strings.Contains(f.Text, "<") || f.Tree.HasSyntaxErrors() {
				continue
			}
			severity := diagnostic.Warning
			if modules[f.Path] || f.Path == "flake.nix" {
				severity = diagnostic.Error
			}
			r.searchPaths(f, severity)
		}
	},
}

func (r *Repo) searchPaths(f *repo.File, severity diagnostic.Severity) {
	for id := range f.Tree.NodeCount() {
		n := f.Tree.Node(parser.NodeID(id))
		if !n.Is(parser.KindSearchPath) || !needed(r.Names(f), n, calledBody(f)) {
			continue
		}
		r.Report(diagnostic.Diagnostic{
			File: f.Path, Span: n.Span(), Severity: severity,
			Message: fmt.Sprintf("`%s` is looked up, which a flake may not do", n.Text()),
			Help:    "use an input of the flake, or `modulesPath` for modules of NixOS",
		})
	}
}

// calledBody returns what is evaluated of a file when it is used as it is meant
// to be: the outputs of a flake, or the body of the file's function.
func calledBody(f *repo.File) parser.Node {
	n := parser.Unparen(f.Tree.Expr())
	if f.Path == "flake.nix" && n.Is(parser.KindAttrSet) {
		for entry := range n.Children() {
			if entry.Is(parser.KindBinding) && (parser.Binding{Node: entry}).Path().Text() == "outputs" {
				n = parser.Unparen(parser.Binding{Node: entry}.Value())
			}
		}
	}
	for n.Is(parser.KindLambda) {
		n = parser.Unparen(parser.Lambda{Node: n}.Body())
	}
	return n
}
