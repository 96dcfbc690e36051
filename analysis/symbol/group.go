package symbol

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// Group returns the options of an evaluation that lie below a path that no option has, in the
// order of their names, each once; nothing for paths that are no group of options. Those that
// manuals leave out, and those that stand for options that are not at hand, are left out.
func (v View) Group(path []string) (out []*module.Option) {
	if len(path) == 0 || len(v.Option(path)) > 0 {
		return nil
	}
	for _, in := range v.Evaluations {
		out = withOptions(out, slices.DeleteFunc(in.Config.Declared(path...), func(o *module.Option) bool { return o.IsStub() || o.IsHidden() }))
	}
	return out
}

// withOptions merges two lists of options that are sorted by their paths, and of those with
// the same takes that of the first. Most evaluations have the same options, and many.
func withOptions(options, more []*module.Option) []*module.Option {
	if len(options) == 0 {
		return more
	}
	at := 0
	for _, o := range more {
		order := -1
		for at < len(options) {
			if order = slices.Compare(options[at].Path, o.Path); order >= 0 {
				break
			}
			at++
		}
		if at == len(options) || order > 0 {
			options = slices.Insert(options, at, o)
		}
		at++
	}
	return options
}

// GroupPlaces returns where the repository names a group of options in declaring what it has.
func (v View) GroupPlaces(path []string) (out []Place) {
	for _, o := range v.Group(path) {
		for _, d := range o.Declarations {
			if v.Place(d.At).File == "" {
				continue
			}
			if p := (Place{v.Model.Rel(d.At.File), nameIn(d.At.Syntax(), path)}); p.Span.End > 0 && !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// nameIn returns the place of the last name of a path in the bindings around a name that is
// declared below it; it is empty if the path is not written there.
func nameIn(n parser.Node, path []string) parser.Span {
	for n = range n.Ancestors() {
		if !n.Is(parser.KindBinding) {
			continue
		}
		whole := BindingPath(n)
		own := parser.Binding{Node: n}.Path()
		if len(whole) == 0 || whole[0] != "options" {
			return parser.Span{}
		}
		if i := len(path) - (len(whole) - own.ChildCount()); i >= 0 && i < own.ChildCount() && slices.Equal(whole[1:len(path)+1], path) {
			return own.Child(i).Span()
		}
	}
	return parser.Span{}
}

// Set returns the evaluations in which modules define something at a path that no option at
// hand has, and no group of them: of an option of a source that is not there, as a rule.
func (v View) Set(path []string) (out []In) {
	if len(path) == 0 || len(v.Option(path)) > 0 || len(v.Group(path)) > 0 {
		return nil
	}
	for _, in := range v.Evaluations {
		if len(v.WrittenAt(in.Evaluation, path)) > 0 {
			out = append(out, in)
		}
	}
	return out
}

// WrittenAt returns where the modules of an evaluation write the last name of a path to define
// something there, and not where they may define it by what is not known.
func (v View) WrittenAt(e *repo.Evaluation, path []string) (out []Place) {
	for _, w := range e.Config.Written(path...) {
		p := v.Place(w.At)
		if p.File == "" {
			continue
		}
		if name, ok := parser.StaticName(w.At.Syntax()); ok && name == path[len(path)-1] {
			out = append(out, p)
		}
	}
	return out
}

// usesOfSet returns where an option that is not at hand is named.
func (v View) usesOfSet(files []*repo.File, namesOf func(string) *scope.Names, path []string, set []In) []Place {
	name := optionName{length: len(path), last: path[len(path)-1], is: func(p []string) bool { return slices.Equal(p, path) }}
	for _, in := range set {
		name.kind |= kindOf(in.Evaluation)
	}
	return v.usesOf(name, files, namesOf, true)
}

// usesOfGroup returns where a group of options is named.
func (v View) usesOfGroup(files []*repo.File, namesOf func(string) *scope.Names, group []string, declarations bool) []Place {
	name := optionName{length: len(group), last: group[len(group)-1], is: func(p []string) bool { return slices.Equal(p, group) }}
	for _, in := range v.Evaluations {
		if len(in.Config.Declared(group...)) > 0 {
			name.kind |= kindOf(in.Evaluation)
		}
	}
	return v.usesOf(name, files, namesOf, declarations)
}
