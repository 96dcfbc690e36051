package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
)

var optionRenamed = &Rule{
	Name:     "option-renamed",
	Group:    "options",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "an option is set by a name that it no longer has",
	Why: `Modules keep the old name of an option with ` + "`lib.mkRenamedOptionModule`, and with `lib.mkRemovedOptionModule`" + ` say what to do instead of
one that is gone. Setting the former raises a warning on every rebuild, setting the latter stops it. nixlint knows those of the
repository and of inputs that are at hand.`,
	Bad: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ lib, ... }:\n{\n" +
		"  imports = [ (lib.mkRenamedOptionModule [ \"backups\" \"count\" ] [ \"modules\" \"backup\" \"keep\" ]) ];\n  backups.count = 3;\n}\n",
	Good: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ lib, ... }:\n{\n" +
		"  imports = [ (lib.mkRenamedOptionModule [ \"backups\" \"count\" ] [ \"modules\" \"backup\" \"keep\" ]) ];\n  modules.backup.keep = 3;\n}\n",
	Fix: NoFix,
	Host: func(r *Repo) {
		for _, e := range r.Model.Evaluations() {
			ev := e.Evaluator()
			for _, o := range e.Config.Declared() {
				to, removed := o.Attrs.Get("renamedTo"), o.Attrs.Get("removed")
				if to == nil && removed == nil {
					continue
				}
				for _, d := range o.AllDefinitions() {
					if _, unknown := ev.Force(d.Value).(*eval.Unknown); unknown && !d.Certain {
						continue
					}
					if d.Default || !d.At.IsValid() || r.File(r.Model.Rel(d.At.File)) == nil {
						continue
					}
					out := diagnostic.Diagnostic{File: r.Model.Rel(d.At.File), Span: d.At.Span()}
					if to != nil {
						path, fail := ev.WantStrings(to.Value, eval.Place{})
						if fail != nil {
							continue
						}
						out.Message = fmt.Sprintf("option `%s` is now called `%s`", shownOption(o.Path), module.ShowOption(path))
					} else {
						out.Message = fmt.Sprintf("option `%s` has been removed", shownOption(o.Path))
						if s, ok := ev.Force(removed.Value).(eval.String); ok {
							out.Help = string(s)
						}
					}
					r.Report(out)
				}
			}
		}
	},
}
