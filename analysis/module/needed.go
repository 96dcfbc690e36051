package module

import (
	"github.com/nixlint/nixlint/analysis/eval"
)

// Failure is an error that a system or home comes to when it is built.
type Failure struct {
	Error      *eval.Error
	Evaluation *Evaluation
	// Certain is unset if it is met in settings of something of which it is not
	// known that it is on: nobody may look at them.
	Certain bool
}

// Failures returns the errors that Check has met in definitions that certainly
// count, in the order in which it met them.
func (e *Evaluation) Failures() []Failure {
	out := make([]Failure, len(e.session.failures))
	for i, f := range e.session.failures {
		f.Certain = e.session.met[f.Error] == certainlyNeeded
		out[i] = f
	}
	return out
}

// need says how certain it is that a value is needed; the zero value is none.
type need uint8

const (
	perhapsNeeded need = iota + 1
	certainlyNeeded
)

// need is how certain it is that what is looked through is needed.
func (c *walker) need() need {
	if c.used {
		return certainlyNeeded
	}
	return perhapsNeeded
}

// meet notes an error.
func (c *walker) meet(err *eval.Error) {
	n, s := c.need(), c.e.session
	if s.met[err] == 0 {
		s.failures = append(s.failures, Failure{Error: err, Evaluation: c.needer})
	}
	s.met[err] = max(s.met[err], n)
}

// isWhole reports whether an evaluation makes a system or a home, and not a part
// of the configuration of one.
func (e *Evaluation) isWhole() bool { return e.Input.Class != "" }

// needs evaluates what modules certainly define for options that are not
// declared by modules at hand: first what is certainly needed, then the rest.
func (c *walker) needs(e *Evaluation, needed [][]string) {
	c.needer, c.used = e, true
	for _, path := range needed {
		if g, rest := e.find(path); len(rest) == 0 {
			c.definitions(g)
		}
	}
	c.open(e.root, false)
}

// definitions evaluates what certainly is defined at a place.
func (c *walker) definitions(g *group) {
	defs := g.defs
	if g.option != nil {
		defs = g.option.defs
	}
	res := g.e.resolve(prune(g.e.ev, defs))
	for _, d := range res.sure {
		c.deep(d.Value, 0)
	}
	c.conflicts(g, res)
}

// open evaluates what is defined at and below a place where modules that are not
// at hand declare the options. Settings of something that is switched on are
// needed.
func (c *walker) open(g *group, used bool) {
	if g.option != nil {
		return
	}
	// One that another overrides must not be looked at: it goes name by name.
	if !g.isRoot() && g.decls == nil && (len(g.path()) == maxOpenDepth || !g.setsOnly()) {
		c.used = used
		c.definitions(g)
		return
	}
	used = used || len(g.path()) > 1 && g.isOn()
	for _, name := range g.definedNames() {
		if isHandedOn(name) {
			continue
		}
		c.open(g.child(name), used)
	}
}

// isHandedOn reports whether a setting holds arguments of modules, of this or of another
// evaluation: what these do not ask for nobody needs.
func isHandedOn(name string) bool {
	return name == "_module" || name == "specialArgs" || name == "extraSpecialArgs"
}

// maxOpenDepth is the length of paths down to which open tells the definitions of
// each name from those of others.
const maxOpenDepth = 12

// isOn reports whether `enable` is certainly set here.
func (g *group) isOn() bool {
	if !g.defined("enable") {
		return false
	}
	enable := g.child("enable")
	if enable.option != nil {
		return enable.option.Value() == eval.Value(eval.Bool(true))
	}
	res := g.e.resolve(prune(g.e.ev, enable.defs))
	if len(res.sure) == 0 || len(res.unsure) > 0 {
		return false
	}
	for _, d := range res.sure {
		if g.e.ev.Force(d.Value) != eval.Value(eval.Bool(true)) {
			return false
		}
	}
	return true
}
