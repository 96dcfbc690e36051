package parser

import (
	"strings"
	"testing"
)

// TestAllocations checks that the number of allocations does not depend on the
// size of the file.
func TestAllocations(t *testing.T) {
	s := new(scratch)
	count := func(n int) float64 {
		src := "[" + strings.Repeat("{ a = { b = [ 1 \"x${y}\" ./p ]; }; c = f x.y.z (a: a + 1); }\n", n) + "]"
		s.parse(src) // grow what is reused
		return testing.AllocsPerRun(5, func() { s.parse(src) })
	}
	small, large := count(10), count(1000)
	if small != large || large > 5 {
		t.Errorf("%v allocations for a small file, %v for a large one", small, large)
	}
}
