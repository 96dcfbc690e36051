package machine

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/vfio/kernel"
	"github.com/nixlint/nixlint/vfio/pci"
)

// publicCmdline returns the parameters of a command line that may stand in a
// snapshot.
func publicCmdline(line string) []string {
	params := []string{}
	for _, p := range kernel.ParseCmdline(line) {
		if s := p.String(); PublicParam(s) {
			params = append(params, s)
		}
	}
	return params
}

// network reads which interface belongs to which device, and which bridges
// there are.
func (r *reader) network() {
	names, ok := r.sys.list("class/net")
	if !ok {
		return
	}
	r.m.Bridges = map[string][]string{}
	for _, name := range names {
		target, ok := r.sys.link("class/net/" + name)
		if !ok {
			continue
		}
		if owner, onPCI, onUSB := ownerOf(target); onPCI && !onUSB {
			if d := r.m.Find(owner); d != nil && !hasMAC(name) {
				d.Net = append(d.Net, name)
			}
			continue
		}
		if ports, ok := r.sys.list("class/net/" + name + "/brif"); ok && !hasMAC(name) {
			r.m.Bridges[name] = append([]string{}, ports...)
		}
	}
}

// uses finds out what the running system needs devices for. Without /proc
// nothing is known.
func (r *reader) uses() {
	mounts, ok := r.proc.text("self/mountinfo")
	if !ok {
		return
	}
	used := map[pci.Addr]map[string]bool{}
	add := func(use, path string) {
		owner, onPCI, _ := ownerOf(path)
		if !onPCI {
			return
		}
		if used[owner] == nil {
			used[owner] = map[string]bool{}
		}
		used[owner][use] = true
	}
	b := &blockDevices{sys: r.sys}
	for line := range strings.SplitSeq(mounts, "\n") {
		point, source := mountInfo(line)
		use := mountUses[point]
		if use == "" {
			continue
		}
		for _, p := range b.paths(source) {
			add(use, p)
		}
	}
	if swaps, ok := r.proc.text("swaps"); ok {
		for line := range strings.SplitSeq(swaps, "\n") {
			if f := strings.Fields(line); len(f) > 0 {
				for _, p := range b.paths(f[0]) {
					add(UseSwap, p)
				}
			}
		}
	}
	if text, ok := r.proc.text("bus/input/devices"); ok {
		for _, p := range inputPaths(text) {
			add(UseHID, p)
		}
	}
	cards, _ := r.sys.list("class/drm")
	for _, name := range cards {
		if !strings.Contains(name, "-") {
			continue // a card or `version`; its connectors are card0-DP-1 and the like
		}
		if status, ok := r.sys.text("class/drm/" + name + "/status"); ok && status == "connected" {
			if target, ok := r.sys.link("class/drm/" + name); ok {
				add(UseDisplay, target)
			}
		}
	}
	if only := r.onlyNIC(); only != nil {
		add(UseNetOnly, only.Address.String())
	}
	for i := range r.m.PCI {
		d := &r.m.PCI[i]
		if d.Class.Bridge() {
			continue
		}
		d.HostUse = sortedKeys(used[d.Address])
		if d.HostUse == nil {
			d.HostUse = []string{}
		}
	}
}

// mountUses are the places that a system cannot run or boot without.
var mountUses = map[string]string{
	"/": UseRoot, "/nix": UseRoot, "/nix/store": UseRoot, "/persist": UseRoot,
	"/boot": UseBoot, "/boot/efi": UseBoot, "/efi": UseBoot,
}

// mountInfo returns mount point and source of a line of /proc/self/mountinfo.
func mountInfo(line string) (point, source string) {
	f := strings.Fields(line)
	dash := slices.Index(f, "-")
	if len(f) < 6 || dash < 0 || dash+2 >= len(f) {
		return "", ""
	}
	return f[4], f[dash+2]
}

// onlyNIC returns the network card that the machine cannot do without: the
// only one with a cable, or the only one at all.
func (r *reader) onlyNIC() *Device {
	var wired, others []*Device
	for i := range r.m.PCI {
		d := &r.m.PCI[i]
		switch {
		case d.Class.Base() != pci.BaseNetwork || d.PhysFn != nil || len(d.Net) == 0:
		case d.Class.Is(pci.ClassEthernet):
			wired = append(wired, d)
		default:
			others = append(others, d)
		}
	}
	if len(wired) == 1 {
		return wired[0]
	}
	if len(wired) == 0 && len(others) == 1 {
		return others[0]
	}
	return nil
}

