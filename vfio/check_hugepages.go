package vfio

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/vfio/kernel"
)

var hugepagesChecks = []Check{
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

func sizeName(bytes uint64) string {
	if bytes >= 1<<30 {
		return fmt.Sprintf("%dG", bytes>>30)
	}
	return fmt.Sprintf("%dM", bytes>>20)
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
