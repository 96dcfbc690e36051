package rules

import (
	"fmt"
	"slices"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var userNotOnHost = &Rule{
	Name:     "user-not-on-host",
	Group:    "meta",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a host speaks of a user that it does not have",
	Why: `A host is told which users it has, as in ` + "`meta.users`" + `. Settings for the account of another, in ` + "`users.users.NAME` or " +
		"`home-manager.users.NAME`" + `, make an account that is neither a normal nor a system user, which NixOS refuses. A name in a list of users
or members does no more than nothing, and is a warning.

Only users that some host of the flake has are looked for: other names may be accounts that a module makes. A file that
several hosts import may name the users of any of them.`,
	Bad:  "-- flake.nix --\n" + exampleTwoHosts + "-- desk.nix --\n{\n  users.users.jonas.extraGroups = [ \"video\" ];\n}\n",
	Good: "-- flake.nix --\n" + exampleTwoHosts + "-- desk.nix --\n{\n  users.users.mira.extraGroups = [ \"video\" ];\n}\n",
	Fix:  NoFix,
	Repo: func(r *Repo) {
		known := r.knownUsers()
		users := make(map[string][]string) // of the hosts that import a file
		open := make(map[string]bool)      // files imported by hosts of which the users are not known
		for _, h := range r.Model.Hosts {
			own, ok := r.hostUsers(h)
			for _, f := range h.System.Files() {
				users[f] = append(users[f], own...)
				open[f] = open[f] || !ok
			}
			if ok {
				r.strangeAccounts(h, func(name string) bool { return known[name] && !slices.Contains(own, name) })
			}
		}
		for f := range r.Checked() {
			if users[f.Path] != nil && !open[f.Path] {
				r.strangeNames(f, func(name string) bool { return known[name] && !slices.Contains(users[f.Path], name) })
			}
		}
	},
}

// exampleTwoHosts is a small flake with hosts that have different users.
const exampleTwoHosts = `{
  outputs = { nixpkgs, ... }:
    let
      mkHost = users: modules: nixpkgs.lib.nixosSystem {
        specialArgs.meta = { inherit users; };
        modules = modules ++ [
          ({ meta, lib, ... }: { users.users = lib.genAttrs meta.users (_: { isNormalUser = true; }); })
        ];
      };
    in
    {
      nixosConfigurations.desk = mkHost [ "mira" ] [ ./desk.nix ];
      nixosConfigurations.lamp = mkHost [ "jonas" ] [ ];
    };
}
`

// strangeAccounts reports settings for accounts that a host does not have.
func (r *Repo) strangeAccounts(h *repo.Host, strange func(string) bool) {
	report := func(name string, at eval.Place, option string) {
		if !at.IsValid() || !strange(name) || r.definesAccount(h, name) {
			return
		}
		r.Report(diagnostic.Diagnostic{
			File: r.Model.Rel(at.File), Span: at.Span(),
			Message: fmt.Sprintf("`%s.%s` is set, but host `%s` has no user `%s`", option, name, h.Name, name),
			Help:    fmt.Sprintf("add `%s` to the users of `%s`, or remove the settings", name, h.Name),
			Related: r.related(h.At, "the host is defined here"),
		})
	}
	defs, _ := r.Model.Definitions(h.System, "users", "users")
	for _, def := range defs {
		if set, ok := def.Value.(*eval.Attrs); ok && def.Certain {
			for _, a := range set.Entries {
				report(a.Name, a.At, "users.users")
			}
		}
	}
	for _, e := range h.Homes {
		report(e.User, e.At, "home-manager.users")
	}
}

// definesAccount reports whether something defines the account of a name, or
// may do so.
func (r *Repo) definesAccount(h *repo.Host, name string) bool {
	if h.System.Unsure {
		return true
	}
	for _, option := range []string{"isNormalUser", "isSystemUser", "enable"} {
		if defs, _ := r.Model.Definitions(h.System, "users", "users", name, option); len(defs) > 0 {
			return true
		}
	}
	defs, _ := r.Model.Definitions(h.System, "users", "users")
	for _, def := range defs {
		set, ok := def.Value.(*eval.Attrs)
		if !ok || set.Rest != nil {
			return true
		}
		if a := set.Get(name); a != nil {
			if inner, ok := h.Evaluator().Force(a.Value).(*eval.Attrs); !ok || inner.Rest != nil || inner.Get("_type") != nil {
				return true
			}
		}
	}
	return false
}

// strangeNames reports names in lists of users that none of the hosts with the
// file has.
func (r *Repo) strangeNames(f *repo.File, strange func(string) bool) {
	for id := range f.Tree.NodeCount() {
		n := f.Tree.Node(parser.NodeID(id))
		if !n.Is(parser.KindString) || !n.Parent().Is(parser.KindList) {
			continue
		}
		name, ok := parser.String{Node: n}.Static()
		if !ok || !strange(name) {
			continue
		}
		switch repo.BoundAs(n.Parent()) {
		case "users", "members", "allowUsers", "AllowUsers", "allowedUsers":
			r.Report(diagnostic.Diagnostic{
				File: f.Path, Span: n.Span(), Severity: diagnostic.Warning,
				Message: fmt.Sprintf("`%s` is the user of another host", name),
				Help:    "add the user to this host, or remove the name",
			})
		}
	}
}
