package vfio

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/vfio/kernel"
	"github.com/nixlint/nixlint/vfio/pci"
)

var formatChecks = []Check{
	{
		Name: "vfio-prime-busid-format", Severity: Error,
		Summary: "bus id that the X server cannot read",
		Why: "Bus ids of `hardware.nvidia.prime` are `PCI:bus:device:function` in decimal, while lspci prints " +
			"hexadecimal. Leading zeros and a domain (`PCI:1@0:0:0`) are fine.",
		Bad:  `hardware.nvidia.prime.nvidiaBusId = "PCI:0d:0:0";`,
		Good: `hardware.nvidia.prime.nvidiaBusId = "PCI:13:0:0";`,
		run:  checkBusIDFormat,
	},
	{
		Name: "vfio-pci-address-format", Severity: Error,
		Summary: "PCI address that is not written as the kernel writes it",
		Why: "The kernel knows a device by one spelling: `0000:01:00.0`, with the domain and in lower case. Other " +
			"spellings find no folder in /sys. What is no address at all is an error, other spellings are warnings, " +
			"because some programs take them. Names of libvirt's node devices are fine.",
		Bad:  `devices.gpu.address = "0000:0D:00.0";`,
		Good: `devices.gpu.address = "0000:0d:00.0";`,
		run:  checkAddressFormat,
	},
	{
		Name: "vfio-id-format", Severity: Error,
		Summary: "PCI id that vfio-pci does not understand, or a list of ids that ends early",
		Why: "vfio-pci takes `vendor:device` in hexadecimal without prefix, separated by commas without blanks. A " +
			"blank ends the parameter; what stands behind it is lost without a word.",
		Bad:  `boot.kernelParams = [ "vfio-pci.ids=10de:2c05, 10de:22e9" ];`,
		Good: `boot.kernelParams = [ "vfio-pci.ids=10de:2c05,10de:22e9" ];`,
		run:  checkIDFormat,
	},
	{
		Name: "vfio-hostdev-hex", Severity: Error,
		Summary: "number of a libvirt address that is not meant as libvirt reads it",
		Why: "libvirt reads the parts of an address as C does: `0x0d` is hexadecimal, `13` decimal, `015` octal, and " +
			"`0d` is refused. lspci prints hexadecimal without prefix.",
		Bad:  `source.address = { bus = "0d"; slot = "0x00"; function = "0x0"; };`,
		Good: `source.address = { bus = "0x0d"; slot = "0x00"; function = "0x0"; };`,
		run:  checkLibvirtAddress,
	},
	{
		Name: "usb-id-format", Severity: Error,
		Summary: "USB id in the notation of another program",
		Why: "libvirt wants USB ids with the prefix `0x`; udev compares text and knows them in lower case without it. " +
			"Each refuses or ignores the other's spelling.",
		Bad:  `usb = [ { vendor = "046d"; product = "c31c"; } ];`,
		Good: `usb = [ { vendor = "0x046d"; product = "0xc31c"; } ];`,
		run:  checkUSBFormat,
	},
}

// busID is a bus id of PRIME and what it should belong to.
type busID struct {
	option string
	fact   *Fact[string]
	vendor uint16
}

func (n *NVIDIA) busIDs() []busID {
	var ids []busID
	for _, b := range []busID{
		{"nvidiaBusId", n.NVIDIABusID, pci.VendorNVIDIA},
		{"intelBusId", n.IntelBusID, pci.VendorIntel},
		{"amdgpuBusId", n.AMDBusID, pci.VendorATI},
	} {
		if b.fact != nil && b.fact.Value != "" {
			ids = append(ids, b)
		}
	}
	return ids
}

func checkBusIDFormat(p *pass) {
	for _, b := range p.ctx.NVIDIA.busIDs() {
		_, err := pci.ParseBusID(b.fact.Value)
		if err == nil {
			continue
		}
		f := p.report(b.fact.ref(), Error, err.Error(), "bus ids count in decimal: lspci's `0d:00.0` is `PCI:13:0:0`")
		a, ok := pci.GuessBusID(b.fact.Value)
		if !ok {
			continue
		}
		f.Help = fmt.Sprintf("bus ids count in decimal: lspci's `%s` is `%s`", a.Short(), a.BusID())
		f.replace(a.BusID(), !mixedBases(b.fact.Value))
	}
}

