package main

import (
	"math"
	"runtime"
	"runtime/debug"
)

// firstCollection is the memory in bytes that the program takes before it
// collects garbage for the first time. A run on thousands of files stays below.
const firstCollection = 160 << 20

// collectLate sets how garbage is collected. A run is short, and most of what it
// allocates lives as long as it does: not at all up to firstCollection, and from
// then on whenever the memory in use has doubled. The limit is lifted with the
// first collection, for one that the memory in use exceeds would make the
// collector run without end.
func collectLate() {
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(firstCollection)
	collected := new([16]byte) // not so small that it shares its place with others
	runtime.AddCleanup(collected, func(struct{}) {
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(math.MaxInt64)
	}, struct{}{})
}
