package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
)

var stateVersionLiteral = &Rule{
	Name:     "state-version-literal",
	Group:    "meta",
	Severity: diagnostic.Info,
	Since:    "0.1.0",
	Summary:  "a state version is written out although the modules are told it",
	Why: `Where the builder of hosts hands a state version to the modules, as in ` + "`meta.stateVersion`" + `, a second one in
` + "`system.stateVersion` or `home.stateVersion`" + ` has to be kept the same by hand. It must never change for a machine that is
installed, so look at both before you choose one.`,
	Bad:  "-- flake.nix --\n" + exampleVersion + "-- host.nix --\n{ meta, ... }:\n{\n  system.stateVersion = \"25.11\";\n}\n",
	Good: "-- flake.nix --\n" + exampleVersion + "-- host.nix --\n{ meta, ... }:\n{\n  system.stateVersion = meta.stateVersion;\n}\n",
	Fix:  SometimesFix,
	Host: func(r *Repo) {
		for _, h := range r.Model.Hosts {
			r.stateVersions(h.System, "system")
			for _, e := range h.Homes {
				r.stateVersions(e, "home")
			}
		}
	},
}

// exampleVersion is the smallest flake that tells its host a state version.
const exampleVersion = `{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.host = nixpkgs.lib.nixosSystem {
      specialArgs.meta.stateVersion = "25.11";
      modules = [ ./host.nix ];
    };
  };
}
`

func (r *Repo) stateVersions(e *repo.Evaluation, option string) {
	told, ok := r.isTold(e, "stateVersion")
	if !ok {
		return
	}
	defs, _ := r.Model.Definitions(e, option, "stateVersion")
	for _, def := range defs {
		literal, ok := literalOf(def.At)
		if !ok || !def.Certain {
			continue
		}
		d := diagnostic.Diagnostic{
			File: r.Model.Rel(def.At.File), Span: literal.Span(),
			Message: fmt.Sprintf("the state version is known as `%s`", told.path),
			Help:    fmt.Sprintf("use `%s`", told.path),
		}
		if def.Value == told.value {
			d.Fix = r.useFact(e, def.At.File, literal, told)
		} else {
			d.Message = fmt.Sprintf("the state version is %s here, and `%s` is `%s`", literal.Text(), told.path, told.value)
			d.Help = "find out which the machine was installed with, and keep only that"
		}
		r.Report(d)
	}
}
