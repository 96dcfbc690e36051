package rules

import (
	"slices"
	"testing"

	"github.com/nixlint/nixlint/vfio"
)

// Every check belongs to one rule, and every rule of checks to the group vfio.
func TestHardwareChecks(t *testing.T) {
	rules := make(map[string]string)
	for rule, checks := range hardwareChecks {
		r := ByName(rule)
		if r == nil || r.Group != "vfio" || !r.OnMachine {
			t.Errorf("%s is no rule of the group vfio", rule)
			continue
		}
		for _, c := range checks {
			if rules[c] != "" {
				t.Errorf("%s belongs to %s and to %s", c, rules[c], rule)
			}
			rules[c] = rule
			i := slices.IndexFunc(vfio.Checks(), func(x vfio.Check) bool { return x.Name == c })
			if i < 0 {
				t.Errorf("%s: there is no check %s", rule, c)
			} else if severities[vfio.Checks()[i].Severity] > r.Severity {
				t.Errorf("%s is milder than its check %s", rule, c)
			}
		}
	}
	for _, c := range vfio.Checks() {
		if rules[c.Name] == "" {
			t.Errorf("no rule makes the check %s", c.Name)
		}
	}
}

func TestChanged(t *testing.T) {
	for _, c := range []struct{ old, value, from, to string }{
		{"vfio-pci.ids=10de:2782,10de:22e9", "vfio-pci.ids=10de:2c05,10de:22e9", "10de:2782", "10de:2c05"},
		{"vfio-pci.ids=10de:2c05, 10de:22e9", "vfio-pci.ids=10de:2c05,10de:22e9", " 10de:22e9", "10de:22e9"},
		{"PCI:0d:0:0", "PCI:13:0:0", "PCI:0d:0:0", "PCI:13:0:0"},
		{"a", "a", "a", "a"},
		{"", "x", "", "x"},
		{"aa", "a", "aa", "a"},
	} {
		if from, to := changed(c.old, c.value); from != c.from || to != c.to {
			t.Errorf("%q, %q: %q, %q", c.old, c.value, from, to)
		}
	}
}
