package vfio

import (
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/vfio/cpuset"
	"github.com/nixlint/nixlint/vfio/kernel"
	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

// view is what a context claims, parsed.
type view struct {
	ctx *Context
	// elsewhere is set if another context keeps devices for guests.
	elsewhere bool

	params   []param
	modprobe []modprobeText
	udev     []udevText
	bindings []binding
	vms      []vm
}

// param is a kernel parameter and the fact that has it.
type param struct {
	kernel.Param
	ref
	// alone is set if the fact has no other parameter.
	alone bool
	text  string // of the whole fact
}

type modprobeText struct {
	*kernel.Modprobe
	ref
	text string
}

type udevText struct {
	rules []kernel.UdevRule
	ref
	text string
}

// binding is what keeps devices for guests.
type binding struct {
	ref
	origin  string // "vfio-pci.ids", "extraModprobeConfig", "driver_override"
	text    string // of this id or address
	whole   string // of the fact
	byID    bool
	pattern pci.Pattern
	addr    pci.Addr
}

// vm is a machine with its parts parsed. What cannot be parsed is left out
// here; the checks of formats speak of it.
type vm struct {
	*VM
	devices []hostdev
	pins    []pin
	memory  uint64 // bytes, 0 if unknown
}

type hostdev struct {
	*Hostdev
	ref        // of the address if there is one
	role       Role
	addr       pci.Addr
	hasAddr    bool
	id         pci.ID
	hasID      bool
	addressRef ref
}

type pin struct {
	vcpu int
	text string
	cpus cpuset.Set
	ref
}

func newView(c *Context, facts *machine.Machine) *view {
	v := &view{ctx: c}
	for i := range c.Params.Facts {
		f := &c.Params.Facts[i]
		all := kernel.ParseCmdline(f.Value)
		for _, p := range all {
			v.params = append(v.params, param{p, f.ref(), len(all) == 1, f.Value})
		}
	}
	for i := range c.Modprobe.Facts {
		f := &c.Modprobe.Facts[i]
		v.modprobe = append(v.modprobe, modprobeText{kernel.ParseModprobe(f.Value), f.ref(), f.Value})
	}
	for i := range c.Udev.Facts {
		f := &c.Udev.Facts[i]
		v.udev = append(v.udev, udevText{kernel.ParseUdev(f.Value), f.ref(), f.Value})
	}
	v.bind()
	for i := range c.VMs {
		v.vms = append(v.vms, newVM(&c.VMs[i], facts))
	}
	return v
}

// bind collects what keeps devices for guests. The last `vfio-pci.ids` wins.
func (v *view) bind() {
	if p := v.lastParam("vfio-pci.ids"); p != nil {
		v.bindIDs(p.ref, "vfio-pci.ids", p.Value, p.text)
	}
	for _, m := range v.modprobe {
		for _, o := range m.Options {
			for _, p := range o.Params {
				if kernel.SameName(o.Module, "vfio-pci") && p.Name == "ids" {
					v.bindIDs(m.ref, "extraModprobeConfig", p.Value, m.text)
				}
			}
		}
	}
	for _, u := range v.udev {
		for _, r := range u.rules {
			driver, ok := r.Set("ATTR", "driver_override")
			if !ok || !vfioDriver(driver) {
				continue
			}
			for _, key := range []string{"KERNEL", "KERNELS"} {
				if name, ok := r.Match(key, ""); ok {
					if a, _, err := pci.Detect(name); err == nil {
						v.bindings = append(v.bindings, binding{ref: u.ref, origin: "driver_override", text: name, whole: u.text, addr: a})
					}
				}
			}
			vendor, ok1 := r.Match("ATTR", "vendor")
			device, ok2 := r.Match("ATTR", "device")
			if ok1 && ok2 {
				text := strings.TrimPrefix(vendor, "0x") + ":" + strings.TrimPrefix(device, "0x")
				v.bindIDs(u.ref, "driver_override", text, u.text)
			}
		}
	}
	for i := range v.ctx.Scripts.Facts {
		f := &v.ctx.Scripts.Facts[i]
		if !strings.Contains(f.Value, "driver_override") && !strings.Contains(f.Value, "vfio") {
			continue
		}
		for _, a := range addressesIn(f.Value) {
			v.bindings = append(v.bindings, binding{ref: f.ref(), origin: "driver_override", text: a.String(), whole: f.Value, addr: a})
		}
	}
}

func (v *view) bindIDs(r ref, origin, list, whole string) {
	for text := range strings.SplitSeq(list, ",") {
		p, err := pci.ParsePattern(strings.TrimSpace(strings.ReplaceAll(text, "0x", "")))
		if err == nil {
			v.bindings = append(v.bindings, binding{ref: r, origin: origin, text: strings.TrimSpace(text), whole: whole, byID: true, pattern: p})
		}
	}
}

// vfioDriver tells whether a driver gives devices to guests.
func vfioDriver(name string) bool {
	name = kernel.ModuleName(name)
	return name == "vfio_pci" || name == "pci_stub" || strings.HasSuffix(name, "_vfio_pci")
}

// addressesIn finds addresses with a domain in a text.
func addressesIn(text string) []pci.Addr {
	var found []pci.Addr
	words := strings.FieldsFunc(text, func(r rune) bool {
		return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'f' || r >= 'A' && r <= 'F' || r == ':' || r == '.')
	})
	for _, w := range words {
		if a, n, err := pci.Detect(w); err == nil && n == pci.Sysfs && !slices.Contains(found, a) {
			found = append(found, a)
		}
	}
	return found
}

