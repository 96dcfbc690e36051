// Package cpuset is the algebra of sets of processors, in the notations of the
// kernel (`0-3,8`) and of libvirt (`0-7,^2`).
package cpuset

import (
	"fmt"
	"iter"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// Max is the highest number that a processor can have in a [Set]. Linux is
// built for 8192 at most.
const Max = 1<<14 - 1

// Set is a set of processors. The zero value is the empty set. A Set is never
// changed once it is made.
type Set struct {
	words []uint64 // the last one is not 0
}

// Of returns the set of the given processors; numbers outside 0 to [Max] are
// left out.
func Of(cpus ...int) Set {
	var s Set
	for _, c := range cpus {
		if c >= 0 && c <= Max {
			s.add(c)
		}
	}
	return s
}

func (s *Set) add(c int) {
	for len(s.words) <= c/64 {
		s.words = append(s.words, 0)
	}
	s.words[c/64] |= 1 << (c % 64)
}

func (s Set) trim() Set {
	for len(s.words) > 0 && s.words[len(s.words)-1] == 0 {
		s.words = s.words[:len(s.words)-1]
	}
	return s
}

// Parse parses a list of processors and ranges, separated by commas. A range
// may select some of each group, as for the kernel: `0-15:2/4` are the first
// two of every four. An element with `^` in front is taken out of what stands
// before it, as for libvirt. An empty list is the empty set.
func Parse(list string) (Set, error) {
	var s Set
	list = strings.TrimSpace(list)
	if list == "" {
		return s, nil
	}
	for element := range strings.SplitSeq(list, ",") {
		text := strings.TrimSpace(element)
		text, remove := strings.CutPrefix(text, "^")
		text, group, grouped := strings.Cut(text, ":")
		first, last, isRange := strings.Cut(text, "-")
		lo, err := number(element, first)
		if err != nil {
			return Set{}, err
		}
		hi := lo
		if isRange {
			if hi, err = number(element, last); err != nil {
				return Set{}, err
			}
		}
		if hi < lo {
			return Set{}, fmt.Errorf("the range `%s` of processors ends before it begins", clip(element))
		}
		used, size := 1, 1
		if grouped {
			u, g, ok := strings.Cut(group, "/")
			if !ok {
				return Set{}, fmt.Errorf("`%s` is not a range of processors such as `0-15:2/4`", clip(element))
			}
			if used, err = number(element, u); err != nil {
				return Set{}, err
			}
			if size, err = number(element, g); err != nil {
				return Set{}, err
			}
			if size == 0 || used == 0 || used > size {
				return Set{}, fmt.Errorf("`%s` does not select part of a group of processors", clip(element))
			}
		}
		for c := lo; c <= hi; c++ {
			switch {
			case (c-lo)%size >= used:
			case !remove:
				s.add(c)
			case c/64 < len(s.words):
				s.words[c/64] &^= 1 << (c % 64)
			}
		}
	}
	return s.trim(), nil
}

func number(element, text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("`%s` is not a processor or a range of processors such as `4-7`", clip(element))
	}
	if n > Max {
		return 0, fmt.Errorf("processor %d is too high: no machine has more than %d", n, Max+1)
	}
	return int(n), nil
}

func clip(s string) string {
	s = strings.TrimSpace(s)
	return s[:min(len(s), 40)]
}

// MustParse is like [Parse] for lists that are known to be right.
func MustParse(list string) Set {
	s, err := Parse(list)
	if err != nil {
		panic(err)
	}
	return s
}

// String returns the set in the kernel's notation: ascending, adjacent
// processors as ranges.
func (s Set) String() string {
	var b strings.Builder
	for c := s.next(0); c >= 0; {
		end := c
		for s.Has(end + 1) {
			end++
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(c))
		if end > c {
			b.WriteByte('-')
			b.WriteString(strconv.Itoa(end))
		}
		c = s.next(end + 1)
	}
	return b.String()
}

// next returns the first processor of the set from c on, or -1.
func (s Set) next(c int) int {
	for i := c / 64; i < len(s.words); i++ {
		w := s.words[i]
		if i == c/64 {
			w &= ^uint64(0) << (c % 64)
		}
		if w != 0 {
			return i*64 + bits.TrailingZeros64(w)
		}
	}
	return -1
}

// All returns the processors in ascending order.
func (s Set) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for c := s.next(0); c >= 0; c = s.next(c + 1) {
			if !yield(c) {
				return
			}
		}
	}
}

// Slice returns the processors in ascending order.
func (s Set) Slice() []int { return slices.Collect(s.All()) }

// First returns the lowest processor, or -1 if there is none.
func (s Set) First() int { return s.next(0) }

// Has tells whether the set has the processor.
func (s Set) Has(c int) bool {
	return c >= 0 && c/64 < len(s.words) && s.words[c/64]&(1<<(c%64)) != 0
}

// Len returns the number of processors.
func (s Set) Len() int {
	n := 0
	for _, w := range s.words {
		n += bits.OnesCount64(w)
	}
	return n
}

// Empty tells whether there is no processor in the set.
func (s Set) Empty() bool { return len(s.words) == 0 }

// Equal tells whether two sets have the same processors.
func (s Set) Equal(t Set) bool { return slices.Equal(s.words, t.words) }

// Contains tells whether every processor of t is in s.
func (s Set) Contains(t Set) bool { return t.Minus(s).Empty() }

// Overlaps tells whether a processor is in both.
func (s Set) Overlaps(t Set) bool { return !s.And(t).Empty() }

// Or returns the processors that are in either.
func (s Set) Or(t Set) Set {
	if len(s.words) < len(t.words) {
		s, t = t, s
	}
	words := slices.Clone(s.words)
	for i, w := range t.words {
		words[i] |= w
	}
	return Set{words}
}

// And returns the processors that are in both.
func (s Set) And(t Set) Set {
	words := slices.Clone(s.words[:min(len(s.words), len(t.words))])
	for i := range words {
		words[i] &= t.words[i]
	}
	return Set{words}.trim()
}

// Minus returns the processors of s that are not in t.
func (s Set) Minus(t Set) Set {
	words := slices.Clone(s.words)
	for i := range min(len(s.words), len(t.words)) {
		words[i] &^= t.words[i]
	}
	return Set{words}.trim()
}

// MarshalText implements [encoding.TextMarshaler].
func (s Set) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (s *Set) UnmarshalText(text []byte) error {
	p, err := Parse(string(text))
	if err == nil {
		*s = p
	}
	return err
}
