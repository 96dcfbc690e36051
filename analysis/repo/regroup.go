package repo

import "slices"

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
		case len(m.openFiles(p, open)) > 0:
			first = append(first, p)
		default:
			later = append(later, p)
		}
	}
	slices.SortStableFunc(later, func(a, b *part) int { return len(b.hosts) - len(a.hosts) })
	return append(first, later...)
}

// openFiles returns the files of which open is true that hosts of a part import, each as
// often as it is imported.
func (m *Model) openFiles(p *part, open func(path string) bool) (out []string) {
	if open == nil {
		return nil
	}
	for _, h := range p.evaluated(hostOutputs) {
		for _, e := range h.Evaluations() {
			for _, f := range e.Files() {
				if open(f) {
					out = append(out, f)
				}
			}
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
	// How many hosts import each file that is open.
	importers := make(map[string]int)
	single := make(map[hostName]*part)
	for _, p := range m.parts {
		for _, h := range p.hosts {
			alone := &part{hosts: []hostName{h}, before: p.models()}
			single[h] = alone
			files := m.openFiles(alone, open)
			slices.Sort(files)
			for _, f := range slices.Compact(files) {
				importers[f]++
			}
		}
	}
	size := max(smallestGroup, (todo+jobs-1)/jobs)
	var out []*part
	var group *part // that still takes hosts
	for _, p := range m.parts {
		if p.model != nil && !p.stale {
			out, group = append(out, p), nil
			continue
		}
		for _, h := range p.hosts {
			alone := single[h]
			if slices.ContainsFunc(m.openFiles(alone, open), func(f string) bool { return importers[f] == 1 }) {
				if len(p.hosts) == 1 {
					alone = p
				}
				out, group = append(out, alone), nil
				continue
			}
			if group == nil || len(group.hosts) == size {
				group = &part{}
				out = append(out, group)
			}
			group.hosts = append(group.hosts, h)
			for _, before := range p.models() {
				if !slices.Contains(group.before, before) {
					group.before = append(group.before, before)
				}
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
