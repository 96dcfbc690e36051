package vfio

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/vfio/cpuset"
	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

// loadMachine loads a machine of testdata/machines, one that a real kernel
// showed, or the one that nixos-facter describes.
func loadMachine(t testing.TB, name string) *machine.Machine {
	t.Helper()
	file, decode := "../testdata/machines/"+name+".json", machine.Decode
	switch {
	case name == "facter":
		file, decode = "machine/testdata/facter.json", machine.DecodeFacter
	case strings.HasPrefix(name, "qemu-"):
		file, decode = "machine/testdata/"+name+".txtar", decodeTree
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// decodeTree reads the snapshot that stands beside the tree of a real kernel.
func decodeTree(r io.Reader) (*machine.Machine, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	a := txtar.Parse(text)
	return machine.Decode(bytes.NewReader(a.Files[len(a.Files)-1].Data))
}

// machineLine handles the lines that describe the machine.
func (p *caseParser) machineLine(word, rest string) bool {
	words := strings.Fields(rest)
	switch word {
	case "machine":
		p.m = loadMachine(p.t, words[0])
		p.m.Captured.Date = ""
	case "snapshot":
		p.snap = loadMachine(p.t, words[0])
	case "maxage":
		p.maxAge = p.number(words[0])
	case "set", "drop", "add":
		p.deviceLine(word, words)
	case "shift":
		p.shift(uint8(p.number(words[0])))
	case "facts":
		for _, w := range words {
			key, value, _ := strings.Cut(w, "=")
			p.factsLine(key, value)
		}
	default:
		return false
	}
	return true
}

func (p *caseParser) addr(s string) pci.Addr {
	a, err := pci.ParseAddr(s)
	if err != nil {
		p.fail("%v", err)
	}
	return a
}

func (p *caseParser) deviceLine(word string, words []string) {
	a := p.addr(words[0])
	switch word {
	case "drop":
		for i := range p.m.PCI {
			if p.m.PCI[i].Address == a {
				p.m.PCI = append(p.m.PCI[:i], p.m.PCI[i+1:]...)
				return
			}
		}
		p.fail("no device")
	case "add":
		i := 0
		for i < len(p.m.PCI) && p.m.PCI[i].Address.Compare(a) < 0 {
			i++
		}
		p.m.PCI = append(p.m.PCI[:i], append([]machine.Device{{Address: a}}, p.m.PCI[i:]...)...)
	}
	d := p.m.Find(a)
	if d == nil {
		p.fail("no device")
	}
	for _, w := range words[1:] {
		key, value, _ := strings.Cut(w, "=")
		p.set(d, key, value)
	}
}

// shift numbers the buses from one on anew, as a card does that is added
// before them.
func (p *caseParser) shift(from uint8) {
	moved := func(a pci.Addr) pci.Addr {
		if a.Domain == 0 && a.Bus >= from {
			a.Bus++
		}
		return a
	}
	for i := range p.m.PCI {
		d := &p.m.PCI[i]
		d.Address = moved(d.Address)
		if d.Parent != nil {
			a := moved(*d.Parent)
			d.Parent = &a
		}
		if d.SecondaryBus != nil && *d.SecondaryBus >= from {
			*d.SecondaryBus++
		}
	}
	for _, g := range p.m.IOMMU.Groups {
		for i := range g.Devices {
			g.Devices[i] = moved(g.Devices[i])
		}
	}
}

func (p *caseParser) set(d *machine.Device, key, value string) {
	var err error
	switch key {
	case "id":
		var id pci.ID
		id, err = pci.ParseID(value)
		d.Vendor, d.Device = machine.Word(id.Vendor), machine.Word(id.Device)
	case "class":
		err = d.Class.UnmarshalText([]byte(value))
	case "subsystem":
		var id pci.ID
		id, err = pci.ParseID(value)
		d.Subsystem = &id
	case "driver":
		d.Runtime = &machine.Runtime{}
		if value != "none" {
			d.Runtime.Driver = &value
		}
	case "group":
		n := p.number(value)
		d.IOMMUGroup = &n
		g := p.m.IOMMU.Groups[n]
		g.Devices = append(g.Devices, d.Address)
		p.m.IOMMU.Groups[n] = g
	case "reserved":
		g := p.m.IOMMU.Groups[*d.IOMMUGroup]
		g.Reserved = []machine.Region{{Start: "0xd0000", End: "0xdffff", Type: value}}
		p.m.IOMMU.Groups[*d.IOMMUGroup] = g
	case "boot":
		b := value == "1"
		d.BootVGA = &b
	case "use":
		d.HostUse = strings.Split(value, ",")
	case "reset":
		d.ResetMethods = []string{}
		if value != "none" {
			d.ResetMethods = strings.Split(value, ",")
		}
	case "net":
		d.Net = []string{value}
	case "bar":
		d.BARs = []machine.BAR{{Index: 1, MiB: uint64(p.number(value)), Resizable: true}}
	default:
		p.fail("unknown key `%s`", key)
	}
	if err != nil {
		p.fail("%v", err)
	}
}

func (p *caseParser) factsLine(key, value string) {
	m := p.m
	set := func(s string) *cpuset.Set { c := cpuset.MustParse(s); return &c }
	switch key {
	case "iommu": // off
		m.IOMMU.Units, m.IOMMU.Groups = []string{}, machine.Numbered[machine.Group]{}
		for i := range m.PCI {
			m.PCI[i].IOMMUGroup = nil
		}
	case "acpi":
		m.IOMMU.ACPI = machine.Table{Known: value != "unknown", Name: map[string]string{"DMAR": "DMAR", "IVRS": "IVRS"}[value]}
	case "type":
		for n, g := range m.IOMMU.Groups {
			g.Type = value
			m.IOMMU.Groups[n] = g
		}
	case "booted":
		m.Captured.BootContext = value
	case "date":
		m.Captured.Date = value
	case "memory":
		m.Memory.TotalKiB = uint64(p.number(value)) << 20
	case "no1G":
		delete(m.Hugepages, "1048576kB")
	case "pages1G":
		m.Hugepages["1048576kB"] = machine.Hugepages{Count: uint64(p.number(value))}
	case "pages2M":
		m.Hugepages["2048kB"] = machine.Hugepages{Count: uint64(p.number(value))}
	case "online":
		m.CPU.Online = set(value)
	case "possible":
		m.CPU.Possible = set(value)
	case "l3": // two halves: 0-7:32768
		half, size, _ := strings.Cut(value, ":")
		domain := set(half)
		for i := range m.CPU.CPUs {
			t := &m.CPU.CPUs[i]
			other := m.CPU.Online.Minus(*domain)
			t.L3, t.L3KiB = &other, 98304
			if domain.Has(t.CPU) {
				t.L3, t.L3KiB = domain, uint64(p.number(size))
			}
		}
	case "cores": // only so many cores
		keep := cpuset.Of()
		for i := range p.number(value) {
			keep = keep.Or(m.CPU.CPUs[i].Siblings)
		}
		var threads []machine.Thread
		for _, t := range m.CPU.CPUs {
			if keep.Has(t.CPU) {
				threads = append(threads, t)
			}
		}
		m.CPU.CPUs, m.CPU.Online, m.CPU.Possible = threads, &keep, &keep
	case "kvm":
		m.DevNodes["/dev/kvm"] = value == "true"
	case "kvmfr":
		m.DevNodes["/dev/kvmfr0"] = true
		m.Modules["kvmfr"] = map[string]string{"static_size_mb": value}
	case "cmdline":
		m.Cmdline = strings.Split(value, "+")
	case "bridge":
		m.Bridges = map[string][]string{value: nil}
	default:
		p.fail("unknown key `%s`", key)
	}
}
