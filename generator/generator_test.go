package generator

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"
	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
	nixfmt "github.com/nixlint/nixlint/fmt"
	"github.com/nixlint/nixlint/parser"
	"github.com/nixlint/nixlint/vfio/machine"
)

var update = flag.Bool("update", false, "write the results into the cases")

// request is what a case asks for.
type request struct {
	Module *Module
	Host   *Host
	User   *User
	VM     *VM
	// Snapshot names what is known of a VM's host, in testdata/machines.
	Snapshot string
}

func (q request) plan(g *Generator) (*Plan, error) {
	switch {
	case q.Module != nil:
		return g.Module(*q.Module)
	case q.Host != nil:
		return g.Host(*q.Host)
	case q.VM != nil:
		vm := *q.VM
		if q.Snapshot != "" {
			f, err := os.Open(filepath.Join("..", "testdata", "machines", q.Snapshot+".json"))
			if err != nil {
				return nil, err
			}
			defer f.Close()
			if vm.Machine, err = machine.Decode(f); err != nil {
				return nil, err
			}
		}
		return g.VM(vm)
	}
	return g.User(*q.User)
}

// TestCases runs the cases in testdata, see the README there.
func TestCases(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) { runCase(t, name) })
	}
}

func runCase(t *testing.T, name string) {
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	var q request
	want := -1
	for i, f := range archive.Files {
		switch f.Name {
		case "request":
			if err := json.Unmarshal(f.Data, &q); err != nil {
				t.Fatal(err)
			}
		case "want":
			want = i
		case "base":
			copyBase(t, root, strings.TrimSpace(string(f.Data)))
		default:
			writeTo(t, root, f.Name, string(f.Data))
		}
	}
	if want < 0 {
		want = len(archive.Files)
		archive.Files = append(archive.Files, txtar.File{Name: "want"})
	}
	before := findings(t, root)
	model := open(t, root).Model()
	plan, err := q.plan(&Generator{Model: model})
	got := ""
	if err != nil {
		got = "error: " + err.Error() + "\n"
	} else {
		got = show(t, plan)
	}
	if *update {
		archive.Files[want].Data = []byte(got)
		if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if got != string(archive.Files[want].Data) {
		t.Errorf("got:\n%s\nwant:\n%s", got, archive.Files[want].Data)
	}
	if err != nil {
		return
	}
	after, err := plan.Overlay()
	if err != nil {
		t.Fatal(err)
	}
	for file, text := range after {
		if errs := parser.Parse(text).Errors(); len(errs) > 0 {
			t.Errorf("%s: %v", file, errs[0])
		}
		old, edited := plan.Base[file]
		if was, err := nixfmt.Format(old, nixfmt.Options{}); !edited || err == nil && was == old {
			if out, err := nixfmt.Format(text, nixfmt.Options{}); err != nil || out != text {
				t.Errorf("%s is not formatted", file)
			}
		}
		writeTo(t, root, file, text)
	}
	for _, f := range findings(t, root) {
		if !slices.Contains(before, f) {
			t.Errorf("new finding: %s", f)
		}
	}
	again, err := q.plan(&Generator{Model: open(t, root).Model()})
	if err != nil {
		t.Fatalf("the second time: %v", err)
	}
	if !again.IsEmpty() {
		t.Errorf("the second time there is more:\n%s", show(t, again))
	}
}

// copyBase puts a repository below root: one in testdata/bases, or one of those
// at the top.
func copyBase(t *testing.T, root, name string) {
	t.Helper()
	if base, err := txtar.ParseFile(filepath.Join("testdata", "bases", name+".txtar")); err == nil {
		for _, f := range base.Files {
			writeTo(t, root, f.Name, string(f.Data))
		}
		return
	}
	if err := os.CopyFS(root, os.DirFS(filepath.Join("..", "testdata", "repos", name))); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, root string) *repo.Repo {
	t.Helper()
	r, err := repo.Open(root, repo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func writeTo(t *testing.T, root, file, text string) {
	t.Helper()
	name := filepath.Join(root, filepath.FromSlash(file))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// findings returns what the rules have to say of a repository, places left out.
func findings(t *testing.T, root string) []string {
	t.Helper()
	ds, err := rules.Check(open(t, root), config.New(config.Options{Rules: rules.Catalogue()}), 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, d := range ds {
		if d.Severity >= diagnostic.Warning {
			out = append(out, d.File+": "+d.Message+" ["+d.Rule+"]")
		}
	}
	return out
}

// show returns a plan as a diff, with what else it says.
func show(t *testing.T, p *Plan) string {
	t.Helper()
	after, err := p.Overlay()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range p.Files {
		b.WriteString(udiff.Unified("/dev/null", "b/"+f.Path, "", f.Text))
	}
	for _, e := range p.Edits {
		b.WriteString(udiff.Unified("a/"+e.File, "b/"+e.File, p.Base[e.File], after[e.File]))
	}
	for _, k := range p.Kept {
		b.WriteString("left " + k + "\n")
	}
	for _, n := range p.Notes {
		b.WriteString("note: " + n + "\n")
	}
	return b.String()
}
