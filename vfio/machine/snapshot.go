package machine

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/vfio/pci"
)

// SchemaVersion is the version of the snapshots that are written.
const SchemaVersion = "nixlint.host-snapshot/1"

// Schema is the JSON schema of snapshots.
//
//go:embed snapshot.schema.json
var Schema string

// Bounds of what is read, from files and from sysfs.
const (
	MaxSnapshot = 4 << 20 // bytes
	MaxDevices  = 4096
	MaxCPUs     = 8192
)

// Decode reads a snapshot. Keys that it does not know are ignored; a snapshot
// of a later major version is an error.
func Decode(r io.Reader) (*Machine, error) {
	text, err := readBounded(r)
	if err != nil {
		return nil, err
	}
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, fmt.Errorf("the snapshot is not JSON: %w", err)
	}
	if err := checkSchema(head.Schema); err != nil {
		return nil, err
	}
	m := &Machine{}
	if err := json.Unmarshal(text, m); err != nil {
		return nil, fmt.Errorf("the snapshot is malformed: %w", err)
	}
	slices.SortFunc(m.PCI, func(a, b Device) int { return a.Address.Compare(b.Address) })
	slices.SortFunc(m.CPU.CPUs, func(a, b Thread) int { return a.CPU - b.CPU })
	if err := m.validate(); err != nil {
		return nil, fmt.Errorf("the snapshot is malformed: %w", err)
	}
	return m, nil
}

func readBounded(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxSnapshot+1))
	if err != nil {
		return nil, err
	}
	if len(text) > MaxSnapshot {
		return nil, fmt.Errorf("the snapshot is larger than %d MiB", MaxSnapshot>>20)
	}
	return text, nil
}

func checkSchema(schema string) error {
	const family = "nixlint.host-snapshot/"
	version, ok := strings.CutPrefix(schema, family)
	if !ok {
		return fmt.Errorf("this is no snapshot of a host: `schema` is not `%s`", SchemaVersion)
	}
	n, err := strconv.ParseUint(version, 10, 16)
	if err != nil || n == 0 {
		return fmt.Errorf("`%s` is no version of a snapshot", schema[:min(len(schema), 60)])
	}
	if n > 1 {
		return fmt.Errorf("the snapshot has version %d and was made by a newer nixlint: this one reads version 1", n)
	}
	return nil
}

// validate checks what the types do not, so that checks may rely on it.
func (m *Machine) validate() error {
	if len(m.PCI) > MaxDevices {
		return fmt.Errorf("it has %d PCI devices, and at most %d are read", len(m.PCI), MaxDevices)
	}
	if len(m.CPU.CPUs) > MaxCPUs {
		return fmt.Errorf("it has %d processors, and at most %d are read", len(m.CPU.CPUs), MaxCPUs)
	}
	var errs []error
	for i := 1; i < len(m.PCI); i++ {
		if m.PCI[i].Address == m.PCI[i-1].Address {
			errs = append(errs, fmt.Errorf("two devices have the address %s", m.PCI[i].Address))
		}
	}
	for i := 1; i < len(m.CPU.CPUs); i++ {
		if m.CPU.CPUs[i].CPU == m.CPU.CPUs[i-1].CPU {
			errs = append(errs, fmt.Errorf("processor %d is described twice", m.CPU.CPUs[i].CPU))
		}
	}
	for _, t := range m.CPU.CPUs {
		if t.CPU < 0 || !t.Siblings.Has(t.CPU) {
			errs = append(errs, fmt.Errorf("processor %d is not among its own siblings", t.CPU))
		}
	}
	for i := range m.PCI {
		d := &m.PCI[i]
		if d.NUMANode != nil && *d.NUMANode < 0 {
			d.NUMANode = nil
		}
		if d.IOMMUGroup == nil || m.IOMMU.Groups == nil {
			continue
		}
		if !slices.Contains(m.IOMMU.Groups[*d.IOMMUGroup].Devices, d.Address) {
			errs = append(errs, fmt.Errorf("%s is not listed in its IOMMU group %d", d.Address, *d.IOMMUGroup))
		}
	}
	return errors.Join(errs[:min(len(errs), 5)]...)
}

