// Package parallel does the same with many things, several at once.
package parallel

import (
	"runtime"
	"sync/atomic"

	"github.com/sourcegraph/conc"
)

// Workers are the goroutines that share a list of things.
type Workers struct {
	// Most is how many there are at most; 0 means one for each processor.
	Most int
	// Background is set if others in the process go first, as by [Background].
	Background bool
}

// Count returns how many there are if the list is long enough.
func (w Workers) Count() int {
	if w.Most > 0 {
		return w.Most
	}
	return runtime.GOMAXPROCS(0)
}

// Each calls f for each element of a list, in no order, and returns when all are done. A panic
// in f is that of the caller.
func Each[T any](w Workers, list []T, f func(*T)) {
	w.each(len(list), func(i int) { f(&list[i]) })
}

// Map is Each that returns what f returns, in the order of the list.
func Map[T, R any](w Workers, list []T, f func(*T) R) []R {
	out := make([]R, len(list))
	w.each(len(list), func(i int) { out[i] = f(&list[i]) })
	return out
}

// each calls f with all numbers below count.
func (w Workers) each(count int, f func(i int)) {
	var begun atomic.Int64
	var workers conc.WaitGroup
	for range min(w.Count(), count) {
		workers.Go(func() {
			if w.Background {
				Background()
			}
			for i := int(begun.Add(1)) - 1; i < count; i = int(begun.Add(1)) - 1 {
				f(i)
			}
		})
	}
	workers.Wait()
}
