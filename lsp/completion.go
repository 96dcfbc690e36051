package lsp

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/session"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// Completion proposes what can be written at a position.
func (s *server) Completion(ctx context.Context, p *protocol.CompletionParams) (protocol.CompletionResult, error) {
	q, at, err := s.at(ctx, p.TextDocumentPositionParams)
	if err != nil {
		return nil, err
	}
	c := &completion{query: q, cursor: symbol.CursorAt(q.File(q.path), q.Names(q.path), at), seen: make(map[string]bool)}
	c.items = []protocol.CompletionItem{}
	if c.cursor.Where != symbol.InNothing {
		q.evaluated(func(_ *session.Snapshot, m *repo.Model) {
			c.view = symbol.ViewOf(m, q.path)
			c.collect()
		})
	}
	return &protocol.CompletionList{Items: c.items}, ctx.Err()
}

// completion is one list of proposals in the making.
type completion struct {
	*query
	cursor symbol.Cursor
	view   symbol.View
	items  []protocol.CompletionItem
	seen   map[string]bool
}

// rank orders proposals: lower ones come first.
type rank int

// The ranks.
const (
	rankValue   rank = iota // a value that the option takes
	rankMember              // what the names before hold
	rankLocal               // names of the file
	rankForeign             // what needs an import first
	rankGlobal              // names that are everywhere
	rankKeyword
)

// add proposes a name, once, if it begins with what is written already or could be meant
// by it: editors filter further.
func (c *completion) add(label, detail string, kind protocol.CompletionItemKind, r rank) *protocol.CompletionItem {
	if c.seen[label] || label == "" {
		return nil
	}
	c.seen[label] = true
	text := label
	if c.cursor.Where != symbol.InString && c.cursor.Where != symbol.InPath && r != rankValue && r != rankKeyword && !eval.IsIdentifier(label) {
		text = `"` + label + `"`
	}
	item := protocol.CompletionItem{
		Label: label, Kind: kind, SortText: protocol.NewOptional(fmt.Sprintf("%d%s", r, label)),
		TextEdit: &protocol.TextEdit{Range: c.toRange(c.cursor.Span), NewText: text},
	}
	if detail != "" {
		item.Detail = protocol.NewOptional(detail)
	}
	c.items = append(c.items, item)
	return &c.items[len(c.items)-1]
}

func (c *completion) collect() {
	switch c.cursor.Where {
	case symbol.InAttributes:
		c.attributes()
	case symbol.InFormals:
		c.formals()
	case symbol.InPath:
		c.files()
	case symbol.InString:
		c.devices()
		c.values(true)
	case symbol.InExpression:
		switch {
		case len(c.cursor.Before) > 0:
			c.members()
		default:
			c.values(false)
			c.names()
		}
	}
}

// attributes proposes the options that can be defined here.
func (c *completion) attributes() {
	at := slices.Concat(c.cursor.Set, c.cursor.Before)
	if len(at) > 0 && at[0] == "options" {
		return
	}
	top := len(at) == 0
	if len(at) > 0 && at[0] == "config" {
		at = at[1:]
	}
	for _, in := range c.view.Evaluations {
		c.optionNames(in.Config, at, rankMember, "", nil)
	}
	c.foreignOptions(at)
	if top && len(c.view.Evaluations) > 0 {
		for _, name := range []string{"imports", "options", "config"} {
			c.add(name, "of the module", protocol.CompletionItemKindKeyword, rankLocal)
		}
	}
}

// optionNames proposes what an evaluation declares below a path. The edits add what the
// options need.
func (c *completion) optionNames(e *module.Evaluation, at []string, r rank, note string, edits func(*module.Option) []protocol.TextEdit) {
	ev := c.view.Model.Evaluator()
	e, at = inside(ev, e, at)
	if e == nil {
		return
	}
	for _, name := range e.Names(at...) {
		below := append(slices.Clone(at), name)
		if c.seen[name] {
			continue
		}
		o, rest := e.Option(below...)
		detail, kind := "options", protocol.CompletionItemKindModule
		if o != nil && len(rest) == 0 {
			if o.IsStub() || o.IsHidden() {
				continue
			}
			detail, kind = o.Type().Description(ev), protocol.CompletionItemKindProperty
		} else if declared := e.Declared(below...); len(declared) > 0 {
			o = declared[0]
			if o.IsStub() {
				continue
			}
		}
		if note != "" {
			detail += " (" + note + ")"
		}
		var more []protocol.TextEdit
		if edits != nil {
			if o == nil {
				continue
			}
			if more = edits(o); more == nil {
				continue
			}
		}
		if item := c.add(name, detail, kind, r); item != nil {
			item.AdditionalTextEdits = more
			if o != nil {
				if text := strings.TrimSpace(o.Text("description")); text != "" && kind == protocol.CompletionItemKindProperty {
					item.Documentation = &protocol.MarkupContent{Kind: protocol.MarkupKindMarkdown, Value: text}
				}
			}
		}
	}
}

