package generator

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// registered is a registry of modules of one kind: all entries whose keys
// begin with its prefix.
type registered struct {
	*repo.Registry
	prefix []string // of the keys: `modules.nixos` in the documented pattern
	folder string   // that its entries lie in
}

// registryFor finds the registry of modules for systems or homes. It returns
// nil if there is none.
func (d *draft) registryFor(home bool) *registered {
	var best *registered
	for _, h := range d.Model.Hosts {
		evaluations := []*repo.Evaluation{h.System}
		if home {
			evaluations = h.Homes
		}
		for _, e := range evaluations {
			for _, r := range d.Model.Registries(e) {
				prefix := kindPrefix(r, home)
				if prefix == nil {
					continue
				}
				found := &registered{Registry: r, prefix: prefix}
				found.folder = found.root()
				if found.folder != "" && (best == nil || len(found.Entries) > len(best.Entries)) {
					best = found
				}
			}
		}
	}
	return best
}

// kindPrefix returns the beginning of the keys that modules of a kind have in a
// registry: its name, and one more if the registry has modules of both kinds or
// a set of that kind. It returns nil if the registry has none of the kind.
func kindPrefix(r *repo.Registry, home bool) []string {
	own, other := []string{"nixos", "system", "host", "hosts"}, []string{"home", "home-manager", "homeManager", "hm", "user", "users"}
	if home {
		own, other = other, own
	}
	if strings.HasPrefix(r.Name, "self.") {
		if (r.Name == "self.nixosModules") == home {
			return nil
		}
		return []string{r.Name}
	}
	others := 0
	for _, e := range r.Entries {
		if len(e.Key) < 2 {
			continue
		}
		if slices.Contains(own, e.Key[1]) {
			return e.Key[:2]
		}
		if slices.Contains(other, e.Key[1]) {
			others++
		}
	}
	if others > 0 {
		return nil
	}
	return []string{r.Name}
}

// root returns the folder that the folders of categories lie in. The folder that
// all entries have in common is that of a category if there is only one.
func (r *registered) root() string {
	folder := r.Folder(r.prefix...)
	if r.isFlat() {
		// The files may have categories where the keys have none.
		if up := path.Dir(folder); up != "." && !slices.Contains([]string{"modules", "nixos", "home", "nixosModules", "homeModules"}, path.Base(folder)) {
			return up
		}
		return folder
	}
	for _, e := range r.entries() {
		categories := e.Key[len(r.prefix) : len(e.Key)-1]
		if len(categories) > 0 && path.Dir(e.Target) == folder && path.Base(folder) == categories[len(categories)-1] {
			if up := path.Dir(folder); up != "." {
				return up
			}
		}
	}
	return folder
}

// isFlat reports whether keys have no categories.
func (r *registered) isFlat() bool {
	return !slices.ContainsFunc(r.entries(), func(e repo.RegistryEntry) bool { return len(e.Key) > len(r.prefix)+1 })
}

// entries are those below the prefix.
func (r *registered) entries() []repo.RegistryEntry {
	var out []repo.RegistryEntry
	for _, e := range r.Entries {
		if len(e.Key) > len(r.prefix) && slices.Equal(e.Key[:len(r.prefix)], r.prefix) {
			out = append(out, e)
		}
	}
	return out
}

// kebabKeys reports whether keys are spelt as files are, `dual-boot`, and not
// `dualBoot`.
func (r *registered) kebabKeys() bool {
	for _, e := range r.entries() {
		if strings.Contains(e.Key[len(e.Key)-1], "-") {
			return true
		}
	}
	return false
}

