package config

import (
	"errors"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/nixlint/nixlint/parser"
)

// Pos is a place in a file of settings. Lines and columns count from 1,
// columns in characters. The zero value is no place.
type Pos struct{ Line, Column int }

// IsValid reports whether there is such a place.
func (p Pos) IsValid() bool { return p.Line > 0 }

// node is a TOML value that knows where it stands, which the values that
// go-toml decodes do not.
type node struct {
	kind  nodeKind
	at    Pos
	text  string // of a string
	num   int64  // of a whole number
	truth bool   // of a truth value
	keys  []pair // of a table, in source order
	items []*node
}

type pair struct {
	key   string
	at    Pos
	value *node
}

// nodeKind is the type of a TOML value.
type nodeKind uint8

const (
	tableNode nodeKind = iota + 1
	listNode
	textNode
	numberNode
	truthNode
	otherNode // a fraction, a date: nothing that a setting takes
)

var nodeKindNames = [...]string{
	tableNode: "a table", listNode: "a list", textNode: "a string", numberNode: "a whole number",
	truthNode: "a truth value", otherNode: "a fraction or a date",
}

func (n *node) get(key string) *node {
	for i := range n.keys {
		if n.keys[i].key == key {
			return n.keys[i].value
		}
	}
	return nil
}

// parseTOML reads a TOML document. The error, if there is one, is the first
// mistake in it.
func parseTOML(file string, data []byte) (*node, *Error) {
	lines := parser.NewLines(string(data))
	at := func(offset uint32) Pos {
		line := lines.Line(offset)
		return Pos{line + 1, len([]rune(string(data[lines.Start(line):offset]))) + 1}
	}
	// Decoding finds what is wrong with a document, keys that are defined twice
	// included, so that the tree can be built without looking.
	var all map[string]any
	if err := toml.Unmarshal(data, &all); err != nil {
		e := &Error{File: file, Message: strings.TrimPrefix(err.Error(), "toml: ")}
		if d, ok := errors.AsType[*toml.DecodeError](err); ok {
			line, column := d.Position()
			start := lines.Start(line - 1)
			e.Pos = at(min(start+uint32(max(column-1, 0)), uint32(len(data))))
		}
		return nil, e
	}
	b := treeBuilder{at: at}
	b.parser.Reset(data)
	root := &node{kind: tableNode, at: Pos{1, 1}}
	table := root
	for b.parser.NextExpression() {
		switch e := b.parser.Expression(); e.Kind {
		case unstable.Table:
			table = b.table(root, e.Key(), false)
		case unstable.ArrayTable:
			table = b.table(root, e.Key(), true)
		case unstable.KeyValue:
			b.keyValue(table, e)
		}
	}
	if err := b.parser.Error(); err != nil {
		return nil, &Error{File: file, Pos: Pos{1, 1}, Message: err.Error()}
	}
	return root, nil
}

// treeBuilder makes nodes of go-toml's expressions.
type treeBuilder struct {
	parser unstable.Parser
	at     func(offset uint32) Pos
}

// table returns the table that a header such as [a.b] or [[a.b]] begins.
func (b *treeBuilder) table(root *node, keys unstable.Iterator, list bool) *node {
	t := root
	for keys.Next() {
		key := keys.Node()
		if list && keys.IsLast() {
			l := t.get(string(key.Data))
			if l == nil {
				l = b.add(t, key, &node{kind: listNode})
			}
			item := &node{kind: tableNode, at: b.at(key.Raw.Offset)}
			l.items = append(l.items, item)
			return item
		}
		t = b.child(t, key)
	}
	return t
}

// child returns the table that a key of a table holds, the last one of a list
// of tables, and makes it if there is none.
func (b *treeBuilder) child(t *node, key *unstable.Node) *node {
	c := t.get(string(key.Data))
	switch {
	case c == nil:
		return b.add(t, key, &node{kind: tableNode})
	case c.kind == listNode && len(c.items) > 0:
		return c.items[len(c.items)-1]
	}
	return c
}

func (b *treeBuilder) add(t *node, key *unstable.Node, value *node) *node {
	at := b.at(key.Raw.Offset)
	if !value.at.IsValid() {
		value.at = at
	}
	t.keys = append(t.keys, pair{string(key.Data), at, value})
	return value
}

func (b *treeBuilder) keyValue(t *node, e *unstable.Node) {
	keys := e.Key()
	for keys.Next() {
		if keys.IsLast() {
			b.add(t, keys.Node(), b.value(e.Value()))
			return
		}
		t = b.child(t, keys.Node())
	}
}

func (b *treeBuilder) value(e *unstable.Node) *node {
	n := &node{kind: otherNode}
	if e.Raw.Length > 0 {
		n.at = b.at(e.Raw.Offset)
	}
	switch e.Kind {
	case unstable.String:
		n.kind, n.text = textNode, string(e.Data)
	case unstable.Bool:
		n.kind, n.truth = truthNode, string(e.Data) == "true"
	case unstable.Integer:
		n.kind = numberNode
		n.num, _ = strconv.ParseInt(strings.TrimPrefix(string(e.Data), "+"), 0, 64)
	case unstable.Array:
		n.kind, n.items = listNode, []*node{}
		for items := e.Children(); items.Next(); {
			n.items = append(n.items, b.value(items.Node()))
		}
	case unstable.InlineTable:
		n.kind = tableNode
		for keys := e.Children(); keys.Next(); {
			b.keyValue(n, keys.Node())
		}
	}
	return n
}
