package generator

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// Module describes a module to be made.
type Module struct {
	Home     bool   // for home-manager, else for NixOS
	Name     string // its category, which may be of several parts, and feature, with slashes between them
	ImportIn string // the host, or the user if Home is set, that imports it; may be empty
	// Options are further options, each NAME:TYPE or NAME:TYPE=DEFAULT.
	Options []string
}

// option is what the template of a module gets of one option.
type option struct{ Name, Type, Default, Description string }

// Module plans a module: its file, its key in the registry and its import.
func (g *Generator) Module(m Module) (*Plan, error) {
	d := g.draft()
	parts := strings.Split(m.Name, "/")
	categories, feature := parts[:len(parts)-1], parts[len(parts)-1]
	if len(categories) == 0 {
		return nil, fmt.Errorf("`%s` has no category: name the module as CATEGORY/FEATURE, such as services/backup", shown(m.Name))
	}
	for _, name := range parts {
		if err := checkName("a module", name); err != nil {
			return nil, err
		}
	}
	options, pkgs, err := parseOptions(m.Options)
	if err != nil {
		return nil, err
	}
	if categories[0], err = d.category(categories[0], m.Home); err != nil {
		return nil, err
	}
	reg := d.registryFor(m.Home)
	folder := d.moduleFolder(reg, m.Home)
	var key []string
	dir := path.Join(folder, path.Join(categories...))
	if reg != nil {
		name := feature
		if !reg.kebabKeys() {
			name = Camel(feature)
		}
		key = slices.Concat(reg.prefix, categories, []string{name})
		if reg.isFlat() {
			key = append(slices.Clone(reg.prefix), name)
		} else if f := reg.Folder(slices.Concat(reg.prefix, categories)...); f != "" {
			dir = f
		}
	}
	target := path.Join(dir, Kebab(feature)+".nix")
	text, err := d.fill("module.nix", map[string]any{
		"Option":  strings.Join(slices.Concat(d.optionRoot(folder), categories, []string{Camel(feature)}), "."),
		"Options": options, "Pkgs": pkgs,
		"Home": m.Home, "File": Kebab(feature),
		"Description": strings.ReplaceAll(Kebab(feature), "-", " "),
	})
	if err != nil {
		return nil, err
	}
	if err := d.hasRoom(target); err != nil {
		return nil, err
	}
	if f := path.Join(dir, Kebab(feature)); d.Model.Repo.ModuleFile(f) != "" {
		return nil, fmt.Errorf("there is a module `%s` already, in %s", m.Name, d.Model.Repo.ModuleFile(f))
	}
	if err := d.create(target, text); err != nil {
		return nil, err
	}
	if reg != nil {
		if err := d.register(reg, key, target); err != nil {
			return nil, err
		}
	} else if m.ImportIn == "" {
		d.aggregate(dir, folder, target)
	}
	if m.ImportIn != "" {
		e, file, err := d.importer(m.ImportIn, m.Home)
		if err != nil {
			return nil, err
		}
		if err := d.importModule(e, file, key, target); err != nil {
			return nil, err
		}
	}
	return d.finish()
}

// importer finds who is to import a module: a host, or a user's home.
func (d *draft) importer(name string, home bool) (*repo.Evaluation, string, error) {
	if !home {
		h, err := d.host(name)
		if err != nil {
			return nil, "", err
		}
		if f := d.hostFile(h); f != "" {
			return h.System, f, nil
		}
		return nil, "", fmt.Errorf("the host `%s` has no file of its own that could import a module", name)
	}
	var known []string
	for _, h := range d.Model.Hosts {
		for _, e := range h.Homes {
			if e.User != name {
				known = append(known, e.User)
				continue
			}
			if f := d.homeFile(e); f != "" {
				return e, f, nil
			}
			return nil, "", fmt.Errorf("the user `%s` has no file at home that could import a module", name)
		}
	}
	slices.Sort(known)
	return nil, "", unknownName("user", name, slices.Compact(known))
}

// homeFile returns the file that speaks of one user's home alone: the first
// below a folder, or with a name, that is the user's, which gives a set.
func (d *draft) homeFile(e *repo.Evaluation) string {
	system := make(map[string]bool)
	for _, h := range d.Model.Hosts {
		for _, f := range h.System.Files() {
			system[f] = true
		}
	}
	best := ""
	for _, f := range e.Files() {
		parts := strings.Split(strings.TrimSuffix(f, ".nix"), "/")
		if !slices.Contains(parts, e.User) || system[f] {
			continue
		}
		if best == "" || strings.Count(f, "/") < strings.Count(best, "/") || path.Base(f) == "default.nix" && path.Dir(f) == path.Dir(best) {
			best = f
		}
	}
	if best != "" {
		return best
	}
	// A home that is a mere set, imported, stands nowhere by itself.
	for _, f := range d.Model.Repo.Files {
		for _, ref := range f.References() {
			b := ref.Node.Parent()
			for b.IsValid() && !b.Is(parser.KindBinding) {
				b = b.Parent()
			}
			if !b.IsValid() || path.Base(path.Dir(f.Path)) != e.User {
				continue
			}
			if names, ok := (parser.Binding{Node: b}).Path().Static(); ok && slices.Contains(names, "home-manager") && slices.Contains(names, e.User) {
				return d.Model.Repo.ModuleFile(ref.Target)
			}
		}
	}
	return ""
}

