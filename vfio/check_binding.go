package vfio

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

var bindingChecks = []Check{
	{
		Name: "vfio-ids-empty", Severity: Error,
		Summary: "VFIO is enabled, and no device is kept for guests",
		Why: "An entry that gives a graphics card to a guest must keep the host's driver from it: by `vfio-pci.ids`, by " +
			"modprobe options, or by `driver_override`. It is an error only if libvirt is told not to bind the card " +
			"itself. Silent if scripts move the card when the guest starts.",
		Bad:  "modules.vfio.enable = true; # and nothing sets gpuPciIds\nvirtualisation.vms.win11.vfio.devices.gpu.address = \"0000:01:00.0\";",
		Good: "modules.vfio.enable = true;\nmodules.vfio.gpuPciIds = [ \"10de:2c05\" \"10de:22e9\" ];",
		run:  checkIDsEmpty,
	},
	{
		Name: "vfio-ids-hostdev-mismatch", Severity: Warning,
		Summary: "device of a guest whose id is not among the ids that are kept",
		Why:     "Every function of a card has its own id, and each of them must be kept: the card, its sound, its USB controller.",
		Bad:     "boot.kernelParams = [ \"vfio-pci.ids=10de:2c05\" ];\n# win11 also gets the sound, 10de:22e9",
		Good:    "boot.kernelParams = [ \"vfio-pci.ids=10de:2c05,10de:22e9\" ];",
		run:     checkIDsAgainstHostdevs,
	},
	{
		Name: "vfio-gpu-fields-incomplete", Severity: Error,
		Summary: "a guest is to get a graphics card, and its address is missing",
		Why:     "Without an address libvirt cannot be told which card; evaluation fails or the guest gets none.",
		Bad:     "virtualisation.vms.win11.gpu.enable = true;",
		Good:    "virtualisation.vms.win11.gpu = { enable = true; address = \"0000:01:00.0\"; };",
		run:     checkGPUFields,
	},
	{
		Name: "vfio-ids-without-module", Severity: Error,
		Summary: "ids for vfio-pci, and nothing loads it, or too late",
		Why: "Nothing loads vfio-pci by itself. The ids have no effect until it is loaded, and only in the initrd is it " +
			"earlier than the drivers of graphics cards. libvirt loads it for devices that it manages.",
		Bad:  `boot.kernelParams = [ "vfio-pci.ids=10de:2c05" ];`,
		Good: "boot.kernelParams = [ \"vfio-pci.ids=10de:2c05\" ];\nboot.initrd.kernelModules = [ \"vfio_pci\" \"vfio\" \"vfio_iommu_type1\" ];",
		run:  checkModuleForIDs,
	},
	{
		Name: "vfio-id-not-present", Severity: Error, Needs: Hardware,
		Summary: "id of a device that the machine does not have",
		Why:     "The card was replaced, or the id was copied from somebody else. An id that no database knows is no reason for a finding.",
		Bad:     `boot.kernelParams = [ "vfio-pci.ids=10de:2782" ]; # the card is a 10de:2c05`,
		Good:    `boot.kernelParams = [ "vfio-pci.ids=10de:2c05" ];`,
		run:     checkIDPresent,
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

func checkIDsEmpty(p *pass) {
	v := p.view
	if len(v.bindings) > 0 || !v.bindingsKnown() || v.hooks() {
		return
	}
	subject, s := ref{}, Warning
	switch q := v.lastParam("vfio-pci.ids"); {
	case is(p.ctx.VFIO, true):
		subject = p.ctx.VFIO.ref()
	case p.ctx.VFIO == nil && q != nil && q.Value == "":
		subject = q.ref
	default:
		return
	}
	for i := range p.ctx.Scripts.Facts {
		if strings.Contains(p.ctx.Scripts.Facts[i].Value, "driver_override") {
			return // by a way that nobody can follow
		}
	}
	var passed []string
	var ids []string
	var first ref
	for i := range v.vms {
		if !v.vms[i].passesGPU() {
			continue
		}
		for k := range v.vms[i].devices {
			h := &v.vms[i].devices[k]
			if !h.hasAddr {
				continue
			}
			if len(passed) == 0 {
				first = h.ref
			}
			passed = append(passed, fmt.Sprintf("`%s`", h.addr))
			if is(h.Managed, false) {
				s = Error
			}
			if h.hasID {
				ids = append(ids, h.id.String())
			} else if p.m != nil {
				if d := p.m.Find(h.addr); d != nil {
					ids = append(ids, d.ID().String())
				}
			}
		}
	}
	if len(passed) == 0 {
		return
	}
	passed, ids = unique(passed), unique(ids)
	f := p.report(subject, s, fmt.Sprintf("VFIO is enabled, but no device is kept for guests: %s would be taken from the host's driver", list(passed)),
		"set `vfio-pci.ids` to the ids of all functions of the card, as `lspci -nn` prints them").related(first, "passed to a guest")
	if len(ids) == len(passed) {
		value := "vfio-pci.ids=" + strings.Join(ids, ",")
		f.Help = "add `" + value + "` to boot.kernelParams"
		f.fix("keep the devices for guests", false, Change{Kind: Add, Option: "boot.kernelParams", Value: value})
	}
}

func checkIDsAgainstHostdevs(p *pass) {
	v := p.view
	if !v.bindingsKnown() || len(v.bindings) == 0 || v.hooks() {
		return
	}
	var last *binding // by id
	for i := range v.bindings {
		if !v.bindings[i].byID {
			return
		}
		last = &v.bindings[i]
	}
	for i := range v.vms {
		for k := range v.vms[i].devices {
			h := &v.vms[i].devices[k]
			id, known := h.id, h.hasID
			if !known && p.m != nil && h.hasAddr {
				if d := p.m.Find(h.addr); d != nil {
					id, known = d.ID(), true
				}
			}
			if !known || slices.ContainsFunc(v.bindings, func(b binding) bool { return b.pattern.ID == id }) {
				continue
			}
			s := Warning
			if h.Role == OtherDevice && is(h.Managed, true) {
				s = Hint // libvirt takes it when the guest starts
			}
			at := ""
			if h.hasAddr {
				at = " at `" + h.addr.String() + "`"
			}
			f := p.report(h.ref, s, fmt.Sprintf("`%s` gets the device `%s`%s, and %s does not keep it from the host", v.vms[i].Name, id, at, last.origin), "add the id").
				related(last.ref, "the ids that are kept")
			if last.origin == "vfio-pci.ids" {
				f.fix("add `"+id.String()+"`", false, Change{Source: last.source, Value: strings.Replace(last.whole, last.text, last.text+","+id.String(), 1)})
			}
		}
	}
}

func checkGPUFields(p *pass) {
	for i := range p.view.vms {
		vm := &p.view.vms[i]
		if is(vm.PassGPU, true) && vm.Hostdevs.Complete {
			if !slices.ContainsFunc(vm.devices, func(h hostdev) bool { return h.Role == GPU && (h.Address != nil || h.Libvirt != nil) }) {
				p.report(vm.PassGPU.ref(), Error, fmt.Sprintf("`%s` is to get a graphics card, and its address is not set", vm.Name),
					"`lspci -Dnn` prints the addresses of all devices")
			}
		}
		for k := range vm.devices {
			h := &vm.devices[k]
			if h.ID != nil && h.Address == nil && h.Libvirt == nil && vm.Hostdevs.Complete {
				p.report(h.ID.ref(), Warning, fmt.Sprintf("the device `%s` of `%s` has no address: the guest does not get it", h.ID.Value, vm.Name), "")
			}
		}
	}
}

// gpuDrivers are the drivers that take graphics cards of a maker.
var gpuDrivers = map[uint16][]string{
	pci.VendorNVIDIA: {"nvidia", "nvidia_drm", "nvidia_modeset", "nvidia_uvm", "nouveau"},
	pci.VendorATI:    {"amdgpu", "radeon"},
	pci.VendorIntel:  {"i915", "xe"},
}

func checkModuleForIDs(p *pass) {
	v := p.view
	var bound *binding
	for i := range v.bindings {
		if v.bindings[i].byID && v.bindings[i].origin != "driver_override" {
			bound = &v.bindings[i]
		}
	}
	if bound == nil || bound.maybe {
		return
	}
	early, late := v.loads("vfio-pci")
	if early != nil {
		return
	}
	if late != nil {
		p.lateModule(bound, late)
		return
	}
	if !p.ctx.Modules.Complete || !p.ctx.InitrdModules.Complete || !p.ctx.Modprobe.Complete {
		return
	}
	for _, m := range v.modprobe {
		for _, s := range m.Softdeps {
			for _, pre := range s.Pre {
				if vfioDriver(pre) {
					return
				}
			}
		}
	}
	s := Warning
	for i := range v.vms {
		for k := range v.vms[i].devices {
			if is(v.vms[i].devices[k].Managed, false) {
				s = Error
			}
		}
	}
	p.report(bound.ref, s, fmt.Sprintf("`%s` has no effect: nothing loads vfio-pci", bound.origin),
		"add `vfio_pci`, `vfio` and `vfio_iommu_type1` to boot.initrd.kernelModules").
		fix("load vfio-pci in the initrd", false,
			Change{Kind: Add, Option: "boot.initrd.kernelModules", Value: "vfio_pci"},
			Change{Kind: Add, Option: "boot.initrd.kernelModules", Value: "vfio"},
			Change{Kind: Add, Option: "boot.initrd.kernelModules", Value: "vfio_iommu_type1"})
}

// lateModule reports drivers that are in the initrd while vfio-pci is not.
func (p *pass) lateModule(bound *binding, late *Fact[string]) {
	for _, b := range p.view.bindings {
		if !b.byID {
			continue
		}
		for _, driver := range gpuDrivers[b.pattern.Vendor] {
			if f := find(p.ctx.InitrdModules, driver); f != nil && !p.view.softdep(driver, "vfio-pci") {
				p.report(late.ref(), Warning, fmt.Sprintf("vfio-pci is loaded after the initrd, where `%s` takes %s", f.Value, b.text),
					"move `"+late.Value+"` to boot.initrd.kernelModules").related(f.ref(), "loaded earlier").related(bound.ref, "the ids")
				return
			}
		}
	}
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
	f := p.report(r, Error, message, "")
	candidates := p.replacements(pattern.ID)
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

// replacements returns the devices that an id which is not there was probably
// meant for: those of the same maker that guests get and no id keeps; or the
// graphics cards of that maker.
func (p *pass) replacements(id pci.ID) []*machine.Device {
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
		if d.Class.Display() && !audio || d.Class.Is(pci.ClassHDAudio) && audio {
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
		if at.use == HostAddress || p.belowThunderbolt(at.addr) {
			s = Warning
		}
		f := p.report(at.ref, s, fmt.Sprintf("there is no device at `%s` %s", at.addr, p.source()),
			"buses are numbered anew when a card is added or taken out")
		if d := p.elsewhere(at); d != nil {
			p.suggestMove(f, at, d)
		}
	}
}

// belowThunderbolt tells whether an address is on a bus that is reserved for
// what may be plugged into a Thunderbolt port.
func (p *pass) belowThunderbolt(a pci.Addr) bool {
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
			}
		case !h.hasID && (h.Role == GPU && !d.Class.Display() || h.Role == GPUAudio && d.Class.Base() != 4):
			wanted := "graphics card"
			if h.Role == GPUAudio {
				wanted = "sound device"
			}
			f := p.report(at.ref, Error, fmt.Sprintf("`%s` is %s, no %s", at.addr, p.what(d), wanted),
				"buses are numbered anew when a card is added or taken out")
			f.Devices = []pci.Addr{d.Address}
		}
	}
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
