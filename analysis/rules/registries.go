package rules

import (
	"hash/maphash"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
)

// distinctRegistry is a registry and a number that others have which say the same.
type distinctRegistry struct {
	registry *repo.Registry
	sum      uint64
}

var registrySeed = maphash.MakeSeed()

// registriesOnHost are the registries that a host and its homes get.
var registriesOnHost = &perHost[[]distinctRegistry]{func(r *Repo) (out []distinctRegistry) {
	seen := make(map[*repo.Registry]bool)
	for _, e := range r.Model.Evaluations() {
		for _, reg := range r.Model.Registries(e) {
			if !seen[reg] {
				seen[reg] = true
				out = append(out, distinctRegistry{reg, sumOf(reg)})
			}
		}
	}
	return out
}}

// sumOf returns a number for what a registry says, and where.
func sumOf(reg *repo.Registry) uint64 {
	var h maphash.Hash
	h.SetSeed(registrySeed)
	text := func(s string) {
		_, _ = h.WriteString(s) // never fails
		_ = h.WriteByte(0)
	}
	place := func(at eval.Place) {
		if at.File != nil {
			text(at.File.Path)
		}
		maphash.WriteComparable(&h, at.Node)
	}
	text(reg.Name)
	for _, e := range reg.Entries {
		for _, name := range e.Key {
			text(name)
		}
		text(e.Target)
		place(e.At)
		place(e.Value)
	}
	return h.Sum64()
}

// registries returns the registries that hosts and homes get. Of those that are the same
// for several hosts there is one: most repositories have one for all.
func (r *Repo) registries() []*repo.Registry {
	if r.distinct == nil {
		r.distinct = []*repo.Registry{}
		seen := make(map[uint64]bool)
		for list := range registriesOnHost.each(r) {
			for _, d := range list {
				if !seen[d.sum] {
					seen[d.sum] = true
					r.distinct = append(r.distinct, d.registry)
				}
			}
		}
	}
	return r.distinct
}
