package rules

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
)

// diskPart is a set somewhere in what disko makes on a host: a disk, a partition, what is
// in it, a group of volumes.
type diskPart struct {
	path []string // below disko.devices
	set  *eval.Attrs
}

// diskParts returns all that disko certainly makes on a host, in the order of the
// definitions. known is false if there may be more.
func (r *Repo) diskParts(h *repo.Host) (parts []diskPart, known bool) {
	defs, known := r.Model.Definitions(h.System, "disko", "devices")
	for _, def := range defs {
		set, ok := def.Value.(*eval.Attrs)
		if !ok || !def.Certain {
			known = false
			continue
		}
		known = addParts(h.Evaluator(), &parts, diskPart{set: set}) && known
	}
	return parts, known && !h.System.Config.Hasty()
}

// addParts adds a part and what is in it. It returns false if there may be more.
func addParts(ev *eval.Evaluator, parts *[]diskPart, p diskPart) bool {
	if len(p.path) > maxLayoutDepth || p.set.Get("_type") != nil { // of mkIf, mkForce …
		return false
	}
	*parts = append(*parts, p)
	known := p.set.Rest == nil
	for _, a := range p.set.Entries {
		switch v := ev.Force(a.Value).(type) {
		case *eval.Attrs:
			known = addParts(ev, parts, diskPart{append(slices.Clip(p.path), a.Name), v}) && known
		case *eval.Unknown:
			known = false
		}
	}
	return known
}

// name is how a part is shown.
func (p diskPart) name() string { return strings.Join(p.path, ".") }

// isOptions reports whether a part is made of options of ZFS, which disko hands on as
// they are.
func (p diskPart) isOptions() bool {
	return len(p.path) > 0 && (p.path[len(p.path)-1] == "options" || p.path[len(p.path)-1] == "rootFsOptions")
}
