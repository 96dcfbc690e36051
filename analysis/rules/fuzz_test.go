package rules_test

import (
	"fmt"
	"testing"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
)

// fragments are pieces that modules of a repository are made of: what each byte
// of a fuzzed input stands for.
var fragments = []string{
	`imports = [ modules.a ./b.nix ];`, `imports = [ ./c.nix ] ++ lib.optional config.modules.x.on ./a.nix;`, `imports = [ ./a.nix ./b.nix ./c.nix ];`,
	`imports = map (n: ./. + "/${n}.nix") [ "a" "b" meta.name ];`, `imports = lib.mkIf true [ ];`, `imports = [ (import ./b.nix) { } (x: x) 5 ];`,
	`options.modules.x.on = lib.mkEnableOption "x";`, `options.modules.x.n = lib.mkOption { type = lib.types.int; default = "1"; };`,
	`options.modules.x = lib.mkOption { type = lib.types.attrsOf (lib.types.submodule ./b.nix); };`, `options.modules = config.modules;`,
	`options.modules.y = lib.mkOption { type = let t = lib.types.attrsOf (lib.types.either lib.types.int t); in t; default = config.modules.y; };`,
	`options.modules.z = lib.mkOption { apply = x: x // config.modules.z; default = { }; readOnly = true; };`, `options = lib.mkIf true { };`,
	`config.modules.x.on = true;`, `config.modules.x.n = lib.mkForce config.modules.x.n;`, `config.modules.x.typo = lib.mkIf config.modules.x.on 3;`,
	`config = lib.mkMerge [ config { modules.z.a = 1; } (lib.mkIf (config.modules.x.n > 3) { modules.y.q = 2; }) ];`, `config.modules.z = lib.mkDefault { };`,
	`config.assertions = [ { assertion = config.modules.x.on; message = "m ${config.modules.x.n}"; } ];`, `config.warnings = [ config.networking.hostName ];`,
	`config.specialisation.s.configuration = { imports = [ ./a.nix ]; modules.x.n = 2; };`, `config.home-manager.users.u = { config, osConfig, ... }: { imports = [ ./b.nix ]; home.file.x.source = ./missing; };`,
	`config.home-manager.extraSpecialArgs = { inherit modules; meta = config.modules; };`, `config._module.args = { extra = config; };`,
	`config.boot.kernelParams = [ "vfio-pci.ids=10de:${config.modules.x.n}" ] ++ config.boot.kernelParams;`, `_module.freeformType = with lib.types; attrsOf anything;`,
	`disabledModules = [ ./a.nix ];`, `key = "k";`, `modules.x.on = lib.mkOverride 10 false;`, `}`, `''`, `# nixlint-ignore all: x`, `rec {`, `options.modules.x.on = options.modules.x.on;`,
	`config.systemd.services = lib.genAttrs (lib.attrNames config.modules.y) (n: { script = builtins.readFile ./${n}; });`, `freeformType = config.modules.t;`,
}

// FuzzRepository checks repositories whose modules are made of fragments: nothing
// may panic or hang, whatever refers to what.
func FuzzRepository(f *testing.F) {
	f.Add([]byte{0, 6, 13}, []byte{7, 14}, []byte{2, 20})
	for i := range fragments {
		f.Add([]byte{byte(i), 0, byte(i + 1)}, []byte{byte(i + 2), byte(i + 7)}, []byte{byte(i + 11), byte(3 * i)})
	}
	// Values that need themselves, or may be one of ever more others.
	f.Add([]byte{0x18, 5, 0x14}, []byte{0x18, 5, 0x14}, []byte{0x18, 5})
	f.Add([]byte{5, 0xa7, 0xed}, []byte{5, 0xa7, 0xed, 'd', '`', 0xe6, 0xc6, 0xd5}, []byte{'+', '`'})
	f.Add([]byte{0x15, 0, 0x16}, []byte{0xdd, ' ', '?', 0x17, 0x1c, 0x1c}, []byte{0xdd, ' ', '?'})
	f.Fuzz(func(t *testing.T, a, b, c []byte) {
		overlay := map[string]string{"flake.nix": `{
  outputs = { self, nixpkgs, home-manager }: {
    nixosConfigurations = nixpkgs.lib.genAttrs [ "h" "i" ] (name: nixpkgs.lib.nixosSystem {
      specialArgs = { modules = { a = ./a.nix; b = "${self}/b.nix"; c = import ./c.nix; }; meta = { inherit name; }; };
      modules = [ ./a.nix home-manager.nixosModules.home-manager ];
    });
  };
}`}
		for name, data := range map[string][]byte{"a": a, "b": b, "c": c} {
			text := "{ config, lib, options, modules, meta, ... }:\n{\n"
			for i, x := range data {
				if i == 12 {
					break
				}
				text += fmt.Sprintf("  %s\n", fragments[int(x)%len(fragments)])
			}
			overlay[name+".nix"] = text + "}\n"
		}
		r, err := repo.Open(t.TempDir(), repo.Options{Overlay: overlay})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := rules.Check(r, rules.Only("all"), 1); err != nil {
			t.Fatal(err)
		}
	})
}
