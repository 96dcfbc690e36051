package graph

import (
	"cmp"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
)

// Rules are the rules whose findings Build wants to know: what is unregistered
// and what leads nowhere.
var Rules = []string{"module-unregistered", "import-path-missing", "module-path-unresolved", "registry-path-missing"}

// builder makes a graph.
type builder struct {
	model   *repo.Model
	graph   *Graph
	modules map[moduleKey]*Module
	files   map[string][]*Host // by the files that the hosts' modules stand in
}

type moduleKey struct {
	kind Kind
	name string // the file, or the attribute of an input
}

// Build makes the graph of a repository from its model and the findings of
// Rules. If hosts are named, the graph has only those and what they reach.
func Build(m *repo.Model, findings []diagnostic.Diagnostic, hosts []string) *Graph {
	b := builder{model: m, graph: &Graph{Title: path.Base(filepath.ToSlash(m.Repo.Root))}, modules: make(map[moduleKey]*Module), files: make(map[string][]*Host)}
	shown := func(h *repo.Host) bool { return len(hosts) == 0 || slices.Contains(hosts, h.Name) }
	for _, h := range m.Hosts {
		if shown(h) {
			b.host(h)
		}
	}
	if len(hosts) == 0 {
		b.unused()
	}
	b.findings(findings, len(hosts) == 0)
	names := newNames(m, b.modules)
	for _, mod := range b.modules {
		names.name(mod)
		b.graph.Modules = append(b.graph.Modules, mod)
	}
	for _, k := range []Kind{NixOS, Home} {
		stripCommon(b.graph.Modules, k)
	}
	b.sort()
	return b.graph
}

func compareModules(a, b *Module) int {
	return cmp.Or(-strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.Group, b.Group),
		strings.Compare(a.Label, b.Label), strings.Compare(a.File, b.File), strings.Compare(a.Name, b.Name))
}

func (b *builder) sort() {
	g := b.graph
	slices.SortFunc(g.Modules, compareModules)
	for _, m := range g.Modules {
		m.ImportedBy = sortedSet(m.ImportedBy)
	}
	for _, h := range g.Hosts {
		slices.SortFunc(h.Modules, compareModules)
	}
	slices.SortFunc(g.Users, func(a, b *User) int { return strings.Compare(a.Name, b.Name) })
	for _, u := range g.Users {
		slices.SortFunc(u.Modules, compareModules)
		u.Own = sortedSet(u.Own)
	}
	slices.SortFunc(g.Unresolved, func(a, b *Unresolved) int {
		return strings.Compare(a.Label, b.Label)
	})
}

func sortedSet(s []string) []string {
	slices.Sort(s)
	return slices.Compact(s)
}

// host adds a host with its modules and users.
func (b *builder) host(h *repo.Host) {
	out := &Host{Name: h.Name, Unsure: h.System.Unsure}
	b.graph.Hosts = append(b.graph.Hosts, out)
	system := h.System.Files()
	imported := targets(h.System)
	for _, f := range system {
		b.files[f] = append(b.files[f], out)
		switch {
		case b.isOwn(f, h):
			out.Own = append(out.Own, f)
		case imported[f]:
			out.Modules = append(out.Modules, b.module(NixOS, f, Used))
		}
	}
	out.Modules = append(out.Modules, b.imports(NixOS, h.System)...)
	for _, home := range h.Homes {
		u := b.user(home.User)
		out.Users = append(out.Users, u)
		imported := targets(home)
		for _, f := range home.Files() {
			if !slices.Contains(b.files[f], out) {
				b.files[f] = append(b.files[f], out)
			}
			switch {
			case named(f, home.User):
				u.Own = append(u.Own, f)
			case imported[f] || !slices.Contains(system, f):
				u.add(b.module(Home, f, Used))
			}
		}
		for _, m := range b.imports(Home, home) {
			u.add(m)
		}
	}
}

// targets are the files that an evaluation imports. Other files that its modules
// stand in have modules written in place.
func targets(e *repo.Evaluation) map[string]bool {
	out := make(map[string]bool)
	for _, imp := range e.Imports {
		out[imp.Target] = true
	}
	return out
}

func (u *User) add(m *Module) {
	if !slices.Contains(u.Modules, m) {
		u.Modules = append(u.Modules, m)
	}
}

// isOwn reports whether a file belongs to one host: it lies in a folder with
// the host's name, or is called so itself, and no other host reaches it.
func (b *builder) isOwn(file string, of *repo.Host) bool {
	if !named(file, of.Name) {
		return false
	}
	for _, h := range b.model.Hosts {
		if h != of && h.System.Has(file) {
			return false
		}
	}
	return true
}

// named reports whether a file or a folder on the way to it has a name.
func named(file, name string) bool {
	for part := range strings.SplitSeq(strings.TrimSuffix(file, ".nix"), "/") {
		if strings.EqualFold(part, name) {
			return true
		}
	}
	return false
}

func (b *builder) user(name string) *User {
	for _, u := range b.graph.Users {
		if u.Name == name {
			return u
		}
	}
	u := &User{Name: name}
	b.graph.Users = append(b.graph.Users, u)
	return u
}

