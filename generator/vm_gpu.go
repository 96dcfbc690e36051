package generator

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
	"github.com/nixlint/nixlint/vfio/machine"
)

// GPU describes a graphics card that a virtual machine is to get which there is already.
type GPU struct {
	Host    string
	Machine *machine.Machine // that of the host
	Card    *machine.Device
	File    string
	// Set is where the virtual machine is defined in the file: its own set, or one around
	// it, in which its options begin with the names of Prefix.
	Set    parser.Node
	Prefix []string
}

// VMOption returns the repository's option for virtual machines on a host, or nil.
func (g *Generator) VMOption(h *repo.Host) *module.Option { return g.draft().vmOption(h) }

// GPU plans that a virtual machine gets a graphics card with all its functions: the options
// for it are those that the repository has, of the virtual machine, and if it has none for
// devices there, of the host.
func (g *Generator) GPU(q GPU) (*Plan, error) {
	d := g.draft()
	h, err := d.host(q.Host)
	if err != nil {
		return nil, err
	}
	option := d.vmOption(h)
	if option == nil {
		return nil, fmt.Errorf("`%s` has no option for virtual machines", h.Name)
	}
	functions := append([]*machine.Device{q.Card}, q.Machine.Siblings(q.Card)...)
	settings := make(tree)
	switched, filled := d.gpuSettings(h, option, functions, settings)
	if !switched && !filled {
		return nil, fmt.Errorf("`%s` has no options for devices that are given away", module.ShowOption(option.Path))
	}
	if err := d.put(q.File, q.Set, q.Prefix, settings); err != nil {
		return nil, err
	}
	if !filled {
		if err := d.putHostDevices(h, option, q, functions); err != nil {
			return nil, err
		}
	}
	return d.finish()
}

// gpuSettings sets the options of a virtual machine that give it devices. switched is set if
// one of them switches that on, filled if some name the devices.
func (d *draft) gpuSettings(h *repo.Host, option *module.Option, functions []*machine.Device, settings tree) (switched, filled bool) {
	in := option.Type().Inside(h.Evaluator(), option.Path)
	for _, o := range in.Declared() {
		path := o.Path[len(option.Path)+1:]
		last := path[len(path)-1]
		if o.Flag("readOnly") || !isAboutDevices(path) {
			continue
		}
		if last == "enable" {
			if len(path) >= 2 && slices.Contains(passingNames, path[len(path)-2]) {
				settings.set(path, "true")
				switched = true
			}
			continue
		}
		filled = d.deviceSetting(h, o, path, functions, settings) || filled
	}
	return switched, filled
}

// passingNames are what groups of options are called that give devices of the host away.
var passingNames = []string{"vfio", "gpu", "passthrough", "pci", "gpuPassthrough", "pciPassthrough"}

// isAboutDevices reports whether the path of an option speaks of devices that are given away.
func isAboutDevices(path []string) bool {
	for _, name := range path {
		name = strings.ToLower(name)
		for _, word := range []string{"vfio", "gpu", "passthrough", "pci", "hostdev"} {
			if strings.Contains(name, word) {
				return true
			}
		}
	}
	return false
}

