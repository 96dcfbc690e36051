package scope_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// update rewrites the wanted output of the cases: NIXLINT_UPDATE=1 go test.
var update = os.Getenv("NIXLINT_UPDATE") != ""

// TestResolve reads pairs of files in testdata: NAME.nix, and NAME.want with
// what every name in it means. A `|` between two `‹›` in the Nix file marks a
// place at which the visible names are listed.
func TestResolve(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, archive := range archives {
		ar, err := txtar.ParseFile(archive)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(ar.Files); i++ {
			f := ar.Files[i]
			name, ok := strings.CutSuffix(f.Name, ".nix")
			if !ok {
				continue
			}
			got := describe(string(f.Data))
			want := -1
			for j := range ar.Files {
				if ar.Files[j].Name == name+".want" {
					want = j
				}
			}
			if want < 0 {
				ar.Files = slices.Insert(ar.Files, i+1, txtar.File{Name: name + ".want"})
				want = i + 1
			}
			t.Run(strings.TrimSuffix(filepath.Base(archive), ".txtar")+"/"+name, func(t *testing.T) {
				if g, w := got, string(ar.Files[want].Data); g != w && !update {
					t.Errorf("got:\n%s\nwant:\n%s", g, w)
				}
			})
			ar.Files[want].Data = []byte(got)
		}
		if update {
			if err := os.WriteFile(archive, txtar.Format(ar), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// describe lists what every use of a name means, which definitions are
// unreachable, which withs give nothing, and what is visible at each mark.
func describe(src string) string {
	var marks []uint32
	const mark = "‹›"
	for at := strings.Index(src, mark); at >= 0; at = strings.Index(src, mark) {
		marks = append(marks, uint32(at))
		src = src[:at] + src[at+len(mark):]
	}
	tree := parser.Parse(src)
	names := scope.Resolve(tree)
	at := func(id parser.NodeID) string {
		line, column := tree.Lines().Position(tree.Node(id).Span().Start)
		return fmt.Sprintf("%d:%d", line+1, column+1)
	}
	var b strings.Builder
	for i, u := range names.Uses() {
		fmt.Fprintf(&b, "%s %s: ", at(u.Node), tree.Node(u.Node).Text())
		switch u.Target {
		case scope.Local:
			var places []string
			for p := range names.Places(u.Def) {
				places = append(places, at(p.ID()))
			}
			fmt.Fprintf(&b, "%s %s", kinds[names.Definitions()[u.Def].Kind], strings.Join(places, " "))
		case scope.GlobalOf:
			b.WriteString("global")
		case scope.FromWith:
			fmt.Fprintf(&b, "with %s", at(names.Scopes()[u.With].Node))
		case scope.Nothing:
			b.WriteString("nothing")
		}
		if names.UseAt(tree.Node(u.Node)) != scope.UseID(i) {
			b.WriteString(" (not found by its node)")
		}
		b.WriteByte('\n')
	}
	for _, d := range names.Unreachable() {
		fmt.Fprintf(&b, "unreachable: %s %s\n", at(names.Definitions()[d].Node), names.Name(d))
	}
	for _, s := range names.Scopes() {
		if s.Kind == scope.With && !s.Reached {
			fmt.Fprintf(&b, "gives nothing: with %s\n", at(s.Node))
		}
	}
	for i, m := range marks {
		fmt.Fprintf(&b, "visible at mark %d:", i+1)
		id := names.At(m)
		for d := range names.Visible(id) {
			fmt.Fprintf(&b, " %s", names.Name(d))
		}
		for w := range names.Withs(id) {
			fmt.Fprintf(&b, " with(%s)", parser.With{Node: tree.Node(names.Scopes()[w].Node)}.Namespace().Text())
		}
		b.WriteByte('\n')
	}
	return b.String()
}

var kinds = map[scope.DefKind]string{
	scope.Binding: "binding", scope.Inherit: "inherit", scope.InheritFrom: "inherit-from",
	scope.Argument: "argument", scope.Formal: "formal", scope.Whole: "whole",
}

// TestUsesAndDefinitionsAgree checks on a large tree that each use is in the
// list of its definition, and in no other.
func TestUsesAndDefinitionsAgree(t *testing.T) {
	for _, src := range corpus(t) {
		names := scope.Resolve(parser.Parse(src))
		seen := make([]int, len(names.Uses()))
		for d := range names.Definitions() {
			n := int32(0)
			for u := range names.UsesOf(scope.DefID(d)) {
				if names.Uses()[u].Def != scope.DefID(d) {
					t.Fatalf("use %d is in the list of %d", u, d)
				}
				seen[u]++
				n++
			}
			if n != names.Definitions()[d].Uses {
				t.Fatalf("definition %d counts %d uses and lists %d", d, names.Definitions()[d].Uses, n)
			}
		}
		for u, use := range names.Uses() {
			if want := map[bool]int{true: 1}[use.Def != scope.None]; seen[u] != want {
				t.Fatalf("use %d is listed %d times", u, seen[u])
			}
		}
	}
}

// corpus returns the files of the example repository. NIXLINT_CORPUS names
// another folder.
func corpus(tb testing.TB) (files []string) {
	tb.Helper()
	dir := os.Getenv("NIXLINT_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "testdata", "repos", "example")
	}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".nix") {
			return err
		}
		data, err := os.ReadFile(path)
		files = append(files, string(data))
		return err
	})
	if err != nil || len(files) == 0 {
		tb.Fatalf("no files in %s: %v", dir, err)
	}
	return files
}

func BenchmarkResolve(b *testing.B) {
	var trees []*parser.Tree
	var size int64
	for _, src := range corpus(b) {
		trees = append(trees, parser.Parse(src))
		size += int64(len(src))
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, t := range trees {
			scope.Resolve(t)
		}
	}
}

func FuzzResolve(f *testing.F) {
	for _, src := range corpus(f) {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		names := scope.Resolve(parser.Parse(src))
		names.Unreachable()
		for at := 0; at <= len(src); at += 1 + len(src)/16 {
			for range names.Visible(names.At(uint32(at))) {
			}
		}
	})
}
