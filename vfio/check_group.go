package vfio

import (
	"fmt"
	"slices"

	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

var groupChecks = []Check{
	{
		Name: "vfio-group-not-viable", Severity: Error, Needs: Hardware,
		Summary: "device of a guest that shares its IOMMU group with one that the host uses",
		Why: "The IOMMU isolates groups, not devices: a group goes to a guest as a whole, or the guest does not start. " +
			"Bridges to other buses take care of themselves, and devices without a driver do no harm; a bridge to the chipset's " +
			"old devices does, if a driver has it.",
		Bad:  "devices.disk.address = \"0000:05:00.0\"; # its group also has the network card",
		Good: "devices.disk.address = \"0000:02:00.0\"; # alone in its group",
		run:  checkGroupViable,
	},
	{
		Name: "vfio-function-left-out", Severity: Error, Needs: Hardware,
		Summary: "function of a graphics card that stays with the host while the card goes to a guest",
		Why: "A card has several functions: sound, and on some a USB controller and its power management. Those in the " +
			"same IOMMU group must go along; the others should, since the card is reset as a whole.",
		Bad:  "devices.gpu.address = \"0000:01:00.0\";",
		Good: "devices.gpu.address = \"0000:01:00.0\";\ndevices.audio.address = \"0000:01:00.1\";",
		run:  checkFunctionLeftOut,
	},
	{
		Name: "iommu-rmrr", Severity: Error, Needs: Hardware,
		Summary: "device of a guest whose memory the firmware demands for itself",
		Why:     "The kernel refuses to give such a device to a guest. Regions that are only demanded while booting (`direct-relaxable`) are no obstacle.",
		Bad:     "devices.raid.address = \"0000:03:00.0\"; # its group has a region of type direct",
		Good:    "# pass another controller, or look for a setting of the firmware",
		run:     checkReservedRegions,
	},
	{
		Name: "vmd-child", Severity: Error, Needs: Hardware,
		Summary: "device behind an Intel VMD controller that is passed alone",
		Why:     "All devices behind a Volume Management Device share its IOMMU group, and are reached only through it.",
		Bad:     `devices.disk.address = "10000:81:00.0";`,
		Good:    "# switch VMD off for the slot in the firmware; the disk then has an address in domain 0000",
		run:     checkVMDChild,
	},
}

// guestDevice is a device that a guest gets.
type guestDevice struct {
	placed
	d *machine.Device
}

// guestDevices returns the devices of guests that the machine has.
func (p *pass) guestDevices() []guestDevice {
	var all []guestDevice
	for _, at := range p.placed() {
		if at.h == nil {
			continue
		}
		if d := p.m.Find(at.addr); d != nil {
			all = append(all, guestDevice{at, d})
		}
	}
	return all
}

// use says what the host does with a device.
func (p *pass) use(d *machine.Device) string {
	for _, u := range []struct{ use, text string }{
		{machine.UseRoot, "holds the root file system"},
		{machine.UseBoot, "holds /boot"},
		{machine.UseSwap, "holds swap space"},
		{machine.UseNetOnly, "is the only network card of its kind"},
		{machine.UseHID, "has keyboard and mouse"},
		{machine.UseDisplay, "has a monitor"},
	} {
		if d.Uses(u.use) {
			return u.text
		}
	}
	if driver, known := d.Driver(); known && driver != "" {
		return "is used with " + driver
	}
	return ""
}

// groupsHold tells whether the groups of the machine are those of this context:
// a parameter can pretend that there are more.
func (p *pass) groupsHold() bool {
	return p.view.lastParam("pcie_acs_override") == nil || p.cmdlineHas("pcie_acs_override")
}

// idle tells whether no driver of the host has a device in this context, as
// far as is known.
func (p *pass) idle(d *machine.Device) bool {
	driver, known := d.Driver()
	if !known || driver == "" || vfioDriver(driver) {
		return true
	}
	_, blacklisted := p.view.blacklisted(driver)
	return blacklisted
}

func checkGroupViable(p *pass) {
	if !p.groupsHold() {
		return
	}
	for _, g := range p.guestDevices() {
		group, ok := p.m.Group(g.d)
		if !ok {
			continue
		}
		var others []*machine.Device
		var names []string
		harmless, bridges := true, true
		for _, a := range group.Devices {
			e := p.m.Find(a)
			if e == nil || e == g.d || e.Class.Is(pci.ClassPCIBridge) || e.VMD != nil || g.d.VMD != nil {
				continue
			}
			if e.Address.SameSlot(g.addr) && g.d.Class.Display() {
				continue // vfio-function-left-out speaks of it
			}
			if _, h := p.view.passed(a); h != nil || p.view.binds(e) != nil {
				continue
			}
			if p.idle(e) {
				continue
			}
			others = append(others, e)
			names = append(names, p.describe(e)+", which "+p.use(e))
			harmless = harmless && len(e.HostUse) == 0 && !e.Class.Bridge()
			bridges = bridges && e.Class.Bridge()
		}
		if len(others) == 0 {
			continue
		}
		f := p.report(g.ref, Error, fmt.Sprintf("%s shares its IOMMU group with %s: `%s` cannot start", p.describe(g.d), list(names), g.vm.Name), "")
		f.Devices = append([]pci.Addr{g.addr}, addresses(others)...)
		f.Help = "move one of the cards to another slot: each has groups of its own"
		switch driver, _ := others[0].Driver(); {
		case bridges:
			f.Help = fmt.Sprintf("without a driver the bridge does no harm: add `%s` to boot.blacklistedKernelModules", driver)
		case harmless:
			f.Help = "pass " + list(quoted(addresses(others))) + " too, or move one of the cards to another slot"
		}
	}
}

func checkFunctionLeftOut(p *pass) {
	for _, g := range p.guestDevices() {
		if !g.d.Class.Display() || g.d.PhysFn != nil {
			continue
		}
		for _, s := range p.m.Siblings(g.d) {
			if _, h := p.view.passed(s.Address); h != nil || p.view.binds(s) != nil && s.IOMMUGroup != nil {
				continue
			}
			together := s.IOMMUGroup != nil && g.d.IOMMUGroup != nil && *s.IOMMUGroup == *g.d.IOMMUGroup
			severity := Error
			switch {
			case !together && s.Vendor != g.d.Vendor:
				continue // the processor's own graphics have nothing to do with their neighbours
			case p.idle(s):
				severity = Info
			case !together || !p.groupsHold():
				severity = Warning
			}
			message := fmt.Sprintf("`%s` gets %s without its function %s", g.vm.Name, p.describe(g.d), p.describe(s))
			if together {
				message += ", which is in the same IOMMU group"
			}
			f := p.report(g.ref, severity, message, fmt.Sprintf("pass `%s` too, and keep `%s` from the host", s.Address, s.ID()))
			f.Devices = []pci.Addr{g.addr, s.Address}
		}
	}
}

func checkReservedRegions(p *pass) {
	for _, g := range p.guestDevices() {
		group, _ := p.m.Group(g.d)
		i := slices.IndexFunc(group.Reserved, func(r machine.Region) bool { return r.Type == "direct" })
		if i < 0 {
			continue
		}
		r := group.Reserved[i]
		p.report(g.ref, Error, fmt.Sprintf("the firmware demands memory of %s (%s to %s): the kernel refuses to pass it", p.describe(g.d), r.Start, r.End),
			"some firmware has a setting for it; otherwise pass another device").Devices = []pci.Addr{g.addr}
	}
}

func checkVMDChild(p *pass) {
	for _, g := range p.guestDevices() {
		if g.d.VMD == nil {
			continue
		}
		if _, h := p.view.passed(*g.d.VMD); h != nil {
			continue
		}
		if group, ok := p.m.Group(g.d); ok && !slices.Contains(group.Devices, *g.d.VMD) {
			continue // isolated after all
		}
		p.report(g.ref, Error, fmt.Sprintf("%s is behind the VMD controller `%s` and cannot be passed alone", p.describe(g.d), g.d.VMD),
			"switch VMD off for this slot in the firmware, or pass the controller with everything behind it").
			Devices = []pci.Addr{g.addr, *g.d.VMD}
	}
}
