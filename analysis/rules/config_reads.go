package rules

import (
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// configRead is a place where a module reads its configuration.
type configRead struct {
	path  []string
	names []parser.Node // where each name of the path is written; those of an alias stand where it is defined
	// guarded is set if the read has a default, or only asks whether something
	// is there.
	guarded bool
	// alias is set if it only gives the part of the configuration a name, whose
	// uses are reads of their own.
	alias bool
}

// maxConfigAliases bounds how often a name may stand for a part of the configuration
// that another name stands for.
const maxConfigAliases = 6

// configReads lists what a file reads of a variable: by `config.a.b`, by `inherit
// (config.a) b`, and by names that a let gives to parts of it. A path ends before
// a name that is not written out.
func configReads(names *scope.Names, config scope.DefID) []configRead {
	var out []configRead
	collectReads(names, config, configRead{}, maxConfigAliases, &out)
	return out
}

func collectReads(names *scope.Names, d scope.DefID, prefix configRead, depth int, out *[]configRead) {
	for u := range names.UsesOf(d) {
		use := names.Tree().Node(names.Uses()[u].Node)
		outer := use
		for outer.Parent().Is(parser.KindParen) {
			outer = outer.Parent()
		}
		switch p := outer.Parent(); p.Kind() {
		case parser.KindSelect:
			s := parser.Select{Node: p}
			if s.Expr() != outer {
				continue
			}
			read, whole := prefix.then(s.Path().Node)
			read.guarded = read.guarded || s.Default().IsValid()
			for p.Parent().Is(parser.KindParen) {
				p = p.Parent()
			}
			if from := p.Parent(); from.Is(parser.KindInheritFrom) && whole && !read.guarded {
				inheritReads(names, from, read, depth, out)
				continue
			}
			read.alias = whole && !read.guarded && followAlias(names, p, read, depth, out)
			*out = append(*out, read)
		case parser.KindHasAttr:
			if h := (parser.HasAttr{Node: p}); h.Expr() == outer {
				read, _ := prefix.then(h.Path().Node)
				read.guarded = true
				*out = append(*out, read)
			}
		case parser.KindInheritFrom:
			inheritReads(names, p, prefix, depth, out)
		default:
			if len(prefix.path) > 0 {
				read := prefix
				*out = append(*out, read)
			}
		}
	}
}

// inheritReads collects what `inherit (config.a) b;` reads.
func inheritReads(names *scope.Names, from parser.Node, prefix configRead, depth int, out *[]configRead) {
	for name := range (parser.Inherit{Node: from.Parent()}).Names() {
		key, ok := parser.StaticName(name)
		if !ok {
			continue
		}
		read := prefix
		read.path = append(read.path[:len(read.path):len(read.path)], key)
		read.names = append(read.names[:len(read.names):len(read.names)], name)
		if d := names.DefinitionAt(name); d != scope.None && depth > 0 {
			collectReads(names, d, read, depth-1, out)
			read.alias = true
		}
		*out = append(*out, read)
	}
}

// then is the read of a path below another. whole is unset if some of it is not
// written out.
func (r configRead) then(path parser.Node) (read configRead, whole bool) {
	r.path, r.names = r.path[:len(r.path):len(r.path)], r.names[:len(r.names):len(r.names)]
	for name := range path.Children() {
		key, ok := parser.StaticName(name)
		if !ok {
			return r, false
		}
		r.path, r.names = append(r.path, key), append(r.names, name)
	}
	return r, true
}

// followAlias follows the name that a let gives to an expression, if it is the
// whole of a binding.
func followAlias(names *scope.Names, expr parser.Node, read configRead, depth int, out *[]configRead) bool {
	for expr.Parent().Is(parser.KindParen) {
		expr = expr.Parent()
	}
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
