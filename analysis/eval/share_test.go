package eval_test

import (
	"testing"

	"github.com/nixlint/nixlint/analysis/eval"
)

// TestShareCalls calls a function twice, with arguments of which one is the same
// set, and holds against each other the attributes `a` of the results: the thunk
// is the same if and only if nothing else decides the value.
func TestShareCalls(t *testing.T) {
	cases := []struct {
		function string
		shared   bool
		want     string // of both calls, one after the other
	}{
		{"{ lib, n, ... }: { a = lib.x + 1; }", true, "[ 2 2 ]"},
		{"{ lib, n, ... }: { a = lib.x + n; }", false, "[ 11 21 ]"},
		{"{ lib, n, ... }: { a.b.c = lib.x + 1; a.d = 2; }", true, "[ { b = { c = 2; }; d = 2; } «repeated» ]"},
		{"{ lib, n, ... }: { a.b.c = lib.x + 1; a.d = n; }", false, "[ { b = { c = 2; }; d = 10; } { b = «repeated»; d = 20; } ]"},
		{"{ lib, n, ... }: let one = lib.x; in { a = one + 1; }", true, "[ 2 2 ]"},
		{"{ lib, n, ... }: let one = n; in { a = one + 1; }", false, "[ 11 21 ]"},
		{"{ lib, n, ... }: let two = one + lib.x; one = lib.x; in { a = two + 1; }", true, "[ 3 3 ]"},
		{"{ lib, n, ... }: let two = one + lib.x; one = n; in { a = two + 1; }", false, "[ 12 22 ]"},
		{"{ lib, n, ... }: with lib; { a = x + 1; }", true, "[ 2 2 ]"},
		{"{ lib, n, ... }@all: with all; { a = n + 1; }", false, "[ 11 21 ]"},
		{"{ lib, n, ... }@all: { a = all.n + 0; }", false, "[ 10 20 ]"},
		{"{ lib, n, ... }@all: { a = let inherit (lib) x; in x + 1; }", true, "[ 2 2 ]"},
		{"{ lib, n, ... }@all: { a = let inherit n; in n + 1; }", false, "[ 11 21 ]"},
		{"{ lib, n, ... }: { a = (n: n + lib.x) 3; }", true, "[ 4 4 ]"},
		{"{ lib, n, ... }: { a = ({ n ? 1, ... }: n + lib.x) { }; }", true, "[ 2 2 ]"},
		{"{ lib, n, ... }: { a = (m: n + lib.x) 3; }", false, "[ 11 21 ]"},
		{"{ lib, n, ... }: { a = { inherit n; }.n + 1; }", false, "[ 11 21 ]"},
		{"{ lib, n, ... }: { a = rec { n = lib.x; m = n; }; }", true, "[ { m = 1; n = 1; } «repeated» ]"},
		{"{ lib, n, ... }: { a = rec { inherit n; m = lib.x; }; }", false, "[ { m = 1; n = 10; } { m = 1; n = 20; } ]"},
		{"{ lib, n, ... }: { a.b = rec { k = lib.x; m = k; }; }", true, "[ { b = { k = 1; m = 1; }; } «repeated» ]"},
		{"{ lib, n, ... }: rec { a = b + 1; b = lib.x; }", true, "[ 2 2 ]"},
		{"{ lib, n, ... }: rec { a = b + 1; b = n; }", false, "[ 11 21 ]"},
		{"{ lib, n, ... }: rec { a = b + 1; b = lib.x; __overrides.b = n; }", false, "[ 11 21 ]"},
		{"{ lib, n, ... }: { a = { ${toString n} = 1; }; }", false, `[ { "10" = 1; } { "20" = 1; } ]`},
		{"{ lib, n, ... }: { a.${toString n} = 1; }", false, `[ { "10" = 1; } { "20" = 1; } ]`},
		{"{ lib, n, ... }: { a = \"${toString n}\"; }", false, `[ "10" "20" ]`},
		{"{ lib, own, ... }: { a = lib.x + own.n; }", false, "[ 11 21 ]"},
		{"let k = 5; in { lib, n, ... }: { a = k + lib.x; }", true, "[ 6 6 ]"},
		{"{ lib, n, ... }: { a = builtins.length [ lib ]; }", true, "[ 1 1 ]"},
		{"{ lib, n, __findFile ? p: s: n, ... }: { a = <x> + 1; }", false, "[ 11 21 ]"},
		{"args: { a = args.n + 0; }", false, "[ 10 20 ]"},
		{"{ lib, n, ... }: (m: { a = m + 0; }) n", false, "[ 10 20 ]"},
		{"{ lib, n, ... }: if n > 15 then { a = lib.x + 1; } else { a = lib.x + 2; }", false, "[ 3 2 ]"},
	}
	for _, c := range cases {
		ev := eval.New(memory{}, eval.DefaultLimits)
		ev.ShareCalls()
		fn := ev.Eval("/f.nix", c.function)
		lib := ev.Eval("/lib.nix", "{ x = 1; }")
		var thunks []*eval.Thunk
		results := &eval.List{}
		for _, n := range []eval.Int{10, 20} {
			args := eval.NewAttrs(map[string]eval.Value{
				"lib": lib, "n": n, "own": eval.NewAttrs(map[string]eval.Value{"n": n}),
			})
			result, ok := ev.Call(fn, eval.Done(args), eval.Place{}).(*eval.Attrs)
			if !ok {
				t.Fatalf("%s: gives no set", c.function)
			}
			a := result.Get("a").Value
			thunks = append(thunks, a)
			ev.Force(a)
			results.Elems = append(results.Elems, a)
		}
		if shared := thunks[0] == thunks[1]; shared != c.shared {
			t.Errorf("%s: shared: %v", c.function, shared)
		}
		if got := ev.Print(results); got != c.want {
			t.Errorf("%s: got %s, want %s", c.function, got, c.want)
		}
	}
}
