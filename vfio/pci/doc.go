// Package pci knows how PCI devices are named by numbers: addresses, vendor and
// device ids, classes.
//
// One device has many spellings. The device that lspci prints as 0d:00.0 is
//
//	0000:0d:00.0                         for the kernel: hexadecimal
//	pci_0000_0d_00_0                     as a node device of libvirt
//	PCI:13:0:0, PCI:13@0:0:0             for the X server and PRIME: decimal
//	domain=0x0000 bus=0x0d slot=0x00 …   in libvirt's XML: as C reads numbers
//
// [Addr] is all of them. Parsing and printing are inverse in each notation.
package pci
