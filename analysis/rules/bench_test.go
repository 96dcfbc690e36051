package rules_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
)

// A repository of many hosts that share most of their modules.
const (
	manyHosts   = 10
	manyModules = 200 // half of them for NixOS, half for users
)

// BenchmarkCheckLarge checks a whole repository: reading its files, evaluating
// all hosts and running all rules.
func BenchmarkCheckLarge(b *testing.B) {
	dir := b.TempDir()
	writeLarge(b, dir)
	b.ReportAllocs()
	for b.Loop() {
		r, err := repo.Open(dir, repo.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := rules.Check(r, config.New(config.Options{Rules: rules.Catalogue()}), 1); err != nil {
			b.Fatal(err)
		}
		if n := len(r.Files); n != manyHosts+manyModules+3 {
			b.Fatalf("read %d files", n)
		}
	}
}

// writeLarge writes the repository of BenchmarkCheckLarge. Each host imports
// three in five of the modules for NixOS; its user imports all of the others.
func writeLarge(b *testing.B, dir string) {
	b.Helper()
	write := func(name, text string) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	const module = `{ config, lib, pkgs, ... }:

let
  cfg = config.own.NAME;
in
{
  options.own.NAME = {
    enable = lib.mkEnableOption "NAME";
    names = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      description = "Names.";
    };
    sites = lib.mkOption {
      type = lib.types.attrsOf (
        lib.types.submodule {
          options.url = lib.mkOption {
            type = lib.types.str;
            default = "x";
            description = "Address.";
          };
        }
      );
      default = { };
      description = "Sites.";
    };
  };

  config = lib.mkIf cfg.enable {
    SERVICES.NAME = {
      wantedBy = [ "multi-user.target" ];
      script = "serve ${lib.concatStringsSep " " cfg.names} ${
        lib.concatMapStringsSep " " (s: s.url) (lib.attrValues cfg.sites)
      }";
    };
  };
}
`
	var system, home []string
	for i := range manyModules {
		name, services := fmt.Sprintf("m%d", i), "systemd.services"
		if i%2 == 1 {
			services = "systemd.user.services"
			home = append(home, name)
		} else {
			system = append(system, name)
		}
		write("modules/"+name+".nix", strings.NewReplacer("NAME", name, "SERVICES", services).Replace(module))
	}
	using := func(names []string, more string) string {
		var imports, config strings.Builder
		for _, n := range names {
			fmt.Fprintf(&imports, "    ../../modules/%s.nix\n", n)
			fmt.Fprintf(&config, "  own.%s = {\n    enable = true;\n    sites.x.url = \"http://x\";\n  };\n", n)
		}
		return "{\n  imports = [\n" + imports.String() + "  ];\n" + more + config.String() + "}\n"
	}
	write("users/mira/default.nix", using(home, ""))
	var hosts strings.Builder
	for i := range manyHosts {
		var own []string
		for j, n := range system {
			if (j*7+i)%5 < 3 {
				own = append(own, n)
			}
		}
		name := fmt.Sprintf("h%d", i)
		write("hosts/"+name+"/default.nix", using(own, fmt.Sprintf("  networking.hostName = %q;\n", name)))
		fmt.Fprintf(&hosts, "        %s = mkHost %q;\n", name, name)
	}
	write("lib/hosts.nix", `{ inputs }:
hostname:
inputs.nixpkgs.lib.nixosSystem {
  specialArgs = {
    inherit inputs;
  };
  modules = [
    ../hosts/${hostname}
    inputs.home-manager.nixosModules.home-manager
    { home-manager.users.mira = import ../users/mira; }
  ];
}
`)
	write("flake.nix", `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
  inputs.home-manager.url = "github:nix-community/home-manager";
  outputs =
    inputs:
    let
      mkHost = import ./lib/hosts.nix { inherit inputs; };
    in
    {
      nixosConfigurations = {
`+hosts.String()+`      };
    };
}
`)
}
