package vfio

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/vfio/kernel"
)

var memoryChecks = []Check{
	{
		Name: "vm-hugepages-memory", Severity: Error,
		Summary: "memory of a guest that does not fit its huge pages",
		Why:     "Memory made of huge pages is a multiple of the size of a page. Fewer pages than the guest has memory keep it from starting, more are lost to everybody.",
		Bad:     "memory = 16384; # MiB\nhugepages.count = 32; # of 1 GiB",
		Good:    "memory = 16384; # MiB\nhugepages.count = 16; # of 1 GiB",
		run:     checkHugepagesMemory,
	},
	{
		Name: "hugepages-kparam-vs-vms", Severity: Error,
		Summary: "fewer huge pages are reserved than the guests need",
		Why: "A guest whose memory is made of huge pages does not start if there are too few. It is an error for those that " +
			"start by themselves; others may never run together. Silent if a sysctl or a script reserves pages later.",
		Bad:  "boot.kernelParams = [ \"hugepagesz=1G\" \"hugepages=16\" ]; # win11 16 GiB, lab 8 GiB",
		Good: "boot.kernelParams = [ \"hugepagesz=1G\" \"hugepages=24\" ];",
		run:  checkHugepagesForVMs,
	},
	{
		Name: "hugepages-in-host-context", Severity: Hint,
		Summary: "huge pages are reserved in a boot entry where no guest can use them",
		Why:     "Reserved pages are lost to everything else. Guests that need them and do not run in this entry have them in theirs.",
		Bad:     `boot.kernelParams = [ "hugepagesz=1G" "hugepages=16" ];`,
		Good:    `boot.kernelParams = lib.mkIf config.modules.vfio.enable [ "hugepagesz=1G" "hugepages=16" ];`,
		run:     checkHugepagesUnused,
	},
	{
		Name: "vm-memory-exceeds-ram", Severity: Error, Needs: Hardware,
		Summary: "guests with passed devices need more memory than there is",
		Why:     "A device reaches all of a guest's memory, which is therefore locked: it cannot be swapped, shared or given back.",
		Bad:     "memory = 65536; # MiB, of 62 GiB",
		Good:    "memory = 32768;",
		run:     checkPinnedMemory,
	},
}

// pageSize returns the size of the pages of a guest's memory; 0 if it has
// none, or nobody knows.
func (p *pass) pageSize(vm *vm) uint64 {
	h := vm.Hugepages
	if h == nil || !is(h.Enabled, true) {
		return 0
	}
	if size, ok := h.PageSize.value(); ok && size != "" {
		n, err := kernel.ParseSize(size)
		if err != nil {
			return 0
		}
		return n
	}
	if h.PageSize != nil && h.PageSize.Maybe || !p.ctx.Params.Complete {
		return 0
	}
	n, _ := p.defaultPageSize()
	return n
}

func checkHugepagesMemory(p *pass) {
	for i := range p.view.vms {
		vm := &p.view.vms[i]
		if vm.Memory != nil {
			if _, err := vm.Memory.Value.Bytes(); err != nil {
				p.report(vm.Memory.ref(), Error, fmt.Sprintf("memory of `%s`: %s", vm.Name, err), "")
				continue
			}
		}
		size := p.pageSize(vm)
		if size == 0 || vm.memory == 0 {
			continue
		}
		pages := (vm.memory + size - 1) / size
		if vm.memory%size != 0 {
			s := Warning // QEMU takes one page more
			if vm.memory < size {
				s = Error
			}
			p.report(vm.Memory.ref(), s, fmt.Sprintf("memory of `%s` (%s) is not a multiple of its huge pages of %s", vm.Name, vm.Memory.Value, sizeName(size)),
				fmt.Sprintf("%s: %s", plural(int(pages), "page", "pages"), gib(pages*size)))
			continue
		}
		count := vm.Hugepages.Count
		if count == nil || count.Value < 0 || uint64(count.Value) == pages {
			continue
		}
		message := fmt.Sprintf("`%s` has %s of memory, but only %s of %s", vm.Name, gib(vm.memory), plural(count.Value, "huge page", "huge pages"), sizeName(size))
		if uint64(count.Value) > pages {
			message = fmt.Sprintf("`%s` has %s of memory, and %d huge pages of %s: %s would never be used", vm.Name, gib(vm.memory), count.Value, sizeName(size), gib((uint64(count.Value)-pages)*size))
		}
		p.report(count.ref(), Warning, message, "").related(vm.Memory.ref(), "the memory").replace(strconv.FormatUint(pages, 10), false)
	}
}

// pageDemand is what guests need of one size.
type pageDemand struct {
	all, autostart, most uint64
	names                []string
	vm                   *vm
}

func (p *pass) demands() map[uint64]*pageDemand {
	demands := map[uint64]*pageDemand{}
	for i := range p.view.vms {
		vm := &p.view.vms[i]
		size := p.pageSize(vm)
		if size == 0 || vm.memory == 0 || !p.runs(vm) {
			continue
		}
		d := demands[size]
		if d == nil {
			d = &pageDemand{}
			demands[size] = d
		}
		pages := (vm.memory + size - 1) / size
		d.all += pages
		if is(vm.Autostart, true) {
			d.autostart += pages
		}
		if pages > d.most {
			d.most, d.vm = pages, vm
		}
		d.names = append(d.names, fmt.Sprintf("`%s` (%d)", vm.Name, pages))
	}
	return demands
}

