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
// are evaluated one would take a core of them, so it waits until there is mostGarbage, or
// so many times as much as all else; all in bytes.
const (
	pauseGarbage = 64 << 20
	mostGarbage  = 320 << 20
	mostTimes    = 4
)

// collector collects the garbage of the process.
type collector struct {
	mu sync.Mutex // held while it collects
}

// newCollector returns a collector that decides from now on when garbage is collected,
// whatever the process began with.
func newCollector() *collector {
	debug.SetGCPercent(100 * mostTimes)
	debug.SetMemoryLimit(math.MaxInt64)
	return new(collector)
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
		live, _ := heap()
		debug.SetGCPercent(int(min(100*mostTimes, max(100, 100*mostGarbage/max(live, 1)))))
	}()
}

// heap returns how many bytes the last collection has left, and how many there are now.
func heap() (live, all uint64) {
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64(), samples[1].Value.Uint64()
}
