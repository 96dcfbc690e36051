// Package machine holds what is known of a machine: its PCI devices and IOMMU
// groups, processors, memory, kernel. The facts come from the running system
// ([Read]), from a snapshot that was taken of it ([Decode]) or from a report of
// nixos-facter ([DecodeFacter]); all three give a [Machine].
//
// # What is not known
//
// A fact may be unknown: the kernel is too old, a file may not be read, a
// report does not have it. Unknown is never the same as no. Fields that may be
// unknown are pointers, slices or maps, and nil then; an empty slice or map is
// known to be empty.
//
// # Stable and volatile facts
//
// Devices, processors and memory are the same in every boot entry. Drivers,
// reserved huge pages, module parameters and the command line belong to the
// entry that was running, which is named by [Captured.BootContext].
package machine
