package vfio

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/vfio/kernel"
	"github.com/nixlint/nixlint/vfio/pci"
)

var paramChecks = []Check{
	{
		Name: "kparam-duplicate", Severity: Error,
		Summary: "kernel parameter that is given twice, so that one is lost",
		Why: "Lists from several modules are joined, and of a parameter of a module the last one wins: of two " +
			"`vfio-pci.ids` the first is lost without a word. `hugepages=` belongs to the size before it, so that pairs " +
			"of different sizes are right. The same ids again in extraModprobeConfig are fine.",
		Bad:  `boot.kernelParams = [ "vfio-pci.ids=10de:2c05" "vfio-pci.ids=10de:22e9" ];`,
		Good: `boot.kernelParams = [ "vfio-pci.ids=10de:2c05,10de:22e9" ];`,
		run:  checkDuplicateParams,
	},
	{
		Name: "kparam-in-wrong-option", Severity: Error,
		Summary: "kernel parameter among modules, or module among kernel parameters",
		Why:     "`boot.kernelModules` names modules to load. A parameter there is no module: it has no effect, and in the initrd the build fails.",
		Bad:     `boot.kernelModules = [ "kvm-intel" "intel_iommu=on" ];`,
		Good:    "boot.kernelModules = [ \"kvm-intel\" ];\nboot.kernelParams = [ \"intel_iommu=on\" ];",
		run:     checkWrongOption,
	},
	{
		Name: "kparam-unknown-value", Severity: Warning,
		Summary: "kernel parameter with a value that it does not have",
		Why: "The kernel ignores what it does not know. `amd_iommu=on` is folklore: AMD's IOMMU is on by itself. " +
			"`intel_iommu=pt` is meant to be `iommu=pt`, and parameters of modules need the module in front.",
		Bad:  `boot.kernelParams = [ "intel_iommu=pt" ];`,
		Good: `boot.kernelParams = [ "intel_iommu=on" "iommu=pt" ];`,
		run:  checkParamValues,
	},
	{
		Name: "iommu-sme-passthrough", Severity: Warning,
		Summary: "memory encryption together with IOMMU passthrough",
		Why: "`iommu=pt` lets devices reach memory without translation, and with `mem_encrypt=on` devices that cannot " +
			"address the encryption bit must copy all data through a small buffer; freezes were reported.",
		Bad:  `boot.kernelParams = [ "iommu=pt" "mem_encrypt=on" ];`,
		Good: `boot.kernelParams = [ "iommu=pt" ];`,
		run:  checkMemoryEncryption,
	},
	{
		Name: "iommu-off", Severity: Error,
		Summary: "IOMMU switched off where devices are passed to guests",
		Why:     "Without IOMMU vfio-pci gives no device away. `intel_iommu=igfx_off` alone is fine as long as the integrated graphics stay with the host.",
		Bad:     `boot.kernelParams = [ "amd_iommu=off" "vfio-pci.ids=10de:2c05" ];`,
		Good:    `boot.kernelParams = [ "vfio-pci.ids=10de:2c05" ];`,
		run:     checkIOMMUOff,
	},
	{
		Name: "acs-override", Severity: Warning,
		Summary: "`pcie_acs_override` on a kernel without the patch for it",
		Why: "Only patched kernels such as zen, xanmod and liquorix know the parameter. With it, groups are only " +
			"pretended to be isolated.",
		Bad:  "boot.kernelPackages = pkgs.linuxPackages_6_18;\nboot.kernelParams = [ \"pcie_acs_override=downstream\" ];",
		Good: "boot.kernelPackages = pkgs.linuxPackages_zen;\nboot.kernelParams = [ \"pcie_acs_override=downstream\" ];",
		run:  checkACSOverride,
	},
	{
		Name: "kparam-efifb-off", Severity: Info,
		Summary: "`video=efifb:off`, which newer kernels do not heed",
		Why:     "The firmware's screen now belongs to simpledrm, which has no such setting. Since Linux 6.0 vfio-pci takes a card from the firmware's screen by itself; before, `initcall_blacklist=sysfb_init` does it.",
		Bad:     `boot.kernelParams = [ "video=efifb:off" ];`,
		Good:    `boot.kernelParams = [ ];`,
		run:     checkEFIFramebuffer,
	},
}

// edit replaces a parameter within its fact; an empty text removes it.
func (q *param) edit(text string) Change {
	if text == "" && q.alone {
		return Change{Kind: Remove, Source: q.source}
	}
	before, after := q.text[:q.Start], q.text[q.End:]
	if text == "" {
		before, after = strings.TrimRight(before, " "), " "+strings.TrimLeft(after, " ")
	}
	return Change{Kind: Replace, Source: q.source, Value: strings.TrimSpace(before + text + after)}
}

