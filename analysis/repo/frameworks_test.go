package repo_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/repo"
)

// TestFrameworks finds the hosts of repositories that are wired in different ways,
// with the files that each imports, and those of its homes. Nothing of the
// frameworks that they use is at hand.
func TestFrameworks(t *testing.T) {
	files, err := filepath.Glob("testdata/frameworks/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want := ""
			for _, f := range txtar.Parse(data).Files {
				if f.Name == "want" {
					want = string(f.Data)
				}
			}
			m := open(t, unpack(t, string(data)), repo.Options{}).Model()
			var got strings.Builder
			for _, h := range slices.Concat(m.Hosts, m.Others) {
				fmt.Fprintf(&got, "%s %s: %s\n", h.Class(), h.Name, modulesOf(m, h.System))
				for _, home := range h.Homes {
					fmt.Fprintf(&got, "  %s: %s\n", home.User, modulesOf(m, home))
				}
			}
			if got.String() != want {
				t.Errorf("got\n%swant\n%s", got.String(), want)
			}
		})
	}
}

// modulesOf lists the repository's files among the modules of an evaluation, and
// says if there may be others.
func modulesOf(m *repo.Model, e *repo.Evaluation) string {
	var files []string
	for _, f := range e.Files() {
		if m.Own(filepath.Join(m.Repo.Root, f)) {
			files = append(files, f)
		}
	}
	slices.Sort(files)
	out := strings.Join(files, " ")
	if e.Unsure {
		out += " …"
	}
	return out
}
