package symbol

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// LocalAttribute is a name that sets of one file define, as far as their code tells.
type LocalAttribute struct {
	// Path are the names under which it is found, from the outermost of the sets that are
	// written inside of each other on.
	Path []string
	// Places are where the file names it, in order: where it is defined, and where it is
	// selected from a variable of the file.
	Places []Place
	// Value is what it is bound to; invalid if that is said in pieces, or inherited.
	Value parser.Node
	// Members are the names in it, if it is a set, in the order in which they are written.
	Members []string
	// Defined are those of Places where a set defines it.
	Defined []Place
	// IsPrivate is set if the outermost of the sets is bound by a `let`, so that nothing but
	// uses of its name leads to the attribute.
	IsPrivate bool
	// Unsure are the places by which others may come to it, or to one of the same name that is
	// not written out: where a set around it is used as a whole, or is more than what is
	// written.
	Unsure []Place

	reader *attributeReader
	top    parser.Node // the outermost of the sets, or the `let`
}

// Beside returns what the file names in the same set by another name; there are no places in it
// if there is nothing.
func (a LocalAttribute) Beside(name string) LocalAttribute {
	r := &attributeReader{f: a.reader.f, names: a.reader.names, full: append(slices.Clone(a.Path[:len(a.Path)-1]), name)}
	r.defined(a.top, 0)
	return r.out
}

// Signature returns how the attribute is called; nil if it is no function.
func (a LocalAttribute) Signature(f *repo.File) *Signature {
	lambda := parser.Unparen(a.Value)
	if !lambda.Is(parser.KindLambda) {
		return nil
	}
	s := ofLambda(f.Path, parser.Lambda{Node: lambda}, a.Path[len(a.Path)-1], Comment(a.Value.Parent()))
	s.At = a.Places[0]
	return s
}

// behindComputed is an attribute with a computed name before it in its path, of which nobody
// knows where else it is named.
func behindComputed(f *repo.File, n parser.Node, path []parser.Node) (a LocalAttribute) {
	for _, name := range path {
		text, ok := parser.StaticName(name)
		if !ok {
			text = anyName
		}
		a.Path = append(a.Path, text)
	}
	a.Places = []Place{{f.Path, n.Span()}}
	if b := n.Parent(); b.LastChild() == n {
		a.Value = parser.Binding{Node: b.Parent()}.Value()
	}
	return a
}

// attributeReader looks for the places of one attribute.
type attributeReader struct {
	f     *repo.File
	names *scope.Names
	full  []string
	out   LocalAttribute
}

// LocalAttributeAt returns the attribute that is named at an offset. ok is false for other names,
// such as those of a `let`.
func LocalAttributeAt(f *repo.File, names *scope.Names, offset uint32) (a LocalAttribute, ok bool) {
	n := f.Tree.NodeAt(offset)
	if _, ok := parser.StaticName(n); !ok {
		return a, false
	}
	var top parser.Node
	var full []string
	switch parent := n.Parent(); {
	case parent.Is(parser.KindInherit):
		top, full = outermost(parent.Parent(), []parser.Node{n})
	case !parent.Is(parser.KindAttrPath):
		return a, false
	case parent.Parent().Is(parser.KindBinding):
		own := upTo(parent, n)
		for i, name := range own {
			if _, ok := parser.StaticName(name); !ok {
				return behindComputed(f, n, own[i+1:]), true
			}
		}
		top, full = outermost(parent.Parent().Parent(), own)
	case parent.Parent().Is(parser.KindSelect), parent.Parent().Is(parser.KindHasAttr):
		head := parser.Unparen(parent.Parent().Child(0))
		u := names.UseAt(head)
		if u == scope.None || names.Uses()[u].Target != scope.Local {
			return a, false
		}
		for place := range names.Places(names.Uses()[u].Def) {
			path := place.Parent()
			if !path.Is(parser.KindAttrPath) || path.Child(0) != place {
				return a, false // a parameter, or inherited
			}
			top, full = outermost(path.Parent().Parent(), append([]parser.Node{place}, upTo(parent, n)...))
			break
		}
	}
	if top.Is(parser.KindLet) && len(full) == 1 || !top.IsValid() {
		return a, false
	}
	r := &attributeReader{f: f, names: names, full: full}
	r.defined(top, 0)
	r.out.reader, r.out.top, r.out.IsPrivate = r, top, top.Is(parser.KindLet)
	slices.SortFunc(r.out.Places, func(a, b Place) int { return int(a.Span.Start) - int(b.Span.Start) })
	r.out.Places = slices.Compact(r.out.Places)
	if len(r.out.Places) == 0 {
		return a, false
	}
	r.out.Path = full
	return r.out, true
}

// OwnOption returns what a file's code says of an option, or a group of options, that it
// declares as a module; there are no places in it if it declares none.
func OwnOption(f *repo.File, names *scope.Names, path []string) LocalAttribute {
	r := &attributeReader{f: f, names: names, full: slices.Concat([]string{"options"}, path)}
	if !strings.Contains(f.Text, "options") {
		return r.out
	}
	for n := range f.Tree.Root().Preorder() {
		if n.Is(parser.KindAttrSet) && IsBody(n) {
			r.defined(n, 0)
		}
	}
	r.out.Path = path
	return r.out
}

// upTo returns the names of a path up to one of them.
func upTo(path, last parser.Node) (out []parser.Node) {
	for c := range path.Children() {
		out = append(out, c)
		if c == last {
			break
		}
	}
	return out
}

