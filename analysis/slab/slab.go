// Package slab makes few allocations of many small things that live about as long as each
// other.
package slab

// Of hands out the parts of larger allocations. The zero value is ready for use. It is used
// by one goroutine at a time.
type Of[T any] struct {
	free []T
	next int // how many the next allocation has
}

// The sizes of allocations. The first are small: there may be no more than a few.
const (
	first = 4
	last  = 256
)

// Take returns n new elements that nothing can be appended to in place.
func (s *Of[T]) Take(n int) []T {
	if n > len(s.free) {
		s.next = min(max(2*s.next, first), last)
		if n >= s.next {
			return make([]T, n)
		}
		s.free = make([]T, s.next)
	}
	out := s.free[:n:n]
	s.free = s.free[n:]
	return out
}

// One returns a new element.
func (s *Of[T]) One() *T { return &s.Take(1)[0] }
