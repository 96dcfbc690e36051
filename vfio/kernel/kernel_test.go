package kernel

import (
	"fmt"
	"strings"
	"testing"
)

func TestParseCmdline(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "",
		"quiet iommu=pt":                "quiet|iommu=pt",
		"  a=1\t b\nc= ":                "a=1|b|c=",
		`x="a b" y`:                     `x="a b"|y`,
		`"x=a b" y`:                     `x="a b"|y`,
		`"quiet"`:                       "quiet",
		`x="a b`:                        `x="a b"`,
		"vfio-pci.ids=10de:1, 10de:2":   "vfio-pci.ids=10de:1,|10de:2",
		"a -- b":                        "a",
		"a=b=c":                         "a=b=c",
		"init=/nix/store/x-y/init loop": "init=/nix/store/x-y/init|loop",
	} {
		var got []string
		for _, p := range ParseCmdline(in) {
			got = append(got, p.String())
			if p.Start >= p.End || p.End > len(in) {
				t.Errorf("%q: offsets %d to %d", in, p.Start, p.End)
			}
		}
		if g := strings.Join(got, "|"); g != want {
			t.Errorf("%q:\ngot  %s\nwant %s", in, g, want)
		}
	}
	p := ParseCmdline("vfio-pci.ids=10de:2c05")[0]
	if m, n := p.Module(); m != "vfio_pci" || n != "ids" || !p.Is("vfio_pci.ids") || p.Is("vfio.pci.ids") {
		t.Error(m, n)
	}
	if m, n := ParseCmdline("iommu=pt")[0].Module(); m != "" || n != "iommu" {
		t.Error(m, n)
	}
}

func TestParseSize(t *testing.T) {
	for in, want := range map[string]uint64{
		"0": 0, "2M": 2 << 20, "1G": 1 << 30, "1g": 1 << 30, "16k": 16 << 10, "0x100000": 1 << 20, "010": 8, "1T": 1 << 40,
	} {
		if n, err := ParseSize(in); err != nil || n != want {
			t.Errorf("%s: %d, %v; want %d", in, n, err, want)
		}
	}
	for _, in := range []string{"", "G", "1GB", "1.5G", "-1", "2MiB", "99999999999999G", "1_0M", "99999999999999999999"} {
		if n, err := ParseSize(in); err == nil {
			t.Errorf("%s: %d", in, n)
		}
	}
}

const modprobeText = `# a comment
options vfio-pci ids=10de:2c05,10de:22e9 disable_vga=1
  options kvmfr   static_size_mb=128
softdep nvidia pre: vfio-pci post: a b
blacklist nouveau
options vfio_pci \
  ids=10de:1 \
  disable_idle_d3=1
install nvidia /bin/false now
alias x y
weakdep a b
remove z rmmod z
nonsense here
options
`

func TestParseModprobe(t *testing.T) {
	const want = `&{Options:[` +
		`{ModuleLine:{Line:2 Module:vfio-pci} Params:[ids=10de:2c05,10de:22e9 disable_vga=1]} ` +
		`{ModuleLine:{Line:3 Module:kvmfr} Params:[static_size_mb=128]} ` +
		`{ModuleLine:{Line:6 Module:vfio_pci} Params:[ids=10de:1 disable_idle_d3=1]}] ` +
		`Softdeps:[{ModuleLine:{Line:4 Module:nvidia} Pre:[vfio-pci] Post:[a b]}] ` +
		`Blacklist:[{Line:5 Module:nouveau}] ` +
		`Install:[{ModuleLine:{Line:9 Module:nvidia} Command:/bin/false now}] ` +
		`Unknown:[{Line:13 Module:nonsense here} {Line:14 Module:options}]}`
	if got := fmt.Sprintf("%+v", ParseModprobe(modprobeText)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

const udevText = `# bind by address
ACTION=="add", SUBSYSTEM=="pci", KERNEL=="0000:27:00.0", ATTR{driver_override}="vfio-pci"
SUBSYSTEM=="usb", ATTR{idVendor}=="046d", MODE="0666", GROUP += "plugdev", \
  RUN+="/bin/x"
bad rule
SUBSYSTEM=="x
`

func TestParseUdev(t *testing.T) {
	rules := ParseUdev(udevText)
	if len(rules) != 2 {
		t.Fatalf("%+v", rules)
	}
	if v, ok := rules[0].Set("ATTR", "driver_override"); !ok || v != "vfio-pci" || rules[0].Line != 2 {
		t.Error(rules[0])
	}
	if v, ok := rules[0].Match("KERNEL", ""); !ok || v != "0000:27:00.0" {
		t.Error(rules[0])
	}
	if _, ok := rules[1].Set("ATTR", "idVendor"); ok || len(rules[1].Keys) != 5 || rules[1].Line != 3 {
		t.Errorf("%+v", rules[1])
	}
}

func TestModuleName(t *testing.T) {
	if !SameName("vfio-pci", "vfio_pci") || SameName("vfio", "vfio_pci") || ModuleName("kvm-amd") != "kvm_amd" {
		t.Error("dashes are underscores")
	}
}

func FuzzCmdline(f *testing.F) {
	f.Add(`a="b c" d -- e`)
	f.Fuzz(func(t *testing.T, s string) {
		for _, p := range ParseCmdline(s) {
			if p.Start < 0 || p.Start >= p.End || p.End > len(s) {
				t.Fatalf("%q: %+v", s, p)
			}
			_, _ = ParseSize(p.Value)
		}
	})
}

func FuzzModprobe(f *testing.F) {
	f.Add(modprobeText)
	f.Fuzz(func(t *testing.T, s string) {
		lines := strings.Count(s, "\n") + 1
		m := ParseModprobe(s)
		for _, o := range m.Options {
			if o.Line < 1 || o.Line > lines || o.Module == "" {
				t.Fatalf("%q: %+v", s, o)
			}
		}
	})
}

func FuzzUdev(f *testing.F) {
	f.Add(udevText)
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range ParseUdev(s) {
			if len(r.Keys) == 0 {
				t.Fatalf("%q: %+v", s, r)
			}
		}
	})
}
