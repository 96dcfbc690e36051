package vfio

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

var hostChecks = []Check{
	{
		Name: "vfio-boot-vga", Severity: Warning, Needs: Hardware,
		Summary: "graphics card of a guest on which the machine boots",
		Why: "The firmware draws on the card, and so does the kernel until vfio-pci takes the card: since Linux 6.0 that needs " +
			"nothing else, and the host's screen goes dark. An older kernel holds on to the card's memory, which is a warning; " +
			"`initcall_blacklist=sysfb_init` lets go of it. Choosing the other card in the firmware is best. Silent with that parameter.",
		Bad:  "devices.gpu.address = \"0000:01:00.0\"; # boot_vga is 1",
		Good: "# the firmware's primary display is the integrated one",
		run:  checkBootVGA,
	},
	{
		Name: "vfio-takes-boot-disk", Severity: Error, Needs: Hardware,
		Summary: "disk of the running system that goes to a guest",
		Why:     "The system does not start without its disk. An id takes all disks of the same model.",
		Bad:     `devices.disk.address = "0000:02:00.0"; # holds /`,
		Good:    `devices.disk.address = "0000:05:00.0";`,
		run:     checkBootDisk,
	},
	{
		Name: "vfio-takes-input", Severity: Warning, Needs: Hardware,
		Summary: "USB controller with keyboard and mouse that goes to a guest",
		Why:     "Without another keyboard the host cannot be used while the guest runs.",
		Bad:     `devices.usb.address = "0000:0b:00.0"; # has the keyboard`,
		Good:    `devices.usb.address = "0000:0d:00.4";`,
		run:     checkInput,
	},
	{
		Name: "gpu-is-integrated", Severity: Warning, Needs: Hardware,
		Summary: "the integrated graphics go to a guest, while another card stays",
		Why:     "Integrated graphics are hard to pass: they have no memory or reset of their own, and often drive the host's screen.",
		Bad:     `devices.gpu.address = "0000:00:02.0";`,
		Good:    `devices.gpu.address = "0000:01:00.0";`,
		run:     checkIntegrated,
	},
}

func checkBootVGA(p *pass) {
	if p.view.hooks() {
		return
	}
	for i := range p.view.params {
		q := &p.view.params[i]
		if q.Is("initcall_blacklist") && strings.Contains(q.Value, "sysfb_init") || q.Is("video") && strings.HasSuffix(q.Value, "efifb:off") {
			return
		}
	}
	for _, g := range p.guestDevices() {
		if g.d.BootVGA == nil || !*g.d.BootVGA || !g.d.Class.Display() {
			continue
		}
		other := ""
		for i := range p.m.PCI {
			if d := &p.m.PCI[i]; d != g.d && d.Class.Is(pci.ClassVGA) {
				other = fmt.Sprintf("make %s the primary display in the firmware", p.describe(d))
				break
			}
		}
		if !p.kernelBefore(6, 0) {
			p.report(g.ref, Info, fmt.Sprintf("the machine boots on %s: the host's screen goes dark when vfio-pci takes it", p.describe(g.d)), other).about(g.d)
			continue
		}
		help := "add `initcall_blacklist=sysfb_init` to boot.kernelParams"
		if other != "" {
			help = other + ", or " + help
		}
		p.report(g.ref, Warning, fmt.Sprintf("the machine boots on %s, and the firmware's screen holds its memory", p.describe(g.d)), help).
			fix("add `initcall_blacklist=sysfb_init`", false, Change{Kind: Add, Option: "boot.kernelParams", Value: "initcall_blacklist=sysfb_init"}).
			Devices = []pci.Addr{g.addr}
	}
}

func (f *Finding) about(devices ...*machine.Device) *Finding {
	f.Devices = append(f.Devices, addresses(devices)...)
	return f
}

