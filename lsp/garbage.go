package lsp

import (
	"math"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
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
	// live are the bytes that a collection has left, about: the last one, or the last one in a
	// pause if that has left less. One while hosts are evaluated finds two states of them, and
	// what a rename has looked at, which are garbage when the next pause comes.
	live atomic.Uint64
}

// newCollector returns a collector that decides from now on when garbage is collected,
// whatever the process began with.
func newCollector() *collector {
	debug.SetMemoryLimit(math.MaxInt64)
	c := new(collector)
	c.allow()
	return c
}

// allow says how much garbage there may be until the next collection, and does so again
// after each.
func (c *collector) allow() {
	live := max(heap(), 1)
	if before := c.live.Load(); before == 0 || live < before {
		c.live.Store(live)
	}
	debug.SetGCPercent(int(min(100*mostTimes, max(100, 100*mostGarbage/live))))
	collected := new([16]byte) // not so small that it shares its place with others
	runtime.AddCleanup(collected, func(struct{}) { c.allow() }, struct{}{})
}

// pause tells that there is nothing to do for the moment.
func (c *collector) pause() {
	if !c.mu.TryLock() {
		return
	}
	if live := c.live.Load(); heap() < live+max(live, pauseGarbage) {
		c.mu.Unlock()
		return
	}
	go func() {
		defer c.mu.Unlock()
		runtime.GC()
		c.live.Store(max(heap(), 1))
	}()
}

// heap returns how many bytes are allocated.
func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
