package eval_test

import (
	"slices"
	"testing"

	"github.com/nixlint/nixlint/analysis/eval"
)

// TestFollow tells by what names code takes a value that is followed, in whatever way the set
// has got there, and that those of other values are left out.
func TestFollow(t *testing.T) {
	disk, err := eval.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	const code = `set: let
  pick = { size, ... }: size;
  more = set // { other = { size = 1; }; };
in [ set.size { inherit (set) size; }.size (pick more) (with more; size) (more ? size) (map (x: x.size) [ set ]) set.${"size"} more.other.size ]`
	ev := eval.New(disk, eval.DefaultLimits)
	ev.FollowIn(func(file string) bool { return file == "/own.nix" })
	own, ok := ev.Eval("/own.nix", `{ size = 2; }`).(*eval.Attrs)
	foreign, isSet := ev.Eval("/foreign.nix", `{ size = 3; }`).(*eval.Attrs)
	if !ok || !isSet {
		t.Fatal("these are sets")
	}
	for _, set := range []*eval.Attrs{own, foreign} {
		ev.Follow(set.Entries[0].Value, set.Entries[0].At)
		list, ok := ev.Call(ev.Eval("/code.nix", code), eval.Done(set), eval.Place{}).(*eval.List)
		if !ok {
			t.Fatal("the code makes a list")
		}
		for _, e := range list.Elems {
			if inner, ok := ev.Force(e).(*eval.List); ok {
				ev.Force(inner.Elems[0])
			}
		}
	}
	file, ok := ev.Eval("/code.nix", code).(*eval.Lambda)
	if !ok {
		t.Fatal("the code is a function")
	}
	var got []string
	for at := range ev.Takers(own.Entries[0].At.Spot()) {
		n := file.At().File.Tree.Node(at.Node)
		got = append(got, n.Parent().Text())
		if as := ev.Taken(at.Path, at.Node); !slices.Equal(as, []eval.Spot{own.Entries[0].At.Spot()}) {
			t.Errorf("%s has taken %v", n.Parent().Text(), as)
		}
	}
	slices.Sort(got)
	want := []string{"${\"size\"}", "inherit (set) size;", "size", "size", "size", "size", "with more; size"}
	if !slices.Equal(got, want) {
		t.Errorf("taken by %q, want %q", got, want)
	}
	if n := len(slices.Collect(ev.Takers(foreign.Entries[0].At.Spot()))); n != 0 {
		t.Errorf("what is not followed is taken %d times", n)
	}
}
