package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

var secretUndeclared = &Rule{
	Name:     "secret-undeclared",
	Group:    "secrets",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a secret is read that no module declares",
	Why: `sops-nix and agenix know the secrets that modules declare, by ` + "`sops.secrets.NAME` or `age.secrets.NAME`" + `. Reading another, as in
` + "`config.sops.secrets.NAME.path`" + `, stops the evaluation: "attribute missing". The name is misspelt, or the module that declares the
secret is not imported by the host.

The rule is silent if secrets may be declared that it cannot know. A read under a condition is a warning, and none if a secret of that name is
declared anywhere in the repository. Where modules of flakes are imported that nixlint does not know, which may declare secrets too, only names that
are nearly that of a secret are found, and are warnings.`,
	Bad: "-- flake.nix --\n" + exampleSecrets + "-- host.nix --\n{ config, ... }:\n{\n" +
		"  services.tailscale.authKeyFile = config.sops.secrets.tailscail.path;\n}\n",
	Good: "-- flake.nix --\n" + exampleSecrets + "-- host.nix --\n{ config, ... }:\n{\n" +
		"  services.tailscale.authKeyFile = config.sops.secrets.tailscale.path;\n}\n",
	Fix:  SometimesFix,
	Host: undeclaredSecrets.look,
	Repo: func(r *Repo) {
		var found []secretRead
		for reads := range undeclaredSecrets.each(r) {
			found = append(found, reads...)
		}
		if len(found) == 0 {
			return
		}
		written := r.writtenSecrets()
		for _, s := range found {
			if s.certain || !slices.Contains(written[s.root], s.name) {
				s.report(r, written[s.root])
			}
		}
	},
}

// exampleSecrets is a flake whose host declares a secret, for examples.
const exampleSecrets = `{
  inputs.sops-nix.url = "github:Mic92/sops-nix";
  outputs = { nixpkgs, sops-nix, ... }: {
    nixosConfigurations.host = nixpkgs.lib.nixosSystem {
      modules = [ sops-nix.nixosModules.sops { sops.secrets.tailscale.sopsFile = "/etc/secrets.yaml"; } ./host.nix ];
    };
  };
}
`

// secretRead is a read of a secret that an evaluation does not declare.
type secretRead struct {
	root     string // sops or age
	name     string
	file     *repo.File
	node     parser.Node
	declared []string // those that it does declare
	of       string   // whose they are
	certain  bool     // the read is evaluated for certain
	closed   bool     // no module is there of which it is not known what it declares
}

var undeclaredSecrets = &perHost[[]secretRead]{func(r *Repo) (out []secretRead) {
	type names struct {
		known []string
		ok    bool
	}
	type source struct {
		of   *repo.Evaluation
		root string
	}
	declared := make(map[source]names)
	for _, fn := range moduleFunctions.of(r.views[0]) {
		if fn.in.Unsure || fn.in.Config.Broken {
			continue
		}
		for _, read := range fn.foreign {
			if len(read.Path) < 3 || read.Guarded || read.Path[0] != "sops" && read.Path[0] != "age" || read.Path[1] != "secrets" && read.Path[1] != "placeholder" {
				continue
			}
			root, name := read.Path[0], read.Path[2]
			d, known := declared[source{fn.in, root}]
			if !known {
				d.known, d.ok = r.declaredSecrets(fn.in, root)
				declared[source{fn.in, root}] = d
			}
			if !d.ok || slices.Contains(d.known, name) || r.mentionsPresence(fn.file, name) || r.mentionsPresence(fn.file, "secrets") {
				continue
			}
			out = append(out, secretRead{
				root: root, name: name, file: fn.file, node: read.Names[2], declared: d.known, of: ofEvaluation(fn.host, fn.in),
				certain: fn.Certain && needed(fn.names, read.Names[2], fn.Lambda.At().Syntax()), closed: r.Model.Arguments(fn.host, fn.in).Sure,
			})
		}
	}
	return out
}}

// declaredSecrets returns the names of the secrets that the modules of an evaluation
// declare. ok is false if there may be others, or none are declared because what reads
// them has them from elsewhere.
func (r *Repo) declaredSecrets(e *repo.Evaluation, root string) (names []string, ok bool) {
	defs, sure := r.Model.Definitions(e, root, "secrets")
	if !sure {
		return nil, false
	}
	for _, d := range defs {
		set, known := d.Value.(*eval.Attrs)
		if !known || set.Rest != nil {
			return nil, false
		}
		names = append(names, set.Names()...)
	}
	return names, true
}

// writtenSecrets returns the names of all secrets that are written anywhere as such, by
// what they belong to.
func (r *Repo) writtenSecrets() map[string][]string {
	out := make(map[string][]string)
	for _, f := range r.All() {
		if !strings.Contains(f.Text, "secrets") {
			continue
		}
		for id := range f.Tree.NodeCount() {
			n := f.Tree.Node(parser.NodeID(id))
			if !n.Is(parser.KindBinding) {
				continue
			}
			path := symbol.BindingPath(n)
			for i := 0; i+2 < len(path); i++ {
				if (path[i] == "sops" || path[i] == "age") && path[i+1] == "secrets" && path[i+2] != "" {
					out[path[i]] = append(out[path[i]], path[i+2])
				}
			}
		}
	}
	return out
}

func (s secretRead) report(r *Repo, written []string) {
	d := diagnostic.Diagnostic{
		File: s.file.Path, Span: s.node.Span(),
		Message: fmt.Sprintf("no module of %s declares the secret `%s`", s.of, s.name),
		Help:    fmt.Sprintf("declare it: `%s.secrets.%s = { … };`", s.root, module.ShowOption([]string{s.name})),
	}
	if !s.certain || !s.closed {
		d.Severity = diagnostic.Warning
	}
	near := nearName(s.name, s.declared)
	if !s.closed && (near == "" || differInDigits(near, s.name)) {
		return
	}
	if near != "" {
		d.Help = fmt.Sprintf("did you mean `%s`?", near)
		if s.node.Parent().Is(parser.KindAttrPath) {
			d.Fix = &diagnostic.Fix{
				Title: fmt.Sprintf("replace by `%s`", module.ShowOption([]string{near})),
				Edits: []diagnostic.Edit{{File: d.File, Span: d.Span, Text: module.ShowOption([]string{near})}},
			}
		}
	} else if slices.Contains(written, s.name) {
		d.Help = "a module that is not imported here declares it"
	}
	r.Report(d)
}

// differInDigits reports whether two names differ in nothing but digits: they may be
// counted.
func differInDigits(a, b string) bool {
	notDigit := func(c rune) rune {
		if '0' <= c && c <= '9' {
			return -1
		}
		return c
	}
	return strings.Map(notDigit, a) == strings.Map(notDigit, b)
}
