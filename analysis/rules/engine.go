package rules

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/parallel"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// Check runs the rules that the settings select over a repository and returns
// the findings in their canonical order, those left out that comments keep
// back. The error is that of a file of settings.
func Check(r *repo.Repo, c *config.Config, jobs int) ([]diagnostic.Diagnostic, error) {
	return CheckWith(context.Background(), r, &Shared{Model: r.ModelInGroups, Workers: parallel.Workers{Most: jobs}}, c)
}

// CheckOnly is CheckWith for the findings in files for which only is true. Of a
// repository that is read lazily it reads no more than it needs for them.
func CheckOnly(r *repo.Repo, model func() *repo.Model, c *config.Config, jobs int, only func(file string) bool) ([]diagnostic.Diagnostic, error) {
	return check(context.Background(), r, &Shared{Model: model, Workers: parallel.Workers{Most: jobs}}, c, only)
}

// CheckWith is Check with what the caller keeps from one check to the next. The error
// may also be that of the context.
func CheckWith(ctx context.Context, r *repo.Repo, s *Shared, c *config.Config) ([]diagnostic.Diagnostic, error) {
	return check(ctx, r, s, c, func(string) bool { return true })
}

func check(ctx context.Context, r *repo.Repo, s *Shared, c *config.Config, only func(file string) bool) ([]diagnostic.Diagnostic, error) {
	plans := newPlans(r, c)
	all := slices.Collect(r.Paths())
	s.begin(r, len(all))
	ahead := &Repo{Repo: r, shared: s}
	results := parallel.Map(s.Workers, all, func(p *string) result {
		if !only(*p) {
			return result{}
		}
		plan, err := plans.get(*p)
		if err != nil {
			return result{err: err}
		}
		f := r.File(*p)
		res := s.checkFile(plan, r, f)
		res.plan, res.file = plan, f
		for _, rule := range plan.ahead {
			rule.Ahead(ahead, f)
		}
		return res
	})
	checked := make([]*repo.File, 0, len(all))
	for _, res := range results {
		if res.err != nil {
			return nil, res.err
		}
		if res.plan != nil {
			checked = append(checked, res.file)
		}
	}
	if len(checked) == 0 {
		// A page of documentation alone: rules that are on anywhere may look at it.
		for _, p := range all {
			if _, err := plans.get(p); err != nil {
				return nil, err
			}
		}
	}
	if err := c.UnknownFlags(); err != nil {
		return nil, err
	}

	found, err := plans.checkRepo(ctx, r, s, checked, only)
	if err != nil {
		return nil, err
	}
	var out []diagnostic.Diagnostic
	for _, d := range found {
		if i, listed := slices.BinarySearch(all, d.File); listed && results[i].plan != nil {
			results[i].found = append(results[i].found, d)
		} else {
			out = append(out, d)
		}
	}
	for i := range results {
		if res := &results[i]; res.plan != nil {
			out = append(out, res.plan.suppress(res.file, res)...)
		}
	}
	diagnostic.Sort(out)
	return out, nil
}

// CheckFile is Check for the rules about single files, on one file of the
// repository.
func CheckFile(r *repo.Repo, f *repo.File, c *config.Config) ([]diagnostic.Diagnostic, error) {
	settings, err := c.For(filepath.Join(r.Root, filepath.FromSlash(f.Path)))
	if err != nil {
		return nil, err
	}
	p := newPlan(settings)
	p.partial = true
	res := p.checkFile(r, f, scope.Resolve)
	out := p.suppress(f, &res)
	diagnostic.Sort(out)
	return out, nil
}

// result is what the rules found in a file.
type result struct {
	// plan is nil if the file is not checked, or for err.
	plan *plan
	file *repo.File
	err  error // of the settings

	found      []diagnostic.Diagnostic
	directives []diagnostic.Directive
	// skipped is set if some rules did not look at the file.
	skipped bool
}

// checkFile runs the rules about single files, all in one walk. A file that
// cannot be read as Nix is looked at for syntax errors alone, and one that a
// program wrote for errors alone.
func (p *plan) checkFile(r *repo.Repo, file *repo.File, names func(*parser.Tree) *scope.Names) result {
	if p.settings.CheckExcluded.Value {
		return result{}
	}
	f := &File{File: file, Repo: r, resolve: names}
	broken := file.Tree.HasSyntaxErrors()
	generated := isGenerated(file.Text)
	runs := func(rule *Rule) bool {
		return rule == syntax || !broken && (!generated || rule.Severity == diagnostic.Error)
	}
	for _, rule := range p.perFile {
		if runs(rule) {
			f.rule = rule
			rule.File(f)
		}
	}
	if !broken {
		tree := file.Tree
		for id := range tree.NodeCount() {
			n := tree.Node(parser.NodeID(id))
			for _, rule := range p.byKind[n.Kind()] {
				if generated && rule.Severity != diagnostic.Error {
					continue
				}
				f.rule = rule
				rule.Node(f, n)
			}
		}
	}
	for i := range f.found {
		f.found[i] = p.weigh(f.found[i])
	}
	return result{found: f.found, directives: diagnostic.Directives(file.Tree), skipped: broken || generated}
}
