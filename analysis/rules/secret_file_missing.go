package rules

import (
	"fmt"
	"slices"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

var secretFileMissing = &Rule{
	Name:     "secret-file-missing",
	Group:    "secrets",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "an encrypted file that a secret comes from does not exist",
	Why: `sops-nix (` + "`sopsFile`, `defaultSopsFile`" + `) and agenix (` + "`age.secrets.NAME.file`" + `) copy the encrypted file into the
system; without it the system does not build. Often it was forgotten to create it for a new host (` + "`sops hosts/NAME/secrets.yaml`" + `), or
to add it to git.

Silent are paths that the file asks about with ` + "`pathExists`" + `, files that git ignores, and templates and tests.`,
	Bad:  "{\n  sops.secrets.token.sopsFile = ./secret.yaml;\n}\n",
	Good: "-- module.nix --\n{\n  sops.secrets.token.sopsFile = ./secrets.yaml;\n}\n-- secrets.yaml --\ntoken: ENC[…]\n",
	Fix:  NoFix,
	Repo: func(r *Repo) {
		report := func(file string, node parser.Node, target string) {
			if !isSecretFile(node) || r.Entry(target) != repo.NoEntry || r.Ignored(target) {
				return
			}
			d := diagnostic.Diagnostic{
				File: file, Span: node.Span(),
				Message: fmt.Sprintf("the encrypted file `%s` does not exist", target),
			}
			r.suggestPath(&d, target, parser.Node{})
			if d.Help == "" {
				d.Help = "create it, and add it to git"
			}
			r.Report(d)
		}
		for f := range r.Checked() {
			for _, ref := range f.References() {
				if ref.Role == repo.RoleOther && !repo.IsExcused(f.Path) {
					report(f.Path, ref.Node, ref.Target)
				}
			}
		}
		for _, p := range r.Model.MissingPaths() {
			file, node := r.Model.Rel(p.At.File), parser.Unparen(p.At.Syntax())
			if file != "" && !node.Is(parser.KindPath) && !repo.IsExcused(file) {
				report(file, node, p.Path)
			}
		}
	},
}

// isSecretFile reports whether a path is the value of an option for the
// encrypted file of a secret.
func isSecretFile(n parser.Node) bool {
	for symbol.IsTransparent(n.Parent()) {
		n = n.Parent()
	}
	if !n.Parent().Is(parser.KindBinding) {
		return false
	}
	switch option, _ := parser.StaticName(parser.Binding{Node: n.Parent()}.Path().LastChild()); option {
	case "sopsFile", "defaultSopsFile":
		return true
	case "file", "rekeyFile":
		path := symbol.BindingPath(n.Parent())
		i := slices.Index(path, "age")
		return i >= 0 && i+1 < len(path) && path[i+1] == "secrets"
	}
	return false
}
