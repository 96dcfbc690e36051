package parallel_test

import (
	"runtime"
	"sync"
	"syscall"
	"testing"

	"github.com/nixlint/nixlint/analysis/parallel"
)

// lowest is the lowest priority there is.
const lowest = 1

// priority returns the priority of the thread that the caller is on, as the system call has it:
// higher numbers go first.
func priority(t *testing.T) int {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	p, err := syscall.Getpriority(syscall.PRIO_PROCESS, syscall.Gettid())
	if err != nil {
		t.Error(err)
	}
	return p
}

// Workers in the background have a lower priority, and hand it on to nobody.
func TestBackground(t *testing.T) {
	before := priority(t)
	var mu sync.Mutex
	var seen []int
	parallel.Each(parallel.Workers{Most: 4, Background: true}, make([]int, 8), func(*int) {
		p := priority(t)
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, p)
	})
	for _, p := range seen {
		if p >= before && before > lowest {
			t.Errorf("priority %d in the background, %d elsewhere", p, before)
		}
	}
	parallel.Each(parallel.Workers{Most: 16}, make([]int, 100), func(*int) {
		if p := priority(t); p != before {
			t.Errorf("priority %d afterwards, was %d", p, before)
		}
	})
}
