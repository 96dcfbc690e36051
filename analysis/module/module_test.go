package module_test

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
)

// record names the folder lib of a copy of nixpkgs. What Nix prints for it
// replaces what the cases want.
var record = flag.String("record", "", "write the values that Nix prints for this `folder` lib of nixpkgs")

// TestModules compares the module system with nixpkgs' own. A case is an
// expression and what Nix prints for it, or the word error.
func TestModules(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases")
	}
	for _, file := range files {
		if *record != "" {
			recordCases(t, file)
		}
		runCases(t, file, "")
	}
}

// TestUnknown is about what Nix would know, and what is known without it.
func TestUnknown(t *testing.T) {
	runCases(t, "testdata/unknown/definitions.txtar", `let fetch = builtins.fetchGit { url = "https://example.org"; }; in `)
}

// runCases runs the cases of a file, each after some code that goes before it.
func runCases(t *testing.T, file, before string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	source, err := eval.NewDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	ev := eval.New(source, eval.DefaultLimits)
	lib := module.Lib(ev, nil)
	for i := 0; i+1 < len(ar.Files); i += 2 {
		src, want := ar.Files[i], strings.TrimSuffix(string(ar.Files[i+1].Data), "\n")
		name := strings.TrimSuffix(filepath.Base(file), ".txtar") + "/" + strings.TrimSuffix(src.Name, ".nix")
		t.Run(name, func(t *testing.T) {
			ev.Reset()
			fn := ev.Eval(filepath.ToSlash(dir)+"/case.nix", "lib: "+before+string(src.Data))
			v := eval.Done(ev.Call(fn, eval.Done(lib), eval.Place{}))
			got := ev.Print(ev.Force(v))
			if err := ev.Deep(v); err != nil {
				if want != "error" {
					t.Log(err)
				}
				got = "error"
			}
			if got != want {
				t.Errorf("%sgot  %s\nwant %s", src.Data, got, want)
			}
		})
	}
}

func recordCases(t *testing.T, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(ar.Files); i += 2 {
		expr := "let lib = import (" + *record + "); in " + string(ar.Files[i].Data)
		cmd := exec.Command("nix-instantiate", "--eval", "--strict", "-E", expr)
		cmd.Dir = "testdata"
		out, err := cmd.Output()
		if err != nil {
			out = []byte("error\n")
		}
		if i+1 == len(ar.Files) || strings.HasSuffix(ar.Files[i+1].Name, ".nix") {
			want := txtar.File{Name: strings.TrimSuffix(ar.Files[i].Name, ".nix") + ".exp"}
			ar.Files = append(ar.Files[:i+1], append([]txtar.File{want}, ar.Files[i+1:]...)...)
		}
		ar.Files[i+1].Data = out
	}
	if err := os.WriteFile(file, bytes.TrimSpace(txtar.Format(ar)), 0o644); err != nil {
		t.Fatal(err)
	}
}
