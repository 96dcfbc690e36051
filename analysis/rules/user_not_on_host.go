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
	Host: usersOnHost.look,
	Repo: func(r *Repo) {
		known := make(map[string]bool) // the accounts of all hosts
		for hosts := range usersOnHost.each(r) {
			for _, of := range hosts {
				for _, u := range of.users {
					known[u] = true
				}
			}
		}
		users := make(map[string]map[string]bool) // of the hosts that import a file
		open := make(map[string]bool)             // files imported by hosts of which the users are not known
		for hosts := range usersOnHost.each(r) {
			for _, of := range hosts {
				for _, f := range of.files {
					if users[f] == nil && len(of.users) > 0 {
						users[f] = make(map[string]bool)
					}
					for _, u := range of.users {
						users[f][u] = true
					}
					open[f] = open[f] || !of.known
				}
				if of.known {
					r.strangeAccounts(of, func(name string) bool { return known[name] && !slices.Contains(of.users, name) })
				}
			}
		}
		for f := range r.Checked() {
			if own := users[f.Path]; own != nil && len(own) < len(known) && !open[f.Path] {
				r.strangeNames(f, func(name string) bool { return known[name] && !own[name] })
			}
		}
	},
}

// hostAccounts are the accounts that a host is told to have, and those for which its
// modules set something.
type hostAccounts struct {
	host  *repo.Host
	users []string
	known bool // users are all that there are
	files []string
	set   []setAccount
}

// setAccount is an account for which something is set.
type setAccount struct {
	name, option string
	at           eval.Place
}

var usersOnHost = &perHost[[]hostAccounts]{func(r *Repo) (out []hostAccounts) {
	for _, h := range r.Model.Hosts {
		of := hostAccounts{host: h, files: h.System.Files()}
		of.users, of.known = r.hostUsers(h)
		defs, _ := r.Model.Definitions(h.System, "users", "users")
		for _, def := range defs {
			if set, ok := def.Value.(*eval.Attrs); ok && def.Certain {
				for _, a := range set.Entries {
					of.set = append(of.set, setAccount{a.Name, "users.users", a.At})
				}
			}
		}
		for _, e := range h.Homes {
			of.set = append(of.set, setAccount{e.User, "home-manager.users", e.At})
		}
		out = append(out, of)
	}
	return out
}}

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
func (r *Repo) strangeAccounts(of hostAccounts, strange func(string) bool) {
	h := of.host
	for _, a := range of.set {
		if !a.at.IsValid() || !strange(a.name) || r.definesAccount(h, a.name) {
			continue
		}
		r.Report(diagnostic.Diagnostic{
			File: r.Model.Rel(a.at.File), Span: a.at.Span(),
			Message: fmt.Sprintf("`%s.%s` is set, but host `%s` has no user `%s`", a.option, a.name, h.Name, a.name),
			Help:    fmt.Sprintf("add `%s` to the users of `%s`, or remove the settings", a.name, h.Name),
			Related: r.related(h.At, "the host is defined here"),
		})
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
		if !n.Is(parser.KindString) {
			continue
		}
		name, ok := parser.String{Node: n}.Static()
		if !ok || !strange(name) {
			continue
		}
		if n.Parent().Is(parser.KindList) {
			switch repo.BoundAs(n.Parent()) {
			case "users", "members", "allowUsers", "AllowUsers", "allowedUsers":
			default:
				continue
			}
		} else if !isUserPlace(n) {
			continue
		}
		r.Report(diagnostic.Diagnostic{
			File: f.Path, Span: n.Span(), Severity: diagnostic.Warning,
			Message: fmt.Sprintf("`%s` is the user of another host", name),
			Help:    "add the user to this host, or remove the name",
		})
	}
}
