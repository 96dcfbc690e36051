package repo_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
)

// TestSourcesAtHand evaluates the hosts and homes of testdata/nixos.txtar, of
// which nixpkgs and home-manager are at hand.
func TestSourcesAtHand(t *testing.T) {
	data, err := os.ReadFile("testdata/nixos.txtar")
	if err != nil {
		t.Fatal(err)
	}
	top := unpack(t, string(data))
	m := open(t, filepath.Join(top, "repo"), repo.Options{Inputs: map[string]string{
		"nixpkgs": filepath.Join(top, "nixpkgs"), "home-manager": filepath.Join(top, "home-manager"),
	}}).Model()
	ev := m.Evaluator()
	configs := make(map[string]*repo.Host)
	for _, h := range append(m.Hosts, m.Others...) {
		configs[h.Name] = h
	}
	for _, f := range txtar.Parse(data).Files {
		switch f.Name {
		case "want":
			for line := range strings.Lines(string(f.Data)) {
				expr, want, _ := strings.Cut(strings.TrimSpace(line), " = ")
				name, expr, _ := strings.Cut(expr, " ")
				if configs[name] == nil {
					t.Errorf("there is no %s", name)
					continue
				}
				path := strings.Split(expr, ".")
				var v eval.Value
				if path[0] == "config" {
					v = configs[name].System.Config.Value(path[1:]...)
				} else if v = configs[name].System.Config.Arg(path[0]); len(path) > 1 {
					v = ev.Select(v, path[1], eval.Place{})
				}
				got := strings.ReplaceAll(ev.Print(v), top, "TOP")
				if fail, ok := v.(*eval.Error); ok {
					got = "error: " + fail.Message
				}
				if got != want {
					t.Errorf("%s: %s: got %s, want %s", name, expr, got, want)
				}
			}
		case "problems":
			var got strings.Builder
			for _, p := range m.Problems() {
				got.WriteString(p.Host.Name + " " + m.Rel(p.At.File) + ": " + p.Message)
				if !p.Certain {
					got.WriteString(" (perhaps)")
				}
				got.WriteString("\n")
			}
			if got.String() != string(f.Data) {
				t.Errorf("problems: got\n%swant\n%s", got.String(), f.Data)
			}
		}
	}
}
