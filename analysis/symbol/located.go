package symbol

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// Located makes of a symbol what evaluation knows its place to be: an option inside of
// others that is declared or defined there, in whatever way the set comes to be such a value,
// or an option that is read there, in whatever way the set has come there. The view is one
// of the evaluations that have the option. Others stay as they are.
func (v View) Located(f *repo.File, names *scope.Names, s Symbol) (View, Symbol) {
	n := f.Tree.NodeCovering(s.Span)
	if s.Name == "" || s.Kind == Variable && len(s.Path) == 0 && !n.Parent().Is(parser.KindInherit) {
		return v, s
	}
	if read := v.takenAt(f, s.Span); len(read) > 0 {
		if o := v.named(s.OptionPath()); o != nil && slices.Contains(read, o.Spot()) {
			return v, s
		}
		if in, ok := v.declaredAt(read); ok {
			s.Kind, s.Root, s.Path = Argument, "config", pattern(in.Path)
			return v.evaluationsOf(in), s
		}
		return v, s
	}
	at := Place{f.Path, s.Span}
	if o := v.named(s.OptionPath()); o != nil && !(len(s.Path) > 0 && s.Path[0] == "options" && IsDefined(n) && !v.isDeclaredAt(o, at)) {
		return v, s
	}
	for _, inner := range v.Model.Inner() {
		o := inner.Option
		if o.Path[len(o.Path)-1] != s.Name {
			continue
		}
		switch {
		case s.Kind == Argument && s.Root == "config":
			if !v.isFunction(f, names, s.Def, o) || !slices.Equal(s.Path, local(o)) {
				continue
			}
		case v.isDeclaredAt(o, at):
			s.Kind = Attribute
		case s.Kind != Argument && IsDefined(n) && slices.Contains(v.writtenAt(o), at):
			s.Kind = Attribute
		default:
			continue
		}
		s.Path = pattern(inner.Path)
		return v.evaluationsOf(inner), s
	}
	return v, s
}

// pattern is the path of an option inside of others as one writes it: elements of lists have
// no names.
func pattern(path []string) []string {
	return slices.DeleteFunc(slices.Clone(path), func(name string) bool { return name == "*" })
}

// local is the path of an option inside of its own evaluation.
func local(o *module.Option) []string { return o.Path[len(o.In().Input.Prefix):] }

// IsDefined reports whether a name stands in the path of a binding.
func IsDefined(n parser.Node) bool {
	return n.Parent().Is(parser.KindAttrPath) && n.Parent().Parent().Is(parser.KindBinding)
}

// named returns the option that a path names, or nil.
func (v View) named(path []string) *module.Option {
	for _, found := range v.Option(path) {
		if o := found.Named(); o != nil {
			return o
		}
	}
	return nil
}

// isDeclaredAt reports whether an option is declared at a place.
func (v View) isDeclaredAt(o *module.Option, at Place) bool {
	return slices.ContainsFunc(o.Declarations, func(d module.Declaration) bool { return v.Place(d.At) == at })
}

// takenAt returns where the options are declared that the name at a place of a file has read.
func (v View) takenAt(f *repo.File, at parser.Span) []eval.Spot {
	evaluated := v.Model.FileAt(f.Path)
	if evaluated == nil {
		return nil
	}
	n := evaluated.Tree.NodeCovering(at)
	if !n.IsValid() || n.Span() != at || n.Text() != f.Text[at.Start:at.End] {
		return nil // it has been edited since
	}
	return v.Model.Takes(eval.Spot{Path: evaluated.Path, Node: n.ID()})
}

// declaredAt finds the option that is declared at one of some places.
func (v View) declaredAt(at []eval.Spot) (o repo.Inner, ok bool) {
	for _, inner := range v.Model.Inner() {
		if slices.Contains(at, inner.Option.Spot()) {
			return inner, true
		}
	}
	for _, e := range v.Model.Evaluations() {
		for _, o := range e.Config.Declared() {
			if slices.Contains(at, o.Spot()) {
				return repo.Inner{In: e, Path: local(o), Option: o}, true
			}
		}
	}
	return o, false
}

// evaluationsOf is the view of all evaluations that have an option.
func (v View) evaluationsOf(inner repo.Inner) View {
	out := View{Model: v.Model}
	path := pattern(inner.Path)
	for _, h := range slices.Concat(v.Model.Hosts, v.Model.Others) {
		for _, e := range h.Evaluations() {
			in := View{v.Model, []In{{h, e}}}
			if o := in.named(path); o != nil && o.Spot() == inner.Option.Spot() {
				out.Evaluations = append(out.Evaluations, in.Evaluations...)
			}
		}
	}
	return out
}

// functions returns where the functions are written that are modules of the submodule which
// an option belongs to.
func (v View) functions(o *module.Option) (out []Place) {
	if len(o.In().Input.Prefix) == 0 {
		return nil
	}
	seen := make(map[*module.Module]bool)
	var walk func(imports []*module.Import)
	walk = func(imports []*module.Import) {
		for _, i := range imports {
			if i.Function != nil {
				if p := v.Place(i.Function.At()); p.File != "" {
					out = append(out, p)
				}
			}
			if i.Module != nil && !seen[i.Module] {
				seen[i.Module] = true
				walk(i.Module.Imports)
			}
		}
	}
	walk(o.In().Imports)
	return out
}

// isFunction reports whether a definition is a parameter of a module of the submodule that an
// option belongs to.
func (v View) isFunction(f *repo.File, names *scope.Names, d scope.DefID, o *module.Option) bool {
	if d == scope.None {
		return false
	}
	fn := names.Tree().Node(names.Scopes()[names.Definitions()[d].Scope].Node)
	return slices.Contains(v.functions(o), Place{f.Path, fn.Span()})
}

// writtenAt returns where the repository writes the name of an option inside of others to
// define it, in its submodule or for a value that evaluation has merged.
func (v View) writtenAt(o *module.Option) (out []Place) {
	name := o.Path[len(o.Path)-1]
	add := func(o *module.Option) {
		for _, w := range o.Written() {
			p := v.Place(w.At)
			if p.File == "" || slices.Contains(out, p) {
				continue
			}
			if text, ok := parser.StaticName(w.At.Syntax()); ok && text == name {
				out = append(out, p)
			}
		}
	}
	add(o)
	for instance := range v.Model.Instances(o) {
		add(instance)
	}
	return out
}

// takers returns where evaluation has read an option.
func (v View) takers(o *module.Option) (out []Place) {
	for _, at := range v.Model.Takers(o.Declarations[0].At) {
		if p := v.Place(at); p.File != "" {
			out = append(out, p)
		}
	}
	return out
}
