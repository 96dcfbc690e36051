package module

// slab hands out the parts of larger allocations. What one evaluation makes many
// of lives as long as the evaluation does.
type slab[T any] struct {
	free []T
	next int // how many the next allocation has
}

// The sizes of allocations. The first are small: most evaluations are those of
// small submodules.
const (
	firstSlab = 4
	lastSlab  = 256
)

// take returns n new elements that nothing can be appended to in place.
func (s *slab[T]) take(n int) []T {
	if n > len(s.free) {
		s.next = min(max(2*s.next, firstSlab), lastSlab)
		if n >= s.next {
			return make([]T, n)
		}
		s.free = make([]T, s.next)
	}
	out := s.free[:n:n]
	s.free = s.free[n:]
	return out
}

// one returns a new element.
func (s *slab[T]) one() *T { return &s.take(1)[0] }

// slabs are those of an evaluation and of the ones inside it.
type slabs struct {
	groups       slab[group]
	below        slab[*group]
	pushed       slab[pushed]
	layers       slab[layer]
	declarations slab[declarations]
	others       slab[others]
	options      slab[Option]
	names        slab[string]
	declared     slab[declared]
	declares     slab[Declaration]
	raws         slab[raw]
	refs         slab[ref]
	defs         slab[Definition]
	imports      slab[Import]
	modules      slab[Module]
	// found is where resolve collects; it is a stack, for to look at one
	// definition may be to resolve others.
	found []Definition
}
