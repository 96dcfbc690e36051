package vfio

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pciids"
	"github.com/nixlint/nixlint/vfio/sysfstest"
)

func Example() {
	claims := &Claims{
		Host: "toaster",
		Contexts: []Context{{
			Name: Base,
			Params: List[string]{Complete: true, Facts: []Fact[string]{
				{Value: "vfio-pci.ids=10de:2c05", Source: "hosts/toaster.nix:10"},
				{Value: "vfio-pci.ids=10de:22e9", Source: "modules/vfio.nix:3"},
			}},
		}},
	}
	for _, f := range Run(claims, Options{}) {
		fmt.Printf("%s: %s: %s [%s]\n", f.Subject, f.Severity, f.Message, f.Check)
	}
	// Output:
	// modules/vfio.nix:3: error: of two `vfio-pci.ids` only the last counts: `10de:2c05` is lost [kparam-duplicate]
}

// A finding that is the same in several entries is reported once.
func TestMergeContexts(t *testing.T) {
	params := List[string]{Facts: []Fact[string]{{Value: "intel_iommu=pt", Source: 1}}}
	c := &Claims{Contexts: []Context{{Name: Base, Params: params}, {Name: "vfio", Params: params}}}
	found := Run(c, Options{})
	if len(found) != 1 || !slices.Equal(found[0].Contexts, []string{Base, "vfio"}) {
		t.Errorf("%+v", found)
	}
}

