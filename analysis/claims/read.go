package claims

import (
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/vfio"
)

// entry is one boot entry: an evaluation of the modules of a system.
type entry struct {
	name   string
	config *module.Evaluation
	// whole is set if all modules that could matter are at hand.
	whole bool
}

// newEntry judges what is known of an evaluation. Modules of inputs that are not
// at hand count as adding nothing, unless their names say that they are about
// virtual machines.
func newEntry(name string, e *module.Evaluation) *entry {
	whole := !e.Unsure && !e.Broken
	for _, u := range e.Unknown {
		if !module.External(u) || mentions(u, "vfio", "passthrough", "libvirt", "nixvirt", "microvm", "gpu") {
			whole = false
		}
	}
	return &entry{name, e, whole}
}

// definitions returns the definitions of an option that count, those that are
// not certain among them. Whole is unset if there may be more.
func (r *reader) definitions(path ...string) (defs []module.Definition, whole bool) {
	all := r.entry.config.Definitions(path...)
	best := -1
	whole = r.entry.whole
	for _, d := range all {
		if d.Certain && (best < 0 || d.Priority < best) {
			best = d.Priority
		}
	}
	for _, d := range all {
		if best < 0 || d.Priority <= best {
			defs = append(defs, d)
			whole = whole && d.Certain
		}
	}
	return defs, whole
}

// fact makes a fact of a value, with its place and the comment beside it.
func fact[T any](r *reader, v T, s *Source, maybe bool) vfio.Fact[T] {
	f := vfio.Fact[T]{Value: v, Maybe: maybe, Comment: r.comment(s)}
	if s != nil {
		f.Source = *s
	}
	return f
}

// scalar reads an option whose value is one of the given type.
func scalar[T any](r *reader, of func(eval.Value) (T, bool), path ...string) *vfio.Fact[T] {
	defs, _ := r.definitions(path...)
	var found *vfio.Fact[T]
	for _, d := range defs {
		v := r.ev.Force(d.Value)
		x, ok := of(v)
		if !ok {
			return nil
		}
		if d.Certain || found == nil {
			f := fact(r, x, r.source(d.Value, v, d.At), !d.Certain)
			found = &f
		}
	}
	if found != nil && len(defs) > 1 {
		// Several definitions that may count are equal or unknown.
		for _, d := range defs {
			if x, ok := of(r.ev.Force(d.Value)); !ok || any(x) != any(found.Value) {
				found.Maybe = true
			}
		}
	}
	return found
}

func asText(v eval.Value) (string, bool) { s, ok := v.(eval.String); return string(s), ok }

func asBool(v eval.Value) (bool, bool) { b, ok := v.(eval.Bool); return bool(b), ok }

func asInt(v eval.Value) (int, bool) { i, ok := v.(eval.Int); return int(i), ok }

func (r *reader) text(path ...string) *vfio.Fact[string] { return scalar(r, asText, path...) }

func (r *reader) flag(path ...string) *vfio.Fact[bool] { return scalar(r, asBool, path...) }

// on reports whether an option is certainly true.
func (r *reader) on(path ...string) bool {
	f := r.flag(path...)
	return f != nil && f.Value && !f.Maybe
}

// words reads an option that is a list of texts, or a text of lines, or a set
// of names that are on.
func (r *reader) words(path ...string) vfio.List[string] {
	defs, whole := r.definitions(path...)
	out := vfio.List[string]{Complete: whole}
	r.left = maxValues
	for _, d := range defs {
		r.addWords(&out, d.Value, d.At, !d.Certain, false, 0)
	}
	return out
}

// Bounds on how deep values are followed that may be one of several, and on how
// many are.
const (
	maxNesting = 8
	maxValues  = 10_000
)

// addWords adds the texts in a value to a list.
func (r *reader) addWords(out *vfio.List[string], t *eval.Thunk, at eval.Place, maybe, inList bool, depth int) {
	if r.left--; depth > maxNesting || r.left < 0 {
		out.Complete = false
		return
	}
	add := func(u *eval.Unknown) {
		if u == nil {
			return
		}
		out.Complete = false
		for _, m := range u.Maybe {
			r.addWords(out, m, at, true, inList, depth+1)
		}
	}
	switch v := r.ev.Force(t).(type) {
	case eval.String:
		s := r.source(t, v, at)
		if s != nil {
			s.Entry = inList
		}
		out.Facts = append(out.Facts, fact(r, string(v), s, maybe))
	case *eval.Text:
		// A parameter of which the name is known is no other one.
		if name, _, ok := strings.Cut(v.Prefix(), "="); !ok || concerns(name) {
			out.Complete = false
		}
	case *eval.List:
		for _, e := range v.Elems {
			r.addWords(out, e, at, maybe, true, depth+1)
		}
		add(v.More)
	case *eval.Attrs:
		for _, a := range v.Entries {
			if r.ev.Force(a.Value) == eval.Value(eval.Bool(true)) {
				out.Facts = append(out.Facts, fact(r, a.Name, r.at(a.At), maybe))
			}
		}
		add(v.Rest)
	case *eval.Unknown:
		add(v)
	case *eval.Error:
		out.Complete = false
	}
}

// concerns reports whether a kernel parameter is one that checks look at.
func concerns(name string) bool {
	for _, word := range []string{"vfio", "iommu", "huge", "cpu", "acs", "nohz", "rcu", "modprobe", "blacklist", "softdep"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return strings.ContainsAny(name, " \n")
}
