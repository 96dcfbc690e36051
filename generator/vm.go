package generator

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

// VM describes a virtual machine to be made.
type VM struct {
	Name   string
	Host   string // that it runs on
	GPU    string // the address of a graphics card it gets, `auto`, or empty for none
	Memory int    // in MiB; 0 for the option's default
	Cores  int    // 0 for the option's default
	// Machine is what is known of the host; nil if nothing is.
	Machine *machine.Machine
}

// VM plans a virtual machine: a file beside the host's with the options that the
// repository has for virtual machines, and its import.
func (g *Generator) VM(q VM) (*Plan, error) {
	d := g.draft()
	if err := checkName("virtual machine", q.Name); err != nil {
		return nil, err
	}
	if q.Memory < 0 || q.Cores < 0 {
		return nil, fmt.Errorf("memory and cores are positive numbers")
	}
	h, err := d.host(q.Host)
	if err != nil {
		return nil, err
	}
	file := d.hostFile(h)
	if path.Base(path.Dir(file)) != h.Name {
		return nil, fmt.Errorf("the host `%s` has no folder of its own", h.Name)
	}
	target := path.Join(path.Dir(file), kebab(q.Name)+".nix")
	option, owner := d.vmOption(h)
	if option == nil {
		return nil, fmt.Errorf("no module of the repository declares an option for virtual machines, such as `virtualisation.vms`")
	}
	if vms, ok := h.System.Config.Value(option.Path...).(*eval.Attrs); ok {
		if a := vms.Get(q.Name); a != nil {
			if in := d.Model.Name(a.At.File.Path); in != target {
				return nil, fmt.Errorf("`%s` has a virtual machine `%s` already, in %s", h.Name, q.Name, in)
			}
			d.plan.Kept = append(d.plan.Kept, target)
			return d.finish()
		}
	}
	settings, err := d.vmSettings(q, option)
	if err != nil {
		return nil, err
	}
	text, err := d.fill("vm.nix", map[string]any{
		"Name": q.Name, "Option": module.ShowOption(append(slices.Clone(option.Path), q.Name)), "Settings": settings.bindings(),
	})
	if err != nil {
		return nil, err
	}
	if err := d.create(target, text); err != nil {
		return nil, err
	}
	if owner != h {
		if err := d.importDeclaration(h, file, option); err != nil {
			return nil, err
		}
	}
	if err := d.importModule(h.System, file, nil, target); err != nil {
		return nil, err
	}
	return d.finish()
}

// vmOption finds the repository's option for virtual machines by name, and the
// host that has it: the given one if it does.
func (d *draft) vmOption(h *repo.Host) (*module.Option, *repo.Host) {
	for _, host := range append([]*repo.Host{h}, d.Model.Hosts...) {
		for _, o := range host.System.Config.Declared() {
			if len(o.Declarations) == 0 || !d.Model.Own(o.Declarations[0].At.File.Path) {
				continue
			}
			switch o.Path[len(o.Path)-1] {
			case "vms", "virtualMachines", "guests", "domains":
				if o.Type().Inside(d.Model.Evaluator(), o.Path) != nil {
					return o, host
				}
			}
		}
	}
	return nil, nil
}

// importDeclaration imports the module that declares an option.
func (d *draft) importDeclaration(h *repo.Host, file string, o *module.Option) error {
	declared := d.Model.Rel(o.Declarations[0].At.File)
	if reg := d.registryFor(false); reg != nil {
		for _, e := range reg.entries() {
			if d.Model.Repo.ModuleFile(e.Target) == declared {
				return d.importModule(h.System, file, e.Key, e.Target)
			}
		}
	}
	return d.importModule(h.System, file, nil, declared)
}

// vmSettings gives values to those options of a virtual machine that the
// repository has.
func (d *draft) vmSettings(q VM, option *module.Option) (tree, error) {
	has := make(map[string]bool)
	for _, o := range option.Type().Inside(d.Model.Evaluator(), option.Path).Declared() {
		has[strings.Join(o.Path[len(option.Path)+1:], ".")] = true
	}
	settings := make(tree)
	set := func(name, value string) bool {
		if !has[name] {
			return false
		}
		settings.set(strings.Split(name, "."), value)
		return true
	}
	if q.Memory > 0 {
		if !set("memory", strconv.Itoa(q.Memory)) {
			d.note("`%s` has no option `memory`", module.ShowOption(option.Path))
		}
		if q.Memory%1024 == 0 && q.GPU != "" {
			set("hugepages.enable", "true")
		}
	}
	if q.Cores > 0 {
		if !set("cpu.cores", strconv.Itoa(q.Cores)) {
			set("cores", strconv.Itoa(q.Cores))
		}
		if pin, ok := pinning(q.Machine, q.Cores); ok && q.GPU != "" {
			if pin.threads > 1 {
				set("cpu.threads", strconv.Itoa(pin.threads))
			}
			set("cpu.pinning.cpus", "[ "+strings.Join(pin.guest, " ")+" ]")
			set("cpu.pinning.emulator", quote(strings.Join(pin.host, ",")))
		}
	}
	if q.GPU == "" {
		return settings, nil
	}
	functions, err := graphics(q)
	if err != nil {
		return nil, err
	}
	if !set("vfio.enable", "true") || !has["vfio.devices"] {
		return nil, fmt.Errorf("`%s` has no options `vfio.enable` and `vfio.devices`: set by hand what gives the card away", module.ShowOption(option.Path))
	}
	for _, f := range functions {
		name := functionName(f)
		settings.set([]string{"vfio", "devices", name, "address"}, quote(f.Address.String()))
		settings.set([]string{"vfio", "devices", name, "id"}, quote(f.ID().String()))
	}
	d.note("the card is the guest's only in boot entries that keep it from the host: see the options of vfio")
	return settings, nil
}

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

// pinning chooses whole cores that share a cache, none of the first ones: a
// quarter of the machine's, at most two, stays with the host. ok is false if the
// machine is not known or has too few.
func pinning(m *machine.Machine, cores int) (p pins, ok bool) {
	if m == nil {
		return pins{}, false
	}
	type domain struct {
		cache string
		cores [][]int
	}
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
	if reserved == 0 {
		return pins{}, false
	}
	for i, dom := range domains {
		free := dom.cores
		if i == 0 {
			if len(free) < reserved {
				return pins{}, false
			}
			for _, core := range free[:reserved] {
				for _, cpu := range core {
					p.host = append(p.host, strconv.Itoa(cpu))
				}
			}
			free = free[reserved:]
		}
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
