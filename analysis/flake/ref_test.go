package flake_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/analysis/flake"
)

// TestParseRef reads the references of testdata/refs.txt.
func TestParseRef(t *testing.T) {
	data, err := os.ReadFile("testdata/refs.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		want := strings.Join(fields[1:], " ")
		got := "none"
		ref, ok := flake.ParseRef(fields[0])
		if ok {
			var parts []string
			for _, name := range slices.Sorted(maps.Keys(ref)) {
				parts = append(parts, name+"="+ref[name])
			}
			got = strings.Join(parts, " ")
			// What is written reads back as the same.
			again, ok := flake.ParseRef(ref.String())
			if !ok || !again.SameAs(ref) {
				t.Errorf("%s is written %s, which is not the same", fields[0], ref)
			}
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", fields[0], got, want)
		}
	}
}

func TestSameAs(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"github:NixOS/nixpkgs/nixos-unstable", "github:NixOS/nixpkgs?ref=nixos-unstable", true},
		{"github:o/r/main", "github:o/r?ref=refs/heads/main", true},
		{"github:o/r", "github:o/r/main", false},
		{"github:o/r", "github:p/r", false},
		{"github:o/r", "gitlab:o/r", false},
		{"github:o/r", "git+https://github.com/o/r", false},
		{"github:o/r", "github:o/r?dir=sub", false},
		{"git+https://example.org/x", "git+https://example.org/x/", true},
		{"git+https://example.org/x?ref=main", "git+https://example.org/x", false},
		{"https://example.org/x", "tarball+https://example.org/x", true},
		{"nixpkgs", "nixpkgs/nixos-25.11", false},
		{"path:./a", "path:/srv/b", true},
	} {
		a, _ := flake.ParseRef(c.a)
		b, _ := flake.ParseRef(c.b)
		if got := a.SameAs(b); got != c.same {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}

func TestIsNixpkgs(t *testing.T) {
	for text, want := range map[string]bool{
		"github:NixOS/nixpkgs/nixos-unstable": true, "nixpkgs/nixos-25.11": true, "github:nixos/nixpkgs": true,
		"https://channels.nixos.org/nixos-unstable/nixexprs.tar.xz": true, "git+https://github.com/NixOS/nixpkgs?shallow=1": true,
		"https://flakehub.com/f/NixOS/nixpkgs/0.1": true, "github:nix-community/nixpkgs.lib": true,
		"github:nix-community/nixpkgs-wayland": false, "path:./nixpkgs": false, "github:NixOS/nixos-hardware": false,
	} {
		ref, ok := flake.ParseRef(text)
		if !ok || ref.IsNixpkgs() != want {
			t.Errorf("%s: %v, want %v", text, !want, want)
		}
	}
}
