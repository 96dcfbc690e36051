package vfio

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/vfio/kernel"
	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

var sharingChecks = []Check{
	{
		Name: "vfio-device-used-twice", Severity: Error,
		Summary: "device that the host and a guest, or two guests, are to have",
		Why: "A device belongs to one at a time. Guests that never run together may share one; scripts that take the card " +
			"from the host when the guest starts are a known way, too.",
		Bad:  "hardware.nvidia.prime.nvidiaBusId = \"PCI:1:0:0\";\nvirtualisation.vms.win11.vfio.devices.gpu.address = \"0000:01:00.0\";",
		Good: "# the guest is defined only where `modules.vfio.enable` is set",
		run:  checkUsedTwice,
	},
	{
		Name: "vfio-host-driver-leftovers", Severity: Warning,
		Summary: "settings that still expect the card which the boot entry gives away",
		Why:     "Where the NVIDIA card belongs to a guest, PRIME, CUDA services and variables such as `LIBVA_DRIVER_NAME=nvidia` make programs fail. Silent if another NVIDIA card stays with the host.",
		Bad:     "environment.sessionVariables.LIBVA_DRIVER_NAME = \"nvidia\";",
		Good:    "environment.sessionVariables = lib.mkIf (!config.modules.vfio.enable) { LIBVA_DRIVER_NAME = \"nvidia\"; };",
		run:     checkLeftovers,
	},
	{
		Name: "vm-autostart-needs-vfio", Severity: Warning,
		Summary: "guest with a graphics card that starts by itself where the host has the card",
		Why:     "The start fails, or takes the card from the running desktop.",
		Bad:     "virtualisation.vms.win11.autostart = true;",
		Good:    "virtualisation.vms.win11.autostart = config.modules.vfio.enable;",
		run:     checkAutostart,
	},
	{
		Name: "vfio-host-driver-bound", Severity: Warning, Needs: Running,
		Summary: "device for guests that a driver of the host has",
		Why:     "The running system was started with this boot entry, and the device is not kept for guests. Silent about devices that libvirt binds itself.",
		Bad:     "boot.kernelParams = [ \"vfio-pci.ids=10de:2c05\" ]; # its sound is held by snd_hda_intel",
		Good:    "boot.kernelParams = [ \"vfio-pci.ids=10de:2c05,10de:22e9\" ];",
		run:     checkHostDriver,
	},
	{
		Name: "vfio-no-host-gpu-left", Severity: Warning, Needs: Hardware,
		Summary: "no graphics card is left to the host",
		Why:     "All cards go to guests, or their drivers are blacklisted. A server does well without, a desktop does not. The display of a management controller counts as one.",
		Bad:     "boot.blacklistedKernelModules = [ \"amdgpu\" ]; # also the driver of the integrated graphics",
		Good:    "boot.kernelParams = [ \"vfio-pci.ids=1002:744c,1002:ab30\" ];",
		run:     checkHostGPU,
	},
}

func checkUsedTwice(p *pass) {
	p.usedByPRIME()
	p.usedByDriver()
	type use struct {
		vm *vm
		h  *hostdev
	}
	first := map[pci.Addr]use{}
	for i := range p.view.vms {
		vm := &p.view.vms[i]
		for k := range vm.devices {
			h := &vm.devices[k]
			if !h.hasAddr {
				continue
			}
			u, used := first[h.addr]
			switch {
			case !used:
				first[h.addr] = use{vm, h}
			case u.vm == vm:
				p.report(h.ref, Error, fmt.Sprintf("`%s` gets `%s` twice", vm.Name, h.addr), "").related(u.h.ref, "listed here first")
			default:
				s, help := Info, "they cannot run together"
				if is(vm.Autostart, true) && is(u.vm.Autostart, true) {
					s, help = Error, "both start by themselves"
				}
				p.report(h.ref, s, fmt.Sprintf("`%s` and `%s` both get `%s`", u.vm.Name, vm.Name, h.addr), help).related(u.h.ref, "passed to `"+u.vm.Name+"`")
			}
		}
	}
}

// usedByPRIME reports cards that PRIME uses in an entry that keeps them for
// guests.
func (p *pass) usedByPRIME() {
	n := &p.ctx.NVIDIA
	sync := is(n.Sync, true) || is(n.ReverseSync, true)
	if !sync && !is(n.Offload, true) || p.view.vfio() != vfioOn || p.view.hooks() {
		return
	}
	for _, id := range n.busIDs() {
		a, err := pci.ParseBusID(id.fact.Value)
		if err != nil {
			continue
		}
		b := p.keeps(a)
		if b == nil {
			continue
		}
		s := Warning
		if sync {
			s = Error // the X server needs both cards
		}
		p.report(id.fact.ref(), s, fmt.Sprintf("PRIME uses `%s` (%s), which this boot entry keeps for guests", id.fact.Value, a.Short()),
			"switch PRIME off in the boot entry for guests").related(b.ref, "kept for guests")
	}
}

