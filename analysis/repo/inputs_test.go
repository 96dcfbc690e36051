package repo_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
)

// TestInputs evaluates the outputs of the flake in testdata/inputs.txtar and
// compares them with what its entries `want` say.
func TestInputs(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/inputs.txtar")
	if err != nil {
		t.Fatal(err)
	}
	top := unpack(t, string(txtar.Format(ar)))
	store := filepath.Join(top, "store")
	link := filepath.Join(store, "lzzlmq6y4phwpk4fnq64vc43di5iksk9-source", "link.txt")
	if err := os.Symlink(filepath.Join(top, "secret.txt"), link); err != nil {
		t.Fatal(err)
	}
	options := repo.Options{Store: store, Inputs: map[string]string{"theme": filepath.Join(top, "theme")}}
	for _, f := range ar.Files {
		if f.Name != "want" && f.Name != "want.real" {
			continue
		}
		options.RealLib = f.Name == "want.real"
		m := open(t, filepath.Join(top, "repo"), options).Model()
		ev := m.Evaluator()
		for line := range strings.Lines(string(f.Data)) {
			name, want, _ := strings.Cut(strings.TrimSpace(line), " = ")
			v := ev.Select(m.Outputs(), name, eval.Place{})
			got := ""
			if fail, ok := v.(*eval.Error); ok {
				got = "error: " + fail.Message
			} else {
				ev.Deep(eval.Done(v))
				got = ev.Print(v)
			}
			got = strings.ReplaceAll(strings.ReplaceAll(got, store, "STORE"), top, "TOP")
			if got != want {
				t.Errorf("%s: %s: got %s, want %s", f.Name, name, got, want)
			}
		}
	}
}

// TestInputModules follows modules into the sources of inputs.
func TestInputModules(t *testing.T) {
	data, err := os.ReadFile("testdata/inputs.txtar")
	if err != nil {
		t.Fatal(err)
	}
	top := unpack(t, string(data))
	m := open(t, filepath.Join(top, "repo"), repo.Options{Store: filepath.Join(top, "store")}).Model()
	if len(m.Hosts) != 1 {
		t.Fatalf("%d hosts", len(m.Hosts))
	}
	system := m.Hosts[0].System
	if n := len(system.Modules); n != 6 || system.Unsure {
		t.Errorf("%d modules, unsure %v", n, system.Unsure)
	}
	if got := strings.Join(system.Files(), " "); got != "flake.nix host.nix" {
		t.Errorf("the repository's modules are %s", got)
	}
	args := m.Arguments(m.Hosts[0], system)
	if !args.Has("fromDisko") || args.Has("other") || !args.Sure {
		t.Errorf("arguments: %+v", args)
	}
}

// TestRegistriesStayLazy hands modules the flake's outputs and the whole
// configuration: looking for registries in them must not evaluate hosts.
func TestRegistriesStayLazy(t *testing.T) {
	dir := unpack(t, `
-- flake.nix --
{
  outputs = { self, nixpkgs }: {
    nixosModules.a = ./a.nix;
    packages.x86_64-linux.p = abort "a package is evaluated";
    nixosConfigurations.host = nixpkgs.lib.nixosSystem {
      specialArgs = { inherit (self) outputs; nixosConfig = abort "a configuration is evaluated"; registry.x = { outPath = ./.; file = ./a.nix; }; keys.a = ./a.nix; };
      modules = [ ./a.nix ];
    };
  };
}
-- a.nix --
{ }
`)
	m := open(t, dir, repo.Options{}).Model()
	var keys []string
	for _, r := range m.Registries(m.Hosts[0].System) {
		for _, e := range r.Entries {
			keys = append(keys, e.Path())
		}
	}
	if got := strings.Join(keys, " "); got != "keys.a self.nixosModules.a" {
		t.Errorf("registries: %s", got)
	}
}

// TestRealTypes checks options whose types are sets that a library made, and
// none of nixlint's own.
func TestRealTypes(t *testing.T) {
	dir := unpack(t, `
-- repo/flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.host = nixpkgs.lib.nixosSystem {
      modules = [
        ({ lib, ... }: { options.names = lib.mkOption { type = lib.types.listOf lib.types.str; }; })
        { names = [ "a" ]; }
      ];
    };
  };
}
-- nixpkgs/flake.nix --
{ outputs = { self }: { lib = import ./lib; }; }
-- nixpkgs/nixos/lib/eval-config.nix --
throw "a system"
-- nixpkgs/lib/default.nix --
let
  type = name: check: parts: {
    _type = "option-type"; inherit name check; description = name; nestedTypes = parts; functor = { inherit name; };
    merge = loc: defs: (builtins.head defs).value; getSubOptions = prefix: { }; getSubModules = null; deprecationMessage = null;
  };
in
{
  mkOption = attrs: attrs // { _type = "option"; };
  types.str = type "str" builtins.isString { };
  types.listOf = elemType: type "listOf" builtins.isList { inherit elemType; };
  nixosSystem = args: import ../nixos/lib/eval-config.nix args;
}
`)
	m := open(t, filepath.Join(dir, "repo"), repo.Options{RealLib: true, Inputs: map[string]string{"nixpkgs": filepath.Join(dir, "nixpkgs")}}).Model()
	if len(m.Hosts) != 1 {
		t.Fatalf("%d hosts", len(m.Hosts))
	}
	for _, p := range m.Problems() {
		t.Errorf("problem: %+v", p)
	}
}
