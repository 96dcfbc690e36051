package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// usesAllInputs reports whether the flake's inputs may be used in a way that
// does not name them. Variables are followed by their names: `inputs`, what
// the flake itself calls them, and every name that is given to one of these.
func (r *Repo) usesAllInputs(f *repo.Flake) bool {
	if !r.Model.PlainFlakeModules() {
		return true
	}
	w := &inputsWalker{repo: r, aliases: map[string]bool{"inputs": true}}
	w.addParameter(f.Outputs.At().Syntax())
	for known := 0; known < len(w.aliases); {
		known = len(w.aliases)
		for _, file := range r.All() {
			if w.inFile(file) {
				return true
			}
		}
	}
	return false
}

type inputsWalker struct {
	repo    *Repo
	aliases map[string]bool // names of variables that may be the inputs
	file    *File
}

// addParameter notes the name that a function has for its whole argument.
func (w *inputsWalker) addParameter(lambda parser.Node) {
	l := parser.Lambda{Node: lambda}
	whole := l.Param()
	if p, ok := l.Pattern(); ok {
		whole = p.At()
	}
	if whole.IsValid() {
		w.aliases[whole.Text()] = true
	}
}

// inFile reports whether a file uses the inputs as a whole.
func (w *inputsWalker) inFile(file *repo.File) bool {
	t := file.Tree
	w.file = &File{File: file, Repo: w.repo.Repo}
	for id := range t.NodeCount() {
		n := t.Node(parser.NodeID(id))
		switch n.Kind() {
		case parser.KindIdent:
			if w.aliases[n.Text()] && w.isWhole(n) {
				return true
			}
		case parser.KindSelect:
			s := parser.Select{Node: n}
			if picksAny(s.Path()) {
				return true
			}
			if name, ok := parser.StaticName(s.Path().LastChild()); ok && name == "inputs" && w.isWhole(n) {
				return true
			}
		case parser.KindInherit:
			in := parser.Inherit{Node: n}
			for name := range in.Names() {
				text, _ := parser.StaticName(name)
				handed := text == "inputs" || !in.From().IsValid() && w.aliases[text]
				if handed && !w.isLet(n.Parent()) && !w.staysHere(n.Parent()) {
					return true
				}
			}
		}
	}
	return false
}

// picksAny reports whether a path leads through `inputs` to a name that is
// computed.
func picksAny(p parser.AttrPath) bool {
	before := ""
	for n := range p.Children() {
		name, static := parser.StaticName(n)
		if before == "inputs" && !static {
			return true
		}
		before = name
	}
	return false
}

func (w *inputsWalker) isLet(n parser.Node) bool { return n.Is(parser.KindLet) }

// isWhole reports whether an expression that is the inputs is used in a way
// that does not say which of them.
func (w *inputsWalker) isWhole(n parser.Node) bool {
	n = parser.WithParens(n)
	p := n.Parent()
	switch p.Kind() {
	case parser.KindSelect:
		s := parser.Select{Node: p}
		if s.Expr() != n {
			return false // a default: what it stands for is looked at
		}
		_, static := parser.StaticName(s.Path().Child(0))
		return !static
	case parser.KindHasAttr:
		_, static := parser.StaticName((parser.HasAttr{Node: p}).Path().Child(0))
		return !static
	case parser.KindInheritFrom:
		return false
	case parser.KindBinding:
		names, ok := parser.Binding{Node: p}.Path().Static()
		if !ok {
			return true
		}
		if handsToModules(names) {
			return false
		}
		w.aliases[names[len(names)-1]] = true
		return !w.isLet(p.Parent()) && !w.staysHere(p.Parent())
	case parser.KindApply:
		a := parser.Apply{Node: p}
		return a.Func() == n || !w.isOwn(a, n)
	case parser.KindBinary:
		return !w.staysHere(n)
	case parser.KindPattern, parser.KindLambda:
		return p.Is(parser.KindLambda) && parser.Lambda{Node: p}.Body() == n
	}
	return true
}

// handsToModules reports whether what is bound to a name becomes arguments of
// modules.
func handsToModules(names []string) bool {
	last := names[len(names)-1]
	return last == "specialArgs" || last == "extraSpecialArgs" || last == "args" && len(names) > 1 && names[len(names)-2] == "_module"
}

