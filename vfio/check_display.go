package vfio

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/vfio/kernel"
)

var displayChecks = []Check{
	{
		Name: "looking-glass-transport", Severity: Warning,
		Summary: "Looking Glass whose two ends look at different memory",
		Why: "The guest writes its screen into a file in /dev/shm, or into the device of the module kvmfr, and the host's " +
			"program must read the same. The device needs a udev rule for its owner, and a place in libvirt's list of " +
			"devices.",
		Bad:  "boot.kernelModules = [ \"kvmfr\" ];\n# the guest has /dev/shm/looking-glass",
		Good: "# without kvmfr; the guest has /dev/shm/looking-glass",
		run:  checkTransport,
	},
	{
		Name: "looking-glass-size", Severity: Error,
		Summary: "shared memory of Looking Glass that has the wrong size",
		Why:     "The size is a power of two, the same at both ends, and large enough for two pictures: 32 MiB for 1920x1080, 64 for 2560x1440, 128 for 3840x2160, twice that with HDR. Too small a one cuts the screen off.",
		Bad:     "lookingGlass = { size = 64; resolution = \"3840x2160\"; };",
		Good:    "lookingGlass = { size = 128; resolution = \"3840x2160\"; };",
		run:     checkShmemSize,
	},
	{
		Name: "kvmfr-device", Severity: Warning, Needs: Running,
		Summary: "running system without the device of kvmfr, or with another size",
		Why:     "The configuration loads kvmfr, and the running system does not have what follows from it.",
		Bad:     "boot.extraModprobeConfig = \"options kvmfr static_size_mb=128\"; # the running one has 64",
		Good:    "# rebuilt and started again",
		run:     checkKVMFR,
	},
}

const kvmfrDevice = "/dev/kvmfr0"

// kvmfr returns the fact that loads kvmfr.
func (p *pass) kvmfr() *Fact[string] {
	early, late := p.view.loads("kvmfr")
	if early != nil {
		return early
	}
	return late
}

func checkTransport(p *pass) {
	loaded := p.kvmfr()
	var shared, device []*vm
	for i := range p.view.vms {
		vm := &p.view.vms[i]
		if vm.Shmem == nil || vm.Shmem.Path == nil || vm.Shmem.Path.Maybe {
			continue
		}
		shared = append(shared, vm)
		if strings.HasPrefix(vm.Shmem.Path.Value, "/dev/kvmfr") {
			device = append(device, vm)
		}
	}
	if len(shared) == 0 {
		return
	}
	if loaded != nil && len(device) == 0 && p.ctx.VMsComplete {
		f := p.report(loaded.ref(), Warning, fmt.Sprintf("kvmfr is loaded, and no guest uses %s: `%s` has `%s`", kvmfrDevice, shared[0].Name, shared[0].Shmem.Path.Value), "drop kvmfr, or give the guest "+kvmfrDevice)
		f.related(shared[0].Shmem.Path.ref(), "the guest's memory").remove(false)
	}
	if len(device) > 0 {
		p.kvmfrAccess(device[0], loaded)
	}
	if client := p.ctx.LookingGlass.ShmFile; client != nil && client.Value != "" && len(shared) == 1 && client.Value != shared[0].Shmem.Path.Value {
		p.report(client.ref(), Warning, fmt.Sprintf("the program on the host opens `%s`, and `%s` writes to `%s`", client.Value, shared[0].Name, shared[0].Shmem.Path.Value), "").
			related(shared[0].Shmem.Path.ref(), "the guest's memory").replace(shared[0].Shmem.Path.Value, false)
	}
}

// kvmfrAccess checks what a guest needs to use the device.
func (p *pass) kvmfrAccess(vm *vm, loaded *Fact[string]) {
	path := vm.Shmem.Path
	if loaded == nil && p.ctx.Modules.Complete && p.ctx.InitrdModules.Complete {
		p.report(path.ref(), Warning, fmt.Sprintf("`%s` uses %s, and nothing loads kvmfr", vm.Name, kvmfrDevice), "add `kvmfr` to boot.kernelModules").
			fix("load kvmfr", false, Change{Kind: Add, Option: "boot.kernelModules", Value: "kvmfr"})
	}
	acl := p.ctx.LookingGlass.CgroupACL
	if acl.Complete && !slices.ContainsFunc(acl.Facts, func(f Fact[string]) bool { return f.Value == kvmfrDevice }) {
		p.report(path.ref(), Warning, fmt.Sprintf("libvirt lets no guest open %s", kvmfrDevice), "add it, and the default devices, to `cgroup_device_acl` in virtualisation.libvirtd.qemu.verbatimConfig")
	}
	if p.ctx.Udev.Complete && !slices.ContainsFunc(p.view.udev, func(u udevText) bool { return strings.Contains(u.text, "kvmfr") }) {
		const rule = `SUBSYSTEM=="kvmfr", GROUP="kvm", MODE="0660"`
		p.report(path.ref(), Warning, fmt.Sprintf("%s belongs to root alone", kvmfrDevice), "add the udev rule `"+rule+"`").
			fix("add a udev rule", false, Change{Kind: Add, Option: "services.udev.extraRules", Value: rule})
	}
}

