package vfio

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

var presenceChecks = []Check{
	{
		Name: "vfio-id-not-present", Severity: Error, Needs: Hardware,
		Summary: "id of a device that the machine does not have",
		Why: "The card was replaced, or the id was copied from somebody else. It is a warning if other ids of the list fit, or " +
			"if the machine has a Thunderbolt port, since cards outside come and go. An id that no database knows is no reason " +
			"for a finding.",
		Bad:  `boot.kernelParams = [ "vfio-pci.ids=10de:2782" ]; # the card is a 10de:2c05`,
		Good: `boot.kernelParams = [ "vfio-pci.ids=10de:2c05" ];`,
		run:  checkIDPresent,
	},
	{
		Name: "vfio-address-not-present", Severity: Error, Needs: Hardware,
		Summary: "address where the machine has no device",
		Why:     "Buses are numbered anew when a card is added or taken out. Below a Thunderbolt port it is a warning: devices come and go.",
		Bad:     `devices.gpu.address = "0000:0c:00.0"; # nothing there any more`,
		Good:    `devices.gpu.address = "0000:01:00.0";`,
		run:     checkAddressPresent,
	},
	{
		Name: "vfio-address-moved", Severity: Error, Needs: Hardware,
		Summary: "address where the machine has another device than the configuration thinks",
		Why: "Buses are numbered anew when a card is added or taken out: the address of the graphics card becomes that of " +
			"a disk controller, which is then torn from the host.",
		Bad:  "devices.gpu = { id = \"10de:2c05\"; address = \"0000:0c:00.0\"; }; # a SATA controller now",
		Good: "devices.gpu = { id = \"10de:2c05\"; address = \"0000:01:00.0\"; };",
		run:  checkAddressMoved,
	},
}

func checkIDPresent(p *pass) {
	for i := range p.view.bindings {
		b := &p.view.bindings[i]
		if b.byID {
			p.idPresent(b.ref, b.pattern, b.text, b.whole)
		}
	}
	for i := range p.ctx.IDs.Facts {
		f := &p.ctx.IDs.Facts[i]
		if pattern, err := pci.ParsePattern(f.Value); err == nil {
			p.idPresent(f.ref(), pattern, f.Value, f.Value)
		}
	}
}

func (p *pass) idPresent(r ref, pattern pci.Pattern, text, whole string) {
	if len(p.m.Matching(pattern)) > 0 {
		return
	}
	plain := pattern
	plain.SubVendor, plain.SubDevice, plain.Class, plain.ClassMask = pci.Any, pci.Any, 0, 0
	if same := p.m.Matching(plain); len(same) > 0 {
		p.report(r, Error, fmt.Sprintf("no device matches `%s` %s: %s has the subsystem `%s`", text, p.source(), p.describe(same[0]), same[0].SubsystemID()), "").
			Devices = addresses(same)
		return
	}
	message := fmt.Sprintf("`%s` is not in this machine", text)
	if c := p.m.Captured.Date; c != "" {
		message = fmt.Sprintf("`%s` is not %s", text, p.source())
	}
	if name := p.product(pattern.ID); name != "" {
		message = strings.Replace(message, "`"+text+"`", "`"+text+"` ("+name+")", 1)
	}
	candidates := p.replacements(pattern.ID)
	f := p.report(r, p.missingSeverity(pattern.ID), message, "")
	f.Devices = addresses(candidates)
	var all []string
	for _, d := range candidates {
		all = append(all, fmt.Sprintf("%s is `%s`", p.describe(d), d.ID()))
	}
	if len(all) == 0 {
		f.Help = "`lspci -nn` prints the ids of all devices"
		return
	}
	f.Help = list(all)
	if len(candidates) == 1 {
		f.fix("write `"+candidates[0].ID().String()+"`", false,
			Change{Source: r.source, Value: strings.Replace(whole, text, candidates[0].ID().String(), 1)})
	}
}

// missingSeverity says how bad it is that no device has an id: if a guest gets a
// device of that maker which nothing keeps for it, or none of the ids fits, the
// configuration is of another machine. An id of a device that is only plugged
// in at times does no harm.
func (p *pass) missingSeverity(id pci.ID) Severity {
	for _, g := range p.guestDevices() {
		if uint16(g.d.Vendor) == id.Vendor && p.view.binds(g.d) == nil && !p.removable(g.addr) {
			return Error
		}
	}
	for i := range p.view.bindings {
		if b := &p.view.bindings[i]; b.byID && len(p.m.Matching(b.pattern)) > 0 {
			return Warning
		}
	}
	for i := range p.m.PCI {
		if strings.Contains(p.options.Names.Device(p.m.PCI[i].ID()), "Thunderbolt") {
			return Warning
		}
	}
	return Error
}

// replacements returns the devices that an id which is not there was probably
// meant for: the one at the address that stands beside the id; those of the same
// maker that guests get and no id keeps; or the graphics cards of that maker.
func (p *pass) replacements(id pci.ID) []*machine.Device {
	for _, g := range p.guestDevices() {
		if g.h.hasID && g.h.id == id && uint16(g.d.Vendor) == id.Vendor {
			return []*machine.Device{g.d} // stands where the other one stood
		}
	}
	name := strings.ToLower(p.options.Names.Device(id))
	audio := strings.Contains(name, "audio")
	var passed, displays []*machine.Device
	for i := range p.m.PCI {
		d := &p.m.PCI[i]
		if uint16(d.Vendor) != id.Vendor || d.Class.Bridge() {
			continue
		}
		if _, h := p.view.passed(d.Address); h != nil && p.view.binds(d) == nil && (name == "" || audio == d.Class.Is(pci.ClassHDAudio)) {
			passed = append(passed, d)
		}
		if p.view.binds(d) == nil && (d.Class.Display() && !audio || d.Class.Is(pci.ClassHDAudio) && audio) {
			displays = append(displays, d)
		}
	}
	if len(passed) > 0 {
		return passed
	}
	if len(displays) > 4 {
		return nil
	}
	return displays
}

