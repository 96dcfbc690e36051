// Package sysfstest makes trees like /sys, /proc, /dev and /run of a machine
// that is described by a snapshot, for tests of what reads them.
//
// The trees have the files and links that a kernel shows for the facts of the
// snapshot, in the kernel's own spelling: relative links from the buses to the
// devices, which are nested as the machine is, `(null)` for no driver override,
// buses of bridges in decimal.
package sysfstest

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/vfio/cpuset"
	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

// Build makes the trees of the machine in the folders sys, proc, dev and run
// below dir.
func Build(dir string, m *machine.Machine) error {
	b := &builder{dir: dir, m: m, place: map[pci.Addr]string{}}
	b.kernel()
	b.cpu()
	b.memory()
	b.pci()
	b.iommu()
	b.network()
	b.disks()
	b.input()
	return b.err
}

// builder writes files until the first failure.
type builder struct {
	dir   string
	m     *machine.Machine
	place map[pci.Addr]string // folders of devices, from sys on
	err   error
}

func (b *builder) file(name, contents string) {
	if b.err != nil {
		return
	}
	full := filepath.Join(b.dir, filepath.FromSlash(name))
	if b.err = os.MkdirAll(filepath.Dir(full), 0o755); b.err == nil {
		b.err = os.WriteFile(full, []byte(contents+"\n"), 0o644)
	}
}

func (b *builder) folder(name string) {
	if b.err == nil {
		b.err = os.MkdirAll(filepath.Join(b.dir, filepath.FromSlash(name)), 0o755)
	}
}

// link makes a relative link; both names are relative to the root of the
// trees.
func (b *builder) link(name, target string) {
	if b.err != nil {
		return
	}
	relative, err := filepath.Rel(path.Dir(name), target)
	if err != nil {
		b.err = err
		return
	}
	full := filepath.Join(b.dir, filepath.FromSlash(name))
	if b.err = os.MkdirAll(filepath.Dir(full), 0o755); b.err == nil {
		b.err = os.Symlink(relative, full)
	}
}

func (b *builder) kernel() {
	k := b.m.Kernel
	b.file("proc/sys/kernel/osrelease", k.Release)
	b.file("proc/sys/kernel/arch", k.Arch)
	b.file("proc/cmdline", "root=/dev/mapper/secret "+strings.Join(b.m.Cmdline, " "))
	b.folder("sys/firmware/acpi/tables")
	if k.EFI != nil && *k.EFI {
		b.folder("sys/firmware/efi")
	}
	if b.m.IOMMU.ACPI.Name != "" {
		b.file("sys/firmware/acpi/tables/"+b.m.IOMMU.ACPI.Name, "")
	}
	for name, params := range b.m.Modules {
		b.folder("sys/module/" + name)
		for p, v := range params {
			b.file("sys/module/"+name+"/parameters/"+p, v)
		}
	}
	b.folder("dev")
	for node, there := range b.m.DevNodes {
		if there {
			b.file(strings.TrimPrefix(node, "/"), "")
		}
	}
	switch context := b.m.Captured.BootContext; context {
	case "":
	case "base":
		b.file("run/booted-system/nixos-version", "25.11.20261101.abcdef0")
		b.folder("run/booted-system/specialisation/other")
	default:
		b.file("run/booted-system/nixos-version", context+"-25.11.20261101.abcdef0")
	}
}

func (b *builder) cpu() {
	c := b.m.CPU
	b.file("proc/cpuinfo", fmt.Sprintf("processor\t: 0\nvendor_id\t: %s\nmodel name\t: %s\nflags\t\t: fpu pdpe1gb", c.Vendor, c.Model))
	const dir = "sys/devices/system/cpu/"
	for file, set := range map[string]*cpuset.Set{"online": c.Online, "possible": c.Possible, "isolated": c.Isolated} {
		if set != nil {
			b.file(dir+file, set.String())
		}
	}
	if c.SMT != nil {
		b.file(dir+"smt/active", map[bool]string{true: "1", false: "0"}[*c.SMT])
	}
	if c.Possible != nil {
		for n := range c.Possible.All() { // offline ones have a folder too
			b.folder(dir + "cpu" + strconv.Itoa(n))
		}
	}
	types := map[string][]int{}
	for _, t := range c.CPUs {
		at := dir + "cpu" + strconv.Itoa(t.CPU)
		b.file(at+"/topology/thread_siblings_list", t.Siblings.String())
		b.file(at+"/topology/core_id", strconv.Itoa(t.Core))
		b.file(at+"/topology/physical_package_id", strconv.Itoa(t.Package))
		b.file(at+"/topology/die_id", strconv.Itoa(t.Die))
		b.file(at+"/cache/index0/level", "1")
		if t.L3 != nil {
			b.file(at+"/cache/index1/level", "3")
			b.file(at+"/cache/index1/shared_cpu_list", t.L3.String())
			if t.L3KiB > 0 {
				b.file(at+"/cache/index1/size", strconv.FormatUint(t.L3KiB, 10)+"K")
			}
		}
		if t.Type != "" {
			types[t.Type] = append(types[t.Type], t.CPU)
		}
	}
	for class, cpus := range types {
		b.file("sys/devices/cpu_"+class+"/cpus", cpuset.Of(cpus...).String())
	}
}