// mixedBases tells whether a bus id with a hexadecimal part has others that
// may be meant in decimal.
func mixedBases(s string) bool {
	if strings.Contains(s, ".") {
		return false
	}
	for part := range strings.SplitSeq(s, ":") {
		if n, err := strconv.Atoi(part); err == nil && n > 9 {
			return true
		}
	}
	return false
}

// addressFact is an address in the configuration.
type addressFact struct {
	ref
	text string
}

// addressTexts returns all addresses that are written as one text.
func (p *pass) addressTexts() []addressFact {
	var all []addressFact
	for i := range p.view.vms {
		for k := range p.view.vms[i].devices {
			if h := &p.view.vms[i].devices[k]; h.Address != nil {
				all = append(all, addressFact{h.ref, h.Address.Value})
			}
		}
	}
	for i := range p.ctx.Addresses.Facts {
		f := &p.ctx.Addresses.Facts[i]
		all = append(all, addressFact{f.ref(), f.Value.Text})
	}
	return all
}

func checkAddressFormat(p *pass) {
	for _, at := range p.addressTexts() {
		if at.text == "" {
			continue
		}
		a, n, err := pci.Detect(at.text)
		switch {
		case err != nil:
			help := ""
			if _, err := pci.ParsePattern(at.text); err == nil {
				help = "this is an id, which says what a device is; an address says where it is: `lspci -Dnn` prints both"
			}
			p.report(at.ref, Error, err.Error(), help)
		case n == pci.Short:
			p.report(at.ref, Warning, fmt.Sprintf("PCI address `%s` has no domain", at.text),
				"devices in /sys and in libvirt have one").replace(a.String(), true)
		case n == pci.Sloppy:
			p.report(at.ref, Warning, fmt.Sprintf("PCI address `%s` is not written as the kernel does", at.text),
				"the kernel compares text").replace(a.String(), true)
		case n == pci.BusID:
			p.report(at.ref, Warning, fmt.Sprintf("`%s` is a bus id of the X server, which counts in decimal", at.text),
				"").replace(a.String(), true)
		}
	}
}

// idList is ids in the configuration.
type idList struct {
	ref
	name  string // of the parameter, or "" for a single id
	value string
	whole string // of the fact
	rest  string // what follows in the fact
}

func (p *pass) idLists() []idList {
	var lists []idList
	for _, q := range p.view.params {
		if q.Is("vfio-pci.ids") {
			lists = append(lists, idList{q.ref, q.Name, q.Value, q.text, q.text[q.End:]})
		}
	}
	for _, m := range p.view.modprobe {
		for _, o := range m.Options {
			for i, q := range o.Params {
				if kernel.SameName(o.Module, "vfio-pci") && q.Name == "ids" {
					rest := ""
					for _, r := range o.Params[i+1:] {
						rest += " " + r.String()
					}
					lists = append(lists, idList{m.ref, "ids", q.Value, m.text, rest})
				}
			}
		}
	}
	for i := range p.ctx.IDs.Facts {
		f := &p.ctx.IDs.Facts[i]
		lists = append(lists, idList{ref: f.ref(), value: f.Value, whole: f.Value})
	}
	for i := range p.view.vms {
		for k := range p.view.vms[i].devices {
			if id := p.view.vms[i].devices[k].ID; id != nil {
				lists = append(lists, idList{ref: id.ref(), value: id.Value, whole: id.Value})
			}
		}
	}
	return lists
}

