package rules

import (
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// letValue returns the value of the let binding that a variable stands for, if
// it is one.
func (f *File) letValue(ident parser.Node) parser.Node {
	if d := f.definitionOf(ident); d != scope.None {
		def := f.Names().Definitions()[d]
		name := f.Tree.Node(def.Node)
		if def.Kind == scope.Binding && !def.More && name.Parent().Is(parser.KindAttrPath) && name.Parent().ChildCount() == 1 {
			return parser.Binding{Node: name.Parent().Parent()}.Value()
		}
	}
	return parser.Node{}
}

// inheritedFrom returns the set that a variable is inherited from by a let.
func (f *File) inheritedFrom(ident parser.Node) (parser.Node, bool) {
	if d := f.definitionOf(ident); d != scope.None {
		if def := f.Names().Definitions()[d]; def.Kind == scope.InheritFrom {
			from := parser.Inherit{Node: f.Tree.Node(def.Node).Parent()}.From()
			return from, from.IsValid()
		}
	}
	return parser.Node{}, false
}

func (f *File) definitionOf(ident parser.Node) scope.DefID {
	u := f.Names().UseAt(ident)
	if u == scope.None {
		return scope.None
	}
	return f.Names().Uses()[u].Def
}
