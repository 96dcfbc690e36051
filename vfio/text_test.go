package vfio

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

// Cases of checks are written as text, one fact in a line; the number of the
// line is the fact's source. testdata/checks/README.md describes the words.
type caseParser struct {
	t      *testing.T
	line   int
	claims *Claims
	ctx    *Context
	vm     *VM
	m      *machine.Machine
	snap   *machine.Machine
	maxAge int

	// unsure marks every fact as uncertain, partial every list as incomplete.
	unsure, partial bool
}

func parseCase(t *testing.T, text string, unsure, partial bool) *caseParser {
	t.Helper()
	p := &caseParser{t: t, claims: &Claims{Host: "test", System: "x86_64-linux"}, unsure: unsure, partial: partial}
	for line := range strings.SplitSeq(text, "\n") {
		p.line++
		line, comment, _ := strings.Cut(line, " # ")
		indented := strings.HasPrefix(line, "  ")
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		line, maybe := strings.CutSuffix(line, " ?")
		word, rest, _ := strings.Cut(line, " ")
		f := fact{p.line, maybe || unsure, strings.TrimSpace(comment)}
		if indented {
			p.vmLine(f, word, strings.TrimSpace(rest))
		} else if !p.machineLine(word, rest) {
			p.contextLine(f, word, strings.TrimSpace(rest))
		}
	}
	if p.ctx == nil {
		p.context(Base)
	}
	return p
}

func (p *caseParser) fail(format string, args ...any) {
	p.t.Helper()
	p.t.Fatalf("line %d: %s", p.line, fmt.Sprintf(format, args...))
}

type fact struct {
	line    int
	maybe   bool
	comment string
}

func of[T any](f fact, v T) Fact[T] { return Fact[T]{v, f.line, f.maybe, f.comment} }

func ptr[T any](f fact, v T) *Fact[T] { x := of(f, v); return &x }

func (p *caseParser) number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		p.fail("%v", err)
	}
	return n
}

func (p *caseParser) bool(s string) bool {
	if s != "true" && s != "false" {
		p.fail("`%s` is not true or false", s)
	}
	return s == "true"
}

// context begins a context whose lists are complete.
func (p *caseParser) context(name string) {
	c := Context{Name: name, VMsComplete: !p.partial}
	for _, l := range c.lists() {
		*l = !p.partial
	}
	p.claims.Contexts = append(p.claims.Contexts, c)
	p.ctx = &p.claims.Contexts[len(p.claims.Contexts)-1]
	p.vm = nil
}

// lists returns which lists are complete, by the words for their facts.
func (c *Context) lists() map[string]*bool {
	return map[string]*bool{
		"param": &c.Params.Complete, "module": &c.Modules.Complete, "initrd": &c.InitrdModules.Complete,
		"blacklist": &c.Blacklist.Complete, "modprobe": &c.Modprobe.Complete, "udev": &c.Udev.Complete,
		"script": &c.Scripts.Complete, "sysctl": &c.Sysctl.Complete, "id": &c.IDs.Complete, "address": &c.Addresses.Complete,
		"video": &c.VideoDrivers.Complete, "cpu": &c.CPUVendor.Complete, "env": &c.Environment.Complete, "uses": &c.GPUUsers.Complete,
		"mount": &c.HugetlbMounts.Complete, "disk": &c.Disks.Complete, "acl": &c.LookingGlass.CgroupACL.Complete,
		"bridge": &c.Network.Bridges.Complete, "interface": &c.Network.Interfaces.Complete, "udp": &c.Network.OpenUDP.Complete,
		"trusted": &c.Network.Trusted.Complete, "vm": &c.VMsComplete,
	}
}

