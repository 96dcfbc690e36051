// Package claims tells what the configuration of a host claims about its
// hardware: which devices it keeps for guests, what the guests are made of,
// which kernel parameters and modules it has. The claims are what package vfio
// checks.
//
// They come from the evaluated configuration, of the base system and of each
// specialisation, wherever they are written: in options of NixOS, in options of
// the repository's own, which are known by their shape, and in the XML of
// libvirt, in files and in strings. What is not known is left out or marked as uncertain.
package claims

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/vfio"
)

// Of returns what the configuration of a host claims. The sources of its facts
// are values of type [Source]. Guests are the paths of options that are said to
// describe virtual machines, besides those that look like it.
func Of(m *repo.Model, h *repo.Host, guests [][]string) *vfio.Claims {
	r := &reader{model: m, ev: h.Evaluator(), host: h, guestOptions: guests}
	c := &vfio.Claims{Host: h.Name}
	r.entries = r.bootEntries()
	for _, e := range r.entries {
		r.entry = e
		c.Contexts = append(c.Contexts, r.context())
	}
	pageSizes(c)
	r.dropUndefined(c)
	r.entry = newEntry(vfio.Base, h.System.Config)
	for _, path := range [][]string{{"nixpkgs", "hostPlatform"}, {"nixpkgs", "hostPlatform", "system"}, {"nixpkgs", "system"}} {
		if f := r.text(path...); f != nil && c.System == "" {
			c.System = f.Value
		}
	}
	if c.System == "" && slices.ContainsFunc(c.Contexts, func(x vfio.Context) bool {
		return len(x.CPUVendor.Facts) > 0 || slices.ContainsFunc(x.Modules.Facts, func(f vfio.Fact[string]) bool {
			return f.Value == "kvm-amd" || f.Value == "kvm-intel"
		})
	}) {
		c.System = "x86_64-linux" // which is all that these processors run
	}
	return c
}

// bootEntries returns the boot entries: the base system and the specialisations
// that inherit from it.
func (r *reader) bootEntries() []*entry {
	e := r.host.System.Config
	out := []*entry{newEntry(vfio.Base, e)}
	set, _ := e.Value("specialisation").(*eval.Attrs)
	if set == nil {
		return out
	}
	var names []string
	for _, a := range set.Entries {
		if e.Value("specialisation", a.Name, "inheritParentConfig") != eval.Value(eval.Bool(false)) {
			e.Value("specialisation", a.Name, "configuration") // which evaluates it
			names = append(names, a.Name)
		}
	}
	for _, name := range names {
		for _, inner := range slices.Backward(e.Nested()) {
			if slices.Equal(inner.Input.Prefix, []string{"specialisation", name, "configuration"}) {
				out = append(out, newEntry(name, inner))
				break
			}
		}
	}
	return out
}

// context reads one boot entry.
func (r *reader) context() vfio.Context {
	c := vfio.Context{
		Name:          r.entry.name,
		Kernel:        r.kernel(),
		Params:        r.words("boot", "kernelParams"),
		Modules:       r.words("boot", "kernelModules"),
		InitrdModules: r.words("boot", "initrd", "kernelModules"),
		Blacklist:     r.words("boot", "blacklistedKernelModules"),
		Modprobe:      r.words("boot", "extraModprobeConfig"),
		Udev:          r.words("services", "udev", "extraRules"),
		VideoDrivers:  r.words("services", "xserver", "videoDrivers"),
		NVIDIA:        r.nvidia(),
		CPUVendor:     r.cpuVendor(),
		Environment:   r.environment(),
		GPUUsers:      r.gpuUsers(),
		Sysctl:        r.sysctl(),
		Scripts:       r.scripts(),
		Hooks:         r.hooks(),
		Disks:         r.disks(),
		Network:       r.network(),
		Scream:        r.scream(),
	}
	if r.entry.name != vfio.Base {
		if set, ok := r.host.System.Config.Value("specialisation").(*eval.Attrs); ok {
			if a := set.Get(r.entry.name); a != nil {
				if s := r.at(a.At); s != nil {
					c.Source = *s
				}
			}
		}
	}
	for _, path := range [][]string{
		{"boot", "initrd", "services", "udev", "rules"}, {"boot", "initrd", "extraUdevRulesCommands"},
	} {
		more := r.words(path...)
		c.Udev.Facts = append(c.Udev.Facts, more.Facts...)
		c.Udev.Complete = c.Udev.Complete && more.Complete
	}
	r.ownOptions(&c)
	r.nixVirt(&c)
	r.domainFiles(&c)
	r.domainTexts(&c)
	return c
}
