package module

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/eval"
)

// CheckDeclared finds the definitions of options that no module declares, where
// all declarations are known. What they define is a problem whatever condition
// it stands under.
func (e *Evaluation) CheckDeclared() {
	if e.checked {
		return
	}
	e.checked = true
	if e.Broken || e.Unsure || e.freeformType() != nil {
		return
	}
	if e.checks() != eval.Value(eval.Bool(true)) {
		return
	}
	e.root.checkDeclared()
}

func (g *group) checkDeclared() {
	g.push()
	for i := range g.layers {
		l := &g.layers[i]
		for _, a := range l.attrs.Entries {
			if g.isDeclared(a.Name) || g.isRoot() && a.Name == "_module" {
				continue
			}
			if c := g.child(a.Name); c.decls == nil && c.option == nil && (!c.open() || g.nearlyClosed()) {
				g.undeclared(l, a, c.open())
			}
		}
	}
	for _, r := range g.other {
		if g.isRoot() {
			g.noConfig(r)
		} else {
			g.noSet(r)
		}
	}
	for i := range g.names {
		if c := g.declaredChild(i); c.option == nil {
			c.checkDeclared()
		}
	}
}

// nearlyClosed reports whether the options here are those of modules at hand,
// although others may add to them: a program's, not all programs'.
func (g *group) nearlyClosed() bool {
	e := g.e
	return len(g.path()) > 1 && !g.unsure && !e.Input.Open && !e.Input.Extended &&
		slices.ContainsFunc(g.names, func(name string) bool { return g.child(name).option != nil })
}

// undeclared reports one definition. The place is open if modules that are not
// at hand may declare it.
func (g *group) undeclared(l *layer, a eval.Attr, open bool) {
	e := g.e
	path := append(slices.Clip(g.loc), a.Name)
	at := a.At
	if !at.IsValid() {
		at = l.at
	}
	e.problem(Problem{
		Kind: Undeclared, Path: path, At: at, Module: l.module, Certain: l.certain && !open, Open: open,
		Message:    "option `" + ShowOption(path) + "` is not declared",
		Definition: Definition{Value: a.Value, Module: l.module, At: at, Certain: l.certain},
	})
}

// noSet reports a value that is defined where options are declared below.
func (g *group) noSet(r raw) {
	e := g.e
	switch e.ev.Force(r.value).(type) {
	case *eval.Unknown, *eval.Error:
		return
	case *eval.Attrs:
		return // it was too much to evaluate when the definitions were looked at
	}
	if g.decls == nil || g.open() {
		return
	}
	path := g.loc
	e.problem(Problem{
		Kind: WrongType, Path: path, At: r.at, Module: r.module, Certain: r.certain,
		Message:    "`" + ShowOption(path) + "` holds options: it cannot be " + describe(e.ev, e.ev.Force(r.value)),
		Definition: Definition{Value: r.value, Module: r.module, At: r.at, Certain: r.certain},
	})
}

// noConfig reports a module that defines something else than a set, such as a path
// in mkIf.
func (g *group) noConfig(r raw) {
	v := g.e.ev.Force(r.value)
	switch v.(type) {
	case *eval.Unknown, *eval.Error, *eval.Attrs:
		return // a set was not known yet when it was looked at
	}
	at := r.value.At()
	if !at.IsValid() {
		at = r.at
	}
	g.e.problem(Problem{
		Kind: BadModule, At: at, Module: r.module, Certain: r.certain,
		Message: "what a module defines has to be a set, not " + describe(g.e.ev, v),
	})
}

// Declared lists the options declared at and below a group of options, in the
// order of their names. The slice must not be changed.
func (e *Evaluation) Declared(path ...string) []*Option {
	if len(path) > 0 {
		g, _ := e.find(path)
		return g.options(nil)
	}
	if e.all == nil {
		e.all = e.root.options(make([]*Option, 0, 4*len(e.Modules)))
	}
	return e.all
}

// options appends the options at and below a place.
func (g *group) options(out []*Option) []*Option {
	if g.option != nil {
		return append(out, g.option)
	}
	for i := range g.names {
		out = g.declaredChild(i).options(out)
	}
	return out
}

// HasFreeform reports whether anything may be defined without an option.
func (e *Evaluation) HasFreeform() bool { return e.freeformType() != nil }

// Names returns the names declared directly in a group of options, sorted.
func (e *Evaluation) Names(path ...string) []string {
	g, rest := e.find(path)
	if len(rest) > 0 || g.option != nil {
		return nil
	}
	return g.names
}

// Roots returns the first names of the options that modules define, sorted, declared or
// not.
func (e *Evaluation) Roots() []string { return e.root.definedNames() }

// Option returns the option at a path, or the option that the path leads into:
// then rest is what is left of the path. It returns nil if there is none.
func (e *Evaluation) Option(path ...string) (o *Option, rest []string) {
	g, rest := e.find(path)
	return g.option, rest
}

// IsOpen reports whether modules that are not at hand may declare an option at
// a path.
func (e *Evaluation) IsOpen(path ...string) bool {
	g, _ := e.find(path)
	return g.option == nil && g.open()
}

// IsMixed reports whether options that are not declared at hand are found below the path of a
// group beside those that are, as far as names tell: NixOS has some below `services`.
func (e *Evaluation) IsMixed(path ...string) bool {
	g, rest := e.find(path)
	if len(rest) > 0 || g.option != nil || e.ownRoot(path[0]) {
		return false
	}
	direct := func(name string) bool { return g.child(name).option != nil }
	return len(path) == 1 || !slices.ContainsFunc(g.names, direct)
}

// Value returns the value at a path of the configuration.
func (e *Evaluation) Value(path ...string) eval.Value {
	v := e.Config()
	for _, name := range path {
		v = e.ev.Select(v, name, eval.Place{})
	}
	return v
}

// Definitions returns what is defined at a path, by all modules, whatever is
// declared there: conditions decided and properties taken off.
func (e *Evaluation) Definitions(path ...string) []Definition {
	var out []Definition
	for _, r := range e.written(path) {
		discharge(e.ev, r, &out)
	}
	for i, d := range out {
		out[i] = ordered(e.ev, d)
	}
	return out
}

// Written returns the places at which modules define something at a path, also under
// conditions that do not hold.
func (e *Evaluation) Written(path ...string) (out []Place) {
	for _, r := range e.written(path) {
		if !r.byDefault {
			out = append(out, Place{r.module, r.at})
		}
	}
	return out
}

func (e *Evaluation) written(path []string) []raw {
	g, rest := e.find(path)
	defs := g.defs
	if g.option != nil {
		defs = g.option.defs
	}
	for _, name := range rest {
		inner := &group{e: e, defs: defs, declarations: nothingDeclared}
		inner.push()
		defs = nil
		for i := range inner.layers {
			if r, ok := inner.layers[i].attr(e.ev, name); ok {
				defs = append(defs, r)
			}
		}
	}
	return defs
}
