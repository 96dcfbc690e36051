package parser

import (
	"iter"
	"sync"
)

// NodeID is the index of a node in its tree. Children have smaller ids than
// their parents, so the root has the largest.
type NodeID uint32

const noNode = ^NodeID(0)

// node is the stored form of a node.
type node struct {
	kind Kind
	// aux is the TokenKind of the operator of KindUnary and KindBinary, and
	// of the keyword (`rec`, `let`) before the brace of KindAttrSet.
	aux                  TokenKind
	tokStart, tokEnd     uint32 // half-open range of token indices
	childStart, childEnd uint32 // half-open range in Tree.children
	parent               NodeID
}

// Tree is the syntax tree of one file. It is immutable and safe for
// concurrent use.
type Tree struct {
	src      string
	tokens   []token // significant tokens; the last is TokenEOF
	nodes    []node  // children before parents; the last is KindFile
	children []NodeID
	errors   []Error
	// conflicts are regions left by an unresolved merge that the lexer
	// passed over as trivia, in source order.
	conflicts []Span
	kinds     uint64 // see MayHave
	recs      bool   // see MayHaveRec

	linesOnce sync.Once
	lines     *Lines
}

// Source returns the text the tree was made from.
func (t *Tree) Source() string { return t.src }

// Errors returns the syntax errors in source order. The slice must not be
// changed.
func (t *Tree) Errors() []Error { return t.errors }

// Lines returns the table that turns offsets into lines and columns.
func (t *Tree) Lines() *Lines {
	t.linesOnce.Do(func() { t.lines = NewLines(t.src) })
	return t.lines
}

// Root returns the node of kind KindFile.
func (t *Tree) Root() Node { return Node{t, NodeID(len(t.nodes) - 1)} }

// Expr returns the file's expression.
func (t *Tree) Expr() Node { return t.Root().Child(0) }

// MayHave reports whether there may be a node of a kind. Of most files it says whether
// there is one.
func (t *Tree) MayHave(k Kind) bool { return t.kinds&(1<<k) != 0 }

// MayHaveRec reports likewise whether there may be a set that says `rec`, or a legacy let.
func (t *Tree) MayHaveRec() bool { return t.recs }

// NodeCount returns the number of nodes; their ids are 0 … NodeCount()-1.
func (t *Tree) NodeCount() int { return len(t.nodes) }

// Node returns the node with the given id.
func (t *Tree) Node(id NodeID) Node { return Node{t, id} }

// TokenCount returns the number of tokens, the end-of-file token included.
func (t *Tree) TokenCount() int { return len(t.tokens) }

// Token returns the i-th token.
func (t *Tree) Token(i int) Token { return Token{t, uint32(i)} }

// Tokens yields every token in source order, TokenEOF last.
func (t *Tree) Tokens() iter.Seq[Token] {
	return func(yield func(Token) bool) {
		for i := range t.tokens {
			if !yield(Token{t, uint32(i)}) {
				return
			}
		}
	}
}

// Node is one node of a tree. The zero Node is invalid; accessors of typed
// views return it for parts that are absent. Nodes are comparable.
type Node struct {
	tree *Tree
	id   NodeID
}

// IsValid reports whether n is a node of a tree.
func (n Node) IsValid() bool { return n.tree != nil }

// Tree returns the tree the node belongs to.
func (n Node) Tree() *Tree { return n.tree }

// ID returns the node's index in its tree.
func (n Node) ID() NodeID { return n.id }

func (n Node) raw() *node { return &n.tree.nodes[n.id] }

// Kind returns the node's class.
func (n Node) Kind() Kind { return n.tree.nodes[n.id].kind }

// Is reports whether the node is valid and of the given kind.
func (n Node) Is(k Kind) bool { return n.tree != nil && n.tree.nodes[n.id].kind == k }

// Span returns the node's range from its first token to its last. A node
// without tokens has an empty span at the end of the token before it.
func (n Node) Span() Span {
	r := n.raw()
	if r.tokStart == r.tokEnd {
		if r.tokStart == 0 {
			return Span{0, 0}
		}
		at := n.tree.tokens[r.tokStart-1].end
		return Span{at, at}
	}
	return Span{n.tree.tokens[r.tokStart].start, n.tree.tokens[r.tokEnd-1].end}
}

// Text returns the source the node spans.
func (n Node) Text() string {
	s := n.Span()
	return n.tree.src[s.Start:s.End]
}

// Parent returns the enclosing node; the root has none.
func (n Node) Parent() Node {
	p := n.raw().parent
	if p == noNode {
		return Node{}
	}
	return Node{n.tree, p}
}

// ChildCount returns the number of child nodes.
func (n Node) ChildCount() int {
	r := n.raw()
	return int(r.childEnd - r.childStart)
}

// Child returns the i-th child node, or an invalid node if there are fewer.
func (n Node) Child(i int) Node {
	r := n.raw()
	if i < 0 || uint32(i) >= r.childEnd-r.childStart {
		return Node{}
	}
	return Node{n.tree, n.tree.children[r.childStart+uint32(i)]}
}

// LastChild returns the last child node, or an invalid node.
func (n Node) LastChild() Node { return n.Child(n.ChildCount() - 1) }

// Children yields the child nodes in source order.
func (n Node) Children() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		r := n.raw()
		for _, id := range n.tree.children[r.childStart:r.childEnd] {
			if !yield(Node{n.tree, id}) {
				return
			}
		}
	}
}