// guessRole tells what a device is for if the configuration does not: by what
// the machine has there, or by its maker, since the first function of what
// NVIDIA and ATI make is a graphics card.
func guessRole(h *hostdev, facts *machine.Machine) Role {
	if !h.hasAddr {
		return OtherDevice
	}
	if facts != nil {
		d := facts.Find(h.addr)
		switch {
		case d == nil || d.Class.Bridge():
			return OtherDevice
		case d.Class.Display():
			return GPU
		}
		for _, s := range facts.Siblings(d) {
			if s.Class.Display() && s.Vendor == d.Vendor {
				if d.Class.Is(pci.ClassHDAudio) {
					return GPUAudio
				}
				return GPUOther
			}
		}
		return OtherDevice
	}
	if !h.hasID || h.id.Vendor != pci.VendorNVIDIA && h.id.Vendor != pci.VendorATI {
		return OtherDevice
	}
	switch h.addr.Function {
	case 0:
		return GPU
	case 1:
		return GPUAudio
	}
	return GPUOther
}

func newVM(m *VM, facts *machine.Machine) vm {
	v := vm{VM: m}
	if m.Memory != nil {
		v.memory, _ = m.Memory.Value.Bytes()
	}
	for i := range m.Hostdevs.Facts {
		f := &m.Hostdevs.Facts[i]
		h := hostdev{Hostdev: &f.Value, ref: f.ref(), role: f.Value.Role}
		var err error
		switch {
		case f.Value.Address != nil:
			h.addr, _, err = pci.Detect(f.Value.Address.Value)
			h.hasAddr, h.addressRef = err == nil, f.Value.Address.ref()
		case f.Value.Libvirt != nil:
			a := f.Value.Libvirt
			h.addr, err = pci.ParseLibvirt(text(a.Domain), text(a.Bus), text(a.Slot), text(a.Function))
			h.hasAddr = err == nil
			if a.Bus != nil {
				h.addressRef = a.Bus.ref()
			}
		}
		if h.addressRef.source != nil {
			h.ref = h.addressRef
			h.ref.maybe = h.ref.maybe || f.Maybe
		}
		if f.Value.ID != nil {
			if p, err := pci.ParsePattern(f.Value.ID.Value); err == nil {
				h.id, h.hasID = p.ID, true
			}
		}
		if h.role == OtherDevice {
			h.role = guessRole(&h, facts)
		}
		v.devices = append(v.devices, h)
	}
	for i := range m.Pins.Facts {
		f := &m.Pins.Facts[i]
		if set, err := cpuset.Parse(f.Value.CPUs); err == nil && !set.Empty() {
			v.pins = append(v.pins, pin{f.Value.VCPU, f.Value.CPUs, set, f.ref()})
		}
	}
	return v
}

// text returns the value of a fact, "" if there is none.
func text(f *Fact[string]) string {
	if f == nil {
		return ""
	}
	return f.Value
}

// pinned returns all processors that the guest's are pinned to.
func (v *vm) pinned() cpuset.Set {
	var s cpuset.Set
	for _, p := range v.pins {
		s = s.Or(p.cpus)
	}
	return s
}

// emulator returns the processors of QEMU's own threads.
func (v *vm) emulator() (cpuset.Set, bool) {
	if v.EmulatorPin == nil {
		return cpuset.Set{}, false
	}
	s, err := cpuset.Parse(v.EmulatorPin.Value)
	return s, err == nil && !s.Empty()
}

// ref is the machine as a whole.
func (v *vm) self() ref { return ref{source: v.Source} }

