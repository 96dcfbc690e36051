package options

import (
	"slices"
	"strings"
)

// isAny reports whether an element of an option's path stands for any name.
func isAny(name string) bool {
	return name == "*" || len(name) > 2 && name[0] == '<' && name[len(name)-1] == '>'
}

// fits reports whether one element of a path, which may stand for any name, is
// what was asked for.
func fits(name, asked string) bool { return name == asked || isAny(name) }

// leads reports whether a path is at, below or above what was asked for.
func leads(path, asked []string) bool {
	for i := range min(len(path), len(asked)) {
		if !fits(path[i], asked[i]) {
			return false
		}
	}
	return true
}

// within reports whether a path is at or below what was asked for.
func within(path, asked []string) bool { return len(path) >= len(asked) && leads(path, asked) }

// namesIn returns the names that stand in a path where a pattern has any name.
// ok is false if the path is none of the pattern's.
func namesIn(path, pattern []string) (names []string, ok bool) {
	if len(path) != len(pattern) {
		return nil, false
	}
	for i, p := range pattern {
		if isAny(p) {
			names = append(names, path[i])
		} else if p != path[i] {
			return nil, false
		}
	}
	return names, true
}

// askedNames reports whether the names of a value of an option are those that
// were asked for, if any were.
func askedNames(pattern, names, asked []string) bool {
	i := 0
	for n, p := range pattern {
		if !isAny(p) {
			continue
		}
		if n < len(asked) && i < len(names) && !isAny(asked[n]) && asked[n] != names[i] {
			return false
		}
		i++
	}
	return true
}

// comparePaths orders paths name by name.
func comparePaths(a, b []string) int { return slices.CompareFunc(a, b, strings.Compare) }
