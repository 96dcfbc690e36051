package lsp

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// A server begins a collection of garbage in the pauses of typing, when all findings have
// been told and the garbage is as much as all else, and at least pauseGarbage. While hosts
// are evaluated one would take a core of them, so it waits until there is mostGarbage or, if
// that is less than all else, as much as that; all in bytes.
const (
	pauseGarbage = 64 << 20
	mostGarbage  = 320 << 20
)

// mostTimes is how many times as much as all else the garbage may be. A server that has just
// begun would else take mostGarbage for little.
const mostTimes = 4

// collector collects the garbage of the process.
type collector struct {
	mu sync.Mutex // held while it collects
}

// newCollector returns a collector that decides from now on when garbage is collected,
// whatever the process began with.
func newCollector() *collector {
	debug.SetMemoryLimit(math.MaxInt64)
	allow()
	return new(collector)
}

// allow says how much garbage there may be until the next collection, and does so again
// after each.
func allow() {
	live, _ := heap()
	debug.SetGCPercent(int(min(100*mostTimes, max(100, 100*mostGarbage/max(live, 1)))))
	collected := new([16]byte) // not so small that it shares its place with others
	runtime.AddCleanup(collected, func(struct{}) { allow() }, struct{}{})
}

// pause tells that there is nothing to do for the moment.
func (c *collector) pause() {
	if !c.mu.TryLock() {
		return
	}
	live, all := heap()
	if all-live < max(live, pauseGarbage) {
		c.mu.Unlock()
		return
	}
	go func() {
		defer c.mu.Unlock()
		runtime.GC()
	}()
}

// heap returns how many bytes the last collection has left, and how many there are now.
func heap() (live, all uint64) {
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64(), samples[1].Value.Uint64()
}
