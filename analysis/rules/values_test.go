package rules_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/parser"
)

// TestSafeFixesKeepValues applies the safe fixes of all rules to the programs
// in testdata/values and evaluates what comes out: it has to have the value
// that Nix printed for the program.
//
// NIXLINT_UPDATE=1 asks nix-instantiate for the values, and checks with it that
// those of the fixed programs are the same.
func TestSafeFixesKeepValues(t *testing.T) {
	archives, err := filepath.Glob("testdata/values/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	for _, archive := range archives {
		ar, err := txtar.ParseFile(archive)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		values := make(map[string]string)
		var programs []txtar.File
		for _, f := range ar.Files {
			if name, ok := strings.CutSuffix(f.Name, ".value"); ok {
				values[name+".nix"] = strings.TrimSpace(string(f.Data))
				continue
			}
			programs = append(programs, f)
			writeFile(t, filepath.Join(dir, f.Name), f.Data)
		}
		fixed, err := rules.Fix(dir, repo.Options{}, rules.Only("all"), false, nil)
		if err != nil {
			t.Fatal(err)
		}
		if update {
			record(t, archive, ar.Comment, programs, fixed.Texts)
			continue
		}
		if len(fixed.Texts) < len(programs)/2 {
			t.Errorf("%s: only %d of %d programs are fixed", archive, len(fixed.Texts), len(programs))
		}
		for _, p := range programs {
			t.Run(p.Name, func(t *testing.T) {
				if got := value(string(p.Data)); got != values[p.Name] {
					t.Fatalf("the program is evaluated to %s, Nix says %s", got, values[p.Name])
				}
				text, ok := fixed.Texts[p.Name]
				if !ok {
					return
				}
				if got := value(text); got != values[p.Name] {
					t.Errorf("the value was %s; fixed it is %s:\n%s", values[p.Name], got, text)
				}
			})
		}
	}
}

// value evaluates a program and prints its value as Nix does, or `error`.
func value(program string) string {
	ev := eval.New(nothing{}, eval.DefaultLimits)
	text := ev.Print(ev.Eval("/x.nix", program))
	if strings.Contains(text, "«error") {
		return "error"
	}
	return text
}

// nothing is a source without files.
type nothing struct{}

func (nothing) Allowed(string) bool                       { return false }
func (nothing) Parse(string) (*parser.Tree, error)        { return nil, os.ErrNotExist }
func (nothing) ReadFile(string) (string, error)           { return "", os.ErrNotExist }
func (nothing) ReadDir(string) (map[string]string, error) { return nil, os.ErrNotExist }
func (nothing) Kind(string) string                        { return "" }

// record writes the values of programs as Nix prints them.
func record(t *testing.T, archive string, comment []byte, programs []txtar.File, fixed map[string]string) {
	t.Helper()
	out := &txtar.Archive{Comment: comment}
	for _, p := range programs {
		want := nixValue(t, string(p.Data))
		if text, ok := fixed[p.Name]; ok {
			if got := nixValue(t, text); got != want {
				t.Errorf("%s: the value was %s; fixed it is %s:\n%s", p.Name, want, got, text)
			}
		}
		out.Files = append(out.Files, p, txtar.File{Name: strings.TrimSuffix(p.Name, ".nix") + ".value", Data: []byte(want + "\n")})
	}
	if err := os.WriteFile(archive, txtar.Format(out), 0o644); err != nil {
		t.Fatal(err)
	}
}

// nixValue asks nix-instantiate for the value of a program.
func nixValue(t *testing.T, program string) string {
	t.Helper()
	if _, err := exec.LookPath("nix-instantiate"); err != nil {
		t.Skip("there is no nix-instantiate to ask")
	}
	out, err := exec.Command("nix-instantiate", "--eval", "--strict", "--expr", program).Output()
	if err != nil {
		return "error"
	}
	return strings.TrimSpace(string(out))
}
