package options

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
)

// Query says which options are asked for.
type Query struct {
	Hosts []string // empty for all
	// User asks for the options of a home-manager user, by their paths there.
	User   string
	Prefix []string
	// All asks for options of inputs at hand too.
	All bool
	// Paths leaves out what is only known once values are computed.
	Paths bool
}

// userPath is where the options of home-manager's modules are on a host.
var userPath = []string{"home-manager", "users", "<name>"}

// Systems returns what options are listed of: hosts, homes that are no host's and
// systems of nix-darwin or, if the flake builds none of them, the modules that it
// has for others.
func Systems(m *repo.Model) []*repo.Host {
	if all := slices.Concat(m.Hosts, m.Others); len(all) > 0 {
		return all
	}
	return m.Exported()
}

// Build lists options of systems of a model.
func Build(m *repo.Model, systems []*repo.Host, q Query) *List {
	b := &builder{m: m, q: q, byPath: make(map[string]*Option)}
	m.Reset()
	// By themselves, homes have the paths that their modules know.
	alone := q.User != "" || len(q.Hosts) > 0 || !slices.ContainsFunc(systems, func(h *repo.Host) bool { return h.Name != "" && !isHome(h) })
	for _, h := range systems {
		if len(q.Hosts) > 0 && !slices.Contains(q.Hosts, h.Name) {
			continue
		}
		b.ev = h.Evaluator()
		inside := scope{host: h.Name, path: userPath}
		switch {
		case isHome(h) && alone:
			if q.User == "" || q.User == h.System.User {
				b.scope(h.System.Config, scope{host: h.Name})
			}
		case isHome(h):
			inside.names = []string{h.System.User}
			b.scope(h.System.Config, inside)
		case q.User == "":
			b.scope(h.System.Config, scope{host: h.Name})
		}
		for _, e := range h.Homes {
			inside.names = []string{e.User}
			switch q.User {
			case "":
				b.scope(e.Config, inside)
			case e.User:
				b.scope(e.Config, scope{host: h.Name})
			}
		}
	}
	return b.list()
}

func isHome(h *repo.Host) bool { return h.Class() == repo.ClassHome }

type builder struct {
	m      *repo.Model
	ev     *eval.Evaluator
	q      Query
	byPath map[string]*Option
	// patterns are the paths of the evaluations inside of values.
	patterns [][]string
}

// scope is an evaluation as it is seen from outside.
type scope struct {
	host  string   // empty if nobody asks for values
	path  []string // of the evaluation, with `<name>`
	names []string // that stand there
	depth int      // of types inside each other
	// schema is set if nothing is defined in it: it only tells what options
	// there are.
	schema bool
}

// maxInside bounds how deep types with options are followed; there may be no
// end to them.
const maxInside = 8

// scope lists the options of an evaluation, and of those inside it.
func (b *builder) scope(e *module.Evaluation, s scope) {
	first := len(b.patterns)
	b.declared(e, s)
	if b.q.Paths || s.host == "" {
		return
	}
	patterns := slices.Clone(b.patterns[first:])
	slices.SortFunc(patterns, comparePaths)
	patterns = slices.CompactFunc(patterns, slices.Equal)
	at := len(e.Input.Prefix)
	seen := make(map[string]bool)
	for _, inner := range e.Nested() {
		prefix := inner.Input.Prefix
		key := strings.Join(prefix, "\x00")
		if len(prefix) <= at || !slices.Equal(prefix[:at], e.Input.Prefix) || seen[key] {
			continue
		}
		seen[key] = true
		if _, home := namesIn(prefix[:min(len(prefix), len(userPath))], userPath); home && at == 0 {
			continue // a scope of its own
		}
		for _, p := range patterns {
			if names, ok := namesIn(prefix[at:], p[len(s.path):]); ok {
				b.declared(inner, scope{host: s.host, path: p, names: append(slices.Clip(s.names), names...), depth: maxInside})
				break
			}
		}
	}
}

// declared lists the options that an evaluation declares.
func (b *builder) declared(e *module.Evaluation, s scope) {
	var asked []string // below the evaluation, as far as it is one path for sure
	if len(b.q.Prefix) > len(s.path) && leads(s.path, b.q.Prefix) {
		asked = b.q.Prefix[len(s.path):]
	} else if !leads(s.path, b.q.Prefix) {
		return
	}
	if at, rest := e.Option(asked...); at != nil {
		asked = asked[:len(asked)-len(rest)]
	}
	for _, o := range e.Declared(asked...) {
		path := append(slices.Clip(s.path), o.Path[len(e.Input.Prefix):]...)
		if !leads(path, b.q.Prefix) || o.IsStub() {
			continue
		}
		own := b.own(o)
		if !own && !b.q.All {
			continue
		}
		if within(path, b.q.Prefix) {
			b.add(o, path, s, own)
		} else if !s.schema {
			b.show(o.Value()) // evaluates what is inside, which is asked for
		}
		hidden := o.IsShallow() || o.IsHidden() && len(b.q.Prefix) < len(path)
		if s.depth < maxInside && !hidden {
			if inside := o.Type().Inside(b.ev, o.Path); inside != nil {
				below := append(slices.Clip(path), inside.Input.Prefix[len(o.Path):]...)
				b.patterns = append(b.patterns, below)
				b.declared(inside, scope{host: s.host, path: below, names: s.names, depth: s.depth + 1, schema: true})
			}
		}
	}
}