func (p *caseParser) contextLine(f fact, word, rest string) {
	if word == "context" {
		p.context(rest)
		return
	}
	if word == "system" {
		p.claims.System = rest
		return
	}
	if p.ctx == nil {
		p.context(Base)
	}
	c := p.ctx
	unescaped := strings.ReplaceAll(rest, `\n`, "\n")
	words := strings.Fields(rest)
	add := func(l *List[string], v string) { l.Facts = append(l.Facts, of(f, v)) }
	switch word {
	case "partial":
		for _, w := range words {
			l := c.lists()[w]
			if l == nil {
				p.fail("no list `%s`", w)
			}
			*l = false
		}
	case "vfio":
		c.VFIO = ptr(f, p.bool(rest))
	case "hooks":
		c.Hooks = ptr(f, p.bool(rest))
	case "kernel":
		c.Kernel.Version = ptr(f, words[0])
		if len(words) > 1 {
			c.Kernel.Flavour = ptr(f, words[1])
		}
		if len(words) > 2 {
			c.Kernel.Patched = ptr(f, words[2] == "patched")
		}
	case "param":
		add(&c.Params, rest)
	case "module":
		add(&c.Modules, rest)
	case "initrd":
		add(&c.InitrdModules, rest)
	case "blacklist":
		add(&c.Blacklist, rest)
	case "modprobe":
		add(&c.Modprobe, unescaped)
	case "udev":
		add(&c.Udev, unescaped)
	case "script":
		add(&c.Scripts, unescaped)
	case "id":
		add(&c.IDs, rest)
	case "video":
		add(&c.VideoDrivers, rest)
	case "cpu":
		add(&c.CPUVendor, rest)
	case "mount":
		add(&c.HugetlbMounts, rest)
	case "disk":
		add(&c.Disks, rest)
	case "acl":
		add(&c.LookingGlass.CgroupACL, rest)
	case "trusted":
		add(&c.Network.Trusted, rest)
	case "interface":
		add(&c.Network.Interfaces, rest)
	case "shmfile":
		c.LookingGlass.ShmFile = ptr(f, rest)
	case "sysctl":
		c.Sysctl.Facts = append(c.Sysctl.Facts, of(f, Setting{words[0], words[1]}))
	case "env":
		c.Environment.Facts = append(c.Environment.Facts, of(f, Setting{words[0], words[1]}))
	case "uses":
		c.GPUUsers.Facts = append(c.GPUUsers.Facts, of(f, GPUUser{words[0], pci.VendorNVIDIA}))
	case "address":
		a := Address{Text: words[0]}
		if len(words) > 1 && words[1] == "host" {
			a.Use = HostAddress
		}
		c.Addresses.Facts = append(c.Addresses.Facts, of(f, a))
	case "bridge":
		c.Network.Bridges.Facts = append(c.Network.Bridges.Facts, of(f, Bridge{words[0], words[1:]}))
	case "udp":
		c.Network.OpenUDP.Facts = append(c.Network.OpenUDP.Facts, of(f, OpenPorts{words[0], p.number(words[1]), p.number(words[2])}))
	case "firewall":
		c.Network.Firewall = ptr(f, p.bool(rest))
	case "managed":
		c.Network.Managed = ptr(f, p.bool(rest))
	case "renamed":
		c.Network.Renamed = ptr(f, p.bool(rest))
	case "scream":
		c.Scream = &Scream{Interface: ptr(f, words[0])}
		if len(words) > 1 {
			c.Scream.Port = ptr(f, p.number(words[1]))
		}
	case "nvidia":
		p.nvidiaLine(f, words)
	case "vm":
		c.VMs = append(c.VMs, VM{Name: rest, Source: f.line})
		p.vm = &c.VMs[len(c.VMs)-1]
		whole := !p.partial
		p.vm.Pins.Complete, p.vm.Hostdevs.Complete, p.vm.CPUFeatures.Complete, p.vm.NICs.Complete = whole, whole, whole, whole
	default:
		p.fail("unknown word `%s`", word)
	}
}

func (p *caseParser) nvidiaLine(f fact, words []string) {
	n := &p.ctx.NVIDIA
	value := ""
	if len(words) > 1 {
		value = words[1]
	}
	switch words[0] {
	case "nvidiaBusId":
		n.NVIDIABusID = ptr(f, value)
	case "intelBusId":
		n.IntelBusID = ptr(f, value)
	case "amdgpuBusId":
		n.AMDBusID = ptr(f, value)
	case "open":
		n.Open = ptr(f, p.bool(value))
	case "offload":
		n.Offload = ptr(f, p.bool(value))
	case "sync":
		n.Sync = ptr(f, p.bool(value))
	case "reverseSync":
		n.ReverseSync = ptr(f, p.bool(value))
	case "finegrained":
		n.FineGrained = ptr(f, p.bool(value))
	default:
		p.fail("unknown word `%s`", words[0])
	}
}