// staysHere reports whether a set that the inputs are put into goes only to
// modules and to functions of the repository.
func (w *inputsWalker) staysHere(set parser.Node) bool {
	n := set
	for {
		p := n.Parent()
		switch p.Kind() {
		case parser.KindParen:
		case parser.KindBinary:
			if (parser.Binary{Node: p}).Op() != parser.TokenUpdate {
				return false
			}
		case parser.KindBinding:
			names, ok := parser.Binding{Node: p}.Path().Static()
			return ok && handsToModules(names)
		case parser.KindApply:
			a := parser.Apply{Node: p}
			return a.Func() != n && w.isOwn(a, n)
		default:
			return false
		}
		n = p
	}
}

// isOwn reports whether a call that gets the inputs, as one of its arguments, is
// one of a function of the repository, or one that does nothing with them but
// hand them on.
func (w *inputsWalker) isOwn(a parser.Apply, arg parser.Node) bool {
	fn := parser.Unparen(a.Func())
	switch symbol.LastName(fn) {
	case "import":
		if arg == a.Arg(0) {
			return false
		}
		target, ok := w.target(a.Arg(0))
		if !ok {
			return false
		}
		if top := parser.Unparen(target.Tree.Expr()); arg == a.Arg(1) && top.Is(parser.KindLambda) {
			w.addParameter(top)
		}
		return true
	case "callPackage", "callPackageWith":
		_, ok := w.target(a.Arg(0))
		return ok && a.ArgCount() > 1 && arg == a.Arg(1)
	case "mkFlake":
		return strings.HasPrefix(fn.Text(), "flake-parts.") || strings.Contains(fn.Text(), ".flake-parts.") || w.isFrom(fn, "flake-parts")
	}
	return w.isOwnFunction(fn, 0)
}

// target returns the file that a literal path leads to.
func (w *inputsWalker) target(n parser.Node) (*repo.File, bool) {
	n = parser.Unparen(n)
	if !n.Is(parser.KindPath) {
		return nil, false
	}
	p, ok := repo.Target(w.file.Path, parser.Path{Node: n})
	if !ok {
		return nil, false
	}
	f := w.repo.File(w.repo.ModuleFile(path.Clean(p)))
	return f, f != nil
}

// isFrom reports whether a variable is inherited from an input.
func (w *inputsWalker) isFrom(fn parser.Node, input string) bool {
	if !fn.Is(parser.KindIdent) {
		return false
	}
	if from, ok := w.file.inheritedFrom(fn); ok {
		return slices.Contains(strings.Split(from.Text(), "."), input)
	}
	v := w.file.letValue(fn)
	return v.IsValid() && slices.Contains(strings.Split(v.Text(), "."), input)
}

// maxAliases bounds how many names are followed to a function.
const maxAliases = 20

// isOwnFunction reports whether a function is certainly one that the repository
// defines: written out, or out of a file that is imported.
func (w *inputsWalker) isOwnFunction(fn parser.Node, depth int) bool {
	fn = parser.Unparen(fn)
	if depth > maxAliases {
		return false
	}
	switch fn.Kind() {
	case parser.KindLambda:
		w.addParameter(fn)
		return true
	case parser.KindApply:
		a := parser.Apply{Node: fn}
		if symbol.LastName(a.Func()) == "import" {
			_, ok := w.target(a.Arg(0))
			return ok
		}
		return w.isOwnFunction(a.Func(), depth+1)
	case parser.KindSelect:
		return w.isOwnFunction(parser.Select{Node: fn}.Expr(), depth+1)
	case parser.KindAttrSet:
		return true
	case parser.KindIdent:
		if from, ok := w.file.inheritedFrom(fn); ok {
			return w.isOwnFunction(from, depth+1)
		}
		if v := w.file.letValue(fn); v.IsValid() {
			return w.isOwnFunction(v, depth+1)
		}
		if d := w.file.definitionOf(fn); d != scope.None {
			def := w.file.Names().Definitions()[d]
			if b := w.file.Tree.Node(def.Node).Parent().Parent(); def.Kind == scope.Binding && b.Is(parser.KindBinding) {
				return w.isOwnFunction(parser.Binding{Node: b}.Value(), depth+1)
			}
		}
	}
	return false
}