// placed is an address that should have a device.
type placed struct {
	ref
	addr pci.Addr
	h    *hostdev // nil for addresses outside of guests
	vm   *vm
	use  AddressUse
}

func (p *pass) placed() []placed {
	var all []placed
	for i := range p.view.vms {
		for k := range p.view.vms[i].devices {
			if h := &p.view.vms[i].devices[k]; h.hasAddr {
				all = append(all, placed{h.ref, h.addr, h, &p.view.vms[i], GuestAddress})
			}
		}
	}
	for i := range p.ctx.Addresses.Facts {
		f := &p.ctx.Addresses.Facts[i]
		if a, _, err := pci.Detect(f.Value.Text); err == nil {
			all = append(all, placed{ref: f.ref(), addr: a, use: f.Value.Use})
		}
	}
	for i := range p.view.bindings {
		if b := &p.view.bindings[i]; !b.byID {
			all = append(all, placed{ref: b.ref, addr: b.addr})
		}
	}
	return all
}

// elsewhere returns the only device that has the id which is paired with an
// address, or nil.
func (p *pass) elsewhere(at placed) *machine.Device {
	if at.h == nil || !at.h.hasID {
		return nil
	}
	found := p.m.Matching(pci.Pattern{ID: at.h.id, SubVendor: pci.Any, SubDevice: pci.Any})
	if len(found) != 1 {
		return nil
	}
	return found[0]
}

// spell writes an address in the notation in which it stands.
func (at placed) spell(a pci.Addr) (string, bool) {
	if at.h == nil || at.h.Address == nil {
		return "", false
	}
	switch _, n, _ := pci.Detect(at.h.Address.Value); n {
	case pci.Short:
		return a.Short(), true
	case pci.Nodedev:
		return a.Nodedev(), true
	case pci.BusID:
		return a.BusID(), true
	}
	return a.String(), true
}

func (p *pass) suggestMove(f *Finding, at placed, d *machine.Device) {
	f.Help = fmt.Sprintf("%s is at `%s`", p.what(d), d.Address)
	f.Devices = append(f.Devices, d.Address)
	if text, ok := at.spell(d.Address); ok {
		f.replace(text, false)
	} else if at.h != nil && at.h.Libvirt != nil {
		_, bus, slot, function := d.Address.Libvirt()
		f.Help += fmt.Sprintf(": bus `%s`, slot `%s`, function `%s`", bus, slot, function)
	}
}

func checkAddressPresent(p *pass) {
	seen := map[pci.Addr]bool{}
	for _, at := range p.placed() {
		if p.m.Find(at.addr) != nil || seen[at.addr] && at.h == nil {
			continue
		}
		seen[at.addr] = true
		s := Error
		if at.use == HostAddress || p.removable(at.addr) {
			s = Warning
		}
		f := p.report(at.ref, s, fmt.Sprintf("there is no device at `%s` %s", at.addr, p.source()),
			"buses are numbered anew when a card is added or taken out")
		if d := p.elsewhere(at); d != nil {
			p.suggestMove(f, at, d)
		}
	}
}

// removable tells whether an address is on a bus that is reserved for
// what may be plugged into a Thunderbolt port.
func (p *pass) removable(a pci.Addr) bool {
	var above *machine.Device
	for i := range p.m.PCI {
		d := &p.m.PCI[i]
		if d.SecondaryBus != nil && d.Address.Domain == a.Domain && *d.SecondaryBus <= a.Bus &&
			(above == nil || *d.SecondaryBus > *above.SecondaryBus) {
			above = d
		}
	}
	return above != nil && strings.Contains(p.options.Names.Device(above.ID()), "Thunderbolt")
}

func checkAddressMoved(p *pass) {
	for _, at := range p.placed() {
		d := p.m.Find(at.addr)
		if d == nil || at.h == nil {
			continue
		}
		switch h := at.h; {
		case h.hasID && d.ID() != h.id:
			f := p.report(at.ref, Error, fmt.Sprintf("`%s` is %s, not `%s`", at.addr, p.what(d), h.id), "")
			f.Devices = []pci.Addr{d.Address}
			if h.ID != nil {
				f.related(h.ID.ref(), "the id that is expected there")
			}
			if moved := p.elsewhere(at); moved != nil {
				p.suggestMove(f, at, moved)
			} else if uint16(d.Vendor) == h.id.Vendor && len(p.m.Matching(pci.Pattern{ID: h.id, SubVendor: pci.Any, SubDevice: pci.Any})) == 0 {
				f.Help = fmt.Sprintf("if the card was replaced, write its id, `%s`", d.ID())
				f.fix("write the id `"+d.ID().String()+"`", false, Change{Source: h.ID.Source, Value: d.ID().String()})
			}
		case !h.hasID && (h.role == GPU && !d.Class.Display() || h.role == GPUAudio && d.Class.Base() != 4):
			wanted := "graphics card"
			if h.role == GPUAudio {
				wanted = "sound device"
			}
			f := p.report(at.ref, Error, fmt.Sprintf("`%s` is %s, no %s", at.addr, p.what(d), wanted),
				"buses are numbered anew when a card is added or taken out")
			f.Devices = []pci.Addr{d.Address}
		}
	}
}
