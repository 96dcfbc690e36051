package rules

import (
	"fmt"
	"maps"
	"slices"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
)

var diskGroupMissing = &Rule{
	Name:     "disk-group-missing",
	Group:    "storage",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a partition belongs to a volume group, array or pool that is not there",
	Why: `With disko a partition becomes part of a volume group of LVM, an array of mdadm or a pool of ZFS by its name. disko does not refuse a name
that it makes nothing of: the partition is left over, and the group that it was meant for lacks it, or cannot be made at all, when the
disks have been wiped already.

It is an error if a group of the kind has nearly that name, and a warning else: the group may have been made by hand.`,
	Bad: "-- flake.nix --\n" + exampleDisks + "-- host.nix --\n{\n  disko.devices = {\n" +
		"    disk.a.content.partitions.lvm.content = {\n      type = \"lvm_pv\";\n      vg = \"sytem\";\n    };\n    lvm_vg.system.type = \"lvm_vg\";\n  };\n}\n",
	Good: "-- flake.nix --\n" + exampleDisks + "-- host.nix --\n{\n  disko.devices = {\n" +
		"    disk.a.content.partitions.lvm.content = {\n      type = \"lvm_pv\";\n      vg = \"system\";\n    };\n    lvm_vg.system.type = \"lvm_vg\";\n  };\n}\n",
	Host: func(r *Repo) {
		for _, h := range r.Model.Hosts {
			parts, known := r.diskParts(h)
			if !known {
				continue
			}
			groups := make(map[string]map[string]bool) // names by what holds them
			for _, p := range parts {
				if len(p.path) == 2 {
					kind := p.path[0]
					if groups[kind] == nil {
						groups[kind] = make(map[string]bool)
					}
					groups[kind][p.path[1]] = true
				}
			}
			for _, p := range parts {
				r.missingGroup(h, p, groups)
			}
		}
	},
}

// diskGroups tells by the type of a content which of its attributes names a group, and
// where in disko's devices the group is, as disko's lib/types has it.
var diskGroups = map[string]struct{ attribute, in, called string }{
	"lvm_pv": {"vg", "lvm_vg", "volume group"},
	"mdraid": {"name", "mdadm", "array"},
	"zfs":    {"pool", "zpool", "pool"},
}

func (r *Repo) missingGroup(h *repo.Host, p diskPart, groups map[string]map[string]bool) {
	kind, _ := textIn(h.Evaluator(), p.set, "type")
	member, ok := diskGroups[kind.text]
	if !ok {
		return
	}
	group, ok := textIn(h.Evaluator(), p.set, member.attribute)
	if !ok || groups[member.in][group.text] || !group.at.IsValid() || !r.Model.Own(group.at.File.Path) {
		return
	}
	d := diagnostic.Diagnostic{
		File: r.Model.Rel(group.at.File), Span: group.at.Span(), Severity: diagnostic.Warning,
		Message: fmt.Sprintf("`%s` of `%s` is for the %s `%s`, which disko does not make", p.name(), h.Name, member.called, group.text),
		Help:    fmt.Sprintf("describe it under `disko.devices.%s`", member.in),
	}
	if near := repo.Nearest(group.text, slices.Sorted(maps.Keys(groups[member.in]))); near != "" {
		d.Severity = diagnostic.Error
		d.Help = fmt.Sprintf("did you mean `%s`?", near)
	}
	r.Report(d)
}
