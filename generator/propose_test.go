package generator

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
)

// propose asks for a scaffold with buffers that are not saved.
func propose(t *testing.T, root string, buffers map[string]string, q request) (*Plan, error) {
	t.Helper()
	return Propose(root, repo.Options{Overlay: buffers}, nil, q.plan)
}

// TestProposeInBuffers checks that what is not saved wins over the disk: edits
// are of the buffers, and nothing is written.
func TestProposeInBuffers(t *testing.T) {
	root := t.TempDir()
	copyBase(t, root, "direct")
	const host = "hosts/desk/default.nix"
	disk, err := os.ReadFile(filepath.Join(root, host))
	if err != nil {
		t.Fatal(err)
	}
	buffer := "# Not saved yet.\n" + strings.Replace(string(disk), "../../users/ann\n", "../../users/ann\n    ./more.nix\n", 1)
	buffers := map[string]string{
		host:                                buffer,
		"hosts/desk/more.nix":               "{\n  networking.domain = \"example.org\";\n}\n",
		"modules/nixos/services/backup.nix": "{ lib, ... }:\n\n{\n  options.modules.services.backup.enable = lib.mkEnableOption \"backup\";\n}\n",
	}
	q := request{Module: &Module{Name: "services/backup", ImportIn: "desk"}}
	p, err := propose(t, root, buffers, q)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Files) > 0 || len(p.Kept) != 1 {
		t.Errorf("a file that is not saved is made again: %+v", p)
	}
	if len(p.Edits) != 1 || p.Edits[0].File != host || p.Base[host] != buffer {
		t.Fatalf("got the edits %+v", p.Edits)
	}
	text, err := diagnostic.Apply(buffer, p.Edits)
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Replace(buffer, "./more.nix\n", "./more.nix\n    ../../modules/nixos/services/backup.nix\n", 1); text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
	if now, err := os.ReadFile(filepath.Join(root, host)); err != nil || string(now) != string(disk) {
		t.Errorf("the file on the disk is now %q: %v", now, err)
	}
	buffers[host] = text
	if p, err = propose(t, root, buffers, q); err != nil || !p.IsEmpty() {
		t.Errorf("the second time: %+v %v", p, err)
	}
}

// TestProposeRefusesBroken checks that a buffer with syntax errors is not edited.
func TestProposeRefusesBroken(t *testing.T) {
	root := t.TempDir()
	copyBase(t, root, "split")
	_, err := propose(t, root, map[string]string{"modules/nixos/services/default.nix": "{ inputs }:\n\n{\n  ssh = \"${inputs.self}/modules/nixos/services/ssh.nix\";\n  x = ;\n}\n"},
		request{Module: &Module{Name: "services/backup"}})
	if err == nil || !strings.Contains(err.Error(), "syntax errors") {
		t.Errorf("got %v", err)
	}
}

// TestProposeAfterInterruption carries out a plan up to each of its steps; asking
// again completes it, with the same result.
func TestProposeAfterInterruption(t *testing.T) {
	for base, qs := range map[string][]request{
		"split": {
			{Module: &Module{Name: "desktop/gnome", ImportIn: "desk"}},
			{Host: &Host{Name: "attic", Users: []string{"ann"}, Modules: []string{"services.ssh"}}},
			{User: &User{Name: "bob", Hosts: []string{"desk"}}},
			{VM: &VM{Name: "mail", Host: "desk", Memory: 4096}},
		},
		"direct":      {{Module: &Module{Name: "desktop/gnome", ImportIn: "desk"}}, {User: &User{Name: "bob", Hosts: []string{"desk"}}}},
		"flake-parts": {{Module: &Module{Name: "desktop/gnome", ImportIn: "desk"}}, {Host: &Host{Name: "attic"}}},
	} {
		root := t.TempDir()
		copyBase(t, root, base)
		for _, q := range qs {
			whole, err := propose(t, root, nil, q)
			if err != nil {
				t.Fatal(err)
			}
			want, err := whole.Overlay()
			if err != nil {
				t.Fatal(err)
			}
			done := make(map[string]string)
			for _, name := range order(whole) {
				done[name] = want[name]
				rest, err := propose(t, root, done, q)
				if err != nil {
					t.Fatalf("%s: after %s: %v", base, name, err)
				}
				got, err := rest.Overlay()
				if err != nil {
					t.Fatal(err)
				}
				all := maps.Clone(done)
				maps.Copy(all, got)
				for file, text := range want {
					if all[file] != text {
						t.Errorf("%s: stopped after %s, %s becomes\n%s\nnot\n%s", base, name, file, all[file], text)
					}
				}
			}
		}
	}
}

// order lists the files of a plan as they are written.
func order(p *Plan) []string {
	var out []string
	for _, f := range p.Files {
		out = append(out, f.Path)
	}
	for _, e := range p.Edits {
		out = append(out, e.File)
	}
	return out
}
