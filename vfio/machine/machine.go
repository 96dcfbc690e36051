package machine

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/vfio/cpuset"
	"github.com/nixlint/nixlint/vfio/pci"
)

// Machine is what is known of a machine.
type Machine struct {
	Schema    string                       `json:"schema"`
	Host      string                       `json:"host,omitempty"` // as the flake names it
	Captured  Captured                     `json:"captured"`
	Kernel    Kernel                       `json:"kernel"`
	CPU       CPU                          `json:"cpu"`
	NUMA      Numbered[cpuset.Set]         `json:"numa,omitzero"` // processors of each node
	Memory    Memory                       `json:"memory"`
	Hugepages map[string]Hugepages         `json:"hugepages,omitzero"` // by page size: "2048kB", "1048576kB"
	IOMMU     IOMMU                        `json:"iommu"`
	Modules   map[string]map[string]string `json:"modules,omitzero"` // loaded modules of interest and their parameters
	Cmdline   []string                     `json:"cmdline,omitzero"` // parameters of interest
	DevNodes  map[string]bool              `json:"devNodes,omitzero"`
	Bridges   map[string][]string          `json:"bridges,omitzero"` // bridges and their ports
	PCI       []Device                     `json:"pci"`              // by address

	// Notes tell what could not be read. They are no part of a snapshot.
	Notes []Note `json:"-"`
}

// Note says why a fact is unknown.
type Note struct {
	Path    string // relative to the root that was read
	Problem string
}

// Captured tells when and how the facts were taken.
type Captured struct {
	Date string `json:"date,omitempty"` // YYYY-MM-DD
	Tool string `json:"tool,omitempty"`
	// Privileged tells whether the reader was root.
	Privileged bool `json:"privileged"`
	// BootContext is the boot entry that was running: "base", the name of a
	// specialisation, or "" if unknown.
	BootContext string `json:"bootContext,omitempty"`
}

// Kernel is the running kernel.
type Kernel struct {
	Release string `json:"release,omitempty"`
	Arch    string `json:"arch,omitempty"` // as uname prints it: x86_64, aarch64
	EFI     *bool  `json:"efi,omitempty"`  // booted by UEFI
}

// CPU is the processors of the machine.
type CPU struct {
	Vendor   string      `json:"vendor,omitempty"` // AuthenticAMD, GenuineIntel
	Model    string      `json:"model,omitempty"`
	Online   *cpuset.Set `json:"online,omitempty"`
	Possible *cpuset.Set `json:"possible,omitempty"`
	Isolated *cpuset.Set `json:"isolated,omitempty"`
	SMT      *bool       `json:"smt,omitempty"`
	CPUs     []Thread    `json:"cpus,omitzero"` // online ones, ascending
}

// Values of [CPU.Vendor].
const (
	AMD   = "AuthenticAMD"
	Intel = "GenuineIntel"
)

// Thread is one processor as Linux counts: a hardware thread.
type Thread struct {
	CPU      int         `json:"cpu"`
	Package  int         `json:"pkg"`
	Die      int         `json:"die"`
	Core     int         `json:"core"` // unique within package and die; has holes
	Siblings cpuset.Set  `json:"siblings"`
	L3       *cpuset.Set `json:"l3,omitempty"`    // who shares the last-level cache
	L3KiB    uint64      `json:"l3KiB,omitempty"` // its size, 0 if unknown
	Type     string      `json:"type,omitempty"`  // "core" or "atom" on hybrid processors
}

// Memory is the memory of the machine.
type Memory struct {
	TotalKiB uint64           `json:"totalKiB,omitempty"` // 0 if unknown
	NodesKiB Numbered[uint64] `json:"nodesKiB,omitzero"`  // of each NUMA node
}

// Hugepages are the pages of one size that are reserved.
type Hugepages struct {
	Count uint64 `json:"nr"`
	Free  uint64 `json:"free"`
}

// IOMMU is what isolates devices from each other.
type IOMMU struct {
	Units  []string        `json:"units,omitzero"` // ivhd0, dmar0, smmu3…
	ACPI   Table           `json:"acpi,omitzero"`
	Groups Numbered[Group] `json:"groups,omitzero"`
}

// Off tells whether the kernel certainly drives no IOMMU.
func (u IOMMU) Off() bool {
	return u.Units != nil && len(u.Units) == 0 && len(u.Groups) == 0
}

// Group is an IOMMU group. Its number changes between boots.
type Group struct {
	Devices  []pci.Addr `json:"devices"`
	Type     string     `json:"type,omitempty"`     // DMA, DMA-FQ, identity…
	Reserved []Region   `json:"reserved,omitempty"` // other than interrupts
}

// Region is a range of addresses that a group cannot use. A region of type
// "direct" is demanded by the firmware, which keeps vfio from the device;
// "direct-relaxable" does not.
type Region struct {
	Start string `json:"start"`
	End   string `json:"end"`
	Type  string `json:"type"`
}