func checkDuplicateParams(p *pass) {
	p.duplicateIDs()
	p.duplicateHugepages()
	once := []string{"iommu", "intel_iommu", "amd_iommu", "iommu.passthrough", "isolcpus", "nohz_full", "rcu_nocbs",
		"default_hugepagesz", "transparent_hugepage", "mem_encrypt", "pcie_acs_override", "nvidia-drm.modeset", "kvm.ignore_msrs"}
	for _, name := range once {
		var first *param
		for i := range p.view.params {
			q := &p.view.params[i]
			switch {
			case !q.Is(name):
			case first == nil:
				first = q
			case q.Value == first.Value:
				p.report(q.ref, Info, fmt.Sprintf("`%s` is given twice", q.Param), "").
					related(first.ref, "given here first").fix("remove it", false, q.edit(""))
			case strings.HasSuffix(name, "iommu"): // options of these add up
			default:
				p.report(q.ref, Warning, fmt.Sprintf("`%s` is given twice with different values: only `%s` counts", name, q.Value), "").
					related(first.ref, "`"+first.Param.String()+"` has no effect")
			}
		}
	}
}

// duplicateIDs compares all places that give ids to vfio-pci.
func (p *pass) duplicateIDs() {
	ids := func(list string) []string {
		set := strings.FieldsFunc(strings.ToLower(list), func(r rune) bool { return r == ',' })
		slices.Sort(set)
		return slices.Compact(set)
	}
	var last *param
	for i := range p.view.params {
		q := &p.view.params[i]
		if !q.Is("vfio-pci.ids") {
			continue
		}
		if last == nil || last.Value == "" {
			last = q
			continue
		}
		first, second := ids(last.Value), ids(q.Value)
		if slices.Equal(first, second) {
			p.report(q.ref, Info, fmt.Sprintf("`%s` is given twice", q.Param), "").
				related(last.ref, "given here first").fix("remove it", false, q.edit(""))
			continue
		}
		lost := slices.DeleteFunc(slices.Clone(first), func(id string) bool { return slices.Contains(second, id) })
		if len(lost) > 0 {
			all := q.Name + "=" + strings.Join(append(slices.Clone(lost), strings.Split(q.Value, ",")...), ",")
			p.report(q.ref, Error, fmt.Sprintf("of two `vfio-pci.ids` only the last counts: `%s` is lost", strings.Join(lost, ",")),
				"write one list: `"+all+"`").related(last.ref, "without effect").
				fix("join the lists", false, last.edit(""), q.edit(all))
		}
		last = q
	}
	if last == nil || last.Value == "" {
		return
	}
	for _, l := range p.idLists() {
		if l.name == "ids" && !slices.Equal(ids(l.value), ids(last.Value)) {
			p.report(last.ref, Warning, "vfio-pci gets different ids from the kernel command line and from modprobe", "keep one of the two lists").
				related(l.ref, "`"+l.value+"`")
		}
	}
}

// duplicateHugepages follows the pairs of hugepagesz= and hugepages=.
func (p *pass) duplicateHugepages() {
	sizes := map[string]*param{}
	var count *param // since the last size
	for i := range p.view.params {
		q := &p.view.params[i]
		switch {
		case q.Is("hugepagesz"):
			if first := sizes[q.Value]; first != nil {
				p.report(q.ref, Warning, fmt.Sprintf("`%s` is given twice: the kernel ignores the second with its `hugepages`", q.Param), "add the numbers of pages").
					related(first.ref, "given here first")
			} else {
				sizes[q.Value] = q
			}
			count = nil
		case q.Is("hugepages"):
			if count != nil {
				p.report(q.ref, Warning, fmt.Sprintf("`%s` follows another `hugepages` without a size of its own and is ignored", q.Param), "add the numbers of pages").
					related(count.ref, "the one that counts")
			} else {
				count = q
			}
		}
	}
}

// modulesOfVFIO are modules that are sometimes written as parameters.
var modulesOfVFIO = []string{"vfio", "vfio_pci", "vfio_iommu_type1", "vfio_virqfd", "kvm_amd", "kvm_intel", "kvmfr"}

