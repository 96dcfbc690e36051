package repo

import (
	"iter"
	"slices"
	"strconv"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
)

// Inner is an option that values of another option have inside: one of a submodule.
type Inner struct {
	In     *Evaluation // one that has it
	Path   []string    // in that evaluation, with a sign for each name of choice
	Option *module.Option
}

// maxInside bounds how many submodules are looked at inside of each other.
const maxInside = 4

// Inner returns the options inside of those that the repository declares, each once. The
// slice must not be changed.
func (m *Model) Inner() []Inner {
	if m.inner != nil {
		return m.inner
	}
	m.inner = []Inner{}
	seen := make(map[identity]bool)
	var walk func(in *Evaluation, options []*module.Option, depth int)
	walk = func(in *Evaluation, options []*module.Option, depth int) {
		for _, o := range options {
			if !slices.ContainsFunc(o.Declarations, func(d module.Declaration) bool { return d.At.IsValid() && m.Own(d.At.File.Path) }) {
				continue
			}
			inside := o.Type().Inside(in.Evaluator(), o.Path)
			if inside == nil {
				continue
			}
			key := identityOf(in, o)
			if seen[key] {
				continue
			}
			seen[key] = true
			for _, inner := range inside.Declared() {
				m.inner = append(m.inner, Inner{in, inner.Path[len(in.Config.Input.Prefix):], inner})
			}
			if depth < maxInside {
				walk(in, inside.Declared(), depth+1)
			}
		}
	}
	for _, e := range m.Evaluations() {
		walk(e, e.Config.Declared(), 1)
	}
	return m.inner
}

// identity tells options apart, whose hosts and users need not be the same.
type identity struct{ class, path, declared string }

func identityOf(in *Evaluation, o *module.Option) identity {
	id := identity{class: in.Config.Input.Class, path: module.ShowOption(o.Path[len(in.Config.Input.Prefix):])}
	for _, d := range o.Declarations {
		if d.At.IsValid() {
			id.declared += d.At.File.Path + ":" + strconv.Itoa(int(d.At.Node)) + "\n"
		}
	}
	return id
}

// Instances yields the options of values that evaluation has merged which are declared where
// an option inside of others is.
func (m *Model) Instances(o *module.Option) iter.Seq[*module.Option] {
	declared := o.Spot()
	name := o.Path[len(o.Path)-1]
	return func(yield func(*module.Option) bool) {
		for _, h := range slices.Concat(m.Hosts, m.Others) { // homes are inside of their hosts
			for _, n := range h.System.Config.Nested() {
				for _, other := range n.Declared() {
					if other.Path[len(other.Path)-1] == name && other.Spot() == declared && !yield(other) {
						return
					}
				}
			}
		}
	}
}

// Takes returns where options are declared that the name at a place of the code has read, as
// far as evaluation has got there.
func (m *Model) Takes(at eval.Spot) (declared []eval.Spot) {
	m.any(func(part *Model) bool {
		for _, spot := range part.ev.Taken(at.Path, at.Node) {
			if !slices.Contains(declared, spot) {
				declared = append(declared, spot)
			}
		}
		return false
	})
	return declared
}

// Takers returns the names that have read an option, as far as evaluation has got there, by
// the place where the option is declared.
func (m *Model) Takers(declared eval.Place) (out []eval.Place) {
	m.any(func(part *Model) bool {
		for spot := range part.ev.Takers(declared.Spot()) {
			if f := part.ev.Files()[spot.Path]; f != nil {
				out = append(out, eval.Place{File: f, Node: spot.Node})
			}
		}
		return false
	})
	return out
}

// FileAt returns a file as evaluation has read it, by its path relative to the root, or nil.
func (m *Model) FileAt(file string) (out *eval.File) {
	m.any(func(part *Model) bool {
		out = part.ev.Files()[m.Repo.abs(file)]
		return out != nil
	})
	return out
}
