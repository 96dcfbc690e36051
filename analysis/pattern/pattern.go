package pattern

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nixlint/nixlint/parser"
)

// Error is a mistake in a pattern or a template.
type Error struct {
	Span    parser.Span // where in the text
	Message string
	Help    string // what to do about it; may be empty

	text string // of the pattern
}

// Error returns the message with the place it applies to and the help.
func (e *Error) Error() string {
	text := fmt.Sprintf("at %s: %s", e.place(), e.Message)
	if e.Help != "" {
		text += "; " + e.Help
	}
	return text
}

// place says where in the text the mistake is.
func (e *Error) place() string {
	before := strings.TrimLeft(e.text[:e.Span.Start], "\n")
	line := strings.Count(before, "\n")
	character := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	if !strings.Contains(strings.Trim(e.text, "\n"), "\n") {
		return fmt.Sprintf("character %d", character)
	}
	return fmt.Sprintf("line %d, character %d", line+1, character)
}

// form is the kind of code that a pattern is.
type form uint8

const (
	formExpr   form = iota
	formEntry       // a binding or an inherit
	formFormal      // a name of a function's set pattern
)

var formNames = [...]string{formExpr: "an expression", formEntry: "a binding", formFormal: "a formal"}

// Pattern is code with metavariables. It is immutable and safe for concurrent
// use.
type Pattern struct {
	source
	vars    []string // the names of the metavariables that are remembered
	repeats bool     // one of them stands in several places
	kinds   []parser.Kind
	// conditions are those on what the metavariables stand for, by index; nil
	// if there are none.
	conditions []condition
	bare       bool   // it is nothing but a metavariable, which any expression matches
	literal    string // text that a string must have that matches a pattern which is one
}

// Parse reads a pattern. The error is an *Error.
func Parse(text string) (*Pattern, error) {
	p, err := parsePattern(text)
	return p, located(err, text)
}

// located tells a mistake which text it is in.
func located(err error, text string) error {
	if e, ok := errors.AsType[*Error](err); ok {
		e.text = text
	}
	return err
}

func parsePattern(text string) (*Pattern, error) {
	s, err := parseSource(text)
	if err != nil {
		return nil, err
	}
	if len(s.roots) > 1 {
		return nil, &Error{Span: s.origin(s.roots[1].Span(), len(text)), Message: "a pattern is one binding",
			Help: "write `{ … }` around several to find a set that has them, with `$$$_` for its others"}
	}
	if err := s.checkSequences(); err != nil {
		return nil, err
	}
	p := &Pattern{source: *s}
	for _, m := range p.marks {
		if m.name == "" {
			continue
		}
		if slices.Contains(p.vars, m.name) {
			p.repeats = true
		} else {
			p.vars = append(p.vars, m.name)
		}
	}
	if err := p.number(); err != nil {
		return nil, err
	}
	p.bare = p.form == formExpr && p.metaOf(p.root()) != nil
	p.kinds = p.startKinds()
	if isString(p.root()) && !p.ground[p.root().ID()] {
		for _, part := range appendParts(nil, p.root()) {
			if len(part.text) > len(p.literal) {
				p.literal = part.text
			}
		}
	}
	return p, nil
}

// Kinds returns the kinds of nodes that a match can start at.
func (p *Pattern) Kinds() []parser.Kind { return p.kinds }

// Names returns the names of the metavariables that are remembered, without
// `$`, in the order in which they first stand in the pattern.
func (p *Pattern) Names() []string { return slices.Clone(p.vars) }

func (p *Pattern) root() parser.Node { return p.roots[0] }

// meta says which metavariable a node is.
type meta struct {
	index int // in Pattern.vars; -1 if it is not remembered
	many  bool
	mark  int // in source.marks
	node  parser.NodeID
}

// source is the text of a pattern or template, parsed.
type source struct {
	prepared
	original string
	form     form
	tree     *parser.Tree
	roots    []parser.Node // one, or several entries
	metas    []*meta       // by node; nil for those that are none
	byMark   []*meta
	ground   []bool // by node: there is no metavariable in it
	open     []bool // by node: one of its children stands for any number
}

// metaOf returns the metavariable that a node is, or nil.
func (s *source) metaOf(n parser.Node) *meta {
	return s.metas[n.ID()]
}

// parseSource reads the text of a pattern or template.
func parseSource(text string) (*source, error) {
	src, marks, err := readMarks(text)
	if err != nil {
		return nil, err
	}
	t := parser.Parse(src)
	if err := checkMarks(t, marks); err != nil {
		return nil, err
	}
	s := &source{original: text}
	last := t.Token(t.TokenCount() - 1).Prev()
	if !last.IsValid() {
		return nil, &Error{Message: "it is empty"}
	}
	before, after := "", ""
	switch last.Kind() {
	case parser.TokenSemicolon:
		s.form, before, after = formEntry, "{ ", "\n}"
	case parser.TokenComma:
		s.form, before, after = formFormal, "{ ", "\n}: 0"
	}
	s.prepared = *prepare(t, marks, before, after)
	s.tree = parser.Parse(s.text)
	if err := s.syntaxError(); err != nil {
		return nil, err
	}
	if err := s.findRoots(); err != nil {
		return nil, err
	}
	if err := s.findMetas(); err != nil {
		return nil, err
	}
	return s, nil
}

