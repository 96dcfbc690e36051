package symbol

import (
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// ConfigRead is a place where a module reads its configuration.
type ConfigRead struct {
	Path  []string
	Names []parser.Node // where each name of the path is written; those of an alias stand where it is defined
	// Guarded is set if the read has a default, or only asks whether something
	// is there.
	Guarded bool
	// Alias is set if it only gives the part of the configuration a name, whose
	// uses are reads of their own.
	Alias bool
}

// maxConfigAliases bounds how often a name may stand for a part of the configuration
// that another name stands for.
const maxConfigAliases = 6

// ConfigReads lists what a file reads of a variable: by `config.a.b`, by `inherit
// (config.a) b`, and by names that a let gives to parts of it. A path ends before
// a name that is not written out.
func ConfigReads(names *scope.Names, config scope.DefID) []ConfigRead {
	var out []ConfigRead
	collectReads(names, config, ConfigRead{}, maxConfigAliases, &out)
	return out
}

func collectReads(names *scope.Names, d scope.DefID, prefix ConfigRead, depth int, out *[]ConfigRead) {
	for u := range names.UsesOf(d) {
		use := names.Tree().Node(names.Uses()[u].Node)
		outer := parser.WithParens(use)
		switch p := outer.Parent(); p.Kind() {
		case parser.KindSelect:
			s := parser.Select{Node: p}
			if s.Expr() != outer {
				continue
			}
			read, whole := prefix.then(s.Path().Node)
			read.Guarded = read.Guarded || s.Default().IsValid()
			p = parser.WithParens(p)
			if from := p.Parent(); from.Is(parser.KindInheritFrom) && whole && !read.Guarded {
				inheritReads(names, from, read, depth, out)
				continue
			}
			read.Alias = whole && !read.Guarded && followAlias(names, p, read, depth, out)
			*out = append(*out, read)
		case parser.KindHasAttr:
			if h := (parser.HasAttr{Node: p}); h.Expr() == outer {
				read, _ := prefix.then(h.Path().Node)
				read.Guarded = true
				*out = append(*out, read)
			}
		case parser.KindInheritFrom:
			inheritReads(names, p, prefix, depth, out)
		default:
			if len(prefix.Path) > 0 {
				read := prefix
				*out = append(*out, read)
			}
		}
	}
}

// inheritReads collects what `inherit (config.a) b;` reads.
func inheritReads(names *scope.Names, from parser.Node, prefix ConfigRead, depth int, out *[]ConfigRead) {
	for name := range (parser.Inherit{Node: from.Parent()}).Names() {
		key, ok := parser.StaticName(name)
		if !ok {
			continue
		}
		read := prefix
		read.Path = append(read.Path[:len(read.Path):len(read.Path)], key)
		read.Names = append(read.Names[:len(read.Names):len(read.Names)], name)
		if d := names.DefinitionAt(name); d != scope.None && depth > 0 {
			collectReads(names, d, read, depth-1, out)
			read.Alias = true
		}
		*out = append(*out, read)
	}
}

// then is the read of a path below another. whole is unset if some of it is not
// written out.
func (r ConfigRead) then(path parser.Node) (read ConfigRead, whole bool) {
	r.Path, r.Names = r.Path[:len(r.Path):len(r.Path)], r.Names[:len(r.Names):len(r.Names)]
	for name := range path.Children() {
		key, ok := parser.StaticName(name)
		if !ok {
			return r, false
		}
		r.Path, r.Names = append(r.Path, key), append(r.Names, name)
	}
	return r, true
}

// followAlias follows the name that a let gives to an expression, if it is the
// whole of a binding.
func followAlias(names *scope.Names, expr parser.Node, read ConfigRead, depth int, out *[]ConfigRead) bool {
	expr = parser.WithParens(expr)
	binding := expr.Parent()
	if depth == 0 || !binding.Is(parser.KindBinding) || !binding.Parent().Is(parser.KindLet) {
		return false
	}
	b := parser.Binding{Node: binding}
	if b.Value() != expr || b.Path().ChildCount() != 1 {
		return false
	}
	for name := range b.Path().Children() {
		if d := names.DefinitionAt(name); d != scope.None {
			collectReads(names, d, read, depth-1, out)
			return true
		}
	}
	return false
}
