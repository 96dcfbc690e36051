package rules

import (
	"fmt"
	"path"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var importPathMissing = &Rule{
	Name:     "import-path-missing",
	Group:    "modules",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a module or file that does not exist is imported",
	Why: `Nix stops at an import of nothing, so no host that reaches it can be built. The rule follows paths written
out, paths made of ` + "`\"${inputs.self}/…\"`" + `, and the values of a registry such as ` + "`modules.nixos.desktop.gnome`" + `. A folder
can be imported if it holds ` + "`default.nix`" + `. If a file of that name exists elsewhere in the repository, nixlint names
it: files that were moved are the usual cause.

What evaluation has not met, a call of ` + "`import`" + ` in a file that no host reaches or whose value nobody uses,
is a warning.

Paths that the file asks about with ` + "`pathExists`" + `, and those in templates and tests, may lead nowhere. So may those
in a symbolic link, as Nix follows the link first when it is imported by its name.`,
	Bad:   "-- host.nix --\n{\n  imports = [ ./hardwre.nix ];\n}\n-- hardware.nix --\n{ }\n",
	Good:  "-- host.nix --\n{\n  imports = [ ./hardware.nix ];\n}\n-- hardware.nix --\n{ }\n",
	Fix:   SometimesFix,
	Ahead: references,
	Host: func(r *Repo) {
		for _, p := range r.Model.MissingPaths() {
			if node := p.At.Syntax(); node.Is(parser.KindPath) && isImported(node) && !r.Ignored(p.Path) {
				r.missingLiteral(r.File(r.Model.Rel(p.At.File)), repo.Reference{Node: node, Target: p.Path}, diagnostic.Error)
			}
		}
		hosts := make(map[*repo.Import]bool) // of host-directory-missing
		for _, h := range r.Model.Hosts {
			for _, imp := range h.System.Imports {
				if r.lacksHostFolder(h, imp) {
					hosts[imp] = true
				}
			}
		}
		for _, e := range r.Model.Evaluations() {
			for _, imp := range e.Imports {
				if imp.Certain && imp.Path != "" && !imp.Outside && imp.Target == "" && imp.At.IsValid() && !hosts[imp] {
					r.missingImport(imp, r.Model.Registries(e))
				}
			}
		}
	},
	Repo: func(r *Repo) {
		for f := range r.Checked() {
			for _, ref := range f.References() {
				if ref.Role == repo.RoleImport && !repo.IsExcused(f.Path) && r.ModuleFile(ref.Target) == "" && !r.Ignored(ref.Target) && !r.IsLink(f.Path) {
					severity := diagnostic.Error
					if !ref.Node.Parent().Is(parser.KindList) {
						severity = diagnostic.Warning
					}
					r.missingLiteral(f, ref, severity)
				}
			}
		}
	},
}

// missingImport reports an import that evaluation has met.
func (r *Repo) missingImport(imp *repo.Import, registries []*repo.Registry) {
	node := imp.At.Syntax()
	file := r.Model.Rel(imp.At.File)
	if file == "" || r.Ignored(imp.Path) {
		return
	}
	d := diagnostic.Diagnostic{File: file, Span: node.Span()}
	what := "`" + imp.Path + "`"
	if r.Entry(imp.Path) == repo.DirEntry {
		d.Message = fmt.Sprintf("%s is imported and has no `default.nix`", what)
		r.Report(d)
		return
	}
	d.Message = fmt.Sprintf("%s is imported and does not exist", what)
	for _, reg := range registries {
		for _, entry := range reg.Entries {
			if entry.Target == imp.Path && endsInSelect(node, entry.Key) {
				d.Message = fmt.Sprintf("`%s` is imported, but %s does not exist", entry.Path(), what)
				d.Related = r.related(entry.At, "the registry names the file here")
			}
		}
	}
	r.suggestPath(&d, imp.Path, node)
	r.Report(d)
}

// endsInSelect reports whether an expression ends in the last name of a key.
func endsInSelect(n parser.Node, key []string) bool {
	text := n.Text()
	last := key[len(key)-1]
	return text == last || strings.HasSuffix(text, "."+last)
}

// isImported reports whether a path literal is the argument of import.
func isImported(n parser.Node) bool {
	n = parser.WithParens(n)
	a := n.Parent()
	if !a.Is(parser.KindApply) {
		return false
	}
	fn := parser.Apply{Node: a}.Func().Text()
	return fn == "import" || fn == "builtins.import"
}

// missingLiteral reports a path literal that is imported.
func (r *Repo) missingLiteral(f *repo.File, ref repo.Reference, severity diagnostic.Severity) {
	if f == nil {
		return
	}
	d := diagnostic.Diagnostic{File: f.Path, Span: ref.Node.Span(), Severity: severity}
	if r.Entry(ref.Target) == repo.DirEntry {
		d.Message = fmt.Sprintf("`%s` is imported and has no `default.nix`", ref.Target)
	} else {
		d.Message = fmt.Sprintf("`%s` is imported and does not exist", ref.Target)
		r.suggestPath(&d, ref.Target, ref.Node)
		if d.Help == "" && path.Dir(ref.Target) != "." && r.Entry(path.Dir(ref.Target)) == repo.NoEntry {
			d.Help = fmt.Sprintf("there is no folder `%s` either", path.Dir(ref.Target))
		}
	}
	r.Report(d)
}
