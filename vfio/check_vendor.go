package vfio

import (
	"fmt"

	"github.com/nixlint/nixlint/vfio/kernel"
	"github.com/nixlint/nixlint/vfio/machine"
)

var vendorChecks = []Check{
	{
		Name: "iommu-vendor-mismatch", Severity: Warning,
		Summary: "IOMMU parameter of the other maker of processors, or none where one is needed",
		Why: "`amd_iommu=` does nothing on an Intel processor, and Intel's IOMMU is off on many kernels unless " +
			"`intel_iommu=on` is given. Silent where both are set, as in a module for all hosts.",
		Bad:  "boot.kernelModules = [ \"kvm-intel\" ];\nboot.kernelParams = [ \"amd_iommu=on\" ];",
		Good: "boot.kernelModules = [ \"kvm-intel\" ];\nboot.kernelParams = [ \"intel_iommu=on\" ];",
		run:  checkIOMMUVendor,
	},
	{
		Name: "vm-cpu-vendor-flags", Severity: Warning,
		Summary: "processor feature that the host's processors do not have",
		Why: "libvirt refuses to start a guest that requires a feature of the other maker, unless it is told to check nothing, " +
			"as it is by default with `host-passthrough`: then QEMU warns and leaves the feature out. On AMD, a guest whose cores " +
			"have two threads sees them only with `topoext`.",
		Bad:  "boot.kernelModules = [ \"kvm-intel\" ];\n# the guest requires topoext",
		Good: "boot.kernelModules = [ \"kvm-intel\" ];",
		run:  checkCPUFeatures,
	},
	{
		Name: "iommu-cpu-vendor", Severity: Warning, Needs: Hardware,
		Summary: "KVM module or IOMMU parameter of another maker than the machine's processor",
		Why:     "A module that is loaded by name and does not fit the processor fails at every boot.",
		Bad:     `boot.kernelModules = [ "kvm-intel" ]; # the processor is AMD's`,
		Good:    `boot.kernelModules = [ "kvm-amd" ];`,
		run:     checkCPUVendor,
	},
	{
		Name: "kvm-unavailable", Severity: Warning, Needs: Running,
		Summary: "machine without /dev/kvm",
		Why:     "Without KVM guests are emulated, a hundred times slower, and PCI devices cannot be passed. Virtualization is often off in the firmware.",
		Bad:     "# SVM or VT-x is off in the firmware",
		Good:    "# SVM or VT-x is on in the firmware",
		run:     checkKVM,
	},
}

const (
	amdCPU   = machine.AMD
	intelCPU = machine.Intel
)

var kvmModules = map[string]string{amdCPU: "kvm-amd", intelCPU: "kvm-intel"}

// cpuVendor returns who made the processor: by the machine, or by what the
// configuration says if all of it agrees; "" if unknown.
func (p *pass) cpuVendor() string {
	if p.m != nil && p.m.CPU.Vendor != "" {
		return p.m.CPU.Vendor
	}
	v, _ := p.claimedVendor()
	return v
}

// claimedVendor returns the maker that the configuration speaks of, and a fact
// that says so.
func (p *pass) claimedVendor() (string, ref) {
	vendor, by := "", ref{}
	add := func(v string, r ref) bool {
		if vendor != "" && vendor != v {
			return false
		}
		vendor, by = v, r
		return true
	}
	for i := range p.ctx.CPUVendor.Facts {
		f := &p.ctx.CPUVendor.Facts[i]
		if f.Maybe || !add(f.Value, f.ref()) {
			return "", ref{}
		}
	}
	for v, module := range kvmModules {
		for _, l := range []List[string]{p.ctx.Modules, p.ctx.InitrdModules} {
			if f := find(l, module); f != nil && (f.Maybe || !add(v, f.ref())) {
				return "", ref{}
			}
		}
	}
	return vendor, by
}

func makerName(vendor string) string {
	if vendor == amdCPU {
		return "AMD"
	}
	return "Intel"
}

