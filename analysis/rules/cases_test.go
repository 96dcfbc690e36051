package rules_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/parser"
)

// update rewrites what the cases want: NIXLINT_UPDATE=1 go test.
var update = os.Getenv("NIXLINT_UPDATE") != ""

// TestCases runs each rule over the files of testdata/RULE.txtar, which form a
// repository. A file X.nix may be followed by X.want with the rule's findings
// in it, and by X.fixed with the text that all fixes make of it; a file
// without X.want must be clean.
func TestCases(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	have := make(map[string]bool)
	for _, archive := range archives {
		name := strings.TrimSuffix(filepath.Base(archive), ".txtar")
		have[name] = true
		t.Run(name, func(t *testing.T) {
			if rules.ByName(name) == nil {
				t.Fatalf("there is no rule %s", name)
			}
			runCases(t, archive, name)
		})
	}
	for _, r := range rules.All() {
		if (r.Group == "names" || r.Group == "simplify") && !have[r.Name] {
			t.Errorf("there are no cases of %s", r.Name)
		}
	}
}

func runCases(t *testing.T, archive, rule string) {
	ar, err := txtar.ParseFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	wanted := make(map[string]string)
	var files []txtar.File
	for _, f := range ar.Files {
		switch filepath.Ext(f.Name) {
		case ".want", ".fixed":
			wanted[f.Name] = string(f.Data)
		default:
			files = append(files, f)
			writeFile(t, filepath.Join(dir, f.Name), f.Data)
		}
	}
	r, err := repo.Open(dir, repo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	selected := rule
	if rule == "unused-suppression" {
		selected = "all"
	}
	got := make(map[string]string)
	found := make(map[string]int)
	for _, d := range findings(t, r, selected) {
		base := strings.TrimSuffix(d.File, ".nix")
		if d.Rule == "syntax" {
			t.Errorf("%s is not Nix: %s", d.File, d.Message)
		}
		if d.Rule == rule {
			got[base+".want"] += describe(r, d)
			found[d.File]++
		}
	}
	fixed, err := rules.Fix(dir, repo.Options{}, rules.Only(selected), true, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range fixed.Left {
		if d.Rule == rule && d.Fix != nil {
			t.Errorf("%s: the fix leaves a finding that has a fix: %s", d.File, d.Message)
		}
	}
	for file, text := range fixed.Texts {
		got[strings.TrimSuffix(file, ".nix")+".fixed"] = text
		checkComments(t, file, r.File(file).Text, text)
	}

	out := &txtar.Archive{Comment: ar.Comment}
	for _, f := range files {
		out.Files = append(out.Files, f)
		base := strings.TrimSuffix(f.Name, ".nix")
		for _, ext := range []string{".want", ".fixed"} {
			if text, ok := got[base+ext]; ok {
				out.Files = append(out.Files, txtar.File{Name: base + ext, Data: []byte(text)})
			}
			if got[base+ext] != wanted[base+ext] && !update {
				t.Errorf("%s%s: got:\n%s\nwant:\n%s", base, ext, got[base+ext], wanted[base+ext])
			}
		}
	}
	if data := txtar.Format(out); update && !bytes.Equal(data, txtar.Format(ar)) {
		if err := os.WriteFile(archive, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// checkComments checks that a fix has lost no comment but those meant for
// nixlint.
func checkComments(t *testing.T, file, before, after string) {
	t.Helper()
	left := make(map[string]int)
	tree := parser.Parse(after)
	for c := range tree.Comments() {
		left[tree.TriviaText(c)]++
	}
	tree = parser.Parse(before)
	for c := range tree.Comments() {
		text := tree.TriviaText(c)
		if left[text]--; left[text] < 0 && !strings.Contains(text, "nixlint-ignore") && !strings.Contains(text, "goes too") {
			t.Errorf("%s: the fix loses the comment %q", file, text)
		}
	}
}

// describe writes a finding as `line:column-line:column: severity: message`,
// with help, related places and the title of the fix on lines of their own.
func describe(r *repo.Repo, d diagnostic.Diagnostic) string {
	var b strings.Builder
	at := func(file string, s parser.Span) string {
		lines := r.File(file).Tree.Lines()
		l1, c1 := lines.Position(s.Start)
		l2, c2 := lines.Position(s.End)
		return fmt.Sprintf("%d:%d-%d:%d", l1+1, c1+1, l2+1, c2+1)
	}
	fmt.Fprintf(&b, "%s: %s: %s\n", at(d.File, d.Span), d.Severity, d.Message)
	for _, rel := range d.Related {
		fmt.Fprintf(&b, "  %s: %s\n", at(rel.File, rel.Span), rel.Message)
	}
	if d.Help != "" {
		fmt.Fprintf(&b, "  help: %s\n", d.Help)
	}
	if d.Fix != nil {
		safe := "unsafe"
		if d.Fix.Safe {
			safe = "safe"
		}
		fmt.Fprintf(&b, "  %s fix: %s\n", safe, d.Fix.Title)
	}
	return b.String()
}

func writeFile(t testing.TB, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
