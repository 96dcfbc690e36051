// Package machines shows the machines of hosts beside what their configuration
// claims of them.
package machines

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/claims"
	"github.com/nixlint/nixlint/analysis/hardware"
	"github.com/nixlint/nixlint/vfio"
	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
	"github.com/nixlint/nixlint/vfio/pciids"
)

// Host is a host and its machine.
type Host struct {
	Name     string   `json:"host"`
	Machine  *Machine `json:"machine"` // nil if nothing is known of it
	Problem  string   `json:"problem,omitempty"`
	Devices  []Device `json:"devices"`
	Guests   []Guest  `json:"guests"`
	Contexts []string `json:"bootEntries"`
}

// Machine says what a machine is and how that is known.
type Machine struct {
	Live      bool     `json:"live"`
	File      string   `json:"file,omitempty"` // that it was recorded in
	Date      string   `json:"date,omitempty"`
	BootEntry string   `json:"bootEntry,omitempty"` // that was running
	Processor string   `json:"processor,omitempty"`
	Threads   int      `json:"threads,omitempty"`
	MemoryMiB uint64   `json:"memoryMiB,omitempty"`
	Kernel    string   `json:"kernel,omitempty"`
	IOMMU     string   `json:"iommu"`           // on, off, unknown
	Notes     []string `json:"notes,omitempty"` // what could not be read
}

// Device is a device that is worth passing to a guest, or that the
// configuration speaks of.
type Device struct {
	Address string   `json:"address"`
	ID      string   `json:"id,omitempty"`
	Name    string   `json:"name,omitempty"`
	Missing bool     `json:"missing,omitempty"` // the machine has none there
	Driver  *string  `json:"driver"`            // null if it is not known, "" for none
	Group   *int     `json:"iommuGroup"`
	Members []string `json:"groupMembers"` // others of the group, without bridges
	HostUse []string `json:"hostUse,omitempty"`
	Claims  []Claim  `json:"claims"`
}

// Claim is what the configuration wants a device for.
type Claim struct {
	Kind     string   `json:"kind"` // guest, kept, prime, host
	Guest    string   `json:"guest,omitempty"`
	Contexts []string `json:"bootEntries"`
	File     string   `json:"file,omitempty"`
}

// Guest is a virtual machine.
type Guest struct {
	Name      string   `json:"name"`
	Contexts  []string `json:"bootEntries"`
	VCPUs     int      `json:"vcpus,omitempty"`
	MemoryMiB uint64   `json:"memoryMiB,omitempty"`
	Devices   []string `json:"devices"`
}

// New describes a host by its claims and the facts of its machine.
func New(c *vfio.Claims, f hardware.Facts, names *pciids.Names) *Host {
	h := &Host{Name: c.Host, Devices: []Device{}, Guests: []Guest{}}
	for _, x := range c.Contexts {
		h.Contexts = append(h.Contexts, x.Name)
	}
	if f.Err != nil {
		h.Problem = f.Err.Error()
	}
	uses := vfio.Uses(c, f.Machine)
	if m := f.Machine; m != nil {
		h.Machine = describe(m, f)
		for i := range m.PCI {
			d := &m.PCI[i]
			if len(uses[d.Address]) > 0 || worthPassing(d) {
				h.Devices = append(h.Devices, device(m, d, names, uses[d.Address]))
			}
			delete(uses, d.Address)
		}
	}
	for _, a := range slices.SortedFunc(maps.Keys(uses), pci.Addr.Compare) {
		h.Devices = append(h.Devices, Device{Address: a.String(), Missing: f.Machine != nil, Members: []string{}, Claims: claimsOf(uses[a])})
	}
	h.guests(c)
	return h
}

// Alone describes a machine that belongs to no host of a repository.
func Alone(m *machine.Machine, names *pciids.Names) *Host {
	return New(&vfio.Claims{Host: m.Host}, hardware.Facts{Machine: m, Live: true}, names)
}

