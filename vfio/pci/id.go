package pci

import (
	"fmt"
	"strconv"
	"strings"
)

// Vendors that checks speak of.
const (
	VendorAMD    = 0x1022 // processors and chipsets
	VendorATI    = 0x1002 // AMD's graphics
	VendorIntel  = 0x8086
	VendorNVIDIA = 0x10de
	VendorASPEED = 0x1a03 // graphics of management controllers
)

// ID is what a device is: who made it and what they call it.
type ID struct {
	Vendor, Device uint16
}

// String returns the id as `lspci -nn` prints it: 10de:2c05.
func (id ID) String() string { return fmt.Sprintf("%04x:%04x", id.Vendor, id.Device) }

// MarshalText implements [encoding.TextMarshaler].
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (id *ID) UnmarshalText(text []byte) error {
	p, err := ParseID(string(text))
	if err == nil {
		*id = p
	}
	return err
}

// ParseID parses vendor:device, four hexadecimal digits each.
func ParseID(s string) (ID, error) {
	p, err := ParsePattern(s)
	if err != nil {
		return ID{}, err
	}
	if len(s) != 9 {
		return ID{}, fmt.Errorf("PCI id `%s` has more than vendor and device: write `%s`", clip(s), p.ID)
	}
	return p.ID, nil
}

// Any is the subsystem vendor or device of a [Pattern] that matches all.
const Any = 0xffffffff

// Pattern is an entry of vfio-pci's parameter `ids`: a vendor and device, and
// optionally the subsystem and class that a device must have as well.
type Pattern struct {
	ID
	SubVendor, SubDevice uint32 // [Any] unless given
	Class, ClassMask     uint32 // mask 0 unless given
}

// ParsePattern parses one entry of `ids`:
// vendor:device[:subvendor[:subdevice[:class[:class_mask]]]], in hexadecimal.
//
// The kernel also reads numbers with the prefix 0x and of other lengths; they
// are errors here, because everything else that reads ids refuses them.
func ParsePattern(s string) (Pattern, error) {
	p := Pattern{SubVendor: Any, SubDevice: Any}
	bad := func(why string) (Pattern, error) {
		return Pattern{}, fmt.Errorf("PCI id `%s` %s: write it as `10de:2c05`", clip(s), why)
	}
	parts := strings.Split(s, ":")
	if len(parts) < 2 {
		return bad("has no vendor and device")
	}
	if len(parts) > 6 {
		return bad("has too many parts")
	}
	names := [...]string{"vendor", "device", "subsystem vendor", "subsystem device", "class", "class mask"}
	var values [6]uint32
	for i, text := range parts {
		n, err := strconv.ParseUint(text, 16, 32)
		if err != nil {
			return bad(fmt.Sprintf("has the %s `%s`, which is not a hexadecimal number", names[i], clip(text)))
		}
		subsystemAny := (i == 2 || i == 3) && n == Any
		if i < 4 && len(text) != 4 && !subsystemAny {
			return bad(fmt.Sprintf("has the %s `%s`, which does not have four digits", names[i], clip(text)))
		}
		values[i] = uint32(n)
	}
	p.Vendor, p.Device = uint16(values[0]), uint16(values[1])
	if len(parts) > 2 {
		p.SubVendor = values[2]
	}
	if len(parts) > 3 {
		p.SubDevice = values[3]
	}
	p.Class, p.ClassMask = values[4], values[5]
	return p, nil
}

// String returns the pattern in its shortest spelling.
func (p Pattern) String() string {
	s := p.ID.String()
	sub := p.SubVendor != Any || p.SubDevice != Any
	class := p.Class != 0 || p.ClassMask != 0
	if sub || class {
		s += ":" + subsystemPart(p.SubVendor)
	}
	if p.SubDevice != Any || class {
		s += ":" + subsystemPart(p.SubDevice)
	}
	if class {
		s += fmt.Sprintf(":%06x", p.Class)
		if p.ClassMask != 0 {
			s += fmt.Sprintf(":%06x", p.ClassMask)
		}
	}
	return s
}

func subsystemPart(n uint32) string {
	if n == Any {
		return "ffffffff"
	}
	return fmt.Sprintf("%04x", n)
}

// Match tells whether a device is one that the pattern names.
func (p Pattern) Match(id, subsystem ID, class Class) bool {
	return p.ID == id &&
		(p.SubVendor == Any || p.SubVendor == uint32(subsystem.Vendor)) &&
		(p.SubDevice == Any || p.SubDevice == uint32(subsystem.Device)) &&
		(p.Class^uint32(class))&p.ClassMask == 0
}
