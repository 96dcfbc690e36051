package nixfmt

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/parser"
)

var update = flag.Bool("update", false, "write the results into the golden files")

// settings are the ends of the names of golden files: NAME.nix is formatted to
// NAME.want and, where that differs, to the others.
var settings = []struct {
	name string
	o    Options
}{
	{"want", Options{}},
	{"w60", Options{Width: 60}},
	{"strict", Options{Strict: true}},
	{"indent4", Options{Indent: 4}},
}

// golden calls f for every case of testdata/format: its name, its source and
// the wanted results by setting.
func golden(t testing.TB, f func(name, src string, want map[string]*txtar.File)) {
	t.Helper()
	paths, err := filepath.Glob("testdata/format/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, path := range paths {
		ar, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(ar.Files); {
			name, ok := strings.CutSuffix(ar.Files[i].Name, ".nix")
			if !ok {
				t.Fatalf("%s: %s belongs to no .nix", path, ar.Files[i].Name)
			}
			src := string(ar.Files[i].Data)
			want := map[string]*txtar.File{}
			for i++; i < len(ar.Files) && !strings.HasSuffix(ar.Files[i].Name, ".nix"); i++ {
				setting, ok := strings.CutPrefix(ar.Files[i].Name, name+".")
				if !ok {
					t.Fatalf("%s: %s does not belong to %s.nix", path, ar.Files[i].Name, name)
				}
				want[setting] = &ar.Files[i]
			}
			f(strings.TrimSuffix(filepath.Base(path), ".txtar")+"/"+name, src, want)
		}
		if *update {
			if err := os.WriteFile(path, txtar.Format(ar), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestFormat(t *testing.T) {
	golden(t, func(name, src string, want map[string]*txtar.File) {
		t.Run(name, func(t *testing.T) {
			if want["want"] == nil {
				t.Fatalf("%s.want is missing", name)
			}
			for _, s := range settings {
				got, err := Format(src, s.o)
				if err != nil {
					t.Fatal(err)
				}
				if !strings.HasSuffix(got, "\n") {
					got += "\n" // the archive cannot say that it is missing
				}
				w := want[s.name]
				if w == nil {
					if s.name == "indent4" {
						continue
					}
					w = want["want"]
				}
				if got == string(w.Data) {
					continue
				}
				if *update {
					w.Data = []byte(got)
					continue
				}
				t.Errorf("%s: source\n%s\ngot\n%s\nwant\n%s", s.name, src, got, w.Data)
			}
		})
	})
}

// TestFormatTwice checks that what is formatted stays as it is. With steps of
// other than two columns nixfmt itself does not promise that: a comment behind
// a token may come to stand in the column of the next line.
func TestFormatTwice(t *testing.T) {
	golden(t, func(name, src string, _ map[string]*txtar.File) {
		for _, s := range settings {
			if s.o.Indent != 0 {
				continue
			}
			once, err := Format(src, s.o)
			if err != nil {
				t.Fatal(err)
			}
			twice, err := Format(once, s.o)
			if err != nil {
				t.Fatal(err)
			}
			if twice != once {
				t.Errorf("%s, %s: formatted\n%s\nand formatted again\n%s", name, s.name, once, twice)
			}
		}
	})
}

func TestFormatRejects(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"", "1:1: unexpected end of file, expected an expression"},
		{"# nothing\n", "2:1: unexpected end of file, expected an expression"},
		{"{ a = 1 }", "1:8: missing `;`"},
		{"a b )", "1:5: unexpected `)`"},
		{"[\n  (1\n]", "2:3: unclosed `(`"},
		{"{\n<<<<<<< ours\n  a = 1;\n=======\n  a = 2;\n>>>>>>> theirs\n}", "2:1: unresolved merge conflict"},
		{"/* a\rb */ c", "1:5: carriage return that does not end a line"},
		{"a # b\rc", "1:6: carriage return that does not end a line"},
		{"a # é\r", "1:6: carriage return that does not end a line"},
	} {
		got, err := Format(c.src, Options{})
		if err == nil {
			t.Errorf("source %q is accepted and formatted as %q", c.src, got)
		} else if err.Error() != c.want {
			t.Errorf("source %q: error %q, want %q", c.src, err, c.want)
		}
	}
}

// TestFormatDeep formats programs that are nested deeply. It ends only if the
// work does not grow too fast with the depth.
func TestFormatDeep(t *testing.T) {
	for _, c := range []struct{ before, after string }{
		{"(", ")"},
		{"[ 1 [ 2 ] ", "]"},
		{"{ a = 1; b = ", "; }"},
		{"f { a = ", "; b = 1; } { c = 2; d = 3; }"},
		{"f { a = 1; } (", ") { b = 2; }"},
		{"x: ", ""},
		{"{ x, y ? 1 }: ", ""},
		{"let a = ", "; in a"},
		{"if a then b else ", ""},
		{"a + b * (", ")"},
		{"a // { b = ", "; }"},
		{"\"a ${f (", ")} b\""},
		{"''\n a ${", "}\n b\n''"},
		{"# a\nf (", ")"},
		// Here each level has an argument that fits only before the rest of
		// the line is known.
		{"f [ 1 2 ] (g a (", ") { c = 1; }) " + strings.Repeat("b", 60)},
		{"f (a b) (g f [ 1 2 ] (g f (a b) (with x; ", ") " + strings.Repeat("b", 95) + ") (x: y) (z: w))"},
	} {
		for _, depth := range []int{30, 200} {
			src := strings.Repeat(c.before, depth) + "x" + strings.Repeat(c.after, depth)
			out, err := Format(src, Options{})
			if err != nil {
				t.Fatalf("depth %d of %q: %v", depth, c.before, err)
			}
			if got := strings.Count(out, "x"); got != strings.Count(src, "x") {
				t.Errorf("depth %d of %q: something is missing", depth, c.before)
			}
		}
	}
}

// FuzzFormat checks that a formatted program is the same program.
func FuzzFormat(f *testing.F) {
	golden(f, func(_, src string, _ map[string]*txtar.File) { f.Add(src, 100, false) })
	f.Fuzz(func(t *testing.T, src string, width int, strict bool) {
		if width < 1 || width > 200 {
			t.Skip()
		}
		out, err := Format(src, Options{Width: width, Strict: strict})
		if err != nil {
			t.Skip()
		}
		before, after := parser.Parse(src), parser.Parse(out)
		if after.HasSyntaxErrors() {
			t.Fatalf("source\n%s\nis formatted as\n%s\nwhich is wrong: %v", src, out, after.Errors())
		}
		if d := difference(before.Expr(), after.Expr()); d != "" {
			t.Fatalf("source\n%s\nis formatted as\n%s\nwhich differs: %s", src, out, d)
		}
	})
}
