package generator

import (
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// Host describes a host to be made.
type Host struct {
	Name    string
	Users   []string // accounts that the repository has
	Modules []string // keys of the registry, its own name and that of the kind may be left out
	System  string   // such as x86_64-linux, which is the default
	Disk    string   // the drive that disko is to format; may be empty
}

// Host plans a host: its folder, and its entry beside those of the others.
func (g *Generator) Host(q Host) (*Plan, error) {
	d := g.draft()
	if err := checkHostName(q.Name); err != nil {
		return nil, err
	}
	for _, u := range q.Users {
		if known := d.Users(); !slices.Contains(known, u) {
			return nil, unknownName("user", u, known)
		}
	}
	if q.System != "" {
		if err := checkSystem(q.System); err != nil {
			return nil, err
		}
	}
	if q.Disk != "" {
		if err := checkDisk(q.Disk); err != nil {
			return nil, err
		}
	}
	like, file := d.exampleHost()
	if like == nil {
		return nil, fmt.Errorf("there is no host to go by: the flake has none with a folder or file of its name that can be evaluated")
	}
	target := renamedText(file, like.Name, q.Name)
	for _, h := range d.Model.Hosts {
		if h.Name == q.Name && d.hostFile(h) != "" {
			target = d.hostFile(h)
		}
	}
	if err := d.hostFiles(q, like, file, target); err != nil {
		return nil, err
	}
	if err := d.buildHost(q); err != nil {
		return nil, err
	}
	return d.finish()
}

// exampleHost returns a host with a file of its own, one in a folder if there
// is any.
func (d *draft) exampleHost() (like *repo.Host, file string) {
	for _, h := range d.Model.Hosts {
		f := d.hostFile(h)
		inFolder := path.Base(path.Dir(f)) == h.Name
		if f != "" && (like == nil || inFolder && path.Base(path.Dir(file)) != like.Name) && renamedText(f, h.Name, "") != f {
			like, file = h, f
		}
	}
	return like, file
}

// hostFiles makes the files of a new host.
func (d *draft) hostFiles(q Host, like *repo.Host, file, target string) error {
	var imports [][]string
	formals := make(map[string]bool)
	inFolder := path.Base(path.Dir(target)) == q.Name
	if inFolder && d.Model.Repo.Entry(path.Join(path.Dir(file), "disko.nix")) == repo.FileEntry {
		disk := q.Disk
		if disk == "" {
			disk = "/dev/nvme0n1"
			if d.Model.Repo.Entry(path.Join(path.Dir(target), "disko.nix")) == repo.NoEntry {
				d.note("the disk is taken to be %s: --disk names another", disk)
			}
		}
		text, err := d.fill("disko.nix", map[string]any{"Name": q.Name, "Disk": quote(disk)})
		if err != nil {
			return err
		}
		if err := d.create(path.Join(path.Dir(target), "disko.nix"), text); err != nil {
			return err
		}
		imports = append(imports, []string{"./disko.nix"})
	}
	modules, err := d.modulesNamed(q.Modules)
	if err != nil {
		return err
	}
	options := make(tree)
	category := ""
	for _, e := range modules {
		text, formal := d.keyText(like.System, e.Key)
		formals[formal] = true
		if c := strings.Join(e.Key[:len(e.Key)-1], "."); c != category || len(imports) == 0 {
			imports, category = append(imports, nil), c
		}
		imports[len(imports)-1] = append(imports[len(imports)-1], text)
		if enable := enableOption(d.Model.Repo, e.Target); enable != nil {
			options.set(enable, "true")
		}
	}
	settings := options.bindings()
	system := q.System
	if system == "" {
		system = "x86_64-linux"
	}
	for _, s := range []struct {
		path  []string
		value string // that of the example if it is empty
	}{
		{[]string{"networking", "hostName"}, quote(q.Name)},
		{[]string{"nixpkgs", "hostPlatform"}, quote(system)},
		{[]string{"system", "stateVersion"}, ""},
	} {
		value, ok := d.ownDefinition(like.System, path.Dir(file), s.path)
		if s.value == "" {
			s.value = quote(value)
		}
		if ok {
			settings = append(settings, strings.Join(s.path, ".")+" = "+s.value+";")
		}
	}
	list := []string{}
	for f := range formals {
		list = append(list, f)
	}
	slices.Sort(list)
	if len(list) > 0 {
		list = append(list, "...")
	}
	text, err := d.fill("host.nix", map[string]any{
		"Name": q.Name, "Formals": strings.Join(list, ", "), "Imports": imports, "Settings": settings,
	})
	if err != nil {
		return err
	}
	return d.create(target, text)
}

// buildHost adds a host to those that the flake builds, as the one that is built
// in the shortest way.
func (d *draft) buildHost(q Host) error {
	all := d.builtHosts()
	if slices.ContainsFunc(d.Model.Hosts, func(h *repo.Host) bool { return h.Name == q.Name }) {
		return nil
	}
	if len(all) == 0 {
		if d.Model.Hosts[0].At.IsValid() {
			d.note("hosts are computed in %s: see that `%s` is among them", d.Model.Name(d.Model.Hosts[0].At.File.Path), q.Name)
		}
		return nil // found by their folder
	}
	best := all[0]
	for _, b := range all {
		if len(b.binding.Text()) < len(best.binding.Text()) {
			best = b
		}
	}
	if len(q.Users) > 0 && !slices.ContainsFunc(all, func(b built) bool { _, ok := b.users(); return ok }) {
		d.note("how a host gets its users could not be found out: add %s by hand", strings.Join(q.Users, ", "))
	}
	var siblings []sibling
	for _, b := range all {
		if b.binding.Parent() == best.binding.Parent() {
			siblings = append(siblings, sibling{b.binding.Node, b.host.Name})
		}
	}
	slices.SortFunc(siblings, func(a, b sibling) int { return int(a.node.Span().Start) - int(b.node.Span().Start) })
	beside, before := place(siblings, q.Name)
	text := best.like(all, q.Name, q.System, q.Users)
	// Entries of several lines stand apart if the others do.
	src := beside.Tree().Source()
	if len(siblings) > 1 && strings.Contains(src[siblings[0].node.Span().End:siblings[1].node.Span().Start], "\n\n") {
		if before {
			text += "\n"
		} else {
			text = "\n" + text
		}
	}
	d.addEntry(best.file, beside, before, text)
	return nil
}

// Users returns the accounts that some host has a home for, and those registered beside
// them.
func (g *Generator) Users() []string {
	d := g.draft()
	var out []string
	for _, h := range d.Model.Hosts {
		for _, e := range h.Homes {
			out = append(out, e.User)
		}
	}
	// No host may have an account yet.
	if like, ok := d.exampleUser(); ok {
		for _, f := range d.Model.Repo.Files {
			for _, ref := range f.References() {
				name := path.Base(ref.Target)
				p := ref.Node.Parent()
				if path.Dir(ref.Target) != path.Dir(like.folder) || !p.Is(parser.KindBinding) {
					continue
				}
				if own := names(parser.Binding{Node: p}.Path().Node); own[len(own)-1] == name {
					out = append(out, name)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// modulesNamed finds entries of the registry by their keys and sorts them by
// category, in the order in which the registry has them.
func (d *draft) modulesNamed(names []string) ([]repo.RegistryEntry, error) {
	if len(names) == 0 {
		return nil, nil
	}
	reg := d.registryFor(false)
	if reg == nil {
		return nil, fmt.Errorf("the repository has no registry of modules to take `%s` from", names[0])
	}
	var known []string
	for _, e := range reg.entries() {
		known = append(known, strings.Join(e.Key[len(reg.prefix):], "."))
	}
	var out []repo.RegistryEntry
	for _, name := range names {
		short := strings.TrimPrefix(name, strings.Join(reg.prefix, ".")+".")
		i := slices.Index(known, short)
		if i < 0 {
			return nil, unknownName("module", short, known)
		}
		if e := reg.entries()[i]; !slices.ContainsFunc(out, func(o repo.RegistryEntry) bool { return o.Path() == e.Path() }) {
			out = append(out, e)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Path() < out[j].Path() })
	return out, nil
}

// keyText writes the key of a module as modules of an evaluation can, and says
// which argument they need for it.
func (d *draft) keyText(e *repo.Evaluation, key []string) (text, formal string) {
	text = strings.Join(key, ".")
	formal, _, _ = strings.Cut(text, ".")
	if formal == "self" && e.Args.Get("self") == nil && e.Args.Get("inputs") != nil {
		return "inputs." + text, "inputs"
	}
	return text, formal
}

// isGiven reports whether modules of an evaluation get the argument that the key
// of a module begins with.
func (d *draft) isGiven(e *repo.Evaluation, key []string) bool {
	_, formal := d.keyText(e, key)
	for _, h := range d.Model.Hosts {
		if h.System == e || slices.Contains(h.Homes, e) {
			return d.Model.Arguments(h, e).Has(formal)
		}
	}
	return true
}

// ownDefinition returns what the files in a host's own folder set an option to,
// if they do and it is a string.
func (d *draft) ownDefinition(e *repo.Evaluation, folder string, option []string) (string, bool) {
	defs, _ := d.Model.Definitions(e, option...)
	for _, def := range defs {
		if strings.HasPrefix(def.Module.File, folder+"/") {
			if s, ok := def.Value.(eval.String); ok {
				return string(s), true
			}
		}
	}
	return "", false
}

// enableOption returns the path of the option that switches a module on, if the
// module declares one.
func enableOption(r *repo.Repo, target string) []string {
	f := r.File(r.ModuleFile(target))
	if f == nil {
		return nil
	}
	set, ok := moduleSet(f.Tree.Expr())
	if !ok {
		return nil
	}
	for _, b := range bindingsOf(set) {
		names, ok := b.Path().Static()
		if !ok || len(names) < 2 || names[0] != "options" {
			continue
		}
		if names[len(names)-1] == "enable" {
			return names[1:]
		}
		if v := parser.Unparen(b.Value()); v.Is(parser.KindAttrSet) {
			if _, ok := bindingAt(v, "enable"); ok {
				return append(names[1:], "enable")
			}
		}
	}
	return nil
}
