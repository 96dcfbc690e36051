package pci

import (
	"fmt"
	"strconv"
)

// Class is what a device is for: base class, subclass and programming
// interface, one byte each.
type Class uint32

// Classes without their programming interface, for [Class.Is].
const (
	ClassNVMe       = 0x0108
	ClassSATA       = 0x0106
	ClassEthernet   = 0x0200
	ClassWireless   = 0x0280
	ClassVGA        = 0x0300
	Class3D         = 0x0302
	ClassHDAudio    = 0x0403
	ClassHostBridge = 0x0600
	ClassPCIBridge  = 0x0604
	ClassIOMMU      = 0x0806
	ClassUSB        = 0x0c03
)

// Base classes, for [Class.Base].
const (
	BaseStorage  = 0x01
	BaseNetwork  = 0x02
	BaseDisplay  = 0x03
	BaseBridge   = 0x06
	BaseWireless = 0x0d
)

// XHCI is the class of USB 3 controllers.
const XHCI Class = 0x0c0330

// Base returns the base class.
func (c Class) Base() uint8 { return uint8(c >> 16) }

// Is tells whether the class, whatever its programming interface, is the given
// one.
func (c Class) Is(class uint16) bool { return uint16(c>>8) == class }

// Display tells whether the device is a graphics card. Cards without outputs
// and many of laptops are no VGA controllers.
func (c Class) Display() bool { return c.Base() == BaseDisplay }

// Bridge tells whether the device connects others and is nothing in itself.
func (c Class) Bridge() bool { return c.Base() == BaseBridge }

// String returns the class in six hexadecimal digits.
func (c Class) String() string { return fmt.Sprintf("%06x", uint32(c)) }

// MarshalText implements [encoding.TextMarshaler].
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (c *Class) UnmarshalText(text []byte) error {
	n, err := strconv.ParseUint(string(text), 16, 24)
	if err != nil || len(text) != 6 {
		return fmt.Errorf("PCI class `%s` does not have six hexadecimal digits", clip(string(text)))
	}
	*c = Class(n)
	return nil
}
