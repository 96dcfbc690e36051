package flake

import (
	"encoding/json"
	"fmt"

	"github.com/nixlint/nixlint/parser"
)

// Lock is the content of a flake.lock: a graph of flakes, each with the inputs
// it gets.
type Lock struct {
	Version int
	// Root is the flake that the file belongs to; never nil.
	Root *Node
	// Nodes are all flakes by the name they have in the file.
	Nodes map[string]*Node
}

// Node is one flake, or other source, of a lock file.
type Node struct {
	Key string
	At  parser.Span // its name in the file
	// Inputs are by the names that the flake itself gives them.
	Inputs map[string]LockedInput
	// Locked is what was fetched. It is empty for the root.
	Locked Ref
	// Original is what flake.nix asked for. It is empty for the root.
	Original Ref
	// IsFlake is unset for sources with `flake = false`.
	IsFlake bool
	// NarHash is the hash of the source, such as `sha256-…`.
	NarHash string
	// LastModified is a time in seconds since 1970; 0 if it is not known.
	LastModified int64
	// RevCount is the number of commits; 0 if it is not known.
	RevCount int64
	// Parent is, for relative paths, the way from the root to the flake that
	// the path starts from.
	Parent []string
}

// LockedInput says which node an input is.
type LockedInput struct {
	At parser.Span // its name in the file
	// Node is the name of the node; empty if the input follows another.
	Node string
	// Follows is the way from the root to the input that stands for this one.
	Follows []string
}

// maxFollows bounds how many inputs follow each other.
const maxFollows = 100

// Input returns the node that an input of a node is, through all that it
// follows. It returns nil if there is none.
func (l *Lock) Input(n *Node, name string) *Node { return l.input(n, name, 0) }

func (l *Lock) input(n *Node, name string, depth int) *Node {
	in, ok := n.Inputs[name]
	switch {
	case !ok || depth > maxFollows:
		return nil
	case in.Node != "":
		return l.Nodes[in.Node]
	}
	return l.find(in.Follows, depth+1)
}

// Find returns the node that a way of input names from the root leads to, or
// nil. The way of no names leads to the root.
func (l *Lock) Find(way ...string) *Node { return l.find(way, 0) }

func (l *Lock) find(way []string, depth int) *Node {
	n := l.Root
	for _, name := range way {
		if n = l.input(n, name, depth); n == nil {
			return nil
		}
	}
	return n
}

// ReadLock reads the text of a flake.lock. Errors are of type *SyntaxError.
func ReadLock(text string) (*Lock, error) {
	top, err := readJSON(text)
	if err != nil {
		return nil, err
	}
	if top.kind != '{' {
		return nil, &SyntaxError{int(top.span.Start), "a lock file is a JSON object"}
	}
	l := &Lock{Nodes: make(map[string]*Node)}
	if l.Version = int(top.get("version").number()); l.Version < 5 || l.Version > 7 {
		return nil, &SyntaxError{int(top.span.Start), fmt.Sprintf("lock files have version 5, 6 or 7, this one has %d", l.Version)}
	}
	nodes := top.get("nodes")
	if nodes == nil || nodes.kind != '{' {
		return nil, &SyntaxError{int(top.span.Start), "the lock file has no `nodes`"}
	}
	for _, m := range nodes.members {
		if l.Nodes[m.name], err = readNode(m); err != nil {
			return nil, err
		}
	}
	root := top.get("root")
	if l.Root = l.Nodes[root.text()]; l.Root == nil {
		at := top.span
		if root != nil {
			at = root.span
		}
		return nil, &SyntaxError{int(at.Start), fmt.Sprintf("the root `%s` is not among the nodes", root.text())}
	}
	for _, m := range nodes.members {
		if err := l.checkInputs(m); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// checkInputs reports inputs that are nodes which do not exist.
func (l *Lock) checkInputs(m member) error {
	inputs := m.value.get("inputs")
	if inputs == nil {
		return nil
	}
	for _, in := range inputs.members {
		if in.value.kind == 0 && l.Nodes[in.value.text()] == nil {
			return &SyntaxError{int(in.value.span.Start), fmt.Sprintf("`%s` is not among the nodes", in.value.text())}
		}
	}
	return nil
}

func readNode(m member) (*Node, error) {
	if m.value.kind != '{' {
		return nil, &SyntaxError{int(m.value.span.Start), fmt.Sprintf("the node `%s` is no object", m.name)}
	}
	n := &Node{Key: m.name, At: m.at, Inputs: make(map[string]LockedInput), IsFlake: true}
	if f := m.value.get("flake"); f != nil {
		n.IsFlake = f.scalar != false
	}
	locked, info := m.value.get("locked"), m.value.get("info")
	n.Locked, n.Original = refOf(locked), refOf(m.value.get("original"))
	// Version 5 keeps what was found out about the source apart.
	n.NarHash = either(locked.get("narHash"), info.get("narHash")).text()
	n.LastModified = either(locked.get("lastModified"), info.get("lastModified")).number()
	n.RevCount = either(locked.get("revCount"), info.get("revCount")).number()
	n.Parent = m.value.get("parent").texts()
	if inputs := m.value.get("inputs"); inputs != nil {
		for _, in := range inputs.members {
			l := LockedInput{At: in.at, Node: in.value.text()}
			if in.value.kind == '[' {
				l.Follows = in.value.texts()
			} else if l.Node == "" {
				return nil, &SyntaxError{int(in.value.span.Start), "an input is the name of a node or a list of names to follow"}
			}
			n.Inputs[in.name] = l
		}
	}
	return n, nil
}

// refOf reads a reference in its form as an object. What is not text is left
// out.
func refOf(v *value) Ref {
	if v == nil {
		return Ref{}
	}
	out := make(Ref)
	for _, m := range v.members {
		switch s := m.value.scalar.(type) {
		case string:
			out[m.name] = s
		case bool:
			if s {
				out[m.name] = "1"
			}
		}
	}
	return out
}

func either(a, b *value) *value {
	if a != nil {
		return a
	}
	return b
}

// number returns an integer, or 0 for anything else.
func (v *value) number() int64 {
	if v == nil {
		return 0
	}
	n, ok := v.scalar.(json.Number)
	if !ok {
		return 0
	}
	i, err := n.Int64()
	if err != nil {
		return 0
	}
	return i
}

// texts returns the strings of an array. It is not nil for an empty array.
func (v *value) texts() []string {
	if v == nil || v.kind != '[' {
		return nil
	}
	out := make([]string, len(v.elems))
	for i := range v.elems {
		out[i] = v.elems[i].text()
	}
	return out
}