func checkWrongOption(p *pass) {
	for _, o := range []struct {
		name string
		list List[string]
	}{{"boot.kernelModules", p.ctx.Modules}, {"boot.initrd.kernelModules", p.ctx.InitrdModules}} {
		for i := range o.list.Facts {
			f := &o.list.Facts[i]
			if !strings.Contains(f.Value, "=") {
				continue
			}
			effect := "it has no effect there"
			if o.name == "boot.initrd.kernelModules" {
				effect = "the initrd cannot be built with it"
			}
			p.report(f.ref(), Error, fmt.Sprintf("`%s` is a kernel parameter, not a module: %s", f.Value, effect), "move it to boot.kernelParams").
				fix("move it to boot.kernelParams", false, Change{Kind: Remove, Source: f.Source}, Change{Kind: Add, Option: "boot.kernelParams", Value: f.Value})
		}
	}
	for i := range p.view.params {
		q := &p.view.params[i]
		if !q.HasValue && slices.Contains(modulesOfVFIO, kernel.ModuleName(q.Name)) {
			p.report(q.ref, Warning, fmt.Sprintf("`%s` is a module: as a kernel parameter it has no effect", q.Name), "move it to boot.kernelModules or boot.initrd.kernelModules").
				fix("move it to boot.initrd.kernelModules", false, q.edit(""), Change{Kind: Add, Option: "boot.initrd.kernelModules", Value: q.Name})
		}
	}
}

// iommuValues are what the parameters know. Each takes several, separated by
// commas.
var iommuValues = map[string][]string{
	"iommu": {"off", "force", "noforce", "biomerge", "panic", "nopanic", "merge", "nomerge", "forcesac", "allowdac", "nodac", "usedac",
		"soft", "pt", "nopt", "allowed", "fullflush", "nofullflush", "noagp", "noaperture", "memaper", "leak", "calgary"},
	"intel_iommu": {"on", "off", "igfx_off", "forcedac", "strict", "sp_off", "sm_on", "sm_off", "tboot_noforce"},
	"amd_iommu": {"fullflush", "off", "force_isolation", "force_enable", "pgtbl_v1", "pgtbl_v2", "irtcachedis", "nohugepages",
		"v2_pgsizes_only"},
}

// modulePrefix are parameters of modules that are often written without the
// module.
var modulePrefix = map[string]string{
	"allow_unsafe_interrupts": "vfio_iommu_type1", "disable_vga": "vfio-pci", "disable_idle_d3": "vfio-pci",
	"ids": "vfio-pci", "ignore_msrs": "kvm", "report_ignored_msrs": "kvm",
}

func checkParamValues(p *pass) {
	for i := range p.view.params {
		q := &p.view.params[i]
		if module := modulePrefix[q.Name]; module != "" && q.HasValue {
			good := module + "." + q.Param.String()
			p.report(q.ref, Warning, fmt.Sprintf("`%s` is a parameter of a module, and the kernel does not know of which", q.Param), "").
				fix("write `"+good+"`", true, q.edit(good))
			continue
		}
		if q.Is("rd.driver.pre") {
			p.report(q.ref, Info, fmt.Sprintf("`%s` is a parameter of dracut, which NixOS does not use", q.Param), "the initrd loads what boot.initrd.kernelModules names").
				fix("remove it", false, q.edit(""))
			continue
		}
		known := iommuValues[strings.ReplaceAll(q.Name, "-", "_")]
		if known == nil || !q.HasValue {
			continue
		}
		for value := range strings.SplitSeq(q.Value, ",") {
			word := strings.TrimRight(value, "0123456789")
			if !slices.Contains(known, value) && !slices.Contains(known, word) && !strings.HasPrefix(value, "memaper=") {
				p.unknownValue(q, value, known)
			}
		}
	}
}

func (p *pass) unknownValue(q *param, value string, known []string) {
	switch {
	case q.Is("amd_iommu") && value == "on" && p.cpuVendor() == intelCPU:
		// The checks of makers speak of it.
	case q.Is("amd_iommu") && value == "on":
		f := p.report(q.ref, Info, "`amd_iommu=on` has no effect: AMD's IOMMU is on by itself", "")
		if q.Value == value {
			f.fix("remove it", false, q.edit(""))
		}
	case value == "pt":
		f := p.report(q.ref, Warning, fmt.Sprintf("`%s` has no value `pt`: `iommu=pt` is meant", q.Name), "")
		switch pt := p.view.lastParam("iommu"); {
		case q.Value != "pt":
			rest := slices.DeleteFunc(strings.Split(q.Value, ","), func(v string) bool { return v == "pt" })
			f.fix("write `iommu=pt`", true, q.edit(q.Name+"="+strings.Join(rest, ",")+" iommu=pt"))
		case pt != nil && pt.Value == "pt":
			f.fix("remove it", true, q.edit(""))
		default:
			f.fix("write `iommu=pt`", true, q.edit("iommu=pt"))
		}
	case q.Is("iommu") && (value == "on" || value == "1"):
		p.report(q.ref, Info, fmt.Sprintf("`%s` has no effect on x86", q.Param), "AMD's IOMMU is on by itself; Intel's wants `intel_iommu=on`")
	default:
		p.report(q.ref, Warning, fmt.Sprintf("`%s` has no value `%s`", q.Name, value), "it knows "+strings.Join(known, ", "))
	}
}

