package session_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/repo/repotest"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/analysis/session"
)

// TestEdits edits repositories of several hosts, of one so many that they are evaluated in
// groups, at random, in files that one host reads,
// that all read and that build the hosts, makes files and removes them, and checks after
// some edits that the findings are those of a repository opened afresh, of which hosts
// are evaluated together.
func TestEdits(t *testing.T) {
	t.Run("example", func(t *testing.T) {
		root := t.TempDir()
		if err := os.CopyFS(root, os.DirFS("../../testdata/repos/example")); err != nil {
			t.Fatal(err)
		}
		edit(t, root, 60)
	})
	t.Run("large", func(t *testing.T) {
		root := t.TempDir()
		if err := repotest.WriteLarge(root, repotest.Size{Hosts: 9, Modules: 40, Each: 16, Rich: true}); err != nil {
			t.Fatal(err)
		}
		edit(t, root, 60)
	})
	t.Run("groups", func(t *testing.T) {
		root := t.TempDir()
		if err := repotest.WriteLarge(root, repotest.Size{Hosts: 12, Modules: 100, Each: 90, Rich: true}); err != nil {
			t.Fatal(err)
		}
		f := edit(t, root, 20)
		f.Current().Model(func(m *repo.Model) {
			if len(m.Parts()) == len(m.Hosts) {
				t.Errorf("%d hosts are evaluated one by one", len(m.Hosts))
			}
		})
	})
}

// edit edits a repository, and returns it.
func edit(t *testing.T, root string, edits int) *session.Folder {
	f, err := session.Open(root, nil, session.Options{Select: []string{"all"}})
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	texts := make(map[string]string)
	for _, file := range f.Current().Repo.All() {
		if strings.HasPrefix(file.Path, "hosts/") || strings.HasPrefix(file.Path, "modules/") || strings.HasPrefix(file.Path, "lib/") || file.Path == "flake.nix" {
			paths = append(paths, file.Path)
			texts[file.Path] = file.Text
		}
	}
	if testing.Short() {
		edits /= 5
	}
	rng := rand.New(rand.NewPCG(3, 4))
	open := make(map[string]string)
	for i := range edits {
		p := paths[rng.IntN(len(paths))]
		text, ok := open[p]
		if !ok {
			text = texts[p]
		}
		what := rng.IntN(9)
		switch what {
		case 0: // another comment
			text = "# comment\n" + text
		case 1: // a blank between tokens
			text = strings.Replace(text, "{", "{\n\n  ", 1)
		case 2: // as it was
			text = texts[p]
		case 3: // a name that is another now
			if at := strings.LastIndex(text, "enable"); at >= 0 {
				text = text[:at] + "enabel" + text[at+len("enable"):]
			}
		case 4: // a piece less
			if n := len(text); n > 20 {
				at := rng.IntN(n - 10)
				text = text[:at] + text[at+3:]
			}
		case 5: // something new, which may name what is not there
			if at := strings.LastIndexByte(text, '}'); at >= 0 {
				text = text[:at] + "  imports = [ ./new.nix ];\n" + text[at:]
			}
		case 6: // a file that has not been there
			p = filepath.ToSlash(filepath.Join(filepath.Dir(p), "new.nix"))
			text = "{ networking.hostName = \"x\"; }\n"
		case 8: // something of another type
			text = strings.Replace(text, "default = ", "default = null + ", 1)
			text = strings.Replace(text, "enable = true", "enable = \"true\"", 1)
			text = strings.Replace(text, "cfg.", "cfg.x", 1)
		case 7: // closed, and written to the disk
			if ok {
				name := filepath.Join(root, filepath.FromSlash(p))
				if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				delete(open, p)
				if err := f.Close(p); err != nil {
					t.Fatal(err)
				}
				if err := f.Reload(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if what != 7 {
			open[p] = text
			if err := f.Edit(p, text); err != nil {
				t.Fatal(err)
			}
		}
		if i%7 == 6 {
			// A check that stops on the way leaves some hosts behind.
			ctx, stop := context.WithCancel(context.Background())
			stop()
			_, _ = f.Current().Check(ctx, isOpen(open))
		}
		if rng.IntN(3) > 0 {
			continue
		}
		fresh, err := repo.Open(root, repo.Options{Overlay: open})
		if err != nil {
			t.Fatal(err)
		}
		found, err := rules.Check(fresh, config.New(config.Options{Rules: rules.Catalogue(), Select: []string{"all"}}), 2)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := findings(t, f, open), show(found); got != want {
			t.Fatalf("after edit %d, of %s in way %d:\n%s\na fresh start finds:\n%s", i, p, what, got, want)
		}
	}
	return f
}

// findings returns all that is found in the newest state.
func findings(t *testing.T, f *session.Folder, open map[string]string) string {
	t.Helper()
	found, err := f.Current().Check(context.Background(), isOpen(open))
	if err != nil {
		t.Fatal(err)
	}
	return show(found)
}

func isOpen(open map[string]string) func(path string) bool {
	return func(path string) bool { return open[path] != "" }
}

func show(found []diagnostic.Diagnostic) string {
	var b strings.Builder
	for _, d := range found {
		fmt.Fprintf(&b, "%s:%d-%d %s %s: %s | %s %v %v\n", d.File, d.Span.Start, d.Span.End, d.Severity, d.Rule, d.Message, d.Help, d.Related, d.Fix != nil)
	}
	return b.String()
}
