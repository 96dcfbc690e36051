package claims_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/claims"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
	"github.com/nixlint/nixlint/vfio"
)

var update = flag.Bool("update", false, "write what is found into testdata")

// TestClaims reads the repositories in testdata. The entry `claims` of each is
// what its hosts claim, one fact a line with its place; a repository without
// flake.nix gets one with the host `desk` of desk.nix. The entry `guests` names
// options that are said to describe guests, one a line.
func TestClaims(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			write(t, dir, "flake.nix", []byte(flake))
			want := ""
			kept := ar.Files[:0]
			var guests [][]string
			for _, f := range ar.Files {
				if f.Name == "guests" {
					for name := range strings.FieldsSeq(string(f.Data)) {
						guests = append(guests, strings.Split(name, "."))
					}
				}
				if f.Name == "claims" {
					want = string(f.Data)
					continue
				}
				kept = append(kept, f)
				write(t, dir, f.Name, f.Data)
			}
			r, err := repo.Open(dir, repo.Options{})
			if err != nil {
				t.Fatal(err)
			}
			m := r.Model()
			d := dumper{r: r}
			for _, h := range m.Hosts {
				c := claims.Of(m, h, guests)
				fmt.Fprintf(&d.out, "host %s %s\n", c.Host, c.System)
				for _, x := range c.Contexts {
					fmt.Fprintf(&d.out, " %s\n", x.Name)
					d.value("", reflect.ValueOf(x))
				}
			}
			if got := d.out.String(); got != want {
				if !*update {
					t.Fatalf("got:\n%s\nwant:\n%s", got, want)
				}
				ar.Files = append(kept, txtar.File{Name: "claims", Data: []byte(got)})
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

const flake = `{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.desk = nixpkgs.lib.nixosSystem { modules = [ ./desk.nix ]; };
  };
}
`

func write(t *testing.T, dir, name string, data []byte) {
	t.Helper()
	name = filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// dumper writes facts as text.
type dumper struct {
	r   *repo.Repo
	out strings.Builder
}

// value writes the facts in a value. Facts and lists are told by their fields.
func (d *dumper) value(path string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			d.value(path, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			d.value(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
		}
	case reflect.Struct:
		t := v.Type()
		if strings.HasPrefix(t.Name(), "Fact[") {
			d.fact(path, v)
			return
		}
		if strings.HasPrefix(t.Name(), "List[") {
			facts := v.FieldByName("Facts")
			if facts.Len() > 0 && !v.FieldByName("Complete").Bool() {
				fmt.Fprintf(&d.out, "  %s: perhaps others\n", path)
			}
			d.value(path, facts)
			return
		}
		if t == reflect.TypeFor[vfio.VM]() {
			fmt.Fprintf(&d.out, "  %s %s\n", path, v.FieldByName("Name"))
		}
		for i := range t.NumField() {
			if t.Field(i).Name == "Source" || t.Field(i).Type.Kind() == reflect.String || t.Field(i).Type.Kind() == reflect.Bool {
				continue
			}
			d.value(strings.TrimPrefix(path+"."+t.Field(i).Name, "."), v.Field(i))
		}
	}
}

func (d *dumper) fact(path string, v reflect.Value) {
	value := v.FieldByName("Value")
	if h, ok := value.Interface().(vfio.Hostdev); ok {
		fmt.Fprintf(&d.out, "  %s role %d\n", path, h.Role)
		d.value(path, value)
		return
	}
	fmt.Fprintf(&d.out, "  %s = %v", path, value)
	if s, ok := v.FieldByName("Source").Interface().(claims.Source); ok {
		text, _ := d.r.Text(s.File)
		fmt.Fprintf(&d.out, " @%s:%d", s.File, parser.NewLines(text).Line(s.Span.Start)+1)
		if s.Literal {
			fmt.Fprintf(&d.out, " `%s`", strings.ReplaceAll(text[s.Span.Start:s.Span.End], "\n", `\n`))
		}
	}
	if v.FieldByName("Maybe").Bool() {
		d.out.WriteString(" perhaps")
	}
	if c := v.FieldByName("Comment").String(); c != "" {
		fmt.Fprintf(&d.out, " # %s", c)
	}
	d.out.WriteString("\n")
}

// BenchmarkOf reads what the hosts of a whole repository claim, which has been
// evaluated before.
func BenchmarkOf(b *testing.B) {
	r, err := repo.Open("../../testdata/repos/example", repo.Options{})
	if err != nil {
		b.Fatal(err)
	}
	m := r.Model()
	b.ReportAllocs()
	for b.Loop() {
		for _, h := range m.Hosts {
			claims.Of(m, h, nil)
		}
	}
}

// BenchmarkOpenAndRead does the same from the start.
func BenchmarkOpenAndRead(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		r, err := repo.Open("../../testdata/repos/example", repo.Options{})
		if err != nil {
			b.Fatal(err)
		}
		m := r.Model()
		for _, h := range m.Hosts {
			claims.Of(m, h, nil)
		}
	}
}
