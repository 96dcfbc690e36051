package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var duplicateImport = &Rule{
	Name:     "duplicate-import",
	Group:    "modules",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a list of modules names the same module twice",
	Why: `The module system takes a file once, however often it is imported, so the second mention does nothing; often it was
meant to be another file. The same module in the lists of different files is fine and not reported.

A folder and its ` + "`default.nix`" + ` are the same module. A module that is not named by a path may be a set or function, which
counts anew each time; its second mention is removed only on request.`,
	Bad:   "-- host.nix --\n{\n  imports = [\n    ./disks.nix\n    ./disks.nix\n  ];\n}\n-- disks.nix --\n{ }\n",
	Good:  "-- host.nix --\n{\n  imports = [\n    ./disks.nix\n  ];\n}\n-- disks.nix --\n{ }\n",
	Fix:   SafeFix,
	Host:  func(r *Repo) { r.sameModules() },
	Kinds: []parser.Kind{parser.KindList},
	Node: func(f *File, n parser.Node) {
		if !repo.IsModuleList(n) {
			return
		}
		f.repeats(n, func(e parser.Node) (repeat, bool) {
			key, name, isPath := f.importKey(e)
			return repeat{
				key: key, name: name, message: "is imported twice in this list", first: "it is imported here",
				fix: "remove the second import", safe: isPath,
			}, key != ""
		})
	},
}

// sameModules reports elements of one list that are spelt differently and are one file,
// such as a path and what a registry has.
func (r *Repo) sameModules() {
	for _, e := range r.Model.Evaluations() {
		first := make(map[listedModule]parser.Node)
		for _, imp := range e.Imports {
			if imp.Target == "" || !imp.Certain || !imp.At.IsValid() {
				continue
			}
			node := imp.At.Syntax()
			key := listedModule{imp.At.File, node.Parent().ID(), imp.Target}
			before, again := first[key]
			if !again {
				first[key] = node
				continue
			}
			// The same spelling, and two paths, are found without evaluation.
			if node == before || node.Text() == before.Text() || node.Is(parser.KindPath) && before.Is(parser.KindPath) {
				continue
			}
			file := r.Model.Rel(imp.At.File)
			if r.File(file) == nil || !node.Parent().Is(parser.KindList) || !repo.IsModuleList(node.Parent()) {
				continue
			}
			r.Report(diagnostic.Diagnostic{
				File: file, Span: node.Span(), Tags: diagnostic.Unnecessary,
				Message: fmt.Sprintf("`%s` is imported twice in this list", imp.Target),
				Help:    "remove one of them",
				Related: []diagnostic.Related{{File: file, Span: before.Span(), Message: "it is imported here"}},
			})
		}
	}
}

// listedModule is the file of a module in a list.
type listedModule struct {
	in   *eval.File
	list parser.NodeID
	file string
}

// importKey returns what tells an element of a list of modules from others,
// empty if that is not known, and a name for it. isPath is set for paths, which
// the module system takes only once.
func (f *File) importKey(e parser.Node) (key, name string, isPath bool) {
	switch e.Kind() {
	case parser.KindPath:
		target, ok := repo.Target(f.Path, parser.Path{Node: e})
		if !ok {
			return "", "", false
		}
		if file := f.Repo.ModuleFile(target); file != "" {
			target = file
		}
		return "./" + target, target, true
	case parser.KindIdent:
		return e.Text(), e.Text(), false
	case parser.KindSelect:
		s := parser.Select{Node: e}
		if names, ok := s.Path().Static(); ok && !s.Default().IsValid() && parser.Unparen(s.Expr()).Is(parser.KindIdent) {
			key = parser.Unparen(s.Expr()).Text()
			for _, n := range names {
				key += "." + n
			}
			return key, e.Text(), false
		}
	}
	return "", "", false
}
