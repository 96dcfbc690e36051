package machine_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/vfio/cpuset"
	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
	"github.com/nixlint/nixlint/vfio/sysfstest"
)

var fixtures = []string{"toaster", "laptop", "rack"}

func load(t testing.TB, name string) *machine.Machine {
	t.Helper()
	f, err := os.Open("../../testdata/machines/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := machine.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func build(t testing.TB, m *machine.Machine) string {
	t.Helper()
	dir := t.TempDir()
	if err := sysfstest.Build(dir, m); err != nil {
		t.Fatal(err)
	}
	return dir
}

func read(t testing.TB, dir string) *machine.Machine {
	t.Helper()
	m, err := machine.Read(machine.Tree(dir))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func encode(t testing.TB, m *machine.Machine) string {
	t.Helper()
	var b bytes.Buffer
	if err := m.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A tree made from a snapshot reads back as that snapshot.
func TestReadFixtures(t *testing.T) {
	for _, name := range fixtures {
		t.Run(name, func(t *testing.T) {
			want := load(t, name)
			got := read(t, build(t, want))
			for _, n := range got.Notes {
				t.Errorf("note: %s: %s", n.Path, n.Problem)
			}
			// What no tree tells.
			got.Host, got.Captured.Date, got.Captured.Tool, got.Captured.Privileged =
				want.Host, want.Captured.Date, want.Captured.Tool, want.Captured.Privileged
			// The snapshots were made by hand: no list of bridges, and uses and
			// reset methods only where there are some.
			if len(got.Bridges) > 0 {
				t.Errorf("bridges: %v", got.Bridges)
			}
			got.Bridges = want.Bridges
			for i := range got.PCI {
				d := &got.PCI[i]
				w := want.Find(d.Address)
				if w != nil && w.HostUse == nil && len(d.HostUse) == 0 {
					d.HostUse = nil
				}
				if w != nil && w.ResetMethods == nil && len(d.ResetMethods) == 0 {
					d.ResetMethods = nil
				}
			}
			diff(t, encode(t, got), encode(t, want))
		})
	}
}

// diff reports the first lines in which two texts differ.
func diff(t *testing.T, got, want string) {
	t.Helper()
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		if i >= len(g) || i >= len(w) || g[i] != w[i] {
			from, to := max(0, i-12), i+4
			t.Errorf("line %d differs\ngot:\n%s\nwant:\n%s", i+1,
				strings.Join(g[min(from, len(g)):min(to, len(g))], "\n"), strings.Join(w[min(from, len(w)):min(to, len(w))], "\n"))
			return
		}
	}
}

// Facts that the fixtures do not have.
func TestReadMore(t *testing.T) {
	m := load(t, "toaster")
	gpu := m.Find(addr(t, "0000:01:00.0"))
	gpu.BARs = []machine.BAR{{Index: 1, MiB: 16384, Resizable: true}}
	gpu.HostUse = []string{machine.UseDisplay}
	m.Bridges = map[string][]string{"br0": {"eno1"}}
	m.Find(addr(t, "0000:05:00.0")).HostUse = []string{machine.UseBoot, machine.UseSwap}
	m.Memory.NodesKiB = machine.Numbered[uint64]{0: 64980016}
	for i := range m.CPU.CPUs {
		m.CPU.CPUs[i].L3KiB = 98304
	}
	g := m.IOMMU.Groups[13]
	g.Reserved = []machine.Region{{Start: "0x00000000000d0000", End: "0x00000000000dffff", Type: "direct"}}
	m.IOMMU.Groups[13] = g
	m.Captured.BootContext = "vfio"
	online := cpuset.MustParse("0-7") // the others have a folder without topology
	m.CPU.Online, m.CPU.CPUs = &online, m.CPU.CPUs[:8]

	got := read(t, build(t, m))
	if d := got.Find(gpu.Address); fmt.Sprint(d.BARs) != "[{1 16384 true}]" || fmt.Sprint(d.HostUse) != "[display]" {
		t.Errorf("%+v", d)
	}
	if d := got.Find(addr(t, "0000:05:00.0")); fmt.Sprint(d.HostUse) != "[boot swap]" {
		t.Error(d.HostUse)
	}
	if fmt.Sprint(got.Bridges) != "map[br0:[eno1]]" {
		t.Error(got.Bridges)
	}
	if got.Memory.NodesKiB[0] != 64980016 || len(got.CPU.CPUs) != 8 || got.CPU.CPUs[7].L3KiB != 98304 {
		t.Error(got.Memory, got.CPU.CPUs)
	}
	if fmt.Sprint(got.IOMMU.Groups[13].Reserved) != "[{0x00000000000d0000 0x00000000000dffff direct}]" {
		t.Error(got.IOMMU.Groups[13])
	}
	if got.Captured.BootContext != "vfio" {
		t.Error(got.Captured)
	}
}

func addr(t testing.TB, s string) pci.Addr {
	t.Helper()
	a, err := pci.ParseAddr(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Whatever is wrong with one file, the rest is read, and a note says what is
// missing.
func TestMalformed(t *testing.T) {
	const dev = "sys/devices/pci0000:00/0000:00:01.1/0000:01:00.0"
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("0x1234\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := func(target string) func(string) error {
		return func(p string) error { return os.Symlink(target, p) }
	}
	contents := func(s string) func(string) error {
		return func(p string) error { return os.WriteFile(p, []byte(s), 0o644) }
	}
	folder := func(p string) error { return os.Mkdir(p, 0o755) }
	nothing := func(string) error { return nil }
	dir := build(t, load(t, "toaster"))

	for name, tt := range map[string]struct {
		file    string
		make    func(string) error
		devices int    // how many of the 46 are read
		note    string // "" for none
	}{
		"vendor missing":         {dev + "/vendor", nothing, 45, "the device has no vendor, device and class: it is left out"},
		"vendor empty":           {dev + "/vendor", contents("\n"), 45, "`` is not a number that fits"},
		"vendor no number":       {dev + "/vendor", contents("0xzz\n"), 45, "`0xzz` is not a number that fits"},
		"vendor too large":       {dev + "/vendor", contents("0xffffffffffffffffffffff\n"), 45, "is not a number that fits"},
		"vendor a large file":    {dev + "/vendor", contents(strings.Repeat("9", 1<<20)), 45, "is not a number that fits"},
		"vendor a folder":        {dev + "/vendor", folder, 45, "is not a file"},
		"vendor a loop":          {dev + "/vendor", link("vendor"), 45, "too many levels of symbolic links"},
		"vendor leads outside":   {dev + "/vendor", link(outside), 45, "path escapes from parent"},
		"class too large":        {dev + "/class", contents("0x1ffffff\n"), 45, "is not a number that fits"},
		"alias malformed":        {dev + "/modalias", contents("pci:v000010DEd0000XXXXsv00001043sd00008A11bc03sc00i00\n"), 46, ""},
		"alias of another bus":   {dev + "/modalias", contents("usb:v1D6Bp0002\n"), 46, ""},
		"alias missing":          {dev + "/modalias", nothing, 46, ""},
		"subsystem missing":      {dev + "/subsystem_vendor", nothing, 46, ""},
		"boot_vga strange":       {dev + "/boot_vga", contents("maybe\n"), 46, ""},
		"group dangling":         {dev + "/iommu_group", link("../nowhere/999"), 46, ""},
		"group no link":          {dev + "/iommu_group", contents("12\n"), 46, "invalid argument"},
		"group no number":        {dev + "/iommu_group", link("../groups/x"), 46, ""},
		"driver missing":         {dev + "/driver", nothing, 46, ""},
		"reset_method binary":    {dev + "/reset_method", contents("\x00\xff\n"), 46, ""},
		"numa_node huge":         {dev + "/numa_node", contents("99999999999999999999\n"), 46, ""},
		"resource short":         {dev + "/resource", contents("0x0\n0x1 0x2\n"), 46, ""},
		"resource backwards":     {dev + "/resource", contents("0xffffffffffffffff 0x0 0x0\n"), 46, ""},
		"device dangling":        {"sys/bus/pci/devices/0000:01:00.0", link("../../../devices/gone"), 45, "the device cannot be opened: it is left out"},
		"device leads outside":   {"sys/bus/pci/devices/0000:01:00.0", link("../../../../../../../etc"), 45, "the device cannot be opened: it is left out"},
		"device a loop":          {"sys/bus/pci/devices/0000:01:00.0", link("0000:01:00.0"), 45, "the device cannot be opened: it is left out"},
		"device a file":          {"sys/bus/pci/devices/0000:01:00.0", contents(""), 45, "the device cannot be opened: it is left out"},
		"no address":             {"sys/bus/pci/devices/garbage", link("../x"), 46, "is not a PCI address"},
		"group name":             {"sys/kernel/iommu_groups/x", folder, 46, "is not the number of an IOMMU group"},
		"group without devices":  {"sys/kernel/iommu_groups/99", folder, 46, ""},
		"siblings malformed":     {"sys/devices/system/cpu/cpu3/topology/thread_siblings_list", contents("7-4\n"), 46, "the range `7-4` of processors ends before it begins"},
		"siblings without self":  {"sys/devices/system/cpu/cpu3/topology/thread_siblings_list", contents("0,8\n"), 46, "processor 3 is not among its own siblings"},
		"processors too high":    {"sys/devices/system/cpu/online", contents("0-4294967295\n"), 46, "processor 4294967295 is too high: no machine has more than 16384"},
		"hugepages no number":    {"sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", contents("many\n"), 46, "`many` is not a number that fits"},
		"meminfo cut":            {"proc/meminfo", contents("MemTotal:"), 46, ""},
		"disk its own slave":     {"sys/devices/virtual/block/dm-0/slaves/dm-0", link("../../dm-0"), 46, ""},
		"member of another bus":  {"sys/kernel/iommu_groups/12/devices/AMDI0010:00", link("../../../../devices/x"), 46, ""},
		"interface without link": {"sys/class/net/x", folder, 46, "invalid argument"},
	} {
		t.Run(name, func(t *testing.T) {
			p := filepath.Join(dir, tt.file)
			defer swap(t, p)()
			if base := filepath.Base(p); base == "vendor" || base == "class" || base == "subsystem_vendor" {
				// Without the alias the single files count.
				defer swap(t, filepath.Join(filepath.Dir(p), "modalias"))()
			}
			if err := tt.make(p); err != nil {
				t.Fatal(err)
			}
			m := read(t, dir)
			if len(m.PCI) != tt.devices {
				t.Errorf("%d devices, want %d", len(m.PCI), tt.devices)
			}
			noted := tt.note == "" && len(m.Notes) == 0
			for _, n := range m.Notes {
				noted = noted || tt.note != "" && strings.Contains(n.Problem, tt.note)
			}
			if !noted {
				t.Errorf("notes: %v\nwant %q", m.Notes, tt.note)
			}
			for _, d := range m.PCI {
				if d.Vendor == 0x1234 {
					t.Error("a file outside the tree was read")
				}
			}
			again, err := machine.Decode(strings.NewReader(encode(t, m)))
			if err != nil {
				t.Errorf("what was read makes no snapshot: %v", err)
			} else {
				diff(t, encode(t, again), encode(t, m))
			}
		})
	}
}

// swap takes a file or folder away; the function it returns puts it back.
func swap(t *testing.T, p string) (restore func()) {
	t.Helper()
	saved := filepath.Join(t.TempDir(), "saved")
	err := os.Rename(p, saved)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return func() {
		if err := os.RemoveAll(p); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(saved, p); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
}

func TestGroupFromListing(t *testing.T) {
	dir := build(t, load(t, "toaster"))
	if err := os.Remove(filepath.Join(dir, "sys/devices/pci0000:00/0000:00:01.1/0000:01:00.0/iommu_group")); err != nil {
		t.Fatal(err)
	}
	if d := read(t, dir).Find(addr(t, "0000:01:00.0")); d.IOMMUGroup == nil || *d.IOMMUGroup != 12 {
		t.Errorf("%+v", d)
	}
}

func TestEmptyTree(t *testing.T) {
	dir := t.TempDir()
	m := read(t, dir)
	if m.Known() || m.IOMMU.Off() || m.Kernel.EFI != nil || len(m.Notes) != 0 {
		t.Errorf("%+v", m)
	}
	if _, err := machine.Read(machine.Tree(filepath.Join(dir, "nowhere"))); err == nil {
		t.Error("a tree that does not exist is no error")
	}
	// Only the contents of /sys.
	full := build(t, load(t, "laptop"))
	if m := read(t, filepath.Join(full, "sys")); len(m.PCI) != 24 || m.Kernel.Release != "" || m.PCI[0].HostUse != nil {
		t.Errorf("%d devices, %+v", len(m.PCI), m.Kernel)
	}
}

// TestLive reads the machine on which the test runs.
func TestLive(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("there is no /sys")
	}
	m, err := machine.Read(machine.Live())
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range m.Notes {
		t.Logf("note: %s: %s", n.Path, n.Problem)
	}
	entries, _ := os.ReadDir("/sys/bus/pci/devices")
	if len(m.PCI) != len(entries) {
		t.Errorf("%d of %d devices were read", len(m.PCI), len(entries))
	}
	for i := range m.PCI {
		d := &m.PCI[i]
		text, _ := os.ReadFile("/sys/bus/pci/devices/" + d.Address.String() + "/modalias")
		// The kernel's own summary of vendor, device, subsystem and class.
		sub := d.SubsystemID()
		want := fmt.Sprintf("pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X\n", uint16(d.Vendor), uint16(d.Device),
			sub.Vendor, sub.Device, d.Class.Base(), uint8(d.Class>>8), uint8(d.Class))
		if string(text) != want {
			t.Errorf("%s: %s, want %s", d.Address, want, text)
		}
	}
	if m.Memory.TotalKiB == 0 || m.Kernel.Release == "" {
		t.Errorf("%+v %+v", m.Memory, m.Kernel)
	}
	again, err := machine.Decode(strings.NewReader(encode(t, m)))
	if err != nil {
		t.Fatal(err)
	}
	diff(t, encode(t, again), encode(t, m))
	t.Log("\n" + encode(t, m))
}

// large returns a machine with many devices, each behind a bridge of its own.
func large(n int) *machine.Machine {
	m := &machine.Machine{}
	m.IOMMU.Groups = machine.Numbered[machine.Group]{}
	driver := "vfio-pci"
	for i := range n / 2 {
		bus := uint8(i + 1)
		group, node := i, i%2
		bridge := pci.Addr{Bus: 0, Device: uint8(i / 8), Function: uint8(i % 8)}
		device := pci.Addr{Bus: bus}
		m.PCI = append(m.PCI,
			machine.Device{Address: bridge, Vendor: 0x8086, Device: 0x352a, Class: 0x060400, SecondaryBus: &bus, IOMMUGroup: &group, NUMANode: &node},
			machine.Device{
				Address: device, Vendor: 0x8086, Device: 0x1593, Class: 0x020000, Subsystem: &pci.ID{Vendor: 0x8086, Device: 2},
				Revision: "02", Parent: &bridge, IOMMUGroup: &group, NUMANode: &node, ResetMethods: []string{"flr", "bus"},
				SRIOV: &machine.SRIOV{Total: 128}, Net: []string{fmt.Sprintf("ens%d", i)}, Runtime: &machine.Runtime{Driver: &driver},
			})
		m.IOMMU.Groups[group] = machine.Group{Devices: []pci.Addr{bridge, device}, Type: "identity"}
	}
	var b bytes.Buffer
	if err := m.Encode(&b); err != nil {
		panic(err)
	}
	m, err := machine.Decode(&b)
	if err != nil {
		panic(err)
	}
	return m
}

func BenchmarkRead300Devices(b *testing.B) {
	dir := build(b, large(300))
	b.ReportAllocs()
	for b.Loop() {
		if m := read(b, dir); len(m.PCI) != 300 {
			b.Fatal(len(m.PCI))
		}
	}
}

func BenchmarkReadRack(b *testing.B) {
	dir := build(b, load(b, "rack"))
	b.ReportAllocs()
	for b.Loop() {
		read(b, dir)
	}
}

func BenchmarkReadLive(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := machine.Read(machine.Live()); err != nil {
			b.Skip(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	text, err := os.ReadFile("../../testdata/machines/rack.json")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := machine.Decode(bytes.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
}