// keeps returns what keeps the device at an address for guests.
func (p *pass) keeps(a pci.Addr) *binding {
	for i := range p.view.bindings {
		if b := &p.view.bindings[i]; !b.byID && b.addr == a {
			return b
		}
	}
	if p.m != nil {
		if d := p.m.Find(a); d != nil {
			return p.view.binds(d)
		}
	}
	if _, h := p.view.passed(a); h != nil && h.hasID {
		for i := range p.view.bindings {
			if b := &p.view.bindings[i]; b.byID && b.pattern.ID == h.id {
				return b
			}
		}
	}
	return nil
}

// usedByDriver reports guests whose card the host's driver has.
func (p *pass) usedByDriver() {
	driver, ok := p.view.nvidiaDriver()
	if !ok || p.view.vfio() != vfioOff {
		return
	}
	for i := range p.view.vms {
		vm := &p.view.vms[i]
		for k := range vm.devices {
			h := &vm.devices[k]
			if h.role != GPU || !p.isNVIDIA(h) || is(vm.Autostart, true) {
				continue // vm-autostart-needs-vfio
			}
			s, help := Warning, "define the guest only in the boot entry that keeps the card for it"
			if p.view.hooks() {
				s, help = Info, "scripts may take the card from the host"
			}
			p.report(h.ref, s, fmt.Sprintf("`%s` can be started in a boot entry where the host's nvidia driver has its card", vm.Name), help).
				related(driver, "the host's driver")
		}
	}
}

func (p *pass) isNVIDIA(h *hostdev) bool {
	if h.hasID {
		return h.id.Vendor == pci.VendorNVIDIA
	}
	if p.m != nil && h.hasAddr {
		d := p.m.Find(h.addr)
		return d != nil && uint16(d.Vendor) == pci.VendorNVIDIA
	}
	return false
}

func checkLeftovers(p *pass) {
	if p.view.vfio() != vfioOn || p.view.hooks() || !slices.Contains(p.passedVendors(), pci.VendorNVIDIA) {
		return
	}
	s := Info
	if p.m != nil {
		s = Warning
		for i := range p.m.PCI {
			d := &p.m.PCI[i]
			if _, h := p.view.passed(d.Address); h == nil && d.Class.Display() && uint16(d.Vendor) == pci.VendorNVIDIA && p.view.binds(d) == nil {
				return // the host has another one
			}
		}
	}
	left := p.leftovers()
	if len(left) == 0 {
		return
	}
	var names []string
	for _, l := range left {
		names = append(names, "`"+l.text+"`")
	}
	f := p.report(left[0].ref, s, "this boot entry gives the NVIDIA card away, and "+list(names)+" still "+verb(len(names))+" it", "set them only where the host has the card")
	for _, l := range left[1:] {
		f.related(l.ref, "`"+l.text+"`")
	}
}

func verb(n int) string {
	if n == 1 {
		return "expects"
	}
	return "expect"
}

// nvidiaVariables are environment variables that send programs to the NVIDIA
// driver.
var nvidiaVariables = map[string]string{
	"LIBVA_DRIVER_NAME": "nvidia", "GBM_BACKEND": "nvidia-drm", "__GLX_VENDOR_LIBRARY_NAME": "nvidia",
	"VDPAU_DRIVER": "nvidia", "__NV_PRIME_RENDER_OFFLOAD": "1",
}

type leftover struct {
	ref
	text string
}

func (p *pass) leftovers() []leftover {
	var left []leftover
	if _, blacklisted := p.view.blacklisted("nvidia"); blacklisted {
		if r, ok := p.view.nvidiaDriver(); ok && !r.maybe {
			left = append(left, leftover{r, "services.xserver.videoDrivers"})
		}
	}
	n := &p.ctx.NVIDIA
	for _, o := range []struct {
		f    *Fact[bool]
		name string
	}{{n.Offload, "prime.offload"}, {n.Sync, "prime.sync"}, {n.ReverseSync, "prime.reverseSync"}} {
		if is(o.f, true) {
			left = append(left, leftover{o.f.ref(), o.name})
		}
	}
	for i := range p.ctx.GPUUsers.Facts {
		if f := &p.ctx.GPUUsers.Facts[i]; f.Value.Vendor == pci.VendorNVIDIA && !f.Maybe {
			left = append(left, leftover{f.ref(), f.Value.What})
		}
	}
	for i := range p.ctx.Environment.Facts {
		f := &p.ctx.Environment.Facts[i]
		if want := nvidiaVariables[f.Value.Name]; want != "" && f.Value.Value == want && !f.Maybe {
			left = append(left, leftover{f.ref(), f.Value.Name + "=" + f.Value.Value})
		}
	}
	for i := range p.view.params {
		if q := &p.view.params[i]; !q.maybe && strings.HasPrefix(kernel.ModuleName(q.Name), "nvidia_drm.") {
			left = append(left, leftover{q.ref, q.Param.String()})
		}
	}
	return left
}

