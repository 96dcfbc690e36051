package symbol

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// Where says in what kind of place a name is being written.
type Where uint8

// The kinds of places.
const (
	InNothing    Where = iota // a comment, a number, plain text
	InExpression              // where a value is expected
	InAttributes              // where a set defines a name
	InFormals                 // in the pattern of a function
	InPath                    // in a path literal
	InString                  // in a text
	InInherit                 // behind `inherit (…)` or `… ?`, whose set Root and Below name
	InNames                   // behind `inherit`, whose names are those of the scope
)

// Cursor is a place where something is being written.
type Cursor struct {
	Where Where
	// Span is what is there of the name, up to the cursor; Text is its text.
	Span parser.Span
	Text string
	// Before are the names before it, joined to it by dots: `a.b.` of `a.b.c`.
	Before []string
	// Root and Below are the argument that the names before stand for, if they do.
	Root  string
	Below []string
	// Set is the path of the set in which a name is defined, from the outermost on.
	Set []string
	// Value is the path of the binding whose value is being written; nil if it is none.
	Value []string
	// Scope is the scope of an expression.
	Scope scope.ID
	// Formals are the names that the pattern, or the inherit, has already.
	Formals []string
	// From is the expression in an inherit's parentheses, or before `?`; invalid elsewhere.
	From parser.Node
	// Braces is the set in which a name is defined; invalid elsewhere.
	Braces parser.Node
}

// CursorAt looks at what is being written at an offset. It goes by the tokens before the
// cursor, since what follows belongs to something else as long as it is not finished.
func CursorAt(f *repo.File, names *scope.Names, offset uint32) Cursor {
	t := f.Tree
	c := Cursor{Span: parser.Span{Start: offset, End: offset}, Scope: names.At(offset)}
	for comment := range t.Comments() {
		if comment.Span.Start < offset && offset <= comment.Span.End && !(f.Text[comment.Span.End-1] == '/' && offset == comment.Span.End) {
			return c
		}
	}
	tok := t.TokenBefore(offset)
	if !tok.IsValid() {
		c.Where = InExpression
		return c
	}
	if tok.Span().End >= offset {
		switch kind := tok.Kind(); {
		case kind == parser.TokenPathText:
			c.Where = InPath
			c.Span.Start = tok.Span().Start
			c.Text = f.Text[c.Span.Start:offset]
			return c
		case kind == parser.TokenStringText || kind == parser.TokenStringStart || kind == parser.TokenIndStringStart:
			c.Where = InString
			if kind == parser.TokenStringText {
				c.Span.Start = tok.Span().Start
			}
			c.Text = f.Text[c.Span.Start:offset]
			c.Value = valueOf(t, offset)
			return c
		case kind == parser.TokenIdent || kind.IsKeyword() || kind == parser.TokenOr:
			c.Span.Start = tok.Span().Start
			c.Text = f.Text[c.Span.Start:offset]
			tok = tok.Prev()
		case kind == parser.TokenInt || kind == parser.TokenFloat || kind == parser.TokenURI || kind == parser.TokenSearchPath:
			return c
		}
	}
	// The names before, from right to left.
	first := tok
	next := c.Span.Start
	for tok.IsValid() && tok.Kind() == parser.TokenDot {
		// A dot at the end of a line is one that nothing was written behind yet.
		if strings.Contains(f.Text[tok.Span().End:next], "\n") {
			tok = parser.Token{}
			break
		}
		name := tok.Prev()
		if !name.IsValid() {
			return c
		}
		if text, begin, ok := nameBefore(t, name); ok {
			c.Before = append(c.Before, text)
			first, tok, next = begin, begin.Prev(), begin.Span().Start
			continue
		}
		slices.Reverse(c.Before)
		c.selected(names, t.NodeCovering(name.Span()))
		return c
	}
	slices.Reverse(c.Before)
	start := c.Span.Start
	if len(c.Before) > 0 {
		start = first.Span().Start
	}
	c.place(t, names, tok, start)
	return c
}

