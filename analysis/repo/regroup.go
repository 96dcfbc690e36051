package repo

import (
	"iter"
	"slices"
)

// models returns the models that have evaluated hosts of the part: its own, or those that
// stand for it.
func (p *part) models() []*Model {
	if p.model != nil {
		return []*Model{p.model}
	}
	return p.before
}

// evaluated returns the evaluations that there are of the part's hosts in some outputs.
func (p *part) evaluated(outputs []string) (out []*Host) {
	for _, m := range p.models() {
		for _, h := range slices.Concat(m.Hosts, m.Others) {
			// Without a flake hosts are in no output.
			if slices.Contains(outputs, h.output) && p.has(h.output, h.Name) || h.output == "" && outputs[0] == hostOutputs[0] {
				out = append(out, h)
			}
		}
	}
	return out
}

// partsOf returns parts for hosts with the given names, in their order: those that there
// are, and one for each other host.
func partsOf(names []hostName, before []*part) (out []*part) {
	is := make(map[hostName]*part)
	for _, p := range before {
		for _, h := range p.hosts {
			is[h] = p
		}
	}
	for i := 0; i < len(names); {
		p, n := is[names[i]], 1
		if p != nil {
			n = len(p.hosts)
		}
		if p == nil || i+n > len(names) || !slices.Equal(p.hosts, names[i:i+n]) {
			// Hosts have come or gone.
			n = 1
			alone := &part{hosts: names[i : i+1]}
			if p != nil {
				alone.before = p.models()
			}
			p = alone
		}
		out = append(out, p)
		i += n
	}
	return out
}

// todo returns the parts that are still to be evaluated. Those with a host that imports a
// file of which open is true come first, and others in the order of their sizes, so that
// all end together.
func (m *Model) todo(open func(path string) bool) []*part {
	var first, later []*part
	for _, p := range m.parts {
		switch {
		case p.model != nil && !p.stale:
		case slices.ContainsFunc(p.evaluated(hostOutputs), func(h *Host) bool {
			for range h.openFiles(open) {
				return true
			}
			return false
		}):
			first = append(first, p)
		default:
			later = append(later, p)
		}
	}
	slices.SortStableFunc(later, func(a, b *part) int { return len(b.hosts) - len(a.hosts) })
	return append(first, later...)
}

// openFiles yields the files of which open, which may be nil, is true that modules of a host
// stand in.
func (h *Host) openFiles(open func(path string) bool) iter.Seq[string] {
	return func(yield func(string) bool) {
		if open == nil {
			return
		}
		for _, e := range h.Evaluations() {
			for _, mod := range e.Modules {
				if mod.File != "" && open(mod.File) && !yield(mod.File) {
					return
				}
			}
		}
	}
}

// alone returns the hosts that alone import a file of which open is true.
func (m *Model) alone(open func(path string) bool) map[hostName]bool {
	importer := make(map[string]*Host) // nil if there are several
	for _, h := range slices.Concat(m.Hosts, m.Others) {
		for f := range h.openFiles(open) {
			if other, ok := importer[f]; ok && other != h {
				importer[f] = nil
			} else {
				importer[f] = h
			}
		}
	}
	out := make(map[hostName]bool)
	for _, h := range importer {
		if h != nil {
			out[hostName{h.output, h.Name}] = true
		}
	}
	return out
}

// regroup makes new parts of the hosts that are to be evaluated, if there are many.
func (m *Model) regroup(jobs int, open func(path string) bool) {
	var hosts, todo int
	for _, p := range m.parts {
		hosts += len(p.hosts)
		if p.model == nil || p.stale {
			todo += len(p.hosts)
		}
	}
	if todo < 2*smallestGroup || !m.isLarge(hosts) {
		return
	}
	alone := m.alone(open)
	size := max(smallestGroup, (todo+jobs-1)/jobs)
	var out []*part
	var group *part // that still takes hosts
	for _, p := range m.parts {
		if p.model != nil && !p.stale || len(p.hosts) == 1 && alone[p.hosts[0]] {
			out, group = append(out, p), nil
			continue
		}
		for _, h := range p.hosts {
			if group == nil || alone[h] || len(group.hosts) == size {
				group = &part{}
				out = append(out, group)
			}
			group.hosts = append(group.hosts, h)
			for _, before := range p.models() {
				if !slices.Contains(group.before, before) {
					group.before = append(group.before, before)
				}
			}
			if alone[h] {
				group = nil
			}
		}
	}
	m.parts = out
}

// isLarge reports whether the hosts of a model, which are so many, have so many modules that
// groups pay off. Those that have not been evaluated are taken to have them.
func (m *Model) isLarge(hosts int) bool {
	if len(m.Hosts)+len(m.Others) < hosts {
		return true
	}
	modules := 0
	for _, e := range m.Evaluations() {
		modules += len(e.Modules)
	}
	return modules >= manyModules
}
