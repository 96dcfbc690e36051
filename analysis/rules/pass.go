package rules

import (
	"iter"
	"path/filepath"
	"slices"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/hardware"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// File is what a rule sees of one file.
type File struct {
	*repo.File
	Repo *repo.Repo

	rule  *Rule
	found []diagnostic.Diagnostic
	names *scope.Names
	// resolve finds out what the names mean, if that is known elsewhere.
	resolve func(*parser.Tree) *scope.Names
	kind    FileKind
	secrets secrecy
}

// Names returns what the names in the file mean.
func (f *File) Names() *scope.Names {
	if f.names == nil && f.resolve != nil {
		f.names = f.resolve(f.Tree)
	}
	if f.names == nil {
		f.names = scope.Resolve(f.Tree)
	}
	return f.names
}

// Kind returns what the file is for.
func (f *File) Kind() FileKind {
	if f.kind == 0 {
		f.kind = KindOf(f.Path, f.Tree)
	}
	return f.kind
}

// Report adds a finding of the rule that is running. Rule and file are filled
// in, and the severity if the finding has none of its own; edits without a
// file are about this one.
func (f *File) Report(d diagnostic.Diagnostic) {
	d.Rule, d.File = f.rule.Name, f.Path
	if d.Severity == 0 {
		d.Severity = f.rule.Severity
	}
	for i := range d.Related {
		if d.Related[i].File == "" {
			d.Related[i].File = f.Path
		}
	}
	if d.Fix != nil {
		for i := range d.Fix.Edits {
			if d.Fix.Edits[i].File == "" {
				d.Fix.Edits[i].File = f.Path
			}
		}
	}
	f.found = append(f.found, d)
}

// Repo is what a rule sees of the repository, or of a host and the files.
type Repo struct {
	*repo.Repo
	Model *repo.Model

	checked  []*repo.File           // see Checked
	only     func(file string) bool // whether what is found in a file is told
	rule     *Rule
	settings *config.Settings
	seen     map[finding]bool
	found    []diagnostic.Diagnostic
	shared   *Shared
	views    []*hostView       // of all hosts, or of the host
	written  map[string]string // see writtenOptions; nil until asked for
	keys     map[string]bool   // see registryKeys; nil until asked for
	distinct []*repo.Registry  // see registries; nil until asked for
	called   []string          // see scripts; nil until asked for
	options  hardware.Options
	hardware map[string][]diagnostic.Diagnostic // findings about machines by rule; nil until asked for
}

// Checked returns the files that are checked, in the order of their paths. What
// is found in others is dropped: a rule that can tell what is wrong with a file
// from that file looks at these alone.
func (r *Repo) Checked() iter.Seq[*repo.File] { return slices.Values(r.checked) }

// Reachable reports whether the settings say that a file is in use, by what
// nixlint cannot see.
func (r *Repo) Reachable(file string) bool {
	return r.settings.Reachable(filepath.Join(r.Root, filepath.FromSlash(file)))
}

// Names returns what the names in a file mean.
func (r *Repo) Names(f *repo.File) *scope.Names {
	return r.shared.memory(f).namesOf(f.Tree)
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

// isReported reports whether a rule about the repository has found something at a
// place, or in a part of it.
func (r *Repo) isReported(file string, span parser.Span) bool {
	return slices.ContainsFunc(r.found, func(d diagnostic.Diagnostic) bool {
		return d.File == file && d.Span.Start < span.End && span.Start < d.Span.End && d.Severity >= diagnostic.Warning
	})
}
