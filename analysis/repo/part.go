package repo

import (
	"context"
	"slices"
	"sync"

	"github.com/nixlint/nixlint/analysis/parallel"
)

// part is the evaluation of one host, of several, or of what cannot be taken apart.
type part struct {
	hosts []hostName // nil if it has all of them
	// model has evaluated the host; nil if it has not been evaluated at all.
	model *Model
	// begun has evaluated the first of the hosts, if it is not nil: it goes on with the
	// others.
	begun *Model
	// stale is set if the model is that of a state in which something was different
	// that it has looked at.
	stale bool
	// before are models of other states, each of which has evaluated some of the hosts.
	// They stand for the model until there is one.
	before []*Model
}

// hostName says where among the flake's outputs a host is.
type hostName struct{ output, name string }

// maxRepeated is how many steps the flake's outputs may take for each host to
// evaluate them again. With more, hosts are evaluated together.
const maxRepeated = 20_000

// Groups of hosts pay off from so many hosts in each on, and if all hosts together have so
// many modules.
const (
	smallestGroup = 4
	manyModules   = 3000
)

// ModelInGroups returns a model of which Evaluate is still to evaluate the hosts, those of
// a large repository in as many groups as it has jobs. The hosts of a group share one
// evaluator, which costs least if they are evaluated once.
func (r *Repo) ModelInGroups() *Model {
	m := r.newModel(nil)
	m.pending = true
	return m
}

// begin evaluates the hosts of a model that is in no parts, or else the first host, which
// tells how much there is to do, and makes groups of all.
func (m *Model) begin(jobs int) {
	m.pending = false
	hosts := m.hostNames()
	groups := min(jobs, len(hosts)/smallestGroup)
	if groups <= 1 || m.repeated > maxRepeated {
		m.evaluate(func(_, _ string) bool { return true })
		return
	}
	m.evaluate((&part{hosts: hosts[:1]}).has)
	modules := 0
	for _, e := range m.Evaluations() {
		modules += len(e.Modules)
	}
	if modules*len(hosts) < manyModules {
		m.evaluate((&part{hosts: hosts[1:]}).has)
		return
	}
	m.grouped = true
	begun := m.share()
	for i := range groups {
		m.parts = append(m.parts, &part{hosts: hosts[len(hosts)*i/groups : len(hosts)*(i+1)/groups]})
	}
	m.parts[0].begun = begun
}

// share returns a model that shares the evaluator, and takes the hosts over.
func (m *Model) share() *Model {
	out := new(Model)
	*out = *m
	for _, h := range slices.Concat(out.Hosts, out.Others) {
		h.model = out
		for _, e := range h.Evaluations() {
			e.model = out
		}
	}
	m.Hosts, m.Others, m.brokenHosts, m.registries = nil, nil, nil, nil
	return out
}

// hostNames lists the systems and homes among the flake's outputs.
func (m *Model) hostNames() (out []hostName) {
	for _, output := range hostOutputs {
		_, attrs := m.output(output)
		for _, a := range attrs {
			out = append(out, hostName{output, a.Name})
		}
	}
	return out
}

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
	if len(moved) > 0 {
		m.moves++
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
	if names := m.hostNames(); len(names) > 1 && !m.tangled && m.repeated <= maxRepeated {
		m.parts = partsOf(names, before)
	}
	if m.parts == nil {
		p := &part{}
		if i := slices.IndexFunc(before, func(old *part) bool { return old.hosts == nil }); i >= 0 {
			p = before[i]
		}
		m.parts = []*part{p}
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
				if !p.has(output, a.Name) && a.Value.IsComputed() {
					return true
				}
			}
		}
		return false
	})
}

// has reports whether a host belongs to the part.
func (p *part) has(output, name string) bool {
	return p.hosts == nil || slices.Contains(p.hosts, hostName{output, name})
}

