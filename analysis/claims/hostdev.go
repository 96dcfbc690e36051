package claims

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/vfio"
)

// devices reads what a guest gets of the host's devices.
func (c cursor) devices(vm *vfio.VM) {
	vm.Hostdevs.Complete = true
	if list, ok := c.first("devices.hostdevs", "devices.hostdev", "hostdevs", "hostdev"); ok {
		all, whole := list.elements()
		vm.Hostdevs.Complete = whole
		for _, x := range all {
			x.hostdev(vm)
		}
	}
	a, ok := c.v.(*eval.Attrs)
	if !ok {
		return
	}
	for _, x := range a.Entries {
		switch name := plain(x.Name); name {
		case "devices":
			c.of(x).namedDevices(vm)
		case "hostdev", "hostdevs", "disk", "disks", "storage", "network", "networking", "os", "cpu", "cputune", "memory", "features", "clock":
		default:
			c.of(x).ownDevices(vm, []string{name}, 0)
		}
	}
	if gpu, ok := c.first("gpu", "vfio.gpu", "passthrough.gpu"); ok {
		vm.PassGPU = gpu.flag("enable", "enabled")
	}
}

// namedDevices reads an attribute `devices` of a repository's own, which has
// devices by name or is a list of their addresses. What libvirt calls devices is
// beside them or instead.
func (c cursor) namedDevices(vm *vfio.VM) {
	a, ok := c.v.(*eval.Attrs)
	if !ok {
		if _, isList := c.v.(*eval.List); isList {
			c.ownDevices(vm, []string{"devices"}, 0)
		}
		return
	}
	for _, x := range a.Entries {
		if name := plain(x.Name); name != "hostdev" && name != "hostdevs" {
			c.of(x).ownDevices(vm, []string{"devices", name}, 0)
		}
	}
}

// hostdev reads a device as libvirt describes it.
func (c cursor) hostdev(vm *vfio.VM) {
	if text, ok := c.v.(eval.String); ok {
		if addressShape().MatchString(string(text)) || strings.HasPrefix(string(text), "pci_") {
			f := fact(c.r, string(text), c.source(), false)
			vm.Hostdevs.Facts = append(vm.Hostdevs.Facts, fact(c.r, vfio.Hostdev{Address: &f}, c.source(), false))
		}
		return
	}
	kind := c.text("type")
	switch {
	case kind != nil && kind.Value == "usb":
		vendor, product := c.text("source.vendor.id", "source.vendor"), c.text("source.product.id", "source.product")
		if vendor != nil && product != nil {
			vm.USB.Facts = append(vm.USB.Facts, fact(c.r, vfio.USBDevice{Vendor: vendor.Value, Product: product.Value}, c.source(), false))
		}
		return
	case kind != nil && kind.Value != "pci":
		return
	}
	address, ok := c.first("source.address", "address")
	if !ok {
		vm.Hostdevs.Complete = false
		return
	}
	h := vfio.Hostdev{Managed: c.flag("managed")}
	if text, ok := address.v.(eval.String); ok {
		f := fact(c.r, string(text), address.source(), false)
		h.Address = &f
	} else {
		l := &vfio.LibvirtAddress{
			Domain: address.numeral("domain"), Bus: address.numeral("bus"), Slot: address.numeral("slot"), Function: address.numeral("function"),
		}
		if l.Bus == nil || l.Slot == nil {
			vm.Hostdevs.Complete = false
			return
		}
		h.Libvirt = l
	}
	vm.Hostdevs.Facts = append(vm.Hostdevs.Facts, fact(c.r, h, address.source(), false))
}

// numeral reads a number that is written as text or as a number.
func (c cursor) numeral(name string) *vfio.Fact[string] {
	x, ok := c.first(name)
	if !ok {
		return nil
	}
	switch v := x.v.(type) {
	case eval.String:
		return as(x, true, asText)
	case eval.Int:
		// It leaves no doubt about its base.
		at := x.source()
		if at != nil {
			at.Literal = false
		}
		f := fact(c.r, fmt.Sprintf("0x%02x", int64(v)), at, false)
		return &f
	}
	return nil
}

// ownDevices looks for devices in options of a repository's own: addresses, and
// ids beside them. The path is that of plain names inside of the guest.
func (c cursor) ownDevices(vm *vfio.VM, path []string, depth int) {
	if depth > maxNesting {
		vm.Hostdevs.Complete = false
		return
	}
	switch v := c.v.(type) {
	case *eval.Unknown:
		if speaksOf(path, hardwareWords) {
			vm.Hostdevs.Complete = false
		}
	case *eval.List:
		if !speaksOf(path, append([]string{"device", "hostdev"}, hardwareWords...)) {
			return
		}
		all, whole := c.elements()
		vm.Hostdevs.Complete = vm.Hostdevs.Complete && whole
		for _, x := range all {
			if text, ok := x.v.(eval.String); ok && addressShape().MatchString(string(text)) {
				x.hostdev(vm)
			} else {
				x.ownDevices(vm, path, depth+1)
			}
		}
	case *eval.Attrs:
		if c.off() {
			return
		}
		for _, a := range v.Entries {
			x, name := c.of(a), plain(a.Name)
			prefix, isAddress := strings.CutSuffix(name, "address")
			text, isText := x.v.(eval.String)
			if isAddress && isText && (addressShape().MatchString(string(text)) || speaksOf(path, hardwareWords)) && text != "" {
				prefix = strings.TrimSuffix(prefix, "pci")
				address := fact(c.r, string(text), x.source(), false)
				h := vfio.Hostdev{
					Role: role(append(path, prefix)), Address: &address, Managed: c.flag("managed"),
					ID: c.text(prefix+"pciid", prefix+"id", prefix+"pciids"),
				}
				vm.Hostdevs.Facts = append(vm.Hostdevs.Facts, fact(c.r, h, x.source(), false))
				continue
			}
			if !isText {
				x.ownDevices(vm, append(path[:len(path):len(path)], name), depth+1)
			}
		}
	}
}

// role tells what a device is for by the names it is under, the innermost
// first.
func role(path []string) vfio.Role {
	gpu := speaksOf(path, []string{"gpu", "vga", "graphics", "video"})
	for i := len(path) - 1; i >= 0; i-- {
		name := path[i]
		switch {
		case name == "":
		case strings.Contains(name, "audio") || strings.Contains(name, "sound"):
			return vfio.GPUAudio
		case strings.Contains(name, "usb") || strings.Contains(name, "serial") || strings.Contains(name, "ucsi"):
			if gpu {
				return vfio.GPUOther
			}
			return vfio.OtherDevice
		case strings.Contains(name, "gpu") || strings.Contains(name, "vga") || strings.Contains(name, "graphics"):
			return vfio.GPU
		}
	}
	return vfio.OtherDevice
}
