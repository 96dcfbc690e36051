package machine

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// Roots are the folders that the facts of a machine are read from. An empty
// one is left out.
type Roots struct {
	Sys, Proc, Dev, Run string
}

// Live are the folders of the running system.
func Live() Roots { return Roots{"/sys", "/proc", "/dev", "/run"} }

// Tree are the folders of a machine whose files were copied below dir: either
// the contents of /sys itself, or folders sys, proc, dev and run. Facts of the
// running system are never mixed in.
func Tree(dir string) Roots {
	if filepath.Clean(dir) == "/sys" {
		return Live()
	}
	if info, err := os.Stat(filepath.Join(dir, "sys")); err == nil && info.IsDir() {
		at := func(name string) string { return filepath.Join(dir, name) }
		return Roots{at("sys"), at("proc"), at("dev"), at("run")}
	}
	return Roots{Sys: dir}
}

// Read reads the facts of a machine. What cannot be read is unknown and noted
// in [Machine.Notes]; it is an error only if there is no sysfs at all.
//
// Nothing is written, no device is woken, and nothing outside the roots is
// read, wherever links may lead. No file of the reader needs root.
func Read(r Roots) (*Machine, error) {
	n := &notes{}
	rd := &reader{
		m:   &Machine{Schema: SchemaVersion},
		sys: openTree(r.Sys, n), proc: openTree(r.Proc, n), dev: openTree(r.Dev, n), run: openTree(r.Run, n),
	}
	defer rd.sys.close()
	defer rd.proc.close()
	defer rd.dev.close()
	defer rd.run.close()
	if rd.sys == nil {
		return nil, errors.New("there is no sysfs at `" + r.Sys + "`")
	}
	rd.m.Captured.Privileged = os.Geteuid() == 0
	rd.kernel()
	rd.cpu()
	rd.memory()
	rd.pci()
	rd.iommu()
	rd.network()
	rd.uses()
	rd.m.Notes = n.list
	return rd.m, nil
}

type reader struct {
	m                   *Machine
	sys, proc, dev, run *tree
}

// kernel reads what is running.
func (r *reader) kernel() {
	k := &r.m.Kernel
	k.Release, _ = r.proc.text("sys/kernel/osrelease")
	k.Arch, _ = r.proc.text("sys/kernel/arch")
	if _, ok := r.sys.list("firmware"); ok {
		efi := r.sys.exists("firmware/efi")
		k.EFI = &efi
	}
	if line, ok := r.proc.text("cmdline"); ok {
		r.m.Cmdline = publicCmdline(line)
	}
	r.modules()
	if r.dev != nil {
		r.m.DevNodes = map[string]bool{}
		for _, name := range []string{"kvm", "vfio/vfio", "kvmfr0"} {
			r.m.DevNodes["/dev/"+name] = r.dev.exists(name)
		}
	}
	r.m.Captured.BootContext = r.bootContext()
}

// interesting are the modules whose parameters the checks look at, with those
// parameters. None of them can identify a machine.
var interesting = map[string][]string{
	"kvm_amd":          {"nested", "avic", "npt", "sev"},
	"kvm_intel":        {"nested", "ept", "enable_apicv"},
	"vfio_pci":         {"nointxmask", "disable_idle_d3", "disable_denylist", "enable_sriov", "disable_vga"},
	"vfio_iommu_type1": {"allow_unsafe_interrupts"},
	"kvmfr":            {"static_size_mb"},
	"nvidia":           {"NVreg_PreserveVideoMemoryAllocations"},
	"nvidia_drm":       {"modeset", "fbdev"},
	"amdgpu":           {}, "i915": {}, "nouveau": {}, "xe": {},
}

func (r *reader) modules() {
	modules := r.sys.sub("module")
	if modules == nil {
		return
	}
	defer modules.close()
	r.m.Modules = map[string]map[string]string{}
	for name, params := range interesting {
		if !modules.exists(name) {
			continue
		}
		values := map[string]string{}
		for _, p := range params {
			if v, ok := modules.text(name + "/parameters/" + p); ok {
				values[p] = v
			}
		}
		r.m.Modules[name] = values
	}
}

// bootContext finds out which boot entry of NixOS is running. The tags of a
// specialisation stand before the version in the label of its system, and only
// a system that is no specialisation has some itself.
func (r *reader) bootContext() string {
	label, ok := r.run.text("booted-system/nixos-version")
	if !ok {
		return ""
	}
	// vfio-25.11.20260302.abcdef0 or 25.11…
	var tags []string
	for part := range strings.SplitSeq(label, "-") {
		if part != "" && part[0] >= '0' && part[0] <= '9' {
			break
		}
		tags = append(tags, part)
	}
	if names, ok := r.run.list("booted-system/specialisation"); ok && len(names) > 0 {
		return "base"
	}
	return strings.Join(tags, "-")
}