func checkAutostart(p *pass) {
	if p.view.vfio() != vfioOff || p.view.hooks() {
		return
	}
	for i := range p.view.vms {
		vm := &p.view.vms[i]
		if is(vm.Autostart, true) && vm.passesGPU() {
			p.report(vm.Autostart.ref(), Warning, fmt.Sprintf("`%s` starts by itself in a boot entry that leaves its graphics card to the host", vm.Name),
				"start it only where the card is kept for it")
		}
	}
}

func checkHostDriver(p *pass) {
	if p.view.vfio() != vfioOn || p.view.hooks() {
		return
	}
	for _, g := range p.guestDevices() {
		driver, known := g.d.Driver()
		if !known || driver == "" || vfioDriver(driver) || g.d.Class.Bridge() {
			continue
		}
		b := p.view.binds(g.d)
		if b == nil && (is(g.h.Managed, true) || !p.view.bindingsKnown() || g.h.role == OtherDevice && g.h.Managed == nil) {
			continue
		}
		f := p.report(g.ref, Warning, fmt.Sprintf("%s is for `%s`, and %s has it", p.describe(g.d), g.vm.Name, driver), "")
		f.Devices = []pci.Addr{g.addr}
		early, _ := p.view.loads("vfio-pci")
		switch loaded := find(p.ctx.InitrdModules, driver); {
		case b == nil:
			f.Help = fmt.Sprintf("nothing keeps `%s` from the host: add it to `vfio-pci.ids`", g.d.ID())
		case b.origin == "vfio-pci.ids" && p.m.Cmdline != nil && !p.cmdlineHas("vfio-pci.ids"):
			f.Help = "the running system was started without `vfio-pci.ids`: rebuild and start again"
		case early == nil:
			f.Help = "vfio-pci is not loaded in the initrd, and the driver comes first"
		case loaded != nil && !p.view.softdep(driver, "vfio-pci"):
			f.Help = fmt.Sprintf("the initrd loads `%s` first: add `softdep %s pre: vfio-pci` to boot.extraModprobeConfig", loaded.Value, driver)
		default:
			f.Help = "rebuild and start again"
		}
	}
}

func checkHostGPU(p *pass) {
	if p.view.vfio() != vfioOn || p.view.hooks() {
		return
	}
	var displays []*machine.Device
	var reasons []string
	var subject ref
	for i := range p.m.PCI {
		d := &p.m.PCI[i]
		if !d.Class.Display() || d.PhysFn != nil {
			continue
		}
		displays = append(displays, d)
		b := p.view.binds(d)
		_, h := p.view.passed(d.Address)
		by, driver, blacklisted := p.driverBlacklisted(d)
		switch {
		case b != nil:
			reasons = append(reasons, p.describe(d)+" is kept for guests")
			if subject.source == nil {
				subject = b.ref
			}
		case h != nil:
			reasons = append(reasons, p.describe(d)+" goes to a guest")
			if subject.source == nil {
				subject = h.ref
			}
		case blacklisted:
			reasons = append(reasons, fmt.Sprintf("%s needs %s, which is blacklisted", p.describe(d), driver))
			subject = by
		default:
			return
		}
	}
	if len(displays) == 0 {
		return
	}
	p.report(subject, Warning, "no graphics card is left to the host: "+list(reasons), "").Devices = addresses(displays)
}

// driverBlacklisted tells whether every driver for a graphics card is kept
// from it.
func (p *pass) driverBlacklisted(d *machine.Device) (by ref, driver string, ok bool) {
	drivers := gpuDrivers[uint16(d.Vendor)]
	if name, known := d.Driver(); known && name != "" && !vfioDriver(name) {
		drivers = []string{name}
	} else if uint16(d.Vendor) == pci.VendorNVIDIA {
		drivers = []string{"nvidia", "nouveau"}
	}
	for _, name := range drivers {
		if by, ok = p.view.blacklisted(name); !ok {
			return ref{}, "", false
		}
		driver = name
	}
	return by, driver, len(drivers) > 0
}
