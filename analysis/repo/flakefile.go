package repo

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/flake"
)

// Flake is what flake.nix says of its inputs, and flake.lock of them.
type Flake struct {
	Inputs []*FlakeInput // sorted by name
	// Outputs is the function; nil if it is none that is written out.
	Outputs *eval.Lambda
	// Lock is nil if there is no flake.lock, or none that can be read.
	Lock *flake.Lock
	// HasLock is set if there is a flake.lock, readable or not.
	HasLock bool
}

// FlakeInput is one input that flake.nix declares, or what it says of an input
// of an input.
type FlakeInput struct {
	Name string
	At   eval.Place // the name where it is declared
	// Ref is what the input is to be; nil if that is not known or not said.
	Ref   flake.Ref
	RefAt eval.Place // the URL or, for references written as a set, the name
	// Follows is the way from the root to the input that stands for this one;
	// nil if it follows none. It is empty, and not nil, if it follows nothing.
	Follows   []string
	FollowsAt eval.Place // the text
	IsFlake   bool
	Inputs    []*FlakeInput // of the input
}

// Input returns the declared input of a name, or nil.
func (f *Flake) Input(name string) *FlakeInput {
	for _, in := range f.Inputs {
		if in.Name == name {
			return in
		}
	}
	return nil
}

// Names returns the names of the inputs that there are: those declared, and
// the formals of the outputs, which are inputs too.
func (f *Flake) Names() (declared, formals []string) {
	for _, in := range f.Inputs {
		declared = append(declared, in.Name)
	}
	if f.Outputs != nil {
		list, _, _ := f.Outputs.Formals()
		for _, formal := range list {
			if formal.Name != "self" {
				formals = append(formals, formal.Name)
			}
		}
	}
	return declared, formals
}

// Has reports whether there is an input of a name, declared or a formal.
func (f *Flake) Has(name string) bool {
	declared, formals := f.Names()
	return slices.Contains(declared, name) || slices.Contains(formals, name)
}

// Flake reads flake.nix in the root. It returns nil if there is none, or none
// that can be evaluated.
func (m *Model) Flake() *Flake {
	set := m.inputs.flake
	if set == nil {
		return nil
	}
	_, err := m.seen.repo.Text("flake.lock")
	f := &Flake{Lock: m.inputs.lock, HasLock: err == nil}
	f.Outputs, _ = m.ev.Force(set.Get("outputs").Value).(*eval.Lambda)
	if a := set.Get("inputs"); a != nil {
		f.Inputs = m.flakeInputs(m.ev.Force(a.Value), 0)
	}
	return f
}

// maxInputDepth bounds how deep inputs of inputs are looked at.
const maxInputDepth = 20

func (m *Model) flakeInputs(v eval.Value, depth int) (out []*FlakeInput) {
	set, ok := v.(*eval.Attrs)
	if !ok || depth > maxInputDepth {
		return nil
	}
	for _, a := range set.Entries {
		in := &FlakeInput{Name: a.Name, At: a.At, IsFlake: true}
		out = append(out, in)
		fields, ok := m.ev.Force(a.Value).(*eval.Attrs)
		if !ok {
			continue
		}
		ref := make(flake.Ref)
		for _, field := range fields.Entries {
			switch v := m.ev.Force(field.Value).(type) {
			case eval.String:
				switch field.Name {
				case "url":
					in.Ref, _ = flake.ParseRef(string(v))
					in.RefAt = field.Value.At()
				case "follows":
					in.Follows = []string{}
					if v != "" {
						in.Follows = strings.Split(string(v), "/")
					}
					in.FollowsAt = field.Value.At()
				default:
					ref[field.Name] = string(v)
				}
			case eval.Bool:
				if field.Name == "flake" {
					in.IsFlake = bool(v)
				} else if v {
					ref[field.Name] = "1"
				}
			case *eval.Attrs:
				if field.Name == "inputs" {
					in.Inputs = m.flakeInputs(v, depth+1)
				}
			}
		}
		if in.Ref == nil && !in.RefAt.IsValid() && ref["type"] != "" {
			in.Ref, in.RefAt = ref, a.At
		}
	}
	return out
}

// IsInputs reports whether a value is the set of the flake's inputs.
func (m *Model) IsInputs(v eval.Value) bool {
	set, ok := v.(*eval.Attrs)
	return ok && m.any(func(part *Model) bool {
		in := part.inputs
		return in.root != nil && (set == in.root || in.self != nil && set == in.self)
	})
}

// Input returns what is said of an input of the input, or nil.
func (in *FlakeInput) Input(name string) *FlakeInput {
	for _, sub := range in.Inputs {
		if sub.Name == name {
			return sub
		}
	}
	return nil
}
