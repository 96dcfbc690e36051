package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
)

var optionWithoutDescription = &Rule{
	Name:     "option-without-description",
	Group:    "options",
	Severity: diagnostic.Info,
	Since:    "0.1.0",
	Summary:  "an option is declared without a description",
	Why: `The description is what others, and editors, see of an option. The manual of NixOS does not build with options that lack one
unless they are internal or, like removed ones, not visible.`,
	Bad: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ lib, ... }:\n{\n  options.modules.x = lib.mkOption {\n    default = 1;\n  };\n}\n",
	Good: "-- flake.nix --\n" + exampleOption +
		"-- host.nix --\n{ lib, ... }:\n{\n  options.modules.x = lib.mkOption {\n    default = 1;\n    description = \"A number.\";\n  };\n}\n",
	Fix: NoFix,
	Host: func(r *Repo) {
		r.ownOptions(func(o *module.Option, d module.Declaration, file *repo.File) {
			if o.Attrs.Get("description") == nil && o.Attrs.Rest == nil && !o.Flag("internal") && !o.IsHidden() && len(o.Declarations) == 1 {
				r.Report(diagnostic.Diagnostic{
					File: file.Path, Span: d.At.Span(),
					Message: fmt.Sprintf("option `%s` has no description", shownOption(o.Path)),
				})
			}
		})
	},
}

// ownOptions calls f for the declarations in the repository of the options of
// all hosts and homes, each as often as there are evaluations that have it.
func (r *Repo) ownOptions(f func(o *module.Option, d module.Declaration, file *repo.File)) {
	var last *eval.File // options of one file mostly follow each other
	var file *repo.File
	for _, e := range r.Model.Evaluations() {
		for _, o := range e.Config.Declared() {
			for _, d := range o.Declarations {
				if !d.At.IsValid() {
					continue
				}
				if d.At.File != last {
					last, file = d.At.File, r.File(r.Model.Rel(d.At.File))
				}
				if file != nil {
					f(o, d, file)
				}
			}
		}
	}
}
