package vfio

import "testing"

// TestLookingGlassMiB compares with the sizes in Looking Glass' documentation.
func TestLookingGlassMiB(t *testing.T) {
	for _, c := range []struct {
		resolution string
		sdr, hdr   int
	}{
		{"1920x1080", 32, 64}, {"1920x1200", 32, 64}, {"2560x1440", 64, 128}, {"3440x1440", 64, 128}, {"3840x2160", 128, 256},
		{"4K", 128, 256}, {"1440p", 64, 128}, {"3840×2160", 128, 256},
	} {
		sdr, ok := LookingGlassMiB(c.resolution, false)
		if hdr, _ := LookingGlassMiB(c.resolution, true); !ok || sdr != c.sdr || hdr != c.hdr {
			t.Errorf("%s: got %d and %d MiB, want %d and %d", c.resolution, sdr, hdr, c.sdr, c.hdr)
		}
	}
	for _, text := range []string{"", "big", "1920", "0x0", "-1x5", "1x99999999999999999999", "99999x99999"} {
		if size, ok := LookingGlassMiB(text, false); ok {
			t.Errorf("%q: got %d MiB", text, size)
		}
	}
}
