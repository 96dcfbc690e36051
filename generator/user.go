package generator

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// User describes an account to be made.
type User struct {
	Name        string
	Description string   // the full name; may be empty
	Shell       string   // a package; empty for the system's default
	Groups      []string // besides the account's own
	Hosts       []string // that get the account
}

// knownUser is an account that the repository has, to go by.
type knownUser struct {
	name   string
	folder string // that has the files of the account
	file   string // the module of the system
	home   string // the file of the home; may be empty
	e      *repo.Evaluation
}

// User plans an account: its folder, its entry among the users, and hosts that
// get it.
func (g *Generator) User(q User) (*Plan, error) {
	d := g.draft()
	if err := checkAccount(q.Name); err != nil {
		return nil, err
	}
	for _, group := range q.Groups {
		if err := checkName("a group", group); err != nil {
			return nil, err
		}
	}
	if q.Shell != "" {
		if err := checkName("a shell", q.Shell); err != nil {
			return nil, err
		}
	}
	like, ok := d.exampleUser()
	if !ok {
		return nil, fmt.Errorf("there is no user to go by: no host has a home-manager user with a folder of its own")
	}
	if err := d.userFiles(q, like); err != nil {
		return nil, err
	}
	d.registerUser(q.Name, like)
	for _, name := range q.Hosts {
		h, err := d.host(name)
		if err != nil {
			return nil, err
		}
		if err := d.addUser(h, q.Name, like); err != nil {
			return nil, err
		}
	}
	if len(d.plan.Files) > 0 {
		d.note("`%s` has no password yet", q.Name)
	}
	return d.finish()
}

// exampleUser finds a user with a folder of its own.
func (d *draft) exampleUser() (knownUser, bool) {
	for _, h := range d.Model.Hosts {
		for _, e := range h.Homes {
			for _, f := range h.System.Files() {
				if dir := path.Dir(f); path.Base(dir) == e.User && path.Base(f) == "default.nix" {
					return knownUser{e.User, dir, f, d.homeFile(e), e}, true
				}
			}
		}
	}
	return knownUser{}, false
}

// userFiles makes the files of an account.
func (d *draft) userFiles(q User, like knownUser) error {
	folder := path.Join(path.Dir(like.folder), q.Name)
	data := map[string]any{"Name": q.Name, "Shell": q.Shell, "Description": "", "Home": ""}
	if q.Description != "" {
		data["Description"] = quote(q.Description)
	}
	var groups []string
	for _, group := range q.Groups {
		groups = append(groups, quote(group))
	}
	data["Groups"] = groups
	home := ""
	if like.home != "" && strings.HasPrefix(like.home, like.folder+"/") {
		rel := strings.TrimPrefix(like.home, like.folder+"/")
		home = path.Join(folder, rel)
		data["Home"] = "./" + strings.TrimSuffix(rel, "/default.nix")
	}
	text, err := d.fill("user.nix", data)
	if err != nil {
		return err
	}
	if err := d.create(path.Join(folder, "default.nix"), text); err != nil || home == "" {
		return err
	}
	var imports []string
	for _, shared := range d.sharedHomes(like) {
		imports = append(imports, relativePath(home, shared))
	}
	version := ""
	if v, ok := d.ownDefinition(like.e, like.folder, []string{"home", "stateVersion"}); ok {
		version = quote(v)
	}
	text, err = d.fill("home.nix", map[string]any{
		"Name": q.Name, "Formals": "", "Imports": imports, "Settings": nil, "StateVersion": version,
	})
	if err != nil {
		return err
	}
	return d.create(home, text)
}

// sharedHomes returns what all homes import from beside the folders of users.
func (d *draft) sharedHomes(like knownUser) []string {
	imported := func(e *repo.Evaluation) []string {
		var out []string
		for _, imp := range e.Imports {
			own := path.Join(path.Dir(like.folder), e.User)
			if strings.HasPrefix(imp.Path, path.Dir(like.folder)+"/") && !strings.HasPrefix(imp.Path+"/", own+"/") && !slices.Contains(out, imp.Path) {
				out = append(out, imp.Path)
			}
		}
		return out
	}
	shared := imported(like.e)
	for _, h := range d.Model.Hosts {
		for _, e := range h.Homes {
			has := imported(e)
			shared = slices.DeleteFunc(shared, func(p string) bool { return !slices.Contains(has, p) })
		}
	}
	return shared
}

// registerUser adds an account to the set that names the folders of users, if
// there is one.
func (d *draft) registerUser(name string, like knownUser) {
	for _, f := range d.Model.Repo.Files {
		for _, ref := range f.References() {
			p := ref.Node.Parent()
			if ref.Target != like.folder || !p.Is(parser.KindBinding) {
				continue
			}
			own := names(parser.Binding{Node: p}.Path().Node)
			if own[len(own)-1] != like.name {
				continue
			}
			var siblings []sibling
			for _, b := range bindingsOf(p.Parent()) {
				have := names(b.Path().Node)
				if len(have) == len(own) && slices.Equal(have[:len(have)-1], own[:len(own)-1]) {
					if have[len(have)-1] == name {
						return
					}
					siblings = append(siblings, sibling{b.Node, have[len(have)-1]})
				}
			}
			beside, before := place(siblings, name)
			d.addEntry(f.Path, beside, before, renamed(p, like.name, name))
			return
		}
	}
}

// addUser gives a host an account.
func (d *draft) addUser(h *repo.Host, name string, like knownUser) error {
	if users, ok := h.System.Config.Value("home-manager", "users").(*eval.Attrs); ok && users.Get(name) != nil {
		return nil
	}
	all := d.builtHosts()
	at := slices.IndexFunc(all, func(b built) bool { return b.host == h })
	if at >= 0 {
		b := all[at]
		if given, ok := b.users(); ok {
			list := lastList(given.Value())
			d.addEntry(b.file, list.LastChild(), false, b.userLike(name))
			return nil
		}
		set, ok := b.arguments()
		if i := slices.IndexFunc(all, func(o built) bool { _, has := o.users(); return has }); ok && i >= 0 {
			text := all[i].usersLike([]string{name})
			own, _ := all[i].users()
			if have, ok := bindingAt(set, names(own.Path().Node)...); ok {
				d.edits[b.file] = append(d.edits[b.file], diagnostic.Edit{File: b.file, Span: have.Span(), Text: text})
				return nil // it had none
			}
			if set.ChildCount() == 0 {
				d.addFirst(b.file, set, text)
			} else {
				d.addEntry(b.file, set.LastChild(), false, text)
			}
			return nil
		}
	}
	file := d.hostFile(h)
	if file == "" {
		return fmt.Errorf("how the host `%s` gets its users could not be found out", h.Name)
	}
	return d.importModule(h.System, file, nil, path.Join(path.Dir(like.folder), name))
}
