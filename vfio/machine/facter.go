package machine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/vfio/pci"
)

// facterReport is the part of a report of nixos-facter that is of use. Its
// format is that of github.com/nix-community/nixos-facter, pkg/facter.
type facterReport struct {
	Version  int                        `json:"version"`
	System   string                     `json:"system"`
	UEFI     *struct{ Supported *bool } `json:"uefi"`
	Hardware map[string]json.RawMessage `json:"hardware"`
}

type facterDevice struct {
	BusType      facterID         `json:"bus_type"`
	BaseClass    facterID         `json:"base_class"`
	SubClass     facterID         `json:"sub_class"`
	PCIInterface facterID         `json:"pci_interface"`
	Vendor       facterID         `json:"vendor"`
	Device       facterID         `json:"device"`
	SubVendor    facterID         `json:"sub_vendor"`
	SubDevice    facterID         `json:"sub_device"`
	Revision     facterID         `json:"revision"`
	SysfsID      string           `json:"sysfs_id"`
	SysfsBusID   string           `json:"sysfs_bus_id"`
	SysfsLink    string           `json:"sysfs_device_link"`
	Group        *int             `json:"sysfs_iommu_group_id"`
	Driver       string           `json:"driver"`
	DeviceNames  []string         `json:"unix_device_names"`
	Resources    []facterResource `json:"resources"`
	Detail       struct {
		HeaderType   int `json:"header_type"`
		SecondaryBus int `json:"secondary_bus"`
	} `json:"detail"`
}

// facterID is an object with a hexadecimal number, or a bare name.
type facterID struct {
	Hex string
}

// UnmarshalJSON implements [json.Unmarshaler].
func (id *facterID) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '{' {
		return json.Unmarshal(b, (*struct{ Hex string })(id))
	}
	return nil
}

// value returns the number, cut to the given number of bits.
func (id facterID) value(bits int) (uint16, bool) {
	n, err := strconv.ParseUint(id.Hex, 16, 16)
	return uint16(n) & (1<<bits - 1), err == nil
}

type facterResource struct {
	Type  string `json:"type"`
	Range uint64 `json:"range"`
}

type facterCPU struct {
	VendorName string `json:"vendor_name"`
	ModelName  string `json:"model_name"`
}

// maxFacterVersion is the latest report format that is known.
const maxFacterVersion = 2

// DecodeFacter reads the report of nixos-facter, usually called facter.json.
// It has the devices, their ids, groups and drivers; it says nothing about
// processors, reset methods or the boot display.
//
// A report may contain serial numbers and MAC addresses; they are not taken
// over.
func DecodeFacter(r io.Reader) (*Machine, error) {
	text, err := readBounded(r)
	if err != nil {
		return nil, err
	}
	var report facterReport
	if err := json.Unmarshal(text, &report); err != nil {
		return nil, fmt.Errorf("the report of nixos-facter is malformed: %w", err)
	}
	if report.Hardware == nil || report.System == "" {
		return nil, errors.New("this is no report of nixos-facter: it has no `hardware` and `system`")
	}
	m := &Machine{Schema: SchemaVersion}
	m.Captured.Tool = "nixos-facter"
	if report.Version > maxFacterVersion {
		m.Notes = append(m.Notes, Note{"", fmt.Sprintf("the report of nixos-facter has version %d: facts of later versions than %d may be missed", report.Version, maxFacterVersion)})
	}
	m.Kernel.Arch, _, _ = strings.Cut(report.System, "-")
	if report.UEFI != nil {
		m.Kernel.EFI = report.UEFI.Supported
	}
	m.facterCPU(report.Hardware["cpu"])

	nets, hids := map[pci.Addr][]string{}, map[pci.Addr]bool{}
	seen := map[pci.Addr]bool{}
	for _, kind := range sortedKeys(report.Hardware) {
		var devices []facterDevice
		// Some kinds are objects, and some devices may be of a form that is
		// not known; neither keeps the others from being read.
		if json.Unmarshal(report.Hardware[kind], &devices) != nil {
			continue
		}
		for i := range devices {
			f := &devices[i]
			if d, ok := f.device(); ok && !seen[d.Address] && len(m.PCI) < MaxDevices {
				seen[d.Address] = true
				m.PCI = append(m.PCI, d)
			}
			owner, onPCI, onUSB := ownerOf(f.place())
			switch {
			case kind == "memory":
				for _, r := range f.Resources {
					if r.Type == "phys_mem" {
						m.Memory.TotalKiB += r.Range >> 10
					}
				}
			case kind == "network_interface" && onPCI && !onUSB:
				nets[owner] = append(nets[owner], f.DeviceNames...)
			case (kind == "keyboard" || kind == "mouse") && onPCI && onUSB:
				hids[owner] = true
			}
		}
	}
	slices.SortFunc(m.PCI, func(a, b Device) int { return a.Address.Compare(b.Address) })
	for i := range m.PCI {
		d := &m.PCI[i]
		d.Net = nets[d.Address]
		slices.Sort(d.Net)
		d.Net = slices.Compact(d.Net)
		if hids[d.Address] {
			d.HostUse = append(d.HostUse, UseHID)
		}
		if d.IOMMUGroup != nil {
			if m.IOMMU.Groups == nil {
				m.IOMMU.Groups = Numbered[Group]{}
			}
			g := m.IOMMU.Groups[*d.IOMMUGroup]
			g.Devices = append(g.Devices, d.Address)
			m.IOMMU.Groups[*d.IOMMUGroup] = g
		}
	}
	return m, nil
}

func (m *Machine) facterCPU(text json.RawMessage) {
	var cpus []facterCPU
	if json.Unmarshal(text, &cpus) == nil && len(cpus) > 0 {
		m.CPU.Vendor, m.CPU.Model = cpus[0].VendorName, cpus[0].ModelName
	}
}

// device returns the PCI device that an entry describes.
func (f *facterDevice) device() (Device, bool) {
	a, err := pci.ParseAddr(f.SysfsBusID)
	if err != nil {
		return Device{}, false
	}
	vendor, ok1 := f.Vendor.value(16)
	device, ok2 := f.Device.value(16)
	base, ok3 := f.BaseClass.value(8)
	if !ok1 || !ok2 || !ok3 {
		return Device{}, false
	}
	sub, _ := f.SubClass.value(8)
	prog, _ := f.PCIInterface.value(8)
	d := Device{
		Address: a, Vendor: Word(vendor), Device: Word(device),
		Class:   pci.Class(uint32(base)<<16 | uint32(sub)<<8 | uint32(prog)),
		Runtime: &Runtime{},
	}
	if f.Group != nil && *f.Group >= 0 {
		d.IOMMUGroup = f.Group
	}
	if sv, ok := f.SubVendor.value(16); ok {
		sd, _ := f.SubDevice.value(16)
		d.Subsystem = &pci.ID{Vendor: sv, Device: sd}
	}
	if rev, ok := f.Revision.value(8); ok {
		d.Revision = fmt.Sprintf("%02x", rev)
	}
	if f.Driver != "" {
		d.Runtime.Driver = &f.Driver
	}
	if d.Class.Is(pci.ClassPCIBridge) && f.Detail.SecondaryBus > 0 && f.Detail.SecondaryBus < 256 {
		bus := uint8(f.Detail.SecondaryBus)
		d.SecondaryBus = &bus
	}
	d.Parent, d.VMD = topology(path.Dir(f.SysfsID))
	return d, true
}

// place returns the path below /sys/devices that tells where a device hangs.
func (f *facterDevice) place() string {
	if f.SysfsLink != "" {
		return f.SysfsLink
	}
	return f.SysfsID
}
