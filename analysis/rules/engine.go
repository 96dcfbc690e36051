package rules

import (
	"runtime"

	"github.com/sourcegraph/conc/iter"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// Check runs the selected rules over a repository and returns the findings in
// their canonical order, those left out that comments keep back.
func Check(r *repo.Repo, selection Selection, jobs int) []diagnostic.Diagnostic {
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	p := newPlan(selection)
	mapper := iter.Mapper[*repo.File, result]{MaxGoroutines: jobs}
	results := mapper.Map(r.Files, func(f **repo.File) result { return p.checkFile(r, *f) })

	index := make(map[string]int, len(results))
	for i, f := range r.Files {
		index[f.Path] = i
	}
	var out []diagnostic.Diagnostic
	for _, d := range p.checkRepo(r) {
		if i, ok := index[d.File]; ok {
			results[i].found = append(results[i].found, d)
		} else {
			out = append(out, d)
		}
	}
	for i := range results {
		out = append(out, p.suppress(r.Files[i], &results[i])...)
	}
	diagnostic.Sort(out)
	return out
}

// CheckFile is Check for the rules about single files, on one file of the
// repository.
func CheckFile(r *repo.Repo, f *repo.File, selection Selection) []diagnostic.Diagnostic {
	p := newPlan(selection)
	p.partial = true
	res := p.checkFile(r, f)
	out := p.suppress(f, &res)
	diagnostic.Sort(out)
	return out
}

// plan is a selection of rules made ready for walking trees.
type plan struct {
	selected map[string]bool
	byKind   [parser.KindCount][]*Rule
	perFile  []*Rule
	perRepo  []*Rule
	// partial is set if the rules about the repository are left out.
	partial bool
}

func newPlan(s Selection) *plan {
	p := &plan{selected: make(map[string]bool)}
	for _, rule := range All() {
		if !s.Has(rule) {
			continue
		}
		p.selected[rule.Name] = true
		for _, k := range rule.Kinds {
			p.byKind[k] = append(p.byKind[k], rule)
		}
		if rule.File != nil {
			p.perFile = append(p.perFile, rule)
		}
		if rule.Repo != nil {
			p.perRepo = append(p.perRepo, rule)
		}
	}
	return p
}

// result is what the rules found in a file.
type result struct {
	found      []diagnostic.Diagnostic
	directives []diagnostic.Directive
	// skipped is set if some rules did not look at the file.
	skipped bool
}

// checkFile runs the rules about single files, all in one walk. A file that
// cannot be read as Nix is looked at for syntax errors alone, and one that a
// program wrote for errors alone.
func (p *plan) checkFile(r *repo.Repo, file *repo.File) result {
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
	return result{f.found, diagnostic.Directives(file.Tree), broken || generated}
}

// checkRepo runs the rules about the repository as a whole.
func (p *plan) checkRepo(r *repo.Repo) []diagnostic.Diagnostic {
	if len(p.perRepo) == 0 {
		return nil
	}
	pass := &Repo{Repo: r, Model: r.Model(), seen: make(map[finding]bool)}
	for _, rule := range p.perRepo {
		pass.rule = rule
		rule.Repo(pass)
	}
	return pass.found
}
