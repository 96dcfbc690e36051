package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
)

var userNameMismatch = &Rule{
	Name:     "user-name-mismatch",
	Group:    "meta",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "the parts of a user go by different names",
	Why: `The folder ` + "`users/mira`, the account `users.users.mira`, the home `home-manager.users.mira`, `home.username`" + ` and
` + "`home.homeDirectory`" + ` belong together. One that has another name is mostly left over from a user that was copied: the account then
lacks its groups or its password, or home-manager writes to the home of somebody else.

The folder counts only where hosts are told their users by the names of folders. Names that are computed are not looked
at, nor is the home of an account whose ` + "`home` or `name`" + ` is set.`,
	Bad:  "-- flake.nix --\n" + exampleHome("") + "-- home.nix --\n{\n  home.username = \"jonas\";\n}\n",
	Good: "-- flake.nix --\n" + exampleHome("") + "-- home.nix --\n{\n  home.username = \"mira\";\n}\n",
	Fix:  NoFix,
	Host: func(r *Repo) {
		for _, h := range r.Model.Hosts {
			users, _ := r.hostUsers(h)
			for _, imp := range h.System.Imports {
				if imp.Certain && imp.Target != "" && imp.Target != imp.Path && slices.Contains(users, path.Base(imp.Path)) {
					r.accountOfFolder(h, imp)
				}
			}
			for _, e := range h.Homes {
				r.namesOfHome(h, e)
			}
		}
	},
}

// accountOfFolder compares the folder of a user with the account that is
// defined in it.
func (r *Repo) accountOfFolder(h *repo.Host, imp *repo.Import) {
	folder := path.Base(imp.Path)
	defs, _ := r.Model.Definitions(h.System, "users", "users")
	var accounts []eval.Attr
	for _, def := range defs {
		set, ok := def.Value.(*eval.Attrs)
		if !ok || set.Rest != nil {
			return
		}
		if set.Get(folder) != nil {
			return
		}
		if def.Module.File == imp.Target || strings.HasPrefix(def.Module.File, imp.Path+"/") {
			accounts = append(accounts, set.Entries...)
		}
	}
	if len(accounts) != 1 || !accounts[0].At.IsValid() || accounts[0].Name == "root" {
		return
	}
	at := accounts[0].At
	r.Report(diagnostic.Diagnostic{
		File: r.Model.Rel(at.File), Span: at.Span(),
		Message: fmt.Sprintf("the account is called `%s`, but hosts know the user of `%s` as `%s`", accounts[0].Name, imp.Path, folder),
		Help:    fmt.Sprintf("call it `users.users.%s`", folder),
	})
}

// namesOfHome compares what a home says about its user with the user that it
// is for.
func (r *Repo) namesOfHome(h *repo.Host, e *repo.Evaluation) {
	for _, option := range []string{"name", "home"} {
		if defs, _ := r.Model.Definitions(h.System, "users", "users", e.User, option); len(defs) > 0 {
			return
		}
	}
	for _, option := range []string{"username", "homeDirectory"} {
		defs, _ := r.Model.Definitions(e, "home", option)
		for _, def := range defs {
			literal, ok := literalOf(def.At)
			value, isString := def.Value.(eval.String)
			if !ok || !isString || !def.Certain || matchesUser(string(value), e.User, option) {
				continue
			}
			r.Report(diagnostic.Diagnostic{
				File: r.Model.Rel(def.At.File), Span: literal.Span(),
				Message: fmt.Sprintf("`home.%s` is %s in the home of `%s`", option, literal.Text(), e.User),
				Help:    "leave it out: home-manager takes it from the account",
				Related: r.related(e.At, fmt.Sprintf("the home is given to `%s` here", e.User)),
			})
		}
	}
}

// matchesUser reports whether what a home says is right for its user.
func matchesUser(value, user, option string) bool {
	if option == "homeDirectory" {
		return path.Base(value) == user || user == "root"
	}
	return value == user
}