// nameBefore returns the name in a path that ends with a token, and the token that it begins
// with. That of a computed one stands for all.
func nameBefore(t *parser.Tree, last parser.Token) (text string, first parser.Token, ok bool) {
	switch last.Kind() {
	case parser.TokenIdent:
		return last.Text(), last, true
	case parser.TokenStringEnd, parser.TokenRBrace:
		n := t.NodeCovering(last.Span())
		text, ok = parser.StaticName(n)
		if n.Is(parser.KindInterp) {
			text, ok = anyName, true
		}
		return text, n.FirstToken(), ok
	}
	return "", last, false
}

// selected makes the cursor one behind an expression in brackets and names of which it selects.
func (c *Cursor) selected(names *scope.Names, n parser.Node) {
	if !n.Is(parser.KindParen) && !n.Is(parser.KindAttrSet) {
		return // something else that is computed
	}
	c.Where, c.From = InInherit, n
	c.Root, c.Below, _ = rootOf(names, n, maxAliases)
	c.Below = slices.Concat(c.Below, c.Before)
}

// place finds out what kind of place follows a token.
func (c *Cursor) place(t *parser.Tree, names *scope.Names, before parser.Token, start uint32) {
	c.Where = InExpression
	around := t.NodeAt(start)
	if before.IsValid() {
		around = t.NodeAt(before.Span().Start)
	}
	switch {
	case !before.IsValid():
	case before.Kind() == parser.TokenLBrace || before.Kind() == parser.TokenComma:
		if p := enclosing(around, parser.KindPattern, parser.KindAttrSet); p.Is(parser.KindPattern) {
			c.Where = InFormals
			for formal := range (parser.Pattern{Node: p}).Formals() {
				if name := formal.Name(); name.Span() != t.NodeAt(c.Span.Start).Span() {
					c.Formals = append(c.Formals, name.Text())
				}
			}
			return
		} else if p.Is(parser.KindAttrSet) && before.Kind() == parser.TokenLBrace {
			c.Where, c.Set, c.Braces = InAttributes, SetPath(p), p
			return
		}
	case before.Kind() == parser.TokenSemicolon || before.Kind() == parser.TokenLet:
		// What ends before the token, as the list in `a = with b; [ ];`, does not own it.
		owner := enclosing(t.NodeCovering(before.Span()), parser.KindBinding, parser.KindInherit, parser.KindWith, parser.KindAssert, parser.KindLet)
		if !owner.Is(parser.KindWith) && !owner.Is(parser.KindAssert) {
			c.Where = InAttributes
			if set := enclosing(owner, parser.KindAttrSet, parser.KindLet); set.Is(parser.KindAttrSet) {
				c.Set, c.Braces = SetPath(set), set
			}
			return
		}
	}
	whole := around
	if before.IsValid() {
		whole = t.NodeCovering(before.Span()) // not what ends before it, as the set in `(f { })`
	}
	if in := enclosing(whole, parser.KindInherit, parser.KindBinding, parser.KindAttrSet, parser.KindLet); in.Is(parser.KindInherit) && len(c.Before) == 0 {
		if from := (parser.Inherit{Node: in}).From(); from.IsValid() && from.Span().End < start {
			c.Where = InInherit
			c.From = from
			c.Root, c.Below, _ = rootOf(names, from, maxAliases)
			c.inherited(in)
			return
		} else if !from.IsValid() && in.FirstToken().Span().End < start {
			c.Where = InNames
			c.inherited(in)
			return
		}
	}
	if h := enclosing(around, parser.KindHasAttr, parser.KindBinding, parser.KindPattern, parser.KindAttrSet); before.IsValid() && before.Kind() == parser.TokenQuestion && h.Is(parser.KindHasAttr) {
		c.Where = InInherit
		c.From = parser.HasAttr{Node: h}.Expr()
		c.Root, c.Below, _ = rootOf(names, c.From, maxAliases)
		c.Below = slices.Concat(c.Below, c.Before)
		return
	}
	c.Value = valueOf(t, start)
	if len(c.Before) > 0 {
		c.Root, c.Below = c.chain(names)
	}
}

