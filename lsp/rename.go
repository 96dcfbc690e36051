package lsp

import (
	"context"
	"path"
	"slices"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/analysis/rename"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/session"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/generator"
	"github.com/nixlint/nixlint/parser"
)

// PrepareRename tells what a rename at a position would rename, by the newest evaluation that
// is ready: the rename itself goes by the newest text.
func (s *server) PrepareRename(ctx context.Context, p *protocol.PrepareRenameParams) (protocol.PrepareRenameResult, error) {
	q, at, err := s.at(ctx, p.TextDocumentPositionParams)
	if err != nil {
		return nil, err
	}
	var named rename.Named
	var ok bool
	q.evaluated(func(_ *session.Snapshot, m *repo.Model) {
		named, ok = rename.At(m, q.File(q.path), q.Names(q.path), at)
	})
	if ok {
		return &protocol.PrepareRenamePlaceholder{Range: q.toRange(named.Span), Placeholder: named.Name}, nil
	}
	sym := symbol.At(q.File(q.path), q.Names(q.path), at)
	if sym.Kind == symbol.Nothing || sym.Kind == symbol.Builtin || sym.Kind == symbol.File {
		return nil, nil
	}
	if _, input, _ := q.inputAt(at); input != nil {
		return nil, nil // flake.lock has its name too
	}
	if sym.Kind == symbol.Variable && len(sym.Path) == 0 {
		if _, err := q.renameVariable(sym, sym.Name+"'"); err != nil {
			return nil, nil // no other name would do either
		}
	} else {
		q.evaluated(func(_ *session.Snapshot, m *repo.Model) {
			_, ok, _ = q.renameTarget(symbol.ViewOf(m, q.path), sym, sym.Name)
		})
		if !ok {
			return nil, nil
		}
	}
	return &protocol.PrepareRenamePlaceholder{Range: q.toRange(sym.Span), Placeholder: sym.Name}, nil
}

// namedAt returns the host or user that is named at an offset.
func (q *query) namedAt(at uint32) (named rename.Named, ok bool) {
	q.Model(func(m *repo.Model) { named, ok = rename.At(m, q.File(q.path), q.Names(q.path), at) })
	return named, ok
}

// renamePlan gives a host or user another name.
func (q *query) renamePlan(named rename.Named, to string) (*protocol.WorkspaceEdit, error) {
	var plan *rename.Plan
	var err error
	q.Model(func(m *repo.Model) { plan, err = rename.Names(m, q.Names, named, to) })
	if err != nil {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "%v", err)
	}
	return q.moving(plan.Edits, plan.Moves)
}

// moving returns moves of files, and edits after them: those of files that move are for their
// new places. So editors that do not take what they have open along find all on the disk.
func (q *query) moving(edits []diagnostic.Edit, moves []rename.Move) (*protocol.WorkspaceEdit, error) {
	if len(moves) > 0 && !q.server.editor.renames {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidRequest, "the editor cannot rename files: `%s` would have to be `%s`", moves[0].From, moves[0].To)
	}
	out := q.server.workspaceEdit(q.folder, q.Snapshot, edits)
	var first []protocol.DocumentChange
	for _, m := range moves {
		first = append(first, &protocol.RenameFile{
			Kind: "rename", OldURI: q.folder.uriOf(m.From), NewURI: q.folder.uriOf(m.To), Options: &protocol.RenameFileOptions{Overwrite: ptr(false)},
		})
	}
	for _, change := range out.DocumentChanges {
		edit, ok := change.(*protocol.TextDocumentEdit)
		if !ok || len(moves) == 0 {
			continue
		}
		path, err := repo.Relative(q.folder.Root, edit.TextDocument.URI.FsPath())
		if err != nil {
			return nil, err
		}
		if to := rename.Moved(moves, path); to != path {
			edit.TextDocument.URI, edit.TextDocument.Version = q.folder.uriOf(to), nil
		}
	}
	out.DocumentChanges = append(first, out.DocumentChanges...)
	return out, nil
}

