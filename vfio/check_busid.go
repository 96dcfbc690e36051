package vfio

import (
	"fmt"

	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

var busIDChecks = []Check{
	{
		Name: "vfio-prime-hostdev-disagree", Severity: Warning,
		Summary: "PRIME and a guest name the same card by different addresses",
		Why: "A bus id counts in decimal and an address in hexadecimal: bus `0x10` is `PCI:16:0:0`. Who copies the " +
			"digits names another place. Silent if the digits differ, since there may be two cards, and if the machine " +
			"has a graphics card at both.",
		Bad:  "hardware.nvidia.prime.nvidiaBusId = \"PCI:10:0:0\";\nvirtualisation.vms.win11.vfio.devices.gpu.address = \"0000:10:00.0\";",
		Good: "hardware.nvidia.prime.nvidiaBusId = \"PCI:16:0:0\";\nvirtualisation.vms.win11.vfio.devices.gpu.address = \"0000:10:00.0\";",
		run:  checkPRIMEAgainstHostdevs,
	},
	{
		Name: "vfio-busid-dec-hex-conversion", Severity: Warning,
		Summary: "address made of a bus id whose digits were kept instead of converted",
		Why: "udev rules and paths below /dev/dri/by-path need the address in hexadecimal. Padding the decimal digits of " +
			"`PCI:13:0:0` gives 13:00.0, and the device is 0d:00.0; `lib.toHexString` converts. Silent if the machine " +
			"has a device at the address.",
		Bad:  "hardware.nvidia.prime.nvidiaBusId = \"PCI:13:0:0\";\nservices.udev.extraRules = ''KERNEL==\"0000:13:00.0\", …'';",
		Good: "hardware.nvidia.prime.nvidiaBusId = \"PCI:13:0:0\";\nservices.udev.extraRules = ''KERNEL==\"0000:0d:00.0\", …'';",
		run:  checkBusIDConversion,
	},
	{
		Name: "prime-mode-contradiction", Severity: Error,
		Summary: "PRIME settings that exclude each other",
		Why: "Sync works with neither offload nor reverse sync, fine-grained power management needs offload, and PRIME " +
			"needs the bus ids of exactly two cards. NixOS asserts most of this; here it is said before the build.",
		Bad:  "hardware.nvidia.prime = { offload.enable = true; sync.enable = true; };",
		Good: "hardware.nvidia.prime = { offload.enable = true; };",
		run:  checkPRIMEModes,
	},
	{
		Name: "prime-busid-wrong-device", Severity: Error, Needs: Hardware,
		Summary: "bus id of something that is not that maker's graphics card",
		Why: "With a wrong bus id the X server finds no screen, or the wrong one. Buses are renumbered when a card is added. " +
			"A device that is absent is a warning only: external cards come and go, and some laptops hide the " +
			"integrated one.",
		Bad:  `hardware.nvidia.prime.nvidiaBusId = "PCI:10:0:0"; # lspci: 10:00.0`,
		Good: `hardware.nvidia.prime.nvidiaBusId = "PCI:16:0:0"; # lspci: 10:00.0`,
		run:  checkBusIDDevice,
	},
}

// copied tells whether the decimal numbers of a bus id have the digits of the
// hexadecimal ones of an address.
func copied(busID, address pci.Addr) bool {
	return busID != address && fmt.Sprint(busID.Domain, busID.Bus, busID.Device, busID.Function) ==
		fmt.Sprintf("%x %x %x %x", address.Domain, address.Bus, address.Device, address.Function)
}

func checkPRIMEAgainstHostdevs(p *pass) {
	fact := p.ctx.NVIDIA.NVIDIABusID
	if fact == nil {
		return
	}
	id, err := pci.ParseBusID(fact.Value)
	if err != nil || p.m != nil && p.display(id) != nil {
		return
	}
	for i := range p.view.vms {
		for k := range p.view.vms[i].devices {
			h := &p.view.vms[i].devices[k]
			if !h.hasAddr || h.role != GPU || h.hasID && h.id.Vendor != pci.VendorNVIDIA || !copied(id, h.addr) {
				continue
			}
			p.report(fact.ref(), Warning,
				fmt.Sprintf("`%s` is %s, but `%s` passes the card at %s", fact.Value, id.Short(), p.view.vms[i].Name, h.addr.Short()),
				fmt.Sprintf("bus ids count in decimal: 0x%02x is %d", h.addr.Bus, h.addr.Bus)).
				related(h.ref, "the same card by its address").replace(h.addr.BusID(), false)
			return
		}
	}
}

// display returns the graphics card at an address, or nil.
func (p *pass) display(a pci.Addr) *machine.Device {
	if d := p.m.Find(a); d != nil && d.Class.Display() {
		return d
	}
	return nil
}

func checkBusIDConversion(p *pass) {
	type place struct {
		ref
		addr pci.Addr
	}
	var places []place
	for i := range p.ctx.Addresses.Facts {
		f := &p.ctx.Addresses.Facts[i]
		if a, _, err := pci.Detect(f.Value.Text); err == nil {
			places = append(places, place{f.ref(), a})
		}
	}
	for _, l := range []List[string]{p.ctx.Udev, p.ctx.Scripts} {
		for i := range l.Facts {
			for _, a := range addressesIn(l.Facts[i].Value) {
				places = append(places, place{l.Facts[i].ref(), a})
			}
		}
	}
	for _, b := range p.ctx.NVIDIA.busIDs() {
		id, err := pci.ParseBusID(b.fact.Value)
		if err != nil {
			continue
		}
		for _, at := range places {
			if copied(id, at.addr) && (p.m == nil || p.m.Find(at.addr) == nil) {
				p.report(at.ref, Warning,
					fmt.Sprintf("`%s` has the decimal digits of `%s`, which is %s", at.addr, b.fact.Value, id),
					"convert the numbers: `lib.toLower (lib.toHexString …)`").related(b.fact.ref(), "the bus id")
			}
		}
	}
}

func checkPRIMEModes(p *pass) {
	n := &p.ctx.NVIDIA
	contradict := func(f *Fact[bool], other *Fact[bool], message, help string) {
		p.report(f.ref(), Error, message, help).related(other.ref(), "the other one")
	}
	if is(n.Sync, true) && is(n.Offload, true) {
		contradict(n.Sync, n.Offload, "PRIME sync and offload exclude each other", "keep `offload` on laptops, `sync` for screens on the NVIDIA card")
	}
	if is(n.Sync, true) && is(n.ReverseSync, true) {
		contradict(n.Sync, n.ReverseSync, "PRIME sync and reverse sync exclude each other", "")
	}
	if is(n.FineGrained, true) && is(n.Offload, false) {
		contradict(n.FineGrained, n.Offload, "fine-grained power management needs PRIME offload", "set `prime.offload.enable`")
	}
	on := is(n.Sync, true) || is(n.Offload, true) || is(n.ReverseSync, true)
	if !on {
		return
	}
	if given(n.IntelBusID) && given(n.AMDBusID) {
		p.report(n.IntelBusID.ref(), Error, "PRIME has the bus ids of an Intel and of an AMD card beside NVIDIA's",
			"keep the one of the card that is there").related(n.AMDBusID.ref(), "the other one")
	}
	if is(n.NVIDIABusID, "") {
		p.report(n.NVIDIABusID.ref(), Error, "PRIME is on and `nvidiaBusId` is empty", "`lspci -D` prints the address; a bus id is the same in decimal")
	}
	if is(n.IntelBusID, "") && is(n.AMDBusID, "") {
		p.report(n.IntelBusID.ref(), Error, "PRIME is on and has neither `intelBusId` nor `amdgpuBusId`", "PRIME shares the work between two cards")
	}
	p.primeBuses()
}

func given(f *Fact[string]) bool { return f != nil && !f.Maybe && f.Value != "" }

// primeBuses checks the bus ids against each other.
func (p *pass) primeBuses() {
	ids := p.ctx.NVIDIA.busIDs()
	for i, b := range ids {
		a, err := pci.ParseBusID(b.fact.Value)
		if err != nil {
			continue
		}
		for _, c := range ids[i+1:] {
			if other, err := pci.ParseBusID(c.fact.Value); err == nil && other == a && !b.fact.Maybe {
				p.report(c.fact.ref(), Error, fmt.Sprintf("`%s` and `%s` are the same device", b.option, c.option), "").
					related(b.fact.ref(), "the same device")
			}
		}
		// Bus 0 has the processor's own devices. Only guests have NVIDIA cards
		// there.
		if b.vendor != pci.VendorNVIDIA || a.Bus != 0 || p.m != nil {
			continue
		}
		f := p.report(b.fact.ref(), Warning, fmt.Sprintf("`%s` is on bus 0, where no NVIDIA card is", b.fact.Value), "")
		if a.Device != 0 && a.Function == 0 {
			swapped := pci.Addr{Domain: a.Domain, Bus: a.Device}
			f.Help = fmt.Sprintf("the number of the bus comes first: `%s`?", swapped.BusID())
			f.replace(swapped.BusID(), false)
		}
	}
}

func checkBusIDDevice(p *pass) {
	for _, b := range p.ctx.NVIDIA.busIDs() {
		a, err := pci.ParseBusID(b.fact.Value)
		if err != nil {
			continue
		}
		var candidates []*machine.Device
		for i := range p.m.PCI {
			if d := &p.m.PCI[i]; d.Class.Display() && uint16(d.Vendor) == b.vendor && d.PhysFn == nil {
				candidates = append(candidates, d)
			}
		}
		d := p.m.Find(a)
		if d != nil && d.Class.Display() && uint16(d.Vendor) == b.vendor {
			continue
		}
		s, message := Error, ""
		switch {
		case d != nil:
			message = fmt.Sprintf("`%s` is %s, which is no %s graphics card", b.fact.Value, p.describe(d), vendorName(b.vendor))
		case len(candidates) == 1 && copied(a, candidates[0].Address):
			message = fmt.Sprintf("`%s` is %s, where nothing is %s", b.fact.Value, a.Short(), p.source())
		default:
			s = Warning
			message = fmt.Sprintf("`%s` is %s, where nothing is %s", b.fact.Value, a.Short(), p.source())
		}
		f := p.report(b.fact.ref(), s, message, "")
		if d != nil {
			f.Devices = []pci.Addr{d.Address}
		}
		switch len(candidates) {
		case 0:
			f.Help = fmt.Sprintf("there is no %s graphics card", vendorName(b.vendor))
		case 1:
			c := candidates[0]
			f.Help = fmt.Sprintf("the %s card is %s: `%s`", vendorName(b.vendor), p.describe(c), c.Address.BusID())
			f.Devices = append(f.Devices, c.Address)
			f.replace(c.Address.BusID(), s == Error)
		default:
			var all []string
			for _, c := range candidates {
				all = append(all, "`"+c.Address.BusID()+"`")
			}
			f.Help = fmt.Sprintf("%s cards are %s", vendorName(b.vendor), list(all))
		}
	}
}

// vendorName names a maker of graphics cards.
func vendorName(v uint16) string {
	switch v {
	case pci.VendorNVIDIA:
		return "NVIDIA"
	case pci.VendorATI, pci.VendorAMD:
		return "AMD"
	case pci.VendorIntel:
		return "Intel"
	}
	return fmt.Sprintf("%04x", v)
}