// inherited notes the names that an inherit has already.
func (c *Cursor) inherited(in parser.Node) {
	for n := range (parser.Inherit{Node: in}).Names() {
		if name, ok := parser.StaticName(n); ok && !n.Span().Contains(c.Span.Start) {
			c.Formals = append(c.Formals, name)
		}
	}
}

// chain resolves the names before the cursor.
func (c *Cursor) chain(names *scope.Names) (root string, path []string) {
	if c.Before[0] == "builtins" {
		return "builtins", c.Before[1:]
	}
	if d := names.Lookup(c.Scope, c.Before[0]); d != scope.None {
		if root, path, _ = rootOfDefinition(names, d, maxAliases); root != "" {
			return root, slices.Concat(path, c.Before[1:])
		}
	} else if root, path, _ = rootOfWiths(names, c.Scope, maxAliases); root != "" {
		return root, slices.Concat(path, c.Before)
	}
	return "", nil
}

// enclosing returns the node itself or the nearest around it of one of the kinds.
func enclosing(n parser.Node, kinds ...parser.Kind) parser.Node {
	if !n.IsValid() || slices.Contains(kinds, n.Kind()) {
		return n
	}
	for a := range n.Ancestors() {
		if slices.Contains(kinds, a.Kind()) {
			return a
		}
	}
	return parser.Node{}
}

// SetPath is the path under which what a set defines is found. That of a set in a list is
// the list's.
func SetPath(set parser.Node) []string {
	n := set.Parent()
	for IsTransparent(n) || n.Is(parser.KindList) {
		n = n.Parent()
	}
	if n.Is(parser.KindBinding) {
		return BindingPath(n)
	}
	return nil
}

// IsBody reports whether a set is what a file as a whole is, or returns as a function: the
// set of a module.
func IsBody(set parser.Node) bool {
	if !set.IsValid() {
		return false
	}
	n := set
	for p := n.Parent(); p.IsValid(); n, p = p, p.Parent() {
		switch {
		case p.Is(parser.KindFile):
			return true
		case IsTransparent(p) && !p.Is(parser.KindList), p.Is(parser.KindIf):
		case p.Is(parser.KindLambda) && parser.Unparen(parser.Lambda{Node: p}.Body()) == parser.Unparen(n):
		case p.Is(parser.KindLet) && parser.Unparen(parser.Let{Node: p}.Body()) == parser.Unparen(n):
		case p.Is(parser.KindWith) && parser.Unparen(parser.With{Node: p}.Body()) == parser.Unparen(n):
		case p.Is(parser.KindAssert) && parser.Unparen(parser.Assert{Node: p}.Body()) == parser.Unparen(n):
		default:
			return false
		}
	}
	return false
}

// IsSubmodule reports whether a set is the module that a type of options is made of, as in
// `types.submodule { … }`.
func IsSubmodule(set parser.Node) bool {
	if !set.IsValid() {
		return false
	}
	n := set.Parent()
	for n.Is(parser.KindParen) || n.Is(parser.KindLambda) {
		n = n.Parent()
	}
	return n.Is(parser.KindApply) && LastName(parser.Apply{Node: n}.Func()) == "submodule"
}

// valueOf is the path of the binding in whose value an offset is, lists looked through;
// nil if there is none.
func valueOf(t *parser.Tree, offset uint32) []string {
	n := t.NodeAt(offset)
	if offset > 0 && (n.Is(parser.KindAttrSet) || n.Is(parser.KindFile)) {
		n = t.NodeAt(offset - 1)
	}
	b := enclosing(n, parser.KindBinding, parser.KindAttrSet, parser.KindLambda)
	if b.Is(parser.KindBinding) && offset > (parser.Binding{Node: b}).Path().Span().End {
		return BindingPath(b)
	}
	return nil
}
