package machine

import (
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/nixlint/nixlint/vfio/pci"
)

// pci reads the devices. A device that is malformed or vanishes while it is
// read is left out; the others are not affected.
func (r *reader) pci() {
	names, _ := r.sys.list("bus/pci/devices")
	var addresses []pci.Addr
	for _, name := range names {
		a, err := pci.ParseAddr(name)
		if err != nil {
			r.sys.notes.add(r.sys.path("bus/pci/devices/"+name), "is not a PCI address")
			continue
		}
		addresses = append(addresses, a)
	}
	if len(addresses) > MaxDevices {
		r.sys.notes.add(r.sys.path("bus/pci/devices"), "there are too many devices to read: some are left out")
		addresses = addresses[:MaxDevices]
	}
	slices.SortFunc(addresses, pci.Addr.Compare)

	devices := make([]Device, len(addresses))
	found := make([]bool, len(addresses))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), 8) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(addresses) {
					return
				}
				devices[i], found[i] = r.device(addresses[i])
			}
		})
	}
	wg.Wait()
	r.m.PCI = []Device{}
	for i, ok := range found {
		if ok {
			r.m.PCI = append(r.m.PCI, devices[i])
		}
	}
	r.noResets()
}

// noResets forgets that devices have no reset methods if none has any: kernels
// before 5.15 do not tell.
func (r *reader) noResets() {
	if slices.ContainsFunc(r.m.PCI, func(d Device) bool { return len(d.ResetMethods) > 0 }) {
		return
	}
	for i := range r.m.PCI {
		r.m.PCI[i].ResetMethods = nil
	}
}

// device reads one device.
func (r *reader) device(a pci.Addr) (d Device, ok bool) {
	d.Address = a
	at := "bus/pci/devices/" + a.String()
	// The link leads to where the device is, and so tells what is above it.
	if target, err := r.sys.root.Readlink(at); err == nil {
		if place := path.Join("bus/pci/devices", target); strings.HasPrefix(place, "devices/") {
			at = place
			d.Parent, d.VMD = topology(path.Dir(place))
		}
	}
	dir := r.sys.sub(at)
	if dir == nil {
		r.sys.notes.add(r.sys.path(at), "the device cannot be opened: it is left out")
		return d, false
	}
	defer dir.close()

	if !d.identity(dir) {
		dir.notes.add(dir.path("."), "the device has no vendor, device and class: it is left out")
		return d, false
	}
	if rev, ok := dir.number("revision", 0, 8); ok && rev != 0 {
		d.Revision = strconv.FormatUint(rev+0x100, 16)[1:]
	}
	if group, ok := dir.link("iommu_group"); ok {
		if n, err := strconv.Atoi(path.Base(group)); err == nil && n >= 0 {
			d.IOMMUGroup = &n
		}
	}
	if s, ok := dir.text("numa_node"); ok {
		if n, err := strconv.Atoi(s); err == nil && n >= 0 {
			d.NUMANode = &n
		}
	}
	if s, ok := dir.text("reset_method"); ok {
		d.ResetMethods = append([]string{}, strings.Fields(s)...)
	} else if !d.Class.Bridge() && !dir.exists("reset_method") {
		d.ResetMethods = []string{} // the kernel has no file where it knows no method
	}
	d.Runtime = &Runtime{}
	if driver, ok := dir.link("driver"); ok {
		name := path.Base(driver)
		d.Runtime.Driver = &name
	}
	if s, ok := dir.text("driver_override"); ok && s != "(null)" {
		d.Runtime.DriverOverride = s
	}
	if d.Class.Display() {
		if s, ok := dir.text("boot_vga"); ok && (s == "0" || s == "1") {
			boot := s == "1"
			d.BootVGA = &boot
		}
		d.BARs = bars(dir)
	}
	if d.Class.Is(pci.ClassPCIBridge) {
		// Unlike everywhere else, buses are decimal here.
		if n, ok := dir.number("secondary_bus_number", 10, 8); ok {
			bus := uint8(n)
			d.SecondaryBus = &bus
		}
		return d, true
	}
	if total, ok := dir.number("sriov_totalvfs", 10, 16); ok {
		num, _ := dir.number("sriov_numvfs", 10, 16)
		d.SRIOV = &SRIOV{int(total), int(num)}
	}
	if pf, ok := dir.link("physfn"); ok {
		if a, err := pci.ParseAddr(path.Base(pf)); err == nil {
			d.PhysFn = &a
		}
	}
	return d, true
}

// identity reads what the device is: from the alias by which modules find it,
// which has everything in one file, or from the single files in trees that do
// not have that one.
func (d *Device) identity(dir *tree) bool {
	if alias, ok := dir.text("modalias"); ok && d.fromAlias(alias) {
		return true
	}
	vendor, ok1 := dir.number("vendor", 0, 16)
	device, ok2 := dir.number("device", 0, 16)
	class, ok3 := dir.number("class", 0, 24)
	d.Vendor, d.Device, d.Class = Word(vendor), Word(device), pci.Class(class)
	if v, ok := dir.number("subsystem_vendor", 0, 16); ok {
		if s, ok := dir.number("subsystem_device", 0, 16); ok && (v != 0 || s != 0) {
			d.Subsystem = &pci.ID{Vendor: uint16(v), Device: uint16(s)}
		}
	}
	return ok1 && ok2 && ok3
}

