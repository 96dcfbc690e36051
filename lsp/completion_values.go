package lsp

import (
	"path"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// optionTypes returns the types of the option that is being defined, in each evaluation.
func (c *completion) optionTypes() (out []*module.Type) {
	at := c.cursor.Value
	if len(at) > 0 && at[0] == "config" {
		at = at[1:]
	}
	if len(at) == 0 {
		return nil
	}
	for _, in := range c.view.Evaluations {
		e, rest := in.Config.Inside(at[:len(at)-1]...)
		if e == nil {
			continue
		}
		if o, left := e.Option(below(rest, at[len(at)-1])...); o != nil && len(left) == 0 {
			out = append(out, o.Type())
		}
	}
	return out
}

// values proposes what the option that is being defined takes. Without quotes around
// the cursor, texts get them.
func (c *completion) values(quoted bool) {
	ev := c.view.Model.Evaluator()
	for _, t := range c.optionTypes() {
		for _, t := range append([]*module.Type{t}, t.Alternatives(ev)...) {
			c.valuesOf(ev, t, quoted)
		}
	}
}

func (c *completion) valuesOf(ev *eval.Evaluator, t *module.Type, quoted bool) {
	for range 8 {
		if t == nil {
			return
		}
		if t.Name == "bool" && !quoted {
			c.add("true", "bool", protocol.CompletionItemKindValue, rankValue)
			c.add("false", "bool", protocol.CompletionItemKindValue, rankValue)
		}
		if t.Name == "nullOr" && !quoted {
			c.add("null", "", protocol.CompletionItemKindValue, rankValue)
		}
		if strings.HasPrefix(t.Name, "path") && !quoted {
			c.pathLiterals(func(file string) bool { return !strings.HasSuffix(file, ".nix") })
		}
		for _, v := range t.Enum {
			text, isText := v.(eval.String)
			switch {
			case isText && quoted:
				c.add(string(text), "", protocol.CompletionItemKindEnumMember, rankValue)
			case !quoted:
				c.add(ev.Print(v), "", protocol.CompletionItemKindEnumMember, rankValue)
			}
		}
		t = t.Elem(ev)
	}
}

// people proposes the names of users and hosts, by the name of what is being defined.
func (c *completion) people(quoted bool) {
	name := c.valueName()
	var kind string
	var names []string
	switch strings.ToLower(name) {
	case "user", "users", "username", "owner", "autologin", "trustedusers", "trusted-users", "allowed-users", "allowusers", "members":
		kind, names = "user", c.users()
	case "host", "hosts", "hostname", "hostnames":
		kind, names = "host", c.hosts()
	default:
		return
	}
	for _, name := range names {
		text := name
		if !quoted {
			text = `"` + name + `"`
		}
		c.addText(text, text, kind, protocol.CompletionItemKindConstant, rankValue)
	}
}

// valueName returns the name of the option, or of the formal, whose value is being written.
func (c *completion) valueName() string {
	if n := len(c.cursor.Value); n > 0 {
		return c.cursor.Value[n-1]
	}
	if call, ok := symbol.CallAt(c.tree(), c.at); ok {
		return call.Attr
	}
	return ""
}

// users returns the names of the users of the host, or of all hosts.
func (c *completion) users() (out []string) {
	add := func(h *repo.Host) {
		for _, home := range h.Homes {
			out = append(out, home.User)
		}
		ev := h.Evaluator()
		if set, ok := h.System.Config.Value("users", "users").(*eval.Attrs); ok {
			for _, a := range set.Entries {
				// Accounts of services are no people.
				if user, ok := ev.Force(a.Value).(*eval.Attrs); ok && ev.Select(user, "isNormalUser", eval.Place{}) == eval.Value(eval.Bool(true)) {
					out = append(out, a.Name)
				}
			}
		}
	}
	for _, in := range c.view.Evaluations {
		add(in.Host)
	}
	if len(c.view.Evaluations) == 0 {
		for _, h := range c.view.Model.Hosts {
			add(h)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// hosts returns the names of all hosts: those of the flake, and folders that may be such.
func (c *completion) hosts() (out []string) {
	for _, h := range c.view.Model.Hosts {
		out = append(out, h.Name)
	}
	for _, f := range c.Repo.Files {
		if parts := strings.Split(f.Path, "/"); len(parts) == 3 && parts[0] == "hosts" && parts[2] == "default.nix" {
			out = append(out, parts[1])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// importsAt returns the list of imports that the cursor is in; invalid if it is in none.
func (c *completion) importsAt() parser.Node {
	n := c.tree().NodeAt(c.at)
	for n.IsValid() && !n.Is(parser.KindList) {
		if n.Is(parser.KindBinding) || n.Is(parser.KindAttrSet) || n.Is(parser.KindLambda) {
			return parser.Node{}
		}
		n = n.Parent()
	}
	if !n.IsValid() || repo.BoundAs(n) != "imports" {
		return parser.Node{}
	}
	return n
}

// modules proposes what can stand in a list of imports: the keys of registries, from what a
// `with` opens of them on, and files beside this one.
func (c *completion) modules() {
	n := c.importsAt()
	if !n.IsValid() {
		return
	}
	there := make(map[string]bool)
	for e := range n.Children() {
		if !e.Span().Contains(c.at) {
			there[e.Text()] = true
		}
	}
	names := c.Names(c.path)
	for _, entry := range c.view.Entries() {
		key := entry.Path()
		if names.Lookup(c.cursor.Scope, entry.Key[0]) == scope.None {
			continue
		}
		if opened := symbol.Opened(names, c.cursor.Scope, entry.Key); opened > 0 {
			if key = (&repo.RegistryEntry{Key: entry.Key[opened:]}).Path(); there[key] {
				continue
			}
		}
		if !there[entry.Path()] {
			c.addText(key, key, entry.Target, protocol.CompletionItemKindModule, rankValue)
		}
	}
	c.pathLiterals(func(file string) bool {
		return file != "default.nix" && c.Repo.ModuleFile(path.Join(path.Dir(c.path), file)) != "" && !there["./"+file]
	})
}

// pathLiterals proposes the paths of files in the folder of the file, and of folders there
// that are modules.
func (c *completion) pathLiterals(wanted func(file string) bool) {
	folder := path.Dir(c.path)
	for _, file := range c.view.FilesIn(folder) {
		if path.Join(folder, file) != c.path && wanted(file) {
			c.addText("./"+file, "./"+file, "", protocol.CompletionItemKindFile, rankFirst)
		}
	}
}
