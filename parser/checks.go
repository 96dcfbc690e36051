package parser

import (
	"fmt"
	"hash/maphash"
	"strings"
)

// checker makes the checks of names that Nix makes while parsing: attributes
// and formals defined twice, and computed names where only fixed ones are
// allowed. Sets that are defined in pieces are merged as Nix merges them:
// `a.b = 1; a = { c = 2; }` is one set, at any depth.
//
// All names of a file share one hash table, keyed by scope and name, that is
// kept from file to file.
type checker struct {
	tree    *Tree
	entries []entry
	table   []int32 // index into entries + 1; open addressing
	owners  []int32 // entry that a scope belongs to, or -1
	merged  []bool  // sets whose bindings went into another set's scope
}

type entry struct {
	name  string
	at    NodeID // attribute path or name that defined it first
	scope int32
	sub   int32 // scope of the set that is its value, or -1
}

var nameSeed = maphash.MakeSeed()

// maxPairs is the number of names up to which comparing each with each is
// faster than hashing them.
const maxPairs = 10

// check checks the sets, lets and patterns with the given ids, which come in
// ascending order. names is an upper bound of the number of names in them.
func (c *checker) check(t *Tree, ids []NodeID, names int) {
	c.tree = t
	c.entries = c.entries[:0]
	c.owners = c.owners[:0]
	size := 16
	for size < 2*names {
		size *= 2
	}
	if cap(c.table) < size {
		c.table = make([]int32, size)
	}
	c.table = c.table[:size]
	clear(c.table)
	if cap(c.merged) < len(t.nodes) {
		c.merged = make([]bool, len(t.nodes))
	}
	c.merged = c.merged[:len(t.nodes)]
	clear(c.merged)

	// Parents have larger ids than their children, so a set that is merged
	// into another has been seen by then.
	for i := len(ids) - 1; i >= 0; i-- {
		n := Node{t, ids[i]}
		switch n.Kind() {
		case KindAttrSet, KindLet:
			if !c.merged[n.id] && !c.plain(n) {
				c.set(c.newScope(-1), n)
			}
		case KindPattern:
			c.pattern(Pattern{n})
		}
	}
	c.tree = nil
	clear(c.entries) // they hold on to the source
}

// plain reports whether the set is small and its bindings and inherits begin
// with names that all differ, so that nothing in it can collide or be merged.
// Most sets are.
func (c *checker) plain(n Node) bool {
	t := c.tree
	var names [maxPairs]string
	count := 0
	add := func(id NodeID) bool {
		k := &t.nodes[id]
		if k.kind != KindName || count == maxPairs {
			return false
		}
		tok := &t.tokens[k.tokStart]
		name := t.src[tok.start:tok.end]
		for _, other := range names[:count] {
			if other == name {
				return false
			}
		}
		names[count] = name
		count++
		return true
	}
	r := n.raw()
	for _, id := range t.children[r.childStart:r.childEnd] {
		entry := &t.nodes[id]
		switch entry.kind {
		case KindBinding:
			path := &t.nodes[t.children[entry.childStart]]
			if !add(t.children[path.childStart]) {
				return false
			}
		case KindInherit:
			for _, name := range t.children[entry.childStart:entry.childEnd] {
				if t.nodes[name].kind != KindInheritFrom && !add(name) {
					return false
				}
			}
		}
	}
	return true
}

func (c *checker) newScope(owner int32) int32 {
	c.owners = append(c.owners, owner)
	return int32(len(c.owners) - 1)
}

// lookup returns the entry of a name in a scope, made if it was not there.
func (c *checker) lookup(scope int32, name string, at NodeID) (index int32, isNew bool) {
	h := maphash.String(nameSeed, name) + uint64(scope)*0x9E3779B97F4A7C15
	mask := uint64(len(c.table) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		slot := c.table[i]
		if slot == 0 {
			c.entries = append(c.entries, entry{name, at, scope, -1})
			c.table[i] = int32(len(c.entries))
			return int32(len(c.entries) - 1), true
		}
		if e := &c.entries[slot-1]; e.scope == scope && e.name == name {
			return slot - 1, false
		}
	}
}

