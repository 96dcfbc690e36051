package config

import (
	"slices"
	"testing"
)

func TestOptionPath(t *testing.T) {
	for name, want := range map[OptionPath][]string{
		"vms":                    {"vms"},
		"virtualisation.vms":     {"virtualisation", "vms"},
		`my."lab.example".boxes`: {"my", "lab.example", "boxes"},
		`"a b".c`:                {"a b", "c"},
		"":                       nil,
		".":                      nil,
		"a.":                     nil,
		"a..b":                   nil,
		`a."b`:                   nil,
		`a."b"c`:                 nil,
		`a.b"c"`:                 nil,
		"a b":                    nil,
		`""`:                     nil,
		"über.machine-1.x_2.'y'": {"über", "machine-1", "x_2", "'y'"},
		`services."a".instances`: {"services", "a", "instances"},
	} {
		if got := name.Split(); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