// moveOf returns how the file of a registry's key is to be called if the key gets another
// name; nil if it is not called as the key.
func moveOf(entry *repo.RegistryEntry, to string) []rename.Move {
	folder, base := path.Split(entry.Target)
	ext := path.Ext(base)
	if generator.Camel(strings.TrimSuffix(base, ext)) != entry.Key[len(entry.Key)-1] {
		return nil
	}
	return []rename.Move{{From: entry.Target, To: folder + generator.Kebab(to) + ext}}
}

// Rename gives a variable, an option of the repository, a key of a registry, a host or a user
// another name, wherever it is named. The file of a registry's key follows if the settings
// say so.
func (s *server) Rename(ctx context.Context, p *protocol.RenameParams) (*protocol.WorkspaceEdit, error) {
	q, at, err := s.at(ctx, p.TextDocumentPositionParams)
	if err != nil {
		return nil, err
	}
	if named, ok := q.namedAt(at); ok {
		return q.renamePlan(named, p.NewName)
	}
	if _, input, _ := q.inputAt(at); input != nil {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is an input of the flake: flake.lock has its name too, which only `nix flake lock` can change", strings.Join(input, "/"))
	}
	if !eval.IsIdentifier(p.NewName) {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is no name", p.NewName)
	}
	f, names := q.File(q.path), q.Names(q.path)
	sym := symbol.At(f, names, at)
	if sym.Kind == symbol.Variable && len(sym.Path) == 0 {
		edits, err := q.renameVariable(sym, p.NewName)
		if err != nil {
			return nil, err
		}
		return s.workspaceEdit(q.folder, q.Snapshot, edits), nil
	}
	places, entry, taken := q.renamePlaces(sym, p.NewName)
	var moves []rename.Move
	if entry != nil && s.workspace.renamesFiles() {
		moves = moveOf(entry, p.NewName)
	}
	if len(places) == 0 {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` cannot be renamed: only variables, options of the repository and keys of its registries can", sym.Name)
	}
	if taken {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "there is a `%s` beside `%s` already", p.NewName, sym.Name)
	}
	edits, err := q.renameEdits(places, sym.Name, p.NewName)
	if err != nil {
		return nil, err
	}
	return q.moving(append(edits, rename.Edits(q.Repo, moves)...), moves)
}

// renamePlaces returns where an option of the repository or a key of a registry is named, as
// the newest text has it; nothing for symbols of other kinds. entry is that of the key, if it
// is one of a module. taken is set if there is another one of the new name beside it.
func (q *query) renamePlaces(sym symbol.Symbol, name string) (places []symbol.Place, entry *repo.RegistryEntry, taken bool) {
	q.Model(func(m *repo.Model) {
		v := symbol.ViewOf(m, q.path)
		var known bool
		if entry, known, taken = q.renameTarget(v, sym, name); known {
			places = v.References(q.File(q.path), q.Names, sym, true)
		}
	})
	return places, entry, taken
}

// renameTarget tells whether a symbol is an option of the repository or a key of a registry.
// The other results are as for renamePlaces.
func (q *query) renameTarget(v symbol.View, sym symbol.Symbol, name string) (entry *repo.RegistryEntry, known, taken bool) {
	key := append([]string{sym.Root}, sym.Path...)
	entry, folder := v.Key(sym)
	if e := v.EntryAt(symbol.Place{File: q.path, Span: sym.Span}); e != nil {
		entry, key = e, e.Key
	}
	if known = entry != nil || len(folder) > 0; known {
		other, folder := v.Registered(beside(key, name))
		taken = other != nil || len(folder) > 0
	}
	for _, found := range v.Option(sym.OptionPath()) {
		if len(found.Rest) == 0 && q.isOwn(v, found.Option) {
			known = true
			taken = taken || len(found.Config.Declared(beside(found.Option.Path, name)...)) > 0
		}
	}
	return entry, known, taken
}

// isOwn reports whether an option is declared in the repository and nowhere else.
func (q *query) isOwn(v symbol.View, o *module.Option) bool {
	return len(o.Declarations) > 0 && !slices.ContainsFunc(o.Declarations, func(d module.Declaration) bool { return v.Place(d.At).File == "" })
}

// beside returns a path with another last name.
func beside(path []string, name string) []string { return below(path[:len(path)-1], name) }

// renameEdits gives what is named at places another name. A name that an inherit takes over
// keeps what it is called there.
func (q *query) renameEdits(places []symbol.Place, old, name string) (edits []diagnostic.Edit, err error) {
	for _, place := range places {
		f := q.File(place.File)
		if f == nil {
			return nil, errStale(place.File)
		}
		n := f.Tree.NodeCovering(place.Span)
		e := diagnostic.Edit{File: place.File, Span: place.Span, Text: name}
		switch text := f.Text[place.Span.Start:place.Span.End]; {
		case n.Parent().Is(parser.KindInherit):
			in := parser.Inherit{Node: n.Parent()}
			if !in.From().IsValid() || in.HasComments() || !in.Semicolon().IsValid() {
				return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is inherited by its name in %s: write a binding in place of that first", old, place.File)
			}
			e.Span, e.Text = in.Span(), renamedInherit(in, n, name)
		case text == `"`+old+`"`:
			e.Text = `"` + name + `"`
		case text != old:
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is written as `%s` in %s", old, text, place.File)
		}
		edits = append(edits, e)
	}
	return edits, nil
}

// renamedInherit writes an inherit whose source calls one of the names otherwise now.
func renamedInherit(in parser.Inherit, renamed parser.Node, name string) string {
	var others []string
	for n := range in.Names() {
		if n != renamed {
			others = append(others, n.Text())
		}
	}
	from := in.From()
	text := from.Text()
	if precedence.Of(from) < precedence.Simple {
		text = "(" + text + ")"
	}
	binding := renamed.Text() + " = " + text + "." + name + ";"
	if len(others) == 0 {
		return binding
	}
	src := in.Tree().Source()
	before := src[strings.LastIndexByte(src[:in.Span().Start], '\n')+1 : in.Span().Start]
	apart := " "
	if strings.TrimSpace(before) == "" {
		apart = "\n" + before
	}
	return "inherit (" + from.Text() + ") " + strings.Join(others, " ") + ";" + apart + binding
}

// renameVariable renames a definition of the file and its uses. The error says with what
// the new name would collide.
func (q *query) renameVariable(sym symbol.Symbol, name string) ([]diagnostic.Edit, error) {
	f, names := q.File(q.path), q.Names(q.path)
	def := names.Definitions()[sym.Def]
	if def.Kind == scope.Formal {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is an argument that those who call the function give by its name", sym.Name)
	}
	if other := names.Lookup(def.Scope, name); other != scope.None {
		if names.Definitions()[other].Scope == def.Scope {
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is defined here already", name)
		}
	}
	var edits []diagnostic.Edit
	for _, place := range symbol.Variables(f, names, sym.Def, true) {
		n := f.Tree.NodeCovering(place.Span)
		text := name
		if n.Parent().Is(parser.KindInherit) {
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is inherited by its name: write `%s = …` in place of that first", sym.Name, sym.Name)
		}
		edits = append(edits, diagnostic.Edit{File: q.path, Span: place.Span, Text: text})
	}
	// The file is resolved again with the new name: each use must still mean what it
	// meant, and none may be caught by something between.
	after, err := diagnostic.Apply(f.Text, edits)
	if err != nil {
		return nil, err
	}
	again := scope.Resolve(parser.Parse(after))
	if len(again.Uses()) != len(names.Uses()) {
		return nil, errStale(q.path)
	}
	for i, use := range names.Uses() {
		if now := again.Uses()[i]; now.Def != use.Def || now.Target != use.Target {
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` would mean something else at `%s`", name, f.Tree.Node(use.Node).Parent().Text())
		}
	}
	return edits, nil
}