// deviceSetting gives an option that takes devices those of a card, by its type and its
// name. It reports whether the option does.
func (d *draft) deviceSetting(h *repo.Host, o *module.Option, path []string, functions []*machine.Device, settings tree) bool {
	ev := h.Evaluator()
	t := o.Type()
	for t != nil && t.Name == "nullOr" {
		t = t.Elem(ev)
	}
	if t == nil {
		return false
	}
	last := strings.ToLower(path[len(path)-1])
	switch {
	case t.Name == "attrsOf" || t.Name == "lazyAttrsOf":
		inner := t.Inside(ev, o.Path)
		if inner == nil {
			if !strings.Contains(last, "device") {
				return false
			}
			isSet := t.Elem(ev) != nil && strings.Contains(strings.ToLower(t.Elem(ev).Name), "attrs")
			for _, f := range functions {
				one := slices.Concat(path, []string{functionName(f)})
				if !isSet {
					settings.set(one, quote(f.Address.String()))
					continue
				}
				settings.set(append(slices.Clone(one), "address"), quote(f.Address.String()))
				settings.set(append(slices.Clone(one), "id"), quote(f.ID().String()))
			}
			return true
		}
		done := false
		for _, one := range inner.Declared() {
			name := one.Path[len(o.Path)+1:]
			for _, f := range functions {
				if value, ok := notation(strings.ToLower(name[len(name)-1]), f); ok && len(name) == 1 && !one.Flag("readOnly") {
					settings.set(slices.Concat(path, []string{functionName(f)}, name), value)
					done = true
				}
			}
		}
		return done
	case t.Name == "listOf":
		one := strings.TrimSuffix(last, "s")
		switch {
		case strings.HasSuffix(last, "addresses") || strings.HasSuffix(last, "devices"):
			one = "address"
		case strings.HasSuffix(last, "ids"):
			one = "id"
		}
		var values []string
		for _, f := range functions {
			value, ok := notation(one, f)
			if !ok {
				return false
			}
			values = append(values, value)
		}
		settings.set(path, "[ "+strings.Join(values, " ")+" ]")
		return true
	case t.Name == "bool" || strings.HasPrefix(t.Name, "int") || t.Name == "submodule" || len(t.Enum) > 0:
		return false
	}
	// One function each: that of sound if the option says so.
	of := functions[0]
	if strings.Contains(strings.ToLower(strings.Join(path, ".")), "audio") {
		i := slices.IndexFunc(functions, func(f *machine.Device) bool { return functionName(f) == "audio" })
		if i < 0 {
			return false
		}
		of = functions[i]
	}
	value, ok := notation(last, of)
	if ok {
		settings.set(path, value)
	}
	return ok
}

// notation writes a device as an option of some name has it: by its id or by its address.
func notation(name string, dev *machine.Device) (string, bool) {
	switch {
	case strings.HasSuffix(name, "busid"):
		return "", false // the display's, not a guest's
	case name == "id" || strings.HasSuffix(name, "pciid") || strings.HasSuffix(name, "deviceid") || strings.HasSuffix(name, "gpuid") || strings.HasSuffix(name, "audioid"):
		return quote(dev.ID().String()), true
	case strings.HasSuffix(name, "address") || name == "addr" || name == "pci":
		return quote(dev.Address.String()), true
	}
	return "", false
}

// putHostDevices sets the options of the repository, beside those of virtual machines, that
// name the devices which the host keeps for guests, in the same file.
func (d *draft) putHostDevices(h *repo.Host, option *module.Option, q GPU, functions []*machine.Device) error {
	settings := make(tree)
	for _, o := range h.System.Config.Declared() {
		own := len(o.Declarations) > 0 && d.Model.Own(o.Declarations[0].At.File.Path)
		if !own || o.Flag("readOnly") || !isAboutDevices(o.Path) || slices.Equal(o.Path[:min(len(o.Path), len(option.Path))], option.Path) || len(o.Path) < 2 || o.Type() == nil {
			continue
		}
		if o.Type().Name == "listOf" {
			d.deviceSetting(h, o, o.Path, functions, settings)
		}
	}
	if len(settings) == 0 {
		d.note("no option names the devices of a guest: write %s where it belongs", functions[0].Address)
		return nil
	}
	set, ok := moduleSet(q.Set.Tree().Expr())
	if !ok {
		return fmt.Errorf("%s gives no set of options", q.File)
	}
	if b, ok := bindingAt(set, "config"); ok && parser.Unparen(b.Value()).Is(parser.KindAttrSet) {
		set = parser.Unparen(b.Value())
	}
	return d.put(q.File, set, nil, settings)
}
