package pciids

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/vfio/pci"
)

const someNames = `#
#	Version: %s
#
10de  NVIDIA Corporation
	2c05  GB203 [GeForce RTX 5070 Ti]
		1043 8a11  A board
	2782  newer name
10df  Emulex Corporation
	2c06  not NVIDIA's
C 03  Display controller
	00  VGA compatible controller
`

func names(t *testing.T, version string) *Names {
	t.Helper()
	n, err := Read(strings.NewReader(strings.Replace(someNames, "%s", version, 1)))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestNames(t *testing.T) {
	newer, older, none := names(t, "2026.08.22"), names(t, "2020.01.01"), &Names{}
	const compiled = "AD104 [GeForce RTX 4070 Ti]"
	for _, tt := range []struct {
		names *Names
		id    pci.ID
		want  string
	}{
		{newer, pci.ID{Vendor: 0x10de, Device: 0x2c05}, "GB203 [GeForce RTX 5070 Ti]"},
		{older, pci.ID{Vendor: 0x10de, Device: 0x2c05}, "GB203 [GeForce RTX 5070 Ti]"},
		{none, pci.ID{Vendor: 0x10de, Device: 0x2c05}, ""},
		{newer, pci.ID{Vendor: 0x10de, Device: 0x2782}, "newer name"},
		{older, pci.ID{Vendor: 0x10de, Device: 0x2782}, compiled},
		{none, pci.ID{Vendor: 0x10de, Device: 0x2782}, compiled},
		{newer, pci.ID{Vendor: 0x10de, Device: 0x2c06}, ""},
		{newer, pci.ID{Vendor: 0x10df, Device: 0x2c06}, "not NVIDIA's"},
		{newer, pci.ID{Vendor: 0x8086, Device: 0x1889}, "Ethernet Adaptive Virtual Function"},
	} {
		for range 2 { // the second answer comes from the cache
			if got := tt.names.Device(tt.id); got != tt.want {
				t.Errorf("%s: %q, want %q", tt.id, got, tt.want)
			}
		}
	}
	if got := newer.Vendor(pci.VendorNVIDIA); got != "NVIDIA Corporation" {
		t.Error(got)
	}
	if got := newer.Class(0x030200); got != "3D controller" {
		t.Error(got)
	}
	if got := newer.Class(0x03ff00); got != "Display controller" {
		t.Error(got)
	}
}

func TestFind(t *testing.T) {
	n := names(t, "2026.08.22")
	if got := n.Find(pci.VendorNVIDIA, "5070", "ti"); !slices.Equal(got, []pci.ID{{Vendor: 0x10de, Device: 0x2c05}}) {
		t.Error(got)
	}
	if got := (&Names{}).Find(pci.VendorNVIDIA, "4070", "Ti"); !slices.Contains(got, pci.ID{Vendor: 0x10de, Device: 0x2782}) {
		t.Error(got)
	}
}

func TestMalformedNames(t *testing.T) {
	for _, text := range []string{"", "10de", "10de  ", "\n10de  \n\t2c05", "10de  x\n\t2c05  \n", "\x00\xff"} {
		n, err := Read(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		n.Device(pci.ID{Vendor: 0x10de, Device: 0x2c05})
		n.Vendor(0x10de)
		n.Find(0x10de, "x")
	}
	if _, err := Read(bytes.NewReader(make([]byte, maxNames+1))); err == nil {
		t.Error("a huge file is no error")
	}
}

// The version of the compiled table must be the one of the module in use.
func TestCompiledVersion(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/siderolabs/go-pcidb").Output()
	if err != nil {
		t.Skip("the module's source is not at hand: ", err)
	}
	t.Setenv("PCI_IDS", filepath.Join(strings.TrimSpace(string(dir)), "pkg/pcidb/pci.ids"))
	n := System()
	if got := version(n.ids); got != compiledVersion {
		t.Errorf("compiledVersion is %s, the module has %s", compiledVersion, got)
	}
}

func BenchmarkDeviceName(b *testing.B) {
	n := System()
	b.ReportAllocs()
	for b.Loop() {
		n.cache = nil
		n.Device(pci.ID{Vendor: 0x8086, Device: 0x1889})
	}
}