// fromAlias reads an alias such as
// pci:v000010DEd00002C05sv00001043sd00008A11bc03sc00i00.
func (d *Device) fromAlias(alias string) bool {
	const form = "pci:v........d........sv........sd........bc..sc..i.."
	if len(alias) != len(form) {
		return false
	}
	ok := true
	field := func(at, digits, bits int) uint64 {
		n, err := strconv.ParseUint(alias[at:at+digits], 16, bits)
		ok = ok && err == nil
		return n
	}
	for i := range len(form) {
		ok = ok && (form[i] == '.' || form[i] == alias[i])
	}
	vendor, device := field(5, 8, 16), field(14, 8, 16)
	subVendor, subDevice := field(24, 8, 16), field(34, 8, 16)
	class := field(44, 2, 8)<<16 | field(48, 2, 8)<<8 | field(51, 2, 8)
	if !ok {
		return false
	}
	d.Vendor, d.Device, d.Class = Word(vendor), Word(device), pci.Class(class)
	if subVendor != 0 || subDevice != 0 {
		d.Subsystem = &pci.ID{Vendor: uint16(subVendor), Device: uint16(subDevice)}
	}
	return true
}

// bars reads the windows of a graphics card that are of 64 MiB or more. Readers
// without privileges may be shown zeros.
func bars(dir *tree) []BAR {
	text, ok := dir.text("resource")
	if !ok {
		return nil
	}
	var found []BAR
	for i, line := range strings.Split(text, "\n") {
		fields := strings.Fields(line)
		if i > 5 || len(fields) != 3 {
			break
		}
		start, err1 := strconv.ParseUint(fields[0], 0, 64)
		end, err2 := strconv.ParseUint(fields[1], 0, 64)
		if err1 != nil || err2 != nil || end <= start || end-start < 64<<20-1 {
			continue
		}
		found = append(found, BAR{i, (end-start)>>20 + 1, dir.exists("resource" + strconv.Itoa(i) + "_resize")})
	}
	return found
}

// iommu reads the units and groups.
func (r *reader) iommu() {
	u := &r.m.IOMMU
	if units, ok := r.sys.list("class/iommu"); ok {
		u.Units = append([]string{}, units...)
	}
	if tables, ok := r.sys.list("firmware/acpi/tables"); ok {
		u.ACPI.Known = true
		for _, name := range []string{"IVRS", "DMAR"} {
			if slices.Contains(tables, name) {
				u.ACPI.Name = name
			}
		}
	}
	groups := r.sys.sub("kernel/iommu_groups")
	if groups == nil {
		return
	}
	defer groups.close()
	u.Groups = Numbered[Group]{}
	names, _ := groups.list(".")
	for _, name := range names {
		n, err := strconv.Atoi(name)
		if err != nil || n < 0 {
			groups.notes.add(groups.path(name), "is not the number of an IOMMU group")
			continue
		}
		g := Group{Devices: []pci.Addr{}}
		members, _ := groups.list(name + "/devices")
		for _, member := range members {
			// Devices of other buses may be members too.
			if a, err := pci.ParseAddr(member); err == nil {
				g.Devices = append(g.Devices, a)
			}
		}
		slices.SortFunc(g.Devices, pci.Addr.Compare)
		g.Type, _ = groups.text(name + "/type")
		if text, ok := groups.text(name + "/reserved_regions"); ok {
			g.Reserved = regions(text)
		}
		u.Groups[n] = g
	}
	r.joinGroups()
}

// joinGroups makes groups and devices agree where a file of one of them could
// not be read.
func (r *reader) joinGroups() {
	member := map[pci.Addr]int{}
	for n, g := range r.m.IOMMU.Groups {
		for _, a := range g.Devices {
			member[a] = n
		}
	}
	for i := range r.m.PCI {
		d := &r.m.PCI[i]
		n, listed := member[d.Address]
		switch {
		case listed && (d.IOMMUGroup == nil || *d.IOMMUGroup != n):
			d.IOMMUGroup = &n
		case !listed && d.IOMMUGroup != nil:
			g := r.m.IOMMU.Groups[*d.IOMMUGroup]
			g.Devices = append(g.Devices, d.Address)
			slices.SortFunc(g.Devices, pci.Addr.Compare)
			r.m.IOMMU.Groups[*d.IOMMUGroup] = g
		}
	}
}

// regions parses reserved regions. Every group has the ones for interrupts.
func regions(text string) []Region {
	var found []Region
	for line := range strings.SplitSeq(text, "\n") {
		if f := strings.Fields(line); len(f) == 3 && f[2] != "msi" {
			found = append(found, Region{f[0], f[1], f[2]})
		}
	}
	return found
}
