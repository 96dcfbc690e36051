package pci

import (
	"fmt"
	"strconv"
	"strings"
)

// Notation is one of the ways in which an address is written.
type Notation uint8

// The notations that [Detect] tells apart.
const (
	// Sysfs is the kernel's own: 0000:0d:00.0.
	Sysfs Notation = iota + 1
	// Short is Sysfs without the domain: 0d:00.0.
	Short
	// Sloppy is one of these two with upper-case digits, or with a wrong
	// number of them: 0000:0D:00.0, 0000:d:0.0.
	Sloppy
	// Nodedev is the name of libvirt's node device: pci_0000_0d_00_0.
	Nodedev
	// BusID is what the X server reads, in decimal: PCI:13:0:0.
	BusID
)

// Detect parses an address in any notation that leaves no doubt what is meant,
// and tells which one it is.
func Detect(s string) (Addr, Notation, error) {
	if len(s) > 64 {
		return Addr{}, 0, fmt.Errorf("PCI address `%s…` is too long: write it as `0000:01:00.0`", clip(s))
	}
	if len(s) >= 4 && strings.EqualFold(s[:4], "PCI:") {
		a, err := ParseBusID(s)
		return a, BusID, err
	}
	if rest, ok := strings.CutPrefix(s, "pci_"); ok {
		parts := strings.Split(rest, "_")
		if len(parts) == 4 {
			a, _, err := fromHex(s, parts[0], parts[1], parts[2], parts[3])
			return a, Nodedev, err
		}
	}
	place, function, ok := strings.Cut(s, ".")
	if !ok {
		return Addr{}, 0, notAnAddress(s)
	}
	parts := strings.Split(place, ":")
	switch len(parts) {
	case 2:
		a, exact, err := fromHex(s, "0000", parts[0], parts[1], function)
		if exact {
			return a, Short, err
		}
		return a, Sloppy, err
	case 3:
		a, exact, err := fromHex(s, parts[0], parts[1], parts[2], function)
		if exact {
			return a, Sysfs, err
		}
		return a, Sloppy, err
	}
	return Addr{}, 0, notAnAddress(s)
}

func notAnAddress(s string) error {
	return fmt.Errorf("`%s` is not a PCI address: write it as `0000:01:00.0`", clip(s))
}

// clip shortens text that goes into a message.
func clip(s string) string {
	if len(s) > 64 {
		return s[:64]
	}
	return s
}

// fromHex makes an address of its four parts. It is exact if they are written
// as the kernel writes them.
func fromHex(s, domain, bus, device, function string) (a Addr, exact bool, err error) {
	exact = true
	part := func(name, text string, limit uint64, minDigits, maxDigits int) uint64 {
		if err != nil {
			return 0
		}
		n, perr := strconv.ParseUint(text, 16, 64)
		switch {
		case perr != nil:
			err = fmt.Errorf("%s `%s` of the PCI address `%s` is not a hexadecimal number", name, text, s)
		case n > limit:
			err = fmt.Errorf("%s `%s` of the PCI address `%s` is too large: the highest is %x", name, text, s, limit)
		case len(text) < minDigits || len(text) > maxDigits || strings.ToLower(text) != text:
			exact = false
		}
		return n
	}
	a.Domain = uint32(part("domain", domain, 0xffffffff, 4, 8))
	a.Bus = uint8(part("bus", bus, 0xff, 2, 2))
	a.Device = uint8(part("device", device, MaxDevice, 2, 2))
	a.Function = uint8(part("function", function, MaxFunction, 1, 1))
	if err != nil {
		return Addr{}, false, err
	}
	// 00000:… names the domain 0000 with a digit too many.
	if len(domain) > 4 && a.Domain>>(4*(len(domain)-1)) == 0 {
		exact = false
	}
	return a, exact, nil
}

