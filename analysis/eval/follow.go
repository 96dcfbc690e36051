package eval

import (
	"iter"
	"slices"

	"github.com/nixlint/nixlint/parser"
)

// following is what an evaluator remembers of the thunks that it follows: which names of
// the code have taken them out of sets.
type following struct {
	own   func(file string) bool // nil if nothing is followed
	keys  []Spot                 // as what thunks are followed, by their marks less one
	marks map[Spot]uint32
	taken map[Spot][]uint32
}

// FollowIn makes Follow follow thunks as places in files of which own is true, by their
// absolute paths. Nothing must have been evaluated yet.
func (ev *Evaluator) FollowIn(own func(file string) bool) {
	ev.following = following{own: own, marks: make(map[Spot]uint32), taken: make(map[Spot][]uint32)}
}

// Follow makes the evaluator remember where code takes a thunk out of a set by an
// attribute's name, whatever way the set has gone by then. Several thunks may be followed as
// one place.
func (ev *Evaluator) Follow(t *Thunk, as Place) {
	f := &ev.following
	if f.own == nil || !as.IsValid() || !f.own(as.File.Path) {
		return
	}
	key := as.Spot()
	mark := f.marks[key]
	if mark == 0 {
		f.keys = append(f.keys, key)
		mark = uint32(len(f.keys))
		f.marks[key] = mark
	}
	t.mark = mark
}

// take remembers that a name has taken a thunk that is followed.
func (f *following) take(mark uint32, name Place) {
	at := name.Spot()
	if before := f.taken[at]; !slices.Contains(before, mark) {
		f.taken[at] = append(before, mark)
	}
}

// Taken returns as what the thunks are followed that the name at a place has taken.
func (ev *Evaluator) Taken(file string, name parser.NodeID) (as []Spot) {
	for _, mark := range ev.following.taken[Spot{file, name}] {
		as = append(as, ev.following.keys[mark-1])
	}
	return as
}

// Takers yields the names that have taken thunks which are followed as a place.
func (ev *Evaluator) Takers(as Spot) iter.Seq[Spot] {
	return func(yield func(Spot) bool) {
		f := &ev.following
		for at, marks := range f.taken {
			for _, mark := range marks {
				if f.keys[mark-1] == as && !yield(at) {
					return
				}
			}
		}
	}
}
