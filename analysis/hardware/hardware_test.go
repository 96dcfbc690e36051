package hardware_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/analysis/hardware"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/sysfstest"
)

const machines = "../../testdata/machines/"

func model(t *testing.T, hosts string, files map[string]string) *repo.Model {
	t.Helper()
	dir := t.TempDir()
	files["flake.nix"] = "{ outputs = { nixpkgs, ... }: { nixosConfigurations = {" + hosts + "}; }; }"
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	r, err := repo.Open(dir, repo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r.Model()
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

const two = "toaster = nixpkgs.lib.nixosSystem { modules = [ ]; }; box = nixpkgs.lib.nixosSystem { modules = [ { hardware.facter.reportPath = ./facts/box.json; } ]; };"

// Facts come from the file that flags name, else from the one in the settings,
// else from the host's folder or the report that the configuration names.
func TestRecorded(t *testing.T) {
	facter := read(t, "../../vfio/machine/testdata/facter.json")
	m := model(t, two, map[string]string{
		"hosts/toaster/hardware.json": read(t, machines+"toaster.json"),
		"facts/box.json":              facter,
	})
	laptop, err := filepath.Abs(machines + "laptop.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name      string
		options   hardware.Options
		settings  map[string]string
		box, desk string // files
	}{
		{"found", hardware.Options{}, nil, "facts/box.json", "hosts/toaster/hardware.json"},
		{"settings", hardware.Options{}, map[string]string{"box": laptop}, laptop, "hosts/toaster/hardware.json"},
		{"flag for a host", hardware.Options{Host: "box", Snapshot: laptop}, nil, laptop, "hosts/toaster/hardware.json"},
		{"flag with a name", hardware.Options{Snapshot: machines + "toaster.json"}, nil, "facts/box.json", machines + "toaster.json"},
		{"flag for another", hardware.Options{Snapshot: laptop}, nil, "facts/box.json", "hosts/toaster/hardware.json"},
	} {
		c.options.Sysfs = hardware.None
		l := hardware.NewLookup(c.options, m, c.settings)
		for i, want := range []string{c.box, c.desk} {
			f := l.Of(m.Hosts[i])
			if f.Err != nil || f.Machine == nil || f.Live || f.File != want {
				t.Errorf("%s, %s: %q, want %q: %v", c.name, m.Hosts[i].Name, f.File, want, f.Err)
			}
		}
	}
}

// Other files of the same name are no snapshots; broken ones are errors.
func TestNoSnapshot(t *testing.T) {
	m := model(t, two, map[string]string{
		"hosts/toaster/hardware.json": `{ "disks": 2 }`, "hosts/box/hardware.json": `{ "schema": "nixlint.host-snapshot/1", "pci": 7 }`,
	})
	l := hardware.NewLookup(hardware.Options{Sysfs: hardware.None}, m, nil)
	if f := l.Of(m.Hosts[0]); f.Err == nil || f.Machine != nil {
		t.Errorf("a broken snapshot: %+v", f)
	}
	if f := l.Of(m.Hosts[1]); f.Err != nil || f.Machine != nil {
		t.Errorf("no snapshot: %+v", f)
	}
}

// A tree stands for the running machine of the host that is named.
func TestTree(t *testing.T) {
	snapshot, err := machine.Decode(strings.NewReader(read(t, machines+"toaster.json")))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := sysfstest.Build(dir, snapshot); err != nil {
		t.Fatal(err)
	}
	m := model(t, two, map[string]string{"hosts/toaster/hardware.json": read(t, machines+"toaster.json")})
	l := hardware.NewLookup(hardware.Options{Host: "toaster", Sysfs: dir}, m, nil)
	f := l.Of(m.Hosts[1])
	if !f.Live || f.Machine == f.Recorded || f.Recorded == nil || len(f.Machine.PCI) != len(snapshot.PCI) {
		t.Errorf("%+v", f)
	}
	if f := l.Of(m.Hosts[0]); f.Live || l.Wanted("box") {
		t.Errorf("the tree is not box's: %+v", f)
	}
	if f := hardware.NewLookup(hardware.Options{Sysfs: dir}, m, nil).Of(m.Hosts[0]); f.Live {
		t.Error("a tree that belongs to nobody")
	}
}

func TestValidate(t *testing.T) {
	for _, o := range []hardware.Options{{Sysfs: "nowhere"}, {Snapshot: "nowhere.json"}, {Snapshot: "hardware.go"}} {
		if o.Validate() == nil {
			t.Errorf("%+v is valid", o)
		}
	}
	if err := (hardware.Options{Sysfs: hardware.None, Snapshot: machines + "rack.json"}).Validate(); err != nil {
		t.Error(err)
	}
}