func (b *builder) memory() {
	b.file("proc/meminfo", fmt.Sprintf("MemTotal:       %d kB\nMemFree:        1000 kB", b.m.Memory.TotalKiB))
	for n, set := range b.m.NUMA {
		at := fmt.Sprintf("sys/devices/system/node/node%d/", n)
		b.file(at+"cpulist", set.String())
		if kib := b.m.Memory.NodesKiB[n]; kib > 0 {
			b.file(at+"meminfo", fmt.Sprintf("Node %d MemTotal:       %d kB", n, kib))
		}
	}
	for size, h := range b.m.Hugepages {
		at := "sys/kernel/mm/hugepages/hugepages-" + size + "/"
		b.file(at+"nr_hugepages", strconv.FormatUint(h.Count, 10))
		b.file(at+"free_hugepages", strconv.FormatUint(h.Free, 10))
	}
}

// folderOf returns where a device is, below its bridges.
func (b *builder) folderOf(d *machine.Device) string {
	if p, ok := b.place[d.Address]; ok {
		return p
	}
	root := fmt.Sprintf("pci%04x:%02x", d.Address.Domain, d.Address.Bus)
	at := "sys/devices/" + root
	if d.Parent != nil {
		if parent := b.m.Find(*d.Parent); parent != nil {
			at = b.folderOf(parent)
		}
	} else if d.VMD != nil {
		if vmd := b.m.Find(*d.VMD); vmd != nil {
			at = b.folderOf(vmd) + "/" + root
		}
	}
	p := at + "/" + d.Address.String()
	b.place[d.Address] = p
	return p
}

func (b *builder) pci() {
	b.folder("sys/bus/pci/devices")
	for i := range b.m.PCI {
		d := &b.m.PCI[i]
		at := b.folderOf(d)
		b.link("sys/bus/pci/devices/"+d.Address.String(), at)
		b.file(at+"/vendor", fmt.Sprintf("0x%04x", uint16(d.Vendor)))
		b.file(at+"/device", fmt.Sprintf("0x%04x", uint16(d.Device)))
		b.file(at+"/class", fmt.Sprintf("0x%06x", uint32(d.Class)))
		b.file(at+"/subsystem_vendor", fmt.Sprintf("0x%04x", d.SubsystemID().Vendor))
		b.file(at+"/subsystem_device", fmt.Sprintf("0x%04x", d.SubsystemID().Device))
		sub := d.SubsystemID()
		b.file(at+"/modalias", fmt.Sprintf("pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X", uint16(d.Vendor), uint16(d.Device),
			sub.Vendor, sub.Device, d.Class.Base(), uint8(d.Class>>8), uint8(d.Class)))
		if d.Revision != "" {
			b.file(at+"/revision", "0x"+d.Revision)
		} else {
			b.file(at+"/revision", "0x00")
		}
		b.link(at+"/subsystem", "sys/bus/pci")
		numa := -1
		if d.NUMANode != nil {
			numa = *d.NUMANode
		}
		b.file(at+"/numa_node", strconv.Itoa(numa))
		if len(d.ResetMethods) > 0 {
			b.file(at+"/reset_method", strings.Join(d.ResetMethods, " "))
		}
		if d.BootVGA != nil {
			b.file(at+"/boot_vga", map[bool]string{true: "1", false: "0"}[*d.BootVGA])
		}
		if d.SecondaryBus != nil {
			b.file(at+"/secondary_bus_number", strconv.Itoa(int(*d.SecondaryBus)))
		}
		if d.SRIOV != nil {
			b.file(at+"/sriov_totalvfs", strconv.Itoa(d.SRIOV.Total))
			b.file(at+"/sriov_numvfs", strconv.Itoa(d.SRIOV.Num))
		}
		if d.PhysFn != nil {
			if pf := b.m.Find(*d.PhysFn); pf != nil {
				b.link(at+"/physfn", b.folderOf(pf))
			}
		}
		b.bars(at, d)
		override := "(null)"
		if r := d.Runtime; r != nil {
			if r.Driver != nil {
				b.link(at+"/driver", "sys/bus/pci/drivers/"+*r.Driver)
				b.folder("sys/bus/pci/drivers/" + *r.Driver)
			}
			if r.DriverOverride != "" {
				override = r.DriverOverride
			}
		}
		b.file(at+"/driver_override", override)
	}
}

func (b *builder) bars(at string, d *machine.Device) {
	lines := slices.Repeat([]string{"0x0000000000000000 0x0000000000000000 0x0000000000000000"}, 7)
	start := uint64(1) << 40
	for _, bar := range d.BARs {
		lines[bar.Index] = fmt.Sprintf("0x%016x 0x%016x 0x%016x", start, start+bar.MiB<<20-1, 0x14220c)
		start += 1 << 36
		if bar.Resizable {
			b.file(fmt.Sprintf("%s/resource%d_resize", at, bar.Index), "000000000000f000")
		}
	}
	b.file(at+"/resource", strings.Join(lines, "\n"))
}

