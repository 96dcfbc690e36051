package parallel_test

import (
	"slices"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/nixlint/nixlint/analysis/parallel"
)

func TestMap(t *testing.T) {
	list := make([]int, 1000)
	want := make([]string, len(list))
	for i := range list {
		list[i], want[i] = i, strconv.Itoa(i)
	}
	for _, w := range []parallel.Workers{{}, {Most: 1}, {Most: 7}, {Most: 3, Background: true}} {
		if got := parallel.Map(w, list, func(i *int) string { return strconv.Itoa(*i) }); !slices.Equal(got, want) {
			t.Errorf("%+v: %d strings, not in the order of the numbers", w, len(got))
		}
		if got := parallel.Map(w, nil, func(*int) string { return "" }); len(got) != 0 {
			t.Errorf("%+v: %q of nothing", w, got)
		}
	}
}

func TestMost(t *testing.T) {
	var now, most atomic.Int64
	parallel.Each(parallel.Workers{Most: 3}, make([]struct{}, 100), func(*struct{}) {
		n := now.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		now.Add(-1)
	})
	if most.Load() > 3 {
		t.Errorf("%d workers, want 3 at most", most.Load())
	}
}

func TestPanic(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a panic of a worker got lost")
		}
	}()
	parallel.Each(parallel.Workers{}, []int{1, 2, 3}, func(i *int) {
		if *i == 2 {
			panic("two")
		}
	})
}
