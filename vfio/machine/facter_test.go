package machine_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/vfio/machine"
)

func TestDecodeFacter(t *testing.T) {
	f, err := os.Open("testdata/facter.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := machine.DecodeFacter(f)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	fmt.Fprintf(&got, "%s %s efi=%v %s %d KiB %v\n", m.Kernel.Arch, m.CPU.Vendor, *m.Kernel.EFI, m.CPU.Model, m.Memory.TotalKiB, m.Notes)
	for i := range m.PCI {
		d := &m.PCI[i]
		driver, known := d.Driver()
		fmt.Fprintf(&got, "%s %s %s sub=%s rev=%s group=%d driver=%s/%v net=%v use=%v", d.Address, d.ID(), d.Class,
			d.SubsystemID(), d.Revision, *d.IOMMUGroup, driver, known, d.Net, d.HostUse)
		if d.Parent != nil {
			fmt.Fprintf(&got, " parent=%s", d.Parent)
		}
		if d.VMD != nil {
			fmt.Fprintf(&got, " vmd=%s", d.VMD)
		}
		if d.SecondaryBus != nil {
			fmt.Fprintf(&got, " bus=%d", *d.SecondaryBus)
		}
		got.WriteByte('\n')
	}
	fmt.Fprintln(&got, m.IOMMU.Groups[12].Devices, m.IOMMU.Units == nil, m.CPU.Online == nil)
	diff(t, got.String(), `x86_64 AuthenticAMD efi=true AMD Ryzen 7 7800X3D 8-Core Processor 65011712 KiB []
0000:00:01.0 1022:14da 060000 sub=0000:0000 rev= group=0 driver=/true net=[] use=[]
0000:00:01.1 1022:14db 060400 sub=0000:0000 rev= group=1 driver=pcieport/true net=[] use=[] bus=1
0000:01:00.0 10de:2c05 030000 sub=1043:8a11 rev=a1 group=12 driver=nvidia/true net=[] use=[] parent=0000:00:01.1
0000:01:00.1 10de:22e9 040300 sub=1043:8a11 rev= group=12 driver=snd_hda_intel/true net=[] use=[] parent=0000:00:01.1
0000:08:00.0 8086:125c 020000 sub=0000:0000 rev= group=18 driver=igc/true net=[eno1] use=[] parent=0000:04:08.0
0000:0b:00.0 1022:43f7 0c0330 sub=0000:0000 rev= group=21 driver=xhci_hcd/true net=[] use=[hid] parent=0000:04:0c.0
0000:0d:00.0 1002:164e 030000 sub=1043:8877 rev= group=23 driver=amdgpu/true net=[] use=[] parent=0000:00:08.1
10000:81:00.0 144d:a826 010802 sub=0000:0000 rev= group=15 driver=nvme/true net=[] use=[] parent=10000:80:01.0 vmd=0000:7e:00.5
[0000:01:00.0 0000:01:00.1] true true
`)
	if text := encode(t, m); strings.Contains(text, "SECRET") || strings.Contains(text, "02:42") {
		t.Error("serial numbers were taken over")
	}
}

func TestDecodeFacterErrors(t *testing.T) {
	for in, want := range map[string]string{
		`[]`: "the report of nixos-facter is malformed: ",
		`{}`: "this is no report of nixos-facter: it has no `hardware` and `system`",
	} {
		if _, err := machine.DecodeFacter(strings.NewReader(in)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v", in, err)
		}
	}
	m, err := machine.DecodeFacter(strings.NewReader(`{"version":99,"system":"aarch64-linux","hardware":{"x":[{"sysfs_bus_id":"0000:01:00.0"}]}}`))
	if err != nil || len(m.PCI) != 0 || len(m.Notes) != 1 {
		t.Errorf("%+v %v", m, err)
	}
}

func FuzzDecodeFacter(f *testing.F) {
	text, err := os.ReadFile("testdata/facter.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Fuzz(func(t *testing.T, text string) {
		m, err := machine.DecodeFacter(strings.NewReader(text))
		if err != nil {
			return
		}
		if _, err := machine.Decode(strings.NewReader(encode(t, m))); err != nil {
			t.Fatalf("the report makes no snapshot: %v", err)
		}
	})
}
