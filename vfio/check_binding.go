package vfio

import (
	"fmt"
	"slices"
	"strings"

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
			if h.role == OtherDevice && !is(h.Managed, false) {
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
			if !slices.ContainsFunc(vm.devices, func(h hostdev) bool { return h.role == GPU && (h.Address != nil || h.Libvirt != nil) }) {
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
			if is(v.vms[i].devices[k].Managed, false) && p.stockKernel() {
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

// stockKernel tells whether the kernel certainly is one of nixpkgs', which have
// vfio-pci as a module.
func (p *pass) stockKernel() bool {
	flavour, ok := p.ctx.Kernel.Flavour.value()
	return ok && strings.HasPrefix(flavour, "linux") && is(p.ctx.Kernel.Patched, false)
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
