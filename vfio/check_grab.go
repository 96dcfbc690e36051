package vfio

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

var grabChecks = []Check{
	{
		Name: "vfio-id-grabs-host-device", Severity: Error, Needs: Hardware,
		Summary: "id that also takes a device which the host keeps",
		Why: "`vfio-pci.ids` takes every device with the id: the second card of the same model, the second disk. Where even " +
			"the subsystem is the same, only `driver_override` tells them apart. Silent if all of them are passed.",
		Bad:  `boot.kernelParams = [ "vfio-pci.ids=10de:2230" ]; # two of them`,
		Good: "services.udev.extraRules = ''\n  ACTION==\"add\", SUBSYSTEM==\"pci\", KERNEL==\"0000:27:00.0\", ATTR{driver_override}=\"vfio-pci\"\n'';",
		run:  checkIDGrabs,
	},
	{
		Name: "sriov-vf-ids", Severity: Warning, Needs: Hardware,
		Summary: "virtual functions that cannot be told apart by id, or whose physical function is given away",
		Why:     "All virtual functions of a card have the same id. Who gives the physical function to a guest takes all of them from the host.",
		Bad:     `boot.kernelParams = [ "vfio-pci.ids=8086:1889" ];`,
		Good:    "services.udev.extraRules = ''KERNEL==\"0000:4b:01.1\", ATTR{driver_override}=\"vfio-pci\"'';",
		run:     checkVirtualFunctions,
	},
}

func checkIDGrabs(p *pass) {
	for i := range p.view.bindings {
		b := &p.view.bindings[i]
		if !b.byID {
			continue
		}
		var passed, kept []*machine.Device
		for _, d := range p.m.Matching(b.pattern) {
			switch _, h := p.view.passed(d.Address); {
			case h != nil:
				passed = append(passed, d)
			case d.PhysFn == nil:
				kept = append(kept, d)
			}
		}
		if len(passed) == 0 || len(kept) == 0 || !p.ctx.VMsComplete {
			continue
		}
		s := Warning
		for _, d := range kept {
			if driver, known := d.Driver(); known && driver != "" && !vfioDriver(driver) || len(d.HostUse) > 0 {
				s = Error
			}
		}
		var names []string
		for _, d := range kept {
			name := p.describe(d)
			if driver, known := d.Driver(); known && driver != "" && !vfioDriver(driver) {
				name += ", which the host uses with " + driver
			}
			names = append(names, name)
		}
		f := p.report(b.ref, s, fmt.Sprintf("`%s` also takes %s", b.text, list(names)), "")
		f.Devices = append(addresses(passed), addresses(kept)...)
		p.disambiguate(f, b, passed, kept)
	}
}

// disambiguate proposes how to keep one of two devices with the same id.
func (p *pass) disambiguate(f *Finding, b *binding, passed, kept []*machine.Device) {
	same := func(ds []*machine.Device, sub pci.ID) bool {
		return slices.ContainsFunc(ds, func(d *machine.Device) bool { return d.SubsystemID() == sub })
	}
	sub := passed[0].SubsystemID()
	alike := !slices.ContainsFunc(passed, func(d *machine.Device) bool { return d.SubsystemID() != sub })
	if alike && !same(kept, sub) && sub != (pci.ID{}) {
		narrow := b.pattern.ID.String() + ":" + sub.String()
		f.Help = fmt.Sprintf("the subsystems differ: `%s` names only %s", narrow, list(quoted(addresses(passed))))
		f.fix("write `"+narrow+"`", false, Change{Source: b.source, Value: strings.Replace(b.whole, b.text, narrow, 1)})
		return
	}
	var rules []string
	for _, d := range passed {
		rules = append(rules, fmt.Sprintf(`KERNEL=="%s", ATTR{driver_override}="vfio-pci"`, d.Address))
	}
	f.Help = "even the subsystem is the same: keep " + list(quoted(addresses(passed))) +
		" by address, with the udev rule `ACTION==\"add\", SUBSYSTEM==\"pci\", " + rules[0] + "` in the initrd"
}

func checkVirtualFunctions(p *pass) {
	for i := range p.view.bindings {
		b := &p.view.bindings[i]
		if !b.byID {
			continue
		}
		var used, passed []*machine.Device
		for _, d := range p.m.Matching(b.pattern) {
			if d.PhysFn == nil {
				continue
			}
			if _, h := p.view.passed(d.Address); h != nil {
				passed = append(passed, d)
			} else if driver, known := d.Driver(); known && driver != "" && !vfioDriver(driver) {
				used = append(used, d)
			}
		}
		if len(used) == 0 {
			continue
		}
		f := p.report(b.ref, Warning, fmt.Sprintf("`%s` takes all virtual functions, also %s, which the host uses", b.text, list(quoted(addresses(used)))), "")
		f.Devices = append(addresses(passed), addresses(used)...)
		f.Help = "keep those for guests by address, with `driver_override`"
		if len(passed) > 0 {
			f.Help = "keep " + list(quoted(addresses(passed))) + " by address, with `driver_override`"
		}
	}
	for _, at := range p.placed() {
		if d := p.m.Find(at.addr); d != nil && at.h != nil && d.SRIOV != nil && d.SRIOV.Num > 0 {
			p.report(at.ref, Warning, fmt.Sprintf("%s has %s, which go with it", p.describe(d), plural(d.SRIOV.Num, "active virtual function", "active virtual functions")),
				"pass one of them instead").Devices = []pci.Addr{d.Address}
		}
	}
}
