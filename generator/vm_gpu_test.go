package generator

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/parser"
	"github.com/nixlint/nixlint/vfio/machine"
)

// TestGPU gives a graphics card to a virtual machine in repositories whose modules declare
// different options for it.
func TestGPU(t *testing.T) {
	const flake = `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.desk = nixpkgs.lib.nixosSystem { modules = [ ./vms.nix ./hosts/desk.nix ]; };
  };
}
`
	const snapshot = `{
  "schema": "nixlint.host-snapshot/1", "host": "desk", "captured": { "tool": "nixlint", "privileged": true },
  "kernel": { "release": "6.12.0" },
  "cpu": { "vendor": "AuthenticAMD", "model": "x", "online": "0-15", "possible": "0-15", "isolated": "", "smt": true, "cpus": [] },
  "memory": { "totalMiB": 64000 }, "iommu": { "units": ["ivhd0"] },
  "pci": [
    { "address": "0000:01:00.0", "vendor": "10de", "device": "2c05", "class": "030000" },
    { "address": "0000:01:00.1", "vendor": "10de", "device": "22e9", "class": "040300" }
  ]
}`
	m, err := machine.Decode(strings.NewReader(snapshot))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, options, want string }{
		{
			"lists", "passthrough.enable = mkOption { type = types.bool; }; passthrough.pciIds = mkOption { type = types.listOf types.str; };",
			`passthrough = { enable = true; pciIds = [ "10de:2c05" "10de:22e9" ]; };`,
		},
		{"addresses", "pciDevices = mkOption { type = types.listOf types.str; };", `pciDevices = [ "0000:01:00.0" "0000:01:00.1" ];`},
		{
			"one each", "gpu = { address = mkOption { type = types.nullOr types.str; }; pciId = mkOption { type = types.str; }; audio.address = mkOption { type = types.str; }; };",
			`gpu = { address = "0000:01:00.0"; audio.address = "0000:01:00.1"; pciId = "10de:2c05"; };`,
		},
		{"a set of texts", "hostdevices = mkOption { type = types.attrsOf types.str; };", `hostdevices = { audio = "0000:01:00.1"; gpu = "0000:01:00.0"; };`},
		{"not the bus id, not numbers", "gpu.busId = mkOption { type = types.str; }; gpu.id = mkOption { type = types.int; };", "error"},
		{"read only", "gpu.address = mkOption { type = types.str; readOnly = true; };", "error"},
		{"none", "memory = mkOption { type = types.int; };", "error"},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := t.TempDir()
			for name, text := range map[string]string{
				"flake.nix":      flake,
				"hosts/desk.nix": "{\n  vms.games = { };\n}\n",
				"vms.nix": "{ lib, ... }: let inherit (lib) mkOption types; in {\n  options.vms = mkOption { default = { }; type = types.attrsOf (types.submodule { options = { " +
					c.options + " }; }); };\n}\n",
			} {
				name = filepath.Join(root, name)
				if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			g := &Generator{Model: open(t, root).Model(), Quick: true}
			file := g.Model.Repo.File("hosts/desk.nix")
			set := parser.Unparen(bindingsOf(file.Tree.Expr())[0].Value())
			p, err := g.GPU(GPU{Host: "desk", Machine: m, Card: &m.PCI[0], File: file.Path, Set: set})
			got := "error"
			if err == nil {
				texts, err := p.Overlay()
				if err != nil {
					t.Fatal(err)
				}
				got = strings.Join(strings.Fields(texts[file.Path]), " ")
			}
			want := "{ vms.games = { " + c.want + " }; }"
			if c.want == "error" {
				want = c.want
			}
			if got != want {
				t.Errorf("got %s, %v\nwant %s", got, err, want)
			}
		})
	}
}
