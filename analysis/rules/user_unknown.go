package rules

import (
	"fmt"
	"maps"
	"slices"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

var userUnknown = &Rule{
	Name:     "user-unknown",
	Group:    "meta",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a name is nearly that of a user, and there is no such user",
	Why: `Names of users are plain texts to Nix: a group gets a member that there is not, a secret an owner, and the machine tries to log nobody in. The
rule looks at lists of users and members, owners of secrets, users that are logged in by themselves and those that Nix trusts, for names that are
nearly that of a user of the repository's hosts. Settings in ` + "`users.users.NAME`" + ` make an account that is neither a normal nor a system user, and
a home in ` + "`home-manager.users.NAME`" + ` needs an account: these are errors.

Users of other hosts are what user-not-on-host speaks of. If it is not known which accounts a host has, nothing is found.`,
	Bad:  "-- flake.nix --\n" + exampleOneUser + "-- desk.nix --\n{\n  users.groups.docker.members = [ \"miar\" ];\n}\n",
	Good: "-- flake.nix --\n" + exampleOneUser + "-- desk.nix --\n{\n  users.groups.docker.members = [ \"mira\" ];\n}\n",
	Fix:  SometimesFix,
	Host: accounts.look,
	Repo: func(r *Repo) {
		persons, all := make(map[string]bool), make(map[string]bool)
		for a := range accounts.each(r) {
			if a.open {
				return
			}
			maps.Copy(all, a.all)
			maps.Copy(persons, a.persons)
		}
		names := slices.Sorted(maps.Keys(persons))
		for a := range accounts.each(r) {
			for _, n := range a.nobodies {
				n.report(r, names)
			}
		}
		if len(names) == 0 {
			return
		}
		for f := range r.Checked() {
			if !repo.IsExcused(f.Path) {
				r.unknownUsers(f, names, all)
			}
		}
	},
}

// exampleOneUser is a small flake with a host that has a user.
const exampleOneUser = `{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.desk = nixpkgs.lib.nixosSystem {
      modules = [ ./desk.nix { users.users.mira.isNormalUser = true; } ];
    };
  };
}
`

// knownAccounts are the accounts of a host, or of several that are evaluated together.
type knownAccounts struct {
	open         bool // there may be others
	persons, all map[string]bool
	nobodies     []nobody
}

// systemAccounts are accounts that NixOS itself makes, on any host or with services that
// most have (nixos/modules/config/users-groups.nix, services/system/dbus.nix,
// security/polkit.nix, services/networking/ssh/sshd.nix).
var systemAccounts = []string{"root", "nobody", "messagebus", "polkituser", "sshd"}

// nobody is a name with settings that makes no account.
type nobody struct {
	name, option, host string
	at                 eval.Place
	home               bool // an account is needed, whatever it is called
	sure               bool
}

var accounts = &perHost[knownAccounts]{func(r *Repo) knownAccounts {
	out := knownAccounts{persons: make(map[string]bool), all: make(map[string]bool)}
	for _, h := range r.Model.Hosts {
		told, _ := r.hostUsers(h)
		for _, name := range told {
			out.persons[name], out.all[name] = true, true
		}
		for _, name := range systemAccounts {
			out.all[name] = true
		}
		defs, sure := r.Model.Definitions(h.System, "users", "users")
		if !sure || h.System.Config.Broken {
			out.open = true
			continue
		}
		names := make(map[string]eval.Place)
		for _, d := range defs {
			set, ok := d.Value.(*eval.Attrs)
			if !ok || set.Rest != nil {
				out.open = true
				return out
			}
			for _, a := range set.Entries {
				names[a.Name] = a.At
			}
		}
		closed := r.Model.Arguments(h, h.System).Sure
		for name, at := range names {
			switch normal, _ := r.Model.Definitions(h.System, "users", "users", name, "isNormalUser"); {
			case len(normal) > 0:
				out.persons[name], out.all[name] = true, true
			case slices.Contains(systemAccounts, name) || r.definesAccount(h, name):
				out.all[name] = true
			default:
				out.nobodies = append(out.nobodies, nobody{name: name, option: "users.users", host: h.Name, at: at, sure: closed})
			}
		}
		for _, e := range h.Homes {
			if _, known := names[e.User]; known || slices.Contains(systemAccounts, e.User) || slices.Contains(told, e.User) {
				out.all[e.User] = true
				continue
			}
			out.nobodies = append(out.nobodies, nobody{name: e.User, option: "home-manager.users", host: h.Name, at: e.At, home: true, sure: closed})
		}
	}
	return out
}}

func (n nobody) report(r *Repo, persons []string) {
	near := nearName(n.name, persons)
	if !n.at.IsValid() || near == "" && !n.home || slices.Contains(persons, n.name) {
		return
	}
	d := diagnostic.Diagnostic{
		File: r.Model.Rel(n.at.File), Span: n.at.Span(), Severity: diagnostic.Error,
		Message: fmt.Sprintf("`%s.%s` is set, but host `%s` has no user `%s`", n.option, n.name, n.host, n.name),
		Help:    fmt.Sprintf("define the account: `users.users.%s.isNormalUser = true;`", n.name),
	}
	if !n.sure {
		if d.Severity = diagnostic.Warning; near == "" {
			return
		}
	}
	if near != "" {
		d.Help = fmt.Sprintf("did you mean `%s`?", near)
		if n.at.Syntax().Is(parser.KindName) {
			d.Fix = &diagnostic.Fix{Title: fmt.Sprintf("replace by `%s`", near), Edits: []diagnostic.Edit{{File: d.File, Span: d.Span, Text: near}}}
		}
	}
	r.Report(d)
}

// unknownUsers reports texts of a file that stand where names of users are wanted, and
// are nearly one.
func (r *Repo) unknownUsers(f *repo.File, persons []string, all map[string]bool) {
	for id := range f.Tree.NodeCount() {
		n := f.Tree.Node(parser.NodeID(id))
		if !n.Is(parser.KindString) || !isUserPlace(n) {
			continue
		}
		name, ok := parser.String{Node: n}.Static()
		if !ok || all[name] {
			continue
		}
		near := nearName(name, persons)
		if near == "" || differInDigits(near, name) {
			continue
		}
		r.Report(diagnostic.Diagnostic{
			File: f.Path, Span: n.Span(),
			Message: fmt.Sprintf("there is no user `%s`", name),
			Help:    fmt.Sprintf("did you mean `%s`?", near),
			Fix: &diagnostic.Fix{
				Title: fmt.Sprintf("replace by `%s`", near),
				Edits: []diagnostic.Edit{{File: f.Path, Span: n.Span(), Text: `"` + near + `"`}},
			},
		})
	}
}

// isUserPlace reports whether a string stands where the name of a user is wanted.
func isUserPlace(n parser.Node) bool {
	p := parser.WithParens(n).Parent()
	switch p.Kind() {
	case parser.KindList:
		switch repo.BoundAs(p) {
		case "users", "members", "allowUsers", "AllowUsers", "allowedUsers", "trusted-users", "allowed-users", "trustedUsers":
			return true
		}
	case parser.KindBinding:
		path := symbol.BindingPath(p)
		option := path[len(path)-1]
		switch option {
		case "autologinUser":
			return true
		case "owner":
			return slices.Contains(path, "secrets") || slices.Contains(path, "templates")
		case "user":
			return slices.ContainsFunc(path, func(s string) bool { return s == "autoLogin" || s == "initial_session" })
		case "username":
			return slices.Contains(path, "home")
		}
	}
	return false
}
