package rules

import (
	"path/filepath"
	"runtime"

	"github.com/sourcegraph/conc/iter"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// Check runs the rules that the settings select over a repository and returns
// the findings in their canonical order, those left out that comments keep
// back. The error is that of a file of settings.
func Check(r *repo.Repo, c *config.Config, jobs int) ([]diagnostic.Diagnostic, error) {
	return CheckWith(r, r.Model, c, jobs)
}

// CheckWith is Check with a model of the repository that the caller keeps. It is
// asked for only if a rule needs it.
func CheckWith(r *repo.Repo, model func() *repo.Model, c *config.Config, jobs int) ([]diagnostic.Diagnostic, error) {
	return check(r, model, c, jobs, func(string) bool { return true })
}

// CheckOnly is CheckWith for the findings in files for which only is true. Of a
// repository that is read lazily it reads no more than it needs for them.
func CheckOnly(r *repo.Repo, model func() *repo.Model, c *config.Config, jobs int, only func(file string) bool) ([]diagnostic.Diagnostic, error) {
	return check(r, model, c, jobs, only)
}

func check(r *repo.Repo, model func() *repo.Model, c *config.Config, jobs int, only func(file string) bool) ([]diagnostic.Diagnostic, error) {
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	plans, err := newPlans(r, c)
	if err != nil {
		return nil, err
	}
	var paths []string
	for p := range r.Paths() {
		if only(p) {
			paths = append(paths, p)
		}
	}
	mapper := iter.Mapper[string, result]{MaxGoroutines: jobs}
	results := mapper.Map(paths, func(p *string) result { return plans.of(*p).checkFile(r, r.File(*p)) })

	index := make(map[string]int, len(results))
	names := make(map[*repo.File]*scope.Names, len(results))
	for i, p := range paths {
		index[p] = i
		if results[i].names != nil {
			names[r.File(p)] = results[i].names
		}
	}
	found, err := plans.checkRepo(r, model, only, names)
	if err != nil {
		return nil, err
	}
	var out []diagnostic.Diagnostic
	for _, d := range found {
		if i, ok := index[d.File]; ok {
			results[i].found = append(results[i].found, d)
		} else {
			out = append(out, d)
		}
	}
	for i, p := range paths {
		out = append(out, plans.of(p).suppress(r.File(p), &results[i])...)
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
	res := p.checkFile(r, f)
	out := p.suppress(f, &res)
	diagnostic.Sort(out)
	return out, nil
}

// result is what the rules found in a file.
type result struct {
	found      []diagnostic.Diagnostic
	directives []diagnostic.Directive
	// skipped is set if some rules did not look at the file.
	skipped bool
	names   *scope.Names // what its names mean; nil if no rule asked
}

// checkFile runs the rules about single files, all in one walk. A file that
// cannot be read as Nix is looked at for syntax errors alone, and one that a
// program wrote for errors alone.
func (p *plan) checkFile(r *repo.Repo, file *repo.File) result {
	if p.settings.CheckExcluded.Value {
		return result{}
	}
	f := &File{File: file, Repo: r}
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
	return result{f.found, diagnostic.Directives(file.Tree), broken || generated, f.names}
}