func checkIOMMUVendor(p *pass) {
	amd, intel := p.view.lastParam("amd_iommu"), p.view.lastParam("intel_iommu")
	vendor, by := p.claimedVendor()
	if vendor == "" || amd != nil && intel != nil {
		return
	}
	known := p.m != nil && p.m.CPU.Vendor != "" // iommu-cpu-vendor speaks of it
	switch {
	case vendor == intelCPU && amd != nil && !known:
		p.report(amd.ref, Warning, fmt.Sprintf("`%s` does nothing on an Intel processor", amd.Param), "Intel's IOMMU wants `intel_iommu=on`").
			related(by, "the host is Intel").fix("write `intel_iommu=on`", false, amd.edit("intel_iommu=on"))
	case vendor == amdCPU && intel != nil && !known:
		p.report(intel.ref, Warning, fmt.Sprintf("`%s` does nothing on an AMD processor", intel.Param), "AMD's IOMMU is on by itself").
			related(by, "the host is AMD").fix("remove it", false, intel.edit(""))
	case vendor == intelCPU && intel == nil && p.ctx.Params.Complete && p.view.vfio() == vfioOn && !p.iommuSeen():
		subject := by
		if p.ctx.VFIO != nil {
			subject = p.ctx.VFIO.ref()
		} else if len(p.view.bindings) > 0 {
			subject = p.view.bindings[0].ref
		}
		p.report(subject, Warning, "VFIO on an Intel host without `intel_iommu=on`: on most kernels the IOMMU stays off", "add it to boot.kernelParams").
			related(by, "the host is Intel").fix("add `intel_iommu=on`", false, Change{Kind: Add, Option: "boot.kernelParams", Value: "intel_iommu=on"})
	}
}

// iommuSeen tells whether the machine drives its IOMMU without being told to.
func (p *pass) iommuSeen() bool {
	if p.m == nil || len(p.m.IOMMU.Groups) == 0 || p.m.Cmdline == nil {
		return false
	}
	for _, text := range p.m.Cmdline {
		if q := kernel.ParseCmdline(text); len(q) > 0 && q[0].Is("intel_iommu") {
			return false
		}
	}
	return true
}

func checkCPUFeatures(p *pass) {
	vendor := p.cpuVendor()
	for i := range p.view.vms {
		vm := &p.view.vms[i]
		topoext := false
		for k := range vm.CPUFeatures.Facts {
			f := &vm.CPUFeatures.Facts[k]
			wanted := f.Value.Policy == "require" || f.Value.Policy == "force"
			topoext = topoext || f.Value.Name == "topoext" && wanted
			switch {
			case !wanted:
			case f.Value.Name == "topoext" && vendor == intelCPU:
				p.report(f.ref(), Warning, fmt.Sprintf("`topoext` is a feature of AMD's processors: on Intel `%s` does not get it, or does not start", vm.Name), "").remove(false)
			case f.Value.Name == "evmcs" && vendor == amdCPU:
				p.report(f.ref(), Warning, fmt.Sprintf("`evmcs` is a feature of Intel's processors: on AMD `%s` does not get it, or does not start", vm.Name), "").remove(false)
			}
		}
		if n, ok := vm.Topology.Threads.value(); ok && n > 1 && vendor == amdCPU && !topoext && vm.CPUFeatures.Complete {
			p.report(vm.Topology.Threads.ref(), Hint, fmt.Sprintf("without the feature `topoext`, `%s` sees %d threads of a core as cores", vm.Name, n),
				"require `topoext` for the processor of the guest")
		}
	}
}

func checkCPUVendor(p *pass) {
	vendor := p.m.CPU.Vendor
	if kvmModules[vendor] == "" {
		return
	}
	for other, module := range kvmModules {
		if other == vendor {
			continue
		}
		if find(p.ctx.Modules, kvmModules[vendor]) != nil {
			continue // both: a module for all hosts
		}
		if f := find(p.ctx.Modules, module); f != nil {
			p.report(f.ref(), Warning, fmt.Sprintf("`%s` does not fit the processor, which is %s's: loading it fails at every boot", f.Value, makerName(vendor)), "").
				replace(kvmModules[vendor], false)
		}
	}
	amd, intel := p.view.lastParam("amd_iommu"), p.view.lastParam("intel_iommu")
	switch {
	case amd != nil && intel != nil:
	case vendor == intelCPU && amd != nil:
		p.report(amd.ref, Warning, fmt.Sprintf("`%s` does nothing: the processor is Intel's", amd.Param), "Intel's IOMMU wants `intel_iommu=on`").
			fix("write `intel_iommu=on`", false, amd.edit("intel_iommu=on"))
	case vendor == amdCPU && intel != nil:
		p.report(intel.ref, Warning, fmt.Sprintf("`%s` does nothing: the processor is AMD's, whose IOMMU is on by itself", intel.Param), "").
			fix("remove it", false, intel.edit(""))
	}
}

func checkKVM(p *pass) {
	there, known := p.m.DevNodes["/dev/kvm"]
	if !known || there || len(p.ctx.VMs) == 0 {
		return
	}
	p.report(p.view.vms[0].self(), Warning, "this machine has no /dev/kvm", "switch on SVM or VT-x in the firmware; inside of a guest, nested virtualization on its host")
}