// inputPaths returns where keyboards and mice hang, from
// /proc/bus/input/devices. Headsets and power buttons also have keys; only
// keyboards have the one that talks to the kernel.
func inputPaths(text string) []string {
	var paths []string
	sysfs := ""
	for line := range strings.SplitSeq(text, "\n") {
		if p, ok := strings.CutPrefix(line, "S: Sysfs="); ok {
			sysfs = p
		}
		handlers, ok := strings.CutPrefix(line, "H: Handlers=")
		if !ok || sysfs == "" {
			continue
		}
		for _, h := range strings.Fields(handlers) {
			if h == "sysrq" || strings.HasPrefix(h, "mouse") {
				paths = append(paths, sysfs)
				break
			}
		}
	}
	return paths
}

// blockDevices finds the disks below a file system: through partitions,
// encryption, volume managers and RAID, and for btrfs all of its disks.
type blockDevices struct {
	sys *tree

	mapped map[string]string   // names of mapped devices: cryptroot → dm-0
	btrfs  map[string][]string // members of the file system that has the key
}

// maxDepth bounds how deep block devices are stacked.
const maxDepth = 16

// paths returns where in /sys/devices the disks of a mount's source are.
func (b *blockDevices) paths(source string) []string {
	rest, ok := strings.CutPrefix(source, "/dev/")
	if !ok {
		return nil
	}
	name := path.Base(rest)
	if mapped, ok := strings.CutPrefix(rest, "mapper/"); ok {
		name = b.mapper(mapped)
	}
	members := []string{name}
	if all := b.members(name); all != nil {
		members = all
	}
	var found []string
	for _, m := range members {
		b.walk(m, maxDepth, &found)
	}
	return found
}

func (b *blockDevices) walk(name string, depth int, found *[]string) {
	if depth == 0 || name == "" || name == "." || name == "/" {
		return
	}
	slaves, _ := b.sys.list("class/block/" + name + "/slaves")
	for _, s := range slaves {
		b.walk(s, depth-1, found)
	}
	if len(slaves) == 0 && len(*found) < maxEntries {
		if target, ok := b.sys.link("class/block/" + name); ok {
			*found = append(*found, b.controllers(target)...)
		}
	}
}

// controllers returns the path of a disk, or the paths of its controllers if
// it can be reached by several: the kernel shows such NVMe disks as virtual.
func (b *blockDevices) controllers(target string) []string {
	_, subsystem, ok := strings.Cut(target, "devices/virtual/nvme-subsystem/")
	if !ok {
		return []string{target}
	}
	subsystem, _, _ = strings.Cut(subsystem, "/")
	dir := "devices/virtual/nvme-subsystem/" + subsystem
	var found []string
	names, _ := b.sys.list(dir)
	for _, name := range names {
		number, ok := strings.CutPrefix(name, "nvme")
		if _, err := strconv.Atoi(number); !ok || err != nil {
			continue
		}
		if controller, ok := b.sys.link(dir + "/" + name); ok {
			found = append(found, controller)
		}
	}
	return found
}

// mapper returns the device of a name below /dev/mapper.
func (b *blockDevices) mapper(name string) string {
	if b.mapped == nil {
		b.mapped = map[string]string{}
		devices, _ := b.sys.list("class/block")
		for _, d := range devices {
			if strings.HasPrefix(d, "dm-") {
				if n, ok := b.sys.text("class/block/" + d + "/dm/name"); ok {
					b.mapped[n] = d
				}
			}
		}
	}
	return b.mapped[name]
}

// members returns all devices of the btrfs file system that has the given one.
func (b *blockDevices) members(name string) []string {
	if b.btrfs == nil {
		b.btrfs = map[string][]string{}
		systems, _ := b.sys.list("fs/btrfs")
		for _, fs := range systems {
			devices, _ := b.sys.list("fs/btrfs/" + fs + "/devices")
			for _, d := range devices {
				b.btrfs[d] = devices
			}
		}
	}
	return b.btrfs[name]
}
