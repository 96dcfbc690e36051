package vfio

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/vfio/kernel"
	"github.com/nixlint/nixlint/vfio/machine"
)

var iommuChecks = []Check{
	{
		Name: "iommu-disabled", Severity: Error, Needs: Hardware,
		Summary: "machine without an active IOMMU, whose devices are to go to guests",
		Why:     "Either the firmware has it switched off, or the kernel does not use it. Silent in containers, and if the boot entry that was recorded lacked the parameter that this one has.",
		Bad:     `boot.kernelParams = [ "vfio-pci.ids=10de:2420" ]; # Intel`,
		Good:    `boot.kernelParams = [ "intel_iommu=on" "vfio-pci.ids=10de:2420" ];`,
		run:     checkIOMMUDisabled,
	},
	{
		Name: "iommu-mode-differs", Severity: Info, Needs: Running,
		Summary: "`iommu=pt` is configured, and the running system translates all the same",
		Why:     "The system was not started again since, or memory encryption forces translation.",
		Bad:     `boot.kernelParams = [ "iommu=pt" "mem_encrypt=on" ];`,
		Good:    `boot.kernelParams = [ "iommu=pt" ];`,
		run:     checkIOMMUMode,
	},
	{
		Name: "cmdline-drift", Severity: Info, Needs: Running,
		Summary: "kernel parameters that the running system was not started with",
		Why:     "They count after the next boot. Only parameters about devices, memory and processors are compared.",
		Bad:     `boot.kernelParams = [ "hugepages=16" ]; # not yet in /proc/cmdline`,
		Good:    "# rebuilt and started again",
		run:     checkCmdlineDrift,
	},
}

func checkIOMMUDisabled(p *pass) {
	u := &p.m.IOMMU
	if !u.Off() || !u.ACPI.Known || !p.wantsIOMMU() {
		return
	}
	var subject ref
	switch {
	case p.ctx.VFIO != nil:
		subject = p.ctx.VFIO.ref()
	case len(p.view.bindings) > 0:
		subject = p.view.bindings[0].ref
	default:
		for i := range p.view.vms {
			if len(p.view.vms[i].devices) > 0 {
				subject = p.view.vms[i].devices[0].ref
			}
		}
	}
	if u.ACPI.Name == "" {
		if p.m.Kernel.Arch != "" && p.m.Kernel.Arch != "x86_64" {
			return
		}
		p.report(subject, Error, fmt.Sprintf("the firmware announces no IOMMU %s", p.source()), "switch on VT-d (Intel) or IOMMU and SVM (AMD) in the firmware")
		return
	}
	q := p.view.lastParam("intel_iommu")
	switch {
	case u.ACPI.Name == "DMAR" && (q == nil || !slices.Contains(strings.Split(q.Value, ","), "on")) && p.ctx.Params.Complete:
		p.report(subject, Error, "the machine has an IOMMU, and the kernel does not use it", "add `intel_iommu=on` to boot.kernelParams").
			fix("add `intel_iommu=on`", false, Change{Kind: Add, Option: "boot.kernelParams", Value: "intel_iommu=on"})
	case p.booted():
		p.report(subject, Warning, "the machine has an IOMMU, and the running kernel does not use it", "rebuild and start again; or the firmware has it switched off in part")
	}
}

func checkIOMMUMode(p *pass) {
	q := p.view.lastParam("iommu")
	if q == nil || !slices.Contains(strings.Split(q.Value, ","), "pt") || len(p.m.IOMMU.Groups) == 0 {
		return
	}
	kind := ""
	for _, g := range p.m.IOMMU.Groups {
		if !strings.HasPrefix(g.Type, "DMA") {
			return
		}
		kind = g.Type
	}
	help := "start again"
	if p.cmdlineHas("iommu") {
		help = "memory encryption forces translation, or the kernel was built so"
	}
	p.report(q.ref, Info, fmt.Sprintf("`%s` is configured, and the groups of the running system are of type %s", q.Param, kind), help)
}

func checkCmdlineDrift(p *pass) {
	if p.m.Cmdline == nil || p.m.Captured.Date != "" {
		return // a snapshot is of a configuration that was
	}
	running := map[string]bool{}
	for _, text := range p.m.Cmdline {
		for _, q := range kernel.ParseCmdline(text) {
			running[kernel.ModuleName(q.String())] = true
		}
	}
	var missing []*param
	for i := range p.view.params {
		q := &p.view.params[i]
		if !q.maybe && machine.PublicParam(q.Param.String()) && !running[kernel.ModuleName(q.Param.String())] {
			missing = append(missing, q)
		}
	}
	if len(missing) == 0 {
		return
	}
	var names []string
	for _, q := range missing {
		names = append(names, "`"+q.Param.String()+"`")
	}
	p.report(missing[0].ref, Info, fmt.Sprintf("the running system was started without %s", list(names)), "rebuild and start again")
}
