package nixlib_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/eval/nixlib"
)

// FuzzLib evaluates expressions of lib and of something unknown, u.
func FuzzLib(f *testing.F) {
	ar, err := txtar.ParseFile(casesFile)
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range ar.Files {
		if src := string(file.Data); strings.HasSuffix(file.Name, ".nix") {
			f.Add(src)
			f.Add(strings.Replace(src, "1", "u", 1))
			f.Add(strings.Replace(src, "{", "({ __toString = self: \"x\"; outPath = u; _type = \"if\"; } // u) // {", 1))
		}
	}
	f.Add(`lib.cleanSource { _isLibCleanSourceWith = true; }`)
	f.Add(`lib.fileset.toList { _internalPaths = [ 1 u ]; _type = "fileset"; }`)
	f.Fuzz(func(_ *testing.T, src string) {
		files := &eval.Overlay{Root: "/repo", Files: map[string]string{"/repo/a/x.nix": "1", "/repo/data.json": "{}", "/repo/a/default.nix": "x: x"}}
		ev := eval.New(files, eval.Limits{Steps: 20_000, Depth: 1000, Bytes: 16 << 20})
		fn := ev.Eval("/repo/case.nix", "lib: u: "+src)
		u := eval.NewUnknown("it is not known", "u")
		ev.Print(ev.Apply(fn, eval.Place{}, eval.Done(nixlib.New(ev, nil)), eval.Done(u)))
	})
}
