package vfio

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/vfio/cpuset"
)

var processorChecks = []Check{
	{
		Name: "vm-vcpu-topology", Severity: Error,
		Summary: "processors of a guest that do not agree with its cores and pins",
		Why:     "sockets × dies × clusters × cores × threads is the number of processors, or libvirt refuses the guest. A second pin for the same processor is refused too, one for a processor that the guest does not have is ignored.",
		Bad:     "vcpus = 12;\ncpu = { cores = 6; threads = 1; };",
		Good:    "vcpus = 12;\ncpu = { cores = 6; threads = 2; };",
		run:     checkTopology,
	},
	{
		Name: "vm-cpuset-format", Severity: Error,
		Summary: "set of processors that libvirt does not understand",
		Why:     "Sets are numbers and ranges with commas between them; `^` takes one out. libvirt refuses a guest with anything else, and one whose set is empty.",
		Bad:     `emulatorpin = "0..3";`,
		Good:    `emulatorpin = "0-3";`,
		run:     checkSetFormat,
	},
	{
		Name: "vm-emulator-overlap", Severity: Warning,
		Summary: "QEMU's own threads, or two guests, on the same processors",
		Why:     "What QEMU does for disks and the network takes time from the guest's processors if it runs on theirs. Machines with few processors cannot avoid it.",
		Bad:     "vcpupin = [ 4 5 6 7 ];\nemulatorpin = \"0-4\";",
		Good:    "vcpupin = [ 4 5 6 7 ];\nemulatorpin = \"0-3\";",
		run:     checkEmulator,
	},
	{
		Name: "vm-pin-same-cpu", Severity: Warning,
		Summary: "two processors of a guest that are pinned to the same one of the host",
		Why:     "The guest takes them for two, and they have to take turns. Silent about sets of several processors, which the guest's may well share.",
		Bad:     "pinning.cpus = [ 4 5 5 7 ];",
		Good:    "pinning.cpus = [ 4 5 6 7 ];",
		run:     checkPinSame,
	},
	{
		Name: "vm-cpuset-isolation", Severity: Hint,
		Summary: "isolated processors that no guest is pinned to",
		Why:     "`isolcpus` keeps the host from processors; those that no guest uses are idle.",
		Bad:     "boot.kernelParams = [ \"isolcpus=4-15\" ]; # the guest has 4-11",
		Good:    "boot.kernelParams = [ \"isolcpus=4-11\" ];",
		run:     checkIsolation,
	},
}

func checkTopology(p *pass) {
	for i := range p.view.vms {
		vm := &p.view.vms[i]
		p.topologyProduct(vm)
		p.pinnedTwice(vm)
	}
}

func (p *pass) topologyProduct(vm *vm) {
	count, ok := vm.VCPUs.value()
	t := &vm.Topology
	if !ok || t.Cores == nil {
		return
	}
	product, subject := 1, t.Cores
	var words []string
	for _, f := range []*Fact[int]{t.Sockets, t.Dies, t.Clusters, t.Cores, t.Threads} {
		if f == nil {
			continue
		}
		n, ok := f.value()
		if !ok || n <= 0 || n > 1<<16 || product > 1<<20 {
			return
		}
		product *= n
		words = append(words, strconv.Itoa(n))
	}
	if product == count {
		return
	}
	p.report(vm.VCPUs.ref(), Error, fmt.Sprintf("`%s` has %s, but its topology is %s = %d", vm.Name, plural(count, "processor", "processors"), strings.Join(words, " × "), product),
		"libvirt refuses the guest").related(subject.ref(), "the topology").replace(strconv.Itoa(product), false)
}

func (p *pass) pinnedTwice(vm *vm) {
	count, counted := vm.VCPUs.value()
	seen := map[int]ref{}
	for _, pin := range vm.pins {
		first, twice := seen[pin.vcpu]
		switch {
		case twice:
			p.report(pin.ref, Error, fmt.Sprintf("processor %d of `%s` is pinned twice", pin.vcpu, vm.Name), "").related(first, "pinned here first")
		case counted && pin.vcpu >= count:
			p.report(pin.ref, Warning, fmt.Sprintf("processor %d of `%s` is pinned, and it has %s", pin.vcpu, vm.Name, plural(count, "processor", "processors")), "they count from 0")
		}
		seen[pin.vcpu] = pin.ref
	}
	if counted && vm.Pins.Complete && len(seen) > 0 && len(seen) < count && len(vm.pins) == len(vm.Pins.Facts) {
		p.report(vm.pins[0].ref, Info, fmt.Sprintf("only %d of the %d processors of `%s` are pinned: the others run anywhere", len(seen), count, vm.Name), "")
	}
}

func checkPinSame(p *pass) {
	for i := range p.view.vms {
		vm := &p.view.vms[i]
		first := map[int]pin{}
		for _, pin := range vm.pins {
			if pin.cpus.Len() != 1 {
				continue
			}
			cpu := pin.cpus.First()
			if other, twice := first[cpu]; twice && other.vcpu != pin.vcpu {
				p.report(pin.ref, Warning, fmt.Sprintf("processors %d and %d of `%s` are both pinned to CPU %d", other.vcpu, pin.vcpu, vm.Name, cpu), "they have to take turns").
					related(other.ref, "pinned to it first")
				continue
			}
			first[cpu] = pin
		}
	}
}

