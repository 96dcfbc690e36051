package generator

import (
	"fmt"
	"strings"
)

// Register plans that a file gets a key in the registry of which the key begins with the name.
func (g *Generator) Register(key []string, file string) (*Plan, error) {
	d := g.draft()
	var best *registered
	most := 0
	for _, e := range d.Model.Evaluations() {
		for _, r := range d.Model.Registries(e) {
			for _, entry := range r.Entries {
				if n := common(entry.Key, key); n > most {
					best, most = &registered{Registry: r, prefix: key[:1]}, n
				}
			}
		}
	}
	if best == nil {
		return nil, fmt.Errorf("no registry has keys such as `%s`", strings.Join(key, "."))
	}
	if d.Model.Repo.ModuleFile(file) == "" {
		return nil, fmt.Errorf("%s is no module of the repository", file)
	}
	if err := d.register(best, key, strings.TrimSuffix(file, "/default.nix")); err != nil {
		return nil, err
	}
	return d.finish()
}
