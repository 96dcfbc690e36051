package symbol

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// Kind says what a symbol is, as far as its file alone tells.
type Kind uint8

// The kinds of symbols.
const (
	Nothing   Kind = iota
	Variable       // a definition of the file
	Builtin        // a builtin function or value
	Argument       // something below an argument that the file's module gets
	Attribute      // a name that a set defines
	File           // a path into the repository
)

// Symbol is what a place in a file names.
type Symbol struct {
	Kind Kind
	// Span is the name in the file.
	Span parser.Span
	Name string
	// Def is the definition of a Variable, or of the variable that a longer path
	// begins with.
	Def scope.DefID
	// Root is the argument that an Argument is below, such as config or lib.
	Root string
	// Path are the names below Root, up to the one asked for, or those under which
	// an Attribute is found from the outermost set on.
	Path []string
	// Target is what a File leads to, relative to the root of the repository.
	Target string
}

// IsOwn reports whether a symbol may be a name of the repository's own.
func (s Symbol) IsOwn() bool { return s.Kind != Nothing && s.Kind != Builtin && s.Kind != File }

// maxAliases bounds how often a variable may stand for a part of another, and an element for
// one of what a function goes through.
const maxAliases = 24

// At returns the symbol at an offset of a file, also right behind its last letter.
func At(f *repo.File, names *scope.Names, offset uint32) Symbol {
	s := at(f, names, offset)
	if s.Kind == Nothing && offset > 0 {
		if before := at(f, names, offset-1); before.Span.End == offset {
			return before
		}
	}
	return s
}

func at(f *repo.File, names *scope.Names, offset uint32) Symbol {
	n := f.Tree.NodeAt(offset)
	if n.Is(parser.KindAttrPath) || !n.Span().Contains(offset) {
		return Symbol{}
	}
	for p := range n.Ancestors() {
		if p.Is(parser.KindPath) && n.Is(parser.KindInterp) {
			n = p
		}
		break
	}
	return ofNode(f, names, n, offset)
}

// ofNode is what a node names; the offset is in it.
func ofNode(f *repo.File, names *scope.Names, n parser.Node, offset uint32) Symbol {
	name, ok := parser.StaticName(n)
	if !ok && n.Is(parser.KindIdent) {
		name = n.Text()
	}
	s := Symbol{Span: n.Span(), Name: name, Def: scope.None}
	switch parent := n.Parent(); {
	case n.Is(parser.KindPath):
		if target, ok := repo.Target(f.Path, parser.Path{Node: n}); ok {
			s.Kind, s.Target, s.Name = File, target, n.Text()
		}
	case n.Is(parser.KindString) && !parent.Is(parser.KindAttrPath):
		if target, at, ok := repo.SelfTarget(parser.String{Node: n}); ok && at.Start <= offset {
			s.Kind, s.Target, s.Span, s.Name = File, target, at, f.Text[at.Start:at.End]
		}
	case n.Is(parser.KindIdent):
		return ofVariable(names, n, s)
	case parent.Is(parser.KindInherit):
		in := parser.Inherit{Node: parent}
		if from := in.From(); from.IsValid() {
			if root, path, def := rootOf(names, from, maxAliases); root != "" {
				s.Kind, s.Root, s.Path, s.Def = Argument, root, append(path, name), def
				return s.builtin()
			}
		}
		if s = ofVariable(names, n, s); s.Kind == Nothing {
			s = ofDefinition(names, n, s)
		}
		return s
	case parent.Is(parser.KindAttrPath):
		return ofPath(names, n, parent, s)
	case n.Is(parser.KindName):
		return ofDefinition(names, n, s)
	}
	return s
}

// ofVariable is the meaning of a use of a variable.
func ofVariable(names *scope.Names, n parser.Node, s Symbol) Symbol {
	u := names.UseAt(n)
	if u == scope.None {
		return s
	}
	use := names.Uses()[u]
	switch use.Target {
	case scope.Local:
		s.Kind, s.Def = Variable, use.Def
	case scope.GlobalOf:
		s.Kind = Builtin
	case scope.FromWith:
		// `with lib; mkIf`: the innermost namespace that is known counts.
		if root, path, def := rootOfWiths(names, use.With, maxAliases); root != "" {
			s.Kind, s.Root, s.Path, s.Def = Argument, root, append(path, s.Name), def
			return s.builtin()
		}
	}
	return s
}

// ofDefinition is the meaning of a name that defines.
func ofDefinition(names *scope.Names, n parser.Node, s Symbol) Symbol {
	if d := names.DefinitionAt(n); d != scope.None {
		s.Kind, s.Def = Variable, d
	}
	return s
}

