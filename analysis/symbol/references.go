package symbol

import (
	"iter"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// References returns where in the repository what a symbol names is named, in the order
// of the files. With declarations set, the places that define it are among them. The
// names of other files are asked for as they are needed. Of the symbol's own file f the
// text counts, which may be newer than what was evaluated.
func (v View) References(f *repo.File, namesOf func(file string) *scope.Names, s Symbol, declarations bool) []Place {
	files := slices.Clone(v.Model.Repo.Files)
	if i := slices.IndexFunc(files, func(o *repo.File) bool { return o.Path == f.Path }); i >= 0 {
		files[i] = f
	}
	return v.referencesIn(files, f, namesOf, s, declarations)
}

// ReferencesIn is References within the symbol's own file, declarations included.
func (v View) ReferencesIn(f *repo.File, names *scope.Names, s Symbol) []Place {
	out := v.referencesIn([]*repo.File{f}, f, func(string) *scope.Names { return names }, s, true)
	out = WithInherited(out, f, names, s)
	return slices.DeleteFunc(out, func(p Place) bool { return p.File != f.Path })
}

// WithInherited adds to the references of a name that an inherit takes over those of the
// variable that it is in its file.
func WithInherited(places []Place, f *repo.File, names *scope.Names, s Symbol) []Place {
	n := f.Tree.NodeCovering(s.Span)
	if s.Kind != Argument && s.Kind != Builtin || !n.Parent().Is(parser.KindInherit) || names.DefinitionAt(n) == scope.None {
		return places
	}
	for _, p := range Variables(f, names, names.DefinitionAt(n), s.Kind == Builtin) {
		if !slices.Contains(places, p) {
			places = append(places, p)
		}
	}
	return places
}

func (v View) referencesIn(files []*repo.File, f *repo.File, namesOf func(file string) *scope.Names, s Symbol, declarations bool) []Place {
	names := namesOf(f.Path)
	var out []Place
	entry, folder := v.Key(s)
	if e := v.EntryAt(Place{f.Path, s.Span}); e != nil {
		entry = e
	}
	path := s.OptionPath()
	switch {
	case entry != nil:
		out = keyUses(files, namesOf, entry.Key)
		if declarations {
			out = append(out, v.Place(entry.At))
		}
	case len(folder) > 0:
		out = keyUses(files, namesOf, append([]string{s.Root}, s.Path...))
	case s.Kind != Variable && len(v.Option(path)) > 0 && v.Option(path)[0].Named() != nil:
		out = v.usesOfOption(files, namesOf, path, declarations)
	case s.Kind != Variable && len(v.Group(path)) > 0:
		out = v.usesOfGroup(files, namesOf, path, declarations)
	case s.Kind == File:
		out = v.fileUses(files, s.Target)
	case s.Kind == Variable:
		if a, ok := ofRecursive(f, names, s.Def); ok {
			return slices.DeleteFunc(a.Places, func(p Place) bool { return !declarations && slices.Contains(a.Defined, p) })
		}
		return Variables(f, names, s.Def, declarations)
	case len(v.Set(path)) > 0:
		out = v.usesOfSet(files, namesOf, path, v.Set(path))
	case s.Kind == Argument:
		out = keyUses(files, namesOf, append([]string{s.Root}, s.Path...))
	}
	slices.SortFunc(out, func(a, b Place) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return int(a.Span.Start) - int(b.Span.Start)
	})
	return slices.Compact(out)
}

// ofRecursive returns the attribute that a definition is, if it is one of a recursive set.
func ofRecursive(f *repo.File, names *scope.Names, d scope.DefID) (a LocalAttribute, ok bool) {
	if !isRecursive(names, d) {
		return a, false
	}
	return LocalAttributeAt(f, names, f.Tree.Node(names.Definitions()[d].Node).Span().Start)
}

// Variables returns the uses of a definition of a file, and with declarations set the
// names that define it, in order.
func Variables(f *repo.File, names *scope.Names, d scope.DefID, declarations bool) []Place {
	var out []Place
	if declarations {
		for n := range names.Places(d) {
			out = append(out, Place{f.Path, n.Span()})
		}
	}
	for u := range names.UsesOf(d) {
		p := Place{f.Path, names.Tree().Node(names.Uses()[u].Node).Span()}
		if !slices.Contains(out, p) { // `inherit x;` uses and defines at once
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b Place) int { return int(a.Span.Start) - int(b.Span.Start) })
	return out
}

