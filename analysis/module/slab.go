package module

import "github.com/nixlint/nixlint/analysis/slab"

// slabs are where an evaluation and the ones inside it allocate what they make many of.
type slabs struct {
	groups       slab.Of[group]
	below        slab.Of[*group]
	pushed       slab.Of[pushed]
	layers       slab.Of[layer]
	declarations slab.Of[declarations]
	others       slab.Of[others]
	options      slab.Of[Option]
	names        slab.Of[string]
	declared     slab.Of[declared]
	declares     slab.Of[Declaration]
	raws         slab.Of[raw]
	refs         slab.Of[ref]
	defs         slab.Of[Definition]
	imports      slab.Of[Import]
	modules      slab.Of[Module]
	// found is where resolve collects; it is a stack, for to look at one
	// definition may be to resolve others.
	found []Definition
}
