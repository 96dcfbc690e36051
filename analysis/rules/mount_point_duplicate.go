package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
)

var mountPointDuplicate = &Rule{
	Name:     "mount-point-duplicate",
	Group:    "storage",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "disko mounts two file systems of a host in one place",
	Why: `disko defines ` + "`fileSystems.\"/place\"`" + ` for each mount point that it is given. Two file systems for one place give it two
devices, and the configuration is refused with "conflicting definition values".`,
	Bad: "-- flake.nix --\n" + exampleDisks + "-- host.nix --\n{\n  disko.devices.disk = {\n" +
		"    a.content.mountpoint = \"/\";\n    b.content.mountpoint = \"/\";\n  };\n}\n",
	Good: "-- flake.nix --\n" + exampleDisks + "-- host.nix --\n{\n  disko.devices.disk = {\n" +
		"    a.content.mountpoint = \"/\";\n    b.content.mountpoint = \"/home\";\n  };\n}\n",
	Host: func(r *Repo) {
		type mounted struct {
			part diskPart
			at   diskText
		}
		for _, h := range r.Model.Hosts {
			first := make(map[string]mounted) // by where
			parts, _ := r.diskParts(h)
			for _, p := range parts {
				at, ok := textIn(h.Evaluator(), p.set, "mountpoint")
				if !ok || !strings.HasPrefix(at.text, "/") || !at.at.IsValid() || !r.Model.Own(at.at.File.Path) || p.isOptions() {
					continue // ZFS has `none` and `legacy`
				}
				where := path.Clean(at.text)
				other, taken := first[where]
				if !taken {
					first[where] = mounted{p, at}
					continue
				}
				if slices.Equal(other.part.path, p.path) {
					continue // one file system, described in two places
				}
				r.Report(diagnostic.Diagnostic{
					File: r.Model.Rel(at.at.File), Span: at.at.Span(),
					Message: fmt.Sprintf("`%s` of `%s` is mounted on %s, and so is `%s`", p.name(), h.Name, where, other.part.name()),
					Help:    "mount one of them elsewhere",
					Related: r.related(other.at.at, "this is mounted there"),
				})
			}
		}
	},
}
