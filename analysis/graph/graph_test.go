package graph_test

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/graph"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
)

var update = flag.Bool("update", false, "write the results into the golden files")

// build makes the graph of a repository.
func build(t testing.TB, dir string, hosts ...string) *graph.Graph {
	t.Helper()
	r, err := repo.Open(dir, repo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	findings, err := rules.Check(r, rules.Only(graph.Rules...), 0)
	if err != nil {
		t.Fatal(err)
	}
	return graph.Build(r.Model(), findings, hosts)
}

func write(t testing.TB, g *graph.Graph, format string) string {
	t.Helper()
	var b strings.Builder
	if err := g.Write(&b, format); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// unpack writes the files of an archive into a new folder.
func unpack(t testing.TB, ar *txtar.Archive) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "small")
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

// TestFormats draws testdata/small.txtar, which has something of everything,
// and compares the results with golden files.
func TestFormats(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/small.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := unpack(t, ar)
	for _, format := range graph.Formats {
		t.Run(format, func(t *testing.T) {
			got := write(t, build(t, dir), format)
			for range 3 {
				if again := write(t, build(t, dir), format); again != got {
					t.Fatal("another run gives another result")
				}
			}
			golden := "testdata/small." + format
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

// TestOneHost leaves out what the host does not reach.
func TestOneHost(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/small.txtar")
	if err != nil {
		t.Fatal(err)
	}
	g := build(t, unpack(t, ar), "attic")
	if len(g.Hosts) != 1 || len(g.Users) != 1 || len(g.Unresolved) != 0 {
		t.Errorf("%d hosts, %d users, %d imports to nowhere", len(g.Hosts), len(g.Users), len(g.Unresolved))
	}
	for _, m := range g.Modules {
		if m.State == graph.Unused || m.State == graph.Unregistered {
			t.Errorf("%s is %s", m.File, m.State)
		}
	}
}

// large makes a repository of many hosts that import some of many modules.
func large(hosts, modules, categories int) *txtar.Archive {
	ar := &txtar.Archive{}
	add := func(name, text string) { ar.Files = append(ar.Files, txtar.File{Name: name, Data: []byte(text)}) }
	var registry, flake strings.Builder
	for i := range modules {
		file := fmt.Sprintf("modules/c%d/m%d.nix", i%categories, i)
		add(file, "{ ... }: { }\n")
		fmt.Fprintf(&registry, "  c%d.m%d = ../%s;\n", i%categories, i, file)
	}
	add("lib/registry.nix", "{\n"+registry.String()+"}\n")
	for h := range hosts {
		var imports strings.Builder
		for i := h % 7; i < modules; i += 5 + h {
			fmt.Fprintf(&imports, " modules.c%d.m%d", i%categories, i)
		}
		add(fmt.Sprintf("hosts/h%d.nix", h), "{ modules, ... }: { imports = ["+imports.String()+" ]; }\n")
		fmt.Fprintf(&flake, "    h%d = nixpkgs.lib.nixosSystem { specialArgs.modules = import ./lib/registry.nix; modules = [ ./hosts/h%d.nix ]; };\n", h, h)
	}
	add("flake.nix", "{ inputs.nixpkgs.url = \"nixpkgs\"; outputs = { nixpkgs, ... }: { nixosConfigurations = {\n"+flake.String()+"  }; }; }\n")
	return ar
}

// TestLarge collapses the modules of a large repository into rows that all have
// a place of their own in the picture, which is well-formed.
func TestLarge(t *testing.T) {
	for _, c := range []struct{ hosts, modules, categories, rows int }{
		{3, 60, 8, 60}, {30, 800, 50, 50}, {100, 300, 20, 20},
	} {
		text := write(t, build(t, unpack(t, large(c.hosts, c.modules, c.categories))), "svg")
		d := xml.NewDecoder(strings.NewReader(text))
		rows, nodes := make(map[string]bool), 0
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			e, ok := token.(xml.StartElement)
			if !ok || e.Name.Local != "g" {
				continue
			}
			for _, a := range e.Attr {
				if a.Name.Local == "class" && strings.HasPrefix(a.Value, "row") {
					rows[e.Attr[0].Value] = true
				}
				if a.Name.Local == "class" && strings.HasPrefix(a.Value, "node") {
					nodes++
				}
			}
		}
		if len(rows) != c.rows || nodes != c.hosts {
			t.Errorf("%d hosts and %d modules: %d nodes, %d rows, want %d", c.hosts, c.modules, nodes, len(rows), c.rows)
		}
	}
}

// BenchmarkSVG draws a large repository.
func BenchmarkSVG(b *testing.B) {
	g := build(b, unpack(b, large(30, 800, 50)))
	b.ReportAllocs()
	for b.Loop() {
		write(b, g, "svg")
	}
}