func (p *caseParser) vmLine(f fact, word, rest string) {
	if p.vm == nil {
		p.fail("no vm")
	}
	v, words := p.vm, strings.Fields(rest)
	switch word {
	case "partial":
		v.Pins.Complete, v.Hostdevs.Complete, v.CPUFeatures.Complete, v.NICs.Complete = false, false, false, false
	case "autostart":
		v.Autostart = ptr(f, p.bool(rest))
	case "memory":
		s := Size{N: uint64(p.number(words[0]))}
		if len(words) > 1 {
			s.Unit = words[1]
		}
		v.Memory = ptr(f, s)
	case "hugepages":
		v.Hugepages = &VMHugepages{Enabled: ptr(f, true)}
		if len(words) > 0 && words[0] != "-" {
			v.Hugepages.PageSize = ptr(f, words[0])
		}
		if len(words) > 1 {
			v.Hugepages.Count = ptr(f, p.number(words[1]))
		}
	case "vcpus":
		v.VCPUs = ptr(f, p.number(rest))
	case "topology":
		t := &v.Topology
		for _, w := range words {
			name, n, _ := strings.Cut(w, "=")
			to := map[string]**Fact[int]{"sockets": &t.Sockets, "dies": &t.Dies, "clusters": &t.Clusters, "cores": &t.Cores, "threads": &t.Threads}[name]
			*to = ptr(f, p.number(n))
		}
	case "pin":
		v.Pins.Facts = append(v.Pins.Facts, of(f, Pin{p.number(words[0]), words[1]}))
	case "pins": // of one processor each, in order
		for i, w := range words {
			v.Pins.Facts = append(v.Pins.Facts, Fact[Pin]{Value: Pin{i, w}, Source: fmt.Sprintf("%d.%d", f.line, i), Maybe: f.maybe})
		}
	case "emulator":
		v.EmulatorPin = ptr(f, rest)
	case "iothread":
		v.IOThreadPins.Facts = append(v.IOThreadPins.Facts, of(f, rest))
	case "feature":
		v.CPUFeatures.Facts = append(v.CPUFeatures.Facts, of(f, CPUFeature{words[0], words[1]}))
	case "passgpu":
		v.PassGPU = ptr(f, p.bool(rest))
	case "gpu", "audio", "gpuother", "device":
		h := Hostdev{Role: map[string]Role{"gpu": GPU, "audio": GPUAudio, "gpuother": GPUOther}[word]}
		for i, w := range words {
			switch {
			case w == "managed" || w == "unmanaged":
				h.Managed = ptr(f, w == "managed")
			case i == 0 && w != "-":
				h.Address = ptr(f, w)
			case i > 0:
				h.ID = ptr(f, w)
			}
		}
		v.Hostdevs.Facts = append(v.Hostdevs.Facts, of(f, h))
	case "libvirt":
		a := &LibvirtAddress{Domain: ptr(f, words[0]), Bus: ptr(f, words[1]), Slot: ptr(f, words[2]), Function: ptr(f, words[3])}
		v.Hostdevs.Facts = append(v.Hostdevs.Facts, of(f, Hostdev{Role: GPU, Libvirt: a}))
	case "usb":
		v.USB.Facts = append(v.USB.Facts, of(f, USBDevice{words[0], words[1]}))
	case "shmem":
		v.Shmem = &Shmem{Path: ptr(f, words[0])}
		for _, w := range words[1:] {
			switch n, err := strconv.Atoi(w); {
			case w == "hdr":
				v.Shmem.HDR = true
			case err == nil:
				v.Shmem.MiB = ptr(f, n)
			default:
				v.Shmem.Resolution = ptr(f, w)
			}
		}
	case "nic":
		n := NIC{Type: words[0]}
		if len(words) > 1 {
			n.Interface = words[1]
		}
		v.NICs.Facts = append(v.NICs.Facts, of(f, n))
	default:
		p.fail("unknown word `%s`", word)
	}
}
