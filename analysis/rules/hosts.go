package rules

import (
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/parallel"
	"github.com/nixlint/nixlint/analysis/repo"
)

// hostView is what rules found in one host, or in several that are evaluated together,
// and what they know of them. It is kept as long as all that they looked at is the same.
type hostView struct {
	pass   *Repo
	looked *repo.Looked // nil if the view is not kept
	moves  int          // of the model when it was looked at
	by     *examiner    // who looked
	found  map[*Rule][]diagnostic.Diagnostic
	known  map[any]any // by perHost
}

// examiner looks at hosts one by one.
type examiner struct {
	*Shared
	repo     *repo.Repo
	config   *config.Config
	settings *config.Settings
	rules    []*Rule
}

// examine looks at a part of the model that is new, or that is not the same any more.
// Between two rules it waits for others. The view is nil if the context ends meanwhile.
func (x *examiner) examine(ctx context.Context, part *repo.Model, lock func() (unlock func())) *hostView {
	v := &hostView{moves: part.Moves(), by: x, found: make(map[*Rule][]diagnostic.Diagnostic), known: make(map[any]any)}
	at := x.repo
	if x.Remember {
		at, v.looked = x.repo.Noting()
	}
	v.pass = &Repo{
		Repo: at, Model: part, only: func(string) bool { return true }, settings: x.settings,
		seen: make(map[finding]bool), shared: x.Shared, options: x.config.Hardware(),
	}
	v.pass.views = []*hostView{v}
	for _, rule := range x.rules {
		if ctx.Err() != nil {
			return nil
		}
		if rule.Host == nil {
			continue
		}
		unlock := lock()
		v.pass.rule = rule
		rule.Host(v.pass)
		unlock()
		v.found[rule], v.pass.found = v.pass.found, nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.hosts == nil {
		x.hosts = make(map[*repo.Model]*hostView)
	}
	x.hosts[part] = v
	return v
}

// view returns the view of a part of the model if it holds, or nil.
func (x *examiner) view(part *repo.Model) *hostView {
	x.mu.Lock()
	v := x.hosts[part]
	x.mu.Unlock()
	switch {
	case v == nil:
		return nil
	case v.by == x:
		return v
	case v.looked == nil || v.moves != part.Moves() || v.by.config != x.config || !slices.Equal(v.by.rules, x.rules) || !v.looked.Hold(x.repo):
		return nil
	}
	v.by, v.pass.Repo = x, v.looked.Repo()
	return v
}

// all evaluates the hosts of a model that are to be, looks at those that are new or that
// are not the same any more, several at once, and returns the views of all in their order.
func (x *examiner) all(ctx context.Context, m *repo.Model) ([]*hostView, error) {
	x.keep(m.Parts())
	unlocked := func() func() { return func() {} }
	lock := x.lock()
	err := m.Evaluate(ctx, x.Workers, x.Open, func(part *repo.Model) { x.examine(ctx, part, unlocked) }, lock)
	if err != nil {
		return nil, err
	}
	parts := m.Parts()
	out := parallel.Map(x.Workers, parts, func(part **repo.Model) *hostView {
		if v := x.view(*part); v != nil {
			return v
		}
		return x.examine(ctx, *part, func() func() { lock.RLock(); return lock.RUnlock })
	})
	if slices.Contains(out, nil) {
		return nil, ctx.Err()
	}
	x.keep(parts)
	return out, nil
}

// keep drops the views of all but some parts. Those of a check that was stopped would hold on
// to models that nobody uses any more.
func (x *examiner) keep(parts []*repo.Model) {
	x.mu.Lock()
	defer x.mu.Unlock()
	maps.DeleteFunc(x.hosts, func(part *repo.Model, _ *hostView) bool { return !slices.Contains(parts, part) })
}

// perHost is something that rules about the repository want to know of each host. It is
// found out beside what rules find in the host, and kept along with that.
type perHost[T any] struct{ find func(r *Repo) T }

// look finds it out. It is the Host of rules which need it.
func (p *perHost[T]) look(r *Repo) { p.of(r.views[0]) }

func (p *perHost[T]) of(v *hostView) T {
	if known, ok := v.known[p]; ok {
		return known.(T)
	}
	out := p.find(v.pass)
	v.known[p] = out
	return out
}

// each yields what is known, host by host; several hosts that are evaluated together are
// one.
func (p *perHost[T]) each(r *Repo) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, v := range r.views {
			if !yield(p.of(v)) {
				return
			}
		}
	}
}

// any reports whether f is true of what is known of some host.
func (p *perHost[T]) any(r *Repo, f func(T) bool) bool {
	return slices.ContainsFunc(r.views, func(v *hostView) bool { return f(p.of(v)) })
}
