package refactor

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/scope"
	nixfmt "github.com/nixlint/nixlint/fmt"
	"github.com/nixlint/nixlint/parser"
)

var update = flag.Bool("update", false, "write the results into the cases")

// TestCases makes all refactorings of the places that testdata/*.txtar marks: « and »
// stand around a selection, with nothing between them for a cursor. What is offered
// follows the file, a title and the file it makes each; a new file follows its title.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := &txtar.Archive{Comment: ar.Comment}
			for _, f := range ar.Files {
				if name, ok := strings.CutSuffix(f.Name, ".nix"); ok && !strings.Contains(name, ":") {
					got.Files = append(got.Files, f)
					got.Files = append(got.Files, offered(t, name, string(f.Data))...)
				}
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(got), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if want := txtar.Format(ar); string(want) != string(txtar.Format(got)) {
				t.Errorf("go test ./analysis/refactor -update writes:\n%s", txtar.Format(got))
			}
		})
	}
}

// offered returns what is offered in a text with a marked selection.
func offered(t *testing.T, name, marked string) []txtar.File {
	t.Helper()
	before, rest, ok := strings.Cut(marked, "«")
	selected, after, ok2 := strings.Cut(rest, "»")
	if !ok || !ok2 {
		t.Fatalf("%s has no selection", name)
	}
	text := before + selected + after
	place := Place{
		File:      "dir/" + name + ".nix",
		Names:     scope.Resolve(parser.Parse(text)),
		Selection: parser.Span{Start: uint32(len(before)), End: uint32(len(before) + len(selected))},
		Exists:    func(path string) bool { return strings.HasSuffix(path, "taken.nix") },
	}
	var out []txtar.File
	for _, a := range At(place) {
		var own []diagnostic.Edit
		for _, e := range a.Edits(nixfmt.Options{}) {
			if e.Create {
				out = append(out, txtar.File{Name: name + ": " + e.File, Data: []byte(e.Text)})
			} else {
				own = append(own, e)
			}
		}
		changed, err := diagnostic.Apply(text, own)
		if err != nil {
			t.Fatalf("%s: %s: %v", name, a.Title, err)
		}
		out = append(out, txtar.File{Name: name + ": " + a.Title, Data: []byte(changed)})
	}
	return out
}

// TestMeaning makes every refactoring that promises to keep the value at every place of
// programs whose values are known.
func TestMeaning(t *testing.T) {
	made := make(map[string]int)
	for _, file := range []string{"../eval/testdata/expressions.txtar", "../eval/testdata/constructs.txtar"} {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range ar.Files {
			if !strings.HasSuffix(f.Name, ".nix") {
				continue
			}
			text := string(f.Data)
			tree := parser.Parse(text)
			if len(tree.Errors()) > 0 || strings.Contains(text, "__curPos") || strings.Contains(text, "unsafeGetAttrPos") {
				continue
			}
			want := value(text)
			if strings.Contains(want, "«unknown") {
				continue
			}
			seen := make(map[string]bool)
			names := scope.Resolve(tree)
			for n := range tree.Root().Preorder() {
				for _, selection := range []parser.Span{n.Span(), {Start: n.Span().Start, End: n.Span().Start}} {
					for _, a := range At(Place{File: "x.nix", Names: names, Selection: selection}) {
						if strings.HasPrefix(a.Title, "sort ") || strings.HasPrefix(a.Title, "add ") {
							continue
						}
						changed, err := diagnostic.Apply(text, a.Edits(nixfmt.Options{}))
						if err != nil {
							t.Fatalf("%s: %v", text, err)
						}
						title, _, _ := strings.Cut(a.Title, "`")
						made[title]++
						if seen[changed] {
							continue
						}
						seen[changed] = true
						if got := value(changed); got != want {
							t.Errorf("%s: %s\n%s is %s\n%s is %s", f.Name, a.Title, text, want, changed, got)
						}
					}
				}
			}
		}
	}
	if len(made) < 12 {
		t.Errorf("only these were made: %v", made)
	}
}

// value returns the value of a program, an error as one.
func value(text string) string {
	ev := eval.New(nowhere{}, eval.DefaultLimits)
	out := ev.Print(ev.Eval("/x.nix", text))
	if strings.Contains(out, "«error") {
		return "error"
	}
	return out
}

// nowhere is a file system without files.
type nowhere struct{}

func (nowhere) Allowed(string) bool                       { return false }
func (nowhere) Parse(string) (*parser.Tree, error)        { return nil, os.ErrNotExist }
func (nowhere) ReadFile(string) (string, error)           { return "", os.ErrNotExist }
func (nowhere) ReadDir(string) (map[string]string, error) { return nil, os.ErrNotExist }
func (nowhere) Kind(string) string                        { return "" }

// TestBroken asks for refactorings everywhere in programs with mistakes: they must be looked
// at without failing, and none may add to the mistakes.
func TestBroken(t *testing.T) {
	ar, err := txtar.ParseFile(filepath.Join("..", "..", "parser", "testdata", "recovery.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	offered := 0
	for _, f := range ar.Files {
		if !strings.HasSuffix(f.Name, ".nix") {
			continue
		}
		text := string(f.Data)
		names := scope.Resolve(parser.Parse(text))
		for at := range uint32(len(text) + 1) {
			for _, a := range At(Place{File: "x.nix", Names: names, Selection: parser.Span{Start: at, End: at}}) {
				offered++
				changed, err := diagnostic.Apply(text, a.Edits(nixfmt.Options{}))
				if err != nil {
					t.Fatalf("%s: %s: %v", f.Name, a.Title, err)
				}
				if before, after := len(names.Tree().Errors()), len(parser.Parse(changed).Errors()); after > before {
					t.Errorf("%s: %s makes %d mistakes of %d:\n%s", f.Name, a.Title, after, before, changed)
				}
			}
		}
	}
	if offered == 0 {
		t.Error("nothing was offered")
	}
}