func checkIDFormat(p *pass) {
	for _, l := range p.idLists() {
		if next := strings.Fields(l.rest); l.name != "" && strings.HasSuffix(l.value, ",") && len(next) > 0 {
			if _, err := pci.ParsePattern(strings.TrimSuffix(next[0], ",")); err == nil {
				before, _, _ := strings.Cut(l.whole, l.value)
				whole := before + l.value + strings.TrimLeft(l.whole[len(before)+len(l.value):], " \t")
				p.report(l.ref, Error, fmt.Sprintf("the blank after `%s` ends the list: `%s` is ignored", l.value, next[0]),
					"").fix("remove the blank", true, Change{Source: l.source, Value: whole})
			}
		}
		if len(l.value) > 1023 {
			p.report(l.ref, Error, fmt.Sprintf("the list of ids has %d characters, vfio-pci reads 1023", len(l.value)),
				"bind some of the devices by their addresses, with `driver_override`")
		}
		seen := map[pci.Pattern]bool{}
		for text := range strings.SplitSeq(l.value, ",") {
			if text == "" {
				continue
			}
			pattern, err := pci.ParsePattern(text)
			if err == nil {
				if seen[pattern] {
					p.report(l.ref, Info, fmt.Sprintf("the id `%s` is listed twice", text), "")
				}
				seen[pattern] = true
				continue
			}
			p.badID(l, text, err)
		}
	}
}

// badID reports an id that is not written as usual. The kernel takes a prefix
// and fewer digits.
func (p *pass) badID(l idList, text string, err error) {
	fixed := func(good string) string { return strings.Replace(l.whole, text, good, 1) }
	if a, _, aerr := pci.Detect(text); aerr == nil {
		f := p.report(l.ref, Error, fmt.Sprintf("`%s` is an address, and an id is wanted", text),
			"an id says what a device is, such as `10de:2c05`; `lspci -nn` prints it in brackets")
		if p.m != nil {
			if d := p.m.Find(a); d != nil {
				f.Help = "the device at this address has the id `" + d.ID().String() + "`"
				f.replace(fixed(d.ID().String()), false)
			}
		}
		return
	}
	plain := strings.ReplaceAll(strings.ReplaceAll(text, "0x", ""), "-", ":")
	if good, perr := pci.ParsePattern(strings.TrimSpace(plain)); perr == nil {
		s, help := Error, "vfio-pci separates vendor and device by a colon"
		if !strings.Contains(text, "-") {
			s, help = Info, "the kernel reads it, other programs do not"
		}
		p.report(l.ref, s, fmt.Sprintf("PCI id `%s` is not written as `lspci -nn` prints it", text), help).
			replace(fixed(good.String()), true)
		return
	}
	s := Error
	if readByKernel(text) {
		s = Warning
	}
	p.report(l.ref, s, err.Error(), "")
}

// readByKernel tells whether the kernel takes a text for an id.
func readByKernel(text string) bool {
	parts := strings.Split(text, ":")
	for _, part := range parts {
		if _, err := strconv.ParseUint(strings.TrimPrefix(part, "0x"), 16, 32); err != nil {
			return false
		}
	}
	return len(parts) >= 2 && len(parts) <= 6
}

func checkLibvirtAddress(p *pass) {
	for i := range p.view.vms {
		for k := range p.view.vms[i].devices {
			a := p.view.vms[i].devices[k].Libvirt
			if a == nil {
				continue
			}
			for _, part := range []struct {
				name  string
				fact  *Fact[string]
				limit uint64
				width int
			}{{"domain", a.Domain, 0xffffffff, 4}, {"bus", a.Bus, 0xff, 2}, {"slot", a.Slot, pci.MaxDevice, 2}, {"function", a.Function, pci.MaxFunction, 1}} {
				if part.fact != nil {
					p.libvirtPart(part.name, part.fact, part.limit, part.width)
				}
			}
		}
	}
}

