package pattern

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// Spec says what to look for and what to put in its place. Only Pattern is
// needed.
type Spec struct {
	Pattern string
	Fix     string // a template
	// Where has regular expressions that the code a metavariable stands for must
	// match, by name without `$`.
	Where map[string]string
	// Kind has the kinds of code that a metavariable may stand for, by name:
	// one of [KindNames], or several joined by `|`.
	Kind map[string]string
	// Inside is a pattern that something around the match must match, and
	// NotInside one that nothing around it may match.
	Inside, NotInside string
}

// SpecError is a mistake in one of the fields of a Spec.
type SpecError struct {
	Field string // as in a file of settings: pattern, fix, where.A
	Err   error
}

// Error returns the field and what is wrong with it.
func (e *SpecError) Error() string { return fmt.Sprintf("`%s`: %v", e.Field, e.Err) }

// Unwrap returns what is wrong with the field.
func (e *SpecError) Unwrap() error { return e.Err }

// Query is a Spec made ready. It is immutable and safe for concurrent use.
type Query struct {
	pattern           *Pattern
	fix               *Template // nil if there is none
	inside, notInside *Pattern
}

// condition is what a metavariable may stand for.
type condition struct {
	text  *regexp.Regexp // nil for any
	kinds []parser.Kind  // nil for any
}

func (c *condition) allows(what capture) bool {
	if c.kinds != nil && !slices.Contains(c.kinds, what.codeKind()) {
		return false
	}
	return c.text == nil || c.text.MatchString(what.text())
}

// kindsByName are the kinds of code that Spec.Kind can tell apart.
var kindsByName = map[string][]parser.Kind{
	"assert":   {parser.KindAssert},
	"call":     {parser.KindApply},
	"function": {parser.KindLambda},
	"if":       {parser.KindIf},
	"let":      {parser.KindLet},
	"list":     {parser.KindList},
	"name":     {parser.KindIdent, parser.KindName},
	"number":   {parser.KindInt, parser.KindFloat},
	"operator": {parser.KindBinary, parser.KindUnary, parser.KindHasAttr},
	"path":     {parser.KindPath, parser.KindSearchPath},
	"select":   {parser.KindSelect},
	"set":      {parser.KindAttrSet},
	"string":   {parser.KindString, parser.KindIndString, parser.KindURI},
	"with":     {parser.KindWith},
}

// KindNames returns the names of the kinds of code, sorted.
func KindNames() []string { return slices.Sorted(maps.Keys(kindsByName)) }

// Compile makes a Spec ready. The error is a *SpecError.
func Compile(s Spec) (*Query, error) {
	q := new(Query)
	var err error
	if q.pattern, err = Parse(s.Pattern); err != nil {
		return nil, &SpecError{"pattern", err}
	}
	if len(s.Where)+len(s.Kind) > 0 {
		q.pattern.conditions = make([]condition, len(q.pattern.vars))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Where)) {
		if err := q.addWhere(name, s.Where[name]); err != nil {
			return nil, &SpecError{"where." + name, err}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Kind)) {
		if err := q.addKind(name, s.Kind[name]); err != nil {
			return nil, &SpecError{"kind." + name, err}
		}
	}
	if q.pattern.bare && len(s.Kind) == 0 {
		return nil, &SpecError{"pattern", errors.New("it finds every expression; say more, or give the `kind` of what the metavariable stands for")}
	}
	for _, around := range []struct {
		field, text string
		to          **Pattern
	}{{"inside", s.Inside, &q.inside}, {"not-inside", s.NotInside, &q.notInside}} {
		if around.text == "" {
			continue
		}
		if *around.to, err = Parse(around.text); err != nil {
			return nil, &SpecError{around.field, err}
		}
	}
	if s.Fix != "" {
		if q.fix, err = ParseTemplate(s.Fix, q.pattern); err != nil {
			return nil, &SpecError{"fix", err}
		}
		if err := q.checkFix(); err != nil {
			return nil, &SpecError{"fix", located(err, s.Fix)}
		}
	}
	return q, nil
}

func (q *Query) addWhere(name, text string) error {
	c, err := q.condition(name)
	if err != nil {
		return err
	}
	c.text, err = regexp.Compile(text)
	return err
}

func (q *Query) addKind(name, text string) error {
	c, err := q.condition(name)
	if err != nil {
		return err
	}
	if q.pattern.placeOf(slices.Index(q.pattern.vars, name)) != parser.KindMissing {
		return fmt.Errorf("`$$$%s` stands for several", name)
	}
	for k := range strings.SplitSeq(text, "|") {
		kinds, ok := kindsByName[strings.TrimSpace(k)]
		if !ok {
			return fmt.Errorf("there is no kind `%s`: there are %s", strings.TrimSpace(k), strings.Join(KindNames(), ", "))
		}
		c.kinds = append(c.kinds, kinds...)
	}
	return nil
}

// condition returns the condition on a metavariable.
func (q *Query) condition(name string) (*condition, error) {
	i := slices.Index(q.pattern.vars, name)
	if i < 0 {
		return nil, fmt.Errorf("the pattern has no metavariable `$%s`", name)
	}
	return &q.pattern.conditions[i], nil
}

// checkFix reports a fix that makes what the pattern finds: it would be applied
// without end.
func (q *Query) checkFix() error {
	for _, root := range q.fix.roots {
		for n := range root.Preorder() {
			if !slices.Contains(q.Kinds(), n.Kind()) {
				continue
			}
			if _, ok := q.Find(n); ok {
				return &Error{Span: q.fix.origin(n.Span(), len(q.fix.original)), Message: "the pattern finds it again in what the fix makes",
					Help: "a fix would have no end"}
			}
		}
	}
	return nil
}

// Kinds returns the kinds of nodes that Find has to be called for.
func (q *Query) Kinds() []parser.Kind {
	if !q.pattern.bare {
		return q.pattern.Kinds()
	}
	var kinds []parser.Kind
	for _, k := range q.pattern.conditions[0].kinds {
		if slices.Contains(exprKinds, k) && !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// Names returns the names of the metavariables, without `$`, in the order in
// which they first stand in the pattern.
func (q *Query) Names() []string { return q.pattern.Names() }

// Fix returns the template, or nil if there is none.
func (q *Query) Fix() *Template { return q.fix }

// Find looks whether what is looked for begins at a node.
func (q *Query) Find(n parser.Node) (Match, bool) {
	m, ok := q.pattern.Match(n)
	if !ok {
		return Match{}, false
	}
	if q.inside != nil && !within(n, q.inside) || q.notInside != nil && within(n, q.notInside) {
		return Match{}, false
	}
	return m, true
}

// within reports whether a pattern matches something around a node.
func within(n parser.Node, p *Pattern) bool {
	for a := range n.Ancestors() {
		if slices.Contains(p.kinds, a.Kind()) {
			if _, ok := p.Match(a); ok {
				return true
			}
		}
	}
	return false
}

// codeKind returns the kind of code that one metavariable stands for.
func (c capture) codeKind() parser.Kind {
	switch c.kind {
	case captureSelect:
		return parser.KindSelect
	case captureApply:
		return parser.KindApply
	}
	return parser.Unparen(c.node).Kind()
}