// ofPath is the meaning of a name in a path of attributes.
func ofPath(names *scope.Names, n, path parser.Node, s Symbol) Symbol {
	var upTo []string
	static := true
	for c := range path.Children() {
		_, ok := parser.StaticName(c)
		static = static && ok
		upTo = append(upTo, pathName(c))
		if c == n {
			break
		}
	}
	switch owner := path.Parent(); owner.Kind() {
	case parser.KindSelect, parser.KindHasAttr:
		if root, below, def := rootOf(names, owner.Child(0), maxAliases); root != "" {
			s.Kind, s.Root, s.Path, s.Def = Argument, root, append(below, upTo...), def
			return s.builtin()
		}
	case parser.KindBinding:
		if !static {
			return s
		}
		if owner.Parent().Is(parser.KindLet) || len(upTo) == 1 {
			if s = ofDefinition(names, n, s); s.Kind == Variable && owner.Parent().Is(parser.KindLet) {
				return s
			}
		}
		whole := BindingPath(owner)
		above := whole[:len(whole)-path.ChildCount()]
		s.Path = slices.Concat(above, upTo)
		if s.Kind == Nothing {
			s.Kind = Attribute
		}
	}
	return s
}

// pathName is a name in a path that is read; a computed one may be any.
func pathName(n parser.Node) string {
	if name, ok := parser.StaticName(n); ok {
		return name
	}
	return anyName
}

// builtin makes `builtins.x` the builtin that it is.
func (s Symbol) builtin() Symbol {
	if s.Root == "builtins" && len(s.Path) == 1 {
		s.Kind, s.Root, s.Path = Builtin, "", nil
	}
	return s
}

// rootOf resolves an expression such as `cfg.a`, where `cfg = config.modules.x`, to the
// argument it begins with and the names below it. root is empty if it is no such
// expression.
func rootOf(names *scope.Names, n parser.Node, depth int) (root string, path []string, def scope.DefID) {
	n = parser.Unparen(n)
	switch n.Kind() {
	case parser.KindInheritFrom:
		return rootOf(names, n.Child(0), depth)
	case parser.KindApply:
		if depth > 0 {
			p := partOfCall(names, parser.Apply{Node: n}, depth-1)
			return p.root, p.path, p.def
		}
	case parser.KindSelect:
		sel := parser.Select{Node: n}
		var below []string
		for name := range sel.Path().Children() {
			below = append(below, pathName(name))
		}
		if root, path, def = rootOf(names, sel.Expr(), depth); root == "" {
			return "", nil, scope.None
		}
		return root, slices.Concat(path, below), def
	case parser.KindIdent:
		u := names.UseAt(n)
		if u == scope.None {
			return "", nil, scope.None
		}
		use := names.Uses()[u]
		if use.Target == scope.GlobalOf && n.Text() == "builtins" {
			return "builtins", nil, scope.None
		}
		switch {
		case depth == 0:
		case use.Target == scope.Local:
			return rootOfDefinition(names, use.Def, depth-1)
		case use.Target == scope.FromWith:
			if root, path, def = rootOfWiths(names, use.With, depth-1); root != "" {
				return root, append(path, n.Text()), def
			}
		}
	}
	return "", nil, scope.None
}

// rootOfWiths resolves the innermost of the namespaces around a scope that can be.
func rootOfWiths(names *scope.Names, in scope.ID, depth int) (root string, path []string, def scope.DefID) {
	for w := range names.Withs(in) {
		with := parser.With{Node: names.Tree().Node(names.Scopes()[w].Node)}
		if root, path, def = rootOf(names, with.Namespace(), depth); root != "" {
			return root, slices.Clone(path), def
		}
	}
	return "", nil, scope.None
}

func rootOfDefinition(names *scope.Names, d scope.DefID, depth int) (root string, path []string, def scope.DefID) {
	def = d
	node := names.Tree().Node(names.Definitions()[d].Node)
	switch names.Definitions()[d].Kind {
	case scope.Formal:
		return names.Name(d), nil, d
	case scope.Argument:
		p := partOfParameter(names, d, depth)
		return p.root, p.path, p.def
	case scope.Binding:
		b := node.Parent().Parent()
		if node.Parent().ChildCount() == 1 && b.Is(parser.KindBinding) {
			return rootOf(names, parser.Binding{Node: b}.Value(), depth)
		}
	case scope.InheritFrom:
		if root, path, def = rootOf(names, parser.Inherit{Node: node.Parent()}.From(), depth); root != "" {
			return root, append(slices.Clone(path), names.Name(d)), def
		}
	case scope.Inherit:
		if u := names.Definitions()[d].Inherits; u != scope.None {
			if outer := names.Uses()[u]; outer.Target == scope.Local && depth > 0 {
				return rootOfDefinition(names, outer.Def, depth-1)
			}
		}
	}
	return "", nil, scope.None
}

// Chain resolves the expression before a dot, as in `cfg.gpu.`, for completion: the
// argument it begins with and the names below it.
func Chain(names *scope.Names, n parser.Node) (root string, path []string, ok bool) {
	root, path, _ = rootOf(names, n, maxAliases)
	return root, path, root != ""
}
