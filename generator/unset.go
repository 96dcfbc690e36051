package generator

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
)

// noteUnset notes which options the plan leaves to be set: those that its hosts
// did not have before. after is the repository with the plan.
func (p *Plan) noteUnset(before, after *repo.Model) {
	had := make(map[string]bool)
	for _, text := range unsetTexts(before) {
		had[text] = true
	}
	for _, text := range unsetTexts(after) {
		if !had[text] {
			p.Notes = append(p.Notes, text)
		}
	}
}

func unsetTexts(m *repo.Model) []string {
	var out []string
	for _, h := range m.Hosts {
		for _, o := range unset(m, h) {
			out = append(out, fmt.Sprintf("`%s` has no default: set it on `%s`", module.ShowOption(o.Path), h.Name))
		}
	}
	return out
}

// unset returns the options of a host that the repository's own modules declare
// without a default, and that nothing sets.
func unset(m *repo.Model, h *repo.Host) []*module.Option {
	if h == nil {
		return nil
	}
	var out []*module.Option
	e := h.System.Config
	for _, o := range e.Declared() {
		if len(o.Declarations) == 0 || !m.Own(o.Declarations[0].At.File.Path) {
			continue
		}
		if o.Attrs.Get("default") == nil && o.Attrs.Rest == nil && o.Attrs.Get("renamedTo") == nil && o.Attrs.Get("removed") == nil && len(e.Definitions(o.Path...)) == 0 {
			out = append(out, o)
		}
	}
	return out
}

// hostNamed returns the host of a name, or nil.
func hostNamed(m *repo.Model, name string) *repo.Host {
	for _, h := range m.Hosts {
		if h.Name == name {
			return h
		}
	}
	return nil
}
