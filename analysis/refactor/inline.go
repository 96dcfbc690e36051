package refactor

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// inline puts the value of a name that a `let` binds in the place of the name: at a use
// there, at the definition everywhere, and then the definition goes.
func inline(p *Place) []Action {
	def, use := scope.DefID(p.Names.DefinitionAt(p.at)), scope.UseID(scope.None)
	if def == scope.None {
		if use = p.useAt(p.at); use == scope.None {
			return nil
		}
		def = p.Names.Uses()[use].Def
	}
	if def == scope.None {
		return nil
	}
	d := p.Names.Definitions()[def]
	if d.Kind != scope.Binding || d.More || p.Names.Scopes()[d.Scope].Kind != scope.Let {
		return nil
	}
	name := p.tree.Node(d.Node)
	path := parser.AttrPath{Node: name.Parent()}
	b := parser.Binding{Node: path.Parent()}
	if path.ChildCount() != 1 || !b.Semicolon().IsValid() || b.HasComments() {
		return nil
	}
	for v := range p.tree.Node(b.ID()).Preorder() {
		if u := p.useAt(v); u != scope.None && p.Names.Uses()[u].Def == def {
			return nil // it needs itself
		}
	}
	title := fmt.Sprintf("put the value of `%s` here", name.Text())
	uses := []scope.UseID{use}
	if use == scope.None {
		title = fmt.Sprintf("put the value of `%s` in place of the name, everywhere", name.Text())
		uses = nil
		for u := range p.Names.UsesOf(def) {
			uses = append(uses, u)
		}
		if len(uses) == 0 {
			return nil
		}
	}
	var edits []diagnostic.Edit
	for _, u := range uses {
		at := p.tree.Node(p.Names.Uses()[u].Node)
		if !p.meansTheSame(b.Value(), at) {
			return nil
		}
		switch {
		case at.Is(parser.KindIdent):
			edits = append(edits, edit.ReplaceBy(at, b.Value()))
		case at.Parent().Is(parser.KindInherit) && at.Parent().ChildCount() == 1:
			edits = append(edits, diagnostic.Edit{Span: at.Parent().Span(), Text: at.Text() + " = " + b.Value().Text() + ";"})
		default:
			return nil
		}
	}
	if use == scope.None {
		edits = append(edits, p.removeFromLet(b))
	}
	return []Action{{Title: title, Kind: Inline, edits: edits}}
}

// removeFromLet returns the edit that removes a binding, and the whole let with it if it
// is the only one.
func (p *Place) removeFromLet(b parser.Binding) diagnostic.Edit {
	let := parser.Let{Node: b.Parent()}
	if let.Is(parser.KindLet) && let.ChildCount() == 2 && let.In().IsValid() && !edit.CommentOutside(let.Node, b.Node, let.Body()) {
		return edit.Remove(p.tree.Source(), parser.Span{Start: let.Span().Start, End: let.In().Span().End})
	}
	return edit.Remove(p.tree.Source(), b.Span())
}

// useAt returns the use that a node is, or None.
func (p *Place) useAt(n parser.Node) scope.UseID {
	switch n.Kind() {
	case parser.KindIdent, parser.KindName, parser.KindString, parser.KindInterp:
		return p.Names.UseAt(n)
	}
	return scope.None
}

// scopeAt returns the scope in which a node is evaluated.
func (p *Place) scopeAt(n parser.Node) scope.ID {
	child := n
	for a := range n.Ancestors() {
		if id := p.Names.ScopeOf(a); id != scope.None && p.sees(a, child) {
			return id
		}
		child = a
	}
	return scope.None
}

// sees reports whether a child of a node that opens a scope is in it.
func (p *Place) sees(n, child parser.Node) bool {
	switch n.Kind() {
	case parser.KindWith:
		return parser.With{Node: n}.Body() == child
	case parser.KindLet, parser.KindAttrSet:
		return !child.Is(parser.KindInherit) || parser.Inherit{Node: child}.From().IsValid()
	}
	return true
}

// meansTheSame reports whether every name in an expression would mean the same if the
// expression stood in the place of a node.
func (p *Place) meansTheSame(expr, at parser.Node) bool {
	there := p.scopeAt(at)
	for n := range expr.Preorder() {
		u := p.useAt(n)
		if u == scope.None {
			continue
		}
		use := p.Names.Uses()[u]
		if use.Def != scope.None {
			// Names of the expression's own go along.
			d := p.Names.Definitions()[use.Def]
			if expr.Span().Covers(p.tree.Node(p.Names.Scopes()[d.Scope].Node).Span()) {
				continue
			}
		} else if expr.Span().Covers(p.withOf(use)) {
			continue
		}
		if p.Names.Lookup(there, n.Text()) != use.Def {
			return false
		}
		if use.Target == scope.FromWith && p.innermostWith(there) != use.With {
			return false
		}
	}
	return true
}

