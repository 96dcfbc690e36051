package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
)

var warningRaised = &Rule{
	Name:     "warning-raised",
	Group:    "options",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a module warns on every rebuild of a host",
	Why: `What stands in ` + "`warnings`" + ` is printed on every rebuild. nixlint evaluates the warnings of the repository's modules for every
host and shows those that are certainly raised.`,
	Bad: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ config, lib, ... }:\n{\n  modules.backup.keep = 1;\n" +
		"  warnings = lib.optional (config.modules.backup.keep < 2) \"One backup is none.\";\n}\n",
	Good: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ config, lib, ... }:\n{\n  modules.backup.keep = 2;\n" +
		"  warnings = lib.optional (config.modules.backup.keep < 2) \"One backup is none.\";\n}\n",
	Fix: NoFix,
	Host: func(r *Repo) {
		for _, h := range r.Model.Hosts {
			ev := h.Evaluator()
			for _, e := range r.contexts(h) {
				if e.Unsure || e.Broken {
					continue
				}
				for _, d := range e.Definitions("warnings") {
					list, ok := ev.Force(d.Value).(*eval.List)
					if !ok || !d.Certain || d.Module == nil || r.File(r.Model.RelFile(d.Module.File)) == nil || !d.At.IsValid() {
						continue
					}
					for _, t := range list.Elems {
						text, ok := ev.Force(t).(eval.String)
						if !ok {
							continue
						}
						at := t.At()
						if !at.IsValid() || r.File(r.Model.Rel(at.File)) == nil {
							at = d.At
						}
						r.Report(diagnostic.Diagnostic{
							File: r.Model.Rel(at.File), Span: at.Span(),
							Message: fmt.Sprintf("host `%s` warns: %s", h.Name, strings.Join(strings.Fields(string(text)), " ")),
						})
					}
				}
			}
		}
	},
}
