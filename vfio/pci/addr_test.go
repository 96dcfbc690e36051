package pci

import (
	"strings"
	"testing"
)

func TestDetect(t *testing.T) {
	gpu := Addr{0, 1, 0, 0}
	igpu := Addr{0, 0x0d, 0, 0}
	for _, tt := range []struct {
		in   string
		want Addr
		n    Notation
	}{
		{"0000:01:00.0", gpu, Sysfs},
		{"0000:0d:00.0", igpu, Sysfs},
		{"10000:81:00.0", Addr{0x10000, 0x81, 0, 0}, Sysfs},
		{"c05b:00:00.0", Addr{0xc05b, 0, 0, 0}, Sysfs},
		{"ffffffff:ff:1f.7", Addr{0xffffffff, 0xff, 0x1f, 7}, Sysfs},
		{"01:00.0", gpu, Short},
		{"0d:00.0", igpu, Short},
		{"0000:0D:00.0", igpu, Sloppy},
		{"0D:00.0", igpu, Sloppy},
		{"0:d:0.0", igpu, Sloppy},
		{"00000:0d:00.0", igpu, Sloppy},
		{"pci_0000_0d_00_0", igpu, Nodedev},
		{"pci_10000_81_00_0", Addr{0x10000, 0x81, 0, 0}, Nodedev},
		{"PCI:13:0:0", igpu, BusID},
		{"pci:13:0:0", igpu, BusID},
		{"PCI:013:00:0", igpu, BusID},
		{"PCI:01:00:0", gpu, BusID},
		{"PCI:1@0:0:0", gpu, BusID},
		{"PCI:129@65536:0:0", Addr{0x10000, 0x81, 0, 0}, BusID},
	} {
		a, n, err := Detect(tt.in)
		if err != nil || a != tt.want || n != tt.n {
			t.Errorf("Detect(%q) = %v, %d, %v; want %v, %d", tt.in, a, n, err, tt.want, tt.n)
		}
	}
}

func TestAddressErrors(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "`` is not a PCI address: write it as `0000:01:00.0`",
		"10de:2c05":              "`10de:2c05` is not a PCI address: write it as `0000:01:00.0`",
		"0000:01:00:0":           "`0000:01:00:0` is not a PCI address: write it as `0000:01:00.0`",
		"0000:01:00.8":           "function `8` of the PCI address `0000:01:00.8` is too large: the highest is 7",
		"0000:01:20.0":           "device `20` of the PCI address `0000:01:20.0` is too large: the highest is 1f",
		"0000:100:00.0":          "bus `100` of the PCI address `0000:100:00.0` is too large: the highest is ff",
		"0000:0g:00.0":           "bus `0g` of the PCI address `0000:0g:00.0` is not a hexadecimal number",
		"0000:-1:00.0":           "bus `-1` of the PCI address `0000:-1:00.0` is not a hexadecimal number",
		"01:00.0":                "address `01:00.0` has no domain: write `0000:01:00.0`",
		"0000:0D:00.0":           "address `0000:0D:00.0` is not written as the kernel does: write `0000:0d:00.0`",
		"pci_0000_01_00_0":       "address `pci_0000_01_00_0` is not written as the kernel does: write `0000:01:00.0`",
		"PCI:0d:0:0":             "bus id `PCI:0d:0:0` has the bus `0d`, which is not a decimal number",
		"PCI:1:0":                "bus id `PCI:1:0` does not have the form `PCI:bus:device:function`",
		"PCI:256:0:0":            "bus id `PCI:256:0:0` has the bus 256: the highest is 255",
		"PCI:1:32:0":             "bus id `PCI:1:32:0` has the device 32: the highest is 31",
		"PCI:1:0:8":              "bus id `PCI:1:0:8` has the function 8: the highest is 7",
		"PCI:1@x:0:0":            "bus id `PCI:1@x:0:0` has the domain `x`, which is not a decimal number",
		"PCI:99999999999999:0:0": "bus id `PCI:99999999999999:0:0` has the bus 99999999999999: the highest is 255",
	} {
		if _, err := ParseAddr(in); err == nil || err.Error() != want {
			t.Errorf("ParseAddr(%q): %v\nwant %s", in, err, want)
		}
	}
	if _, err := ParseAddr(strings.Repeat("0", 1000)); err == nil || len(err.Error()) > 200 {
		t.Errorf("long text: %v", err)
	}
}

