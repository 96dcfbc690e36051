package rules

import (
	"fmt"
	"path"

	"github.com/nixlint/nixlint/analysis/diagnostic"
)

var diskDeviceDuplicate = &Rule{
	Name:     "disk-device-duplicate",
	Group:    "storage",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "two disks of a host are one drive",
	Why: `disko formats every disk that is described under ` + "`disko.devices.disk`" + `, one after the other. Two of them with the same
` + "`device`" + ` are one drive, of which the second description wipes what the first has made: a copied block in which the drive was
not changed.

Links under /dev/disk are compared by their text: two different links to one drive are not found.`,
	Bad: "-- flake.nix --\n" + exampleDisks + "-- host.nix --\n{\n  disko.devices.disk = {\n" +
		"    first.device = \"/dev/nvme0n1\";\n    second.device = \"/dev/nvme0n1\";\n  };\n}\n",
	Good: "-- flake.nix --\n" + exampleDisks + "-- host.nix --\n{\n  disko.devices.disk = {\n" +
		"    first.device = \"/dev/nvme0n1\";\n    second.device = \"/dev/nvme1n1\";\n  };\n}\n",
	Host: func(r *Repo) {
		for _, h := range r.Model.Hosts {
			first := make(map[string]disk) // by drive
			for _, d := range r.disks(h) {
				drive := path.Clean(d.device.text)
				if d.device.text == "" || !d.device.at.IsValid() || !r.Model.Own(d.device.at.File.Path) {
					continue
				}
				other, taken := first[drive]
				if !taken {
					first[drive] = d
					continue
				}
				if other.name == d.name {
					continue // one disk, described in two places
				}
				r.Report(diagnostic.Diagnostic{
					File: r.Model.Rel(d.device.at.File), Span: d.device.at.Span(),
					Message: fmt.Sprintf("the disk `%s` of `%s` is the drive of `%s`: %s", d.name, h.Name, other.name, drive),
					Help:    "name the other drive: `ls -l /dev/disk/by-id` shows all of them",
					Related: r.related(other.device.at, fmt.Sprintf("`%s` is this drive", other.name)),
				})
			}
		}
	},
}

// exampleDisks is a flake with a host.
const exampleDisks = `{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.toaster = nixpkgs.lib.nixosSystem {
      modules = [ ./host.nix ];
    };
  };
}
`
