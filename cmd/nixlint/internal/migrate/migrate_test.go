package migrate_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/migrate"
)

var update = flag.Bool("update", false, "write the results into the cases")

// TestCases runs the cases in testdata: files of settings, and what becomes of
// them in `want.toml` and `left`.
func TestCases(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) { runCase(t, name) })
	}
}

func runCase(t *testing.T, name string) {
	ar, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	got := &txtar.Archive{Comment: ar.Comment}
	for _, f := range ar.Files {
		if f.Name == "want.toml" || f.Name == "left" {
			continue
		}
		got.Files = append(got.Files, f)
		to := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	r, err := repo.Open(dir, repo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, rule := range rules.All() {
		names = append(names, rule.Name)
	}
	result, err := migrate.Read(r, names)
	var left string
	switch {
	case err != nil:
		left = err.Error() + "\n"
	case result != nil:
		got.Files = append(got.Files, txtar.File{Name: "want.toml", Data: []byte(result.Text)})
		for _, l := range result.Left {
			left += l + "\n"
		}
		checkSettings(t, dir, result.Text)
	}
	got.Files = append(got.Files, txtar.File{Name: "left", Data: []byte(left)})
	text := txtar.Format(got)
	if want, err := os.ReadFile(name); err != nil || string(want) != string(text) {
		if !*update {
			t.Fatalf("got:\n%s\nwant:\n%s", text, want)
		}
		if err := os.WriteFile(name, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// checkSettings checks that what is written can be read.
func checkSettings(t *testing.T, dir, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, config.FileName), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := config.New(config.Options{Rules: rules.Catalogue()}).Repository(dir); err != nil {
		t.Errorf("the settings are wrong: %v\n%s", err, text)
	}
}

// FuzzRead checks that what is written can be read, whatever the settings of
// other tools look like.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"[formatter.a]\ncommand = 'deadnix'\noptions = ['-lLe_', '--exclude', '../x', '[', '--ignore=y']\nexcludes = ['a*b/*', '..', '/', '{', '**/*']\n",
		"excludes = ['*/*/x*y*z.nix']\n[formatter.a]\ncommand = 'nixfmt'\noptions = ['-w', 'x\\ny', '--indent=0']\n",
		"[formatter.a]\ncommand = 'statix'\noptions = ['-i', '\\', '--ignore', \"\\u0001\\u007f\"]\n",
		"repos: [{hooks: [{id: deadnix, args: [-L, '-'], exclude: '^(a|b)/'}]}]",
		"disabled = ['x', '', 'bool_comparison']\nignore = ['!', '/', 'a/../b']\n",
	} {
		f.Add(seed)
	}
	var names []string
	for _, rule := range rules.All() {
		names = append(names, rule.Name)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"treefmt.toml", "statix.toml", ".pre-commit-config.yaml"} {
			dir := t.TempDir()
			for file, content := range map[string]string{name: text, "flake.nix": "{ }"} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			r, err := repo.Open(dir, repo.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if result, err := migrate.Read(r, names); err == nil && result != nil {
				checkSettings(t, dir, result.Text)
			}
		}
	})
}