func (b *builder) iommu() {
	b.folder("sys/class/iommu")
	b.folder("sys/kernel/iommu_groups")
	for _, unit := range b.m.IOMMU.Units {
		b.folder("sys/devices/virtual/iommu/" + unit)
		b.link("sys/class/iommu/"+unit, "sys/devices/virtual/iommu/"+unit)
	}
	for n, g := range b.m.IOMMU.Groups {
		at := "sys/kernel/iommu_groups/" + strconv.Itoa(n)
		b.file(at+"/type", g.Type)
		regions := ""
		for _, r := range g.Reserved {
			regions += r.Start + " " + r.End + " " + r.Type + "\n"
		}
		b.file(at+"/reserved_regions", regions+"0x00000000fee00000 0x00000000feefffff msi")
		for _, a := range g.Devices {
			if d := b.m.Find(a); d != nil {
				b.link(at+"/devices/"+a.String(), b.folderOf(d))
				b.link(b.folderOf(d)+"/iommu_group", at)
			}
		}
	}
}

func (b *builder) network() {
	b.folder("sys/devices/virtual/net/lo")
	b.link("sys/class/net/lo", "sys/devices/virtual/net/lo")
	for i := range b.m.PCI {
		for _, name := range b.m.PCI[i].Net {
			at := b.folderOf(&b.m.PCI[i]) + "/net/" + name
			b.file(at+"/address", "02:00:00:00:00:01")
			b.link("sys/class/net/"+name, at)
		}
	}
	for name, ports := range b.m.Bridges {
		at := "sys/devices/virtual/net/" + name
		b.folder(at + "/brif")
		for _, p := range ports {
			b.link(at+"/brif/"+p, "sys/class/net/"+p)
		}
		b.link("sys/class/net/"+name, at)
	}
}

// disks makes a disk on every device that holds a file system. Several that
// hold the root are one encrypted btrfs.
func (b *builder) disks() {
	mounts := []string{"20 1 0:18 / /sys rw - sysfs sysfs rw"}
	swaps := []string{"Filename Type Size Used Priority"}
	var root []string
	n := 0
	for i := range b.m.PCI {
		d := &b.m.PCI[i]
		for _, use := range []string{machine.UseRoot, machine.UseBoot, machine.UseSwap} {
			if !d.Uses(use) {
				continue
			}
			disk := fmt.Sprintf("nvme%dn1", n)
			part := disk + "p1"
			n++
			at := b.folderOf(d) + "/nvme/" + disk
			b.folder(at + "/" + part)
			b.link("sys/class/block/"+disk, at)
			b.link("sys/class/block/"+part, at+"/"+part)
			switch use {
			case machine.UseRoot:
				root = append(root, part)
			case machine.UseBoot:
				mounts = append(mounts, "21 1 259:1 / /boot rw - vfat /dev/"+part+" rw")
			case machine.UseSwap:
				swaps = append(swaps, "/dev/"+part+" partition 1000 0 -2")
			}
		}
	}
	for i, part := range root {
		dm := fmt.Sprintf("dm-%d", i)
		at := "sys/devices/virtual/block/" + dm
		b.file(at+"/dm/name", fmt.Sprintf("crypt%d", i))
		b.link(at+"/slaves/"+part, "sys/class/block/"+part)
		b.link("sys/class/block/"+dm, at)
		b.link("sys/fs/btrfs/0-1/devices/"+dm, at)
	}
	if len(root) > 0 {
		mounts = append(mounts, "22 1 0:30 /root / rw shared:1 - btrfs /dev/mapper/crypt0 rw")
	}
	b.file("proc/self/mountinfo", strings.Join(mounts, "\n"))
	b.file("proc/swaps", strings.Join(swaps, "\n"))
}

func (b *builder) input() {
	text := `I: Bus=0019 Vendor=0000 Product=0001 Version=0000
N: Name="Power Button"
S: Sysfs=/devices/LNXSYSTM:00/LNXPWRBN:00/input/input0
H: Handlers=kbd event0
`
	for i := range b.m.PCI {
		if d := &b.m.PCI[i]; d.Uses(machine.UseHID) {
			at := strings.TrimPrefix(b.folderOf(d), "sys")
			text += "\nN: Name=\"A keyboard\"\nU: Uniq=serial\nS: Sysfs=" + at +
				"/usb1/1-3/1-3:1.0/0003:046D:C31C.0001/input/input5\nH: Handlers=sysrq kbd leds event5\n"
		}
	}
	b.file("proc/bus/input/devices", text)
	for i := range b.m.PCI {
		if d := &b.m.PCI[i]; d.Uses(machine.UseDisplay) {
			at := b.folderOf(d) + "/drm/card0/card0-DP-1"
			b.file(at+"/status", "connected")
			b.link("sys/class/drm/card0-DP-1", at)
		}
	}
}