// inside follows a path into the values of options, as in `vms.win11.gpu`, and returns the
// evaluation there with the rest of the path; nil if there is none.
func inside(ev *eval.Evaluator, e *module.Evaluation, at []string) (*module.Evaluation, []string) {
	for {
		o, rest := e.Option(at...)
		if o == nil {
			return e, at
		}
		in := o.Type().Inside(ev, at[:len(at)-len(rest)])
		if in == nil {
			return nil, nil
		}
		// Each set of such values takes a name of its own.
		depth := 0
		for t := o.Type(); t != nil && depth <= len(rest); t = t.Elem(ev) {
			if t.Name == "attrsOf" || t.Name == "lazyAttrsOf" {
				depth++
			}
		}
		if depth > len(rest) {
			return nil, nil
		}
		e, at = in, rest[depth:]
		if len(at) == 0 {
			return e, at
		}
	}
}

// foreignOptions proposes options of modules that other hosts import and this one does
// not. Taking one adds the import.
func (c *completion) foreignOptions(at []string) {
	imports := c.importList()
	if len(at) == 0 || !imports.IsValid() || len(c.view.Evaluations) == 0 {
		return
	}
	own := c.view.Evaluations[0]
	for _, h := range c.view.Model.Hosts {
		for _, e := range append([]*repo.Evaluation{h.System}, h.Homes...) {
			if (e.User == "") != (own.User == "") {
				continue
			}
			c.optionNames(e.Config, at, rankForeign, "adds the import", func(o *module.Option) []protocol.TextEdit {
				for _, d := range o.Declarations {
					if d.At.IsValid() {
						if edit, ok := c.importEdit(imports, c.view.Model.Rel(d.At.File)); ok {
							return []protocol.TextEdit{edit}
						}
					}
				}
				return nil
			})
		}
	}
}

// importList returns the list that is bound to `imports` in the file.
func (c *completion) importList() parser.List {
	for n := range c.tree().Root().Preorder() {
		if b := (parser.Binding{Node: n}); n.Is(parser.KindBinding) && b.Path().Text() == "imports" && b.Value().Is(parser.KindList) {
			return parser.List{Node: b.Value()}
		}
	}
	return parser.List{}
}

// importEdit adds the module of a file to the imports, by its key in a registry.
func (c *completion) importEdit(imports parser.List, file string) (edit protocol.TextEdit, ok bool) {
	entry := c.view.EntryOf(file)
	if entry == nil || imports.ChildCount() == 0 || c.Names(c.path).Lookup(c.Names(c.path).At(imports.Span().Start), entry.Key[0]) == scope.None {
		return edit, false
	}
	last := imports.LastChild().Span()
	lines := c.Lines(c.path)
	begun := lines.Text(lines.Line(last.Start))
	indent := begun[:len(begun)-len(strings.TrimLeft(begun, " \t"))]
	e := diagnostic.Edit{Span: parser.Span{Start: last.End, End: last.End}, Text: "\n" + indent + entry.Path()}
	return protocol.TextEdit{Range: c.toRange(e.Span), NewText: e.Text}, true
}

// members proposes what the names before the cursor hold.
func (c *completion) members() {
	root, below := c.cursor.Root, c.cursor.Below
	switch root {
	case "":
		return
	case "builtins":
		if len(below) == 0 {
			for _, name := range scope.BuiltinNames() {
				c.add(name, "builtin", protocol.CompletionItemKindFunction, rankMember)
			}
		}
		return
	case "config", "options":
		for _, in := range c.view.Evaluations {
			c.optionNames(in.Config, below, rankMember, "", nil)
		}
	}
	ev := c.view.Model.Evaluator()
	for _, in := range c.view.Evaluations {
		value, _ := c.view.Value(in, root, below)
		set, ok := value.(*eval.Attrs)
		if !ok {
			continue
		}
		for _, a := range set.Entries {
			if c.seen[a.Name] || root == "config" && a.At.IsValid() && !c.view.Model.Own(a.At.File.Path) {
				continue
			}
			detail, kind := c.member(ev, root, below, a)
			c.add(a.Name, detail, kind, rankMember)
		}
	}
}