// passesGPU tells whether the guest gets a graphics card.
func (v *vm) passesGPU() bool {
	for i := range v.devices {
		if v.devices[i].role == GPU {
			return true
		}
	}
	return false
}

// lastParam returns the parameter that wins, or nil.
func (v *view) lastParam(name string) *param {
	for i := len(v.params) - 1; i >= 0; i-- {
		if v.params[i].Is(name) {
			return &v.params[i]
		}
	}
	return nil
}

// binds returns what keeps a device for guests, or nil. Bindings by id match
// by what the machine has there.
func (v *view) binds(d *machine.Device) *binding {
	for i := range v.bindings {
		b := &v.bindings[i]
		if b.byID && b.pattern.Match(d.ID(), d.SubsystemID(), d.Class) || !b.byID && b.addr == d.Address {
			return b
		}
	}
	return nil
}

// bindingsKnown tells whether all that could bind devices is known.
func (v *view) bindingsKnown() bool {
	return v.ctx.Params.Complete && v.ctx.Modprobe.Complete && v.ctx.Udev.Complete
}

// passed returns the device of a guest at an address, or nil.
func (v *view) passed(a pci.Addr) (*vm, *hostdev) {
	for i := range v.vms {
		for k := range v.vms[i].devices {
			if h := &v.vms[i].devices[k]; h.hasAddr && h.addr == a {
				return &v.vms[i], h
			}
		}
	}
	return nil, nil
}

// loads returns the fact by which a module is loaded: in the initrd, later, or
// by the order of a softdep.
func (v *view) loads(module string) (early, late *Fact[string]) {
	return find(v.ctx.InitrdModules, module), find(v.ctx.Modules, module)
}

// find returns the fact that names a module.
func find(l List[string], module string) *Fact[string] {
	for i := range l.Facts {
		if kernel.SameName(l.Facts[i].Value, module) {
			return &l.Facts[i]
		}
	}
	return nil
}

// softdep tells whether a module certainly waits for another.
func (v *view) softdep(module, first string) bool {
	for _, m := range v.modprobe {
		for _, s := range m.Softdeps {
			if !kernel.SameName(s.Module, module) {
				continue
			}
			for _, pre := range s.Pre {
				if kernel.SameName(pre, first) {
					return true
				}
			}
		}
	}
	return false
}

// blacklisted returns the fact that keeps a driver from being loaded by
// itself: in the option, in modprobe's configuration or on the command line.
func (v *view) blacklisted(driver string) (ref, bool) {
	if f := find(v.ctx.Blacklist, driver); f != nil {
		return f.ref(), true
	}
	for _, m := range v.modprobe {
		for _, b := range m.Blacklist {
			if kernel.SameName(b.Module, driver) {
				return m.ref, true
			}
		}
		for _, i := range m.Install {
			command, _, _ := strings.Cut(i.Command, " ")
			if kernel.SameName(i.Module, driver) && path.Base(command) == "false" {
				return m.ref, true
			}
		}
	}
	for _, p := range v.params {
		if !p.Is("modprobe.blacklist") && !p.Is("module_blacklist") {
			continue
		}
		for name := range strings.SplitSeq(p.Value, ",") {
			if kernel.SameName(name, driver) {
				return p.ref, true
			}
		}
	}
	return ref{}, false
}

// mode tells whether the context keeps devices for guests.
type mode uint8

const (
	vfioUnknown mode = iota
	vfioOff
	vfioOn
)

// vfio tells whether the context keeps devices for guests: by the option for
// that, or by what binds them.
func (v *view) vfio() mode {
	if on, ok := v.ctx.VFIO.value(); ok {
		if on {
			return vfioOn
		}
		return vfioOff
	}
	for _, b := range v.bindings {
		if !b.maybe {
			return vfioOn
		}
	}
	// A host that keeps devices in one entry and not in another has two modes.
	// One that never does may let libvirt bind them.
	if v.ctx.VFIO == nil && v.elsewhere && v.bindingsKnown() && v.ctx.Scripts.Complete {
		return vfioOff
	}
	return vfioUnknown
}

// hooks tells whether devices may change hands when guests start.
func (v *view) hooks() bool { return v.ctx.Hooks != nil && v.ctx.Hooks.Value }

// nvidiaDriver tells whether the host's NVIDIA driver is in use in the
// context, and by which fact.
func (v *view) nvidiaDriver() (ref, bool) {
	for i := range v.ctx.VideoDrivers.Facts {
		if f := &v.ctx.VideoDrivers.Facts[i]; f.Value == "nvidia" {
			return f.ref(), true
		}
	}
	return ref{}, false
}