// ParseBusID parses the X server's notation, which counts in decimal:
// PCI:bus:device:function or PCI:bus@domain:device:function. Leading zeros mean
// nothing.
func ParseBusID(s string) (Addr, error) {
	bad := func(why string) (Addr, error) {
		return Addr{}, fmt.Errorf("bus id `%s` %s", clip(s), why)
	}
	if len(s) < 4 || !strings.EqualFold(s[:4], "PCI:") {
		return bad("does not begin with `PCI:`")
	}
	parts := strings.Split(s[4:], ":")
	if len(parts) != 3 {
		return bad("does not have the form `PCI:bus:device:function`")
	}
	bus, domain, hasDomain := strings.Cut(parts[0], "@")
	if !hasDomain {
		domain = "0"
	}
	var a Addr
	for _, p := range []struct {
		name, text string
		limit      uint64
		set        func(uint64)
	}{
		{"bus", bus, 0xff, func(n uint64) { a.Bus = uint8(n) }},
		{"domain", domain, 0xffffffff, func(n uint64) { a.Domain = uint32(n) }},
		{"device", parts[1], MaxDevice, func(n uint64) { a.Device = uint8(n) }},
		{"function", parts[2], MaxFunction, func(n uint64) { a.Function = uint8(n) }},
	} {
		if !isDecimal(p.text) {
			return bad(fmt.Sprintf("has the %s `%s`, which is not a decimal number", p.name, p.text))
		}
		n, err := strconv.ParseUint(p.text, 10, 64)
		if err != nil || n > p.limit {
			return bad(fmt.Sprintf("has the %s %s: the highest is %d", p.name, p.text, p.limit))
		}
		p.set(n)
	}
	return a, nil
}

// GuessBusID reads what was probably meant by a bus id that [ParseBusID]
// refuses: an address copied from lspci, or a bus id with hexadecimal parts.
func GuessBusID(s string) (Addr, bool) {
	if a, n, err := Detect(s); err == nil && n != BusID {
		return a, true
	}
	if len(s) < 4 || !strings.EqualFold(s[:4], "PCI:") {
		return Addr{}, false
	}
	rest := s[4:]
	// PCI:0000:01:00.0 and PCI:01:00.0
	if a, n, err := Detect(rest); err == nil && n != BusID {
		return a, true
	}
	parts := strings.Split(rest, ":")
	if len(parts) != 3 || !strings.ContainsAny(rest, "abcdefABCDEF") {
		return Addr{}, false
	}
	domain := "0"
	if bus, d, ok := strings.Cut(parts[0], "@"); ok {
		parts[0], domain = bus, d
	}
	a, _, err := fromHex(s, domain, parts[0], parts[1], parts[2])
	return a, err == nil
}

func isDecimal(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// ParseLibvirt parses the attributes of libvirt's <address> element. libvirt
// reads each of them as C does: `0x0d` is hexadecimal, `13` decimal and `015`
// octal. An empty domain or function is 0.
func ParseLibvirt(domain, bus, slot, function string) (Addr, error) {
	var a Addr
	for _, p := range []struct {
		name, text string
		limit      uint64
		optional   bool
		set        func(uint64)
	}{
		{"domain", domain, 0xffffffff, true, func(n uint64) { a.Domain = uint32(n) }},
		{"bus", bus, 0xff, false, func(n uint64) { a.Bus = uint8(n) }},
		{"slot", slot, MaxDevice, false, func(n uint64) { a.Device = uint8(n) }},
		{"function", function, MaxFunction, true, func(n uint64) { a.Function = uint8(n) }},
	} {
		if p.text == "" && p.optional {
			continue
		}
		n, err := ParseNumber(p.text)
		if err != nil {
			return Addr{}, fmt.Errorf("%s `%s` of a libvirt address is not a number: hexadecimal ones begin with `0x`", p.name, clip(p.text))
		}
		if n > p.limit {
			return Addr{}, fmt.Errorf("%s `%s` of a libvirt address is too large: the highest is 0x%x", p.name, clip(p.text), p.limit)
		}
		p.set(n)
	}
	return a, nil
}

// ParseNumber reads a number as libvirt does, and C with base 0: `0x0d` is
// hexadecimal, `013` octal, `13` decimal. Unlike Go it knows no underscores.
func ParseNumber(s string) (uint64, error) {
	switch {
	case len(s) > 2 && (s[:2] == "0x" || s[:2] == "0X"):
		return strconv.ParseUint(s[2:], 16, 64)
	case len(s) > 1 && s[0] == '0':
		return strconv.ParseUint(s, 8, 64)
	}
	return strconv.ParseUint(s, 10, 64)
}
