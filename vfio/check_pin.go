package vfio

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/vfio/cpuset"
	"github.com/nixlint/nixlint/vfio/pci"
)

var pinChecks = []Check{
	{
		Name: "vm-pin-splits-smt", Severity: Warning, Needs: Hardware,
		Summary: "two threads of a guest's core on two cores of the host",
		Why:     "A guest that sees cores with two threads schedules by that. If the two are on different cores of the host, it takes the slow pairs for fast ones. The order differs: `4,12` on AMD and Xeon, `8,9` on Intel's desktops.",
		Bad:     "cpu = { cores = 2; threads = 2; pinning.cpus = [ 4 5 6 7 ]; }; # siblings are 4,12",
		Good:    "cpu = { cores = 2; threads = 2; pinning.cpus = [ 4 12 5 13 ]; };",
		run:     checkPinSiblings,
	},
	{
		Name: "vm-pin-shares-core", Severity: Warning, Needs: Hardware,
		Summary: "processor of a guest that shares its core with QEMU's threads or another guest",
		Why:     "The two threads of a core slow each other down. Silent on machines with four cores or fewer.",
		Bad:     "pinning = { cpus = [ 4 5 6 7 8 9 ]; emulator = \"0-3\"; }; # 8 and 9 are on the cores of 0 and 1",
		Good:    "pinning = { cpus = [ 4 12 5 13 6 14 ]; emulator = \"0-3,8-11\"; };",
		run:     checkPinCore,
	},
	{
		Name: "vm-pin-cross-ccx", Severity: Warning, Needs: Hardware,
		Summary: "guest pinned across caches, or on efficiency cores",
		Why:     "Processors that do not share the last cache exchange data slowly. On hybrid processors a guest takes all its processors for equal, and waits for the slow ones. Silent if the guest is larger than one cache serves.",
		Bad:     "pinning.cpus = [ 8 9 10 11 12 13 14 15 ]; # 12 to 15 are efficiency cores",
		Good:    "pinning.cpus = [ 4 5 6 7 8 9 10 11 ];",
		run:     checkPinCache,
	},
	{
		Name: "vm-pin-out-of-range", Severity: Error, Needs: Hardware,
		Summary: "pin to a processor that the machine does not have",
		Why:     "libvirt does not start the guest. Processors that are switched off are a warning.",
		Bad:     "pinning.cpus = [ 14 15 16 17 ]; # the machine has 0 to 15",
		Good:    "pinning.cpus = [ 12 13 14 15 ];",
		run:     checkPinRange,
	},
	{
		Name: "vm-pin-numa", Severity: Warning, Needs: Hardware,
		Summary: "guest pinned to processors far from its graphics card",
		Why:     "On a machine with several nodes, memory and devices of another node are slower to reach.",
		Bad:     "pinning.cpus = [ 32 33 34 35 ]; # node 1, and the card is at node 0",
		Good:    "pinning.cpus = [ 8 9 10 11 ];",
		run:     checkPinNode,
	},
}

// pairs returns the pins of a guest's cores with two threads; ok is false if
// the guest has none, or not every processor is pinned to one of the host's.
func (p *pass) pairs(vm *vm) (pairs [][2]pin, ok bool) {
	if threads, ok := vm.Topology.Threads.value(); !ok || threads != 2 || !vm.Pins.Complete {
		return nil, false
	}
	byVCPU := map[int]pin{}
	for _, pin := range vm.pins {
		byVCPU[pin.vcpu] = pin
	}
	if len(byVCPU)%2 != 0 || len(byVCPU) != len(vm.Pins.Facts) {
		return nil, false
	}
	for n := 0; n < len(byVCPU); n += 2 {
		a, ok1 := byVCPU[n]
		b, ok2 := byVCPU[n+1]
		if !ok1 || !ok2 {
			return nil, false
		}
		pairs = append(pairs, [2]pin{a, b})
	}
	return pairs, len(pairs) > 0
}

