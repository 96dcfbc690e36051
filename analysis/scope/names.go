package scope

import (
	"iter"
	"sync"

	"github.com/nixlint/nixlint/parser"
)

// ID is the index of a scope in [Names.Scopes].
type ID int32

// DefID is the index of a definition in [Names.Definitions].
type DefID int32

// UseID is the index of a use in [Names.Uses].
type UseID int32

// None stands where there is no scope, definition or use.
const None = -1

// Kind is the construct that opens a scope.
type Kind uint8

// The kinds of scopes.
const (
	Let    Kind = iota // `let … in`
	Rec                // `rec { … }` and the legacy `let { … }`
	Lambda             // a function's parameters
	With               // `with x;`, whose names are not known
)

// Scope is a region of a file in which certain names are defined.
type Scope struct {
	Kind   Kind
	Node   parser.NodeID // the let, set, function or with
	Parent ID            // the scope around it, or None
	// First is the first of the scope's definitions, which follow one another.
	First DefID
	Count int32
	// Reached is set for a with if a use may get its value from it.
	Reached bool
}

// DefKind says how a name is defined.
type DefKind uint8

// The kinds of definitions.
const (
	Binding     DefKind = iota // `x = …;`
	Inherit                    // `inherit x;`
	InheritFrom                // `inherit (…) x;`
	Argument                   // `x: …`
	Formal                     // `{ x }: …`
	Whole                      // `x @ { … }: …`
)

// Definition is a name that can be used.
type Definition struct {
	Node  parser.NodeID // the name, where it is first defined
	Scope ID
	// Shadows is the definition of the same name in an outer scope, or None.
	Shadows DefID
	// Inherits is the use that a definition of kind Inherit makes of the outer
	// name, else None.
	Inherits UseID
	Uses     int32 // number of uses
	Kind     DefKind
	// More is set if the name is defined in pieces: `x.a = 1; x.b = 2;`.
	More bool

	firstUse, lastUse UseID
	owner             DefID // as in Use
}

// Target is what a use means if it is no definition of the file.
type Target uint8

// The meanings of a use.
const (
	Local    Target = iota // a definition of the file
	GlobalOf               // a name that Nix itself defines everywhere
	FromWith               // a name that one of the enclosing withs has to have
	Nothing                // no such name: Nix refuses the file
)

// Use is a place where the value of a name is taken.
type Use struct {
	Node   parser.NodeID // an identifier, or a name in an `inherit`
	Def    DefID         // or None
	Target Target
	// With is the innermost with around the use, or None. Names that are not
	// Local or GlobalOf come from it or from one further out.
	With ID

	next  UseID // of the same definition
	owner DefID // innermost let definition whose value the use stands in
}

// Names is the result of resolving a file. It is immutable and safe for
// concurrent use; the slices must not be changed.
type Names struct {
	tree *parser.Tree
	// links holds, for the node that opens a scope, its ID plus 1; for a name
	// that defines, its DefID plus 1; for one that uses, its UseID plus 1
	// negated; and 0 for all others.
	links  []int32
	scopes []Scope
	defs   []Definition
	uses   []Use
	places []place
	merges merges

	deadOnce sync.Once
	dead     []DefID // see Unreachable
}

// place is a further place where a name is defined.
type place struct {
	def  DefID
	node parser.NodeID
}

// Tree returns the tree that was resolved.
func (n *Names) Tree() *parser.Tree { return n.tree }

// Scopes returns all scopes, outer ones before inner ones.
func (n *Names) Scopes() []Scope { return n.scopes }

// Definitions returns all definitions, those of a scope side by side.
func (n *Names) Definitions() []Definition { return n.defs }

// Uses returns all uses in source order.
func (n *Names) Uses() []Use { return n.uses }

// Name returns the name that a definition defines.
func (n *Names) Name(d DefID) string { return nameText(n.tree.Node(n.defs[d].Node)) }

// nameText returns the text of a name that is known without evaluation.
func nameText(node parser.Node) string {
	if node.Is(parser.KindName) {
		return node.Text()
	}
	name, _ := parser.StaticName(node)
	return name
}

// ScopeOf returns the scope that a node opens, or None.
func (n *Names) ScopeOf(node parser.Node) ID {
	switch node.Kind() {
	case parser.KindLet, parser.KindAttrSet, parser.KindLambda, parser.KindWith:
		return ID(n.links[node.ID()] - 1)
	}
	return None
}

// DefinitionAt returns the definition that a name makes, or None.
func (n *Names) DefinitionAt(node parser.Node) DefID {
	switch node.Kind() {
	case parser.KindName, parser.KindString, parser.KindInterp:
		if l := n.links[node.ID()]; l > 0 {
			return DefID(l - 1)
		}
	}
	return None
}

// UseAt returns the use that an identifier or inherited name is, or None.
func (n *Names) UseAt(node parser.Node) UseID {
	switch l := n.links[node.ID()]; {
	case l < 0:
		return UseID(-l - 1)
	case l > 0:
		if d := n.DefinitionAt(node); d != None {
			return n.defs[d].Inherits
		}
	}
	return None
}

// UsesOf yields the uses of a definition in source order.
func (n *Names) UsesOf(d DefID) iter.Seq[UseID] {
	return func(yield func(UseID) bool) {
		for u := n.defs[d].firstUse; u != None; u = n.uses[u].next {
			if !yield(u) {
				return
			}
		}
	}
}

// Places yields the names that make a definition: one, or more if it is made
// in pieces.
func (n *Names) Places(d DefID) iter.Seq[parser.Node] {
	return func(yield func(parser.Node) bool) {
		if !yield(n.tree.Node(n.defs[d].Node)) || !n.defs[d].More {
			return
		}
		for _, p := range n.places {
			if p.def == d && !yield(n.tree.Node(p.node)) {
				return
			}
		}
	}
}
