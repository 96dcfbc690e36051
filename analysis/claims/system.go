package claims

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/vfio"
	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

// kernelSet matches the names of nixpkgs' sets of kernel packages.
var kernelSet = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^linuxPackages(?:_(\d+)_(\d+))?(?:_([a-z_]+))?$`) })

// kernel tells which kernel the entry boots, by the name of its package set.
func (r *reader) kernel() (k vfio.Kernel) {
	defs, whole := r.definitions("boot", "kernelPackages")
	if len(defs) == 0 && whole {
		k.Flavour = &vfio.Fact[string]{Value: "linux"}
	}
	if len(defs) == 1 {
		if u, ok := r.ev.Force(defs[0].Value).(*eval.Unknown); ok && u.Func == nil && len(u.Path) > 0 {
			if m := kernelSet().FindStringSubmatch(u.Path[len(u.Path)-1]); m != nil {
				src := r.source(defs[0].Value, u, defs[0].At)
				if m[1] != "" {
					f := fact(r, m[1]+"."+m[2], src, !defs[0].Certain)
					k.Version = &f
				}
				flavour := "linux"
				if m[3] != "" && m[3] != "latest" {
					flavour += "_" + m[3]
				}
				f := fact(r, flavour, src, !defs[0].Certain)
				k.Flavour = &f
			}
		}
	}
	patches, _ := r.definitions("boot", "kernelPatches")
	for _, d := range patches {
		if l, ok := r.ev.Force(d.Value).(*eval.List); !ok || len(l.Elems) > 0 || l.More != nil {
			f := fact(r, true, r.at(d.At), false)
			k.Patched = &f
		}
	}
	if k.Patched == nil && r.entry.whole {
		k.Patched = &vfio.Fact[bool]{}
	}
	return k
}

func (r *reader) nvidia() vfio.NVIDIA {
	at := func(names ...string) []string { return append([]string{"hardware", "nvidia"}, names...) }
	busID := func(name string) *vfio.Fact[string] {
		f := r.text(at("prime", name)...)
		if f != nil && f.Value == "" {
			return nil // NixOS's default
		}
		return f
	}
	return vfio.NVIDIA{
		Open: r.flag(at("open")...), FineGrained: r.flag(at("powerManagement", "finegrained")...),
		NVIDIABusID: busID("nvidiaBusId"), IntelBusID: busID("intelBusId"), AMDBusID: busID("amdgpuBusId"),
		Offload: r.flag(at("prime", "offload", "enable")...), Sync: r.flag(at("prime", "sync", "enable")...),
		ReverseSync: r.flag(at("prime", "reverseSync", "enable")...),
	}
}

func (r *reader) cpuVendor() vfio.List[string] {
	out := vfio.List[string]{Complete: r.entry.whole}
	for _, o := range []struct {
		path   []string
		vendor string
	}{
		{[]string{"hardware", "cpu", "amd", "updateMicrocode"}, machine.AMD},
		{[]string{"hardware", "cpu", "intel", "updateMicrocode"}, machine.Intel},
		{[]string{"hardware", "cpu", "amd", "sev", "enable"}, machine.AMD},
		{[]string{"hardware", "cpu", "intel", "sgx", "provision", "enable"}, machine.Intel},
	} {
		if f := r.flag(o.path...); f != nil && f.Value {
			out.Facts = append(out.Facts, vfio.Fact[string]{Value: o.vendor, Source: f.Source, Maybe: f.Maybe})
		}
	}
	return out
}

// settings reads an option that is a set of names and values.
func (r *reader) settings(path ...string) vfio.List[vfio.Setting] {
	out := vfio.List[vfio.Setting]{Complete: r.entry.whole}
	set, ok := r.entry.config.Value(path...).(*eval.Attrs)
	if !ok {
		return out
	}
	for _, a := range set.Entries {
		value := ""
		v := r.ev.Force(a.Value)
		switch v := v.(type) {
		case eval.String:
			value = string(v)
		case eval.Int:
			value = r.ev.Print(v)
		default:
			continue
		}
		out.Facts = append(out.Facts, fact(r, vfio.Setting{Name: a.Name, Value: value}, r.source(a.Value, v, a.At), false))
	}
	return out
}

func (r *reader) environment() vfio.List[vfio.Setting] {
	out := r.settings("environment", "variables")
	more := r.settings("environment", "sessionVariables")
	out.Facts = append(out.Facts, more.Facts...)
	return out
}

func (r *reader) sysctl() vfio.List[vfio.Setting] { return r.settings("boot", "kernel", "sysctl") }

// gpuUsers are services that need a card of NVIDIA's.
func (r *reader) gpuUsers() vfio.List[vfio.GPUUser] {
	out := vfio.List[vfio.GPUUser]{Complete: r.entry.whole}
	add := func(what string, source vfio.Source) {
		out.Facts = append(out.Facts, vfio.Fact[vfio.GPUUser]{Value: vfio.GPUUser{What: what, Vendor: pci.VendorNVIDIA}, Source: source})
	}
	if f := r.text("services", "ollama", "acceleration"); f != nil && f.Value == "cuda" && !f.Maybe && r.on("services", "ollama", "enable") {
		add("services.ollama.acceleration", f.Source)
	}
	if f := r.flag("hardware", "nvidia-container-toolkit", "enable"); f != nil && f.Value && !f.Maybe {
		add("hardware.nvidia-container-toolkit.enable", f.Source)
	}
	return out
}

// scripts are shell texts that may move devices.
func (r *reader) scripts() vfio.List[string] {
	out := vfio.List[string]{Complete: r.entry.whole}
	for _, path := range [][]string{
		{"boot", "initrd", "preDeviceCommands"}, {"boot", "initrd", "postDeviceCommands"}, {"boot", "initrd", "preLVMCommands"},
		{"boot", "postBootCommands"},
	} {
		more := r.words(path...)
		out.Facts = append(out.Facts, more.Facts...)
		out.Complete = out.Complete && more.Complete
	}
	services, ok := r.entry.config.Value("systemd", "services").(*eval.Attrs)
	if !ok {
		return out
	}
	for _, s := range services.Entries {
		set, ok := r.ev.Force(s.Value).(*eval.Attrs)
		if !ok {
			continue
		}
		for _, name := range []string{"script", "preStart", "postStart", "preStop", "postStop"} {
			if a := set.Get(name); a != nil {
				if text, ok := r.ev.Force(a.Value).(eval.String); ok {
					out.Facts = append(out.Facts, fact(r, string(text), r.source(a.Value, text, a.At), false))
				}
			}
		}
	}
	return out
}

func (r *reader) hooks() *vfio.Fact[bool] {
	for _, path := range [][]string{{"virtualisation", "libvirtd", "hooks", "qemu"}, {"environment", "etc", "libvirt/hooks/qemu"}} {
		defs, _ := r.definitions(path...)
		for _, d := range defs {
			if a, ok := r.ev.Force(d.Value).(*eval.Attrs); ok && len(a.Entries) == 0 && a.Rest == nil {
				continue
			}
			f := fact(r, true, r.at(d.At), !d.Certain)
			return &f
		}
	}
	return nil
}

// disks are the devices that file systems are on.
func (r *reader) disks() vfio.List[string] {
	out := vfio.List[string]{}
	set, ok := r.entry.config.Value("fileSystems").(*eval.Attrs)
	if !ok {
		return out
	}
	for _, fs := range set.Entries {
		a, ok := r.ev.Force(fs.Value).(*eval.Attrs)
		if !ok {
			continue
		}
		if device := a.Get("device"); device != nil {
			if s, ok := r.ev.Force(device.Value).(eval.String); ok && strings.HasPrefix(string(s), "/dev/") {
				out.Facts = append(out.Facts, fact(r, string(s), r.source(device.Value, s, device.At), false))
			}
		}
	}
	return out
}

// names lists the attributes of an option that is a set.
func (r *reader) names(path ...string) []eval.Attr {
	set, ok := r.entry.config.Value(path...).(*eval.Attrs)
	if !ok {
		return nil
	}
	return slices.Clone(set.Entries)
}
