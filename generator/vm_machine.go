package generator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/vfio"
	"github.com/nixlint/nixlint/vfio/cpuset"
	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

// graphics returns the functions of the card that a virtual machine is to get.
func graphics(q VM) ([]*machine.Device, error) {
	if q.Machine == nil || !q.Machine.Known() {
		return nil, fmt.Errorf("nothing is known of the devices of `%s`: record them there with `nixlint vfio snapshot`", q.Host)
	}
	var cards []*machine.Device
	for i := range q.Machine.PCI {
		dev := &q.Machine.PCI[i]
		if !dev.Class.Display() || q.GPU != "auto" && dev.Address.String() != q.GPU && strings.TrimPrefix(dev.Address.String(), "0000:") != q.GPU {
			continue
		}
		// The card that the firmware has started is the host's.
		if q.GPU != "auto" || dev.BootVGA == nil || !*dev.BootVGA {
			cards = append(cards, dev)
		}
	}
	switch {
	case len(cards) == 0:
		return nil, fmt.Errorf("`%s` has no graphics card `%s` to give away: `nixlint vfio` lists what it has", q.Host, q.GPU)
	case len(cards) > 1:
		var names []string
		for _, c := range cards {
			names = append(names, c.Address.String())
		}
		return nil, fmt.Errorf("`%s` has several graphics cards to give away: choose one of %s", q.Host, strings.Join(names, ", "))
	}
	return append([]*machine.Device{cards[0]}, q.Machine.Siblings(cards[0])...), nil
}

// functionName says what a function of a graphics card is.
func functionName(dev *machine.Device) string {
	switch {
	case dev.Class.Display():
		return "gpu"
	case dev.Class.Base() == 0x04:
		return "audio"
	case dev.Class == pci.XHCI:
		return "usb"
	}
	return "function" + dev.Address.String()[len(dev.Address.String())-1:]
}

// pins says on which processors a virtual machine runs, and on which the host
// stays.
type pins struct {
	guest   []string // the threads of a core beside each other
	host    []string
	threads int // of each core
}

// domain is the cores that share a cache, each with its threads.
type domain struct {
	cache string
	cores [][]int
}

// pinning chooses whole cores that share a cache, near the card if it can. The
// first ones, a quarter of the machine's and at most two, stay with the host, and
// those that are taken with other guests. ok is false if too few are left.
func pinning(m *machine.Machine, card *machine.Device, cores int, taken cpuset.Set) (p pins, ok bool) {
	var domains []*domain
	seen := make(map[int]bool)
	total := 0
	for _, t := range m.CPU.CPUs {
		if seen[t.CPU] || t.L3 == nil {
			continue
		}
		var threads []int
		for _, other := range m.CPU.CPUs {
			if other.Package == t.Package && other.Die == t.Die && other.Core == t.Core {
				threads = append(threads, other.CPU)
				seen[other.CPU] = true
			}
		}
		cache := t.L3.String()
		i := slices.IndexFunc(domains, func(d *domain) bool { return d.cache == cache })
		if i < 0 {
			i = len(domains)
			domains = append(domains, &domain{cache: cache})
		}
		domains[i].cores = append(domains[i].cores, threads)
		total++
	}
	reserved := min(2, total/4)
	if reserved == 0 || len(domains[0].cores) < reserved {
		return pins{}, false
	}
	for _, core := range domains[0].cores[:reserved] {
		for _, cpu := range core {
			p.host = append(p.host, strconv.Itoa(cpu))
		}
	}
	domains[0].cores = domains[0].cores[reserved:]
	near := nodeOf(m, card)
	slices.SortStableFunc(domains, func(a, b *domain) int { return b.near(near) - a.near(near) })
	for _, dom := range domains {
		free := slices.DeleteFunc(dom.cores, func(core []int) bool { return cpuset.Of(core...).Overlaps(taken) })
		if len(free) < cores {
			continue
		}
		p.threads = len(free[0])
		for _, core := range free[:cores] {
			if len(core) != p.threads {
				return pins{}, false
			}
			for _, cpu := range core {
				p.guest = append(p.guest, strconv.Itoa(cpu))
			}
		}
		return p, true
	}
	return pins{}, false
}

// near is 1 if the cores are among some processors, else 0.
func (d *domain) near(cpus cpuset.Set) int {
	for _, core := range d.cores {
		if cpus.Has(core[0]) {
			return 1
		}
	}
	return 0
}

// nodeOf returns the processors of the NUMA node that a device is at.
func nodeOf(m *machine.Machine, dev *machine.Device) cpuset.Set {
	if dev.NUMANode != nil {
		if cpus, ok := m.NUMA[*dev.NUMANode]; ok {
			return cpus
		}
	}
	return cpuset.Set{}
}

// pinned returns the processors that guests of a host are tied to, with those of
// their emulators.
func pinned(c *vfio.Claims) cpuset.Set {
	var out cpuset.Set
	for _, x := range c.Contexts {
		for _, vm := range x.VMs {
			for _, pin := range vm.Pins.Facts {
				if cpus, err := cpuset.Parse(pin.Value.CPUs); err == nil {
					out = out.Or(cpus)
				}
			}
			if vm.EmulatorPin != nil {
				if cpus, err := cpuset.Parse(vm.EmulatorPin.Value); err == nil {
					out = out.Or(cpus)
				}
			}
		}
	}
	return out
}

// guestWith returns the name of a guest of a host that has a device, or "".
func guestWith(c *vfio.Claims, dev *machine.Device) string {
	for _, x := range c.Contexts {
		for _, vm := range x.VMs {
			for _, h := range vm.Hostdevs.Facts {
				if h.Value.Address != nil && h.Value.Address.Value == dev.Address.String() {
					return vm.Name
				}
			}
		}
	}
	return ""
}
