package generator

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/parser"
)

// TestInput declares inputs in flakes of all forms and checks the whole text that comes out.
func TestInput(t *testing.T) {
	for _, c := range []struct{ name, flake, input, want string }{
		{"none", "{\n  outputs = _: { };\n}\n", "disko", "{\n  inputs.disko.url = \"github:nix-community/disko\";\n  outputs = _: { };\n}\n"},
		{"empty", "{\n  inputs = { };\n  outputs = _: { };\n}\n", "walker", "{\n  inputs = {\n    walker.url = \"github:owner/walker\";\n  };\n  outputs = _: { };\n}\n"},
		{
			"sorted", "{\n  inputs = {\n    a.url = \"x\";\n    nixpkgs.url = \"y\";\n  };\n  outputs = { self, ... }: { };\n}\n", "disko",
			"{\n  inputs = {\n    a.url = \"x\";\n    disko.url = \"github:nix-community/disko\";\n    disko.inputs.nixpkgs.follows = \"nixpkgs\";\n    nixpkgs.url = \"y\";\n  };\n  outputs = { self, ... }: { };\n}\n",
		},
		{
			"closed", "{\n  inputs.nixpkgs.url = \"y\";\n  outputs = { self, nixpkgs }: { };\n}\n", "nix-colors",
			"{\n  inputs.nixpkgs.url = \"y\";\n  inputs.nix-colors.url = \"github:misterio77/nix-colors\";\n  outputs =\n    {\n      self,\n      nixpkgs,\n      nix-colors,\n    }:\n    { };\n}\n",
		},
		{"declared", "{\n  inputs.disko.url = \"y\";\n  outputs = _: { };\n}\n", "disko", "error: flake.nix has an input `disko` already"},
		{"declared in quotes", "{\n  inputs.\"disko\".url = \"y\";\n  outputs = _: { };\n}\n", "disko", "error: flake.nix has an input `disko` already"},
		{"computed", "{\n  inputs = import ./inputs.nix;\n  outputs = _: { };\n}\n", "disko", "error: the inputs of flake.nix are computed, and cannot be edited"},
		{"broken", "{\n  inputs = {\n  outputs = _: { };\n}\n", "disko", "error: "},
		{"no set", "1\n", "disko", "error: the repository has no flake.nix with inputs"},
		{"bad name", "{ outputs = _: { }; }\n", "a b", "error: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := t.TempDir()
			if err := os.WriteFile(filepath.Join(root, "flake.nix"), []byte(c.flake), 0o600); err != nil {
				t.Fatal(err)
			}
			g := &Generator{Model: open(t, root).Model(), Quick: true}
			p, err := g.Input(Input{Name: c.input})
			got := ""
			if err != nil {
				got = "error: " + err.Error()
			} else {
				texts, err := p.Overlay()
				if err != nil {
					t.Fatal(err)
				}
				got = texts["flake.nix"]
				if len(parser.Parse(got).Errors()) > 0 {
					t.Errorf("what comes out cannot be read: %s", got)
				}
				if IsKnownInput(c.input) == (len(p.Notes) > 0) {
					t.Errorf("notes: %q", p.Notes)
				}
			}
			if got != c.want && (c.want != "error: " || !strings.HasPrefix(got, c.want)) {
				t.Errorf("got:\n%s\nwant:\n%s", got, c.want)
			}
		})
	}
}