// Preorder yields the node and all its descendants, parents before children,
// in source order.
func (n Node) Preorder() iter.Seq[Node] {
	return func(yield func(Node) bool) { n.preorder(yield) }
}

func (n Node) preorder(yield func(Node) bool) bool {
	if !yield(n) {
		return false
	}
	r := n.raw()
	for _, id := range n.tree.children[r.childStart:r.childEnd] {
		if !(Node{n.tree, id}).preorder(yield) {
			return false
		}
	}
	return true
}

// Ancestors yields the node's parent, its parent, and so on up to the root.
func (n Node) Ancestors() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for p := n.Parent(); p.IsValid(); p = p.Parent() {
			if !yield(p) {
				return
			}
		}
	}
}

// FirstToken returns the node's first token, invalid for a node without tokens.
func (n Node) FirstToken() Token {
	r := n.raw()
	if r.tokStart == r.tokEnd {
		return Token{}
	}
	return Token{n.tree, r.tokStart}
}

// LastToken returns the node's last token, invalid for a node without tokens.
func (n Node) LastToken() Token {
	r := n.raw()
	if r.tokStart == r.tokEnd {
		return Token{}
	}
	return Token{n.tree, r.tokEnd - 1}
}

// Element is a part of a node: a child node, or a token that belongs to the
// node itself. Exactly one of the two is valid.
type Element struct {
	Node  Node
	Token Token
}

// Elements yields the child nodes and the node's own tokens in source order.
func (n Node) Elements() iter.Seq[Element] {
	return func(yield func(Element) bool) {
		r := n.raw()
		tok := r.tokStart
		for _, id := range n.tree.children[r.childStart:r.childEnd] {
			c := &n.tree.nodes[id]
			for ; tok < c.tokStart; tok++ {
				if !yield(Element{Token: Token{n.tree, tok}}) {
					return
				}
			}
			if !yield(Element{Node: Node{n.tree, id}}) {
				return
			}
			tok = c.tokEnd
		}
		for ; tok < r.tokEnd; tok++ {
			if !yield(Element{Token: Token{n.tree, tok}}) {
				return
			}
		}
	}
}

// ownToken returns the first token of the given kind that belongs to the node
// itself, at or after token index from.
func (n Node) ownToken(kind TokenKind, from uint32) Token {
	r := n.raw()
	tok := r.tokStart
	for _, id := range n.tree.children[r.childStart:r.childEnd] {
		c := &n.tree.nodes[id]
		for ; tok < c.tokStart; tok++ {
			if tok >= from && n.tree.tokens[tok].kind == kind {
				return Token{n.tree, tok}
			}
		}
		tok = c.tokEnd
	}
	for ; tok < r.tokEnd; tok++ {
		if tok >= from && n.tree.tokens[tok].kind == kind {
			return Token{n.tree, tok}
		}
	}
	return Token{}
}

// TokenAt returns the token at the offset: the one that contains it, or else
// the one that ends there. Between tokens it returns an invalid token.
func (t *Tree) TokenAt(offset uint32) Token {
	i := t.firstTokenEndingAfter(offset)
	if k := &t.tokens[i]; k.start <= offset && k.kind != TokenEOF {
		return Token{t, uint32(i)}
	}
	if i > 0 && t.tokens[i-1].end == offset {
		return Token{t, uint32(i - 1)}
	}
	return Token{}
}

// TokenBefore returns the last token that starts before the offset, or an invalid token
// if there is none. The end of the file is no such token.
func (t *Tree) TokenBefore(offset uint32) Token {
	tok := Token{t, uint32(t.firstTokenEndingAfter(offset))}
	for tok.IsValid() && (tok.Span().Start >= offset || tok.Kind() == TokenEOF) {
		tok = tok.Prev()
	}
	return tok
}

// firstTokenEndingAfter returns the index of the first token whose end lies
// behind the offset, or that of the end-of-file token.
func (t *Tree) firstTokenEndingAfter(offset uint32) int {
	lo, hi := 0, len(t.tokens)-1
	for lo < hi {
		mid := (lo + hi) / 2
		if t.tokens[mid].end > offset {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}

// NodeAt returns the smallest node whose span contains the offset. A node that
// ends at the offset is preferred to its parent, so that a cursor behind a
// word finds the word.
func (t *Tree) NodeAt(offset uint32) Node { return t.NodeCovering(Span{offset, offset}) }

// NodeCovering returns the smallest node whose span covers s; if none does,
// the root.
func (t *Tree) NodeCovering(s Span) Node {
	n := t.Root()
	for {
		r := n.raw()
		next := noNode
		// Children are in source order, so the last one that starts at or
		// before s is the only candidate, but for neighbours that touch.
		ids := t.children[r.childStart:r.childEnd]
		lo, hi := 0, len(ids)
		for lo < hi {
			mid := (lo + hi) / 2
			if (Node{t, ids[mid]}).Span().Start <= s.Start {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		for i := lo - 1; i >= 0 && i >= lo-2; i-- {
			c := Node{t, ids[i]}
			if c.Kind() != KindMissing && c.Span().Covers(s) {
				next = c.id
				break
			}
		}
		if next == noNode {
			return n
		}
		n = Node{t, next}
	}
}
