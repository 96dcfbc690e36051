package symbol

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// Defined returns where evaluation has seen the repository define an option.
func (v View) Defined(path []string) (out []Place) {
	for _, found := range v.Option(path) {
		switch o := found.Named(); {
		case o == nil:
		case len(found.Rest) > 0:
			out = append(out, v.writtenAt(o)...)
		default:
			out = append(out, v.WrittenAt(found.Evaluation, path)...)
		}
	}
	return out
}

// AlsoRead returns the path of another option that the name at a place, which reads an option,
// reads too: where a function goes through several sets. It is nil if there is none.
func (v View) AlsoRead(p Place, path []string) []string {
	f := v.Model.Repo.File(p.File)
	if f == nil {
		return nil
	}
	own := v.Option(path)
	for _, spot := range v.takenAt(f, p.Span) {
		if slices.ContainsFunc(own, func(found Found) bool {
			o := found.Named()
			return o != nil && slices.ContainsFunc(o.Declarations, func(d module.Declaration) bool { return d.At.Spot() == spot })
		}) {
			continue
		}
		if in, ok := v.declaredAt([]eval.Spot{spot}); ok {
			return in.Path
		}
	}
	return nil
}

// MayName returns the places, beside those that are known, which may name an option that is
// inside of others: the same name, selected from something that nothing tells about, or
// defined for something that is computed. It looks in files that handle such values.
func (v View) MayName(namesOf func(string) *scope.Names, path []string, known []Place) (out []Place) {
	all := v.Option(path)
	i := slices.IndexFunc(all, func(found Found) bool { return len(found.Rest) > 0 && found.Named() != nil })
	if i < 0 {
		return nil
	}
	outer := path[:len(path)-len(all[i].Rest)]
	sets := optionName{length: len(outer), last: outer[len(outer)-1], is: func(p []string) bool { return slices.Equal(p, outer) }}
	for _, found := range all {
		sets.kind |= kindOf(found.Evaluation)
	}
	name, kinds := path[len(path)-1], v.kinds()
	for _, f := range v.Model.Repo.Files {
		of := kinds[f.Path]
		if of == 0 {
			of = likely(kinds, f.Path)
		}
		handles := slices.ContainsFunc(known, func(p Place) bool { return p.File == f.Path })
		if !handles && len(sets.readIn(f, namesOf, of)) == 0 {
			continue
		}
		m := maybe{View: v, f: f, names: namesOf(f.Path), isModule: kinds[f.Path] != 0, kind: of, sets: sets, local: local(all[i].Named())}
		for n := range f.Tree.Root().Preorder() {
			text, ok := parser.StaticName(n)
			if n.Is(parser.KindIdent) {
				text, ok = n.Text(), true
			}
			if p := (Place{f.Path, n.Span()}); ok && text == name && !slices.Contains(known, p) && m.is(n) {
				out = append(out, p)
			}
		}
	}
	return out
}

// maybe looks for what may name an option in a file.
type maybe struct {
	View
	f        *repo.File
	names    *scope.Names
	isModule bool
	kind     kind       // of the file
	sets     optionName // the option whose values have the option inside
	local    []string   // the option's path in its own evaluation
}

// is reports whether a name may be the option's.
func (m *maybe) is(n parser.Node) bool {
	around := n.Parent()
	switch {
	case around.Is(parser.KindFormal) && (parser.Formal{Node: around}).Name() == n:
		return m.isOpen(around.Parent().Parent())
	case IsDefined(n):
		return m.mayDefine(n)
	case n.Is(parser.KindIdent):
		u := m.names.UseAt(n)
		if u == scope.None || m.names.Uses()[u].Target != scope.FromWith {
			return false
		}
	case around.Is(parser.KindAttrPath):
	case around.Is(parser.KindInherit) && (parser.Inherit{Node: around}).From().IsValid():
	default:
		return false
	}
	s := ofNode(m.f, m.names, n, n.Span().Start)
	if s.Kind == Builtin || s.Kind == Argument && m.isArgument(s.Def) || len(m.takenAt(m.f, s.Span)) > 0 {
		return false
	}
	code := Code{File: m.f, Names: m.names, Other: func(path string) (*repo.File, *scope.Names) { return nil, nil }}
	fields, _ := code.At(n.Span().Start)
	return len(fields) == 0
}

// isArgument reports whether a definition is an argument of the file's module: a part of
// something else than what functions are given.
func (m *maybe) isArgument(d scope.DefID) bool {
	switch m.names.Name(d) {
	case "lib", "pkgs", "config", "options", "inputs", "self", "osConfig", "nixosConfig":
		return true
	}
	fn := m.names.Tree().Node(m.names.Scopes()[m.names.Definitions()[d].Scope].Node)
	return m.isModule && IsBody(fn)
}

// isOpen reports whether a function with a pattern may be called with anything: it is not
// one that is only called with sets that are written out.
func (m *maybe) isOpen(fn parser.Node) bool {
	if m.isModule && IsBody(fn) {
		return false
	}
	binding := parser.WithParens(fn).Parent()
	if !binding.Is(parser.KindBinding) || !binding.Parent().Is(parser.KindLet) {
		return true
	}
	for u := range m.names.UsesOf(m.names.DefinitionAt(parser.Binding{Node: binding}.Path().Child(0))) {
		use := m.f.Tree.Node(m.names.Uses()[u].Node)
		call := parser.Apply{Node: use.Parent()}
		if !call.Is(parser.KindApply) || call.Func() != use || !parser.Unparen(call.Arg(0)).Is(parser.KindAttrSet) {
			return true
		}
	}
	return false
}

// mayDefine reports whether a binding may define the option in a set that is computed: by its
// path alone it does, somewhere in what the option around is given.
func (m *maybe) mayDefine(n parser.Node) bool {
	own := n.Parent().Parent()
	if n.Parent().LastChild() != n || !slices.Equal(BindingPath(own), m.local) {
		return false
	}
	for p := range own.Ancestors() {
		if !p.Is(parser.KindBinding) {
			continue
		}
		whole := BindingPath(p)
		if whole[0] == "config" {
			whole = whole[1:]
		}
		if m.sets.at(whole, m.kind) >= 0 {
			return true
		}
	}
	return false
}
