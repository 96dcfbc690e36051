package rules

import (
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

var userUnregistered = &Rule{
	Name:     "user-unregistered",
	Group:    "meta",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a user has a folder beside the others, but nothing names it",
	Why: `A folder with ` + "`default.nix`" + ` beside those of the users that hosts have, which no file names and no host imports, is
a user that was never registered, for example in ` + "`users/default.nix`" + `, or one that has left.

The rule knows the folder of the users from the hosts: it is where modules are imported from that have the name of an
account. It is silent under the same conditions as ` + "`host-unregistered`" + `.`,
	Bad:  "-- flake.nix --\n" + exampleUsers + "-- users/mira/default.nix --\n{ }\n-- users/jonas/default.nix --\n{ }\n",
	Good: "-- flake.nix --\n" + exampleUsers + "-- users/mira/default.nix --\n{ }\n",
	Fix:  SometimesFix,
	Host: userFolders.look,
	Repo: func(r *Repo) {
		folders := make(map[string]bool)
		for of := range userFolders.each(r) {
			maps.Copy(folders, of)
		}
		for _, f := range r.unregisteredFolders(folders) {
			dir := path.Dir(f.Path)
			r.Report(diagnostic.Diagnostic{
				File: f.Path, Span: headOf(f),
				Message: fmt.Sprintf("`%s` is the user of no host, and nothing names it", dir),
				Help:    fmt.Sprintf("add `%s` to the users of a host, or remove the folder", path.Base(dir)),
				Fix:     r.registerUser(dir),
			})
		}
	},
}

// userFolders are the folders in which the users of a host have theirs.
var userFolders = &perHost[map[string]bool]{func(r *Repo) map[string]bool {
	folders := make(map[string]bool)
	for _, h := range r.Model.Hosts {
		users, _ := r.hostUsers(h)
		for _, imp := range h.System.Imports {
			if imp.Certain && imp.Target != "" && imp.Target != imp.Path && path.Dir(imp.Path) != "." && slices.Contains(users, path.Base(imp.Path)) {
				folders[path.Dir(imp.Path)] = true
			}
		}
	}
	return folders
}}

// registerUser returns the fix that names a user's folder where those of the
// others are named: in a set of path literals, as in `{ mira = ./mira; }`.
func (r *Repo) registerUser(dir string) *diagnostic.Fix {
	name := path.Base(dir)
	for _, f := range r.All() {
		for _, ref := range f.References() {
			b := ref.Node.Parent()
			if path.Dir(ref.Target) != path.Dir(dir) || !b.Is(parser.KindBinding) || !b.Parent().Is(parser.KindAttrSet) ||
				(parser.Binding{Node: b}).Path().Text() != path.Base(ref.Target) || !plainIdentifier().MatchString(name) {
				continue
			}
			binding := fmt.Sprintf("%s = %s;", name, relativePath(f.Path, dir))
			return &diagnostic.Fix{
				Title: fmt.Sprintf("add `%s`", binding),
				Edits: []diagnostic.Edit{addBinding(f.Path, b.Parent(), binding)},
			}
		}
	}
	return nil
}

// plainIdentifier is a name that needs no quotes.
var plainIdentifier = lazily(`^[A-Za-z_][A-Za-z0-9_'-]*$`)

// exampleUsers is a small flake with a host that has a user.
const exampleUsers = `{
  outputs = { self, nixpkgs }: {
    nixosConfigurations.host =
      let
        users = [ ./users/mira ];
      in
      nixpkgs.lib.nixosSystem {
        specialArgs.meta = {
          hostname = "host";
          users = map baseNameOf users;
        };
        modules = users;
      };
  };
}
`