// runs tells whether a guest may run in this context: one that gets devices
// does not where the host keeps them.
func (p *pass) runs(vm *vm) bool {
	return len(vm.devices) == 0 || p.view.vfio() != vfioOff || p.view.hooks()
}

func checkHugepagesForVMs(p *pass) {
	pools, ok := p.pools()
	if !ok || !p.ctx.Params.Complete || !p.ctx.Sysctl.Complete || p.view.hooks() {
		return
	}
	for i := range p.ctx.Scripts.Facts {
		if strings.Contains(p.ctx.Scripts.Facts[i].Value, "hugepages") {
			return
		}
	}
	for i := range p.ctx.Sysctl.Facts {
		if strings.Contains(p.ctx.Sysctl.Facts[i].Value.Name, "hugepages") {
			return // reserved later, if there is memory then
		}
	}
	demands := p.demands()
	for _, size := range slices.Sorted(maps.Keys(demands)) {
		d := demands[size]
		have, subject := uint64(0), d.vm.Hugepages.Enabled.ref()
		for _, o := range pools {
			if o.size == size {
				have, subject = o.count, o.ref
			}
		}
		if d.all <= have {
			continue
		}
		s := Warning
		if d.autostart > have {
			s = Error
		}
		message := fmt.Sprintf("%s need %s of %s, and the kernel reserves %d", list(d.names), plural(int(d.all), "huge page", "huge pages"), sizeName(size), have)
		if len(d.names) == 1 {
			message = strings.Replace(message, " need ", " needs ", 1)
		}
		f := p.report(subject, s, message, fmt.Sprintf("`hugepagesz=%s hugepages=%d`", sizeName(size), d.all))
		if d.most <= have && s == Warning {
			f.Help += ", unless they never run together"
		}
	}
}

func checkHugepagesUnused(p *pass) {
	pools, ok := p.pools()
	if !ok || !p.ctx.VMsComplete || len(p.demands()) > 0 {
		return
	}
	elsewhere := false
	for i := range p.claims.Contexts {
		for k := range p.claims.Contexts[i].VMs {
			h := p.claims.Contexts[i].VMs[k].Hugepages
			elsewhere = elsewhere || h != nil && h.Enabled != nil && h.Enabled.Value
		}
	}
	for i := range p.view.vms {
		if h := p.view.vms[i].Hugepages; h != nil && p.pageSize(&p.view.vms[i]) == 0 {
			return // nobody knows whether it uses them
		}
	}
	for _, o := range pools {
		if elsewhere && o.size*o.count >= 1<<30 {
			p.report(o.ref, Hint, fmt.Sprintf("%s are set aside in this boot entry, where no guest uses them", gib(o.size*o.count)),
				"reserve them only in the entry where the guests run")
		}
	}
}

// vmPageSizes compares the pages of guests with those that are reserved and
// mounted.
func (p *pass) vmPageSizes() {
	for i := range p.view.vms {
		vm := &p.view.vms[i]
		size := p.pageSize(vm)
		if size == 0 || vm.Hugepages.PageSize == nil {
			continue
		}
		if normal, ok := p.defaultPageSize(); ok && p.ctx.Params.Complete && size != normal && p.ctx.HugetlbMounts.Complete {
			mounted := slices.ContainsFunc(p.ctx.HugetlbMounts.Facts, func(f Fact[string]) bool {
				n, err := kernel.ParseSize(f.Value)
				return err == nil && n == size
			})
			if !mounted {
				p.report(vm.Hugepages.PageSize.ref(), Warning, fmt.Sprintf("huge pages of %s are not the default size, and no hugetlbfs is mounted for them", sizeName(size)),
					fmt.Sprintf("add `default_hugepagesz=%s` to boot.kernelParams, or mount hugetlbfs with `pagesize=%s`", sizeName(size), sizeName(size)))
			}
		}
	}
}

func checkPinnedMemory(p *pass) {
	total := p.m.Memory.TotalKiB << 10
	pools, ok := p.pools()
	if total == 0 || !ok {
		return
	}
	reserved := uint64(0)
	for _, o := range pools {
		reserved += o.size * o.count
	}
	limit := total - min(total, spare)
	var sum, autostart uint64
	var names []string
	var biggest *vm
	for i := range p.view.vms {
		vm := &p.view.vms[i]
		if len(vm.devices) == 0 || vm.memory == 0 || !p.runs(vm) || vm.Hugepages != nil && p.pageSize(vm) != 0 {
			continue // those of huge pages are counted as reserved
		}
		if vm.Memory.Maybe {
			continue
		}
		sum += vm.memory
		if is(vm.Autostart, true) {
			autostart += vm.memory
		}
		if biggest == nil || vm.memory > biggest.memory {
			biggest = vm
		}
		names = append(names, fmt.Sprintf("`%s` (%s)", vm.Name, gib(vm.memory)))
	}
	if biggest == nil || sum+reserved <= limit || reserved > limit {
		return
	}
	s := Info
	if biggest.memory+reserved > limit || autostart+reserved > limit {
		s = Error
	}
	message := fmt.Sprintf("%s lock %s of memory", list(names), gib(sum))
	if len(names) == 1 {
		message = strings.Replace(message, " lock ", " locks ", 1)
	}
	if reserved > 0 {
		message += fmt.Sprintf(" beside %s of huge pages", gib(reserved))
	}
	f := p.report(biggest.Memory.ref(), s, message+fmt.Sprintf(", and the machine has %s", gib(total)), "")
	if s == Info {
		f.Help = "they cannot run together"
	}
}