// member tells what one attribute is.
func (c *completion) member(ev *eval.Evaluator, root string, below []string, a eval.Attr) (detail string, kind protocol.CompletionItemKind) {
	if entry, folder := c.view.Registered(slices.Concat([]string{root}, below, []string{a.Name})); entry != nil {
		return entry.Target, protocol.CompletionItemKindFile
	} else if len(folder) > 0 {
		return fmt.Sprintf("%d modules", len(folder)), protocol.CompletionItemKindFolder
	}
	if root == "lib" {
		return "lib." + strings.Join(append(slices.Clone(below), a.Name), "."), protocol.CompletionItemKindFunction
	}
	switch v := ev.Force(a.Value).(type) {
	case *eval.Lambda, *eval.Native:
		return "function", protocol.CompletionItemKindFunction
	case *eval.Attrs:
		return "set", protocol.CompletionItemKindStruct
	case *eval.Unknown, *eval.Error:
		return "", protocol.CompletionItemKindField
	default:
		return oneLine(ev.PrintShallow(v)), protocol.CompletionItemKindValue
	}
}

// formals proposes the arguments that evaluation gives to the module.
func (c *completion) formals() {
	for _, in := range c.view.Evaluations {
		for _, name := range c.view.Model.Arguments(in.Host, in.Evaluation).Names {
			if !slices.Contains(c.cursor.Formals, name) {
				c.add(name, "argument of modules", protocol.CompletionItemKindVariable, rankMember)
			}
		}
	}
}

// values proposes what the option that is being defined takes. Without quotes around
// the cursor, texts get them.
func (c *completion) values(quoted bool) {
	at := c.cursor.Value
	if len(at) > 0 && at[0] == "config" {
		at = at[1:]
	}
	if len(at) == 0 {
		return
	}
	ev := c.view.Model.Evaluator()
	for _, in := range c.view.Evaluations {
		e, rest := inside(ev, in.Config, at[:len(at)-1])
		if e == nil {
			continue
		}
		o, left := e.Option(append(slices.Clone(rest), at[len(at)-1])...)
		if o == nil || len(left) > 0 {
			continue
		}
		for _, t := range append([]*module.Type{o.Type()}, o.Type().Alternatives(ev)...) {
			c.valuesOf(ev, t, quoted)
		}
	}
}

func (c *completion) valuesOf(ev *eval.Evaluator, t *module.Type, quoted bool) {
	for range 8 {
		if t == nil {
			return
		}
		if t.Name == "bool" && !quoted {
			c.add("true", "bool", protocol.CompletionItemKindValue, rankValue)
			c.add("false", "bool", protocol.CompletionItemKindValue, rankValue)
		}
		if t.Name == "nullOr" && !quoted {
			c.add("null", "", protocol.CompletionItemKindValue, rankValue)
		}
		for _, v := range t.Enum {
			text, isText := v.(eval.String)
			switch {
			case isText && quoted:
				c.add(string(text), "", protocol.CompletionItemKindEnumMember, rankValue)
			case !quoted:
				c.add(ev.Print(v), "", protocol.CompletionItemKindEnumMember, rankValue)
			}
		}
		t = t.Elem(ev)
	}
}

// keywords are what an expression can begin with.
var keywords = []string{"let", "if", "with", "rec", "assert", "inherit"}

// names proposes the names that mean something here.
func (c *completion) names() {
	names := c.Names(c.path)
	for d := range names.Visible(c.cursor.Scope) {
		c.add(names.Name(d), "", protocol.CompletionItemKindVariable, rankLocal)
	}
	for w := range names.Withs(c.cursor.Scope) {
		with := parser.With{Node: c.tree().Node(names.Scopes()[w].Node)}
		if root, below, ok := symbol.Chain(names, with.Namespace()); ok {
			c.cursor.Root, c.cursor.Below = root, below
			c.members()
		}
	}
	for _, name := range scope.BuiltinNames() {
		if b := scope.BuiltinOf(name); b == scope.Global || b == scope.Constant {
			c.add(name, "builtin", protocol.CompletionItemKindFunction, rankGlobal)
		}
	}
	c.add("builtins", "", protocol.CompletionItemKindModule, rankGlobal)
	for _, word := range keywords {
		c.add(word, "", protocol.CompletionItemKindKeyword, rankKeyword)
	}
}

// files proposes what the folder of a path literal holds.
func (c *completion) files() {
	dir, begun := path.Split(c.cursor.Text)
	if !strings.HasPrefix(dir, "./") && !strings.HasPrefix(dir, "../") {
		return
	}
	c.cursor.Span.Start = c.cursor.Span.End - uint32(len(begun))
	folder := path.Join(path.Dir(c.path), dir)
	for _, f := range c.Repo.Files {
		rest, ok := strings.CutPrefix(f.Path, folder+"/")
		if folder == "." {
			rest, ok = f.Path, true
		}
		if !ok {
			continue
		}
		name, _, deeper := strings.Cut(rest, "/")
		kind := protocol.CompletionItemKindFile
		if deeper {
			kind = protocol.CompletionItemKindFolder
		}
		if path.Join(folder, name) != c.path {
			c.add(name, "", kind, rankMember)
		}
	}
}
