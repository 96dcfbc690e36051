package generator

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/vfio"
	"github.com/nixlint/nixlint/vfio/machine"
)

// hostSettings gives values to the options that a host needs for a virtual
// machine: those that say who made its processor, and the one that keeps devices
// for guests. model is that of the repository with the option for virtual
// machines imported.
func (d *draft) hostSettings(q VM, model *repo.Model, h *repo.Host, claimed *vfio.Claims) tree {
	settings := make(tree)
	before := hostNamed(d.Model, h.Name)
	vendor := processor(q.Machine, claimed)
	missing := unset(model, h)
	for _, o := range h.System.Config.Declared() {
		if len(o.Declarations) == 0 || !model.Own(o.Declarations[0].At.File.Path) || o.MaySet() || !takes(o, vendor) {
			continue
		}
		same := func(b *module.Option) bool { return slices.Equal(b.Path, o.Path) }
		needed := slices.ContainsFunc(missing, same) && !slices.ContainsFunc(unset(d.Model, before), same)
		if needed || q.GPU != "" && o.Value() != eval.Value(eval.String(vendor)) {
			settings.set(o.Path, quote(vendor))
		}
	}
	if q.GPU == "" {
		return settings
	}
	if o := vfioSwitch(model, h); o != nil && !o.MaySet() && !keepsDevices(claimed) {
		settings.set(o.Path, "true")
		d.note("`%s` keeps the card from `%s` whenever it starts", module.ShowOption(o.Path), h.Name)
		return settings
	}
	d.note("the card is the guest's only in boot entries that keep it from the host: see the options of vfio")
	return settings
}

// processor returns who made the processor of a host, as options for that spell
// it: `amd` or `intel`. It returns "" if nothing tells.
func processor(m *machine.Machine, c *vfio.Claims) string {
	if m != nil {
		switch m.CPU.Vendor {
		case machine.AMD:
			return "amd"
		case machine.Intel:
			return "intel"
		}
	}
	for _, x := range c.Contexts {
		for _, f := range x.CPUVendor.Facts {
			if f.Value == machine.AMD {
				return "amd"
			}
			return "intel"
		}
		for _, f := range x.Modules.Facts {
			switch f.Value {
			case "kvm-amd":
				return "amd"
			case "kvm-intel":
				return "intel"
			}
		}
	}
	return ""
}

// takes reports whether an option takes one of the makers of processors, this
// one among them.
func takes(o *module.Option, vendor string) bool {
	values := o.Type().Enum
	has := func(text string) bool { return slices.Contains(values, eval.Value(eval.String(text))) }
	return vendor != "" && has(vendor) && has("amd") && has("intel")
}

// vfioSwitch returns the repository's option that keeps devices for guests.
func vfioSwitch(m *repo.Model, h *repo.Host) *module.Option {
	for _, o := range h.System.Config.Declared() {
		n := len(o.Path)
		if n >= 2 && o.Path[n-2] == "vfio" && o.Path[n-1] == "enable" && len(o.Declarations) > 0 && m.Own(o.Declarations[0].At.File.Path) {
			return o
		}
	}
	return nil
}

// keepsDevices reports whether some boot entry of a host keeps devices for
// guests.
func keepsDevices(c *vfio.Claims) bool {
	return slices.ContainsFunc(c.Contexts, func(x vfio.Context) bool { return x.VFIO != nil && x.VFIO.Value })
}
