// Package vfio checks what a configuration says about PCI devices, GPU
// passthrough and virtual machines: against itself, and against the machine.
//
// It knows nothing of Nix. The caller describes what the configuration of a
// host claims ([Claims]), one [Context] for each boot entry; the facts of the
// machine, if there are any, come from package machine. [Run] gives both to
// every [Check] and returns findings, whose places are the marks ([Source])
// that the caller put on its facts.
//
// # Certainty
//
// Checks say only what is certain. A fact under a condition that nobody could
// decide is marked with [Fact.Maybe] and never leads to an error. A [List] that
// may lack entries is not [List.Complete], and nothing is said to be missing
// from it. What is unknown about the machine is never taken for no.
//
// # Boot contexts
//
// A host has a base system and specialisations, and devices belong to the host
// in one and to guests in another. Every check looks at one context at a time.
// A finding that is the same in several is reported once and names them all.
// Facts of the machine that change from one boot entry to the next, such as
// which driver is bound, count only for the entry in which they were taken.
//
// # What is not checked
//
// Some checks were considered and left out:
//
//   - Options that nothing reads or nothing sets, and options that two modules
//     define differently. That is no matter of PCI; rules about options say it.
//   - Whether a card that the firmware of a machine in BIOS mode has started has
//     a ROM for a guest with UEFI. Nearly all have, and no file tells.
//   - `vfio-pci.disable_vga=1` and `kvm.ignore_msrs=1`, which many guides advise:
//     both do what they say, and nothing shows whether a guest needs them.
//   - Functions of a configuration that turn bus ids into addresses wrongly are
//     not looked for by their text. Their results are: an address with the
//     decimal digits of a bus id.
//   - The type of IOMMU groups where `iommu=pt` is not configured: kernels are
//     built with either default.
package vfio
