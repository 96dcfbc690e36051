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
		Name: "hugepages-params", Severity: Error,
		Summary: "huge pages that the kernel does not reserve as written",
		Why:     "x86 has pages of 2M and 1G. `hugepages=` belongs to the `hugepagesz=` before it, and without one to the default size.",
		Bad:     `boot.kernelParams = [ "hugepages=16" "hugepagesz=1G" ];`,
		Good:    `boot.kernelParams = [ "hugepagesz=1G" "hugepages=16" ];`,
		run:     checkHugepagesParams,
	},
	{
		Name: "hugepages-exceed-ram", Severity: Error, Needs: Hardware,
		Summary: "more huge pages than the machine can spare",
		Why:     "What remains must carry the host. Less than 1 GiB is an error; less than 16 GiB and a quarter of the memory is a warning.",
		Bad:     `boot.kernelParams = [ "hugepagesz=1G" "hugepages=64" ]; # of 62 GiB`,
		Good:    `boot.kernelParams = [ "hugepagesz=1G" "hugepages=32" ];`,
		run:     checkHugepagesRAM,
	},
	{
		Name: "hugepages-unavailable", Severity: Error, Needs: Hardware,
		Summary: "huge pages of a size that the machine does not have, or fewer than asked for",
		Why:     "Old processors have no pages of 1 GiB. While the system runs, memory is too scattered for large pages: only the kernel command line gets them reliably.",
		Bad:     `boot.kernel.sysctl."vm.nr_hugepages" = 16;`,
		Good:    `boot.kernelParams = [ "hugepagesz=1G" "hugepages=16" ];`,
		run:     checkHugepagesAvailable,
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

// pool is the pages of one size that the kernel command line reserves.
type pool struct {
	ref
	size  uint64 // bytes
	count uint64
	nodes map[int]uint64
}

// pools returns the pages that are reserved, by size. ok is false if a
// parameter is malformed; checkHugepagesParams speaks of it.
func (p *pass) pools() (pools []pool, ok bool) {
	size, known := p.defaultPageSize()
	ok = known
	for i := range p.view.params {
		q := &p.view.params[i]
		switch {
		case q.Is("hugepagesz"):
			n, err := kernel.ParseSize(q.Value)
			if err != nil {
				return nil, false
			}
			size = n
		case q.Is("hugepages"):
			count, nodes, err := pageCount(q.Value)
			if err != nil || size == 0 || count > 1<<50/size {
				return nil, false
			}
			if !slices.ContainsFunc(pools, func(o pool) bool { return o.size == size }) {
				pools = append(pools, pool{q.ref, size, count, nodes})
			}
		}
	}
	return pools, ok
}

// pageCount parses `16` or, by node, `0:8,1:8`.
func pageCount(s string) (sum uint64, nodes map[int]uint64, err error) {
	if !strings.Contains(s, ":") {
		sum, err = strconv.ParseUint(s, 0, 40)
		return sum, nil, err
	}
	nodes = map[int]uint64{}
	for part := range strings.SplitSeq(s, ",") {
		node, count, _ := strings.Cut(part, ":")
		k, err := strconv.Atoi(node)
		if err != nil {
			return 0, nil, err
		}
		n, err := strconv.ParseUint(count, 0, 40)
		if err != nil {
			return 0, nil, err
		}
		nodes[k] = n
		sum += n
	}
	return sum, nodes, nil
}

// defaultPageSize returns the size of huge pages for which none is named.
func (p *pass) defaultPageSize() (uint64, bool) {
	if q := p.view.lastParam("default_hugepagesz"); q != nil {
		n, err := kernel.ParseSize(q.Value)
		return n, err == nil
	}
	return 2 << 20, p.x86()
}

func (p *pass) x86() bool {
	return p.claims.System == "" || strings.HasPrefix(p.claims.System, "x86_64")
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

func sizeName(bytes uint64) string {
	if bytes >= 1<<30 {
		return fmt.Sprintf("%dG", bytes>>30)
	}
	return fmt.Sprintf("%dM", bytes>>20)
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

func checkHugepagesParams(p *pass) {
	var sized, early *param // a size without number, a number before any size
	for i := range p.view.params {
		q := &p.view.params[i]
		switch {
		case q.Is("hugepagesz") || q.Is("default_hugepagesz"):
			p.hugepageSize(q)
			if q.Is("hugepagesz") {
				sized = q
			}
		case q.Is("hugepages"):
			if n, _, err := pageCount(q.Value); err != nil || n > 1<<30 {
				p.report(q.ref, Error, fmt.Sprintf("`%s` is not a number of pages", q.Param), "")
			}
			if sized == nil {
				early = q
			}
			sized = nil
		}
	}
	if sized != nil && early != nil && p.view.lastParam("default_hugepagesz") == nil {
		p.report(early.ref, Error, fmt.Sprintf("`%s` stands before `%s` and reserves pages of the default size, 2M", early.Param, sized.Param), "the size comes first").
			related(sized.ref, "the size")
	}
	p.vmPageSizes()
}

func (p *pass) hugepageSize(q *param) {
	n, err := kernel.ParseSize(q.Value)
	x86 := strings.HasPrefix(p.claims.System, "x86_64")
	switch {
	case err != nil:
		f := p.report(q.ref, Error, fmt.Sprintf("`%s` is not a size that the kernel reads", q.Param), "sizes are `2M` and `1G`")
		for _, good := range []string{"2M", "1G"} {
			if strings.EqualFold(q.Value, good+"B") || strings.EqualFold(q.Value, good[:1]+"i"+good[1:]+"B") || strings.EqualFold(q.Value, good+"iB") {
				f.fix("write `"+good+"`", true, q.edit(q.Name+"="+good))
			}
		}
	case x86 && n != 2<<20 && n != 1<<30:
		p.report(q.ref, Error, fmt.Sprintf("`%s` is no size of pages on x86", q.Param), "there are 2M and 1G")
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

// spare is the memory without which no host runs.
const spare = 1 << 30

func checkHugepagesRAM(p *pass) {
	pools, ok := p.pools()
	total := p.m.Memory.TotalKiB << 10
	if !ok || total == 0 {
		return
	}
	sum, biggest := uint64(0), pool{}
	for _, o := range pools {
		sum += o.size * o.count
		if o.size*o.count >= biggest.size*biggest.count {
			biggest = o
		}
	}
	if sum == 0 {
		return
	}
	if limit := total - min(total, spare); sum > limit {
		f := p.report(biggest.ref, Error, fmt.Sprintf("%s in huge pages of %s that there are %s", gib(sum), gib(total), p.source()), "")
		if rest := sum - biggest.size*biggest.count; rest < limit {
			f.Help = fmt.Sprintf("at most %d pages of %s leave anything to the host", (limit-rest)/biggest.size, sizeName(biggest.size))
		}
		return
	}
	if sum > total/4*3 && total-sum < 16<<30 {
		p.report(biggest.ref, Warning, fmt.Sprintf("%s in huge pages leave %s to the host", gib(sum), gib(total-sum)), "")
	}
	for _, o := range pools {
		for node, count := range o.nodes {
			if have := p.m.Memory.NodesKiB[node] << 10; have > 0 && count*o.size > have {
				p.report(o.ref, Error, fmt.Sprintf("%s in huge pages on node %d, which has %s", gib(count*o.size), node, gib(have)), "")
			}
		}
	}
}

func checkHugepagesAvailable(p *pass) {
	pools, ok := p.pools()
	if !ok || p.m.Hugepages == nil {
		return
	}
	for _, o := range pools {
		name := fmt.Sprintf("%dkB", o.size>>10)
		have, there := p.m.Hugepages[name]
		switch {
		case !there:
			p.report(o.ref, Error, fmt.Sprintf("the processor has no pages of %s", sizeName(o.size)), "use pages of 2M")
		case p.booted() && have.Count < o.count && p.cmdlineHas("hugepages"):
			p.report(o.ref, Warning, fmt.Sprintf("of %d huge pages of %s the kernel got %d", o.count, sizeName(o.size), have.Count), "reserve fewer; memory that firmware and devices hold cannot be used")
		}
	}
	for i := range p.ctx.Sysctl.Facts {
		f := &p.ctx.Sysctl.Facts[i]
		n, err := strconv.ParseUint(f.Value.Value, 10, 40)
		if f.Value.Name != "vm.nr_hugepages" || err != nil || !p.booted() {
			continue
		}
		if size, ok := p.defaultPageSize(); ok {
			if have, there := p.m.Hugepages[fmt.Sprintf("%dkB", size>>10)]; there && have.Count < n {
				p.report(f.ref(), Warning, fmt.Sprintf("of %d huge pages of %s the kernel got %d: memory was scattered already", n, sizeName(size), have.Count), "reserve them on the kernel command line")
			}
		}
	}
}

// cmdlineHas tells whether the running kernel was started with a parameter.
func (p *pass) cmdlineHas(name string) bool {
	return slices.ContainsFunc(p.m.Cmdline, func(s string) bool {
		q := kernel.ParseCmdline(s)
		return len(q) > 0 && q[0].Is(name)
	})
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