// outermost follows a set outwards, as long as it is what a binding of another is bound to.
// It returns the outermost one and the names below it, all of which are written out.
func outermost(set parser.Node, below []parser.Node) (top parser.Node, full []string) {
	for set.Is(parser.KindAttrSet) {
		binding := parser.WithParens(set).Parent()
		if !binding.Is(parser.KindBinding) {
			break
		}
		if _, ok := (parser.Binding{Node: binding}).Path().Static(); !ok {
			break // nobody knows what else is put into the set
		}
		below = append(slices.Collect(parser.Binding{Node: binding}.Path().Children()), below...)
		set = binding.Parent()
	}
	for _, n := range below {
		name, _ := parser.StaticName(n)
		full = append(full, name)
	}
	return set, full
}

// defined notes where the attribute is defined in a set that is found under the first names
// of its path, and where variables that are defined on the way lead to it.
func (r *attributeReader) defined(set parser.Node, depth int) {
	for c := range set.Children() {
		switch c.Kind() {
		case parser.KindInherit:
			for n := range (parser.Inherit{Node: c}).Names() {
				r.step(n, depth, parser.Node{})
			}
		case parser.KindBinding:
			b := parser.Binding{Node: c}
			at := depth
			for n := range b.Path().Children() {
				value := b.Value()
				if n != b.Path().LastChild() {
					value = parser.Node{}
				}
				if !r.step(n, at, value) {
					break
				}
				at++
			}
		}
	}
}

// step looks at a name that is defined below so many names of the path, and reports whether
// the path leads on through it.
func (r *attributeReader) step(n parser.Node, depth int, value parser.Node) bool {
	if name, ok := parser.StaticName(n); !ok || depth >= len(r.full) || name != r.full[depth] {
		return false
	}
	rest := r.full[depth+1:]
	if d := r.names.DefinitionAt(n); d != scope.None && len(rest) > 0 {
		r.selected(d, rest)
	}
	if len(rest) == 0 {
		r.out.Places = append(r.out.Places, r.place(n))
		r.out.Defined = append(r.out.Defined, r.place(n))
		if d := r.names.DefinitionAt(n); isRecursive(r.names, d) {
			r.out.Places = append(r.out.Places, Variables(r.f, r.names, d, false)...)
		}
		if !r.out.Value.IsValid() {
			r.out.Value = value
		}
		r.members(n, value)
		return false
	}
	if inner := parser.Unparen(value); inner.Is(parser.KindAttrSet) {
		r.defined(inner, depth+1)
	} else if value.IsValid() || n.Parent().Is(parser.KindInherit) {
		r.out.Unsure = append(r.out.Unsure, r.place(n))
	}
	return true
}

// isRecursive reports whether a definition is an attribute of a recursive set.
func isRecursive(names *scope.Names, d scope.DefID) bool {
	return d != scope.None && names.Scopes()[names.Definitions()[d].Scope].Kind == scope.Rec
}

func (r *attributeReader) place(n parser.Node) Place { return Place{r.f.Path, n.Span()} }

// members notes what is in the attribute that a name defines.
func (r *attributeReader) members(n, value parser.Node) {
	add := func(n parser.Node) {
		if name, ok := parser.StaticName(n); ok && !slices.Contains(r.out.Members, name) {
			r.out.Members = append(r.out.Members, name)
		}
	}
	if !value.IsValid() {
		passed := false
		for next := range n.Parent().Children() {
			if passed {
				add(next)
				break
			}
			passed = next == n
		}
		return
	}
	if value = parser.Unparen(value); !value.Is(parser.KindAttrSet) {
		return
	}
	for c := range value.Children() {
		switch c.Kind() {
		case parser.KindBinding:
			add(parser.Binding{Node: c}.Path().Child(0))
		case parser.KindInherit:
			for name := range (parser.Inherit{Node: c}).Names() {
				add(name)
			}
		}
	}
}

// selected notes where names are selected from a variable.
func (r *attributeReader) selected(d scope.DefID, path []string) {
	for u := range r.names.UsesOf(d) {
		head := r.f.Tree.Node(r.names.Uses()[u].Node)
		switch owner := parser.WithParens(head).Parent(); {
		case (owner.Is(parser.KindSelect) || owner.Is(parser.KindHasAttr)) && parser.Unparen(owner.Child(0)) == head:
			r.through(owner, path)
		case owner.Is(parser.KindInheritFrom):
			r.inherited(owner, path)
		default:
			r.out.Unsure = append(r.out.Unsure, r.place(head))
		}
	}
}

// through notes what a selection from a set, or a question for its names, takes on the path.
func (r *attributeReader) through(selection parser.Node, path []string) {
	i := 0
	for n := range selection.Child(1).Children() {
		name, ok := parser.StaticName(n)
		if !ok {
			r.out.Unsure = append(r.out.Unsure, r.place(n))
		}
		if !ok || name != path[i] {
			return
		}
		if i++; i == len(path) {
			r.out.Places = append(r.out.Places, r.place(n))
			return
		}
	}
	if from := parser.WithParens(selection).Parent(); from.Is(parser.KindInheritFrom) {
		r.inherited(from, path[i:])
	} else if selection.Is(parser.KindSelect) {
		r.out.Unsure = append(r.out.Unsure, r.place(selection))
	}
}

// inherited notes what an inherit takes from a set on the path.
func (r *attributeReader) inherited(from parser.Node, path []string) {
	for n := range (parser.Inherit{Node: from.Parent()}).Names() {
		switch name, _ := parser.StaticName(n); {
		case name != path[0]:
		case len(path) == 1:
			r.out.Places = append(r.out.Places, r.place(n))
		default:
			r.out.Unsure = append(r.out.Unsure, r.place(n))
		}
	}
}
