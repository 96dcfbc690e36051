package machine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/vfio/cpuset"
	"github.com/nixlint/nixlint/vfio/pci"
)

// Difference is a fact that is not the same in two machines.
type Difference struct {
	Text    string // "0000:0d:00.0 is gone"
	Devices []pci.Addr
}

// Compare tells in what a machine differs from what was recorded of it. Facts
// that depend on the boot entry, virtual functions, the numbers of IOMMU groups
// and what either does not know are not compared.
func Compare(recorded, now *Machine) []Difference {
	var ds []Difference
	add := func(devices []pci.Addr, format string, args ...any) {
		ds = append(ds, Difference{fmt.Sprintf(format, args...), devices})
	}
	seen := map[pci.Addr]bool{}
	for i := range recorded.PCI {
		was := &recorded.PCI[i]
		if was.PhysFn != nil {
			continue
		}
		seen[was.Address] = true
		is := now.Find(was.Address)
		at := []pci.Addr{was.Address}
		switch {
		case is == nil:
			if moved := now.only(was.ID()); moved != nil && recorded.only(was.ID()) != nil {
				add([]pci.Addr{was.Address, moved.Address}, "%s (%s) is now at %s", was.Address, was.ID(), moved.Address)
				seen[moved.Address] = true
			} else {
				add(at, "%s (%s) is gone", was.Address, was.ID())
			}
		case is.ID() != was.ID():
			add(at, "%s was %s and is %s", was.Address, was.ID(), is.ID())
		case was.BootVGA != nil && is.BootVGA != nil && !*was.BootVGA && *is.BootVGA:
			add(at, "the machine boots on the display %s, and did not", was.Address)
		}
	}
	for i := range now.PCI {
		if d := &now.PCI[i]; !seen[d.Address] && d.PhysFn == nil {
			add([]pci.Addr{d.Address}, "%s (%s) is new", d.Address, d.ID())
		}
	}
	if len(ds) == 0 && len(recorded.IOMMU.Groups) > 0 && len(now.IOMMU.Groups) > 0 {
		ds = append(ds, compareGroups(recorded, now)...)
	}
	if a, b := recorded.CPU.Possible, now.CPU.Possible; a != nil && b != nil && !a.Equal(*b) {
		add(nil, "processors were %s and are %s", a, b)
	}
	if a, b := recorded.CPU.Model, now.CPU.Model; a != "" && b != "" && a != b {
		add(nil, "the processor was %s and is %s", a, b)
	}
	if !sameSiblings(recorded, now) {
		add(nil, "the processors have other siblings")
	}
	// A little memory comes and goes with the firmware.
	if a, b := recorded.Memory.TotalKiB, now.Memory.TotalKiB; a > 0 && b > 0 && max(a, b)-min(a, b) > a/20 {
		add(nil, "memory was %d MiB and is %d", a>>10, b>>10)
	}
	return ds
}

// only returns the one device that has the id, or nil.
func (m *Machine) only(id pci.ID) *Device {
	found := m.Matching(pci.Pattern{ID: id, SubVendor: pci.Any, SubDevice: pci.Any})
	if len(found) != 1 {
		return nil
	}
	return found[0]
}

// compareGroups compares how the groups divide the devices.
func compareGroups(recorded, now *Machine) []Difference {
	var ds []Difference
	is := now.Partition()
	for _, was := range recorded.Partition() {
		if !slices.ContainsFunc(is, func(g []pci.Addr) bool { return slices.Equal(g, was) }) {
			var names []string
			for _, a := range was {
				names = append(names, a.String())
			}
			ds = append(ds, Difference{strings.Join(names, ", ") + " are no longer an IOMMU group of their own", was})
		}
	}
	return ds
}

func sameSiblings(a, b *Machine) bool {
	if len(a.CPU.CPUs) == 0 || len(b.CPU.CPUs) == 0 || a.CPU.Online == nil || b.CPU.Online == nil || !a.CPU.Online.Equal(*b.CPU.Online) {
		return true
	}
	return slices.EqualFunc(a.CPU.CPUs, b.CPU.CPUs, func(x, y Thread) bool {
		return x.CPU == y.CPU && cpuset.Set.Equal(x.Siblings, y.Siblings)
	})
}
