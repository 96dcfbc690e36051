package rules

import (
	"context"
	"slices"
	"sync"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// plan is the choice of rules that settings make, ready for walking trees.
type plan struct {
	settings *config.Settings
	selected map[string]bool
	byKind   [parser.KindCount][]*Rule
	perFile  []*Rule
	ahead    []*Rule
	user     []*Rule // all of the user's, selected or not
	// weighed is set if the settings give a rule another severity.
	weighed bool
	// partial is set if the rules about the repository are left out.
	partial bool
}

func newPlan(s *config.Settings) *plan {
	p := &plan{settings: s, selected: make(map[string]bool), user: User(s)}
	for _, rule := range slices.Concat(All(), p.user) {
		setting := s.Rules[rule.Name]
		if !setting.On {
			continue
		}
		p.selected[rule.Name] = true
		p.weighed = p.weighed || setting.Severity != 0
		for _, k := range rule.Kinds {
			p.byKind[k] = append(p.byKind[k], rule)
		}
		if rule.File != nil {
			p.perFile = append(p.perFile, rule)
		}
		if rule.Ahead != nil {
			p.ahead = append(p.ahead, rule)
		}
	}
	return p
}

// ruleNamed returns a rule by its name, nil if there is none. Which rules of
// the user's there are depends on the settings.
func (p *plan) ruleNamed(name string) *Rule {
	if i := slices.IndexFunc(p.user, func(r *Rule) bool { return r.Name == name }); i >= 0 {
		return p.user[i]
	}
	return ByName(name)
}

// ruleNames returns the names of all rules.
func (p *plan) ruleNames() []string {
	var names []string
	for _, r := range slices.Concat(All(), p.user) {
		names = append(names, r.Name)
	}
	return names
}

// weigh gives a finding the severity of the settings.
func (p *plan) weigh(d diagnostic.Diagnostic) diagnostic.Diagnostic {
	if p.weighed {
		if s := p.settings.Rules[d.Rule].Severity; s != 0 {
			d.Severity = s
		}
	}
	return d
}

// plans are the plans for the files of a repository that were asked for. Files with
// the same settings share one.
type plans struct {
	config *config.Config
	root   string

	mu     sync.Mutex
	byWhat map[*config.Settings]*plan
}

func newPlans(r *repo.Repo, c *config.Config) *plans {
	return &plans{config: c, root: r.Root, byWhat: make(map[*config.Settings]*plan)}
}

// get returns the plan for a file, which need not be one of Nix.
func (ps *plans) get(file string) (*plan, error) {
	settings, err := ps.config.In(ps.root, file)
	if err != nil {
		return nil, err
	}
	ps.mu.Lock()
	defer ps.mu.Unlock()
	p := ps.byWhat[settings]
	if p == nil {
		p = newPlan(settings)
		ps.byWhat[settings] = p
	}
	return p, nil
}

// checkRepo runs the rules about the repository as a whole that are on for any
// file, and returns what they found in files that they are on for and for which only is
// true; checked are the Nix files among these.
func (ps *plans) checkRepo(ctx context.Context, r *repo.Repo, s *Shared, checked []*repo.File, only func(string) bool) ([]diagnostic.Diagnostic, error) {
	var rules, last []*Rule
	for _, rule := range All() {
		switch {
		case !rule.OfRepository() || !ps.selected(rule):
		case rule.Last:
			last = append(last, rule)
		default:
			rules = append(rules, rule)
		}
	}
	rules = append(rules, last...)
	if len(rules) == 0 {
		return nil, nil
	}
	settings, err := ps.config.Repository(r.Root)
	if err != nil {
		return nil, err
	}
	model := s.Model()
	x := &examiner{s, r, ps.config, settings, rules}
	views, err := x.all(ctx, model)
	if err != nil {
		return nil, err
	}
	pass := &Repo{
		Repo: r, Model: model, checked: checked, only: only, settings: settings, seen: make(map[finding]bool), shared: s, views: views, options: ps.config.Hardware(),
	}
	for _, rule := range rules {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		pass.run(rule)
	}
	var out []diagnostic.Diagnostic
	for _, d := range pass.found {
		if !only(d.File) {
			continue
		}
		p, err := ps.get(d.File)
		if err != nil {
			return nil, err
		}
		if p.selected[d.Rule] && !p.settings.CheckExcluded.Value {
			out = append(out, p.weigh(d))
		}
	}
	return out, nil
}

// run runs one rule, having reported what it has found in the hosts.
func (r *Repo) run(rule *Rule) {
	r.rule = rule
	for _, v := range r.views {
		for _, d := range v.found[rule] {
			r.Report(d)
		}
	}
	if rule.Repo == nil {
		return
	}
	lock := r.shared.lock()
	lock.Lock()
	defer lock.Unlock()
	rule.Repo(r)
}

// selected reports whether a rule is on for any file that is checked.
func (ps *plans) selected(rule *Rule) bool {
	for _, p := range ps.byWhat {
		if p.selected[rule.Name] {
			return true
		}
	}
	return false
}