func checkPinSiblings(p *pass) {
	for i := range p.view.vms {
		vm := &p.view.vms[i]
		pairs, ok := p.pairs(vm)
		if !ok {
			continue
		}
		for _, pair := range pairs {
			a, b := pair[0], pair[1]
			t := p.m.Thread(a.cpus.First())
			if t == nil || p.m.Thread(b.cpus.First()) == nil {
				break // vm-pin-out-of-range speaks of it
			}
			if t.Siblings.Contains(a.cpus.Or(b.cpus)) {
				continue
			}
			f := p.report(a.ref, Warning, fmt.Sprintf("processors %d and %d of `%s` are threads of one core, and CPU %s and %s are on two", a.vcpu, b.vcpu, vm.Name, a.cpus, b.cpus), "")
			if t.Siblings.Len() > 1 {
				f.Help = fmt.Sprintf("the sibling of CPU %d is %s", t.CPU, t.Siblings.Minus(cpuset.Of(t.CPU)))
			} else {
				f.Help = fmt.Sprintf("CPU %d has a core for itself: give the guest cores with one thread", t.CPU)
			}
			p.suggestPins(f, vm)
			break // one finding shows the whole table
		}
	}
}

func checkPinCore(p *pass) {
	for i := range p.view.vms {
		vm := &p.view.vms[i]
		if p.fewCores() || len(vm.pins) == 0 {
			continue
		}
		pinned := vm.pinned()
		var siblings cpuset.Set
		for cpu := range pinned.All() {
			if t := p.m.Thread(cpu); t != nil {
				siblings = siblings.Or(t.Siblings)
			}
		}
		siblings = siblings.Minus(pinned)
		if emulator, ok := vm.emulator(); ok {
			if shared := siblings.And(emulator); !shared.Empty() {
				f := p.report(vm.EmulatorPin.ref(), Warning, fmt.Sprintf("QEMU's threads of `%s` run on CPU %s, whose cores its processors use", vm.Name, shared), "").
					related(vm.pins[0].ref, "pins of the processors")
				p.suggestPins(f, vm)
			}
		}
		for k := range p.view.vms {
			other := &p.view.vms[k]
			if k <= i || len(other.pins) == 0 {
				continue
			}
			if shared := siblings.And(other.pinned()); !shared.Empty() {
				p.report(other.pins[0].ref, Info, fmt.Sprintf("`%s` is pinned to CPU %s, whose cores `%s` uses too", other.Name, shared, vm.Name), "").
					related(vm.pins[0].ref, "pins of `"+vm.Name+"`")
			}
		}
	}
}

// suggestPins proposes pins that put every core of the guest on one of the
// host's, and QEMU's threads on the others: whole cores that the guest has
// already, then its highest ones.
func (p *pass) suggestPins(f *Finding, vm *vm) {
	pairs, ok := p.pairs(vm)
	if !ok {
		return
	}
	taken := vm.pinned()
	if e, ok := vm.emulator(); ok {
		taken = taken.Or(e)
	}
	var cores []cpuset.Set // of which the guest has something
	for i := range p.m.CPU.CPUs {
		t := &p.m.CPU.CPUs[i]
		if t.Siblings.First() == t.CPU && t.Siblings.Len() == 2 && t.Siblings.Overlaps(taken) {
			cores = append(cores, t.Siblings)
		}
	}
	if len(cores) < len(pairs) {
		return
	}
	pinned := vm.pinned()
	slices.SortStableFunc(cores, func(a, b cpuset.Set) int {
		if n := b.And(pinned).Len() - a.And(pinned).Len(); n != 0 {
			return n
		}
		return b.First() - a.First()
	})
	chosen := cores[:len(pairs)]
	slices.SortFunc(chosen, func(a, b cpuset.Set) int { return a.First() - b.First() })
	var changes []Change
	var words []string
	for i, core := range chosen {
		threads := core.Slice()
		for k := range 2 {
			changes = append(changes, Change{Source: pairs[i][k].source, Value: strconv.Itoa(threads[k])})
			words = append(words, fmt.Sprintf("%d:%d", pairs[i][k].vcpu, threads[k]))
		}
	}
	var rest cpuset.Set
	for _, core := range cores[len(pairs):] {
		rest = rest.Or(core)
	}
	help := "pin " + strings.Join(words, " ")
	if vm.EmulatorPin != nil {
		if rest.Empty() {
			return
		}
		help += " and QEMU's threads to " + rest.String()
		changes = append(changes, Change{Source: vm.EmulatorPin.Source, Value: rest.String()})
	}
	if f.Help != "" {
		help = "; " + help
	}
	f.Help += help
	f.fix("pin whole cores", false, changes...)
}