// set puts the bindings of a set or let into a scope.
func (c *checker) set(scope int32, n Node) {
	for entry := range n.Children() {
		switch entry.Kind() {
		case KindBinding:
			c.binding(scope, Binding{entry}, n.Kind() == KindLet)
		case KindInherit:
			for name := range (Inherit{entry}).Names() {
				text, static := StaticName(name)
				if !static {
					if name.Kind() != KindMissing {
						c.tree.errors = append(c.tree.errors, Error{Span: name.Span(),
							Message: "dynamic attribute in `inherit`", Help: "the name must be known without evaluation"})
					}
					continue
				}
				if index, isNew := c.lookup(scope, text, name.id); !isNew {
					c.duplicate(index, name)
				}
			}
		}
	}
}

func (c *checker) binding(scope int32, b Binding, inLet bool) {
	path := b.Path().Node
	last := path.ChildCount() - 1
	if b.Value().Is(KindMissing) || path.Child(last).Is(KindMissing) {
		// It is still being typed: `openssh` below `openssh.enable = true;` will be something
		// else in a moment, and has an error of its own.
		return
	}
	for i := 0; i <= last; i++ {
		name := path.Child(i)
		text, static := StaticName(name)
		if !static {
			if name.Kind() == KindMissing {
				return
			}
			if inLet && i == 0 {
				c.error(name.Span(), "dynamic attribute in `let`", "names bound by `let` must be known without evaluation", nil)
			}
			if i == last {
				return
			}
			scope = c.newScope(-1)
			continue
		}
		index, isNew := c.lookup(scope, text, path.id)
		if i < last {
			if isNew {
				c.entries[index].sub = c.newScope(index)
			} else if c.entries[index].sub < 0 {
				c.duplicate(index, path)
				return
			}
			scope = c.entries[index].sub
			continue
		}
		value := Unparen(b.Value())
		isSet := value.Is(KindAttrSet) && !(AttrSet{value}).IsLegacyLet()
		switch {
		case isNew && isSet:
			c.entries[index].sub = c.newScope(index)
		case !isNew && !(isSet && c.entries[index].sub >= 0):
			c.duplicate(index, path)
			return
		}
		if isSet {
			c.merged[value.id] = true
			c.set(c.entries[index].sub, value)
		}
	}
}

func (c *checker) pattern(p Pattern) {
	if p.ChildCount() < 2 || c.distinct(p) {
		return
	}
	scope := c.newScope(-1)
	for f := range p.Formals() {
		name := f.Name()
		if index, isNew := c.lookup(scope, name.Text(), name.id); !isNew {
			c.duplicateFormal(index, name)
		}
	}
	if at := p.At(); at.IsValid() {
		if index, isNew := c.lookup(scope, at.Text(), at.id); !isNew {
			c.duplicateFormal(index, at)
		}
	}
}

// distinct reports whether the pattern is small and its names all differ.
func (c *checker) distinct(p Pattern) bool {
	var names [maxPairs]string
	count := 0
	for n := range p.Children() {
		if n.Kind() == KindFormal {
			n = n.Child(0)
		}
		if n.Kind() != KindName || count == maxPairs {
			return false
		}
		name := n.Text()
		for _, other := range names[:count] {
			if other == name {
				return false
			}
		}
		names[count] = name
		count++
	}
	return true
}

func (c *checker) duplicateFormal(first int32, second Node) {
	c.error(second.Span(), fmt.Sprintf("parameter `%s` is defined twice", second.Text()), "rename or remove one of them",
		&Related{Node{c.tree, c.entries[first].at}.Span(), "first defined here"})
}

// duplicate reports that the definition at the node defines the entry again.
func (c *checker) duplicate(first int32, second Node) {
	var names []string
	for e := first; e >= 0; e = c.owners[c.entries[e].scope] {
		names = append(names, c.entries[e].name)
	}
	for i, j := 0, len(names)-1; i < j; i, j = i+1, j-1 {
		names[i], names[j] = names[j], names[i]
	}
	c.error(second.Span(), fmt.Sprintf("attribute `%s` is already defined", strings.Join(names, ".")),
		"remove one of the definitions; only sets written as `{ … }` are merged",
		&Related{Node{c.tree, c.entries[first].at}.Span(), "first defined here"})
}

func (c *checker) error(s Span, message, help string, related *Related) {
	c.tree.errors = append(c.tree.errors, Error{Kind: ErrorSemantic, Span: s, Message: message, Help: help, Related: related})
}
