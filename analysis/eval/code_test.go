package eval_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/nixlint/nixlint/analysis/eval"
)

// TestCode evaluates a file by many evaluators at once that share what is compiled,
// and again after the text of one of two files has changed.
func TestCode(t *testing.T) {
	files := memory{
		"/repo/a.nix": `{ lib, n }: { options = lib.f [ n ]; config = { x.y = 1; x.z = rec { v = n; w = v + 1; }; s = "${toString n}!"; i = ''two ''; }; }`,
		"/repo/b.nix": `let call = import ./a.nix; in n: call { lib.f = x: map (y: y * 2) x; inherit n; }`,
	}
	code := &eval.Code{}
	run := func(files memory, n int) (*eval.Evaluator, string) {
		ev := eval.New(files, eval.DefaultLimits)
		ev.Keep(code)
		ev.ShareCalls()
		v := ev.Call(ev.Import("/repo/b.nix", eval.Place{}), eval.Done(eval.Int(n)), eval.Place{})
		if err := ev.Deep(eval.Done(v)); err != nil {
			t.Error(err)
		}
		return ev, ev.Print(v)
	}
	var wg sync.WaitGroup
	for n := range 16 {
		wg.Go(func() {
			_, got := run(files, n)
			if want := fmt.Sprintf("{ config = { i = \"two \"; s = \"%d!\"; x = { y = 1; z = { v = %d; w = %d; }; }; }; options = [ %d ]; }", n, n, n+1, 2*n); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
	wg.Wait()
	before, _ := run(files, 1)
	after, got := run(memory{"/repo/a.nix": `{ lib, n }: lib.f [ n 5 ]`, "/repo/b.nix": files["/repo/b.nix"]}, 1)
	if want := "[ 2 10 ]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if before.Files()["/repo/b.nix"] != after.Files()["/repo/b.nix"] {
		t.Error("a file that has not changed is another")
	}
	if before.Files()["/repo/a.nix"] == after.Files()["/repo/a.nix"] {
		t.Error("a file that has changed is the same")
	}
}
