package lsp

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/protocol"
	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/parser"
)

// describe asks what the repository has.
func (c *client) describe() (out description) {
	c.t.Helper()
	raw, err := c.server.ExecuteCommand(c.ctx, &protocol.ExecuteCommandParams{Command: commandDescribe})
	if err != nil {
		c.t.Fatal(err)
	}
	if i := strings.Index(string(raw), ":null"); i >= 0 {
		c.t.Errorf("something is null: %s", raw[max(i-60, 0):i+5])
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		c.t.Fatal(err)
	}
	return out
}

// textAt returns what a place in a file of the repository says.
func (c *client) textAt(l protocol.Location) string {
	c.t.Helper()
	text, err := os.ReadFile(l.URI.FsPath())
	if err != nil {
		c.t.Fatal(err)
	}
	span := mapper{protocol.PositionEncodingKindUTF16}.toSpan(parser.NewLines(string(text)), l.Range)
	return string(text[span.Start:span.End])
}

// TestDescribe asks for the example repository with a recorded machine.
func TestDescribe(t *testing.T) {
	root := example(t)
	ar, err := txtar.ParseFile("testdata/devices.txtar")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(ar.Files, func(f txtar.File) bool { return f.Name == "hosts/toaster/hardware.json" })
	if err := os.WriteFile(filepath.Join(root, ar.Files[i].Name), ar.Files[i].Data, 0o600); err != nil {
		t.Fatal(err)
	}
	c := connect(t, root)
	d := c.describe()
	if d.Root != c.uri("") {
		t.Errorf("root is %s", d.Root)
	}

	modules := make(map[string]describedModule)
	for _, m := range d.Modules {
		modules[m.ID] = m
	}
	var names []string
	for _, h := range d.Hosts {
		names = append(names, h.Name)
		if h.Location == nil || c.textAt(*h.Location) != h.Name {
			t.Errorf("%s is at %+v", h.Name, h.Location)
		}
		for _, id := range h.Modules {
			if m := modules[id]; m.ID == "" || m.State == "unused" {
				t.Errorf("%s has the module %s: %+v", h.Name, id, m)
			}
		}
		if h.Name != "toaster" && len(h.Devices) > 0 {
			t.Errorf("%s has %v", h.Name, h.Devices)
		}
	}
	if want := []string{"laptop", "rack", "toaster"}; !slices.Equal(names, want) {
		t.Fatalf("hosts are %v, want %v", names, want)
	}
	toaster := d.Hosts[2]
	if !slices.Equal(toaster.Users, []string{"mira"}) || !slices.Contains(toaster.Own, "hosts/toaster/windows11.nix") {
		t.Errorf("toaster: %+v", toaster)
	}
	group := 14
	card := describedDevice{
		Address: "0000:01:00.0", ID: "10de:2c05", Name: "NVIDIA Corporation GB203 [GeForce RTX 5070 Ti]",
		Display: true, Group: &group, Driver: "nvidia",
	}
	if len(toaster.Devices) != 2 || *toaster.Devices[0].Group != group {
		t.Fatalf("toaster has %+v", toaster.Devices)
	}
	if got := toaster.Devices[0]; got.Address != card.Address || got.ID != card.ID || got.Name != card.Name || !got.Display || got.Driver != card.Driver {
		t.Errorf("got %+v, want %+v", got, card)
	}

	if len(d.Users) != 2 || d.Users[0].Name != "jonas" || !slices.Contains(d.Users[0].Own, "users/jonas/home/default.nix") {
		t.Errorf("users: %+v", d.Users)
	}
	nvidia := modules["modules/nixos/hardware/nvidia.nix"]
	if nvidia.Key != "modules.nixos.hardware.nvidia" || nvidia.Group != "hardware" || nvidia.Label != "nvidia" || nvidia.Kind != "nixos" {
		t.Errorf("nvidia is %+v", nvidia)
	}
	if disko := modules["inputs.disko.nixosModules.disko"]; disko.State != "external" || disko.File != "" || disko.Key != "" {
		t.Errorf("disko is %+v", disko)
	}

	types := make(map[string]string)
	for _, o := range d.Options {
		types[o.Name] = o.Type
		if text := c.textAt(o.Location); !strings.HasSuffix(o.Name, text) || o.Location.URI != c.uri(o.File) {
			t.Errorf("%s is declared in %s as %s", o.Name, o.File, text)
		}
	}
	if got := types["modules.hardware.nvidia.enable"]; got != "boolean" {
		t.Errorf("the type of an option is %q", got)
	}
	if !slices.IsSortedFunc(d.Options, func(a, b describedOption) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("options are not sorted")
	}
}

// TestDescribeNothing asks for a folder without hosts, and sees one come.
func TestDescribeNothing(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "flake.nix"), []byte("{ outputs = _: { }; }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := connect(t, root)
	if d := c.describe(); len(d.Hosts)+len(d.Users)+len(d.Modules)+len(d.Options) > 0 {
		t.Errorf("there is %+v", d)
	}
	c.openText("flake.nix", "{ inputs.nixpkgs.url = \"nixpkgs\"; outputs = { nixpkgs, ... }: { nixosConfigurations.attic = nixpkgs.lib.nixosSystem { modules = [ { } ]; }; }; }\n")
	if d := c.describe(); len(d.Hosts) != 1 || d.Hosts[0].Name != "attic" {
		t.Errorf("there is %+v", d)
	}
}
