package scope

import "hash/maphash"

// symbol is the index of a name in the table of a file's names.
type symbol int32

// symbols is a hash table of names with open addressing, kept from file to
// file.
type symbols struct {
	entries []symbolEntry
	table   []symbol // index into entries plus 1
}

type symbolEntry struct {
	name string
	// top is the innermost definition in force, or None.
	top    DefID
	global knowledge
}

// knowledge is what has been found out about a name.
type knowledge uint8

const (
	unasked knowledge = iota
	no
	yes
)

// isGlobal reports whether Nix itself defines the name everywhere.
func (e *symbolEntry) isGlobal(name string) bool {
	if e.global == unasked {
		e.global = no
		if IsGlobal(name) {
			e.global = yes
		}
	}
	return e.global == yes
}

var seed = maphash.MakeSeed()

// reset makes the table empty, with room for a number of names.
func (s *symbols) reset(names int) {
	size := 16
	for size < 2*names {
		size *= 2
	}
	if cap(s.table) < size {
		s.table = make([]symbol, size)
	}
	s.table = s.table[:size]
	clear(s.table)
	s.entries = s.entries[:0]
}

// forget lets go of the names, which hold on to the source.
func (s *symbols) forget() { clear(s.entries) }

// intern returns the symbol of a name.
func (s *symbols) intern(name string) symbol {
	mask := uint64(len(s.table) - 1)
	for i := maphash.String(seed, name) & mask; ; i = (i + 1) & mask {
		slot := s.table[i]
		if slot == 0 {
			s.entries = append(s.entries, symbolEntry{name: name, top: None})
			s.table[i] = symbol(len(s.entries))
			return symbol(len(s.entries) - 1)
		}
		if s.entries[slot-1].name == name {
			return slot - 1
		}
	}
}
