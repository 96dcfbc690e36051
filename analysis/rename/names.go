package rename

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// Kind says what a name is that a whole repository uses.
type Kind uint8

// The kinds of names.
const (
	Host Kind = iota
	User
)

// String names a kind for messages.
func (k Kind) String() string {
	if k == Host {
		return "host"
	}
	return "user"
}

// folder is where each host or user has its own files, by convention.
func (k Kind) folder() string { return k.String() + "s" }

// Named is a host or user that a place in a file names.
type Named struct {
	Kind Kind
	Name string
	Span parser.Span // of the name alone
}

// At returns the host or user that is named at an offset of a file. ok is false if there is
// none.
func At(m *repo.Model, f *repo.File, names *scope.Names, offset uint32) (n Named, ok bool) {
	for _, kind := range []Kind{Host, User} {
		for _, name := range known(m, kind) {
			for _, span := range occurrences(m, f, names, kind, name) {
				if span.Start <= offset && offset <= span.End {
					return Named{kind, name, span}, true
				}
			}
		}
	}
	return n, false
}

// known returns the names of the hosts, or of the users, of a repository.
func known(m *repo.Model, kind Kind) (out []string) {
	for _, h := range m.Hosts {
		if kind == Host {
			out = append(out, h.Name)
			continue
		}
		for _, e := range h.Homes {
			out = append(out, e.User)
		}
	}
	for _, f := range m.Repo.Files {
		if parts := strings.Split(f.Path, "/"); len(parts) == 3 && parts[0] == kind.folder() && parts[2] == "default.nix" {
			if kind == User && parts[1] != "shared" && parts[1] != "common" {
				out = append(out, parts[1])
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Plan is what renaming a host or user takes.
type Plan struct {
	Edits []diagnostic.Edit // of the files at their old places
	Moves []Move            // made after the edits
}

// Names gives a host or user another name: its attribute, the texts that name it, its folder
// and the paths into that. Names of secrets and what comments and other files say stay as
// they are. The error is for people.
func Names(m *repo.Model, namesOf func(string) *scope.Names, n Named, to string) (*Plan, error) {
	if slices.Contains(known(m, n.Kind), to) {
		return nil, fmt.Errorf("there is a %s `%s` already", n.Kind, to)
	}
	if !isName(to) {
		return nil, fmt.Errorf("`%s` cannot name a %s: it takes letters, digits, `-` and `_`", to, n.Kind)
	}
	plan := &Plan{}
	r := m.Repo
	for _, from := range []string{path.Join(n.Kind.folder(), n.Name), path.Join(n.Kind.folder(), n.Name+".nix")} {
		if r.Entry(from) != repo.NoEntry {
			plan.Moves = append(plan.Moves, Move{from, path.Join(path.Dir(from), to+path.Ext(from))})
		}
	}
	for _, move := range plan.Moves {
		if r.Entry(move.To) != repo.NoEntry {
			return nil, fmt.Errorf("there is something at `%s` already", move.To)
		}
	}
	for _, f := range r.Files {
		if !strings.Contains(f.Text, n.Name) {
			continue
		}
		for _, span := range occurrences(m, f, namesOf(f.Path), n.Kind, n.Name) {
			plan.Edits = append(plan.Edits, diagnostic.Edit{File: f.Path, Span: span, Text: to})
		}
	}
	plan.Edits = append(plan.Edits, Edits(r, plan.Moves)...)
	return plan, nil
}

// isName reports whether a text can name a host or an account.
func isName(text string) bool {
	for i, c := range text {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
		if !letter && (i == 0 || c != '-' && (c < '0' || '9' < c)) {
			return false
		}
	}
	return text != ""
}

// The names of what holds names of hosts, or of users, as text.
var holders = map[Kind][]string{
	Host: {"hostname", "hostName", "host", "hosts"},
	User: {"user", "users", "username", "userName", "owner", "allowUsers", "AllowUsers", "members", "trustedUsers", "trusted-users", "allowed-users"},
}

// parents are the sets whose attributes are hosts, or users.
var parents = map[Kind][]string{
	Host: {"nixosConfigurations", "darwinConfigurations"},
	User: {"users"},
}

// occurrences returns where a file names a host or user.
func occurrences(m *repo.Model, f *repo.File, names *scope.Names, kind Kind, name string) (out []parser.Span) {
	add := func(s parser.Span) {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if kind == Host {
		v := symbol.View{Model: m}
		for _, h := range m.Hosts {
			if at := v.Place(h.At); h.Name == name && at.File == f.Path && int(at.Span.End) <= len(f.Text) && f.Text[at.Span.Start:at.Span.End] == name {
				add(at.Span)
			}
		}
	}
	for n := range f.Tree.Root().Preorder() {
		switch n.Kind() {
		case parser.KindName:
			if n.Text() == name && (follows(n, parents[kind]) || isEntry(m, f, n, kind, name)) {
				add(n.Span())
			}
		case parser.KindIdent:
			if n.Text() == name && kind == User && fromUsers(names, n) {
				add(n.Span())
			}
		case parser.KindString:
			text, ok := parser.String{Node: n}.Static()
			inner := parser.Span{Start: n.Span().Start + 1, End: n.Span().End - 1}
			if !ok || int(inner.Len()) != len(text) {
				continue // computed, or escaped
			}
			holder := holderOf(n)
			switch {
			case text == name && (slices.Contains(holders[kind], holder) || follows(n, parents[kind])):
				add(inner)
			case kind == User && holder == "homeDirectory" && text == "/home/"+name:
				add(parser.Span{Start: inner.End - uint32(len(name)), End: inner.End})
			}
		}
	}
	return out
}

// follows reports whether a name in a path of attributes stands directly below one of some
// sets, as X in `users.users.X`.
func follows(n parser.Node, sets []string) bool {
	own := n.Parent()
	if !own.Is(parser.KindAttrPath) {
		return false
	}
	at := -1
	for i := range own.ChildCount() {
		if own.Child(i) == n {
			at = i
		}
	}
	if at > 0 {
		before, _ := parser.StaticName(own.Child(at - 1))
		return slices.Contains(sets, before)
	}
	switch owner := own.Parent(); owner.Kind() {
	case parser.KindBinding:
		whole := symbol.BindingPath(owner)
		above := len(whole) - own.ChildCount()
		return above > 0 && slices.Contains(sets, whole[above-1])
	case parser.KindSelect, parser.KindHasAttr:
		return slices.Contains(sets, owner.Child(0).Text())
	}
	return false
}

// isEntry reports whether a name is bound to the folder of the host or user, as `mira` in
// `mira = ./mira;`.
func isEntry(m *repo.Model, f *repo.File, n parser.Node, kind Kind, name string) bool {
	own := n.Parent()
	if !own.Is(parser.KindAttrPath) || own.ChildCount() != 1 || !own.Parent().Is(parser.KindBinding) {
		return false
	}
	value := parser.Unparen(parser.Binding{Node: own.Parent()}.Value())
	if !value.Is(parser.KindPath) {
		return false
	}
	target, ok := repo.Target(f.Path, parser.Path{Node: value})
	return ok && strings.TrimSuffix(strings.TrimSuffix(target, "/default.nix"), ".nix") == path.Join(kind.folder(), name) && m.Repo.Entry(target) != repo.NoEntry
}

// fromUsers reports whether a name comes from `with users;`.
func fromUsers(names *scope.Names, n parser.Node) bool {
	u := names.UseAt(n)
	if u == scope.None || names.Uses()[u].Target != scope.FromWith {
		return false
	}
	with := parser.With{Node: names.Tree().Node(names.Scopes()[names.Uses()[u].With].Node)}
	return symbol.LastName(with.Namespace()) == "users"
}

// holderOf returns the name of what a text is the value of, or an element of.
func holderOf(n parser.Node) string {
	p := n.Parent()
	for p.Is(parser.KindList) || symbol.IsTransparent(p) {
		p = p.Parent()
	}
	if !p.Is(parser.KindBinding) {
		return ""
	}
	name, _ := parser.StaticName(parser.Binding{Node: p}.Path().LastChild())
	return name
}

// Places returns where the files of a repository name a host or user.
func Places(m *repo.Model, namesOf func(string) *scope.Names, n Named) (out []symbol.Place) {
	for _, f := range m.Repo.Files {
		if !strings.Contains(f.Text, n.Name) {
			continue
		}
		for _, span := range occurrences(m, f, namesOf(f.Path), n.Kind, n.Name) {
			out = append(out, symbol.Place{File: f.Path, Span: span})
		}
	}
	return out
}

// Defined returns what defines a host or user: the module in its folder, and the attribute of
// the flake's hosts, or the homes.
func Defined(m *repo.Model, n Named) (out []symbol.Place) {
	add := func(p symbol.Place) {
		if p.File != "" && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	if file := m.Repo.ModuleFile(path.Join(n.Kind.folder(), n.Name)); file != "" {
		add(symbol.Place{File: file})
	}
	v := symbol.View{Model: m}
	for _, h := range m.Hosts {
		if n.Kind == Host && h.Name == n.Name {
			add(v.Place(h.At))
		}
		for _, e := range h.Homes {
			if n.Kind == User && e.User == n.Name {
				add(v.Place(e.At))
			}
		}
	}
	return out
}
