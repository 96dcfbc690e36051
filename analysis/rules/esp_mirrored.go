package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
)

// mirroredBoots looks for the EFI system partitions that GRUB is to be installed to, each
// at its own place, and that disko does not mount there.
func (r *Repo) mirroredBoots(h *repo.Host) {
	defs, sure := r.Model.Definitions(h.System, "boot", "loader", "grub", "mirroredBoots")
	if !sure || len(defs) == 0 || h.System.Config.Hasty() {
		return
	}
	var mounts []string
	for _, d := range r.disks(h) {
		more, known := r.systemPartitions(d)
		if !known {
			return
		}
		for _, m := range more {
			mounts = append(mounts, path.Clean(m.text))
		}
	}
	if len(mounts) == 0 {
		return
	}
	ev := h.Evaluator()
	for _, d := range defs {
		list, ok := d.Value.(*eval.List)
		if !ok || list.More != nil || !d.Certain {
			continue
		}
		for _, e := range list.Elems {
			set, ok := ev.Force(e).(*eval.Attrs)
			if !ok {
				continue
			}
			want, ok := textIn(ev, set, "efiSysMountPoint")
			if !ok || slices.Contains(mounts, path.Clean(want.text)) || r.isMounted(h, path.Clean(want.text)) || !want.at.IsValid() || !r.Model.Own(want.at.File.Path) {
				continue
			}
			at := want.at
			if from := set.Get("efiSysMountPoint").Value.Origin().At(); from.IsValid() && r.Model.Own(from.File.Path) {
				at = from // where the text itself is written
			}
			r.Report(diagnostic.Diagnostic{
				File: r.Model.Rel(at.File), Span: at.Span(),
				Message: fmt.Sprintf("GRUB of `%s` is to be installed to %s, where no EFI system partition is mounted", h.Name, want.text),
				Help:    fmt.Sprintf("they are mounted at %s", strings.Join(mounts, ", ")),
			})
		}
	}
}