func checkPinCache(p *pass) {
	for i := range p.view.vms {
		vm := &p.view.vms[i]
		pinned := vm.pinned()
		if pinned.Empty() {
			continue
		}
		var slow, fast cpuset.Set
		domains := map[string]cpuset.Set{}
		for cpu := range pinned.All() {
			t := p.m.Thread(cpu)
			if t == nil {
				continue
			}
			switch t.Type {
			case "atom":
				slow = slow.Or(cpuset.Of(cpu))
			case "core":
				fast = fast.Or(cpuset.Of(cpu))
			}
			if t.L3 != nil {
				domains[t.L3.String()] = *t.L3
			}
		}
		switch {
		case !slow.Empty() && !fast.Empty():
			p.report(vm.pins[0].ref, Warning, fmt.Sprintf("`%s` has performance cores (CPU %s) and efficiency cores (CPU %s): the guest takes them for equal", vm.Name, fast, slow), "")
		case !slow.Empty():
			p.report(vm.pins[0].ref, Hint, fmt.Sprintf("`%s` runs on efficiency cores (CPU %s)", vm.Name, slow), "")
		}
		if len(domains) < 2 {
			p.smallCache(vm, pinned)
			continue
		}
		for _, set := range domains {
			if set.Len() >= pinned.Len() {
				var names []string
				for name := range domains {
					names = append(names, name)
				}
				slices.Sort(names)
				p.report(vm.pins[0].ref, Warning, fmt.Sprintf("`%s` is pinned across %d caches (CPU %s), and one would do", vm.Name, len(domains), strings.Join(names, " | ")), "")
				break
			}
		}
	}
}

// smallCache advises to use the half of the processor with the larger cache.
func (p *pass) smallCache(vm *vm, pinned cpuset.Set) {
	mine := p.m.Thread(pinned.First())
	if mine == nil || mine.L3KiB == 0 {
		return
	}
	for i := range p.m.CPU.CPUs {
		t := &p.m.CPU.CPUs[i]
		if t.L3KiB > mine.L3KiB && t.L3 != nil && t.L3.Len() >= pinned.Len() {
			p.report(vm.pins[0].ref, Hint, fmt.Sprintf("`%s` is pinned where the cache has %d MiB; that of CPU %s has %d", vm.Name, mine.L3KiB>>10, t.L3, t.L3KiB>>10), "games like the larger one")
			return
		}
	}
}

func checkPinRange(p *pass) {
	possible, online := p.m.CPU.Possible, p.m.CPU.Online
	if possible == nil {
		possible = online
	}
	if possible == nil {
		return
	}
	for i := range p.view.vms {
		vm := &p.view.vms[i]
		for _, l := range cpuLists(vm) {
			set, err := cpuset.Parse(l.text)
			if err != nil {
				continue
			}
			if beyond := set.Minus(*possible); !beyond.Empty() {
				p.report(l.ref, Error, fmt.Sprintf("%s of `%s`: there is no CPU %s, the machine has %s", l.what, vm.Name, beyond, possible), "")
			} else if online != nil && !set.Minus(*online).Empty() {
				p.report(l.ref, Warning, fmt.Sprintf("%s of `%s`: CPU %s is switched off", l.what, vm.Name, set.Minus(*online)), "")
			}
		}
		if online != nil && len(vm.pins) > 1 && vm.pinned().Contains(*online) {
			p.report(vm.pins[0].ref, Warning, fmt.Sprintf("`%s` is pinned to all %d processors: none is left to the host", vm.Name, online.Len()), "")
		}
	}
}

func checkPinNode(p *pass) {
	if len(p.m.NUMA) < 2 {
		return
	}
	for _, g := range p.guestDevices() {
		if g.d.NUMANode == nil || !g.d.Class.Display() && g.h.role != GPU {
			continue
		}
		near, ok := p.m.NUMA[*g.d.NUMANode]
		pinned := g.vm.pinned()
		far := pinned.Minus(near)
		if !ok || far.Empty() {
			continue
		}
		s := Warning
		if pinned.Len() > near.Len() {
			s = Info // it does not fit
		}
		p.report(g.vm.pins[0].ref, s, fmt.Sprintf("`%s` is pinned to CPU %s, and its card %s is on node %d", g.vm.Name, far, p.describe(g.d), *g.d.NUMANode),
			fmt.Sprintf("processors of node %d are %s", *g.d.NUMANode, near)).related(g.ref, "the card").Devices = []pci.Addr{g.addr}
	}
}
