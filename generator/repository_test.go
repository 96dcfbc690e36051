package generator

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/claims"
	nixfmt "github.com/nixlint/nixlint/fmt"
)

// story is what is scaffolded into a new repository, one behind the other.
var story = []request{
	{Host: &Host{Name: "attic", Users: []string{"mira"}, Modules: []string{"services.openssh", "networking.base"}}},
	{User: &User{Name: "ida", Groups: []string{"wheel"}, Hosts: []string{"toaster", "attic"}}},
	{Module: &Module{Name: "services/backup", ImportIn: "toaster", Options: []string{"target:str=/srv"}}},
	{Module: &Module{Name: "desktop/gnome", ImportIn: "attic"}},
	{Module: &Module{Name: "dev/jujutsu", Home: true, ImportIn: "ida"}},
	{Module: &Module{Name: "editors/helix", Home: true, ImportIn: "mira"}},
	{VM: &VM{Name: "builder", Host: "attic", Memory: 4096, Cores: 2}},
	{VM: &VM{Name: "games", Host: "toaster", Memory: 16384, Cores: 4, GPU: "auto", Resolution: "4K"}, Snapshot: "toaster"},
}

// TestNew makes a repository and scaffolds everything else in it. Nothing may
// ever be found or unformatted.
func TestNew(t *testing.T) {
	root := t.TempDir()
	p, err := New(Repository{Host: "toaster", User: "mira"}, func(string) bool { return false }, nil)
	if err != nil {
		t.Fatal(err)
	}
	write(t, root, p)
	golden(t, "testdata/repository.golden", p)
	clean(t, root)
	for _, q := range story {
		p, err := q.plan(&Generator{Model: open(t, root).Model()})
		if err != nil {
			t.Fatal(err)
		}
		if p.IsEmpty() || len(p.Kept) > 0 {
			t.Errorf("%+v makes nothing", q)
		}
		write(t, root, p)
		clean(t, root)
		if p, err = q.plan(&Generator{Model: open(t, root).Model()}); err != nil || !p.IsEmpty() {
			t.Errorf("the second time: %v %+v", err, p)
		}
	}
}

// TestGuestsStayOnTheirHost checks that a guest is claimed by its host alone,
// although all modules get the flake with all hosts.
func TestGuestsStayOnTheirHost(t *testing.T) {
	root := t.TempDir()
	p, err := New(Repository{Host: "toaster", User: "mira"}, func(string) bool { return false }, nil)
	if err != nil {
		t.Fatal(err)
	}
	write(t, root, p)
	for _, q := range []request{
		{Host: &Host{Name: "attic", Users: []string{"mira"}, Modules: []string{"vms"}}},
		{VM: &VM{Name: "mail", Host: "attic", Memory: 4096}},
		{VM: &VM{Name: "games", Host: "toaster", Memory: 4096, GPU: "auto"}, Snapshot: "toaster"},
	} {
		if p, err = q.plan(&Generator{Model: open(t, root).Model()}); err != nil {
			t.Fatal(err)
		}
		write(t, root, p)
	}
	m := open(t, root).Model()
	for host, want := range map[string]string{"attic": "mail", "toaster": "games"} {
		for _, x := range claims.Of(m, hostNamed(m, host), nil).Contexts {
			if len(x.VMs) != 1 || x.VMs[0].Name != want {
				t.Errorf("%s has the guests %+v", host, x.VMs)
			}
		}
	}
}

// write puts the files of a plan below root.
func write(t *testing.T, root string, p *Plan) {
	t.Helper()
	after, err := p.Overlay()
	if err != nil {
		t.Fatal(err)
	}
	for file, text := range after {
		writeTo(t, root, file, text)
	}
}

// clean makes sure that a repository is formatted, and that the rules have
// nothing to say.
func clean(t *testing.T, root string) {
	t.Helper()
	for _, f := range findings(t, root) {
		// Nix makes the lock file, which none of the tests runs.
		if !strings.HasSuffix(f, "[lock-missing-input]") {
			t.Error(f)
		}
	}
	for _, f := range open(t, root).Files {
		if out, err := nixfmt.Format(f.Text, nixfmt.Options{}); err != nil || out != f.Text {
			t.Errorf("%s is not formatted: %v", f.Path, err)
		}
	}
}

// golden compares the new files of a plan with those in an archive.
func golden(t *testing.T, name string, p *Plan) {
	t.Helper()
	var archive txtar.Archive
	for _, f := range p.Files {
		archive.Files = append(archive.Files, txtar.File{Name: f.Path, Data: []byte(f.Text)})
	}
	got := txtar.Format(&archive)
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want, err := os.ReadFile(name); err != nil || string(want) != string(got) {
		t.Errorf("%s is not what is made: %v; go test ./generator -update writes it", name, err)
	}
}

func TestNewUsesTheFlags(t *testing.T) {
	p, err := New(Repository{
		Host: "pi", User: "ida", System: "aarch64-linux", Disk: "/dev/disk/by-id/mmc-X", StateVersion: "25.05",
	}, func(string) bool { return false }, nil)
	if err != nil {
		t.Fatal(err)
	}
	after, err := p.Overlay()
	if err != nil {
		t.Fatal(err)
	}
	for file, part := range map[string]string{
		"flake.nix":                  "home-manager/release-25.05",
		"lib/default.nix":            `stateVersion ? "25.05"`,
		"hosts/default.nix":          "users.ida",
		"hosts/pi/default.nix":       `"aarch64-linux"`,
		"hosts/pi/disko.nix":         `"/dev/disk/by-id/mmc-X"`,
		"users/ida/default.nix":      "users.users.ida",
		"users/ida/home/default.nix": `"/home/ida"`,
	} {
		if !strings.Contains(after[file], part) {
			t.Errorf("%s does not have %s:\n%s", file, part, after[file])
		}
	}
	root := t.TempDir()
	write(t, root, p)
	clean(t, root)
}

// TestNewRefuses checks that nothing is planned over files, or of names that
// mean something else.
func TestNewRefuses(t *testing.T) {
	for file, want := range map[string]string{
		"flake.nix": "has flake.nix already", "flake.lock": "has flake.lock already", ".gitignore": "has .gitignore already",
		"users/user/home/default.nix": "has users/user/home/default.nix already",
	} {
		_, err := New(Repository{}, func(f string) bool { return f == file }, nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", file, err)
		}
	}
	for _, q := range []Repository{
		{Host: "../x"}, {Host: "default"}, {Host: "with"}, {Host: "höst"}, {Host: "/etc"}, {Host: "a.b"}, {Host: strings.Repeat("a", 64)},
		{User: "../x"}, {User: "root"}, {User: "shared"}, {User: "Mira"}, {User: "in"}, {User: "a/b"}, {User: "a\nb"},
		{System: "x86"}, {System: "x86_64-linux\";"}, {Disk: "sda"}, {Disk: "/dev/../etc"}, {Disk: "/dev/a b"}, {Disk: "/dev/"},
		{StateVersion: "25"}, {StateVersion: "25.12"}, {StateVersion: "unstable"},
	} {
		if _, err := New(q, func(string) bool { return false }, nil); err == nil || !strings.Contains(err.Error(), "`") {
			t.Errorf("%+v: got %v", q, err)
		}
	}
}
