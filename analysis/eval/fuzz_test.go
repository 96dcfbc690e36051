package eval_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/eval"
)

// FuzzEval evaluates any text and prints what comes of it in all forms. It must
// end within its limits, and leave nothing half evaluated behind.
func FuzzEval(f *testing.F) {
	for _, name := range []string{"testdata/expressions.txtar", "testdata/constructs.txtar", "nixlib/testdata/lib.txtar"} {
		ar, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range ar.Files {
			if strings.HasSuffix(file.Name, ".nix") {
				f.Add(string(file.Data))
			}
		}
	}
	limits := eval.Limits{Steps: 20_000, Depth: 500, Bytes: 16 << 20}
	f.Fuzz(func(t *testing.T, src string) {
		ev := eval.New(memory{"/repo/a.nix": src, "/repo/b.nix": "1", "/repo/d/default.nix": "x: x"}, limits)
		v := ev.Import("/repo/a.nix", eval.Place{})
		check := func(what string) {
			t.Helper()
			unbalanced, steps, bytes := ev.Balance()
			// What exceeds the limits is found at the next step, and lists may
			// be made before it.
			if unbalanced != 0 || len(ev.Exceeded()) == 0 && (steps > limits.Steps || bytes > limits.Bytes) {
				t.Errorf("after %s: %d unbalanced, %d steps, %d bytes, exceeded %v", what, unbalanced, steps, bytes, ev.Exceeded())
			}
		}
		check("evaluation")
		for what, print := range map[string]func(){
			"shallow": func() { ev.PrintShallow(v) }, "strict": func() { ev.Print(v) }, "JSON": func() { ev.PrintJSON(v) },
			"XML": func() { ev.XML(v) }, "deep": func() { ev.Deep(eval.Done(v)) },
			"call": func() { ev.Print(ev.Call(v, eval.Done(eval.NewUnknown("it is not known", "u")), eval.Place{})) },
		} {
			ev.Reset()
			print()
			check(what)
		}
	})
}

// FuzzUpdate compares `a // b` with the same done by a map.
func FuzzUpdate(f *testing.F) {
	f.Add([]byte("abcdefghijklmnopqrstuvwxyz"), []byte("c"))
	f.Add([]byte("m"), []byte("abcdefghijklmnopqrstuvwxyz"))
	f.Add([]byte("aceg"), []byte("bdfg"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		want := make(map[string]eval.Value)
		set := func(names []byte, v eval.Int) *eval.Attrs {
			values := make(map[string]eval.Value)
			for _, n := range names {
				values[string(rune(n))] = v
			}
			maps.Copy(want, values)
			return eval.NewAttrs(values)
		}
		got := eval.Update(set(a, 1), set(b, 2))
		if !slices.Equal(got.Names(), slices.Sorted(maps.Keys(want))) {
			t.Fatalf("%q // %q has the attributes %v", a, b, got.Names())
		}
		ev := eval.New(memory{}, eval.DefaultLimits)
		for _, e := range got.Entries {
			if v := ev.Force(e.Value); v != want[e.Name] {
				t.Errorf("%q // %q: %s is %v", a, b, e.Name, v)
			}
		}
	})
}
