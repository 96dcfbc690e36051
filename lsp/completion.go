package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/manual"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/session"
	"github.com/nixlint/nixlint/analysis/symbol"
)

// Completion proposes what can be written at a position.
func (s *server) Completion(ctx context.Context, p *protocol.CompletionParams) (protocol.CompletionResult, error) {
	q, at, err := s.at(ctx, p.TextDocumentPositionParams)
	if err != nil {
		return nil, err
	}
	c := &completion{query: q, at: at, cursor: symbol.CursorAt(q.File(q.path), q.Names(q.path), at), seen: make(map[string]bool)}
	c.items, c.place = []protocol.CompletionItem{}, c.toRange(c.cursor.Span)
	if c.cursor.Where != symbol.InNothing {
		q.evaluated(func(_ *session.Snapshot, m *repo.Model) {
			c.view = symbol.ViewOf(m, q.path)
			c.collect()
		})
	}
	list := &protocol.CompletionList{Items: c.items, IsIncomplete: c.incomplete}
	if s.editor.shortItems && len(list.Items) > 0 {
		list.ItemDefaults = &protocol.CompletionItemDefaults{EditRange: &c.place}
	}
	return list, ctx.Err()
}

// completion is one list of proposals in the making.
type completion struct {
	*query
	at     uint32
	cursor symbol.Cursor
	place  protocol.Range // of what is written already, for which a proposal stands
	view   symbol.View
	items  []protocol.CompletionItem
	seen   map[string]bool
	// incomplete is set if there is more to propose when more is written.
	incomplete bool
}

// rank orders proposals: lower ones come first.
type rank int

// The ranks.
const (
	rankValue   rank = iota // a value that the option takes
	rankFirst               // what nearly everybody wants, as `enable`
	rankMember              // what the names before hold
	rankLocal               // names of the file
	rankForeign             // what needs an import first
	rankGlobal              // names that are everywhere
	rankKeyword
)

// add proposes a name, once, if it begins with what is written already or could be meant
// by it: editors filter further.
func (c *completion) add(label, detail string, kind protocol.CompletionItemKind, r rank) *protocol.CompletionItem {
	text := label
	if c.cursor.Where != symbol.InString && c.cursor.Where != symbol.InPath && r != rankValue && r != rankKeyword && !eval.IsIdentifier(label) {
		text = `"` + label + `"`
	}
	return c.addText(label, text, detail, kind, r)
}

// addText proposes a name for which a text is written.
func (c *completion) addText(label, text, detail string, kind protocol.CompletionItemKind, r rank) *protocol.CompletionItem {
	if c.seen[label] || label == "" {
		return nil
	}
	c.seen[label] = true
	item := protocol.CompletionItem{Label: label, Kind: kind, SortText: protocol.NewOptional(fmt.Sprintf("%d%s", r, label))}
	if c.server.editor.shortItems {
		item.TextEditText = protocol.NewOptional(text)
	} else {
		item.TextEdit = &protocol.TextEdit{Range: c.place, NewText: text}
	}
	if detail != "" {
		item.Detail = protocol.NewOptional(detail)
	}
	c.items = append(c.items, item)
	return &c.items[len(c.items)-1]
}

// addEntry proposes a builtin or a function of the library.
func (c *completion) addEntry(name, detail string, kind protocol.CompletionItemKind, r rank, e *manual.Entry, where described) {
	item := c.add(name, detail, kind, r)
	if item == nil || e == nil {
		return
	}
	if len(e.Params) == 0 && kind == protocol.CompletionItemKindFunction {
		item.Kind = protocol.CompletionItemKindConstant
	}
	if e.Deprecated() {
		item.Tags = []protocol.CompletionItemTag{protocol.CompletionItemTagDeprecated}
	}
	item.Data, _ = json.Marshal(where)
}

func (c *completion) collect() {
	for _, name := range c.cursor.Formals { // they are there already
		c.seen[name] = true
	}
	switch c.cursor.Where {
	case symbol.InAttributes:
		c.attributes()
	case symbol.InFormals:
		c.formals()
	case symbol.InPath:
		c.files()
	case symbol.InString:
		c.devices(true)
		c.values(true)
		c.people(true)
		c.follows()
		c.pathsInText()
	case symbol.InInherit:
		c.members()
	case symbol.InNames:
		c.inherited()
	case symbol.InExpression:
		switch {
		case len(c.cursor.Before) > 0:
			c.members()
		default:
			c.devices(false)
			c.values(false)
			c.people(false)
			c.modules()
			c.names()
			c.pieces()
		}
	}
}

// described is the data of a proposal by which it can be described later.
type described struct {
	Builtin string   `json:"builtin,omitempty"`
	Lib     []string `json:"lib,omitempty"`
}

// CompletionResolve adds the documentation of a builtin or a function of the library to a
// proposal.
func (s *server) CompletionResolve(_ context.Context, item *protocol.CompletionItem) (*protocol.CompletionItem, error) {
	var d described
	if len(item.Data) == 0 {
		return item, nil
	}
	if err := json.Unmarshal(item.Data, &d); err != nil {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "the data of the proposal `%s` is not the server's: %v", item.Label, err)
	}
	text := ""
	if e := manual.Builtin(d.Builtin); e != nil {
		text = describeEntry("builtins.", e)
	} else if e := manual.Lib(d.Lib...); e != nil && len(d.Lib) > 0 {
		text = describeEntry("lib.", e)
	}
	out := *item
	if text != "" {
		out.Documentation = s.markup(text)
	}
	return &out, nil
}

// below returns a path with names behind it, in a slice of its own.
func below(path []string, names ...string) []string { return slices.Concat(path, names) }
