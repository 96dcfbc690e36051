package graph

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/repo"
)

// names gives modules their groups and labels. A registered module's are its
// key in the registry: what stands before the last name is the group. Other
// modules in the folder of a group belong to it, too; what remains is grouped
// by folder.
type names struct {
	keys    map[string][]string // of registered files, the argument's name first
	folders map[string]string   // the group that the modules in a folder have
	bases   []string            // the folders of whole registries, longest first
	below   map[string]int      // how many modules there are in a folder and those in it
}

func newNames(m *repo.Model, modules map[moduleKey]*Module) *names {
	n := &names{keys: make(map[string][]string), folders: make(map[string]string), below: make(map[string]int)}
	for key := range modules {
		for dir := path.Dir(key.name); dir != "."; dir = path.Dir(dir) {
			n.below[dir]++
		}
	}
	for _, e := range m.Evaluations() {
		for _, r := range m.Registries(e) {
			for _, a := range r.Set.Entries {
				n.addBase(r.Folder(r.Name, a.Name))
			}
			for _, entry := range r.Entries {
				f := m.Repo.ModuleFile(entry.Target)
				if f != "" && (n.keys[f] == nil || len(entry.Key) < len(n.keys[f])) {
					n.keys[f] = entry.Key
				}
			}
		}
	}
	var files []string
	for f := range n.keys {
		files = append(files, f)
	}
	slices.Sort(files)
	for _, f := range files {
		dir := path.Dir(f)
		if group, _ := n.split(n.keys[f]); n.folders[dir] == "" && dir != "." {
			n.folders[dir] = group
		}
	}
	return n
}

// addBase notes the folder of a registry.
func (n *names) addBase(folder string) {
	if folder == "" || slices.Contains(n.bases, folder) {
		return
	}
	n.bases = append(n.bases, folder)
	slices.SortFunc(n.bases, func(a, b string) int {
		return cmp.Or(len(b)-len(a), strings.Compare(a, b))
	})
}

// split makes a group and a label of a key in a registry. The argument's name,
// and the word that tells modules of NixOS from others, say nothing.
func (n *names) split(key []string) (group, label string) {
	key = key[1:]
	label = key[len(key)-1]
	key = key[:len(key)-1]
	if len(key) > 0 {
		switch strings.ToLower(key[0]) {
		case "nixos", "home", "system", "nixosmodules", "homemodules", "hm", "home-manager":
			key = key[1:]
		}
	}
	if label == "default" && len(key) > 0 {
		label = key[len(key)-1]
	}
	if len(key) == 0 {
		return generalGroup, label
	}
	return strings.Join(key, "."), label
}

// inputsGroup is the group of the modules of inputs.
const inputsGroup = "inputs"

// generalGroup is the group of modules that have no other.
const generalGroup = "general"

func (n *names) name(m *Module) {
	if m.State == External {
		return
	}
	if key := n.keys[m.File]; key != nil {
		m.Name = strings.Join(key, ".")
		m.Group, m.Label = n.split(key)
		return
	}
	dir := path.Dir(m.File)
	m.Label = strings.TrimSuffix(path.Base(m.File), ".nix")
	if m.Label == "default" && dir != "." {
		m.Label = path.Base(dir)
		if n.below[dir] == 1 { // it is all there is
			dir = path.Dir(dir)
		}
	}
	for d := dir; d != "."; d = path.Dir(d) {
		if g := n.folders[d]; g != "" {
			m.Group = g
			return
		}
	}
	for _, base := range n.bases {
		if rest, ok := strings.CutPrefix(dir, base+"/"); ok {
			m.Group = rest
			return
		}
	}
	if m.Group = dir; dir == "." || slices.Contains(n.bases, dir) {
		m.Group = generalGroup
	}
}

// stripCommon takes the folder that all groups of a kind lie in off their
// names, if no module of that kind is registered.
func stripCommon(modules []*Module, kind Kind) {
	common := ""
	named := func(m *Module) bool {
		return m.Kind == kind && m.Group != inputsGroup && m.Group != generalGroup
	}
	for _, m := range modules {
		if !named(m) {
			continue
		}
		if m.Name != "" {
			return
		}
		first, _, _ := strings.Cut(m.Group, "/")
		if common != "" && first != common {
			return
		}
		common = first
	}
	for _, m := range modules {
		if !named(m) {
			continue
		}
		if _, rest, ok := strings.Cut(m.Group, "/"); ok {
			m.Group = rest
		} else {
			m.Group = generalGroup
		}
	}
}