// WithNames returns what belongs to a `with` at an offset: on the word itself, all names that
// may come from its namespace; on such a name, the words of all that it may come from. The
// place at the offset is among them. It returns nil elsewhere.
func WithNames(f *repo.File, names *scope.Names, offset uint32) (out []Place) {
	tok := f.Tree.TokenAt(offset)
	n := f.Tree.NodeAt(offset)
	if tok.IsValid() && tok.Kind() == parser.TokenWith && tok.Span().Contains(offset) {
		with := enclosing(f.Tree.NodeCovering(tok.Span()), parser.KindWith)
		out = append(out, Place{f.Path, tok.Span()})
		for _, use := range names.Uses() {
			if use.Target != scope.FromWith {
				continue
			}
			for w := range names.Withs(use.With) {
				if names.Scopes()[w].Node == with.ID() {
					out = append(out, Place{f.Path, f.Tree.Node(use.Node).Span()})
				}
			}
		}
		return out
	}
	withs := WithsOf(f, names, offset)
	if withs == nil {
		return nil
	}
	for _, with := range slices.Backward(withs) { // outer ones first
		out = append(out, Place{f.Path, with.FirstToken().Span()})
	}
	return append(out, Place{f.Path, n.Span()})
}

// WithsOf returns what may give the name at an offset, from the innermost on; nil for names
// that do not come from a `with`.
func WithsOf(f *repo.File, names *scope.Names, offset uint32) (out []parser.With) {
	u := names.UseAt(f.Tree.NodeAt(offset))
	if u == scope.None || names.Uses()[u].Target != scope.FromWith {
		return nil
	}
	for w := range names.Withs(names.Uses()[u].With) {
		out = append(out, parser.With{Node: f.Tree.Node(names.Scopes()[w].Node)})
	}
	return out
}

// readsOf yields where a file reads a name of some part of an argument, as what it names:
// `nvidia` of `config.hardware.nvidia`, but not of a path that only leads on through a name
// which is written elsewhere.
func readsOf(f *repo.File, namesOf func(string) *scope.Names, name string) iter.Seq[Symbol] {
	return func(yield func(Symbol) bool) {
		if !strings.Contains(f.Text, name) {
			return
		}
		names := namesOf(f.Path)
		for n := range f.Tree.Root().Preorder() {
			switch n.Kind() {
			case parser.KindName, parser.KindString, parser.KindIdent:
			default:
				continue
			}
			if !strings.Contains(n.Text(), name) {
				continue
			}
			if s := ofNode(f, names, n, n.Span().Start); s.Kind == Argument && s.Name == name && !yield(s) {
				return
			}
		}
	}
}

// keyUses returns where modules name what is below an argument.
func keyUses(files []*repo.File, namesOf func(string) *scope.Names, key []string) (out []Place) {
	if len(key) < 2 {
		return nil
	}
	for _, f := range files {
		if !strings.Contains(f.Text, key[0]) {
			continue
		}
		for s := range readsOf(f, namesOf, key[len(key)-1]) {
			if s.Root == key[0] && slices.Equal(s.Path, key[1:]) {
				out = append(out, Place{f.Path, s.Span})
			}
		}
	}
	return out
}

// fileUses returns the path literals, and the texts that begin with the flake, that lead to a
// file or to the folder it is the default.nix of.
func (v View) fileUses(files []*repo.File, target string) (out []Place) {
	r := v.Model.Repo
	module := r.ModuleFile(target)
	isIt := func(other string) bool { return other == target || module != "" && r.ModuleFile(other) == module }
	for _, f := range files {
		for _, ref := range f.References() {
			if isIt(ref.Target) {
				out = append(out, Place{f.Path, ref.Node.Span()})
			}
		}
		if !strings.Contains(f.Text, "self") {
			continue
		}
		for n := range f.Tree.Root().Preorder() {
			if !n.Is(parser.KindString) {
				continue
			}
			if other, at, ok := repo.SelfTarget(parser.String{Node: n}); ok && isIt(other) {
				out = append(out, Place{f.Path, at})
			}
		}
	}
	return out
}