// own reports whether the repository declares an option.
func (b *builder) own(o *module.Option) bool {
	return slices.ContainsFunc(o.Declarations, func(d module.Declaration) bool { return b.isOwn(d.At, d.Module) })
}

func (b *builder) isOwn(at eval.Place, m *module.Module) bool {
	if at.IsValid() {
		return b.m.Rel(at.File) != ""
	}
	return m != nil && b.m.Own(m.File)
}

// add adds what is known of an option in one evaluation.
func (b *builder) add(o *module.Option, path []string, s scope, own bool) {
	key := strings.Join(path, "\x00")
	out := b.byPath[key]
	if out == nil {
		out = &Option{Path: path}
		b.byPath[key] = out
		if b.q.Paths {
			return
		}
		b.describe(out, o)
	} else if b.q.Paths {
		return
	}
	for _, d := range o.Declarations {
		p := b.position(d.At, d.Module)
		if !slices.Contains(out.Declared, p) {
			out.Declared = append(out.Declared, p)
		}
	}
	if s.schema || s.host == "" || !askedNames(path, s.names, b.q.Prefix) {
		return
	}
	where := Where{Host: s.host, Names: s.names}
	b.definitions(out, o, where)
	if own || o.MaySet() || len(path) == len(b.q.Prefix) {
		b.value(out, o, where)
	}
}

// describe fills in what the declaration of an option says.
func (b *builder) describe(out *Option, o *module.Option) {
	out.Type = clean(o.Type().Description(b.ev))
	out.Description = clean(strings.TrimSpace(o.Text("description")))
	out.ReadOnly, out.Internal = o.Flag("readOnly"), o.Flag("internal")
	out.Hidden = o.IsHidden()
	if out.Default = b.documented(o, "defaultText"); out.Default == nil {
		if t := o.Default(); t != nil {
			out.Default = &Text{Text: b.showThunk(t)}
		}
	}
	out.Example = b.documented(o, "example")
}

// documented returns an attribute of a declaration that is a value, or text
// about one.
func (b *builder) documented(o *module.Option, name string) *Text {
	a := o.Attrs.Get(name)
	if a == nil {
		return nil
	}
	if set, ok := b.ev.Force(a.Value).(*eval.Attrs); ok {
		kind, _ := b.ev.Select(set, "_type", eval.Place{}).(eval.String)
		text, ok := b.ev.Select(set, "text", eval.Place{}).(eval.String)
		if ok && (kind == "literalExpression" || kind == "literalMD") {
			return &Text{Text: clean(strings.TrimSpace(string(text))), Markdown: kind == "literalMD"}
		}
	}
	return &Text{Text: b.showThunk(a.Value)}
}

// definitions adds the definitions of an option in one evaluation.
func (b *builder) definitions(out *Option, o *module.Option, where Where) {
	all := o.AllDefinitions()
	best := module.OptionDefaultPriority
	for _, d := range all {
		if d.Certain {
			best = min(best, d.Priority)
		}
	}
	for _, d := range all {
		if d.Default {
			continue
		}
		def := &Definition{
			Position: b.position(d.At, d.Module), Value: b.showThunk(d.Value), Priority: d.Priority,
			Certain: d.Certain, Overridden: d.Priority > best,
		}
		same := slices.IndexFunc(out.Set, func(x *Definition) bool {
			return x.Position == def.Position && x.Value == def.Value && x.Priority == def.Priority
		})
		if same < 0 {
			out.Set = append(out.Set, def)
		} else {
			known := out.Set[same]
			known.Certain = known.Certain && def.Certain
			known.Overridden = known.Overridden && def.Overridden
			def = known
		}
		def.Where = append(def.Where, where)
	}
}

// value adds what an option comes to in one evaluation.
func (b *builder) value(out *Option, o *module.Option, where Where) {
	v := o.Value()
	if _, failed := v.(*eval.Error); failed && len(o.AllDefinitions()) == 0 {
		return // it has none
	}
	text, known := b.show(v)
	same := slices.IndexFunc(out.Values, func(x *Value) bool { return x.Text == text })
	if same < 0 {
		same = len(out.Values)
		out.Values = append(out.Values, &Value{Text: text, Known: known})
	}
	out.Values[same].Where = append(out.Values[same].Where, where)
}

// position names the place of a declaration or definition.
func (b *builder) position(at eval.Place, m *module.Module) Position {
	switch {
	case at.IsValid():
		line, column := at.File.Tree.Lines().Character(at.Span().Start)
		return Position{b.m.Name(at.File.Path), line + 1, column + 1}
	case m != nil && m.File != "":
		return Position{File: b.m.Name(m.File)}
	}
	return Position{}
}

// list returns what has been found, in order.
func (b *builder) list() *List {
	l := &List{}
	for _, o := range b.byPath {
		if o.Hidden && !slices.Equal(o.Path, b.q.Prefix) {
			continue
		}
		l.Options = append(l.Options, o)
		slices.SortFunc(o.Declared, comparePositions)
		slices.SortStableFunc(o.Set, func(x, y *Definition) int { return comparePositions(x.Position, y.Position) })
	}
	slices.SortFunc(l.Options, func(x, y *Option) int { return comparePaths(x.Path, y.Path) })
	return l
}

func comparePositions(a, b Position) int {
	if c := strings.Compare(a.File, b.File); c != 0 {
		return c
	}
	if a.Line != b.Line {
		return a.Line - b.Line
	}
	return a.Column - b.Column
}