// Device is a PCI device, or rather a function of one.
type Device struct {
	Address      pci.Addr  `json:"address"`
	Vendor       Word      `json:"vendor"`
	Device       Word      `json:"device"`
	Class        pci.Class `json:"class"`
	Subsystem    *pci.ID   `json:"subsystem,omitempty"`
	Revision     string    `json:"revision,omitempty"`
	Parent       *pci.Addr `json:"parent,omitempty"` // the bridge above it
	SecondaryBus *uint8    `json:"secondaryBus,omitempty"`
	IOMMUGroup   *int      `json:"iommuGroup,omitempty"`
	NUMANode     *int      `json:"numaNode,omitempty"` // never -1
	BootVGA      *bool     `json:"bootVga,omitempty"`
	// ResetMethods are in the order in which they are tried; nil if the kernel
	// does not tell. They were probed when the device was found: "bus" is among
	// them for the first function of a card although it resets all of them.
	ResetMethods []string  `json:"resetMethods,omitzero"`
	BARs         []BAR     `json:"bars,omitempty"`   // large ones of graphics cards
	PhysFn       *pci.Addr `json:"physfn,omitempty"` // of a virtual function
	VMD          *pci.Addr `json:"vmd,omitempty"`    // the controller that owns the domain
	SRIOV        *SRIOV    `json:"sriov,omitempty"`
	Net          []string  `json:"net,omitempty"`
	// HostUse is what the running system needs the device for; nil if nobody
	// looked. See the constants.
	HostUse []string `json:"hostUse,omitzero"`
	Runtime *Runtime `json:"runtime,omitempty"`
}

// Values of [Device.HostUse].
const (
	UseRoot    = "root"     // holds / or /nix
	UseBoot    = "boot"     // holds /boot
	UseSwap    = "swap"     // holds swap space
	UseHID     = "hid"      // keyboard or mouse hang on it
	UseNetOnly = "net-only" // the only network card, or the only wired one
	UseDisplay = "display"  // a monitor is connected
)

// BAR is a window of a device into the address space.
type BAR struct {
	Index     int    `json:"bar"`
	MiB       uint64 `json:"sizeMiB"`
	Resizable bool   `json:"resizable"`
}

// SRIOV are the virtual functions of a physical one.
type SRIOV struct {
	Total int `json:"total"`
	Num   int `json:"num"`
}

// Runtime is what belongs to the boot entry that was running.
type Runtime struct {
	Driver         *string `json:"driver"` // null if no driver is bound
	DriverOverride string  `json:"driverOverride,omitempty"`
}

// ID returns vendor and device.
func (d *Device) ID() pci.ID { return pci.ID{Vendor: uint16(d.Vendor), Device: uint16(d.Device)} }

// SubsystemID returns the subsystem, which is zero if unknown.
func (d *Device) SubsystemID() pci.ID {
	if d.Subsystem == nil {
		return pci.ID{}
	}
	return *d.Subsystem
}

// Driver returns the driver that was bound, "" for none, and whether that is
// known.
func (d *Device) Driver() (name string, known bool) {
	if d.Runtime == nil {
		return "", false
	}
	if d.Runtime.Driver == nil {
		return "", true
	}
	return *d.Runtime.Driver, true
}

// Uses tells whether the host is known to need the device for something.
func (d *Device) Uses(use string) bool { return slices.Contains(d.HostUse, use) }

// Find returns the device at an address, or nil.
func (m *Machine) Find(a pci.Addr) *Device {
	i, ok := slices.BinarySearchFunc(m.PCI, a, func(d Device, a pci.Addr) int { return d.Address.Compare(a) })
	if !ok {
		return nil
	}
	return &m.PCI[i]
}

// Matching returns the devices that a pattern names, by address.
func (m *Machine) Matching(p pci.Pattern) []*Device {
	var found []*Device
	for i := range m.PCI {
		d := &m.PCI[i]
		if p.Match(d.ID(), d.SubsystemID(), d.Class) {
			found = append(found, d)
		}
	}
	return found
}

// Group returns the other members of the device's IOMMU group and the group
// itself; ok is false if the device is in none, or none is known.
func (m *Machine) Group(d *Device) (g Group, ok bool) {
	if d.IOMMUGroup == nil {
		return Group{}, false
	}
	g, ok = m.IOMMU.Groups[*d.IOMMUGroup]
	return g, ok
}

// Siblings returns the other functions of the device.
func (m *Machine) Siblings(d *Device) []*Device {
	var found []*Device
	for i := range m.PCI {
		if s := &m.PCI[i]; s != d && s.Address.SameSlot(d.Address) {
			found = append(found, s)
		}
	}
	return found
}

// Thread returns a processor, or nil if it is offline or unknown.
func (m *Machine) Thread(cpu int) *Thread {
	i, ok := slices.BinarySearchFunc(m.CPU.CPUs, cpu, func(t Thread, cpu int) int { return t.CPU - cpu })
	if !ok {
		return nil
	}
	return &m.CPU.CPUs[i]
}

// Interface returns the device that a network interface belongs to, or nil.
func (m *Machine) Interface(name string) *Device {
	for i := range m.PCI {
		if slices.Contains(m.PCI[i].Net, name) {
			return &m.PCI[i]
		}
	}
	return nil
}

// Known tells whether there are any facts about devices. Sandboxes and
// containers often have an empty /sys.
func (m *Machine) Known() bool { return len(m.PCI) > 0 }

// Module tells whether a module was loaded; only modules of interest are
// recorded.
func (m *Machine) Module(name string) (params map[string]string, loaded bool) {
	params, loaded = m.Modules[strings.ReplaceAll(name, "-", "_")]
	return params, loaded
}
