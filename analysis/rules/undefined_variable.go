package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var undefinedVariable = &Rule{
	Name:     "undefined-variable",
	Group:    "names",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a name is used that nothing defines",
	Why: `Nix binds names before it evaluates anything, and refuses the whole file if one of them has no definition, even in
code that never runs. A name counts as defined if a ` + "`let`, `rec` set or function" + ` around it defines it, if it is a
global such as ` + "`map`" + `, or if there is a ` + "`with`" + ` around it, which may have it.

If the repository calls ` + "`scopedImport`" + `, files may get names from there: the finding is a warning, and there is none of names that
a set or ` + "`let`" + ` defines anywhere in the repository.`,
	Bad:  "let\n  port = 8080;\nin\n{\n  services.nginx.defaultHTTPListenPort = prot;\n}\n",
	Good: "let\n  port = 8080;\nin\n{\n  services.nginx.defaultHTTPListenPort = port;\n}\n",
	Fix:  SometimesFix,
	File: func(f *File) {
		names := f.Names()
		for _, u := range names.Uses() {
			if u.Target != scope.Nothing {
				continue
			}
			n := f.Tree.Node(u.Node)
			name := n.Text()
			if f.lacksFormal(name) || scope.BuiltinOf(name) == scope.Prefixed {
				continue // missing-formal and builtin-needs-prefix speak of these
			}
			if f.Repo.ImportsScoped() && f.isDefinedAnywhere(name) {
				continue
			}
			d := diagnostic.Diagnostic{Span: n.Span(), Message: fmt.Sprintf("undefined variable `%s`", name)}
			var known []string
			for def := range names.Visible(names.At(n.Span().Start)) {
				known = append(known, names.Name(def))
			}
			if near := repo.Nearest(name, known); near != "" && len(name) > 2 {
				d.Help = fmt.Sprintf("did you mean `%s`?", near)
				if n.Is(parser.KindIdent) {
					d.Fix = fix(fmt.Sprintf("replace by `%s`", near), false, diagnostic.Edit{Span: n.Span(), Text: near})
				}
			}
			if f.Repo.ImportsScoped() {
				d.Severity = diagnostic.Warning
			}
			f.Report(d)
		}
	},
}

// isDefinedAnywhere reports whether any set or let of the repository has a name.
func (f *File) isDefinedAnywhere(name string) bool {
	for _, other := range f.Repo.All() {
		if !strings.Contains(other.Text, name) {
			continue
		}
		for bound := range boundNames(other) {
			if bound == name {
				return true
			}
		}
	}
	return false
}
