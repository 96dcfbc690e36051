package claims

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/vfio"
)

// guestParts are attributes of which a set that describes a guest has some.
var guestParts = []string{
	"memory", "ram", "mem", "vcpu", "vcpus", "cpu", "cpus", "cputune", "devices", "hostdevs", "gpu", "vfio", "hugepages", "pcidevices",
}

// guest reads the description of a guest, nil if it is none or switched off.
// Schemas differ: those that follow libvirt, such as NixVirt's, and those of
// repositories, which name things in their own ways.
func (r *reader) guest(name string, c cursor) *vfio.VM {
	parts := 0
	for _, p := range guestParts {
		if _, ok := c.in(p); ok {
			parts++
		}
	}
	if parts < 2 || c.off() {
		return nil
	}
	vm := &vfio.VM{Name: name, Autostart: c.flag("autostart", "autostart.enable", "startonboot")}
	if s := r.at(c.at); s != nil {
		vm.Source = *s
	}
	c.memory(vm)
	c.processors(vm)
	c.pins(vm)
	c.devices(vm)
	c.display(vm)
	c.links(vm)
	return vm
}

// sizeText matches an amount of memory with its unit.
var sizeText = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d+)\s*([KMGT]i?B?)$`) })

// memory reads how much there is and what pages it is made of.
func (c cursor) memory(vm *vfio.VM) {
	if m, ok := c.first("memory", "ram", "mem", "memorymib", "memorymb"); ok {
		switch v := m.v.(type) {
		case eval.Int:
			// A repository's own option: in MiB, or it would be a strange guest.
			if v >= 256 {
				f := fact(c.r, vfio.Size{N: uint64(v), Unit: "MiB"}, m.source(), false)
				vm.Memory = &f
			}
		case eval.String:
			if parts := sizeText().FindStringSubmatch(string(v)); parts != nil {
				n, _ := strconv.ParseUint(parts[1], 10, 64)
				f := fact(c.r, vfio.Size{N: n, Unit: parts[2]}, m.source(), false)
				f.Value.Unit = longUnit(parts[2])
				vm.Memory = &f
			}
		case *eval.Attrs:
			n, ok := m.first("amount", "count", "value")
			unit := m.text("unit")
			if amount, isInt := n.v.(eval.Int); ok && isInt && amount >= 0 && unit != nil {
				f := fact(c.r, vfio.Size{N: uint64(amount), Unit: unit.Value}, n.source(), false)
				vm.Memory = &f
			}
		}
	}
	h, ok := c.first("hugepages", "memory.hugepages", "memorybacking.hugepages")
	if !ok {
		return
	}
	switch h.v.(type) {
	case eval.Bool:
		vm.Hugepages = &vfio.VMHugepages{Enabled: as(h, true, asBool)}
	case *eval.Attrs:
		pages := &vfio.VMHugepages{Enabled: h.flag("enable", "enabled"), Count: h.number("count", "pages")}
		if size, ok := h.first("size", "pagesize"); ok {
			text := ""
			switch v := size.v.(type) {
			case eval.String:
				text = string(v)
			case eval.Int:
				text = map[eval.Int]string{1: "1G", 2: "2M"}[v]
			}
			if text != "" {
				f := fact(c.r, text, size.source(), false)
				pages.PageSize = &f
			}
		}
		if pages.Enabled == nil {
			f := fact(c.r, true, h.source(), false)
			pages.Enabled = &f
		}
		vm.Hugepages = pages
	}
	if vm.Hugepages != nil && vm.Hugepages.Enabled != nil && !vm.Hugepages.Enabled.Value {
		vm.Hugepages = nil
	}
}

// longUnit writes a unit as libvirt does: its G is what people call GiB.
func longUnit(unit string) string {
	if len(unit) == 1 {
		return unit + "iB"
	}
	return unit
}

func (c cursor) processors(vm *vfio.VM) {
	vm.VCPUs = c.number("vcpus", "vcpu.count", "vcpu", "cpu.count", "cpus")
	t := &vm.Topology
	for name, to := range map[string]**vfio.Fact[int]{
		"sockets": &t.Sockets, "dies": &t.Dies, "clusters": &t.Clusters, "cores": &t.Cores, "threads": &t.Threads,
	} {
		*to = c.number("cpu.topology."+name, "cpu."+name)
	}
	vm.CPUFeatures.Complete = true
	if list, ok := c.first("cpu.feature", "cpu.features"); ok {
		features, whole := list.elements()
		vm.CPUFeatures.Complete = whole
		for _, x := range features {
			name, policy := x.text("name"), x.text("policy")
			if name != nil && policy != nil {
				vm.CPUFeatures.Facts = append(vm.CPUFeatures.Facts,
					fact(c.r, vfio.CPUFeature{Name: name.Value, Policy: policy.Value}, x.source(), false))
			}
		}
	}
}

// pins reads which processors of the host the guest's are tied to.
func (c cursor) pins(vm *vfio.VM) {
	vm.EmulatorPin = c.text("cputune.emulatorpin.cpuset", "cpu.pinning.emulatorcpus", "cpu.pinning.emulator", "cpu.pinning.emulatorpin", "pinning.emulator")
	if list, ok := c.first("cputune.iothreadpin"); ok {
		pins, _ := list.elements()
		for _, x := range pins {
			if set := x.text("cpuset"); set != nil {
				vm.IOThreadPins.Facts = append(vm.IOThreadPins.Facts, *set)
			}
		}
	}
	if list, ok := c.first("cputune.vcpupin"); ok {
		pins, whole := list.elements()
		vm.Pins.Complete = whole
		for _, x := range pins {
			n, ok := x.first("vcpu")
			vcpu, isInt := n.v.(eval.Int)
			set := x.text("cpuset")
			if !ok || !isInt || set == nil {
				vm.Pins.Complete = false
				continue
			}
			vm.Pins.Facts = append(vm.Pins.Facts, vfio.Fact[vfio.Pin]{
				Value: vfio.Pin{VCPU: int(vcpu), CPUs: set.Value}, Source: set.Source, Comment: set.Comment,
			})
		}
		return
	}
	pinning, ok := c.first("cpu.pinning", "pinning", "cpupinning")
	if !ok || pinning.off() {
		vm.Pins.Complete = ok
		if pinning.v != nil && pinning.off() {
			vm.EmulatorPin = nil
		}
		return
	}
	list := pinning
	if _, isList := pinning.v.(*eval.List); !isList {
		list, _ = pinning.first("cpus", "vcpus", "pins", "cores")
	}
	if list.v != nil {
		pins, whole := list.elements()
		vm.Pins.Complete = whole
		for i, x := range pins {
			text := ""
			switch v := x.v.(type) {
			case eval.Int:
				text = strconv.FormatInt(int64(v), 10)
			case eval.String:
				text = string(v)
			default:
				vm.Pins.Complete = false
				continue
			}
			source := x.source()
			if whole := list.source(); source != nil && whole != nil && !source.Literal {
				source = whole // a function has made it
			}
			vm.Pins.Facts = append(vm.Pins.Facts, fact(c.r, vfio.Pin{VCPU: i, CPUs: text}, source, false))
		}
		return
	}
	// One after the other from a first one on.
	start, ok := pinning.first("startcpu", "firstcpu", "start")
	first, isInt := start.v.(eval.Int)
	if ok && isInt && vm.VCPUs != nil && vm.VCPUs.Value <= maxPins {
		vm.Pins.Complete = true
		at := start.source()
		if at != nil {
			at.Literal = false
		}
		for i := range vm.VCPUs.Value {
			text := strconv.Itoa(int(first) + i)
			vm.Pins.Facts = append(vm.Pins.Facts, fact(c.r, vfio.Pin{VCPU: i, CPUs: text}, at, false))
		}
	}
}

const maxPins = 1024

// display reads the memory that Looking Glass shares.
func (c cursor) display(vm *vfio.VM) {
	if list, ok := c.first("devices.shmem", "shmem"); ok {
		all, _ := list.elements()
		for _, x := range all {
			name, n, unit := x.text("name"), x.number("size.amount", "size.count", "size.value", "size"), x.text("size.unit", "unit")
			if name == nil || n == nil || !strings.Contains(name.Value, "looking") {
				continue
			}
			if unit == nil || unit.Value != "M" && unit.Value != "MiB" {
				n = nil
			}
			path := *name
			path.Value = "/dev/shm/" + name.Value
			if s, ok := path.Source.(Source); ok {
				s.Literal = false
				path.Source = s
			}
			vm.Shmem = &vfio.Shmem{Path: &path, MiB: n}
		}
		return
	}
	if lg, ok := c.first("lookingglass"); ok && !lg.off() {
		if n := lg.number("size", "shmsize", "memory"); n != nil {
			vm.Shmem = &vfio.Shmem{Path: lg.text("path", "shmpath", "file"), MiB: n, Resolution: lg.text("resolution")}
		}
	}
}

// links reads the network cards.
func (c cursor) links(vm *vfio.VM) {
	add := func(kind, link string, at *Source) {
		vm.NICs.Facts = append(vm.NICs.Facts, fact(c.r, vfio.NIC{Type: kind, Interface: link}, at, false))
	}
	if list, ok := c.first("devices.interfaces", "devices.interface"); ok {
		all, whole := list.elements()
		if set, ok := list.v.(*eval.Attrs); ok {
			all, whole = []cursor{list}, set.Rest == nil
		}
		vm.NICs.Complete = whole
		for _, x := range all {
			kind, link := x.text("type"), x.text("source.bridge", "source.dev")
			switch {
			case kind == nil:
				vm.NICs.Complete = false
			case kind.Value == "direct" && link != nil:
				add("macvtap", link.Value, x.source())
			case link != nil:
				add(kind.Value, link.Value, x.source())
			default:
				add(kind.Value, "", x.source())
			}
		}
		return
	}
	n, ok := c.first("network")
	if !ok {
		return
	}
	kind := n.text("type", "mode")
	if kind == nil {
		return
	}
	vm.NICs.Complete = true
	link := n.text("interface", "device")
	if kind.Value == "bridge" && (link == nil || link.Value == "") {
		link = n.text("bridge")
	}
	if link == nil {
		link = &vfio.Fact[string]{Source: kind.Source}
	}
	if s, ok := link.Source.(Source); ok {
		add(kind.Value, link.Value, &s)
	} else {
		add(kind.Value, link.Value, nil)
	}
}
