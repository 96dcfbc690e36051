package repo_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
)

const example = "../../testdata/repos/example"

// unpack writes the files of an archive into a new folder.
func unpack(t testing.TB, archive string) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func open(t testing.TB, name string, o repo.Options) *repo.Repo {
	t.Helper()
	r, err := repo.Open(name, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func paths(r *repo.Repo) string {
	var out []string
	for _, f := range r.Files {
		out = append(out, f.Path)
	}
	return strings.Join(out, " ")
}

// TestDiscovery lists what git would show.
func TestDiscovery(t *testing.T) {
	dir := unpack(t, `
-- flake.nix --
{ }
-- .gitignore --
/result
*.generated.nix
!keep.generated.nix
private/
-- a/b.nix --
-- a/b.generated.nix --
-- a/keep.generated.nix --
-- a/.gitignore --
/c.nix
-- a/c.nix --
-- a/d/c.nix --
-- private/x.nix --
-- result/y.nix --
-- notes.txt --
-- .git/hooks/z.nix --
`)
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret.nix"), []byte("{ }"), 0o644); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{
		"escape.nix": filepath.Join(outside, "secret.nix"), "inside.nix": "a/b.nix", "nowhere.nix": "none.nix", "loop.nix": "loop.nix", "folder": "a",
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	want := "a/b.nix a/d/c.nix a/keep.generated.nix flake.nix inside.nix"
	r := open(t, filepath.Join(dir, "a", "d"), repo.Options{})
	if got := paths(r); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if r.Root != dir {
		t.Errorf("the root is %s, want %s", r.Root, dir)
	}
	for p, want := range map[string]bool{"private/new.nix": true, "a/c.nix": true, "a/d/c.nix": false, "x.generated.nix": true} {
		if got := r.Ignored(p); got != want {
			t.Errorf("Ignored(%s) = %v", p, got)
		}
	}
	folders, err := repo.Folders(dir)
	if got, want := strings.Join(folders, " "), ". a a/d"; err != nil || got != want {
		t.Errorf("the folders are %s, %v; want %s", got, err, want)
	}
	if _, err := r.Text("escape.nix"); err == nil {
		t.Error("a link that leads out of the repository is read")
	}
	if _, err := repo.Relative(r.Root, outside); err == nil {
		t.Error("a folder outside of the repository has a relative path")
	}
}

func TestOverlay(t *testing.T) {
	dir := unpack(t, "-- flake.nix --\n{ }\n-- a.nix --\n{ }\n")
	r := open(t, dir, repo.Options{Overlay: map[string]string{"a.nix": "1", "new/b.nix": "2"}})
	if got := paths(r); got != "a.nix flake.nix new/b.nix" {
		t.Errorf("files: %s", got)
	}
	if got := r.File("a.nix").Text; got != "1" {
		t.Errorf("a.nix holds %q", got)
	}
	if r.Entry("new") != repo.DirEntry || r.Entry("new/b.nix") != repo.FileEntry || r.Entry("none") != repo.NoEntry {
		t.Error("the overlay's files and folders are not there")
	}
}

// TestExampleModel checks what evaluation tells about the example repository.
func TestExampleModel(t *testing.T) {
	r := open(t, example, repo.Options{})
	m := r.Model()
	var got []string
	for _, h := range m.Hosts {
		homes := []string{}
		for _, e := range h.Homes {
			homes = append(homes, e.User)
		}
		got = append(got, fmt.Sprintf("%s: %s", h.Name, strings.Join(homes, " ")))
		if h.System.Unsure {
			t.Errorf("%s: some of its imports are not known", h.Name)
		}
		if !slices.Contains(h.System.Files(), "hosts/"+h.Name+"/default.nix") {
			t.Errorf("%s does not import its own folder: %v", h.Name, h.System.Files())
		}
		var names []string
		for _, reg := range m.Registries(h.System) {
			names = append(names, reg.Name)
			for _, e := range reg.Entries {
				if r.ModuleFile(e.Target) == "" {
					t.Errorf("%s leads to nothing", e.Path())
				}
				if !e.At.IsValid() || m.Rel(e.At.File) != "lib/default.nix" {
					t.Errorf("%s is not known to be defined in lib/default.nix", e.Path())
				}
			}
		}
		if strings.Join(names, " ") != "modules" {
			t.Errorf("%s has the registries %v", h.Name, names)
		}
	}
	want := "laptop: jonas mira|rack: mira|toaster: mira"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	home := m.Hosts[0].Homes[1]
	if !slices.Contains(home.Files(), "modules/home/shell/zsh.nix") {
		t.Errorf("mira's home imports %v", home.Files())
	}
	regs := m.Registries(home)
	if len(regs) != 1 || regs[0].Folder("modules", "home") != "modules/home" {
		t.Errorf("mira's home has the registries %v", regs)
	}
}

// TestWirings builds models of repositories that are wired in other ways. Each
// has a host `box` that imports module.nix, and a home of `ada` unless the
// case says otherwise.
func TestWirings(t *testing.T) {
	const module = "-- module.nix --\n{ lib, ... }:\n{ }\n"
	for name, c := range map[string]struct{ files, homes string }{
		"nixosSystem in the flake": {files: `
-- flake.nix --
{ outputs = { self, nixpkgs, ... }: {
    nixosConfigurations.box = nixpkgs.lib.nixosSystem { modules = [ ./module.nix ]; };
  }; }
`},
		"lib inherited": {files: `
-- flake.nix --
{ inputs.nixpkgs.url = "nixpkgs";
  outputs = inputs: let inherit (inputs.nixpkgs) lib; in {
    nixosConfigurations = lib.genAttrs [ "box" ] (name: lib.nixosSystem { modules = [ ./module.nix ]; });
  }; }
`},
		"builder and readDir": {files: `
-- flake.nix --
{ inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = inputs: {
    nixosConfigurations = builtins.mapAttrs (name: _: import ./lib.nix inputs name) (builtins.readDir ./hosts);
  }; }
-- lib.nix --
inputs: name: inputs.nixpkgs.lib.nixosSystem { modules = [ (./hosts + "/${name}") ]; }
-- hosts/box/default.nix --
{ imports = [ ../../module.nix ]; }
`},
		"specialArgs by another name": {files: `
-- flake.nix --
{ outputs = { self, nixpkgs, ... }@inputs: let mods = { m = ./module.nix; }; in {
    nixosConfigurations.box = nixpkgs.lib.nixosSystem {
      specialArgs = inputs // { inherit mods; };
      modules = [ ({ mods, ... }: { imports = with mods; [ m ]; }) ];
    };
  }; }
`},
		"modules through self": {files: `
-- flake.nix --
{ inputs.nixpkgs.url = "nixpkgs";
  outputs = { self, nixpkgs }: {
    nixosModules = { a = ./module.nix; b = import ./other.nix; };
    nixosConfigurations.box = nixpkgs.lib.nixosSystem {
      modules = [ self.nixosModules.a self.nixosModules.b ];
    };
  }; }
-- other.nix --
{ config, ... }: { }
`},
		"flake-parts with modules": {files: `
-- flake.nix --
{ inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  inputs.nixpkgs.url = "nixpkgs/nixos-unstable";
  outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } { imports = [ ./hosts ]; }; }
-- hosts/default.nix --
{ inputs, ... }: { flake.nixosConfigurations.box = inputs.nixpkgs.lib.nixosSystem { modules = [ ../module.nix ]; }; }
`},
		"lib under home-manager's": {files: `
-- flake.nix --
{ inputs.nixpkgs.url = "nixpkgs"; inputs.home-manager.url = "github:nix-community/home-manager";
  outputs = { self, nixpkgs, home-manager }: let lib = nixpkgs.lib // home-manager.lib; in {
    inherit lib;
    nixosConfigurations.box = lib.nixosSystem { modules = [ ./module.nix ]; };
    homeConfigurations."ada@box" = lib.homeManagerConfiguration { modules = [ ./home.nix ]; };
  }; }
-- home.nix --
{ }
`},
		"home-manager in a module": {homes: "ada", files: `
-- flake.nix --
{ outputs = { self, nixpkgs, home-manager }: {
    nixosConfigurations.box = nixpkgs.lib.nixosSystem { modules = [
      ./module.nix
      home-manager.nixosModules.home-manager
      { home-manager.users.ada = { imports = [ ./home.nix ]; }; }
    ]; };
  }; }
-- home.nix --
{ }
`},
		"home-manager under mkIf and mkMerge": {homes: "ada", files: `
-- flake.nix --
{ outputs = { self, nixpkgs, home-manager }: {
    nixosConfigurations.box = nixpkgs.lib.nixosSystem { modules = [ ./module.nix ({ lib, config, ... }: {
      config = lib.mkMerge [ (lib.mkIf config.x { home-manager.users.ada = import ./home.nix; }) ];
    }) ]; };
  }; }
-- home.nix --
{ pkgs, ... }: { }
`},
	} {
		t.Run(name, func(t *testing.T) {
			m := open(t, unpack(t, c.files+module), repo.Options{}).Model()
			if len(m.Hosts) != 1 || m.Hosts[0].Name != "box" {
				t.Fatalf("the hosts are %v", m.Hosts)
			}
			h := m.Hosts[0]
			if !slices.Contains(h.System.Files(), "module.nix") || h.System.Unsure {
				t.Errorf("it imports %v, unsure %v", h.System.Files(), h.System.Unsure)
			}
			var homes []string
			for _, e := range h.Homes {
				homes = append(homes, e.User)
				if !slices.Contains(e.Files(), "home.nix") {
					t.Errorf("the home of %s imports %v", e.User, e.Files())
				}
			}
			if got := strings.Join(homes, " "); got != c.homes {
				t.Errorf("the homes are %q, want %q", got, c.homes)
			}
		})
	}
}

// TestOutputsAsArgument hands the flake's outputs to modules: of them only the
// modules are a registry, and no system is evaluated to find that out.
func TestOutputsAsArgument(t *testing.T) {
	m := open(t, unpack(t, `
-- flake.nix --
{ inputs.nixpkgs.url = "nixpkgs";
  outputs = { self, nixpkgs }: let inherit (self) outputs; in {
    nixosModules = { a = ./module.nix; };
    nixosConfigurations.box = nixpkgs.lib.nixosSystem {
      specialArgs = { inherit outputs; all = { inherit self; registry.b = ./module.nix; }; };
      modules = [ ({ outputs, ... }: { imports = [ outputs.nixosModules.a ]; environment.etc.x.source = ./x.txt; }) ];
    };
  }; }
-- module.nix --
{ lib, ... }: { }
-- x.txt --
`), repo.Options{}).Model()
	if len(m.Hosts) != 1 {
		t.Fatalf("the hosts are %v", m.Hosts)
	}
	var got []string
	for _, r := range m.Registries(m.Hosts[0].System) {
		for _, e := range r.Entries {
			got = append(got, e.Path())
		}
	}
	if want := "all.registry.b self.nixosModules.a"; strings.Join(got, " ") != want {
		t.Errorf("the entries are %v, want %s", got, want)
	}
}

// TestEndlessImports meets modules that import themselves.
func TestEndlessImports(t *testing.T) {
	for name, modules := range map[string]string{
		"a set":      "[ (let m = { imports = [ m ]; }; in m) ]",
		"a function": "[ (let f = n: { imports = [ (f (n + 1)) ]; }; in f 0) ]",
		"a list":     "let l = [ { imports = l; } ]; in l",
		"a file":     "[ ./module.nix ]",
		"two each":   "[ (let f = n: { imports = [ (f (n + 1)) (f (n + 2)) ]; }; in f 0) ]",
	} {
		t.Run(name, func(t *testing.T) {
			m := open(t, unpack(t, `
-- flake.nix --
{ inputs.nixpkgs.url = "nixpkgs";
  outputs = { nixpkgs, ... }: { nixosConfigurations.box = nixpkgs.lib.nixosSystem { modules = `+modules+`; }; }; }
-- module.nix --
{ imports = [ ./module.nix ]; }
`), repo.Options{}).Model()
			if len(m.Hosts) != 1 {
				t.Fatalf("the hosts are %v", m.Hosts)
			}
		})
	}
}

// TestEndlessValues meets definitions that hold themselves.
func TestEndlessValues(t *testing.T) {
	m := open(t, unpack(t, `
-- flake.nix --
{ inputs.nixpkgs.url = "nixpkgs";
  outputs = inputs: { nixosConfigurations.box = inputs.nixpkgs.lib.nixosSystem {
    specialArgs = { inherit inputs; loop = let l = { inherit l; p = ./module.nix; }; in l; };
    modules = [
      { home-manager.extraSpecialArgs = { inherit inputs; }; home-manager.users.ada = ./module.nix; }
      { home-manager.extraSpecialArgs = { inherit inputs; x = let l = [ l l ]; in l; }; }
      { environment.x = let l = [ l l { y = l; } ]; in l; }
    ];
  }; }; }
-- module.nix --
{ }
`), repo.Options{}).Model()
	if len(m.Hosts) != 1 || len(m.Hosts[0].Homes) != 1 {
		t.Fatalf("the hosts are %v", m.Hosts)
	}
	if got := m.Hosts[0].Homes[0].Files(); !slices.Equal(got, []string{"module.nix"}) {
		t.Errorf("ada's home imports %v", got)
	}
	for _, e := range m.Evaluations() {
		m.Registries(e)
	}
	m.MissingPaths()
}

func TestNearest(t *testing.T) {
	names := []string{"nvidia", "amd", "lookingGlass", "base"}
	for name, want := range map[string]string{
		"nvidai": "nvidia", "amdd": "amd", "lookingglass": "lookingGlass", "zzz": "", "bas": "base", "printing": "",
	} {
		if got := repo.Nearest(name, names); got != want {
			t.Errorf("Nearest(%s) = %q, want %q", name, got, want)
		}
	}
}

// BenchmarkOpen reads and parses the example repository.
func BenchmarkOpen(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		open(b, example, repo.Options{})
	}
}

// BenchmarkModel evaluates its flake and all its hosts.
func BenchmarkModel(b *testing.B) {
	r := open(b, example, repo.Options{})
	b.ReportAllocs()
	for b.Loop() {
		r.Model()
	}
}

// TestEncrypted does not look into files that are encrypted, nor know what importing
// them gives.
func TestEncrypted(t *testing.T) {
	dir := unpack(t, "-- flake.nix --\n{ outputs = _: { a = import ./secrets; b = 1; }; }\n-- secrets/default.nix --\n\x00GITCRYPT\x00\x17}\n")
	r := open(t, dir, repo.Options{})
	if f := r.File("secrets/default.nix"); f == nil || f.Tree.HasSyntaxErrors() {
		t.Error("the encrypted file is read as Nix")
	}
	m := r.Model()
	if v, ok := m.Evaluator().Select(m.Outputs(), "a", eval.Place{}).(*eval.Unknown); !ok {
		t.Errorf("the import is %v", v)
	}
}