// common counts the leading names that two keys share.
func common(a, b []string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// nearest returns the entry that shares most names with a key; of those, one
// that is a file in the same folder as the others rather than a folder.
func (r *registered) nearest(key []string) (best repo.RegistryEntry, ok bool) {
	score := -1
	for _, e := range r.entries() {
		s := 2 * common(e.Key, key)
		if len(e.Key) == len(key) && path.Ext(e.Target) == ".nix" {
			s++
		}
		if s > score && e.At.IsValid() && e.Value.IsValid() {
			best, score, ok = e, s, true
		}
	}
	return best, ok
}

// register adds a key for a file to the registry.
func (d *draft) register(r *registered, key []string, target string) error {
	if i := slices.IndexFunc(r.Entries, func(e repo.RegistryEntry) bool { return slices.Equal(e.Key, key) }); i >= 0 {
		if got := r.Entries[i].Target; got != target {
			return fmt.Errorf("`%s` is registered already, for %s", strings.Join(key, "."), got)
		}
		return nil
	}
	for _, e := range r.entries() {
		if n := common(e.Key, key); n == len(e.Key) || n == len(key) {
			return fmt.Errorf("`%s` cannot be registered beside `%s`", strings.Join(key, "."), e.Path())
		}
	}
	e, ok := r.nearest(key)
	if !ok {
		return fmt.Errorf("the registry `%s` is computed, and has no entry to go by", r.Name)
	}
	i := common(e.Key, key)
	if i == 0 {
		return fmt.Errorf("`%s` is outside of the registry `%s`", strings.Join(key, "."), r.Name)
	}
	// The name in the nearest entry's key from where on the new one differs.
	at, ok := d.nameAt(r, e, i)
	if !ok || !at.IsValid() || !at.Syntax().Parent().Is(parser.KindAttrPath) {
		return fmt.Errorf("the registry `%s` is computed, and cannot be edited", r.Name)
	}
	attrPath := at.Syntax().Parent()
	binding := attrPath.Parent()
	file := d.Model.Rel(at.File)
	value, ok := valueLike(e, target, file, d.Model.Rel(e.Value.File))
	if !ok {
		return fmt.Errorf("`%s` is registered in a way that cannot be repeated: `%s`", e.Path(), e.Value.Syntax().Text())
	}
	index := slices.Index(slices.Collect(attrPath.Children()), at.Syntax())
	before := names(attrPath)[:index]
	rest := key[i:]
	flat := index < attrPath.ChildCount()-1 // one path says more than the name
	text := strings.Join(append(slices.Clone(before), rest...), ".") + " = " + value + ";"
	if len(rest) > 1 && !flat {
		split, ok, err := d.newCategory(parser.Binding{Node: binding}, file, e, rest, target)
		if err != nil {
			return err
		}
		text = strings.Join(append(slices.Clone(before), rest[0]), ".") + " = { " + strings.Join(rest[1:], ".") + " = " + value + "; };"
		if ok {
			text = strings.Join(append(slices.Clone(before), rest[0]), ".") + " = " + split + ";"
		}
	}
	var siblings, leaves []sibling
	for _, b := range bindingsOf(binding.Parent()) {
		path := names(b.Path().Node)
		if len(path) <= index || !slices.Equal(path[:index], before) {
			continue
		}
		// A new category goes to the categories.
		s := sibling{b.Node, strings.Join(path[index:], ".")}
		if len(rest) > 1 && !flat && !parser.Unparen(b.Value()).Is(parser.KindAttrSet) {
			leaves = append(leaves, s)
			continue
		}
		siblings = append(siblings, s)
	}
	if len(siblings) == 0 {
		siblings = leaves
	}
	beside, isBefore := place(siblings, strings.Join(rest, "."))
	d.addEntry(file, beside, isBefore, text)
	return nil
}

// names returns the names of an attribute path as they are written.
func names(attrPath parser.Node) []string {
	var out []string
	for c := range attrPath.Children() {
		out = append(out, c.Text())
	}
	return out
}

// nameAt finds where the i-th name of an entry's key is defined.
func (d *draft) nameAt(r *registered, e repo.RegistryEntry, i int) (eval.Place, bool) {
	if i == len(e.Key)-1 {
		return e.At, true
	}
	set := r.Set
	ev := r.Evaluator()
	for j := 1; j <= i; j++ {
		a := set.Get(e.Key[j])
		if a == nil {
			return eval.Place{}, false
		}
		if j == i {
			return a.At, true
		}
		var ok bool
		if set, ok = ev.Force(a.Value).(*eval.Attrs); !ok {
			return eval.Place{}, false
		}
	}
	return eval.Place{}, false
}

// valueLike writes the value of a new entry as that of another is written. If it
// is to stand in another file, paths relative to the file are written anew.
func valueLike(e repo.RegistryEntry, target, file, from string) (string, bool) {
	n := e.Value.Syntax()
	for p := n.Parent(); p.IsValid() && p.Is(parser.KindParen); p = p.Parent() {
		n = p
	}
	if n.Is(parser.KindPath) || file != from {
		return relativePath(file, target), true
	}
	return replaceTail(n.Text(), e.Target, target)
}

// relativePath writes the path of a file as a literal in another.
func relativePath(from, target string) string {
	dir := path.Dir(from)
	up := ""
	for dir != "." && target != dir && !strings.HasPrefix(target, dir+"/") {
		dir = path.Dir(dir)
		up += "../"
	}
	rest := target
	if dir != "." {
		rest = strings.TrimPrefix(target, dir+"/")
	}
	if up == "" {
		up = "./"
	}
	return up + rest
}

// replaceTail replaces, in an expression that names a file by the end of its
// path, that file by another. ok is false if the expression does not.
func replaceTail(text, old, target string) (string, bool) {
	for at := 0; ; {
		tail := old[at:]
		if i := strings.LastIndex(text, tail); i >= 0 && (i == 0 || text[i-1] == '/') && strings.HasPrefix(target, old[:at]) {
			return text[:i] + target[at:] + text[i+len(tail):], true
		}
		next := strings.IndexByte(tail, '/')
		if next < 0 {
			return "", false
		}
		at += next + 1
	}
}