func describe(m *machine.Machine, f hardware.Facts) *Machine {
	out := &Machine{
		Live: f.Live, Date: m.Captured.Date, BootEntry: m.Captured.BootContext, Processor: m.CPU.Model,
		Threads: len(m.CPU.CPUs), MemoryMiB: m.Memory.TotalKiB >> 10, Kernel: m.Kernel.Release, IOMMU: "unknown",
	}
	if !f.Live {
		out.File = f.File
	}
	switch {
	case len(m.IOMMU.Groups) > 0:
		out.IOMMU = "on"
	case m.IOMMU.Off():
		out.IOMMU = "off"
	}
	for _, n := range m.Notes {
		out.Notes = append(out.Notes, n.Path+": "+n.Problem)
	}
	return out
}

// worthPassing reports whether guests are given devices of this kind.
func worthPassing(d *machine.Device) bool {
	switch {
	case d.Class.Bridge():
		return false
	case d.Class.Display(), d.Class.Is(pci.ClassHDAudio), d.Class.Is(pci.ClassUSB):
		return true
	}
	return d.Class.Base() == pci.BaseStorage || d.Class.Base() == pci.BaseNetwork
}

func device(m *machine.Machine, d *machine.Device, names *pciids.Names, uses []vfio.Use) Device {
	out := Device{
		Address: d.Address.String(), ID: d.ID().String(), Name: name(d, names), Group: d.IOMMUGroup,
		Members: []string{}, HostUse: d.HostUse, Claims: claimsOf(uses),
	}
	if driver, known := d.Driver(); known {
		out.Driver = &driver
	}
	if g, ok := m.Group(d); ok {
		for _, a := range g.Devices {
			other := m.Find(a)
			if a != d.Address && (other == nil || !other.Class.Bridge()) {
				out.Members = append(out.Members, a.String())
			}
		}
	}
	return out
}

// name says what a device is: its maker and name, or its class.
func name(d *machine.Device, names *pciids.Names) string {
	if n := names.Device(d.ID()); n != "" {
		return n
	}
	class := names.Class(d.Class)
	if class == "" {
		return ""
	}
	if vendor := names.Vendor(uint16(d.Vendor)); vendor != "" {
		return vendor + " " + class
	}
	return class
}

var kindNames = map[vfio.UseKind]string{
	vfio.PassedToGuest: "guest", vfio.KeptForGuests: "kept", vfio.UsedByPRIME: "prime", vfio.NamedByHost: "host",
}

func claimsOf(uses []vfio.Use) []Claim {
	out := []Claim{}
	for _, u := range uses {
		c := Claim{Kind: kindNames[u.Kind], Guest: u.Guest, Contexts: u.Contexts}
		if s, ok := u.Source.(claims.Source); ok {
			c.File = s.File
		}
		out = append(out, c)
	}
	return out
}

// guests lists the guests of all boot entries.
func (h *Host) guests(c *vfio.Claims) {
	for i := range c.Contexts {
		x := &c.Contexts[i]
		for k := range x.VMs {
			vm := &x.VMs[k]
			at := slices.IndexFunc(h.Guests, func(g Guest) bool { return g.Name == vm.Name })
			if at >= 0 {
				h.Guests[at].Contexts = append(h.Guests[at].Contexts, x.Name)
				continue
			}
			g := Guest{Name: vm.Name, Contexts: []string{x.Name}, Devices: []string{}}
			if vm.VCPUs != nil {
				g.VCPUs = vm.VCPUs.Value
			}
			if vm.Memory != nil {
				if bytes, err := vm.Memory.Value.Bytes(); err == nil {
					g.MemoryMiB = bytes >> 20
				}
			}
			for _, d := range h.Devices {
				if slices.ContainsFunc(d.Claims, func(c Claim) bool { return c.Guest == vm.Name }) {
					g.Devices = append(g.Devices, d.Address)
				}
			}
			h.Guests = append(h.Guests, g)
		}
	}
	slices.SortFunc(h.Guests, func(a, b Guest) int { return cmp.Compare(a.Name, b.Name) })
}

// says tells in words what a claim is; entries are all boot entries of the
// host.
func (c Claim) says(entries []string) string {
	text := map[string]string{"guest": "guest " + c.Guest, "kept": "kept for guests", "prime": "PRIME", "host": "named by the host"}[c.Kind]
	if len(c.Contexts) == len(entries) {
		return text
	}
	return fmt.Sprintf("%s (%s)", text, strings.Join(c.Contexts, ", "))
}
