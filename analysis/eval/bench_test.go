package eval_test

import (
	"fmt"
	"testing"

	"github.com/nixlint/nixlint/analysis/eval"
)

// BenchmarkEval evaluates programs that each stress one part.
func BenchmarkEval(b *testing.B) {
	for _, c := range []struct{ name, expr, want string }{
		{"fib", `let fib = n: if n < 2 then n else fib (n - 1) + fib (n - 2); in fib 18`, "2584"},
		{"deep recursion", `let sum = n: if n == 0 then 0 else n + sum (n - 1); in sum 8000`, "32004000"},
		{"update", `builtins.length (builtins.attrNames (builtins.foldl' (a: i: a // { "k${toString i}" = i; }) { } (builtins.genList (i: i) 500)))`, "500"},
		{"recursive sets", `let f = n: let x = rec { a = n; b = a + 1; c = { d = b; }; }; in x.c.d; in builtins.foldl' (s: i: s + f i) 0 (builtins.genList (i: i) 3000)`, "4501500"},
		{"patterns", `let f = { a, b ? a, ... }@args: a + b + args.c; in builtins.foldl' (s: i: s + f { a = i; c = 1; }) 0 (builtins.genList (i: i) 3000)`, "9000000"},
		{"lists", `let xs = builtins.genList (i: i) 3000; in builtins.length (builtins.filter (x: x < 1000) (map (x: x - 500) (builtins.concatMap (x: [ x x ]) xs)))`, "3000"},
		{"sort", `builtins.elemAt (builtins.sort (a: b: a < b) (builtins.genList (i: i * 7919 - i * 7919 / 2003 * 2003) 2000)) 1000`, "1003"},
		{"text", `builtins.stringLength (builtins.concatStringsSep "," (map (i: "item-${toString i}=${builtins.replaceStrings [ "a" ] [ "b" ] "abc"}") (builtins.genList (i: i) 2000)))`, "26889"},
		{"appending text", `builtins.stringLength (builtins.foldl' (s: i: s + "x${toString i}") "" (builtins.genList (i: i) 1000))`, "3890"},
		{"with", `with { a = 1; b = 2; f = x: x; }; builtins.foldl' (s: i: s + f a + b) 0 (builtins.genList (i: i) 3000)`, "9000"},
		{"mapAttrs", `let s = builtins.listToAttrs (builtins.genList (i: { name = "k${toString i}"; value = i; }) 1000); in builtins.foldl' (a: b: a + b) 0 (builtins.attrValues (builtins.mapAttrs (n: v: v + 1) s))`, "500500"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ev := eval.New(memory{}, eval.DefaultLimits)
				if got := ev.Print(ev.Eval("/repo/x.nix", c.expr)); got != c.want {
					b.Fatalf("got %s, want %s", got, c.want)
				}
			}
		})
	}
}

// BenchmarkImport evaluates many files that import each other, as a repository
// of modules does.
func BenchmarkImport(b *testing.B) {
	files := memory{}
	const count = 500
	for i := range count {
		files[fmt.Sprintf("/repo/m%d.nix", i)] = fmt.Sprintf(`{ lib, config, ... }:
{
  imports = [ ./m%d.nix ];
  config = lib.mkIf config.enable { a.b.c = "x"; d = [ 1 2 3 ]; };
}
`, (i+1)%count)
	}
	files["/repo/all.nix"] = fmt.Sprintf(`builtins.length (builtins.concatLists (builtins.genList
  (i: (import (./. + "/m${toString i}.nix") { lib = { }; config = { }; }).imports) %d))`, count)
	b.ReportAllocs()
	for b.Loop() {
		ev := eval.New(files, eval.DefaultLimits)
		if got := ev.Print(ev.Import("/repo/all.nix", eval.Place{})); got != fmt.Sprint(count) {
			b.Fatal(got)
		}
	}
}
