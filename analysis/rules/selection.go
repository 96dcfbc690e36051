package rules

import "slices"

// Selection says which rules run.
type Selection struct {
	Select []string // names or groups; empty means the recommended ones
	Ignore []string // names or groups
}

// Has reports whether a rule is selected. Syntax errors are always reported.
func (s Selection) Has(r *Rule) bool {
	named := func(list []string) bool {
		return slices.Contains(list, r.Name) || slices.Contains(list, r.Group) || slices.Contains(list, "all")
	}
	switch {
	case r == syntax:
		return true
	case named(s.Ignore):
		return false
	case len(s.Select) > 0:
		return named(s.Select)
	}
	return r.Default
}
