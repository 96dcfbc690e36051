package rules

import (
	"slices"
	"strings"
)

// All returns every rule, sorted by name.
func All() []*Rule { return all }

var all = sorted(
	syntax,
	importPathMissing,
	modulePathUnresolved,
	moduleUnregistered,
	pathMissing,
	registryPathMissing,
)

func sorted(rs ...*Rule) []*Rule {
	slices.SortFunc(rs, func(a, b *Rule) int { return strings.Compare(a.Name, b.Name) })
	return rs
}

// ByName returns the rule with the given name, or nil.
func ByName(name string) *Rule {
	for _, r := range all {
		if r.Name == name {
			return r
		}
	}
	return nil
}