func checkMemoryEncryption(p *pass) {
	encrypt := p.view.lastParam("mem_encrypt")
	if encrypt == nil || encrypt.Value != "on" {
		return
	}
	pt := p.view.lastParam("iommu.passthrough")
	if pt == nil || pt.Value != "1" {
		if pt = p.view.lastParam("iommu"); pt == nil || !slices.Contains(strings.Split(pt.Value, ","), "pt") {
			return
		}
	}
	s := Warning
	if q := p.view.lastParam("kvm_amd.sev"); q != nil {
		s = Info
	}
	for _, m := range p.view.modprobe {
		for _, o := range m.Options {
			if kernel.SameName(o.Module, "kvm_amd") && slices.ContainsFunc(o.Params, func(q kernel.Param) bool { return strings.HasPrefix(q.Name, "sev") }) {
				s = Info
			}
		}
	}
	p.report(encrypt.ref, s, fmt.Sprintf("`mem_encrypt=on` with `%s`: devices that cannot address the encryption bit copy all data through a small buffer", pt.Param),
		"drop one of the two").related(pt.ref, "no translation by the IOMMU")
}

// wantsIOMMU tells whether the context certainly passes devices.
func (p *pass) wantsIOMMU() bool {
	if p.view.vfio() == vfioOn {
		return true
	}
	for i := range p.view.vms {
		if len(p.view.vms[i].devices) > 0 {
			return true
		}
	}
	return false
}

func checkIOMMUOff(p *pass) {
	vendor := p.cpuVendor()
	for i := range p.view.params {
		q := &p.view.params[i]
		amd, intel := q.Is("amd_iommu"), q.Is("intel_iommu")
		if !amd && !intel && !q.Is("iommu") || amd && vendor == intelCPU || intel && vendor == amdCPU || !p.wantsIOMMU() {
			continue
		}
		for value := range strings.SplitSeq(q.Value, ",") {
			switch {
			case value == "off":
				s := Error
				if vendor == "" && (amd || intel) {
					s = Warning // it may be the other maker's
				}
				p.report(q.ref, s, fmt.Sprintf("`%s` switches off what vfio-pci needs", q.Param), "").fix("remove it", false, q.edit(""))
			case value == "igfx_off" && intel:
				if vm, h := p.view.passed(pci.Addr{Device: 2}); h != nil {
					p.report(q.ref, Error, fmt.Sprintf("`%s` takes the integrated graphics from the IOMMU, and `%s` gets them", q.Param, vm.Name), "").
						related(h.ref, "passed to a guest")
				}
			}
		}
	}
	n := &p.ctx.NVIDIA
	if q := p.view.lastParam("nomodeset"); q != nil && (is(n.Sync, true) || is(n.Offload, true)) {
		p.report(q.ref, Warning, "`nomodeset` keeps the drivers from the cards that PRIME shares", "").fix("remove it", false, q.edit(""))
	}
}

// patchedFlavours are kernels of nixpkgs that have the patch for
// pcie_acs_override.
var patchedFlavours = []string{"zen", "xanmod", "lqx", "cachyos", "tkg"}

func checkACSOverride(p *pass) {
	q := p.view.lastParam("pcie_acs_override")
	flavour, ok := p.ctx.Kernel.Flavour.value()
	if q == nil || !ok {
		return
	}
	if slices.ContainsFunc(patchedFlavours, func(f string) bool { return strings.Contains(flavour, f) }) {
		p.report(q.ref, Hint, fmt.Sprintf("`%s` makes groups look isolated that are not: a guest may reach devices of the host", q.Param), "")
		return
	}
	if !strings.HasPrefix(flavour, "linux") || is(p.ctx.Kernel.Patched, true) {
		return
	}
	s := Warning
	if p.ctx.Kernel.Patched == nil {
		s = Info
	}
	p.report(q.ref, s, fmt.Sprintf("`%s` needs a patched kernel: `%s` ignores it, and groups stay as they are", q.Name, flavour),
		"`linuxPackages_zen` and `linuxPackages_xanmod` have the patch")
}

func checkEFIFramebuffer(p *pass) {
	for i := range p.view.params {
		q := &p.view.params[i]
		if q.Is("video") && strings.HasPrefix(q.Value, "efifb:off") {
			message := fmt.Sprintf("`%s` has no effect on kernels that use simpledrm", q.Param)
			if p.kernelBefore(6, 0) {
				p.report(q.ref, Info, message, "write `initcall_blacklist=sysfb_init`").
					fix("write `initcall_blacklist=sysfb_init`", false, q.edit("initcall_blacklist=sysfb_init"))
				continue
			}
			p.report(q.ref, Info, message, "since Linux 6.0 vfio-pci takes the card from the firmware's screen by itself").
				fix("remove it", false, q.edit(""))
		}
	}
}
