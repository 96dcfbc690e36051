package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var pathMissing = &Rule{
	Name:     "path-missing",
	Group:    "modules",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a path into the repository leads nowhere",
	Why: `A path such as ` + "`./wallpaper.png`, `builtins.readFile ./motd`" + ` or ` + "`\"${inputs.self}/secrets/x.yaml\"`" + ` is looked
up when its value is used, and Nix stops if nothing is there. Imports have a rule of their own,
` + "`import-path-missing`" + `.

Silent are paths that the file asks about with ` + "`pathExists`" + `, paths of which only the text is used, defaults of parameters
that no host is known to need, files that git ignores, and templates and tests.`,
	Bad:  "{\n  environment.etc.motd.source = ./mtod;\n}\n",
	Good: "{\n  environment.etc.hosts.text = \"\";\n}\n",
	Fix:  SometimesFix,
	Ahead: func(r *Repo, f *repo.File) {
		for _, ref := range f.References() {
			if ref.Role == repo.RoleOther && !repo.IsExcused(f.Path) {
				r.Entry(ref.Target) // is looked up on the disk
			}
		}
	},
	Host: registriesOnHost.look,
	Repo: func(r *Repo) {
		registered := r.registryValues()
		written := make(map[string]bool) // what path literals lead to
		missing := r.Model.MissingPaths()
		met := make(map[place]bool) // by evaluation
		for _, p := range missing {
			met[place{r.Model.Rel(p.At.File), parser.Unparen(p.At.Syntax()).Span()}] = true
		}
		look := func(f *repo.File) {
			for _, ref := range f.References() {
				at := place{f.Path, ref.Node.Span()}
				if ref.Role != repo.RoleOther || repo.IsExcused(f.Path) || registered[at] {
					continue
				}
				written[ref.Target] = true
				if met[at] || !isFormalDefault(ref.Node) {
					r.missingPath(f.Path, ref.Node, ref.Target)
				}
			}
		}
		if len(missing) == 0 {
			for f := range r.Checked() {
				look(f)
			}
			return
		}
		for _, f := range r.All() {
			look(f)
		}
		for _, p := range missing {
			file := r.Model.Rel(p.At.File)
			node := parser.Unparen(p.At.Syntax())
			// Path literals have been looked at above, with what stands around
			// them: not again where their value is used.
			if file != "" && !node.Is(parser.KindPath) && !written[p.Path] && !repo.IsExcused(file) && !registered[place{file, node.Span()}] {
				r.missingPath(file, node, p.Path)
			}
		}
	},
}

func (r *Repo) missingPath(file string, node parser.Node, target string) {
	// A pattern such as `"${./vpn}/*.yml"` is spelt out by whoever reads it.
	if isSecretFile(node) || r.Entry(target) != repo.NoEntry || r.Ignored(target) || strings.ContainsAny(target, "*?[{") || r.IsLink(file) {
		return
	}
	if f := r.File(file); f != nil && f.Tree.HasSyntaxErrors() && !strings.ContainsAny(node.Text()[:1], "./~\"") {
		return // a text that lacks its quotes, as likely as not
	}
	d := diagnostic.Diagnostic{
		File: file, Span: node.Span(),
		Message: fmt.Sprintf("`%s` does not exist", target),
	}
	r.suggestPath(&d, target, node)
	r.Report(d)
}

// isFormalDefault reports whether an expression belongs to the default of a parameter, which
// calls may give.
func isFormalDefault(n parser.Node) bool {
	for a := range n.Ancestors() {
		if a.Is(parser.KindFormal) {
			return true
		}
	}
	return false
}

// place is a range of a file.
type place struct {
	file string
	span parser.Span
}

// registryValues returns the places of all values of registries, which
// registry-path-missing looks at.
func (r *Repo) registryValues() map[place]bool {
	out := make(map[place]bool)
	for _, reg := range r.registries() {
		for _, entry := range reg.Entries {
			if entry.Value.IsValid() {
				out[place{r.Model.Rel(entry.Value.File), entry.Value.Span()}] = true
			}
		}
	}
	return out
}
