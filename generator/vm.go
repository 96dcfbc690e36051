package generator

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/analysis/claims"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
	"github.com/nixlint/nixlint/vfio"
	"github.com/nixlint/nixlint/vfio/machine"
)

// VM describes a virtual machine to be made.
type VM struct {
	Name   string
	Host   string // that it runs on
	GPU    string // the address of a graphics card it gets, `auto`, or empty for none
	Memory int    // in MiB; 0 for the option's default
	Cores  int    // 0 for the option's default
	// Resolution is that of the picture that Looking Glass is to show, such as
	// 3840x2160 or 4K; empty to do without.
	Resolution string
	HDR        bool // of more than 8 bits a colour, which takes twice the memory
	// Machine is what is known of the host; nil if nothing is.
	Machine *machine.Machine
}

// VM plans a virtual machine: a file beside the host's with the options that the
// repository has for virtual machines, and its import. What these options need
// of the host is set in the same file.
func (g *Generator) VM(q VM) (*Plan, error) {
	d := g.draft()
	if err := checkName("a virtual machine", q.Name); err != nil {
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
	target := path.Join(path.Dir(file), Kebab(q.Name)+".nix")
	after, option := h, d.vmOption(h)
	model := d.Model
	if option == nil {
		if err := d.importVMs(h, file); err != nil {
			return nil, err
		}
		if model, err = d.preview(); err != nil {
			return nil, err
		}
		if after = hostNamed(model, h.Name); after != nil {
			option = d.vmOption(after)
		}
		if option == nil {
			return nil, fmt.Errorf("`%s` has no option for virtual machines with the module that declares one imported: `nixlint check` tells why", h.Name)
		}
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
	claimed := claims.Of(model, after, [][]string{option.Path})
	settings, err := d.vmSettings(q, model, option, claimed)
	if err != nil {
		return nil, err
	}
	text, err := d.fill("vm.nix", map[string]any{
		"Name": q.Name, "Option": module.ShowOption(append(slices.Clone(option.Path), q.Name)), "Settings": settings.bindings(),
		"Host": d.hostSettings(q, model, after, claimed).bindings(),
	})
	if err != nil {
		return nil, err
	}
	if err := d.create(target, text); err != nil {
		return nil, err
	}
	if err := d.importModule(h.System, file, nil, target); err != nil {
		return nil, err
	}
	return d.finish()
}

// vmNames are what options for virtual machines by name are called.
var vmNames = []string{"vms", "virtualMachines", "guests", "domains"}

// vmOption finds the repository's option for virtual machines among those of a
// host.
func (d *draft) vmOption(h *repo.Host) *module.Option {
	for _, o := range h.System.Config.Declared() {
		if len(o.Declarations) > 0 && d.Model.Own(o.Declarations[0].At.File.Path) && slices.Contains(vmNames, o.Path[len(o.Path)-1]) &&
			o.Type().Inside(h.Evaluator(), o.Path) != nil {
			return o
		}
	}
	return nil
}

// importVMs makes a host import the module with the option for virtual machines:
// the one that another host has, or one of the registry that none has yet.
func (d *draft) importVMs(h *repo.Host, file string) error {
	declared := ""
	for _, other := range d.Model.Hosts {
		if o := d.vmOption(other); o != nil {
			declared = d.Model.Rel(o.Declarations[0].At.File)
			break
		}
	}
	if reg := d.registryFor(false); reg != nil {
		for _, e := range reg.entries() {
			if f := d.Model.Repo.ModuleFile(e.Target); declared != "" && f == declared || declared == "" && d.declaresVMs(f) {
				return d.importModule(h.System, file, e.Key, e.Target)
			}
		}
	}
	for _, f := range d.Model.Repo.Files {
		if declared == "" && d.declaresVMs(f.Path) {
			declared = f.Path
		}
	}
	if declared == "" {
		return fmt.Errorf("no module of the repository declares an option for virtual machines, such as `virtualisation.vms`")
	}
	return d.importModule(h.System, file, nil, declared)
}

// declaresVMs reports whether a module's file declares an option for virtual
// machines.
func (d *draft) declaresVMs(file string) bool {
	f := d.Model.Repo.File(file)
	if f == nil {
		return false
	}
	set, ok := moduleSet(f.Tree.Expr())
	if !ok {
		return false
	}
	for _, b := range bindingsOf(set) {
		names, ok := b.Path().Static()
		if !ok || names[0] != "options" {
			continue
		}
		if slices.Contains(vmNames, names[len(names)-1]) {
			return true
		}
		if inner := parser.Unparen(b.Value()); inner.Is(parser.KindAttrSet) {
			for _, name := range vmNames {
				if _, ok := bindingAt(inner, name); ok {
					return true
				}
			}
		}
	}
	return false
}

// vmSettings gives values to those options of a virtual machine that the
// repository has.
func (d *draft) vmSettings(q VM, model *repo.Model, option *module.Option, claimed *vfio.Claims) (tree, error) {
	has := make(map[string]bool)
	for _, o := range option.Type().Inside(model.Evaluator(), option.Path).Declared() {
		has[strings.Join(o.Path[len(option.Path)+1:], ".")] = true
	}
	optionName := module.ShowOption(option.Path)
	var functions []*machine.Device
	if q.GPU != "" {
		var err error
		if functions, err = graphics(q); err != nil {
			return nil, err
		}
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
			d.note("`%s` has no option `memory`", optionName)
		}
		if q.Memory%1024 == 0 && q.GPU != "" {
			set("hugepages.enable", "true")
		}
	}
	if q.Cores > 0 {
		if !set("cpu.cores", strconv.Itoa(q.Cores)) {
			set("cores", strconv.Itoa(q.Cores))
		}
		if q.GPU != "" && has["cpu.pinning.cpus"] {
			taken := pinned(claimed)
			if pin, ok := pinning(q.Machine, functions[0], q.Cores, taken); ok {
				if pin.threads > 1 {
					set("cpu.threads", strconv.Itoa(pin.threads))
				}
				set("cpu.pinning.cpus", "[ "+strings.Join(pin.guest, " ")+" ]")
				set("cpu.pinning.emulator", quote(strings.Join(pin.host, ",")))
			} else if !taken.Empty() {
				d.note("`%s` is not pinned to processors: other guests of `%s` have %s, and too few of the others share a cache", q.Name, q.Host, taken)
			}
		}
	}
	if q.Resolution != "" {
		size, ok := vfio.LookingGlassMiB(q.Resolution, q.HDR)
		if !ok {
			return nil, fmt.Errorf("`%s` is no resolution: it is one such as 3840x2160 or 4K", shown(q.Resolution))
		}
		if !set("lookingGlass.size", strconv.Itoa(size)) {
			return nil, fmt.Errorf("`%s` has no option `lookingGlass.size`: Looking Glass needs %d MiB of shared memory for %s", optionName, size, q.Resolution)
		}
		set("lookingGlass.enable", "true")
	}
	if q.GPU == "" {
		return settings, nil
	}
	on := hostNamed(model, q.Host)
	if _, filled := d.gpuSettings(on, option, functions, settings); !filled {
		return nil, fmt.Errorf("`%s` has no options that name devices, such as `vfio.devices`: set by hand what gives the card away", optionName)
	}
	if other := guestWith(claimed, functions[0]); other != "" {
		d.note("`%s` has the card %s too: only one of them can run", other, functions[0].Address)
	}
	return settings, nil
}
