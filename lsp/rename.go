package lsp

import (
	"context"
	"path"
	"slices"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/rename"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/session"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/generator"
	"github.com/nixlint/nixlint/parser"
)

// PrepareRename tells what a rename at a position would rename, by the newest evaluation that
// is ready: the rename itself goes by the newest text. Why a variable or an input cannot be
// renamed is an error, which editors show.
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
	q.evaluated(func(_ *session.Snapshot, m *repo.Model) { sym = q.ownName(symbol.ViewOf(m, q.path), sym) })
	if _, input, _ := q.inputAt(at); input != nil {
		return nil, errInput(input)
	}
	if sym.Kind == symbol.Variable && len(sym.Path) == 0 {
		if _, err := q.renameVariable(sym, sym.Name+"'"); err != nil {
			return nil, err // no other name would do either
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
		return nil, errInput(input)
	}
	if !eval.IsIdentifier(p.NewName) {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is no name", p.NewName)
	}
	f, names := q.File(q.path), q.Names(q.path)
	sym := symbol.At(f, names, at)
	q.Model(func(m *repo.Model) { sym = q.ownName(symbol.ViewOf(m, q.path), sym) })
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

// errInput is the answer to who wants to rename an input of the flake.
func errInput(way []string) error {
	return jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is an input of the flake: flake.lock has its name too, which only `nix flake lock` can change", strings.Join(way, "/"))
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

// ownName makes a name that an inherit takes out of what cannot be renamed the variable that
// it is in the file.
func (q *query) ownName(v symbol.View, sym symbol.Symbol) symbol.Symbol {
	n := q.tree().NodeCovering(sym.Span)
	if sym.Kind != symbol.Argument || !n.Parent().Is(parser.KindInherit) {
		return sym
	}
	d := q.Names(q.path).DefinitionAt(n)
	if _, known, _ := q.renameTarget(v, sym, sym.Name); known || d == scope.None {
		return sym
	}
	return symbol.Symbol{Kind: symbol.Variable, Span: sym.Span, Name: sym.Name, Def: d}
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
	if group := v.Group(sym.OptionPath()); len(group) > 0 && sym.Kind != symbol.Variable {
		path := sym.OptionPath()
		known = !slices.ContainsFunc(group, func(o *module.Option) bool { return !q.isOwn(v, o) }) && len(v.GroupPlaces(path)) > 0
		for _, in := range v.Evaluations {
			taken = taken || len(in.Config.Declared(beside(path, name)...)) > 0
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
			if in.From().IsValid() {
				if out, ok := takeOut(in, n, inheritedAs(in, n.Text(), name)); ok {
					for _, e := range out {
						e.File = place.File
						edits = append(edits, e)
					}
					continue
				}
			}
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is inherited by its name, beside a comment or without a set, in %s: write a binding in place of that first", old, place.File)
		case text == `"`+old+`"`:
			e.Text = `"` + name + `"`
		case text != old:
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is written as `%s` in %s", old, text, place.File)
		}
		edits = append(edits, e)
	}
	return edits, nil
}

// inheritedAs writes how a name that an inherit takes from an expression is bound if that calls
// it otherwise, or if it is to be called otherwise here.
func inheritedAs(in parser.Inherit, own, there string) string {
	return own + " = " + edit.Subject(in.From()) + "." + there + ";"
}

// takeOut writes a binding in place of one of the names of an inherit; ok is false if comments
// are in the way.
func takeOut(in parser.Inherit, name parser.Node, binding string) (edits []diagnostic.Edit, ok bool) {
	if !in.Semicolon().IsValid() {
		return nil, false
	}
	var others []string
	for n := range in.Names() {
		if n != name {
			others = append(others, n.Text())
		}
	}
	src := in.Tree().Source()
	before := src[strings.LastIndexByte(src[:in.Span().Start], '\n')+1 : in.Span().Start]
	apart := " "
	if strings.TrimSpace(before) == "" {
		apart = "\n" + before
	}
	if len(others) > 0 && strings.Contains(in.Text(), "\n") {
		end := parser.Span{Start: in.Span().End, End: in.Span().End}
		return []diagnostic.Edit{edit.Remove(src, name.Span()), {Span: end, Text: apart + binding}}, true
	}
	text := binding
	if len(others) > 0 {
		from := ""
		if in.From().IsValid() {
			from = "(" + in.From().Text() + ") "
		}
		text = "inherit " + from + strings.Join(others, " ") + ";" + apart + binding
	}
	return []diagnostic.Edit{{Span: in.Span(), Text: text}}, !in.HasComments()
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
	var edits, trial []diagnostic.Edit
	for _, place := range symbol.Variables(f, names, sym.Def, true) {
		n := f.Tree.NodeCovering(place.Span)
		if !n.Parent().Is(parser.KindInherit) {
			e := diagnostic.Edit{File: q.path, Span: place.Span, Text: name}
			edits, trial = append(edits, e), append(trial, e)
			continue
		}
		in := parser.Inherit{Node: n.Parent()}
		own, there := n.Text(), name
		if names.DefinitionAt(n) == sym.Def {
			own, there = name, n.Text()
			if names.Scopes()[def.Scope].Kind != scope.Let {
				return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is an attribute that others may know by its name", sym.Name)
			}
		}
		// In the trial all names are bound in the order in which they were.
		binding, kept := own+" = "+there+";", diagnostic.Edit{File: q.path, Span: n.Span(), Text: "; " + own + " = " + there + "; inherit "}
		if in.From().IsValid() {
			binding, kept.Text = inheritedAs(in, own, there), own
		}
		out, ok := takeOut(in, n, binding)
		if !ok {
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is inherited beside a comment: write a binding in place of that first", sym.Name)
		}
		for _, e := range out {
			e.File = q.path
			edits = append(edits, e)
		}
		trial = append(trial, kept)
	}
	// The file is resolved again with the new name: each use must still mean what it
	// meant, and none may be caught by something between.
	after, err := diagnostic.Apply(f.Text, trial)
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