func TestPrint(t *testing.T) {
	a := Addr{0, 0x0d, 0x1f, 6}
	for got, want := range map[string]string{
		a.String():                      "0000:0d:1f.6",
		a.Short():                       "0d:1f.6",
		a.Nodedev():                     "pci_0000_0d_1f_6",
		a.BusID():                       "PCI:13:31:6",
		Addr{0x10000, 1, 2, 3}.String(): "10000:01:02.3",
		Addr{0x10000, 1, 2, 3}.Short():  "10000:01:02.3",
		Addr{0x10000, 1, 2, 3}.BusID():  "PCI:1@65536:2:3",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestParseLibvirt(t *testing.T) {
	want := map[[4]string]string{
		{"0x0000", "0x0d", "0x00", "0x0"}: "0000:0d:00.0",
		{"0", "13", "0", "0"}:             "0000:0d:00.0",
		{"0", "10", "0", "0"}:             "0000:0a:00.0",
		{"0", "010", "0", "0"}:            "0000:08:00.0",
		{"", "0x10", "0x00", ""}:          "0000:10:00.0",
		{"0x10000", "0x81", "0x1f", "7"}:  "10000:81:1f.7",
	}
	for in, s := range want {
		if a, err := ParseLibvirt(in[0], in[1], in[2], in[3]); err != nil || a.String() != s {
			t.Errorf("%v: %v, %v; want %s", in, a, err, s)
		}
	}
	for in, msg := range map[[4]string]string{
		{"0", "0d", "0", "0"}:    "bus `0d` of a libvirt address is not a number: hexadecimal ones begin with `0x`",
		{"0", "", "0", "0"}:      "bus `` of a libvirt address is not a number: hexadecimal ones begin with `0x`",
		{"0", "0x100", "0", "0"}: "bus `0x100` of a libvirt address is too large: the highest is 0xff",
		{"0", "1", "0x20", "0"}:  "slot `0x20` of a libvirt address is too large: the highest is 0x1f",
		{"0", "1", "0", "8"}:     "function `8` of a libvirt address is too large: the highest is 0x7",
		{"0", "1_0", "0", "0"}:   "bus `1_0` of a libvirt address is not a number: hexadecimal ones begin with `0x`",
		{"0", "09", "0", "0"}:    "bus `09` of a libvirt address is not a number: hexadecimal ones begin with `0x`",
	} {
		if _, err := ParseLibvirt(in[0], in[1], in[2], in[3]); err == nil || err.Error() != msg {
			t.Errorf("%v: %v\nwant %s", in, err, msg)
		}
	}
}

func TestGuessBusID(t *testing.T) {
	for in, want := range map[string]string{
		"0000:0d:00.0":     "PCI:13:0:0",
		"0d:00.0":          "PCI:13:0:0",
		"PCI:0d:0:0":       "PCI:13:0:0",
		"PCI:0D:00:0":      "PCI:13:0:0",
		"PCI:0000:0d:00.0": "PCI:13:0:0",
		"PCI:0d:00.0":      "PCI:13:0:0",
		"pci_0000_0d_00_0": "PCI:13:0:0",
		"PCI:1f@1:0:0":     "PCI:31@1:0:0",
	} {
		if a, ok := GuessBusID(in); !ok || a.BusID() != want {
			t.Errorf("GuessBusID(%q) = %v, %v; want %s", in, a.BusID(), ok, want)
		}
	}
	for _, in := range []string{"", "PCI:", "PCI:1:0", "PCI:300:0:0", "card0", "10de:2c05"} {
		if a, ok := GuessBusID(in); ok {
			t.Errorf("GuessBusID(%q) = %v", in, a)
		}
	}
}

// FuzzAddress checks that no text panics and that parsing undoes printing in
// every notation.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{"0000:01:00.0", "01:00.0", "pci_0000_0d_00_0", "PCI:13@1:0:0", "10000:81:00.0", "PCI:0d:0:0", "0x0d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		GuessBusID(s)
		_, _ = ParseLibvirt(s, s, s, s)
		a, n, err := Detect(s)
		if err != nil {
			return
		}
		if n == Sysfs && a.String() != s {
			t.Fatalf("%q is canonical, but prints as %q", s, a)
		}
		checkRoundTrip(t, a)
	})
}

func checkRoundTrip(t *testing.T, a Addr) {
	t.Helper()
	for _, s := range []string{a.String(), a.Short(), a.Nodedev(), a.BusID()} {
		if b, _, err := Detect(s); err != nil || b != a {
			t.Fatalf("%q: %v, %v; want %v", s, b, err, a)
		}
	}
	d, b, sl, fn := a.Libvirt()
	if b, err := ParseLibvirt(d, b, sl, fn); err != nil || b != a {
		t.Fatalf("libvirt: %v, %v; want %v", b, err, a)
	}
}

func TestRoundTrip(t *testing.T) {
	for _, domain := range []uint32{0, 1, 0xffff, 0x10000, 0xffffffff} {
		for bus := range 256 {
			for dev := 0; dev <= MaxDevice; dev += 5 {
				checkRoundTrip(t, Addr{domain, uint8(bus), uint8(dev), uint8((bus + dev) & 7)})
			}
		}
	}
}

func TestCompare(t *testing.T) {
	order := []string{"0000:00:00.0", "0000:00:00.1", "0000:00:1f.0", "0000:01:00.0", "0000:ff:00.0", "10000:00:00.0"}
	for i, x := range order {
		for j, y := range order {
			a, _ := ParseAddr(x)
			b, _ := ParseAddr(y)
			if got := a.Compare(b); (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("%s compared with %s: %d", x, y, got)
			}
		}
	}
}
