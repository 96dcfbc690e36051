package repo

import (
	"context"
	"runtime"
	"slices"
	"sync"

	"github.com/sourcegraph/conc/iter"
)

// part is the evaluation of one host, or of what cannot be taken apart.
type part struct {
	output, name string // of the host; empty if it has all of them
	// model has evaluated the host; nil if it has not been evaluated at all.
	model *Model
	// stale is set if the model is that of a state in which something was different
	// that it has looked at.
	stale bool
}

// maxRepeated is how many steps the flake's outputs may take for each host to
// evaluate them again. With more, hosts are evaluated together.
const maxRepeated = 20_000

// ModelAfter returns the model of a repository of which before, which may be nil, is
// that of another state. Hosts stay evaluated that have looked at nothing that is
// different now; all others keep their old evaluation until Evaluate is called. The
// other model must not be used any more.
func (r *Repo) ModelAfter(before *Model) *Model {
	m := before
	same := m != nil && m.follow(r)
	if !same {
		m = r.newModel(newReads())
		if before != nil {
			m.parts, m.tangled = before.parts, before.tangled
		}
	}
	m.list()
	for _, p := range m.parts {
		if p.model != nil {
			// What rules have asked the evaluator of the outputs for may be in values
			// of a host.
			p.stale = !same || !p.model.follow(r)
		}
	}
	m.gather()
	return m
}

// follow makes a model that of another state of its repository if that is the same in
// all that the model has looked at. It reports whether it is.
func (m *Model) follow(r *Repo) bool {
	same, moved := m.seen.reads.hold(m.seen.repo, r)
	if !same || len(moved) > 0 && m.ev.KnowsPositions() {
		return false
	}
	for _, f := range moved {
		m.seen.reads.nix[f.Path] = f
		if file := m.ev.Files()[m.Repo.abs(f.Path)]; file != nil {
			file.Tree = f.Tree
		}
	}
	m.seen.bind(r)
	m.Repo = r
	return true
}

// list lists the parts that the flake's outputs ask for, with the evaluations there
// are.
func (m *Model) list() {
	before := m.parts
	m.parts = nil
	together := m.tangled || m.repeated > maxRepeated
	add := func(output, name string) {
		p := &part{output: output, name: name}
		if i := slices.IndexFunc(before, func(old *part) bool { return old.output == output && old.name == name }); i >= 0 {
			p = before[i]
		}
		m.parts = append(m.parts, p)
	}
	if !together {
		for _, output := range hostOutputs {
			_, attrs := m.output(output)
			for _, a := range attrs {
				add(output, a.Name)
			}
		}
	}
	if together || len(m.parts) <= 1 {
		m.parts = nil
		add("", "")
	}
}

// entangled reports whether evaluating one host has evaluated others.
func (m *Model) entangled() bool {
	return slices.ContainsFunc(m.parts, func(p *part) bool {
		if p.model == nil {
			return false
		}
		for _, output := range hostOutputs {
			_, attrs := p.model.output(output)
			for _, a := range attrs {
				if (output != p.output || a.Name != p.name) && a.Value.IsComputed() {
					return true
				}
			}
		}
		return false
	})
}

// gather lists the hosts of all parts.
func (m *Model) gather() {
	m.Hosts, m.Others, m.problems, m.failures, m.pathsKnown, m.paths, m.imported = nil, nil, nil, nil, false, nil, nil
	for _, p := range m.parts {
		if p.model != nil {
			m.Hosts = append(m.Hosts, p.model.Hosts...)
			m.Others = append(m.Others, p.model.Others...)
		}
	}
}

// Evaluate evaluates the hosts that are not, or are those of another state, with as
// many at once as jobs says. Those that first reports true for come first. Whenever
// one is done it takes the place of its old evaluation, while lock is held. The error
// is that of the context; hosts that are done by then stay.
func (m *Model) Evaluate(ctx context.Context, jobs int, first func(h *Host) bool, lock sync.Locker) error {
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	r := m.Repo
	var todo, later []*part
	lock.Lock()
	for _, p := range m.parts {
		switch {
		case p.model != nil && !p.stale:
		case first != nil && p.model != nil && slices.ContainsFunc(slices.Concat(p.model.Hosts, p.model.Others), first):
			todo = append(todo, p)
		default:
			later = append(later, p)
		}
	}
	lock.Unlock()
	if len(todo)+len(later) == 0 {
		return ctx.Err()
	}
	each := iter.Iterator[*part]{MaxGoroutines: jobs}
	each.ForEach(append(todo, later...), func(at **part) {
		p := *at
		if ctx.Err() != nil {
			return
		}
		done := r.newModel(newReads())
		done.evaluate(func(output, name string) bool { return p.name == "" || output == p.output && name == p.name })
		done.look()
		lock.Lock()
		defer lock.Unlock()
		p.model, p.stale = done, false
		m.gather()
	})
	if err := ctx.Err(); err != nil {
		return err
	}
	lock.Lock()
	tangled := len(m.parts) > 1 && m.entangled()
	if tangled {
		m.tangled, m.parts = true, []*part{{}}
	}
	lock.Unlock()
	if tangled {
		return m.Evaluate(ctx, jobs, nil, lock)
	}
	return nil
}

// look finds out what most rules ask for.
func (m *Model) look() {
	m.Problems()
	m.DefinedPaths()
}

// any calls f for the model and its parts until it returns true, and reports whether
// it did.
func (m *Model) any(f func(part *Model) bool) bool {
	return f(m) || slices.ContainsFunc(m.parts, func(p *part) bool { return p.model != nil && f(p.model) })
}

// Reset gives each question a budget of its own.
func (m *Model) Reset() {
	m.any(func(part *Model) bool {
		part.ev.Reset()
		return false
	})
}
