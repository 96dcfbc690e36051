package pci

import (
	"fmt"
	"strconv"
	"strings"
)

// Addr is the place of a PCI function: domain, bus, device and function.
//
// The domain usually is 0. Domains of devices behind an Intel VMD begin at
// 0x10000, because ACPI numbers the others with 16 bits.
type Addr struct {
	Domain   uint32
	Bus      uint8
	Device   uint8 // 0 to 31
	Function uint8 // 0 to 7
}

// MaxDevice and MaxFunction are the highest numbers that a device on a bus and
// a function of a device can have.
const (
	MaxDevice   = 31
	MaxFunction = 7
)

// ParseAddr parses an address as the kernel and `lspci -D` write it:
// domain:bus:device.function in lower-case hexadecimal, such as 0000:01:00.0.
// Other spellings are errors; [Detect] understands them.
func ParseAddr(s string) (Addr, error) {
	a, n, err := Detect(s)
	switch {
	case err != nil:
		return Addr{}, err
	case n == Sysfs:
		return a, nil
	case n == Short:
		return Addr{}, fmt.Errorf("address `%s` has no domain: write `%s`", s, a)
	default:
		return Addr{}, fmt.Errorf("address `%s` is not written as the kernel does: write `%s`", s, a)
	}
}

// String returns the address as the kernel writes it: 0000:01:00.0.
func (a Addr) String() string {
	var buf [16]byte
	return string(a.append(buf[:0]))
}

func (a Addr) append(b []byte) []byte {
	const hex = "0123456789abcdef"
	digits := 4
	for digits < 8 && a.Domain>>(4*digits) != 0 {
		digits++
	}
	for i := digits - 1; i >= 0; i-- {
		b = append(b, hex[a.Domain>>(4*i)&0xf])
	}
	return append(b, ':', hex[a.Bus>>4], hex[a.Bus&0xf], ':', hex[a.Device>>4&0xf], hex[a.Device&0xf], '.', hex[a.Function&0xf])
}

// Short returns the address without its domain, as lspci prints it on machines
// that have only one: 01:00.0. An address in another domain keeps it.
func (a Addr) Short() string {
	if a.Domain != 0 {
		return a.String()
	}
	return a.String()[len("0000:"):]
}

// Nodedev returns the name of libvirt's node device: pci_0000_01_00_0.
func (a Addr) Nodedev() string {
	return "pci_" + strings.NewReplacer(":", "_", ".", "_").Replace(a.String())
}

// BusID returns the address as the X server and hardware.nvidia.prime want it:
// PCI:1:0:0 in decimal, PCI:1@2:0:0 for an address in domain 2.
func (a Addr) BusID() string {
	domain := ""
	if a.Domain != 0 {
		domain = "@" + strconv.FormatUint(uint64(a.Domain), 10)
	}
	return fmt.Sprintf("PCI:%d%s:%d:%d", a.Bus, domain, a.Device, a.Function)
}

// Libvirt returns the attributes of libvirt's <address> element, in
// hexadecimal with the prefix that tells libvirt so.
func (a Addr) Libvirt() (domain, bus, slot, function string) {
	return fmt.Sprintf("0x%04x", a.Domain), fmt.Sprintf("0x%02x", a.Bus),
		fmt.Sprintf("0x%02x", a.Device), fmt.Sprintf("0x%x", a.Function)
}

// SameSlot tells whether two addresses are functions of one device.
func (a Addr) SameSlot(b Addr) bool {
	a.Function, b.Function = 0, 0
	return a == b
}

// Compare orders addresses by domain, bus, device and function.
func (a Addr) Compare(b Addr) int {
	x, y := a.key(), b.key()
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

func (a Addr) key() uint64 {
	return uint64(a.Domain)<<24 | uint64(a.Bus)<<16 | uint64(a.Device)<<8 | uint64(a.Function)
}

// MarshalText implements [encoding.TextMarshaler].
func (a Addr) MarshalText() ([]byte, error) { return a.append(nil), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]; it accepts what
// [ParseAddr] accepts.
func (a *Addr) UnmarshalText(text []byte) error {
	p, err := ParseAddr(string(text))
	if err == nil {
		*a = p
	}
	return err
}
