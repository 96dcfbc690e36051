package config_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/config"
)

var update = flag.Bool("update", false, "write the results into the cases")

// someRules are the rules that the cases know.
var someRules = []config.Rule{
	{Name: "syntax", Group: "syntax", Presets: []config.Preset{config.Recommended, config.Strict}},
	{Name: "suppression-without-reason", Group: "syntax"},
	{Name: "unused-binding", Group: "names", Presets: []config.Preset{config.Recommended, config.Strict, config.Nixpkgs}},
	{Name: "shadowed-binding", Group: "names", Presets: []config.Preset{config.Strict}},
	{Name: "empty-let", Group: "simplify", Presets: []config.Preset{config.Recommended, config.Strict, config.Statix}},
	{Name: "repeated-keys", Group: "simplify", Presets: []config.Preset{config.Statix}},
}

// TestCases runs the cases in testdata. Each is a tree of files with a file
// `ask` that names files, or repositories by a slash at the end, of which the
// settings are asked for, one on a line, perhaps followed by flags, and a file `want` with those that are not the
// default, or the errors.
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
	var ask, want string
	wanted := -1
	for i, f := range ar.Files {
		switch f.Name {
		case "ask":
			ask = string(f.Data)
		case "want":
			want, wanted = string(f.Data), i
		default:
			to := filepath.Join(dir, filepath.FromSlash(f.Name))
			if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(to, f.Data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if ask == "" || wanted < 0 {
		t.Fatal("the case has no `ask` or no `want`")
	}
	var b strings.Builder
	for line := range strings.Lines(ask) {
		answer(&b, dir, strings.Fields(line))
	}
	got := strings.ReplaceAll(b.String(), dir+string(filepath.Separator), "")
	if got == want {
		return
	}
	if !*update {
		t.Fatalf("got:\n%s\nwant:\n%s", got, want)
	}
	ar.Files[wanted].Data = []byte(got)
	if err := os.WriteFile(name, txtar.Format(ar), 0o644); err != nil {
		t.Fatal(err)
	}
}

// answer describes the settings for one file.
func answer(b *strings.Builder, dir string, words []string) {
	o := config.Options{Rules: someRules}
	for _, w := range words[1:] {
		flag, value, _ := strings.Cut(w, "=")
		switch flag {
		case "--select":
			o.Select = strings.Split(value, ",")
		case "--ignore":
			o.Ignore = strings.Split(value, ",")
		case "--extend-select":
			o.ExtendSelect = strings.Split(value, ",")
		case "--config":
			o.File = filepath.Join(dir, value)
		case "--no-config":
			o.Isolated = true
		default:
			panic("no such flag: " + flag)
		}
	}
	fmt.Fprintln(b, strings.Join(words, " "))
	c := config.New(o)
	find, name := c.For, filepath.Join(dir, words[0])
	if strings.HasSuffix(words[0], "/") {
		find = c.Repository
	}
	s, err := find(name)
	if err == nil {
		err = c.UnknownFlags()
	}
	if err != nil {
		fmt.Fprintf(b, "  %s\n", strings.ReplaceAll(err.Error(), "\n", "\n  "))
		return
	}
	for _, v := range s.Shown() {
		if v.From.Kind != config.FromDefault {
			fmt.Fprintf(b, "  %s = %v  %s\n", v.Key, v.Value, v.From)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Rules)) {
		r := s.Rules[name]
		if r.From == (config.Origin{Kind: config.FromPreset, Name: "recommended"}) && r.Severity == 0 {
			continue
		}
		fmt.Fprintf(b, "  %s %s  %s", name, map[bool]string{true: "on", false: "off"}[r.On], r.From)
		if r.Severity != 0 {
			fmt.Fprintf(b, "; %s  %s", r.Severity, r.SeverityFrom)
		}
		b.WriteString("\n")
	}
	for _, u := range s.UserRules {
		if u.Query == nil {
			b.WriteString("  a rule is not ready\n")
		}
		u.Query = nil
		fmt.Fprintf(b, "  rule %+v\n", u)
	}
	if strings.HasSuffix(words[0], ".used.nix") != s.Reachable(filepath.Join(dir, words[0])) {
		b.WriteString("  Reachable is wrong\n")
	}
}

// TestShared checks that files with the same settings share them.
func TestShared(t *testing.T) {
	dir := t.TempDir()
	text := "exclude = [\"b\"]\n[check.per-file.\"*.gen.nix\"]\nignore = [\"names\"]\n"
	if err := os.WriteFile(filepath.Join(dir, config.FileName), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	c := config.New(config.Options{Rules: someRules})
	get := func(name string) *config.Settings {
		s, err := c.For(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	plain := get("x.nix")
	if get("a/y.nix") != plain || get("a/b.nix") != plain || get("b/z.nix") == plain || get("x.gen.nix") == plain || get("x.gen.nix") != get("y.gen.nix") {
		t.Error("files with the same settings do not share them, or others do")
	}
	if !get("b/z.nix").CheckExcluded.Value {
		t.Error("b/z.nix is not excluded")
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"exclude = ['a/**']\n[check]\npreset = 'strict'\nseverity = { a = 'off' }\n[check.per-file.'x']\nselect = []\n",
		"[[rule]]\nname = 'a-b'\npattern = '$A'\nmessage = 'm'\nwhere.A = 'x+'\n[[rule]]\n",
		"check.fmt = 1\nfmt.width = 1_0\nrepo = [{}]\n", "rule = [1, {}]\nhosts.a.snapshot = ''", "\"\\u00e9\" = 0x7fffffffffffffff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, errs := config.Parse("f", data)
		if file == nil && len(errs) == 0 {
			t.Error("neither settings nor an error")
		}
		lines := strings.Count(string(data), "\n") + 1
		for _, e := range errs {
			if e.Message == "" || e.Line < 1 || e.Line > lines || e.Column < 1 {
				t.Errorf("mistake without a message or a place: %+v", e)
			}
		}
	})
}

// BenchmarkFor finds the settings of ten thousand files in a thousand folders,
// as a check of a large repository does.
func BenchmarkFor(b *testing.B) {
	dir := b.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, ".git"), 0o755); err != nil {
		b.Fatal(err)
	}
	text := "exclude = [\"vendor\", \"**/*.gen.nix\"]\n[check.per-file.\"hosts/**\"]\nignore = [\"names\"]\n[check.per-file.\"**/test/*.nix\"]\nselect = []\n"
	if err := os.WriteFile(filepath.Join(dir, config.FileName), []byte(text), 0o644); err != nil {
		b.Fatal(err)
	}
	var names []string
	for i := range 1000 {
		folder := filepath.Join(dir, "hosts", fmt.Sprint(i/100), fmt.Sprint(i))
		if err := os.MkdirAll(folder, 0o755); err != nil {
			b.Fatal(err)
		}
		for j := range 10 {
			names = append(names, filepath.Join(folder, fmt.Sprint(j, ".nix")))
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		c := config.New(config.Options{Rules: someRules})
		for _, name := range names {
			if _, err := c.For(name); err != nil {
				b.Fatal(err)
			}
		}
	}
}