// gather lists the hosts of all parts.
func (m *Model) gather() {
	m.Hosts, m.Others, m.problems, m.failures, m.pathsKnown, m.paths, m.imported, m.inner = nil, nil, nil, nil, false, nil, nil, nil
	for _, p := range m.parts {
		m.Hosts = append(m.Hosts, p.evaluated(hostOutputs[:1])...)
		m.Others = append(m.Others, p.evaluated(hostOutputs[1:])...)
	}
}

// Evaluate evaluates the hosts that are not, or are those of another state, with as
// many at once as there are workers. Those that import a file of which open is true come first. If
// there are many, those that follow each other are evaluated together, which costs less;
// one that alone imports a file of which open is true stays alone, as the next edit may be
// in that. Whenever one is done it takes the place of its old evaluation, while lock is held; before that
// done is called with it, which nobody else uses yet, unless it is nil. The error is that
// of the context; hosts that are done by then stay.
func (m *Model) Evaluate(ctx context.Context, workers parallel.Workers, open func(path string) bool, done func(part *Model), lock sync.Locker) error {
	if m.pending {
		m.begin(workers.Count())
		if m.parts == nil {
			m.look()
			if done != nil {
				done(m)
			}
			return ctx.Err()
		}
	}
	r := m.Repo
	lock.Lock()
	if !m.grouped {
		m.regroup(workers.Count(), open)
	}
	todo := m.todo(open)
	lock.Unlock()
	if len(todo) == 0 {
		return ctx.Err()
	}
	parallel.Each(workers, todo, func(at **part) {
		p := *at
		if ctx.Err() != nil {
			return
		}
		part := p.begun
		switch {
		case part != nil:
		case m.grouped:
			part = r.newModel(nil)
		default:
			part = r.newModel(newReads())
		}
		complete := true
		part.evaluate(func(output, name string) bool {
			if !p.has(output, name) || p.begun != nil && p.hosts[0] == (hostName{output, name}) {
				return false
			}
			complete = complete && ctx.Err() == nil
			return complete
		})
		if !complete {
			return
		}
		part.look()
		if done != nil {
			done(part)
		}
		lock.Lock()
		defer lock.Unlock()
		p.model, p.stale, p.before = part, false, nil
		m.gather()
	})
	if err := ctx.Err(); err != nil {
		return err
	}
	lock.Lock()
	tangled := !m.grouped && len(m.parts) > 1 && m.entangled()
	if tangled {
		m.tangled, m.parts = true, []*part{{}}
	}
	lock.Unlock()
	if tangled {
		return m.Evaluate(ctx, workers, nil, done, lock)
	}
	return nil
}

// look finds out what most rules ask for.
func (m *Model) look() {
	m.Problems()
	m.DefinedPaths()
}

// Parts returns the models of which each has evaluated some of the hosts by itself, in the
// order of these: the model itself if it has evaluated them all.
func (m *Model) Parts() []*Model {
	if m.parts == nil {
		return []*Model{m}
	}
	var out []*Model
	for _, p := range m.parts {
		if p.model != nil {
			out = append(out, p.model)
		}
	}
	return out
}

// Moves counts how often places that the model knows have moved in their files since it
// was made.
func (m *Model) Moves() int { return m.moves }

// Exceeded returns a clause for each limit of evaluation that was exceeded.
func (m *Model) Exceeded() []string {
	var out []string
	m.any(func(part *Model) bool {
		out = append(out, part.ev.Exceeded()...)
		return false
	})
	slices.Sort(out)
	return slices.Compact(out)
}

// any calls f for the model and its parts until it returns true, and reports whether
// it did.
func (m *Model) any(f func(part *Model) bool) bool {
	return f(m) || slices.ContainsFunc(m.parts, func(p *part) bool { return slices.ContainsFunc(p.models(), f) })
}

// Reset gives each question a budget of its own.
func (m *Model) Reset() {
	m.any(func(part *Model) bool {
		part.ev.Reset()
		return false
	})
}
