package rules

import (
	"fmt"
	"path"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

var fileNotTracked = &Rule{
	Name:     "file-not-tracked",
	Group:    "modules",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a file of the flake exists, but git does not track it",
	Why: `A flake in a git work tree consists of the files that git tracks; what was never added does not exist for Nix, which
then says that the path does not exist although it is there. ` + "`git add -N FILE`" + ` (intent to add) is enough; nothing needs to be
committed. Files that git ignores are not part of the flake either: take them out of ` + "`.gitignore`" + `, or add them with
` + "`git add -f -N FILE`" + `.

Found are files that the evaluation of the flake imports, reads, or finds as value of an option. Where a folder is
scanned, a file that git does not track is only left out, which is a warning. nixlint reads git's index itself, also in
linked work trees and submodules, and does not run git. Flakes that are used as ` + "`path:…`" + ` consist of all files; for them the rule
is to be turned off. It is silent if git ignores ` + "`flake.nix`" + `, and about files that are asked about with ` + "`pathExists`" + `.`,
	Bad:  "-- .git/HEAD --\nref: refs/heads/main\n-- flake.nix --\n# Nothing has been added to git yet.\n{\n  outputs = _: { };\n}\n",
	Good: "-- flake.nix --\n# Here is no git.\n{\n  outputs = _: { };\n}\n",
	Fix:  NoFix,
	Repo: func(r *Repo) {
		flake := r.File("flake.nix")
		if flake == nil || r.Ignored("flake.nix") {
			return
		}
		tracked := r.Tracked()
		if tracked == nil {
			return
		}
		u := &untracked{Repo: r, tracked: tracked, done: make(map[string]bool)}
		if !tracked.Has("flake.nix") {
			u.report("flake.nix", diagnostic.Diagnostic{File: "flake.nix", Span: headOf(flake)})
			return
		}
		defined := r.Model.DefinedPaths() // this evaluates what modules define
		u.imports()
		u.references()
		for _, p := range defined {
			u.named(p.Path, p.At)
		}
	},
}

// untracked finds the files that a flake needs and git does not track.
type untracked struct {
	*Repo
	tracked *repo.Tracked
	done    map[string]bool
	guarded map[string]bool // files that are asked about; nil until one is needed
}

// imports looks at the modules that hosts and homes import.
func (u *untracked) imports() {
	for _, e := range u.Model.Evaluations() {
		for _, imp := range e.Imports {
			if imp.Certain && imp.Target != "" && !imp.Outside {
				u.named(imp.Target, imp.At)
			}
		}
	}
}

// references looks at the paths in files that are evaluated: what they import
// and read.
func (u *untracked) references() {
	imported := u.Model.Imported()
	for p := range u.Paths() {
		if !imported[p] {
			continue
		}
		f := u.File(p)
		for _, ref := range f.References() {
			target := ref.Target
			if ref.Role == repo.RoleImport {
				target = u.ModuleFile(target)
			}
			if target != "" && (imported[target] || u.Model.Read(target)) {
				u.report(target, diagnostic.Diagnostic{File: f.Path, Span: ref.Node.Span()})
			}
		}
	}
}

// named reports a file that a place of the evaluation names. If the place only
// computes the name, as a scan of a folder does, the finding is about the file
// as a whole.
func (u *untracked) named(target string, at eval.Place) {
	if u.tracked.Has(target) {
		return
	}
	d := diagnostic.Diagnostic{}
	if at.IsValid() {
		node := parser.Unparen(at.Syntax())
		d.File, d.Span = u.Model.Rel(at.File), node.Span()
		switch node.Kind() {
		case parser.KindPath, parser.KindString:
			if (node.Is(parser.KindPath) || node.ChildCount() == 1) && !hasVariable(node) {
				u.report(target, d)
				return
			}
		case parser.KindSelect:
			u.report(target, d)
			return
		}
	}
	if f := u.File(d.File); f != nil && (strings.Contains(f.Text, "pathExists") || strings.Contains(f.Text, "pathIs")) {
		d.Severity = diagnostic.Warning // it may ask first whether the file exists
	}
	for dir := path.Dir(target); ; dir = path.Dir(dir) {
		if u.Model.Listed(dir) {
			d.Severity = diagnostic.Warning
		}
		if dir == "." {
			break
		}
	}
	if f := u.File(target); f != nil {
		d.File, d.Span = f.Path, headOf(f)
	}
	u.report(target, d)
}

// hasVariable reports whether a path or string has a part that depends on a
// variable other than self.
func hasVariable(n parser.Node) bool {
	for c := range n.Children() {
		if c.Is(parser.KindInterp) && symbol.LastName(parser.Interp{Node: c}.Expr()) != "self" {
			return true
		}
	}
	return false
}

// isGuarded reports whether any file asks about a file, or about its folder.
func (u *untracked) isGuarded(target string) bool {
	if u.guarded == nil {
		u.guarded = make(map[string]bool)
		for _, f := range u.All() {
			for _, ref := range f.References() {
				if ref.Role == repo.RoleGuarded {
					u.guarded[ref.Target] = true
					if file := u.ModuleFile(ref.Target); file != "" {
						u.guarded[file] = true
					}
				}
			}
		}
	}
	return u.guarded[target]
}

func (u *untracked) report(target string, d diagnostic.Diagnostic) {
	if d.File == "" || u.done[target] || u.tracked.Has(target) || u.isGuarded(target) || !u.OnDisk(target) {
		return
	}
	u.done[target] = true
	d.Message = fmt.Sprintf("`%s` exists, but git does not track it: the flake does not see it", target)
	d.Help = fmt.Sprintf("run `git add -N %s`", target)
	if d.Severity == diagnostic.Warning {
		d.Message = fmt.Sprintf("git does not track `%s`: the flake leaves it out", target)
	}
	if u.Ignored(target) {
		d.Message = fmt.Sprintf("`%s` exists, but git ignores it: the flake does not see it", target)
		d.Help = fmt.Sprintf("take it out of `.gitignore`, or run `git add -f -N %s`", target)
	}
	u.Report(d)
}
