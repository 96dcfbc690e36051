package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/repo"
)

// known are the names that a choice of rules may have.
type known struct {
	names []string // rules, groups and "all"
}

func newKnown(rules []Rule) *known {
	k := &known{names: []string{allRules, UserGroup}}
	for _, r := range rules {
		for _, name := range []string{r.Name, r.Group} {
			if !slices.Contains(k.names, name) {
				k.names = append(k.names, name)
			}
		}
	}
	return k
}

// fault says what is wrong with a name in a choice; "" if nothing is.
func (k *known) fault(name string) string {
	switch {
	case slices.Contains(k.names, name):
		return ""
	case slices.Contains(Preset("").values(), name):
		return fmt.Sprintf("`%s` is a preset, not a rule: write `preset = \"%s\"` in `[check]`", name, name)
	}
	if near := repo.Nearest(strings.ReplaceAll(name, "_", "-"), k.names); near != "" {
		return fmt.Sprintf("unknown rule `%s`: did you mean `%s`?", name, near)
	}
	return fmt.Sprintf("unknown rule `%s`: `nixlint rules` lists them", name)
}

// checkNames looks for names in a file of settings that are of no rule, and for
// rules of the user's that have a name already.
func (k *known) checkNames(file string, f *File) Errors {
	var errs Errors
	fail := func(at Pos, message string) {
		if message != "" {
			errs = append(errs, &Error{file, at, message})
		}
	}
	for _, r := range f.Rules {
		if !r.Name.IsSet() {
			continue
		}
		name := string(r.Name.Value)
		if slices.Contains(k.names, name) {
			fail(r.Name.At, fmt.Sprintf("there is a rule or a group `%s` already", name))
			continue
		}
		k.names = append(k.names, name)
	}
	choice := func(c Choice) {
		for _, n := range slices.Concat(c.Select, c.ExtendSelect, c.Ignore) {
			if n.IsSet() {
				fail(n.At, k.fault(string(n.Value)))
			}
		}
		for _, n := range c.Ignore {
			if n.Value == syntaxRule {
				fail(n.At, syntaxStays)
			}
		}
		for _, l := range c.Severity {
			fail(l.Key.At, k.fault(l.Key.Value))
			if l.Key.Value == syntaxRule {
				fail(l.Key.At, syntaxStays)
			}
		}
	}
	choice(f.Check.Choice)
	for _, p := range f.Check.PerFile {
		choice(p.Value)
		if fault := Glob(p.Key.Value).fault(); fault != "" {
			fail(p.Key.At, fmt.Sprintf("`%s` %s", p.Key.Value, fault))
		}
	}
	if f.Check.Preset.IsSet() && f.Check.Select != nil {
		fail(f.Check.Preset.At, "`preset` and `select` both say what to begin with: write `extend-select` to add to a preset")
	}
	return errs
}

const syntaxStays = "syntax errors are always reported, as errors"

// checkRootOnly looks for settings that are about the repository as a whole in
// a file that is not in its root.
func checkRootOnly(file string, f *File) Errors {
	var errs Errors
	add := func(set bool, key string, at Pos) {
		if set {
			errs = append(errs, &Error{file, at, fmt.Sprintf("`%s` is about the whole repository: it belongs in the %s in its root", key, FileName)})
		}
	}
	add(f.Check.Baseline.IsSet(), "check.baseline", f.Check.Baseline.At)
	if f.Repo.Reachable != nil {
		at := Pos{1, 1}
		if len(f.Repo.Reachable) > 0 {
			at = f.Repo.Reachable[0].At
		}
		add(true, "repo.reachable", at)
	}
	for _, h := range f.Hosts {
		add(true, "hosts", h.Key.At)
	}
	for _, g := range f.VFIO.Guests {
		add(true, "vfio.guests", g.At)
	}
	add(f.VFIO.MaxAge.IsSet(), "vfio.max-age", f.VFIO.MaxAge.At)
	for _, i := range f.Inputs {
		add(true, "inputs", i.Key.At)
	}
	return errs
}
