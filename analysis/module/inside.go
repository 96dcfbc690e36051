package module

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/eval"
)

// HasNames reports whether the values of a type are sets with names of choice.
func (t *Type) HasNames() bool {
	return t != nil && (t.Name == "attrsOf" || t.Name == "lazyAttrsOf")
}

// Inside follows a path into the values of options, as in `vms.win11.gpu`, and returns the
// evaluation there with the rest of the path; nil if there is none.
func (e *Evaluation) Inside(path ...string) (in *Evaluation, rest []string) {
	for {
		o, left := e.Option(path...)
		if o == nil {
			return e, path
		}
		in := o.Type().Inside(e.ev, slices.Concat(e.Input.Prefix, path[:len(path)-len(left)]))
		if in == nil {
			return nil, nil
		}
		// Each set of such values takes a name of its own.
		depth := 0
		for t := o.Type(); t != nil && depth <= len(left); t = t.Elem(e.ev) {
			if t.HasNames() {
				depth++
			}
		}
		if depth > len(left) {
			return nil, nil
		}
		e, path = in, left[depth:]
		if len(path) == 0 {
			return e, path
		}
	}
}

// OptionInside returns the option that a path ends at in the values of another option; nil
// if there is none.
func (e *Evaluation) OptionInside(path ...string) *Option {
	last := len(path) - 1
	if last < 0 {
		return nil
	}
	in, rest := e.Inside(path[:last]...)
	if in == nil || in == e {
		return nil
	}
	o, left := in.Option(append(slices.Clip(rest), path[last])...)
	if len(left) > 0 {
		return nil
	}
	return o
}

// In returns the evaluation that an option belongs to: that of a submodule, if it is one of
// its options.
func (o *Option) In() *Evaluation { return o.e }

// Spot returns where an option is declared, first if that is in several places.
func (o *Option) Spot() eval.Spot { return o.Declarations[0].At.Spot() }

// HasBeside reports whether something of another name is declared beside an option or,
// where anything may be defined, is defined there.
func (o *Option) HasBeside(name string) bool {
	around := o.Path[len(o.e.Input.Prefix) : len(o.Path)-1]
	g, rest := o.e.find(append(slices.Clip(around), name))
	if len(rest) > 0 {
		return false
	}
	return g.option != nil || g.decls != nil || o.e.HasFreeform() && len(g.defs) > 0
}