// staticSize returns the size that kvmfr is told to have, in MiB.
func (p *pass) staticSize() (int, ref, bool) {
	if q := p.view.lastParam("kvmfr.static_size_mb"); q != nil {
		n, err := strconv.Atoi(q.Value)
		return n, q.ref, err == nil
	}
	for _, m := range p.view.modprobe {
		for _, o := range m.Options {
			for _, q := range o.Params {
				if kernel.SameName(o.Module, "kvmfr") && q.Name == "static_size_mb" {
					n, err := strconv.Atoi(q.Value)
					return n, m.ref, err == nil
				}
			}
		}
	}
	return 0, ref{}, false
}

// LookingGlassMiB returns the size in MiB of the memory that Looking Glass needs
// for a resolution such as 3840x2160 or 4K. ok is false if it is none.
func LookingGlassMiB(text string, hdr bool) (size int, ok bool) {
	width, height, ok := resolution(text)
	if !ok {
		return 0, false
	}
	_, size = shmemMiB(width, height, hdr)
	return size, true
}

// shmemMiB returns the memory that Looking Glass needs for a resolution: two
// pictures and 10 MiB, rounded up to a power of two.
func shmemMiB(width, height int, hdr bool) (need float64, size int) {
	bytes := 4.0
	if hdr {
		bytes = 8
	}
	need = float64(width)*float64(height)*bytes*2/(1<<20) + 10
	return need, 1 << int(math.Ceil(math.Log2(need)))
}

// resolution parses `3840x2160`, with `×` or a name such as 4K in its place.
func resolution(s string) (width, height int, ok bool) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "4k", "2160p", "uhd":
		return 3840, 2160, true
	case "1440p", "qhd":
		return 2560, 1440, true
	case "1080p", "fhd":
		return 1920, 1080, true
	}
	w, h, found := strings.Cut(strings.NewReplacer("×", "x", "X", "x", " ", "").Replace(s), "x")
	width, err1 := strconv.Atoi(w)
	height, err2 := strconv.Atoi(h)
	ok = found && err1 == nil && err2 == nil && width > 0 && height > 0 && width <= 1<<14 && height <= 1<<14
	return width, height, ok
}

func checkShmemSize(p *pass) {
	static, by, hasStatic := p.staticSize()
	if hasStatic && (static <= 0 || static&(static-1) != 0) {
		p.report(by, Warning, fmt.Sprintf("kvmfr's size of %d MiB is no power of two", static), "")
	}
	for i := range p.view.vms {
		vm := &p.view.vms[i]
		if vm.Shmem == nil || vm.Shmem.MiB == nil || vm.Shmem.MiB.Maybe {
			continue
		}
		size := vm.Shmem.MiB
		if size.Value <= 0 || size.Value&(size.Value-1) != 0 {
			next := 1
			for next < size.Value && next < 1<<20 {
				next *= 2
			}
			p.report(size.ref(), Error, fmt.Sprintf("the shared memory of `%s` has %d MiB, which is no power of two", vm.Name, size.Value), "").replace(strconv.Itoa(max(next, 32)), false)
			continue
		}
		if hasStatic && static != size.Value && vm.Shmem.Path != nil && vm.Shmem.Path.Value == kvmfrDevice {
			s := Warning
			if size.Value > static {
				s = Error
			}
			p.report(size.ref(), s, fmt.Sprintf("the shared memory of `%s` has %d MiB, and kvmfr %d", vm.Name, size.Value, static), "").
				related(by, "kvmfr's size").replace(strconv.Itoa(static), false)
		}
		if vm.Shmem.Resolution == nil {
			continue
		}
		w, h, ok := resolution(vm.Shmem.Resolution.Value)
		if !ok {
			continue
		}
		if need, want := shmemMiB(w, h, vm.Shmem.HDR); size.Value < want {
			p.report(size.ref(), Warning, fmt.Sprintf("%d MiB are too small for %dx%d, which needs %.1f", size.Value, w, h, need), "the bottom of the screen is cut off").
				related(vm.Shmem.Resolution.ref(), "the resolution").replace(strconv.Itoa(want), false)
		}
	}
}

func checkKVMFR(p *pass) {
	loaded := p.kvmfr()
	if loaded == nil || loaded.Maybe {
		return
	}
	if there, known := p.m.DevNodes[kvmfrDevice]; known && !there {
		p.report(loaded.ref(), Warning, fmt.Sprintf("the running system has no %s", kvmfrDevice), "rebuild and start again; `static_size_mb` must be set for the device to appear")
		return
	}
	want, by, ok := p.staticSize()
	params, _ := p.m.Module("kvmfr")
	have, err := strconv.Atoi(strings.Split(params["static_size_mb"], ",")[0])
	if ok && err == nil && have != want {
		p.report(by, Warning, fmt.Sprintf("kvmfr has %d MiB in the running system, and %d in the configuration", have, want), "rebuild and start again")
	}
}