func checkBootDisk(p *pass) {
	reported := map[pci.Addr]bool{}
	take := func(r ref, d *machine.Device, how string) {
		if reported[d.Address] {
			return
		}
		what := ""
		switch {
		case d.Uses(machine.UseRoot):
			what = "holds the root file system"
		case d.Uses(machine.UseBoot):
			what = "holds /boot"
		case d.Uses(machine.UseSwap):
			what = "holds swap space"
		default:
			by := p.claimedDisk(d)
			if by.source == nil {
				return
			}
			what = "has a file system of this configuration"
		}
		reported[d.Address] = true
		p.report(r, Error, fmt.Sprintf("%s %s, and %s", p.describe(d), what, how), "the host does not start without it").about(d)
	}
	for _, g := range p.guestDevices() {
		take(g.ref, g.d, fmt.Sprintf("`%s` gets it", g.vm.Name))
	}
	for i := range p.view.bindings {
		b := &p.view.bindings[i]
		for k := range p.m.PCI {
			d := &p.m.PCI[k]
			if p.view.binds(d) == b {
				take(b.ref, d, fmt.Sprintf("`%s` keeps it for guests", b.text))
			}
		}
	}
}

// claimedDisk returns the fact that puts a file system on a disk by its
// address: /dev/disk/by-path/pci-0000:02:00.0-nvme-1.
func (p *pass) claimedDisk(d *machine.Device) ref {
	for i := range p.ctx.Disks.Facts {
		f := &p.ctx.Disks.Facts[i]
		if !f.Maybe && strings.Contains(f.Value, "/by-path/pci-"+d.Address.String()+"-") {
			return f.ref()
		}
	}
	return ref{}
}

func checkInput(p *pass) {
	for _, g := range p.guestDevices() {
		if !g.d.Uses(machine.UseHID) {
			continue
		}
		another := false
		var empty []*machine.Device
		for i := range p.m.PCI {
			d := &p.m.PCI[i]
			if d == g.d || !d.Class.Is(pci.ClassUSB) {
				continue
			}
			if _, h := p.view.passed(d.Address); h != nil {
				continue
			}
			another = another || d.Uses(machine.UseHID)
			if !d.Uses(machine.UseHID) && p.alone(d) {
				empty = append(empty, d)
			}
		}
		s := Warning
		if another {
			s = Info
		}
		help := ""
		if len(empty) > 0 {
			help = "there is neither on " + list(quoted(addresses(empty)))
		}
		p.report(g.ref, s, fmt.Sprintf("%s has keyboard and mouse of the host, and `%s` gets it", p.describe(g.d), g.vm.Name), help).about(g.d)
	}
}

// alone tells whether a device shares its IOMMU group with bridges at most.
func (p *pass) alone(d *machine.Device) bool {
	g, ok := p.m.Group(d)
	if !ok {
		return false
	}
	for _, a := range g.Devices {
		if e := p.m.Find(a); e != nil && e != d && !e.Class.Bridge() {
			return false
		}
	}
	return true
}

func checkIntegrated(p *pass) {
	for _, g := range p.guestDevices() {
		if !p.integrated(g.d) {
			continue
		}
		for i := range p.m.PCI {
			d := &p.m.PCI[i]
			if _, h := p.view.passed(d.Address); h != nil || !d.Class.Display() || p.integrated(d) || uint16(d.Vendor) == pci.VendorASPEED {
				continue
			}
			f := p.report(g.ref, Warning, fmt.Sprintf("`%s` gets the integrated graphics %s", g.vm.Name, p.describe(g.d)), fmt.Sprintf("the other card is %s", p.describe(d))).about(g.d, d)
			if text, ok := g.spell(d.Address); ok {
				f.replace(text, false)
			}
			break
		}
	}
}

// integrated tells whether a graphics card is part of the processor: Intel's
// are on bus 0, AMD's behind an internal bridge.
func (p *pass) integrated(d *machine.Device) bool {
	if !d.Class.Display() {
		return false
	}
	switch uint16(d.Vendor) {
	case pci.VendorIntel:
		return d.Address.Bus == 0
	case pci.VendorATI:
		if d.Parent == nil {
			return d.Address.Bus == 0
		}
		parent := p.m.Find(*d.Parent)
		if parent == nil {
			return false
		}
		// Beside it are the processor's own USB controllers and security
		// processor.
		for _, s := range p.m.Siblings(d) {
			if s.Class == 0x108000 {
				return true
			}
		}
		return strings.Contains(p.options.Names.Device(parent.ID()), "Internal")
	}
	return false
}
