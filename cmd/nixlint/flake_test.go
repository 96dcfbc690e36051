package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/orivej/go-nix/nix/nixhash"
)

// TestVendorHash compares the hash in flake.nix with that of the folder nixpkgs'
// buildGoModule makes of the dependencies. With -update it writes it.
func TestVendorHash(t *testing.T) {
	vendor := filepath.Join(t.TempDir(), "vendor")
	cmd := exec.Command("go", "mod", "vendor", "-o", vendor)
	cmd.Dir = "../.."
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	const file = "../../flake.nix"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	written := regexp.MustCompile(`vendorHash = .*;`)
	want := `vendorHash = "sha256-` + nixhash.Path(vendor).String(64) + `";`
	switch got := string(written.Find(text)); {
	case got == want:
	case *update:
		if err := os.WriteFile(file, written.ReplaceAll(text, []byte(want)), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("flake.nix has %s, and the dependencies give %s: go test ./cmd/nixlint -run VendorHash -update", got, want)
	}
}

// TestFlake checks and formats this repository's own flake.nix.
func TestFlake(t *testing.T) {
	for _, args := range [][]string{
		{"check", "--sysfs", "none", "../../flake.nix"},
		{"fmt", "--check", "../../flake.nix"},
	} {
		var stdout, stderr strings.Builder
		if got := run(args, strings.NewReader(""), &stdout, &stderr); got != exitClean {
			t.Errorf("nixlint %v exits with %d\n%s%s", args, got, &stdout, &stderr)
		}
	}
}
