package pci

import "testing"

func TestPattern(t *testing.T) {
	for in, want := range map[string]string{
		"10de:2c05":                         "10de:2c05",
		"10DE:2C05":                         "10de:2c05",
		"10de:2230:10de:1459":               "10de:2230:10de:1459",
		"10de:2230:10de":                    "10de:2230:10de",
		"10de:2230:ffffffff:1459":           "10de:2230:ffffffff:1459",
		"8086:1889:ffffffff:ffffffff:20000": "8086:1889:ffffffff:ffffffff:020000",
		"8086:1889:8086:0:20000:ffff00":     "",
		"8086:1889:8086:0000:20000:ffff00":  "8086:1889:8086:0000:020000:ffff00",
	} {
		p, err := ParsePattern(in)
		if want == "" {
			if err == nil {
				t.Errorf("%s: no error", in)
			}
			continue
		}
		if err != nil || p.String() != want {
			t.Errorf("%s: %s, %v; want %s", in, p, err, want)
		}
	}
}

func TestIDErrors(t *testing.T) {
	for in, want := range map[string]string{
		"":                    "PCI id `` has no vendor and device: write it as `10de:2c05`",
		"10de":                "PCI id `10de` has no vendor and device: write it as `10de:2c05`",
		"10de-2c05":           "PCI id `10de-2c05` has no vendor and device: write it as `10de:2c05`",
		"0x10de:0x2c05":       "PCI id `0x10de:0x2c05` has the vendor `0x10de`, which is not a hexadecimal number: write it as `10de:2c05`",
		"4318:11269":          "PCI id `4318:11269` has the device `11269`, which does not have four digits: write it as `10de:2c05`",
		"01:00.0":             "PCI id `01:00.0` has the vendor `01`, which does not have four digits: write it as `10de:2c05`",
		"10de: 2c05":          "PCI id `10de: 2c05` has the device ` 2c05`, which is not a hexadecimal number: write it as `10de:2c05`",
		"1:2:3:4:5:6:7":       "PCI id `1:2:3:4:5:6:7` has too many parts: write it as `10de:2c05`",
		"10de:2c05:1043:8a11": "PCI id `10de:2c05:1043:8a11` has more than vendor and device: write `10de:2c05`",
	} {
		if _, err := ParseID(in); err == nil || err.Error() != want {
			t.Errorf("ParseID(%q): %v\nwant %s", in, err, want)
		}
	}
}

func TestMatch(t *testing.T) {
	id, sub := ID{0x10de, 0x2230}, ID{0x10de, 0x1459}
	for pattern, want := range map[string]bool{
		"10de:2230":                                true,
		"10de:2231":                                false,
		"10de:2230:10de":                           true,
		"10de:2230:1043":                           false,
		"10de:2230:10de:1459":                      true,
		"10de:2230:10de:145a":                      false,
		"10de:2230:ffffffff:ffffffff:030000":       true, // without a mask the class does not matter
		"10de:2230:ffffffff:ffffffff:0200:ff0000":  false,
		"10de:2230:ffffffff:ffffffff:30000:ff0000": true,
	} {
		p, err := ParsePattern(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Match(id, sub, 0x030000); got != want {
			t.Errorf("%s: %v", pattern, got)
		}
	}
}

func FuzzPattern(f *testing.F) {
	f.Add("10de:2c05:1043:8a11:030000:ffff00")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePattern(s)
		if err != nil {
			return
		}
		again, err := ParsePattern(p.String())
		if err != nil || again != p {
			t.Fatalf("%q prints as %q, which is %+v, %v", s, p, again, err)
		}
	})
}

func TestClass(t *testing.T) {
	var c Class
	if err := c.UnmarshalText([]byte("030200")); err != nil || !c.Is(Class3D) || !c.Display() || c.Bridge() || c.String() != "030200" {
		t.Errorf("%v %v", c, err)
	}
	for _, bad := range []string{"", "0302", "0x030200", "03020g", "00030200"} {
		if err := c.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}
