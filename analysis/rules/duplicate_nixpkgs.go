package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/flake"
)

var duplicateNixpkgs = &Rule{
	Name:     "duplicate-nixpkgs",
	Group:    "flake",
	Severity: diagnostic.Info,
	Since:    "0.1.0",
	Summary:  "an input brings a nixpkgs of its own",
	Why: `An input that locks its own nixpkgs is evaluated with that one: it is fetched beside yours, takes memory and time to
evaluate, and packages built with it share nothing with the system's. Unless the input is known to need just that version,
let it follow: ` + "`inputs.disko.inputs.nixpkgs.follows = \"nixpkgs\"`" + `.

Copies of nixpkgs' library alone do not count.`,
	Bad: "-- flake.nix --\n{\n  inputs = {\n    nixpkgs.url = \"github:NixOS/nixpkgs/nixos-unstable\";\n    disko.url = \"github:nix-community/disko\";\n  };\n" +
		exampleUse + "}\n-- flake.lock --\n" + strings.Replace(exampleLock, `"root": { "inputs": { "disko": "disko" } }`, `"nixpkgs_2": {
      "locked": { "owner": "NixOS", "repo": "nixpkgs", "rev": "c76778800dd6504a161833f89a680340c0f304f9", "type": "github" },
      "original": { "owner": "NixOS", "ref": "nixos-unstable", "repo": "nixpkgs", "type": "github" }
    },
    "root": { "inputs": { "disko": "disko", "nixpkgs": "nixpkgs_2" } }`, 1),
	Good: "-- flake.nix --\n{\n  inputs = {\n    nixpkgs.url = \"github:NixOS/nixpkgs/nixos-unstable\";\n    disko.url = \"github:nix-community/disko\";\n" +
		"    disko.inputs.nixpkgs.follows = \"nixpkgs\";\n  };\n" + exampleUse + "}\n-- flake.lock --\n" +
		strings.NewReplacer(`{ "disko": "disko" }`, `{ "disko": "disko", "nixpkgs": "nixpkgs" }`, `"nixpkgs": "nixpkgs" },`, `"nixpkgs": ["nixpkgs"] },`).Replace(exampleLock),
	Repo: func(r *Repo) {
		f := r.Model.Flake()
		if f == nil || f.Lock == nil {
			return
		}
		own := f.Lock.Find("nixpkgs")
		if own == nil {
			return
		}
		for _, in := range f.Inputs {
			locked := f.Lock.Root.Inputs[in.Name]
			n := f.Lock.Nodes[locked.Node]
			if n == nil || n == own || isWholeNixpkgs(n) || !in.At.IsValid() {
				continue
			}
			var ways [][]string
			ownNixpkgs(f.Lock, n, nil, map[*flake.Node]bool{own: true}, &ways)
			if len(ways) == 0 {
				continue
			}
			d := diagnostic.Diagnostic{File: r.Model.Rel(in.At.File), Span: in.At.Span()}
			if len(ways) == 1 {
				d.Message = fmt.Sprintf("`%s` brings a nixpkgs of its own", in.Name)
			} else {
				d.Message = fmt.Sprintf("`%s` brings %d versions of nixpkgs of its own", in.Name, len(ways))
			}
			d.Help = fmt.Sprintf("`inputs.%s.inputs.%s.follows = \"nixpkgs\";`", in.Name, strings.Join(ways[0], ".inputs."))
			r.Report(d)
		}
	},
}

// ownNixpkgs collects the ways from a node to versions of nixpkgs that only it
// and what it brings have.
func ownNixpkgs(l *flake.Lock, n *flake.Node, way []string, seen map[*flake.Node]bool, out *[][]string) {
	for _, name := range slices.Sorted(maps.Keys(n.Inputs)) {
		sub := l.Nodes[n.Inputs[name].Node]
		if sub == nil || seen[sub] {
			continue
		}
		seen[sub] = true
		below := append(slices.Clip(way), name)
		if isWholeNixpkgs(sub) {
			*out = append(*out, below)
		} else {
			ownNixpkgs(l, sub, below, seen, out)
		}
	}
}

func isWholeNixpkgs(n *flake.Node) bool {
	return n.Original.IsNixpkgs() && n.Original["repo"] != "nixpkgs.lib" && n.Original["dir"] != "lib"
}
