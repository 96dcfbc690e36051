package vfio

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/vfio/kernel"
	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

var moduleChecks = []Check{
	{
		Name: "vfio-module-gone", Severity: Error,
		Summary: "kernel module that no longer exists",
		Why:     "`vfio_virqfd` became part of `vfio` in Linux 6.2. In the initrd the build fails (`modprobe: FATAL: Module vfio_virqfd not found`); elsewhere a service complains at every boot. A warning if the version of the kernel is not known.",
		Bad:     `boot.initrd.kernelModules = [ "vfio_pci" "vfio" "vfio_iommu_type1" "vfio_virqfd" ];`,
		Good:    `boot.initrd.kernelModules = [ "vfio_pci" "vfio" "vfio_iommu_type1" ];`,
		run:     checkModuleGone,
	},
	{
		Name: "vfio-blacklist-contradiction", Severity: Warning,
		Summary: "module that is both blacklisted and loaded by name, or the driver of the screen",
		Why: "One of the two has no effect: in the initrd of scripts the module is loaded all the same, systemd leaves it out. " +
			"With the driver `nvidia` in `services.xserver.videoDrivers`, the module of that name is needed too, unless the boot entry gives the card to guests.",
		Bad:  "boot.blacklistedKernelModules = [ \"nvidia\" ];\nboot.initrd.kernelModules = [ \"nvidia\" ];",
		Good: "boot.blacklistedKernelModules = [ \"nvidia\" ];",
		run:  checkBlacklistContradiction,
	},
	{
		Name: "vfio-blacklist-incomplete", Severity: Info,
		Summary: "blacklist of one driver of a card that leaves it to another",
		Why:     "With nvidia kept away, nouveau takes the card. Silent if ids keep the card from all drivers.",
		Bad:     `boot.blacklistedKernelModules = [ "nvidia" ];`,
		Good:    `boot.blacklistedKernelModules = [ "nvidia" "nouveau" ];`,
		run:     checkBlacklistIncomplete,
	},
	{
		Name: "vfio-module-order", Severity: Warning,
		Summary: "driver of the guest's graphics card that the initrd loads before vfio-pci",
		Why: "NixOS loads the modules of the initrd in the order of the alphabet, whatever their order in the list: " +
			"`amdgpu`, `i915`, `nouveau` and `nvidia` come before `vfio_pci`. A softdep puts vfio-pci first. Silent if the " +
			"guest's card is of another maker.",
		Bad:  `boot.initrd.kernelModules = [ "vfio_pci" "amdgpu" ]; # a Radeon is passed`,
		Good: "boot.initrd.kernelModules = [ \"vfio_pci\" \"amdgpu\" ];\nboot.extraModprobeConfig = \"softdep amdgpu pre: vfio-pci\";",
		run:  checkModuleOrder,
	},
	{
		Name: "blacklist-hits-host-device", Severity: Warning, Needs: Hardware,
		Summary: "blacklisted driver that a device of the host needs",
		Why:     "`snd_hda_intel` drives the sound of the graphics card, and that of the mainboard too. Keeping the one device by its id or address spares the other.",
		Bad:     `boot.blacklistedKernelModules = [ "snd_hda_intel" ];`,
		Good:    `boot.kernelParams = [ "vfio-pci.ids=10de:2c05,10de:22e9" ];`,
		run:     checkBlacklistHits,
	},
}

// kernelBefore tells whether the kernel is certainly older than a version.
func (p *pass) kernelBefore(major, minor int) bool {
	text, ok := p.ctx.Kernel.Version.value()
	if !ok {
		return false
	}
	first, rest, _ := strings.Cut(text, ".")
	second := rest
	if i := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
		second = rest[:i] // 6.18.38, 6.18-rc1
	}
	a, err1 := strconv.Atoi(first)
	b, err2 := strconv.Atoi(second)
	return err1 == nil && err2 == nil && (a < major || a == major && b < minor)
}

func checkModuleGone(p *pass) {
	if p.kernelBefore(6, 2) {
		return
	}
	const help = "its functions are in `vfio` since Linux 6.2"
	s := Warning // the kernel may be an old one
	if _, known := p.ctx.Kernel.Version.value(); known {
		s = Error
	}
	for i := range p.ctx.InitrdModules.Facts {
		if f := &p.ctx.InitrdModules.Facts[i]; kernel.SameName(f.Value, "vfio_virqfd") {
			p.report(f.ref(), s, fmt.Sprintf("there is no module `%s` any more: the initrd cannot be built with it", f.Value), help).remove(true)
		}
	}
	for i := range p.ctx.Modules.Facts {
		if f := &p.ctx.Modules.Facts[i]; kernel.SameName(f.Value, "vfio_virqfd") {
			p.report(f.ref(), Info, fmt.Sprintf("there is no module `%s` any more", f.Value), help).remove(true)
		}
	}
}

