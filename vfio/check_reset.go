package vfio

import (
	"fmt"
	"slices"

	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

var resetChecks = []Check{
	{
		Name: "vfio-reset-missing", Severity: Warning, Needs: Hardware,
		Summary: "graphics card of a guest that may not come back when the guest stops",
		Why: "Between two runs of a guest the card must be reset. Some cards have no way, some only one for all their " +
			"functions together, and some only seem to. Drivers improve: cards that are known to be bad are only worth " +
			"knowing, with the source of the report.",
		Bad:  `devices.gpu.address = "0000:03:00.0"; # a Vega`,
		Good: "boot.extraModulePackages = [ config.boot.kernelPackages.vendor-reset ];\nboot.kernelModules = [ \"vendor-reset\" ];",
		run:  checkReset,
	},
	{
		Name: "rebar-size", Severity: Hint, Needs: Hardware,
		Summary: "large window of a graphics card that the guest's firmware must have room for",
		Why:     "With Resizable BAR the host maps the card's whole memory. Older firmware of guests does not make room for that by itself.",
		Bad:     "# OVMF of 2022, and a card with a window of 16 GiB",
		Good:    "# -fw_cfg name=opt/ovmf/X-PciMmio64Mb,string=32768",
		run:     checkResizableBAR,
	},
}

// badReset is cards whose reset is known to fail.
type badReset struct {
	vendor      uint16
	first, last uint16 // device ids
	name        string
	problem     string
	// module heals it when it is loaded, if any.
	module string
	source string
}

// badResets is from what users and developers reported; see source.
var badResets = []badReset{
	{pci.VendorATI, 0x67c0, 0x67ff, "Polaris", "it stays as the guest left it", "vendor-reset", "https://github.com/gnif/vendor-reset"},
	{pci.VendorATI, 0x6980, 0x699f, "Polaris", "it stays as the guest left it", "vendor-reset", "https://github.com/gnif/vendor-reset"},
	{pci.VendorATI, 0x6860, 0x687f, "Vega 10", "it stays as the guest left it", "vendor-reset", "https://github.com/gnif/vendor-reset"},
	{pci.VendorATI, 0x66a0, 0x66af, "Vega 20", "it stays as the guest left it", "vendor-reset", "https://github.com/gnif/vendor-reset"},
	{pci.VendorATI, 0x7310, 0x731f, "Navi 10", "it stays as the guest left it", "vendor-reset", "https://github.com/gnif/vendor-reset"},
	{pci.VendorATI, 0x7340, 0x734f, "Navi 14", "it stays as the guest left it", "vendor-reset", "https://github.com/gnif/vendor-reset"},
	{pci.VendorATI, 0x7360, 0x7362, "Navi 12", "it stays as the guest left it", "vendor-reset", "https://github.com/gnif/vendor-reset"},
}

func checkReset(p *pass) {
	for _, g := range p.guestDevices() {
		if !g.d.Class.Display() || g.d.PhysFn != nil {
			continue
		}
		for _, b := range badResets {
			if uint16(g.d.Vendor) != b.vendor || uint16(g.d.Device) < b.first || uint16(g.d.Device) > b.last {
				continue
			}
			if early, late := p.view.loads(b.module); early != nil || late != nil {
				continue
			}
			p.report(g.ref, Info, fmt.Sprintf("%s (%s) is known not to reset: %s when the guest stops", p.describe(g.d), b.name, b.problem),
				fmt.Sprintf("load the module `%s`; see %s", b.module, b.source)).about(g.d)
		}
		if g.d.ResetMethods == nil {
			continue // an older kernel does not tell
		}
		// Below a bridge, vfio resets the bus once all that is on it is passed:
		// that the first device there has no such method is a quirk of its.
		if first := g.d.Address.Device == 0 && g.d.Address.Function == 0; len(g.d.ResetMethods) == 0 && (first || g.d.Parent == nil) {
			p.report(g.ref, Warning, fmt.Sprintf("the kernel knows no way to reset %s: the guest can be started once", p.describe(g.d)), "").about(g.d)
			continue
		}
		// A reset of the whole bus needs all functions; one that only looks at
		// power states may do nothing.
		if slices.ContainsFunc(g.d.ResetMethods, func(m string) bool { return m != "bus" && m != "pm" }) {
			continue
		}
		var left []*machine.Device
		for _, s := range p.m.Siblings(g.d) {
			if _, h := p.view.passed(s.Address); h == nil && p.view.binds(s) == nil {
				left = append(left, s)
			}
		}
		if len(left) > 0 {
			p.report(g.ref, Warning, fmt.Sprintf("%s can only be reset together with %s, which the host keeps", p.describe(g.d), list(quoted(addresses(left)))), "pass all functions of the card").about(g.d).about(left...)
		}
	}
}

func checkResizableBAR(p *pass) {
	for _, g := range p.guestDevices() {
		for _, b := range g.d.BARs {
			if b.Resizable && b.MiB >= 8192 {
				p.report(g.ref, Hint, fmt.Sprintf("%s has a window of %s", p.describe(g.d), gib(b.MiB<<20)),
					fmt.Sprintf("if the guest does not find its memory, give its firmware room: `opt/ovmf/X-PciMmio64Mb` of %d", b.MiB*2)).about(g.d)
			}
		}
	}
}
