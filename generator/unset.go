package generator

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
)

// Unset tells which options a plan leaves to be set: those of the repository's
// own modules that have no default, that nothing sets, and that the host did not
// have before. The models are those without and with the plan.
func Unset(before, after *repo.Model) []string {
	had := make(map[string]bool)
	for _, text := range unset(before) {
		had[text] = true
	}
	var out []string
	for _, text := range unset(after) {
		if !had[text] {
			out = append(out, text)
		}
	}
	return out
}

func unset(m *repo.Model) []string {
	var out []string
	for _, h := range m.Hosts {
		e := h.System.Config
		for _, o := range e.Declared() {
			if len(o.Declarations) == 0 || !m.Own(o.Declarations[0].At.File.Path) {
				continue
			}
			if o.Attrs.Get("default") == nil && o.Attrs.Rest == nil && o.Attrs.Get("renamedTo") == nil && o.Attrs.Get("removed") == nil && len(e.Definitions(o.Path...)) == 0 {
				out = append(out, fmt.Sprintf("`%s` has no default: set it on `%s`", module.ShowOption(o.Path), h.Name))
			}
		}
	}
	return out
}