func checkBlacklistContradiction(p *pass) {
	if driver, ok := p.view.nvidiaDriver(); ok && !driver.maybe && p.view.vfio() != vfioOn {
		if by, ok := p.view.blacklisted("nvidia"); ok && !by.maybe && !p.hasDriver("nvidia") {
			p.report(by, Warning, "`nvidia` is blacklisted, and the host is to use it for its screen", "blacklist it only where guests get the card").
				related(driver, "the host's driver")
		}
	}
	for i := range p.ctx.Blacklist.Facts {
		f := &p.ctx.Blacklist.Facts[i]
		for _, l := range []List[string]{p.ctx.Modules, p.ctx.InitrdModules} {
			if loaded := find(l, f.Value); loaded != nil && !loaded.Maybe {
				p.report(f.ref(), Warning, fmt.Sprintf("`%s` is blacklisted, and loaded by name", f.Value), "take it out of one of the two lists").
					related(loaded.ref(), "loaded here")
			}
		}
	}
}

// hasDriver tells whether the machine is known to have a device that a driver has taken:
// blacklist-hits-host-device speaks of it.
func (p *pass) hasDriver(name string) bool {
	return p.m != nil && slices.ContainsFunc(p.m.PCI, func(d machine.Device) bool {
		driver, _ := d.Driver()
		return sameDriver(driver, name)
	})
}

// passedVendors returns the makers of the graphics cards that guests get.
func (p *pass) passedVendors() []uint16 {
	var vendors []uint16
	for i := range p.view.vms {
		for k := range p.view.vms[i].devices {
			h := &p.view.vms[i].devices[k]
			switch {
			case h.hasID && h.role != OtherDevice:
				vendors = append(vendors, h.id.Vendor)
			case p.m != nil && h.hasAddr:
				if d := p.m.Find(h.addr); d != nil && d.Class.Display() {
					vendors = append(vendors, uint16(d.Vendor))
				}
			}
		}
	}
	for _, b := range p.view.bindings {
		if b.byID && gpuDrivers[b.pattern.Vendor] != nil && b.pattern.Vendor != pci.VendorIntel {
			vendors = append(vendors, b.pattern.Vendor)
		}
	}
	return unique(vendors)
}

func checkBlacklistIncomplete(p *pass) {
	by, ok := p.view.blacklisted("nvidia")
	if !ok || !p.ctx.Blacklist.Complete || !p.ctx.Modprobe.Complete || !slices.Contains(p.passedVendors(), pci.VendorNVIDIA) {
		return
	}
	if _, ok := p.view.blacklisted("nouveau"); ok || len(p.view.bindings) > 0 || !p.view.bindingsKnown() {
		return
	}
	p.report(by, Info, "nvidia is blacklisted, and nouveau may take the card instead", "blacklist `nouveau` too").
		fix("add `nouveau`", false, Change{Kind: Add, Source: by.source, Option: "boot.blacklistedKernelModules", Value: "nouveau"})
}

func checkModuleOrder(p *pass) {
	early, _ := p.view.loads("vfio-pci")
	if early == nil || !p.ctx.Modprobe.Complete {
		return
	}
	byID := slices.ContainsFunc(p.view.bindings, func(b binding) bool { return b.byID })
	if !byID {
		return
	}
	for _, vendor := range p.passedVendors() {
		for _, driver := range gpuDrivers[vendor] {
			f := find(p.ctx.InitrdModules, driver)
			// nvidia_drm and the like load nvidia first.
			base, _, _ := strings.Cut(driver, "_")
			if f == nil || driver > "vfio_pci" || p.view.softdep(driver, "vfio-pci") || p.view.softdep(base, "vfio-pci") {
				continue
			}
			value := "softdep " + base + " pre: vfio-pci"
			p.report(f.ref(), Warning, fmt.Sprintf("the initrd loads `%s` before vfio-pci, and it takes the guest's card: modules are loaded in the order of the alphabet", f.Value),
				"add `"+value+"` to boot.extraModprobeConfig").related(early.ref(), "loaded later").
				fix("let it wait for vfio-pci", false, Change{Kind: Add, Option: "boot.extraModprobeConfig", Value: value})
			break
		}
	}
}

func checkBlacklistHits(p *pass) {
	for i := range p.ctx.Blacklist.Facts {
		f := &p.ctx.Blacklist.Facts[i]
		var hit []*machine.Device
		var keep []string
		for k := range p.m.PCI {
			d := &p.m.PCI[k]
			driver, known := d.Driver()
			if !known || !sameDriver(driver, f.Value) {
				continue
			}
			if _, h := p.view.passed(d.Address); h != nil {
				keep = append(keep, d.ID().String())
			} else if p.view.binds(d) == nil {
				hit = append(hit, d)
			}
		}
		if len(hit) == 0 {
			continue
		}
		var names []string
		for _, d := range hit {
			names = append(names, p.describe(d))
		}
		g := p.report(f.ref(), Warning, fmt.Sprintf("blacklisting `%s` also switches off %s", f.Value, list(names)), "")
		if len(keep) > 0 {
			g.Help = "keep `" + strings.Join(unique(keep), ",") + "` for the guest by `vfio-pci.ids` instead"
		}
		g.Devices = addresses(hit)
	}
}

// sameDriver compares a driver with a module: they differ for USB.
func sameDriver(driver, module string) bool {
	return driver != "" && (kernel.SameName(driver, module) || driver == "xhci_hcd" && kernel.SameName(module, "xhci_pci"))
}