// syntaxError returns the first of the parser's errors. What only Nix's checks
// of names and numbers refuse can stand in a pattern: `{ $A = 1; $A = 2; }`.
func (s *source) syntaxError() error {
	for _, e := range s.tree.Errors() {
		if e.Kind != parser.ErrorSyntax {
			continue
		}
		if s.form == formExpr && isBindingWithoutEnd(s.text) {
			at := uint32(len(strings.TrimRight(s.original, " \t\n")))
			return &Error{Span: parser.Span{Start: at, End: at}, Message: "missing `;`", Help: "a pattern that is a binding or an inherit ends in it"}
		}
		out := &Error{Span: s.origin(e.Span, len(s.original)), Message: e.Message, Help: e.Help}
		for _, m := range s.marks {
			out.Message = strings.ReplaceAll(out.Message, "`"+s.text[m.at:m.end]+"`", "`"+m.written()+"`")
		}
		return out
	}
	return nil
}

// isBindingWithoutEnd reports whether nothing but a semicolon is missing.
func isBindingWithoutEnd(text string) bool {
	return !parser.Parse("{ " + text + "\n; }").HasSyntaxErrors()
}

// findRoots finds the code that is compared, without what was put around it.
func (s *source) findRoots() error {
	e := s.tree.Expr()
	switch s.form {
	case formExpr:
		s.roots = []parser.Node{parser.Unparen(e)}
		return nil
	case formEntry:
		if e.Is(parser.KindAttrSet) {
			s.roots = slices.Collect(e.Children())
		}
	case formFormal:
		if l := (parser.Lambda{Node: e}); e.Is(parser.KindLambda) {
			if p, ok := l.Pattern(); ok && !p.Ellipsis().IsValid() {
				for f := range p.Formals() {
					s.roots = append(s.roots, f.Node)
				}
			}
		}
		if len(s.roots) > 1 {
			return &Error{Span: s.origin(s.roots[1].Span(), len(s.original)), Message: "more than one formal", Help: "write `{ … }: $BODY` for a function"}
		}
	}
	if len(s.roots) == 0 {
		return &Error{Message: fmt.Sprintf("it is not %s", formNames[s.form])}
	}
	return nil
}

// findMetas finds the nodes that metavariables are, and those without any.
func (s *source) findMetas() error {
	s.metas = make([]*meta, s.tree.NodeCount())
	s.ground = make([]bool, s.tree.NodeCount())
	for i := range s.ground {
		s.ground[i] = true
	}
	for i, m := range s.marks {
		n := s.tree.NodeCovering(parser.Span{Start: m.at, End: m.end})
		if !n.Is(parser.KindIdent) && !n.Is(parser.KindName) {
			return s.fail(m, "a metavariable cannot stand here", "")
		}
		if m.many {
			if n = s.manyNode(n, m); !n.IsValid() {
				return s.fail(m, fmt.Sprintf("`%s` cannot stand for several here", m.written()),
					"it stands for elements, arguments, bindings, formals, names of a path or parts of a string")
			}
		}
		found := &meta{index: -1, many: m.many, mark: i, node: n.ID()}
		s.metas[n.ID()] = found
		s.byMark = append(s.byMark, found)
		for s.ground[n.ID()] = false; n.Parent().IsValid(); n = n.Parent() {
			s.ground[n.Parent().ID()] = false
		}
	}
	s.open = make([]bool, s.tree.NodeCount())
	for _, v := range s.byMark {
		if v.many {
			s.open[s.nodeOf(v).Parent().ID()] = true
		}
	}
	return s.checkSets()
}

func (s *source) fail(m mark, message, help string) *Error {
	return &Error{Span: s.origin(parser.Span{Start: m.at, End: m.end}, len(s.original)), Message: message, Help: help}
}

// number tells metavariables of the same name to be the same.
func (p *Pattern) number() error {
	many := make(map[int]bool)
	for _, m := range p.byMark {
		mark := p.marks[m.mark]
		m.index = slices.Index(p.vars, mark.name)
		if m.index < 0 {
			continue
		}
		if was, ok := many[m.index]; ok && was != m.many {
			return p.fail(mark, fmt.Sprintf("`$%s` and `$$$%s` in one pattern", mark.name, mark.name), "they are two things: give them two names")
		}
		many[m.index] = m.many
	}
	return nil
}

// startKinds returns the kinds of nodes that a match can start at.
func (p *Pattern) startKinds() []parser.Kind {
	if p.bare {
		return exprKinds
	}
	switch k := p.root().Kind(); k {
	case parser.KindString, parser.KindIndString:
		if p.ground[p.root().ID()] {
			return []parser.Kind{parser.KindString, parser.KindIndString}
		}
		return []parser.Kind{k}
	default:
		return []parser.Kind{k}
	}
}

// exprKinds are the kinds of expressions but for parentheses, which are looked
// through.
var exprKinds = []parser.Kind{
	parser.KindIdent, parser.KindInt, parser.KindFloat, parser.KindURI, parser.KindSearchPath, parser.KindString,
	parser.KindIndString, parser.KindPath, parser.KindList, parser.KindAttrSet, parser.KindLet, parser.KindSelect,
	parser.KindHasAttr, parser.KindApply, parser.KindUnary, parser.KindBinary, parser.KindIf, parser.KindWith,
	parser.KindAssert, parser.KindLambda,
}
