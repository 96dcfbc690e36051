package rules

import (
	"runtime"
	"slices"

	"github.com/sourcegraph/conc/iter"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// File is what a rule sees of one file.
type File struct {
	*repo.File
	Repo *repo.Repo

	rule  *Rule
	found []diagnostic.Diagnostic
}

// Report adds a finding of the rule that is running. Rule, severity and file
// are filled in.
func (f *File) Report(d diagnostic.Diagnostic) {
	d.Rule, d.Severity, d.File = f.rule.Name, f.rule.Severity, f.Path
	f.found = append(f.found, d)
}

// Repo is what a rule sees of the repository.
type Repo struct {
	*repo.Repo
	Model *repo.Model

	rule  *Rule
	seen  map[finding]bool
	found []diagnostic.Diagnostic
}

// finding tells findings about the same thing apart from others: a module that
// several hosts import is evaluated once for each.
type finding struct {
	rule, file string
	span       parser.Span
}

// Report adds a finding of the rule that is running, unless it has one for the
// same place already. The rule's name is filled in, and its severity if the
// finding has none of its own.
func (r *Repo) Report(d diagnostic.Diagnostic) {
	d.Rule = r.rule.Name
	if d.Severity == 0 {
		d.Severity = r.rule.Severity
	}
	key := finding{d.Rule, d.File, d.Span}
	if r.seen[key] {
		return
	}
	r.seen[key] = true
	r.found = append(r.found, d)
}

// Selection says which rules run.
type Selection struct {
	Select []string // names or groups; empty means the recommended ones
	Ignore []string // names or groups
}

// Has reports whether a rule is selected. Syntax errors are always reported.
func (s Selection) Has(r *Rule) bool {
	named := func(list []string) bool {
		return slices.Contains(list, r.Name) || slices.Contains(list, r.Group) || slices.Contains(list, "all")
	}
	switch {
	case r.Name == "syntax":
		return true
	case named(s.Ignore):
		return false
	case len(s.Select) > 0:
		return named(s.Select)
	}
	return r.Default
}

// Check runs the selected rules over a repository and returns the findings in
// their canonical order.
func Check(r *repo.Repo, selection Selection, jobs int) []diagnostic.Diagnostic {
	var selected []*Rule
	for _, rule := range All() {
		if selection.Has(rule) {
			selected = append(selected, rule)
		}
	}
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	mapper := iter.Mapper[*repo.File, []diagnostic.Diagnostic]{MaxGoroutines: jobs}
	var out []diagnostic.Diagnostic
	for _, found := range mapper.Map(r.Files, func(f **repo.File) []diagnostic.Diagnostic {
		return checkFile(r, *f, selected)
	}) {
		out = append(out, found...)
	}
	out = append(out, checkRepo(r, selected)...)
	diagnostic.Sort(out)
	return out
}

// checkFile runs the rules about single files, all in one walk.
func checkFile(r *repo.Repo, file *repo.File, selected []*Rule) []diagnostic.Diagnostic {
	f := &File{File: file, Repo: r}
	var byKind [parser.KindCount][]*Rule
	walks := false
	for _, rule := range selected {
		if rule.File != nil {
			f.rule = rule
			rule.File(f)
		}
		for _, k := range rule.Kinds {
			byKind[k] = append(byKind[k], rule)
			walks = true
		}
	}
	if walks {
		for n := range file.Tree.Root().Preorder() {
			for _, rule := range byKind[n.Kind()] {
				f.rule = rule
				rule.Node(f, n)
			}
		}
	}
	return f.found
}

func checkRepo(r *repo.Repo, selected []*Rule) []diagnostic.Diagnostic {
	pass := &Repo{Repo: r, seen: make(map[finding]bool)}
	for _, rule := range selected {
		if rule.Repo == nil {
			continue
		}
		if pass.Model == nil {
			pass.Model = r.Model()
		}
		pass.rule = rule
		rule.Repo(pass)
	}
	return pass.found
}
