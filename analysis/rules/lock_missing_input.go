package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
)

var lockMissingInput = &Rule{
	Name:     "lock-missing-input",
	Group:    "flake",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "an input of the flake is not in flake.lock",
	Why: `Which version of an input is used is written in ` + "`flake.lock`" + `. For an input that is not there, Nix takes the
newest one whenever it evaluates the flake, and refuses where the lock file must not change, as in most pipelines and
on machines that update themselves. Run ` + "`nix flake lock`" + ` and commit the file.

A flake that has no ` + "`flake.lock`" + ` at all is left alone if it builds no hosts, if it is in no Git
repository, where nothing can be committed, or if git ignores the file.`,
	Bad:  "-- flake.nix --\n{\n  inputs.disko.url = \"github:nix-community/disko\";\n" + exampleUse + "}\n-- flake.lock --\n" + `{ "nodes": { "root": {} }, "root": "root", "version": 7 }` + "\n",
	Good: "-- flake.nix --\n{\n  inputs.disko.url = \"github:nix-community/disko\";\n" + exampleUse + "}\n-- flake.lock --\n" + exampleLock,
	Repo: func(r *Repo) {
		f := r.Model.Flake()
		if f == nil || f.Lock == nil {
			r.lockMissing(f)
			return
		}
		for _, in := range f.Inputs {
			if _, locked := f.Lock.Root.Inputs[in.Name]; locked || !in.At.IsValid() {
				continue
			}
			r.Report(diagnostic.Diagnostic{
				File: r.Model.Rel(in.At.File), Span: in.At.Span(),
				Message: fmt.Sprintf("the input `%s` is not in flake.lock", in.Name),
				Help:    "run `nix flake lock`",
			})
		}
	},
}

// lockMissing reports that there is no lock file, where hosts are built from the flake.
func (r *Repo) lockMissing(f *repo.Flake) {
	const lock = "flake.lock"
	if f == nil || f.HasLock || len(f.Inputs) == 0 || !f.Inputs[0].At.IsValid() || len(r.Model.Hosts) == 0 || r.Ignored(lock) || r.Tracked() == nil {
		return
	}
	r.Report(diagnostic.Diagnostic{
		File: r.Model.Rel(f.Inputs[0].At.File), Span: f.Inputs[0].At.Span(),
		Message: "the flake has inputs, and there is no flake.lock",
		Help:    "run `nix flake lock`, and commit the file",
	})
}

// exampleUse is an output that uses the input of examples.
const exampleUse = "  outputs = { disko, ... }: { inherit (disko) lib; };\n"

// exampleLock locks the input of examples.
const exampleLock = `{
  "nodes": {
    "disko": {
      "inputs": { "nixpkgs": "nixpkgs" },
      "locked": { "owner": "nix-community", "repo": "disko", "rev": "a201c7325f43814550722fb0107a8e8a79d2fd05", "type": "github" },
      "original": { "owner": "nix-community", "repo": "disko", "type": "github" }
    },
    "nixpkgs": {
      "locked": { "owner": "NixOS", "repo": "nixpkgs", "rev": "a653b160faf0999a93ef805f2a954342b4c07041", "type": "github" },
      "original": { "owner": "NixOS", "ref": "nixos-unstable", "repo": "nixpkgs", "type": "github" }
    },
    "root": { "inputs": { "disko": "disko" } }
  },
  "root": "root",
  "version": 7
}
`