// module returns the module of a file.
func (b *builder) module(kind Kind, file string, s State) *Module {
	key := moduleKey{kind, file}
	m := b.modules[key]
	if m == nil {
		m = &Module{Kind: kind, File: file, State: s}
		b.modules[key] = m
	}
	return m
}

// imports notes where the modules of an evaluation are imported, and returns
// those that come from inputs.
func (b *builder) imports(kind Kind, e *repo.Evaluation) []*Module {
	var external []*Module
	for _, imp := range e.Imports {
		from := ""
		if imp.At.IsValid() {
			from = b.model.Rel(imp.At.File)
		}
		var m *Module
		if u, ok := imp.Value.(*eval.Unknown); ok {
			if m = b.input(kind, u); m == nil {
				continue
			}
			if !slices.Contains(external, m) {
				external = append(external, m)
			}
		} else if m = b.modules[moduleKey{kind, imp.Target}]; m == nil {
			continue
		}
		if from != "" {
			m.ImportedBy = append(m.ImportedBy, from)
		}
	}
	return external
}

// input returns the module that an attribute of an input is, or nil if the
// unknown is something else.
func (b *builder) input(kind Kind, u *eval.Unknown) *Module {
	if u.Func != nil || len(u.Path) < 2 || u.Path[0] != "inputs" {
		return nil
	}
	key := moduleKey{kind, u.String()}
	m := b.modules[key]
	if m == nil {
		m = &Module{Kind: kind, State: External, Name: key.name, Group: inputsGroup, Label: inputLabel(u.Path[1:])}
		b.modules[key] = m
	}
	return m
}

// inputLabel names a module of an input without what they all have in their
// names.
func inputLabel(attrs []string) string {
	last := attrs[len(attrs)-1]
	if len(attrs) == 1 || last == "default" || last == attrs[0] {
		return attrs[0]
	}
	return attrs[0] + "." + last
}

// unused adds the modules that registries name and no host reaches.
func (b *builder) unused() {
	kinds := make(map[string]Kind) // by the entry
	var files []string
	for _, e := range b.model.Evaluations() {
		for _, r := range b.model.Registries(e) {
			for _, entry := range r.Entries {
				f := b.model.Repo.ModuleFile(entry.Target)
				if f == "" {
					continue
				}
				files = append(files, f)
				if kinds[f] == "" && e.User != "" || kindOfEntry(entry) == Home {
					kinds[f] = Home
				} else {
					kinds[f] = NixOS
				}
			}
		}
	}
	for _, f := range sortedSet(files) {
		if b.modules[moduleKey{NixOS, f}] == nil && b.modules[moduleKey{Home, f}] == nil && len(b.files[f]) == 0 {
			b.module(kinds[f], f, Unused)
		}
	}
}

// kindOfEntry tells home-manager modules in a registry from those of NixOS by
// their names.
func kindOfEntry(e repo.RegistryEntry) Kind {
	for _, part := range e.Key {
		switch strings.ToLower(part) {
		case "home", "homemodules", "homemanagermodules", "hm", "home-manager", "homemanager":
			return Home
		}
	}
	return NixOS
}

// findings adds what is unregistered, if it is wanted, and what leads nowhere.
func (b *builder) findings(ds []diagnostic.Diagnostic, unregistered bool) {
	for _, d := range ds {
		if d.Rule == "module-unregistered" {
			if unregistered {
				b.module(b.kindLike(d.File), d.File, Unregistered)
			}
			continue
		}
		hosts := b.files[d.File]
		if d.Severity == diagnostic.Error && slices.Contains(Rules, d.Rule) && (len(hosts) > 0 || unregistered) {
			b.unresolved(d, hosts)
		}
	}
}

// unresolved adds what a finding says leads nowhere.
func (b *builder) unresolved(d diagnostic.Diagnostic, hosts []*Host) {
	label := quoted(d.Message)
	i := slices.IndexFunc(b.graph.Unresolved, func(u *Unresolved) bool { return u.Label == label })
	if i < 0 {
		i = len(b.graph.Unresolved)
		b.graph.Unresolved = append(b.graph.Unresolved, &Unresolved{Label: label, Message: d.Message})
	}
	u := b.graph.Unresolved[i]
	if !slices.Contains(u.Files, d.File) {
		u.Files = append(u.Files, d.File)
	}
	for _, h := range b.graph.Hosts {
		if slices.Contains(hosts, h) && !slices.Contains(u.Hosts, h) {
			u.Hosts = append(u.Hosts, h)
		}
	}
}

// kindLike guesses the kind of a module from those around it.
func (b *builder) kindLike(file string) Kind {
	for dir := path.Dir(file); dir != "."; dir = path.Dir(dir) {
		var nixos, home int
		for key := range b.modules {
			if strings.HasPrefix(key.name, dir+"/") {
				if key.kind == Home {
					home++
				} else {
					nixos++
				}
			}
		}
		if nixos != home {
			if home > nixos {
				return Home
			}
			return NixOS
		}
	}
	return NixOS
}

// quoted returns the first piece of a message in backticks.
func quoted(message string) string {
	_, rest, _ := strings.Cut(message, "`")
	text, _, ok := strings.Cut(rest, "`")
	if !ok {
		return message
	}
	return text
}
