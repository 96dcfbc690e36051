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

// reset makes the table empty.
func (s *symbols) reset() {
	const usual, most = 1024, 8192 // a larger one costs too much to clear for each file
	if s.table == nil || len(s.table) > most {
		s.table = make([]symbol, usual)
	}
	clear(s.table)
	s.entries = s.entries[:0]
}

// grow doubles the table.
func (s *symbols) grow() {
	s.table = make([]symbol, 2*len(s.table))
	mask := uint64(len(s.table) - 1)
	for at := range s.entries {
		i := maphash.String(seed, s.entries[at].name) & mask
		for s.table[i] != 0 {
			i = (i + 1) & mask
		}
		s.table[i] = symbol(at + 1)
	}
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
			if 2*len(s.entries) > len(s.table) {
				s.grow()
			}
			return symbol(len(s.entries) - 1)
		}
		if s.entries[slot-1].name == name {
			return slot - 1
		}
	}
}