// An empty /sys is no machine: nothing is missing from it.
func TestEmptyMachine(t *testing.T) {
	c := &Claims{Contexts: []Context{{Name: Base, IDs: List[string]{Facts: []Fact[string]{{Value: "10de:2c05"}}}}}}
	m, err := machine.Read(machine.Tree(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	if found := Run(c, Options{Machine: m}); len(found) != 0 {
		t.Errorf("%+v", found)
	}
}

// A tree like /sys leads to the same findings as the snapshot it is made of.
func TestTreeAndSnapshot(t *testing.T) {
	for _, name := range []string{"toaster", "laptop", "rack"} {
		snapshot := loadMachine(t, name)
		for i := range snapshot.PCI { // a tree leaves no doubt: a kernel that knows resets has files for them
			if d := &snapshot.PCI[i]; d.ResetMethods == nil && !d.Class.Bridge() {
				d.ResetMethods = []string{}
			}
		}
		dir := t.TempDir()
		if err := sysfstest.Build(dir, snapshot); err != nil {
			t.Fatal(err)
		}
		m, err := machine.Read(machine.Tree(dir))
		if err != nil {
			t.Fatal(err)
		}
		m.Captured.Date = snapshot.Captured.Date
		c := everything(snapshot)
		got, want := Run(c, Options{Machine: m}), Run(c, Options{Machine: snapshot})
		if len(want) < 10 {
			t.Errorf("%s: only %d findings", name, len(want))
		}
		for i := range max(len(got), len(want)) {
			if i >= len(got) || i >= len(want) || !reflect.DeepEqual(got[i], want[i]) {
				t.Errorf("%s: finding %d differs: of %d from the tree, of %d from the snapshot", name, i, len(got), len(want))
				break
			}
		}
	}
}

// everything gives each device of a machine to one guest.
func everything(m *machine.Machine) *Claims {
	vm := VM{Name: "all"}
	for i := range m.PCI {
		vm.Hostdevs.Facts = append(vm.Hostdevs.Facts, Fact[Hostdev]{Value: Hostdev{
			Address: &Fact[string]{Value: m.PCI[i].Address.String(), Source: i}, Managed: &Fact[bool]{Value: true},
		}})
		if i < len(m.CPU.CPUs) {
			vm.Pins.Facts = append(vm.Pins.Facts, Fact[Pin]{Value: Pin{i, fmt.Sprint(i)}})
		}
	}
	ids := []string{}
	for i := range m.PCI {
		ids = append(ids, m.PCI[i].ID().String())
	}
	return &Claims{Host: m.Host, System: "x86_64-linux", Contexts: []Context{{
		Name: Base, VMs: []VM{vm}, VMsComplete: true,
		Params: List[string]{Facts: []Fact[string]{{Value: "vfio-pci.ids=" + strings.Join(ids, ",")}}},
	}}}
}

func TestLiveMachine(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("there is no /sys")
	}
	m, err := machine.Read(machine.Live())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Run(everything(m), Options{Machine: m, Names: pciids.System()}) {
		t.Logf("%s: %s [%s]", f.Severity, f.Message, f.Check)
	}
}

// FuzzRun puts any text at all places where a configuration has text.
func FuzzRun(f *testing.F) {
	for _, s := range []string{
		"vfio-pci.ids=10de:2c05, 10de:22e9", "PCI:13:0:0", "0000:01:00.0", "softdep nvidia pre: vfio-pci", "0-3,^2", "hugepagesz=1G hugepages=0:8,1:8",
		`KERNEL=="0000:01:00.0", ATTR{driver_override}="vfio-pci"`, "3840x2160", "isolcpus=managed_irq,4-7", "6.18-rc1", "RTX 4070 Ti 0d:00.0", "0x0d",
	} {
		f.Add(s, 12)
	}
	machines := []*machine.Machine{nil}
	for _, name := range []string{"toaster", "laptop", "rack"} {
		machines = append(machines, loadMachine(f, name))
	}
	f.Fuzz(func(t *testing.T, s string, n int) {
		text := func() *Fact[string] { return &Fact[string]{Value: s, Source: 1, Comment: s} }
		number := func() *Fact[int] { return &Fact[int]{Value: n, Source: 2} }
		list := List[string]{Facts: []Fact[string]{*text(), *text()}, Complete: true}
		on := &Fact[bool]{Value: true}
		h := Hostdev{Role: GPU, Address: text(), ID: text()}
		l := Hostdev{Role: GPUAudio, Libvirt: &LibvirtAddress{text(), text(), text(), text()}}
		vm := VM{
			Name: s, Memory: &Fact[Size]{Value: Size{uint64(n), s}}, Hugepages: &VMHugepages{on, text(), number()},
			VCPUs: number(), Topology: Topology{number(), number(), nil, number(), &Fact[int]{Value: 2}}, EmulatorPin: text(), IOThreadPins: list,
			Pins:     List[Pin]{Facts: []Fact[Pin]{{Value: Pin{0, s}}, {Value: Pin{1, s}}, {Value: Pin{n, s}}}, Complete: true},
			Hostdevs: List[Hostdev]{Facts: []Fact[Hostdev]{{Value: h}, {Value: l}}, Complete: true},
			USB:      List[USBDevice]{Facts: []Fact[USBDevice]{{Value: USBDevice{s, s}}}},
			Shmem:    &Shmem{Path: text(), MiB: number(), Resolution: text()},
			NICs:     List[NIC]{Facts: []Fact[NIC]{{Value: NIC{"bridge", s}}, {Value: NIC{"macvtap", s}}}, Complete: true},
		}
		c := Context{
			Name: Base, Kernel: Kernel{Version: text(), Flavour: text()}, Params: list, Modules: list, InitrdModules: list, Blacklist: list,
			Modprobe: list, Udev: list, Scripts: list, IDs: list, VideoDrivers: list, CPUVendor: list, HugetlbMounts: list, Disks: list,
			Sysctl:    List[Setting]{Facts: []Fact[Setting]{{Value: Setting{"vm.nr_hugepages", s}}}, Complete: true},
			Addresses: List[Address]{Facts: []Fact[Address]{{Value: Address{Text: s}}}},
			NVIDIA:    NVIDIA{Open: on, NVIDIABusID: text(), IntelBusID: text(), Offload: on, Sync: on},
			VMs:       []VM{vm, vm}, VMsComplete: true, Scream: &Scream{Interface: text()},
			Network: Network{Interfaces: list, Bridges: List[Bridge]{Facts: []Fact[Bridge]{{Value: Bridge{s, []string{s}}}}, Complete: true}},
		}
		for _, m := range machines {
			for _, found := range Run(&Claims{System: "x86_64-linux", Contexts: []Context{c}}, Options{Machine: m, Snapshot: machines[1]}) {
				if found.Check == "" || found.Message == "" || found.Severity == 0 || len(found.Contexts) == 0 {
					t.Fatalf("%+v", found)
				}
			}
		}
	})
}

func BenchmarkRun(b *testing.B) {
	m := loadMachine(b, "rack")
	c := everything(m)
	b.ReportAllocs()
	for b.Loop() {
		Run(c, Options{Machine: m})
	}
}