// category spells a category as the registry does.
func (d *draft) category(name string, home bool) (string, error) {
	reg := d.registryFor(home)
	if reg == nil {
		return name, nil
	}
	for _, e := range reg.entries() {
		have := e.Key[len(reg.prefix)]
		if !reg.isFlat() && len(e.Key) == len(reg.prefix)+1 && have == name {
			return "", fmt.Errorf("`%s` is a module, no category: %s", e.Path(), e.Target)
		}
		if have == Camel(name) {
			return have, nil
		}
	}
	return name, nil
}

// moduleFolder returns the folder of the modules of a kind: that of the
// registry, or that which imported modules lie in.
func (d *draft) moduleFolder(reg *registered, home bool) string {
	if reg != nil {
		return reg.folder
	}
	choices := []string{"modules/nixos", "modules/system", "nixosModules", "modules"}
	if home {
		choices = []string{"modules/home", "modules/home-manager", "homeModules", "home/modules", "home-modules"}
	}
	for _, dir := range choices {
		if d.Model.Repo.Entry(dir) == repo.DirEntry {
			return dir
		}
	}
	return choices[0]
}

// optionRoot returns the names that come before category and feature in the
// options of modules in a folder: those that most of its files have, `modules`
// if there is none.
func (d *draft) optionRoot(folder string) []string {
	count := make(map[string]int)
	best := "modules"
	for _, f := range d.Model.Repo.Files {
		rest, ok := strings.CutPrefix(f.Path, folder+"/")
		if !ok {
			continue
		}
		set, ok := moduleSet(f.Tree.Expr())
		if !ok {
			continue
		}
		for _, b := range bindingsOf(set) {
			names, ok := b.Path().Static()
			if !ok || len(names) < 3 || names[0] != "options" {
				continue
			}
			if i := slices.Index(names[1:], strings.Split(rest, "/")[0]); i > 0 {
				root := strings.Join(names[1:1+i], ".")
				if count[root]++; count[root] > count[best] {
					best = root
				}
			}
		}
	}
	return strings.Split(best, ".")
}

// aggregate imports a module into the default.nix of its folder, or that of the
// folder of all modules, if there is one that imports others.
func (d *draft) aggregate(dir, folder, target string) {
	for _, in := range []string{dir, folder} {
		f := d.Model.Repo.File(path.Join(in, "default.nix"))
		if f == nil {
			continue
		}
		set, ok := moduleSet(f.Tree.Expr())
		if !ok {
			continue
		}
		imports, ok := bindingAt(set, "imports")
		if !ok {
			continue
		}
		list := lastList(imports.Value())
		if !list.IsValid() {
			continue
		}
		d.addPath(f.Path, list, target)
		return
	}
	d.note("nothing imports %s yet: run this again with --import-in, or import it where it is needed", target)
}

// addPath adds a path to a list of paths, in order if it is sorted.
func (d *draft) addPath(file string, list parser.Node, target string) {
	text := relativePath(file, target)
	var paths []sibling
	for c := range list.Children() {
		if c.Is(parser.KindPath) {
			paths = append(paths, sibling{c, c.Text()})
		}
	}
	if len(paths) == 0 {
		d.addFirst(file, list, text)
		return
	}
	beside, before := place(paths, text)
	d.addEntry(file, beside, before, text)
}

// optionTypes are the types that options can be asked for by name.
var optionTypes = map[string]string{
	"bool": "lib.types.bool", "str": "lib.types.str", "int": "lib.types.int", "float": "lib.types.float", "path": "lib.types.path",
	"port": "lib.types.port", "lines": "lib.types.lines", "package": "lib.types.package",
	"list": "lib.types.listOf lib.types.str", "attrs": "lib.types.attrsOf lib.types.str",
}

// parseOptions reads NAME:TYPE=DEFAULT. pkgs is set if a default needs packages.
func parseOptions(texts []string) (out []option, pkgs bool, err error) {
	for _, text := range texts {
		decl, value, _ := strings.Cut(text, "=")
		name, typ, ok := strings.Cut(decl, ":")
		if !ok {
			return nil, false, fmt.Errorf("`%s` is no option: write NAME:TYPE or NAME:TYPE=DEFAULT", shown(text))
		}
		if err := checkName("an option", name); err != nil {
			return nil, false, err
		}
		if name == "enable" || slices.ContainsFunc(out, func(o option) bool { return o.Name == name }) {
			return nil, false, fmt.Errorf("the option `%s` is there already", name)
		}
		nix, ok := optionTypes[typ]
		if !ok {
			var known []string
			for t := range optionTypes {
				known = append(known, t)
			}
			slices.Sort(known)
			return nil, false, fmt.Errorf("`%s` is no type for an option: it is one of %s", typ, strings.Join(known, ", "))
		}
		if value, err = defaultOf(typ, value); err != nil {
			return nil, false, fmt.Errorf("option `%s`: %w", name, err)
		}
		pkgs = pkgs || strings.HasPrefix(value, "pkgs.")
		out = append(out, option{name, nix, value, "What this option does."})
	}
	return out, pkgs, nil
}

// defaultOf returns a default as a Nix expression: text stands for itself where
// the type is one of text.
func defaultOf(typ, value string) (string, error) {
	switch {
	case value == "":
		return "", nil
	case (typ == "str" || typ == "lines") && !strings.HasPrefix(value, `"`):
		return quote(value), nil
	}
	tree := parser.Parse(value)
	if len(tree.Errors()) > 0 {
		return "", errors.New("its default is no Nix expression")
	}
	return tree.Expr().Text(), nil
}

// quote writes a text as a string of Nix.
func quote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "${", `\${`, "\n", `\n`, "\t", `\t`, "\r", `\r`).Replace(text) + `"`
}