func (p *pass) libvirtPart(name string, f *Fact[string], limit uint64, width int) {
	text := f.Value
	prefixed := strings.HasPrefix(text, "0x") || strings.HasPrefix(text, "0X")
	asHex, hexErr := strconv.ParseUint(text, 16, 64)
	copied := fmt.Sprintf("0x%0*x", width, asHex) // if the prefix was forgotten
	n, err := pci.ParseNumber(text)
	switch {
	case err != nil && hexErr == nil && asHex <= limit:
		p.report(f.ref(), Error, fmt.Sprintf("libvirt refuses the %s `%s`: hexadecimal numbers begin with `0x`", name, text), "").
			replace(copied, true)
	case err != nil:
		p.report(f.ref(), Error, fmt.Sprintf("the %s `%s` of a libvirt address is not a number", name, text), fmt.Sprintf("write it as `0x%0*x`", width, 0))
	case n > limit:
		p.report(f.ref(), Error, fmt.Sprintf("the %s `%s` is too large: the highest is 0x%x", name, text, limit), "")
	case !prefixed && text[0] == '0' && n > 7:
		p.report(f.ref(), Warning, fmt.Sprintf("libvirt reads the %s `%s` as octal: 0x%0*x", name, text, width, n),
			"if it was copied from lspci, it is hexadecimal").replace(copied, false)
	case !prefixed && n > 9 && p.m == nil:
		p.report(f.ref(), Info, fmt.Sprintf("libvirt reads the %s `%s` as decimal: 0x%0*x", name, text, width, n),
			fmt.Sprintf("if it was copied from lspci, write `%s`", copied))
	}
}

func checkUSBFormat(p *pass) {
	for i := range p.ctx.VMs {
		for k := range p.ctx.VMs[i].USB.Facts {
			f := &p.ctx.VMs[i].USB.Facts[k]
			p.usbID(f.ref(), "vendor", f.Value.Vendor)
			p.usbID(f.ref(), "product", f.Value.Product)
		}
	}
	for _, u := range p.view.udev {
		for _, r := range u.rules {
			for _, attr := range []string{"idVendor", "idProduct"} {
				p.udevID(u, r, attr)
			}
			_, vendor := usbAttr(r, "idVendor")
			_, product := usbAttr(r, "idProduct")
			if mode, ok := r.Set("MODE", ""); ok && vendor && !product && strings.TrimLeft(mode, "0") == "666" {
				p.report(u.ref, Info, "a udev rule opens all USB devices of a maker to everybody",
					"match `ATTRS{idProduct}` too, or use `TAG+=\"uaccess\"`")
			}
		}
	}
}

func usbAttr(r kernel.UdevRule, attr string) (string, bool) {
	if v, ok := r.Match("ATTR", attr); ok {
		return v, true
	}
	return r.Match("ATTRS", attr)
}

func (p *pass) usbID(r ref, name, text string) {
	if text == "" {
		return
	}
	hex, prefixed := strings.CutPrefix(text, "0x")
	n, err := strconv.ParseUint(hex, 16, 64)
	switch {
	case err != nil:
		p.report(r, Error, fmt.Sprintf("the USB %s id `%s` is not a hexadecimal number", name, text), "write it as `0x046d`")
	case n > 0xffff:
		p.report(r, Error, fmt.Sprintf("the USB %s id `%s` has more than four digits", name, text), "")
	case !prefixed && strings.ContainsAny(hex, "abcdefABCDEF"):
		p.report(r, Error, fmt.Sprintf("libvirt refuses the USB %s id `%s`", name, text), fmt.Sprintf("write `0x%04x`", n))
	case !prefixed:
		p.report(r, Warning, fmt.Sprintf("libvirt reads the USB %s id `%s` as decimal", name, text), fmt.Sprintf("if it was copied from lsusb, write `0x%04x`", n))
	}
}

func (p *pass) udevID(u udevText, r kernel.UdevRule, attr string) {
	text, ok := usbAttr(r, attr)
	if !ok || strings.ContainsAny(text, "*?[|") {
		return
	}
	good := strings.ToLower(strings.TrimPrefix(strings.TrimPrefix(text, "0x"), "0X"))
	if n, err := strconv.ParseUint(good, 16, 16); err == nil {
		good = fmt.Sprintf("%04x", n)
	}
	if good != text {
		p.report(u.ref, Warning, fmt.Sprintf("udev never sees the %s `%s`: it compares text", attr, text),
			"ids are four lower-case digits without `0x`").
			fix("write `"+good+"`", true, Change{Source: u.source, Value: strings.Replace(u.text, `"`+text+`"`, `"`+good+`"`, 1)})
	}
}
