package rules

import (
	"fmt"
	"path"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var userUndefined = &Rule{
	Name:     "user-undefined",
	Group:    "meta",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a host is to have a user that there is not",
	Why: `Users are kept in a set from names to folders, as in ` + "`users/default.nix`" + `, and a host names those it has:
` + "`mkHost { users = with users; [ mira ]; }`" + `. A name that the set does not have stops the evaluation of the host.

The rule looks at the set itself, however it is made: it is one of users if its values are folders beside each other
and it is read where a host's ` + "`users`" + ` are listed.`,
	Bad:  "-- flake.nix --\n" + exampleUserSet("mria") + "-- users/mira/default.nix --\n{ }\n",
	Good: "-- flake.nix --\n" + exampleUserSet("mira") + "-- users/mira/default.nix --\n{ }\n",
	Fix:  SometimesFix,
	Host: func(r *Repo) {
		for _, h := range r.Model.Hosts {
			for _, imp := range h.System.Imports {
				if err, ok := imp.Value.(*eval.Error); ok && err.Kind == eval.ErrorMissingAttr && imp.Certain && err.At.IsValid() {
					r.undefinedUser(h, err)
				}
			}
		}
	},
}

// exampleUserSet is a small flake with a set of users, one of whom a host has.
func exampleUserSet(name string) string {
	return `{
  outputs = { self, nixpkgs }:
    let
      mkHost = { users }: nixpkgs.lib.nixosSystem { modules = users; };
      everybody = { mira = ./users/mira; };
    in
    {
      nixosConfigurations.desk = mkHost { users = with everybody; [ ` + name + ` ]; };
    };
}
`
}

func (r *Repo) undefinedUser(h *repo.Host, err *eval.Error) {
	for _, reg := range r.Model.Registries(h.System) {
		if _, _, ok := reg.Lookup(err.Set); ok {
			return // module-path-unresolved looks at registries
		}
	}
	name := err.At.Syntax()
	list := name
	for list.IsValid() && !list.Is(parser.KindList) {
		list = list.Parent()
	}
	folder, ok := folderOf(h.Evaluator(), err.Set)
	if !ok || path.Base(folder) != "users" && (!list.IsValid() || repo.BoundAs(list) != "users") {
		return
	}
	d := diagnostic.Diagnostic{
		File: r.Model.Rel(err.At.File), Span: name.Span(),
		Message: fmt.Sprintf("there is no user `%s`", err.Attr),
		Help:    fmt.Sprintf("there are `%s`", strings.Join(err.Set.Names(), "`, `")),
		Related: r.related(err.Set.Entries[0].At, "users are defined here"),
	}
	if near := repo.Nearest(err.Attr, err.Set.Names()); near != "" {
		d.Help = fmt.Sprintf("did you mean `%s`?", near)
		d.Fix = &diagnostic.Fix{
			Title: fmt.Sprintf("replace `%s` by `%s`", err.Attr, near),
			Edits: []diagnostic.Edit{{File: d.File, Span: d.Span, Text: near}},
		}
	}
	r.Report(d)
}

// folderOf returns the folder that all values of a set are in, which are paths
// of the repository.
func folderOf(ev *eval.Evaluator, set *eval.Attrs) (folder string, ok bool) {
	if set == nil || set.Rest != nil {
		return "", false
	}
	for _, a := range set.Entries {
		p, isPath := ev.Force(a.Value).(eval.Path)
		if !isPath || folder != "" && path.Dir(string(p)) != folder {
			return "", false
		}
		folder = path.Dir(string(p))
	}
	return folder, folder != ""
}
