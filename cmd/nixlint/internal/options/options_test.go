package options_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/options"
)

var update = flag.Bool("update", false, "write the results into the golden files")

// open evaluates a repository.
func open(t testing.TB, dir string) *repo.Model {
	t.Helper()
	r, err := repo.Open(dir, repo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r.Model()
}

// unpack writes the files of an archive into a new folder.
func unpack(t testing.TB, name string) string {
	t.Helper()
	ar, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range ar.Files {
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

// TestFormats lists the options of small repositories, of which the first has
// something of everything, and of the example, and compares them with golden
// files.
func TestFormats(t *testing.T) {
	small, modules, homes := unpack(t, "testdata/small.txtar"), unpack(t, "testdata/modules.txtar"), unpack(t, "testdata/homes.txtar")
	example := filepath.Join("..", "..", "..", "..", "testdata", "repos", "example")
	for _, c := range []struct {
		golden, dir, format string
		width               int
		query               options.Query
	}{
		{golden: "small.txt", dir: small, format: "human"},
		{golden: "small-narrow.txt", dir: small, format: "human", width: 60},
		{golden: "small.json", dir: small, format: "json"},
		{golden: "small.md", dir: small, format: "md"},
		{golden: "small-attic.md", dir: small, format: "md", query: options.Query{Hosts: []string{"attic"}}},
		{golden: "small-books.txt", dir: small, format: "human", query: options.Query{Prefix: []string{"shelf", "books"}}},
		{golden: "small-width.txt", dir: small, format: "human", query: options.Query{Prefix: []string{"shelf", "width"}}},
		{golden: "small-old.txt", dir: small, format: "human", query: options.Query{Prefix: []string{"shelf", "old"}}},
		{golden: "small-boards.txt", dir: small, format: "human", query: options.Query{Prefix: []string{"shelf", "boards"}}},
		{golden: "small-top.txt", dir: small, format: "human", query: options.Query{Prefix: []string{"shelf", "boards", "top", "height"}}},
		{golden: "small-mira.txt", dir: small, format: "human", query: options.Query{User: "mira"}},
		{golden: "modules.txt", dir: modules, format: "human"},
		{golden: "modules-hidden.txt", dir: modules, format: "human", query: options.Query{Prefix: []string{"lamp", "hidden"}}},
		{golden: "homes.txt", dir: homes, format: "human"},
		{golden: "homes-lamp.txt", dir: homes, format: "human", query: options.Query{Prefix: []string{"lamp", "on"}}},
		{golden: "homes-mira.txt", dir: homes, format: "human", query: options.Query{User: "mira", Prefix: []string{"lamp", "on"}}},
		{golden: "example.txt", dir: example, format: "human"},
		{golden: "example-toaster.txt", dir: example, format: "human", width: 100, query: options.Query{Hosts: []string{"toaster"}}},
		{golden: "example-vfio.md", dir: example, format: "md", query: options.Query{Hosts: []string{"toaster"}, Prefix: []string{"modules", "vfio"}}},
		{golden: "example-windows11.txt", dir: example, format: "human", query: options.Query{Prefix: []string{"virtualisation", "vms", "windows11", "cpu"}}},
	} {
		t.Run(c.golden, func(t *testing.T) {
			got := write(t, c.dir, c.format, c.width, c.query)
			if again := write(t, c.dir, c.format, c.width, c.query); again != got {
				t.Fatal("another run gives another result")
			}
			golden := filepath.Join("testdata", c.golden)
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("it is not as in %s; run with -update and look at the difference", golden)
			}
		})
	}
}

func write(t testing.TB, dir, format string, width int, q options.Query) string {
	t.Helper()
	m := open(t, dir)
	hosts := q.Hosts
	if hosts == nil {
		for _, h := range options.Systems(m) {
			hosts = append(hosts, h.Name)
		}
	}
	var b strings.Builder
	style := options.Style{Width: width, Hosts: hosts, Prefix: q.Prefix, Values: q.Hosts != nil}
	if err := options.Build(m, options.Systems(m), q).Write(&b, format, style); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