// withOf returns the span of the innermost with around a use; without one it is that of
// the file, which nothing covers but the file.
func (p *Place) withOf(u scope.Use) parser.Span {
	if u.With == scope.None {
		return parser.Span{End: uint32(len(p.tree.Source()) + 1)}
	}
	return p.tree.Node(p.Names.Scopes()[u.With].Node).Span()
}

func (p *Place) innermostWith(id scope.ID) scope.ID {
	for w := range p.Names.Withs(id) {
		return w
	}
	return scope.None
}

// extract gives a name to the selected expression, in a `let` around the value that it
// is part of.
func extract(p *Place) []Action {
	n := p.selected
	if !isExpression(n) {
		return nil
	}
	inner, around := n, n.Parent()
	for ; around.IsValid(); inner, around = around, around.Parent() {
		if wraps(around, inner) {
			break
		}
	}
	if !around.IsValid() || inner == n {
		return nil // it has a name, or it is all there is
	}
	name := p.unusedName(nameFor(n), inner)
	src := p.tree.Source()
	edits := []diagnostic.Edit{edit.Replace(n, name, precedence.Simple)}
	binding := name + " = " + n.Text() + ";"
	if around.Is(parser.KindLet) && (parser.Let{Node: around}).In().IsValid() {
		at := parser.Let{Node: around}.In().Span().Start
		edits = append(edits, diagnostic.Edit{Span: parser.Span{Start: at, End: at}, Text: binding + "\n"})
	} else {
		start, end := inner.Span().Start, inner.Span().End
		open, closing := "let "+binding+" in ", ""
		if precedence.Slot(inner) > precedence.Any {
			open, closing = "("+open, ")"
		}
		edits = append(edits, edit.ReplaceSpan(src, parser.Span{Start: start, End: start}, open))
		if closing != "" {
			edits = append(edits, diagnostic.Edit{Span: parser.Span{Start: end, End: end}, Text: closing})
		}
	}
	return []Action{{Title: fmt.Sprintf("give the expression a name: `%s`", name), Kind: Extract, edits: edits}}
}

// isExpression reports whether a node is an expression that is worth a name.
func isExpression(n parser.Node) bool {
	if !n.IsValid() {
		return false
	}
	switch n.Kind() {
	case parser.KindApply, parser.KindBinary, parser.KindUnary, parser.KindHasAttr, parser.KindSelect, parser.KindIf, parser.KindLet,
		parser.KindWith, parser.KindAssert, parser.KindLambda, parser.KindAttrSet, parser.KindList, parser.KindString, parser.KindIndString,
		parser.KindPath, parser.KindParen, parser.KindInt, parser.KindFloat:
		// Not the name of an attribute.
		return !n.Parent().Is(parser.KindAttrPath) && !n.Parent().Is(parser.KindInherit)
	}
	return false
}

// wraps reports whether a let can be put around a child of a node so that all that the
// child sees is seen by the let, too.
func wraps(n, child parser.Node) bool {
	switch n.Kind() {
	case parser.KindBinding:
		return parser.Binding{Node: n}.Value() == child
	case parser.KindLambda:
		return parser.Lambda{Node: n}.Body() == child
	case parser.KindLet:
		return parser.Let{Node: n}.Body() == child
	case parser.KindWith:
		return parser.With{Node: n}.Body() == child
	case parser.KindAssert:
		return parser.Assert{Node: n}.Body() == child
	case parser.KindFormal, parser.KindInterp, parser.KindInheritFrom, parser.KindFile:
		return true
	}
	return false
}

// nameFor proposes a name for an expression.
func nameFor(n parser.Node) string {
	n = parser.Unparen(n)
	switch n.Kind() {
	case parser.KindSelect:
		path := parser.Select{Node: n}.Path()
		if last := path.Child(path.ChildCount() - 1); last.Is(parser.KindName) {
			return last.Text()
		}
	case parser.KindString, parser.KindIndString:
		return "text"
	case parser.KindPath:
		return "path"
	case parser.KindList:
		return "list"
	case parser.KindLambda:
		return "function"
	case parser.KindAttrSet:
		return "set"
	}
	return "value"
}

// unusedName returns a name that neither is defined around a node nor used in it.
func (p *Place) unusedName(name string, n parser.Node) string {
	taken := func(name string) bool {
		if scope.IsGlobal(name) || name == "or" || p.Names.Lookup(p.scopeAt(n), name) != scope.None {
			return true
		}
		for c := range n.Preorder() {
			if (c.Is(parser.KindIdent) || c.Is(parser.KindName)) && c.Text() == name {
				return true
			}
		}
		return false
	}
	out := name
	for i := 2; taken(out); i++ {
		out = fmt.Sprintf("%s%d", name, i)
	}
	return out
}
