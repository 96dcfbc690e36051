package vfio

import (
	"slices"
	"strings"
	"time"

	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pciids"
)

// Check looks for one kind of mistake.
type Check struct {
	Name     string // kebab-case, says what is wrong
	Severity Severity
	Needs    Needs
	Summary  string // one sentence without a full stop
	Why      string // why it matters and when it is silent, in Markdown
	Bad      string // example, in Nix
	Good     string // the same as it should be

	run func(*pass)
}

// Needs is what a check must know besides the configuration.
type Needs uint8

// What checks need.
const (
	// Nothing: the configuration is held against itself.
	Nothing Needs = iota
	// Hardware: facts of the machine that no boot entry changes.
	Hardware
	// Running: facts that were taken in the boot entry that is checked.
	Running
	// Recorded: a snapshot beside the facts of the running machine.
	Recorded
)

// Checks returns all checks by name.
func Checks() []Check {
	all := slices.Concat(
		formatChecks, busIDChecks, bindingChecks, presenceChecks, grabChecks, groupChecks, paramChecks, vendorChecks, moduleChecks,
		hugepagesChecks, memoryChecks, processorChecks, pinChecks, sharingChecks, hostChecks, displayChecks, networkChecks, iommuChecks,
		nameChecks, nvidiaChecks, resetChecks, snapshotChecks,
	)
	slices.SortFunc(all, func(a, b Check) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// Options says what [Run] may use.
type Options struct {
	// Machine is the facts of the machine, nil if there are none.
	Machine *machine.Machine
	// Snapshot is the recorded facts, if Machine was read from the running
	// machine itself.
	Snapshot *machine.Machine
	// Now is the day, and MaxAge how old a snapshot may be; 0 for any age.
	Now    time.Time
	MaxAge time.Duration
	// Names gives words to ids; nil for those that are compiled in.
	Names *pciids.Names
	// Select says which checks run; nil for all.
	Select func(name string) bool
}

// Run makes the checks. The findings come worst first.
func Run(c *Claims, o Options) []Finding {
	if o.Machine != nil && !o.Machine.Known() {
		o.Machine = nil
	}
	if o.Names == nil {
		o.Names = &pciids.Names{}
	}
	checks := Checks()
	var views []*view
	binding := false
	for i := range c.Contexts {
		views = append(views, newView(&c.Contexts[i], o.Machine))
		binding = binding || len(views[i].bindings) > 0
	}
	var found []Finding
	for i, v := range views {
		v.elsewhere = binding && len(v.bindings) == 0
		p := &pass{claims: c, ctx: &c.Contexts[i], view: v, m: o.Machine, options: &o}
		for k := range checks {
			if o.Select != nil && !o.Select(checks[k].Name) || !p.has(checks[k].Needs) {
				continue
			}
			p.check = &checks[k]
			checks[k].run(p)
		}
		found = append(found, p.found...)
	}
	return merge(found)
}

// pass is one check of one context.
type pass struct {
	claims  *Claims
	ctx     *Context
	view    *view
	m       *machine.Machine
	options *Options
	check   *Check
	found   []Finding
}

// has tells whether what a check needs is known.
func (p *pass) has(n Needs) bool {
	switch n {
	case Hardware:
		return p.m != nil
	case Running:
		return p.m != nil && p.booted()
	case Recorded:
		return p.options.Snapshot != nil
	}
	return true
}

// booted tells whether the facts of the machine were taken in this context.
func (p *pass) booted() bool {
	booted := p.m.Captured.BootContext
	return booted == p.ctx.Name || booted == "" && len(p.claims.Contexts) == 1
}

// report adds a finding about a fact. Facts that are not certain are not worth
// an error.
func (p *pass) report(subject ref, s Severity, message, help string) *Finding {
	if subject.maybe {
		s = min(s, Warning)
	}
	p.found = append(p.found, Finding{
		Check: p.check.Name, Severity: s, Contexts: []string{p.ctx.Name},
		Message: message, Help: help, Subject: subject.source,
	})
	return &p.found[len(p.found)-1]
}

// related adds another fact, unless it stands nowhere.
func (f *Finding) related(r ref, message string) *Finding {
	if r.source != nil && r.source != f.Subject {
		f.Related = append(f.Related, Related{r.source, message})
	}
	return f
}

func (f *Finding) fix(title string, safe bool, changes ...Change) *Finding {
	f.Fix = &Fix{title, safe, changes}
	return f
}

// replace is a fix that gives the subject another value.
func (f *Finding) replace(value string, safe bool) *Finding {
	return f.fix("write `"+value+"`", safe, Change{Kind: Replace, Source: f.Subject, Value: value})
}

// remove is a fix that takes the subject away.
func (f *Finding) remove(safe bool) *Finding {
	return f.fix("remove it", safe, Change{Kind: Remove, Source: f.Subject})
}