// cpuList is a set of processors in the configuration.
type cpuList struct {
	ref
	what, text string
}

// cpuLists returns all sets of processors of a guest.
func cpuLists(vm *vm) []cpuList {
	var all []cpuList
	for i := range vm.Pins.Facts {
		f := &vm.Pins.Facts[i]
		all = append(all, cpuList{f.ref(), fmt.Sprintf("pin of processor %d", f.Value.VCPU), f.Value.CPUs})
	}
	if vm.EmulatorPin != nil {
		all = append(all, cpuList{vm.EmulatorPin.ref(), "pin of QEMU's threads", vm.EmulatorPin.Value})
	}
	for i := range vm.IOThreadPins.Facts {
		f := &vm.IOThreadPins.Facts[i]
		all = append(all, cpuList{f.ref(), "pin of an I/O thread", f.Value})
	}
	return all
}

func checkSetFormat(p *pass) {
	for i := range p.view.vms {
		vm := &p.view.vms[i]
		for _, l := range cpuLists(vm) {
			if set, err := cpuset.Parse(l.text); err != nil {
				p.report(l.ref, Error, fmt.Sprintf("%s of `%s`: %s", l.what, vm.Name, err), "")
			} else if set.Empty() && l.text != "" {
				p.report(l.ref, Error, fmt.Sprintf("%s of `%s`: `%s` leaves no processor", l.what, vm.Name, l.text), "")
			}
		}
	}
}

func checkEmulator(p *pass) {
	for i := range p.view.vms {
		vm := &p.view.vms[i]
		p.emulatorOverlap(vm)
		for k := range p.view.vms[:i] {
			p.guestsOverlap(&p.view.vms[k], vm)
		}
	}
}

func (p *pass) emulatorOverlap(vm *vm) {
	emulator, ok := vm.emulator()
	pinned := vm.pinned()
	common := emulator.And(pinned)
	if !ok || common.Empty() {
		return
	}
	s := Warning
	if p.m != nil && p.m.CPU.Online != nil && pinned.Len()*4 >= p.m.CPU.Online.Len()*3 || p.fewCores() {
		s = Info
	}
	f := p.report(vm.EmulatorPin.ref(), s, fmt.Sprintf("QEMU's threads of `%s` share CPU %s with its processors", vm.Name, common), "")
	if rest := emulator.Minus(pinned); !rest.Empty() {
		f.Help = fmt.Sprintf("`%s` does not overlap", rest)
		f.replace(rest.String(), false)
	}
}

func (p *pass) guestsOverlap(a, b *vm) {
	common := a.pinned().And(b.pinned())
	if common.Empty() {
		return
	}
	s := Info
	if is(a.Autostart, true) && is(b.Autostart, true) {
		s = Warning
	}
	p.report(b.pinTo(common), s, fmt.Sprintf("`%s` and `%s` are pinned to the same CPU %s", a.Name, b.Name, common), "").
		related(a.pinTo(common), "pins of `"+a.Name+"`")
}

// pinTo returns the first of the pins to one of some processors.
func (v *vm) pinTo(cpus cpuset.Set) ref {
	for _, p := range v.pins {
		if !p.cpus.And(cpus).Empty() {
			return p.ref
		}
	}
	return v.pins[0].ref
}

// fewCores tells whether the machine is too small to keep guests apart.
func (p *pass) fewCores() bool {
	if p.m == nil || len(p.m.CPU.CPUs) == 0 {
		return false
	}
	return p.cores() <= 4
}

// cores counts the cores of the machine.
func (p *pass) cores() int {
	n := 0
	for i := range p.m.CPU.CPUs {
		if t := &p.m.CPU.CPUs[i]; t.Siblings.First() == t.CPU {
			n++
		}
	}
	return n
}

func checkIsolation(p *pass) {
	q := p.view.lastParam("isolcpus")
	if q == nil || !p.ctx.VMsComplete {
		return
	}
	value := q.Value
	// Flags stand in front: isolcpus=managed_irq,domain,4-11
	for {
		first, rest, ok := strings.Cut(value, ",")
		if !ok || first == "" || first[0] >= '0' && first[0] <= '9' {
			break
		}
		value = rest
	}
	isolated, err := cpuset.Parse(value)
	if err != nil {
		return
	}
	var used cpuset.Set
	guests := false
	for i := range p.view.vms {
		vm := &p.view.vms[i]
		if !vm.Pins.Complete || len(vm.pins) != len(vm.Pins.Facts) {
			return
		}
		guests = guests || len(vm.pins) > 0
		used = used.Or(vm.pinned())
		if e, ok := vm.emulator(); ok {
			used = used.Or(e)
		}
	}
	if idle := isolated.Minus(used); guests && !idle.Empty() {
		p.report(q.ref, Hint, fmt.Sprintf("CPU %s are isolated, and no guest is pinned to them: nobody uses them", idle), "")
	}
}
