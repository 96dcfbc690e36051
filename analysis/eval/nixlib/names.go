package nixlib

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// namesFile lists what nixpkgs' lib and the sets in it have: a path in brackets, and the
// names in it. They are those of June 2026, what the flake of nixpkgs adds, and what
// releases since 22.05 had and have given up.
//
//go:embed names.txt
var namesFile string

var names = sync.OnceValue(func() map[string][]string {
	out := make(map[string][]string)
	path := ""
	for line := range strings.Lines(namesFile) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "[") {
			path = strings.Trim(line, "[]")
			continue
		}
		out[path] = append(out[path], strings.Fields(line)...)
	}
	return out
})

// Names returns what a set of the library has, in the order of the names, also what is
// not modelled: `types.ints` of lib.types.ints, and nothing of lib itself. Of other
// sets it is not known.
func Names(path ...string) []string { return names()[strings.Join(path, ".")] }

// Has reports whether a set of the library, one that Names knows, has a name.
func Has(name string, path ...string) bool {
	_, found := slices.BinarySearch(Names(path...), name)
	return found
}