// Encode writes the machine as a snapshot, always in the same way for the same
// facts, so that a snapshot in version control changes only where the machine
// did.
//
// Nothing that identifies a machine or a person is written: what is not named
// by a field of [Machine] was never read, and names of interfaces that contain
// a MAC address and unknown kernel parameters are left out by [Machine.Anonymize].
func (m *Machine) Encode(w io.Writer) error {
	c := *m
	c.Schema = SchemaVersion
	c.Anonymize()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(&c); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Anonymize removes what could identify the machine or its owner. [Encode]
// does it by itself.
func (m *Machine) Anonymize() {
	if m.Cmdline != nil {
		m.Cmdline = slices.DeleteFunc(slices.Clone(m.Cmdline), func(p string) bool { return !PublicParam(p) })
	}
	m.PCI = slices.Clone(m.PCI)
	for i := range m.PCI {
		m.PCI[i].Net = slices.DeleteFunc(slices.Clone(m.PCI[i].Net), hasMAC)
	}
	if m.Bridges != nil {
		bridges := map[string][]string{}
		for name, ports := range m.Bridges {
			if !hasMAC(name) {
				bridges[name] = slices.DeleteFunc(slices.Clone(ports), hasMAC)
			}
		}
		m.Bridges = bridges
	}
}

// Redact also removes what says which boards are in the machine and what its
// network looks like.
func (m *Machine) Redact() {
	m.Anonymize()
	m.Host, m.Bridges = "", nil
	for i := range m.PCI {
		m.PCI[i].Subsystem, m.PCI[i].Net = nil, nil
	}
}

// macName matches what udev calls an interface that it knows only by its
// address: enx0123456789ab.
var macName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)[0-9a-f]{12}|([0-9a-f]{2}[:-]){5}[0-9a-f]{2}`) })

func hasMAC(name string) bool { return macName().MatchString(name) }

// publicParams are the kernel parameters that tell about devices, memory and
// processors. A final `*` stands for anything.
var publicParams = []string{
	"iommu", "amd_iommu", "intel_iommu", "iommu.*", "vfio*", "kvm*",
	"hugepages", "hugepagesz", "default_hugepagesz", "transparent_hugepage", "hugetlb_cma",
	"isolcpus", "nohz_full", "rcu_nocbs", "irqaffinity", "nosmt", "maxcpus",
	"pci", "pcie_*", "video", "initcall_blacklist",
	"nvidia*", "amdgpu.*", "i915.*", "xe.*", "nouveau.*", "radeon.*",
	"modprobe.blacklist", "module_blacklist", "mem_encrypt", "nomodeset",
	"amd_pstate", "intel_pstate",
}

// PublicParam tells whether a kernel parameter may stand in a snapshot. All
// others are dropped: command lines contain addresses, passwords and names of
// disks.
func PublicParam(param string) bool {
	name, _, _ := strings.Cut(param, "=")
	name = strings.ReplaceAll(name, "-", "_")
	for _, p := range publicParams {
		if prefix, ok := strings.CutSuffix(p, "*"); ok && strings.HasPrefix(name, prefix) || name == p {
			return true
		}
	}
	return false
}

// Partition returns the IOMMU groups as sets of addresses, without their
// numbers, which change from boot to boot. Members are in order, and so are
// groups.
func (m *Machine) Partition() [][]pci.Addr {
	var sets [][]pci.Addr
	for _, g := range m.IOMMU.Groups {
		if len(g.Devices) == 0 {
			continue
		}
		devices := slices.Clone(g.Devices)
		slices.SortFunc(devices, pci.Addr.Compare)
		sets = append(sets, devices)
	}
	slices.SortFunc(sets, func(a, b []pci.Addr) int { return a[0].Compare(b[0]) })
	return sets
}
